/** Finds the policy documents of a template. */

import type { SyntaxProblem } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import { knowCloudFormationTypes } from '../template/cloud-control.ts';
import { below, type Found, select } from '../template/select.ts';
import {
  oncePerResource,
  oncePerTemplate,
  type Resource,
  resourcesWhere,
  type Template,
} from '../template/template.ts';
import { entryIn } from '../template/tracking.ts';
import type { ObjectValue, Value } from '../template/value.ts';
import type { Consumer, PolicyDocument, PolicyForm, PolicyKind } from './document.ts';
import { type Content, Draft } from './draft.ts';
import type { FlatStatement } from './flat.ts';
import { definingNode, type JsonText, readJsonText, surroundingsOf } from './json-value.ts';
import { FLAT_SITES, type FlatSite, POLICY_SITES, type PolicySite } from './policy-sites.ts';

const sitesByType = new Map<string, PolicySite[]>();
for (const site of POLICY_SITES) {
  const known = sitesByType.get(site.type);
  if (known) known.push(site);
  else sitesByType.set(site.type, [site]);
}
const flatByType: ReadonlyMap<string, FlatSite> = new Map(FLAT_SITES.map((site) => [site.type, site]));

knowCloudFormationTypes([...sitesByType.keys(), ...flatByType.keys()]);

const DATA_DOCUMENT = 'data.aws_iam_policy_document.';
const JSON_ATTRIBUTES: ReadonlySet<string> = new Set(['json', 'minified_json']);
/** Arguments by which a data source takes in other documents, and whether these override its own statements. */
const SOURCES = [
  ['source_policy_documents', false],
  ['override_policy_documents', true],
  ['source_json', false],
  ['override_json', true],
] as const;

/** Every policy document of a template, in the order of its resources; computed once. Never throws. */
export const policiesOf = oncePerTemplate((template): readonly PolicyDocument[] => new Collector(template).collect());

const byResource = oncePerTemplate((template): ReadonlyMap<Resource, readonly PolicyDocument[]> => {
  const building = new Map<Resource, PolicyDocument[]>();
  for (const policy of policiesOf(template)) {
    for (const user of new Set([policy.resource, ...policy.consumers.map((consumer) => consumer.resource)])) {
      const list = building.get(user);
      if (list) list.push(policy);
      else building.set(user, [policy]);
    }
  }
  return building;
});

/** The documents that a resource holds, or uses by reference to a data source. */
export const policiesOn: (resource: Resource) => readonly PolicyDocument[] = entryIn(
  (resource: Resource) => byResource(resource.template),
  [],
);

/** Which policy document a property of a type holds, if any; path as in `select`. For features that go by position. */
export function policySite(type: string, path: string): PolicySite | undefined {
  return sitesByType.get(type)?.find((site) => site.path === path);
}

/** Types whose resources say which policies are boundaries, or attached. */
const BOUNDARIES = /^(?:aws_iam_|AWS::(?:IAM|Serverless)::)/;

/** Whether a resource can say anything of policies, by what it is. */
function mayHavePolicies({ isData, address, type, types, template }: Resource): boolean {
  return (
    (isData && address.includes(DATA_DOCUMENT)) ||
    template.dialect === 'policy' ||
    BOUNDARIES.test(type) ||
    types.some((one) => sitesByType.has(one) || flatByType.has(one))
  );
}

/** A use of a data source's document. */
interface Use {
  readonly source: string;
  readonly consumer: Consumer;
}

/** A data source that takes in another one. */
interface Link {
  readonly source: string;
  readonly user: Seed;
  readonly overrides: boolean;
}

/** A document where it is written: what its resource alone says of it. */
class Seed {
  host: Node | undefined = undefined;
  /** Where they are now: what is written may move. */
  problems: () => readonly SyntaxProblem[] = () => [];
  doubt: string | undefined = undefined;
  /** JSON text that a data source takes in. */
  takenIn: { readonly by: Seed; readonly overrides: boolean } | undefined = undefined;
  /** The document that it was made into, with what the rest of the template says of it. */
  made: Draft | undefined = undefined;

  constructor(
    readonly found: Found,
    readonly form: PolicyForm,
    readonly consumer: Pick<Consumer, 'kind' | 'service'>,
    readonly node: Node,
    readonly content: Content,
  ) {}

