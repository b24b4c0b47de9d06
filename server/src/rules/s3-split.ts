/** Fixes that add one of the resources into which Terraform's provider splits a bucket. */

import type { Data } from '../syntax/edit.ts';
import { providerMajorVersion } from '../terraform/provider.ts';
import { addTerraformResource, nameOf, terraformReference } from './fixes.ts';
import type { FixMaker } from './rule.ts';

/** The provider's first version with a resource of its own for each setting of a bucket. */
const FIRST_SPLIT = 4;

/** A fix that adds such a resource with the given settings to the bucket that lacks it. */
export function addSplit(type: string, title: string, settings: Readonly<Record<string, Data>>, safe = true): FixMaker {
  return ({ resource: bucket }) => {
    if ((providerMajorVersion(bucket.template) ?? FIRST_SPLIT) < FIRST_SPLIT) return undefined;
    const data = { bucket: terraformReference(bucket, 'id'), ...settings };
    const edits = addTerraformResource(bucket, type, nameOf(bucket), data);
    return edits && { title, safe, edits };
  };
}
