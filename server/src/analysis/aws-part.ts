/** What AWS does by itself at a resource: the same for hovers, the map and reports. */

import { type AwsDefault, awsDefaultsOf } from '../responsibility/aws-defaults.ts';
import { mayHold } from '../responsibility/services.ts';
import { companionProperty, companions } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';

/** Terraform's own AWS provider sends values of its own; its Cloud Control provider leaves out what is left out. */
export function isOfTerraform(resource: Resource): boolean {
  return resource.template.dialect.startsWith('terraform') && !resource.isMirrored;
}

/** What AWS does at a resource that does not set the property in question, nor has a resource of its own that does. */
export function doneByAws(resource: Resource): readonly AwsDefault[] {
  if (resource.isData) return [];
  return awsDefaultsOf(resource.types).filter(
    (fact) =>
      fact.done &&
      isTrueOf(fact, resource) &&
      !(fact.terraform && isOfTerraform(resource)) &&
      !isDecided(resource, fact),
  );
}

/** Whether a fact about the type is true of this resource, in the form that its settings give it. */
export function isTrueOf({ except }: AwsDefault, resource: Resource): boolean {
  return !except || !mayHold(except, resource);
}

function isDecided(resource: Resource, fact: AwsDefault): boolean {
  // A resource that holds settings of another was written to set them.
  if (fact.types.some((owner) => resource.types.some((type) => companionProperty(owner, type)))) return true;
  const isSet = fact.paths.some((path) => select(resource, path).some(({ value }) => value.kind !== 'absent'));
  return (
    isSet ||
    fact.types.some((type) => {
      const { sure, maybe } = companions(resource, type);
      return sure.length > 0 || maybe;
    })
  );
}
