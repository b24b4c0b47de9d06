/** What AWS does by itself, as hovers show it: facts of the store, seen from a resource, a property or a finding. */

import { doneByAws, isOfTerraform, isTrueOf } from '../analysis/aws-part.ts';
import { AWS_DEFAULTS, type AwsDefault, type AwsFact, awsDefaultsOf } from '../responsibility/aws-defaults.ts';
import { serviceIdOf } from '../responsibility/services.ts';
import type { Finding } from '../rules/rule.ts';
import { attributePath } from '../template/cloud-control.ts';
import type { Resource } from '../template/template.ts';
import type { FactHover } from './protocol.ts';

/** Facts that are shown at one place. */
const MOST_FACTS = 5;

function shown(resource: Resource, facts: readonly AwsFact[], most = MOST_FACTS): readonly FactHover[] {
  const terraform = isOfTerraform(resource);
  return facts.slice(0, most).map((fact) => ({
    text: fact.text,
    terraform: terraform ? fact.terraform : undefined,
    since: fact.since,
    source: fact.source,
  }));
}

/** What AWS does at a resource that does not set the property in question, nor has a resource of its own that does. */
export function factsOfResource(resource: Resource): readonly FactHover[] {
  return allFactsOfResource(resource).slice(0, MOST_FACTS);
}

/** As {@link factsOfResource}, all of them. */
export function allFactsOfResource(resource: Resource): readonly FactHover[] {
  const done = doneByAws(resource);
  return shown(resource, done, done.length);
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
  return shown(resource, trueOf(resource, facts));
}

function trueOf(resource: Resource, facts: readonly AwsDefault[]): readonly AwsDefault[] {
  return facts.filter((fact) => isTrueOf(fact, resource));
}

const STORE: ReadonlySet<AwsFact> = new Set(Object.values(AWS_DEFAULTS));

/** Whether a fact that a rule rests on says something here: of its own service, only what is said of the resource's type. */
function isAbout(resource: Resource, fact: AwsFact): boolean {
  const { types, ...rest } = fact as AwsDefault;
  if (!STORE.has(fact)) return true;
  if (types.some((type) => resource.types.includes(type))) return isTrueOf({ types, ...rest }, resource);
  const services = resource.types.map(serviceIdOf);
  return !types.some((type) => services.includes(serviceIdOf(type)));
}

/** What AWS does where a finding is: what its rule names, else what is known of its property. */
export function factsOfFinding({ rule, resource, path }: Finding): readonly FactHover[] {
  if (rule.aws)
    return shown(
      resource,
      rule.aws.filter((fact) => isAbout(resource, fact)),
    );
  const names = path.split('.').filter((name) => name && !/^\d+$/.test(name));
  return shown(resource, names.length ? trueOf(resource, awsDefaultsOf(resource.types, names.join('.'))) : []);
}