  draft(): Draft {
    const draft = new Draft(this.found, this.form, this.consumer, this.node, this.content);
    draft.host = this.host;
    draft.readProblems = this.problems;
    draft.doubt = this.doubt;
    return draft;
  }
}

/** Finds what one resource says of policies. */
class Reader {
  readonly seeds: Seed[] = [];
  readonly uses: Use[] = [];
  readonly links: Link[] = [];
  readonly attached: string[] = [];
  readonly boundaries: string[] = [];
  private made: readonly Draft[] | undefined;

  /** What it looks at is said by {@link mayHavePolicies} as well. */
  constructor(private readonly resource: Resource) {
    const { isData, address, types, template } = resource;
    if (isData && address.includes(DATA_DOCUMENT)) this.dataDocument(resource);
    if (template.dialect === 'policy') {
      this.document(whole(resource), { kind: 'identity', service: undefined }, resource.properties);
      return;
    }
    for (const type of types) {
      for (const site of sitesByType.get(type) ?? []) this.site(site);
      const flat = flatByType.get(type);
      if (flat) this.flat(flat);
    }
    this.boundary();
  }

  /** Whether nothing is said of policies. */
  get isEmpty(): boolean {
    return ![this.seeds, this.uses, this.links, this.attached, this.boundaries].some(({ length }) => length > 0);
  }

  /** The documents of a resource that says all there is to say of them; undefined where other resources have a say. */
  get alone(): readonly Draft[] | undefined {
    const { resource, seeds, uses, links } = this;
    if (uses.length || links.length || isManagedPolicy(resource.type) || resource.template.dialect === 'policy')
      return undefined;
    if (seeds.some(isDataSeed)) return undefined;
    this.made ??= seeds.map((seed) => seed.draft());
    return this.made;
  }

  /** Remembers which managed policies are boundaries, and which are attached as well. */
  private boundary(): void {
    const take = (path: string, into: string[]) => {
      for (const { value } of select(this.resource, path)) {
        if (value.kind === 'reference' && value.to === 'resource') into.push(value.target);
      }
    };
    const { type } = this.resource;
    if (!BOUNDARIES.test(type)) return;
    if (/^AWS::(IAM::(Role|User)|Serverless::(Function|StateMachine))$/.test(type)) {
      take('PermissionsBoundary', this.boundaries);
      take(type.startsWith('AWS::IAM') ? 'ManagedPolicyArns[]' : 'Policies[]', this.attached);
    } else if (type === 'AWS::IAM::Group') take('ManagedPolicyArns[]', this.attached);
    else if (type === 'aws_iam_role' || type === 'aws_iam_user') {
      take('permissions_boundary', this.boundaries);
      take('managed_policy_arns[]', this.attached);
    } else if (type.startsWith('aws_iam_') && type.endsWith('policy_attachment')) take('policy_arn', this.attached);
    else if (type.startsWith('aws_iam_') && type.endsWith('policy_attachments_exclusive'))
      take('policy_arns[]', this.attached);
  }

  private site(site: PolicySite): void {
    const { resource } = this;
    for (const found of selectSite(resource, site.path)) {
      const kind = site.kind === 'organization' ? organizationKind(resource) : site.kind;
      if (!kind) continue;
      const consumer: Consumer = {
        resource,
        site: found.path,
        kind,
        service: site.service ?? endpointService(resource, kind),
      };
      const { value } = found;
      if (site.statements) {
        if (value.kind === 'object' || value.kind === 'list') {
          this.seed(found, 'statements', consumer, definingNode(value), { kind: 'statements', value });
        }
        continue;
      }
      // SAM lists names of managed policies and policy templates among the documents.
      const mixed = site.path.endsWith('[]');
      if (value.kind === 'object') {
        if (!mixed || value.names.includes('Statement')) this.document(found, consumer, value);
      } else if (value.kind === 'reference' || value.kind === 'text' || value.kind === 'known') {
        if (!mixed) this.text(found, consumer);
      }
    }
  }

  /** A document that is text, or a reference to a data source that makes it. */
  private text(found: Found, consumer: Consumer): void {
    const { value } = found;
    const source = dataReference(value);
    if (source !== undefined) {
      this.uses.push({ source, consumer });
      return;
    }
    const json = readJsonText(value, surroundingsOf(found.resource));
    if (!json) return;
    if (json.value?.kind === 'object') this.document(found, consumer, json.value, json);
    else if (value.kind === 'known' && String(value.value).trim() !== '') this.notJson(found, consumer, json);
  }

