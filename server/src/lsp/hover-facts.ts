/** What AWS does by itself, as hovers show it: facts of the store, seen from a resource, a property or a finding. */

import { type AwsDefault, type AwsFact, awsDefaultsOf } from '../responsibility/aws-defaults.ts';
import type { Finding } from '../rules/rule.ts';
import { attributePath } from '../template/cloud-control.ts';
import { companionProperty, companions } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import type { FactHover } from './protocol.ts';

/** Facts that are shown at one place. */
const MOST_FACTS = 5;

/** Terraform's own AWS provider sends values of its own; its Cloud Control provider leaves out what is left out. */
function isOfTerraform(resource: Resource): boolean {
  return resource.template.dialect.startsWith('terraform') && !resource.isMirrored;
}

function shown(resource: Resource, facts: readonly AwsFact[]): readonly FactHover[] {
  const terraform = isOfTerraform(resource);
  return facts.slice(0, MOST_FACTS).map((fact) => ({
    text: fact.text,
    terraform: terraform ? fact.terraform : undefined,
    since: fact.since,
    source: fact.source,
  }));
}

/** What AWS does at a resource that does not set the property in question, nor has a resource of its own that does. */
export function factsOfResource(resource: Resource): readonly FactHover[] {
  if (resource.isData) return [];
  const done = awsDefaultsOf(resource.types).filter(
    (fact) => fact.done && !(fact.terraform && isOfTerraform(resource)) && !isDecided(resource, fact),
  );
  return shown(resource, done);
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

/** What AWS does where a property is left out; `names` as written, without list positions. */
export function factsOfProperty(resource: Resource, names: readonly string[]): readonly FactHover[] {
  if (!names.length) return [];
  const written = names.join('.');
  const facts = resource.isMirrored
    ? awsDefaultsOf(resource.types).filter(({ paths }) =>
        paths.some((path) => `${attributePath(path.split('.')).join('.')}.`.startsWith(`${written}.`)),
      )
    : awsDefaultsOf(resource.types, written);
  return shown(resource, facts);
}

/** What AWS does where a finding is: what its rule names, else what is known of its property. */
export function factsOfFinding({ rule, resource, path }: Finding): readonly FactHover[] {
  if (rule.aws) return shown(resource, rule.aws);
  const names = path.split('.').filter((name) => name && !/^\d+$/.test(name));
  return shown(resource, names.length ? awsDefaultsOf(resource.types, names.join('.')) : []);
}
