/** Whether CloudTrail records what happens to the objects of a bucket. */

import { names } from '../template/companions.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asPattern, asString } from '../template/value.ts';

const OBJECTS = 'AWS::S3::Object';

/** Whether a trail of the template records data events of all objects, or of those of this bucket. */
export function loggedByTrail(bucket: Resource): boolean {
  const { template } = bucket;
  const trails = template.ofType('AWS::CloudTrail::Trail', 'aws_cloudtrail');
  return trails.some((trail) =>
    trail.type.startsWith('AWS::') ? byCloudFormation(trail, bucket) : byTerraform(trail, bucket),
  );
}

function byCloudFormation(trail: Resource, bucket: Resource): boolean {
  return (
    select(trail, 'EventSelectors[].DataResources[]').some((block) => selects(block, 'Type', 'Values[]', bucket)) ||
    select(trail, 'AdvancedEventSelectors[]').some((block) =>
      selectsAll(block, 'FieldSelectors[]', 'Field', 'Equals[]'),
    )
  );
}

function byTerraform(trail: Resource, bucket: Resource): boolean {
  return (
    select(trail, 'event_selector[].data_resource[]').some((block) => selects(block, 'type', 'values[]', bucket)) ||
    select(trail, 'advanced_event_selector[]').some((block) =>
      selectsAll(block, 'field_selector[]', 'field', 'equals[]'),
    )
  );
}

function selects(block: Found, type: string, values: string, bucket: Resource): boolean {
  if (block.value.kind !== 'object' || !below(block, type).some((leaf) => asString(leaf.value) === OBJECTS))
    return false;
  return below(block, values).some(({ value }) => {
    const text = asPattern(value) ?? '';
    return /^arn:[^:]*:s3(:::)?$/.test(text) || names(value, bucket) === true;
  });
}

/** An advanced selector of all objects: it names their type and no ARN. */
function selectsAll(block: Found, fields: string, field: string, equals: string): boolean {
  if (block.value.kind !== 'object') return false;
  const all = below(block, fields).filter((one) => one.value.kind === 'object');
  const named = (one: Found) => below(one, field).map((leaf) => asString(leaf.value));
  const objects = all.some(
    (one) =>
      named(one).includes('resources.type') && below(one, equals).some((leaf) => asString(leaf.value) === OBJECTS),
  );
  return objects && !all.some((one) => named(one).some((name) => name === undefined || name === 'resources.ARN'));
}