  private seed(
    found: Found,
    form: PolicyForm,
    consumer: Pick<Consumer, 'kind' | 'service'>,
    node: Node,
    content: Content,
  ): Seed {
    const seed = new Seed(found, form, { kind: consumer.kind, service: consumer.service }, node, content);
    this.seeds.push(seed);
    return seed;
  }

  private document(
    found: Found,
    consumer: Pick<Consumer, 'kind' | 'service'>,
    object: ObjectValue,
    json?: JsonText,
  ): Seed {
    const node = json ? object.node : definingNode(object);
    const seed = this.seed(found, 'document', consumer, node, { kind: 'object', object });
    seed.host = json?.host;
    if (json) seed.problems = () => json.problems;
    seed.doubt = json?.open;
    return seed;
  }

  /** Text that should be a document and is none. */
  private notJson(found: Found, consumer: Consumer, json: JsonText): void {
    const seed = this.seed(found, 'document', consumer, json.host, { kind: 'nothing' });
    seed.host = json.host;
    seed.problems = () => {
      const { start, end } = json.host;
      const { problems } = json;
      return problems.length ? problems : [{ start, end, message: 'A JSON object is expected' }];
    };
    seed.doubt = 'is not valid JSON';
  }

  private flat(site: FlatSite): void {
    const { resource } = this;
    const principal = resource.properties.get(site.principal);
    if (!principal) return;
    const found = { ...whole(resource), key: principal.key, path: site.principal };
    const content: Content = { kind: 'flat', flat: () => readFlat(resource, site) };
    this.seed(found, 'flat', { kind: 'resource', service: site.service }, resource.body, content);
  }

  private dataDocument(resource: Resource): void {
    const { properties } = resource;
    const content: Content = { kind: 'object', object: properties };
    const seed = this.seed(whole(resource), 'data', { kind: 'identity', service: undefined }, resource.body, content);
    for (const [name, overrides] of SOURCES) {
      if (!properties.get(name)) continue;
      for (const leaf of select(resource, `${name}[]`)) {
        if (leaf.value.kind === 'absent') continue;
        if (leaf.conditions.length > resource.conditions.length) seed.doubt ??= 'takes in a document at times';
        const source = dataReference(leaf.value);
        if (source !== undefined) this.links.push({ source, user: seed, overrides });
        else this.takenIn(leaf, seed, overrides);
      }
    }
  }

  /** JSON text that a data source takes in: a document of its own, in force where the data source is. */
  private takenIn(leaf: Found, user: Seed, overrides: boolean): void {
    const json =
      leaf.value.kind === 'known' || leaf.value.kind === 'text'
        ? readJsonText(leaf.value, surroundingsOf(leaf.resource))
        : undefined;
    const value = leaf.value.kind === 'object' ? leaf.value : json?.value;
    if (value?.kind !== 'object') {
      user.doubt ??= 'takes in a document that is not known';
      return;
    }
    const seed = this.document(leaf, { kind: 'identity', service: undefined }, value, json);
    seed.takenIn = { by: user, overrides };
  }
}

/** Undefined for the many resources that say nothing of policies: what is changed of them concerns no policy. */
const read = oncePerResource((resource): Reader | undefined => {
  const reader = new Reader(resource);
  return reader.isEmpty ? undefined : reader;
});

class Collector {
  /** Of documents in which other resources have a say. */
  private readonly drafts = new Map<Seed, Draft>();
  private readonly data = new Map<string, Draft>();
  private readonly all: readonly Reader[];
  private readonly readers: readonly Reader[];
  private readonly attached = new Set<string>();
  private readonly boundaries = new Set<string>();

  constructor(private readonly template: Template) {
    this.all = resourcesWhere(template, mayHavePolicies)
      .map(read)
      .filter((reader) => reader !== undefined);
    this.readers = this.all.filter(({ alone }) => !alone);
  }

