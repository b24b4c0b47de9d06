/**
 * Settings that live in a resource of their own but belong to another: Terraform's split resources, CloudFormation's policies
 * and permissions. A rule asks for `@aws_s3_bucket_versioning` of a bucket and sees one bucket.
 */

import { knowCloudFormationTypes } from './cloud-control.ts';
import { select } from './select.ts';
import { isPartial, oncePerResource, type Resource, type Template } from './template.ts';
import { oncePer } from './tracking.ts';
import { asPattern, asString, type Leaf } from './value.ts';

/** `companion type → property that names the owner`, by owner type. */
const OWNER_PROPERTY: Readonly<Record<string, Readonly<Record<string, string>>>> = {};

/** Types that hold another type's settings, and the property by which they name it. Rule files of a service add theirs. */
export function declareCompanions(owner: string, companions: Readonly<Record<string, string>>): void {
  (OWNER_PROPERTY as Record<string, Record<string, string>>)[owner] = { ...OWNER_PROPERTY[owner], ...companions };
  knowCloudFormationTypes([owner, ...Object.keys(companions)]);
}

/** The property by which a companion of that type names its owner. */
export function companionProperty(ownerType: string, type: string): string | undefined {
  return OWNER_PROPERTY[ownerType]?.[type];
}

export interface Companions {
  /** Certainly of this owner. */
  readonly sure: readonly Resource[];
  /** Some resource of that type names an owner that cannot be told, or a limit kept resources from being read. */
  readonly maybe: boolean;
}

/** Properties that carry a resource's own name, by which text may refer to it. */
const NAME_PROPERTIES = [
  'BucketName',
  'bucket',
  'QueueName',
  'TopicName',
  'FunctionName',
  'function_name',
  'name',
  'Name',
  'DomainName',
  'domain_name',
  'RepositoryName',
  'repository',
  'StreamName',
  'TableName',
  'RoleName',
  'UserName',
  'GroupName',
  'id',
];

/** Whether a leaf names that resource: by reference, or by the literal name the resource carries. */
export function names(leaf: Leaf, resource: Resource): boolean | undefined {
  if (leaf.kind === 'reference') return leaf.to === 'resource' ? leaf.target === resource.address : undefined;
  if (leaf.kind === 'text') {
    const references = leaf.parts.filter((part) => typeof part !== 'string' && part.kind === 'reference');
    if (references.some(({ target }) => target === resource.address)) return true;
    // `prod-${var.name}` on both sides is the same name.
    const text = asPattern(leaf);
    if (ownNames(resource).some((own) => own === text && text !== '\u0000')) return true;
    // A Region or an account beside what is not known tells nothing of it.
    const isOpen = leaf.parts.some((part) => typeof part !== 'string' && part.kind !== 'reference');
    const decides = references.some(({ to }) => to !== 'pseudo' || !isOpen);
    return decides ? false : undefined;
  }
  if (leaf.kind === 'known') {
    const text = String(leaf.value);
    const own = ownNames(resource);
    return own.some((name) => name === text) ? true : own.length ? false : undefined;
  }
  return undefined;
}

/** Whether a leaf and a resource's own name are one variable of which nothing is known: `bucket = var.name` in both. */
function sharesVariable(leaf: Leaf, companion: Resource, owner: Resource): boolean {
  if (leaf.kind !== 'unknown' || leaf.parameter === undefined) return false;
  const { parameter } = leaf;
  const { calls = [] } = owner;
  // Two modules may have a variable of that name each.
  if (calls.length !== (companion.calls?.length ?? 0) || calls.some((call, i) => call !== companion.calls?.[i]))
    return false;
  return NAME_PROPERTIES.some((name) =>
    select(owner, name).some(({ value }) => value.kind === 'unknown' && value.parameter === parameter),
  );
}

const ownNames = oncePerResource((resource): readonly string[] => {
  const found: string[] = [];
  for (const name of NAME_PROPERTIES) {
    for (const { value } of select(resource, name)) {
      const text = asString(value) ?? asPattern(value);
      if (text && text !== '\u0000') found.push(text);
    }
  }
  return found;
});

/**
 * Of the leaves by which a companion names its owner, a resource of these types (with spaces between): whether each certainly
 * names one. No other can be meant then, names being unique.
 */
const settledLeaves = oncePer((companion: Resource, types: string): readonly boolean[] => {
  const list = types.split(' ');
  const owners = companion.template.ofType(...list);
  let property: string | undefined;
  for (const owner of list) for (const type of companion.types) property ??= companionProperty(owner, type);
  return select(companion, property ?? '').map(({ value }) =>
    owners.some((owner) => names(value, owner) === true || sharesVariable(value, companion, owner)),
  );
});

/** A resource, and where it stands among those of its type. */
interface Placed {
  readonly resource: Resource;
  readonly at: number;
}

/** Resources of a type by what they say of their owner. */
interface Naming {
  /** Those that do nothing but refer to resources, by the address: no other owner has to look at them. */
  readonly referring: ReadonlyMap<string, readonly Placed[]>;
  readonly others: readonly Placed[];
}

/** Found once for all owners: a template may hold thousands, with a companion each. `question`: the type and the property. */
const namingOwners = oncePer((lineage: Template['lineage'], question: string): Naming => {
  const [type = '', property = ''] = question.split(' ');
  const referring = new Map<string, Placed[]>();
  const others: Placed[] = [];
  lineage.template.ofType(type).forEach((resource, at) => {
    const targets = new Set<string>();
    let isOther = false;
    for (const { value } of select(resource, property)) {
      if (value.kind === 'reference' && value.to === 'resource') targets.add(value.target);
      else isOther = true;
    }
    if (isOther) others.push({ resource, at });
    else
      for (const target of targets) {
        const known = referring.get(target);
        if (known) known.push({ resource, at });
        else referring.set(target, [{ resource, at }]);
      }
  });
  return { referring, others };
});

/** Resources of a type that may name an owner, in the order of the template. */
function candidates(owner: Resource, type: string, property: string): readonly Resource[] {
  const { referring, others } = namingOwners(owner.template.lineage, `${type} ${property}`);
  return [...(referring.get(owner.address) ?? []), ...others]
    .sort((a, b) => a.at - b.at)
    .map(({ resource }) => resource);
}

/** The resources of a type that belong to an owner. */
export const companions = oncePer((owner: Resource, type: string): Companions => {
  const sure: Resource[] = [];
  let maybe = isPartial(owner.template);
  let property: string | undefined;
  for (const ownType of owner.types) property ??= companionProperty(ownType, type);
  if (property) {
    for (const resource of candidates(owner, type, property)) {
      const leaves = select(resource, property);
      const verdicts = leaves.map(
        ({ value }) => names(value, owner) ?? (sharesVariable(value, resource, owner) || undefined),
      );
      if (verdicts.includes(true)) sure.push(resource);
      else if (verdicts.includes(undefined) && leaves.some((leaf) => leaf.value.kind !== 'absent')) {
        const elsewhere = settledLeaves(resource, owner.types.join(' '));
        maybe ||= verdicts.some((verdict, i) => verdict === undefined && !elsewhere[i]);
      }
    }
  }
  return { sure, maybe };
});

/** The owners a companion names, among resources of the given types. */
export function ownersOf(companion: Resource, property: string, ...types: string[]): readonly Resource[] {
  const leaves = select(companion, property);
  return companion.template
    .ofType(...types)
    .filter((owner) => leaves.some((leaf) => names(leaf.value, owner) === true));
}
