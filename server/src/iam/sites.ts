/** Finds the policy documents of a template. */

import type { Node } from '../syntax/node.ts';
import { knowCloudFormationTypes } from '../template/cloud-control.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
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

const cache = new WeakMap<Template, readonly PolicyDocument[]>();

/** Every policy document of a template, in the order of its resources; computed once. Never throws. */
export function policiesOf(template: Template): readonly PolicyDocument[] {
  const known = cache.get(template);
  if (known) return known;
  const found = new Collector(template).collect();
  cache.set(template, found);
  return found;
}

const byResource = new WeakMap<Template, ReadonlyMap<Resource, readonly PolicyDocument[]>>();

/** The documents that a resource holds, or uses by reference to a data source. */
export function policiesOn(resource: Resource): readonly PolicyDocument[] {
  const { template } = resource;
  let index = byResource.get(template);
  if (!index) {
    const building = new Map<Resource, PolicyDocument[]>();
    for (const policy of policiesOf(template)) {
      for (const user of new Set([policy.resource, ...policy.consumers.map((consumer) => consumer.resource)])) {
        const list = building.get(user);
        if (list) list.push(policy);
        else building.set(user, [policy]);
      }
    }
    index = building;
    byResource.set(template, index);
  }
  return index.get(resource) ?? [];
}

/** Which policy document a property of a type holds, if any; path as in `select`. For features that go by position. */
export function policySite(type: string, path: string): PolicySite | undefined {
  return sitesByType.get(type)?.find((site) => site.path === path);
}

class Collector {
  private readonly drafts: Draft[] = [];
  private readonly data = new Map<string, Draft>();
  /** Data sources that take in another one: its address → the users'. */
  private readonly links: { readonly source: string; readonly user: Draft; readonly overrides: boolean }[] = [];
  private readonly attached = new Set<string>();
  private readonly boundaries = new Set<string>();

  constructor(private readonly template: Template) {}

  collect(): readonly PolicyDocument[] {
    for (const resource of this.template.resources) {
      if (resource.isData && resource.address.includes(DATA_DOCUMENT)) this.dataDocument(resource);
    }
    for (const resource of this.template.resources) {
      if (this.template.dialect === 'policy') this.file(resource);
      else this.resource(resource);
    }
    this.link();
    for (const draft of this.drafts) this.classify(draft);
    // A plan has the text of each data source once more, where it is used.
    return this.template.dialect === 'terraform-plan'
      ? this.drafts.filter((draft) => draft.form !== 'data')
      : this.drafts;
  }

  private resource(resource: Resource): void {
    for (const type of resource.types) {
      for (const site of sitesByType.get(type) ?? []) this.site(resource, site);
      const flat = flatByType.get(type);
      if (flat) this.flat(resource, flat);
    }
    this.boundary(resource);
  }

  /** Remembers which managed policies are boundaries, and which are attached as well. */
  private boundary(resource: Resource): void {
    const take = (path: string, into: Set<string>) => {
      for (const { value } of select(resource, path)) {
        if (value.kind === 'reference' && value.to === 'resource') into.add(value.target);
      }
    };
    const { type } = resource;
    if (!type.startsWith('aws_iam_') && !type.startsWith('AWS::')) return;
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

  private file(resource: Resource): void {
    this.document(whole(resource), { kind: 'identity', service: undefined }, resource.properties);
  }

  private site(resource: Resource, site: PolicySite): void {
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
          this.draft(found, 'statements', consumer, definingNode(value), { kind: 'statements', value });
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
      this.data.get(source)?.consumers.push(consumer);
      return;
    }
    const json = readJsonText(value, surroundingsOf(found.resource));
    if (!json) return;
    if (json.value?.kind === 'object') this.document(found, consumer, json.value, json);
    else if (value.kind === 'known' && String(value.value).trim() !== '') this.notJson(found, consumer, json);
  }

  private draft(
    found: Found,
    form: PolicyForm,
    consumer: Pick<Consumer, 'kind' | 'service'>,
    node: Node,
    content: Content,
  ): Draft {
    const draft = new Draft(found, form, consumer, node, content);
    this.drafts.push(draft);
    return draft;
  }

  private document(
    found: Found,
    consumer: Pick<Consumer, 'kind' | 'service'>,
    object: ObjectValue,
    json?: JsonText,
  ): Draft {
    const node = json ? object.node : definingNode(object);
    const draft = this.draft(found, 'document', consumer, node, { kind: 'object', object });
    draft.host = json?.host;
    draft.problems = json?.problems ?? [];
    draft.doubt = json?.open;
    return draft;
  }

  /** Text that should be a document and is none. */
  private notJson(found: Found, consumer: Consumer, json: JsonText): void {
    const draft = this.draft(found, 'document', consumer, json.host, { kind: 'nothing' });
    draft.host = json.host;
    const { start, end } = json.host;
    draft.problems = json.problems.length ? json.problems : [{ start, end, message: 'A JSON object is expected' }];
    draft.doubt = 'is not valid JSON';
  }

  private flat(resource: Resource, site: FlatSite): void {
    const principal = resource.properties.get(site.principal);
    if (!principal) return;
    const found = { ...whole(resource), key: principal.key, path: site.principal };
    const content: Content = { kind: 'flat', flat: () => readFlat(resource, site) };
    this.draft(found, 'flat', { kind: 'resource', service: site.service }, resource.body, content);
  }

  private dataDocument(resource: Resource): void {
    const { properties } = resource;
    const content: Content = { kind: 'object', object: properties };
    const draft = this.draft(whole(resource), 'data', { kind: 'identity', service: undefined }, resource.body, content);
    draft.consumers = [];
    this.data.set(resource.address, draft);
    for (const [name, overrides] of SOURCES) {
      if (!properties.get(name)) continue;
      for (const leaf of select(resource, `${name}[]`)) {
        if (leaf.value.kind === 'absent') continue;
        if (leaf.conditions.length > resource.conditions.length) draft.doubt ??= 'takes in a document at times';
        const source = dataReference(leaf.value);
        if (source !== undefined) this.links.push({ source, user: draft, overrides });
        else this.takenIn(leaf, draft, overrides);
      }
    }
  }

  /** JSON text that a data source takes in: a document of its own, in force where the data source is. */
  private takenIn(leaf: Found, user: Draft, overrides: boolean): void {
    const json =
      leaf.value.kind === 'known' || leaf.value.kind === 'text'
        ? readJsonText(leaf.value, surroundingsOf(leaf.resource))
        : undefined;
    const value = leaf.value.kind === 'object' ? leaf.value : json?.value;
    if (value?.kind !== 'object') {
      user.doubt ??= 'takes in a document that is not known';
      return;
    }
    const draft = this.document(leaf, { kind: 'identity', service: undefined }, value, json);
    draft.consumers = user.consumers;
    user.take(draft, overrides);
  }

  /** Joins data sources to those that they take in, and passes consumers up to these. */
  private link(): void {
    for (const draft of this.data.values()) draft.isUsed = draft.consumers.length > 0;
    for (const { source, user, overrides } of this.links) {
      const draft = this.data.get(source);
      if (draft) user.take(draft, overrides);
      else user.doubt ??= 'takes in a document that is not known';
    }
    if (!this.links.length) return;
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