  collect(): readonly PolicyDocument[] {
    // Data sources first, as they are what others use.
    for (const isData of [true, false]) {
      for (const { seeds } of this.readers) {
        for (const seed of seeds) if (isDataSeed(seed) === isData) this.drafts.set(seed, seed.draft());
      }
    }
    for (const [seed, draft] of this.drafts) {
      if (seed.form !== 'data') continue;
      draft.consumers = [];
      this.data.set(draft.resource.address, draft);
    }
    for (const { uses, attached, boundaries } of this.all) {
      for (const { source, consumer } of uses) this.data.get(source)?.consumers.push(consumer);
      for (const one of attached) this.attached.add(one);
      for (const one of boundaries) this.boundaries.add(one);
    }
    this.link();
    for (const draft of this.drafts.values()) this.classify(draft);
    this.keepThoseAsBefore();
    const made = this.inOrder();
    // A plan has the text of each data source once more, where it is used.
    return this.template.dialect === 'terraform-plan' ? made.filter((draft) => draft.form !== 'data') : made;
  }

  /** Data sources first, then the rest, each in the order of their resources. */
  private inOrder(): readonly Draft[] {
    const made = [...this.drafts].flatMap(([seed, draft]) => (isDataSeed(seed) ? [draft] : []));
    for (const { seeds, alone } of this.all) {
      if (alone) made.push(...alone);
      else for (const seed of seeds) if (!isDataSeed(seed)) made.push(this.drafts.get(seed) as Draft);
    }
    return made;
  }

  /** A document of which the rest of the template says the same as in the version before is the same object. */
  private keepThoseAsBefore(): void {
    const all = [...this.drafts];
    const isLinked = (draft: Draft) => draft.takesIn.length > 0 || draft.takenBy.length > 0;
    const seedOf = new Map(all.map(([seed, draft]) => [draft, seed]));
    const sameLinks = (now: readonly Draft[], before: readonly Draft[]) =>
      now.length === before.length && now.every((one, i) => seedOf.get(one)?.made === before[i]);
    const isAsBefore = ([seed, now]: readonly [Seed, Draft]) => {
      const before = seed.made;
      return (
        before !== undefined &&
        now.isLike(before) &&
        sameLinks(now.takesIn, before.takesIn) &&
        sameLinks(now.sources, before.sources) &&
        sameLinks(now.overrides, before.overrides) &&
        sameLinks(now.takenBy, before.takenBy)
      );
    };
    // Documents that take in others hold on to each other: all of them are as before, or none.
    const linked = all.filter(([, draft]) => isLinked(draft));
    const areLinksAsBefore = linked.every(isAsBefore);
    for (const one of all) {
      const [seed, draft] = one;
      const isKept = isLinked(draft) ? areLinksAsBefore : isAsBefore(one);
      if (isKept && seed.made) this.drafts.set(seed, seed.made);
      else seed.made = draft;
    }
  }

  /** Joins data sources to those that they take in, and passes consumers up to these. */
  private link(): void {
    for (const draft of this.data.values()) draft.isUsed = draft.consumers.length > 0;
    let links = 0;
    for (const { seeds, links: own } of this.readers) {
      for (const seed of seeds) {
        const draft = this.drafts.get(seed);
        const user = seed.takenIn && this.drafts.get(seed.takenIn.by);
        if (!draft || !user || !seed.takenIn) continue;
        draft.consumers = user.consumers;
        user.take(draft, seed.takenIn.overrides);
      }
      for (const { source, user: by, overrides } of own) {
        links++;
        const draft = this.data.get(source);
        const user = this.drafts.get(by);
        if (draft) user?.take(draft, overrides);
        else if (user) user.doubt ??= 'takes in a document that is not known';
      }
    }
    if (!links) return;
    const own = [...this.data.values()].map((draft) => ({ draft, consumers: [...draft.consumers] }));
    for (const { draft, consumers } of own) {
      for (const source of draft.allTakenIn()) {
        for (const consumer of consumers) if (!source.consumers.includes(consumer)) source.consumers.push(consumer);
      }
    }
  }

  /** Kind and service by the consumers; by content where there are none or they differ. */
  private classify(draft: Draft): void {
    if (isManagedPolicy(draft.resource.type)) {
      const { address } = draft.resource;
      if (this.boundaries.has(address) && !this.attached.has(address) && !attachesItself(draft.resource)) {
        draft.decided = 'boundary';
      }
      return;
    }
    if (this.template.dialect === 'policy') {
      draft.decided = undefined;
      return;
    }
    if (draft.form !== 'data' && draft.consumers.some((consumer) => consumer.resource === draft.resource)) return;
    const kinds = new Set(draft.consumers.map((consumer) => consumer.kind));
    const services = new Set(draft.consumers.map((consumer) => consumer.service));
    draft.decided = kinds.size === 1 ? [...kinds][0] : undefined;
    draft.declared = services.size === 1 ? [...services][0] : undefined;
  }
}

/** What a data source makes, or takes in as text. */
function isDataSeed({ form, takenIn }: Seed): boolean {
  return form === 'data' || takenIn !== undefined;
}

/** A resource's properties as a leaf. */
function whole(resource: Resource): Found {
  const { properties, conditions } = resource;
  return { value: properties, node: properties.node, conditions, via: [], scopes: [], resource, path: '' };
}

function readFlat(resource: Resource, site: FlatSite): FlatStatement {
  const { properties } = resource;
  const principal = properties.get(site.principal);
  const action = properties.get(site.action)?.value;
  const blocks = site.blocks === undefined ? [] : select(resource, `${site.blocks}[]`);
  const unknown = blocks.some(({ value }) => value.kind === 'unknown');
  return {
    principal: principal?.value,
    action: action ?? (site.defaultAction === undefined ? undefined : knownText(site.defaultAction, resource.key)),
    resource: undefined,
    conditions: Object.entries(site.conditions).flatMap(([name, [operator, key]]) => {
      const property = properties.get(name);
      return property ? [{ operator, key, keyNode: property.key, value: property.value }] : [];
    }),
    blocks: blocks.flatMap(({ value }) => (value.kind === 'object' ? [value] : [])),
    open: properties.open ?? (unknown ? 'a condition is not known' : undefined),
  };
}

function knownText(value: string, node: Node): Value {
  return { kind: 'known', value, node };
}

/** Follows a site's path; `{}` stands for every member of a map. */
function selectSite(resource: Resource, path: string): readonly Found[] {
  const at = path.indexOf('{}.');
  if (at < 0) {
    // Most types have a single property to look at: none written, nothing to walk.
    const first = path.split(/[.[]/, 1)[0] ?? path;
    if (resource.properties.open === undefined && !resource.properties.get(first)) return [];
    return select(resource, path);
  }
  const rest = path.slice(at + 3);
  return select(resource, path.slice(0, at)).flatMap((found) => {
    if (found.value.kind !== 'object') return [];
    return found.value.names.flatMap((name) => below(found, `${name}.${rest}`));
  });
}

/** The address of the data source whose JSON a value is. */
function dataReference(value: Value): string | undefined {
  const reference = value.kind === 'text' && value.parts.length === 1 ? value.parts[0] : value;
  if (typeof reference !== 'object' || reference.kind !== 'reference' || !reference.target.includes(DATA_DOCUMENT))
    return undefined;
  return reference.attribute !== undefined && JSON_ATTRIBUTES.has(reference.attribute) ? reference.target : undefined;
}

/** What an organizations policy is by its type; undefined for types that are no IAM documents, or unknown. */
function organizationKind(resource: Resource): PolicyKind | undefined {
  const property = resource.properties.get('Type') ?? resource.properties.get('type');
  // Terraform's default.
  if (!property) return resource.type === 'aws_organizations_policy' && !resource.properties.open ? 'scp' : undefined;
  if (property.value.kind !== 'known') return undefined;
  if (property.value.value === 'SERVICE_CONTROL_POLICY') return 'scp';
  return property.value.value === 'RESOURCE_CONTROL_POLICY' ? 'rcp' : undefined;
}

/** The service that an endpoint leads to: the last part of `com.amazonaws.us-east-1.s3`. */
function endpointService(resource: Resource, kind: PolicyKind): string | undefined {
  if (kind !== 'vpc-endpoint') return undefined;
  const property = resource.properties.get('ServiceName') ?? resource.properties.get('service_name');
  const value = property?.value;
  const last =
    value?.kind === 'text' ? value.parts[value.parts.length - 1] : value?.kind === 'known' ? value.value : undefined;
  return typeof last === 'string' && last.includes('.') ? last.slice(last.lastIndexOf('.') + 1) : undefined;
}

function isManagedPolicy(type: string): boolean {
  return type === 'AWS::IAM::ManagedPolicy' || type === 'aws_iam_policy';
}

/** A CloudFormation managed policy names those it is attached to. */
function attachesItself(resource: Resource): boolean {
  return ['Roles', 'Users', 'Groups'].some((name) => resource.properties.get(name) !== undefined);
}
