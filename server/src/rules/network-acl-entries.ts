/** One view of the entries of network ACLs: inline in Terraform's ACLs, or resources of their own. */

import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { oncePerResource, oncePerTemplate } from '../template/template.ts';
import { oncePer } from '../template/tracking.ts';
import { asBoolean, asNumber, asString, type Condition } from '../template/value.ts';
import { type Cidr, parseCidr } from './cidr.ts';
import { type Protocol, protocolOf, type Traffic } from './security-group-rules.ts';

interface Names {
  readonly number: string;
  readonly protocol: string;
  readonly action: string;
  /** Single texts by the schema; where a variable holds a list of them, each counts. */
  readonly cidrs: readonly string[];
  readonly from: string;
  readonly to: string;
}

const CLOUDFORMATION: Names = {
  number: 'RuleNumber',
  protocol: 'Protocol',
  action: 'RuleAction',
  cidrs: ['CidrBlock[]', 'Ipv6CidrBlock[]'],
  from: 'PortRange.From',
  to: 'PortRange.To',
};
const TERRAFORM_RULE: Names = {
  number: 'rule_number',
  protocol: 'protocol',
  action: 'rule_action',
  cidrs: ['cidr_block[]', 'ipv6_cidr_block[]'],
  from: 'from_port',
  to: 'to_port',
};
const TERRAFORM_BLOCK: Names = { ...TERRAFORM_RULE, number: 'rule_no', action: 'action' };

/** Types whose blocks `ingress` and `egress` are entries. */
const ACLS = ['aws_network_acl', 'aws_default_network_acl'];
/** Types that are an entry each, and how they name their ACL. */
const ENTRIES: Readonly<Record<string, { readonly names: Names; readonly egress: string; readonly acl: string }>> = {
  'AWS::EC2::NetworkAclEntry': { names: CLOUDFORMATION, egress: 'Egress', acl: 'NetworkAclId' },
  aws_network_acl_rule: { names: TERRAFORM_RULE, egress: 'egress', acl: 'network_acl_id' },
};

export const ENTRY_TYPES: readonly string[] = [...ACLS, ...Object.keys(ENTRIES)];

/** An entry for one CIDR under certain conditions; undefined members are not known. */
export interface AclEntry {
  readonly resource: Resource;
  readonly block: Found;
  /** Names the ACL: the same text, the same ACL. Undefined where it cannot be told. */
  readonly acl: string | undefined;
  /** All entries of the ACL can be expected in this template: it is made here. */
  readonly isOwn: boolean;
  readonly egress: boolean;
  readonly allow: boolean | undefined;
  readonly number: number | undefined;
  readonly numberAt: Found;
  /** The CIDR as written. */
  readonly source: Found;
  readonly cidr: Cidr | undefined;
  readonly protocol: Protocol | undefined;
  readonly protocolAt: Found;
  readonly portsAt: Found;
  /** Ports with a missing range as what it amounts to: no limit. */
  readonly traffic: Traffic;
  /** A TCP or UDP entry that lacks (an end of) its range. */
  readonly lacksPorts: boolean;
  readonly conditions: readonly Condition[];
}

/** The entries that a resource holds. */
export const entriesOf = oncePerResource((resource): readonly AclEntry[] => read(resource));

function read(resource: Resource): AclEntry[] {
  const own = ENTRIES[resource.type];
  if (own) {
    const { properties, key, conditions } = resource;
    const block: Found = {
      value: properties,
      node: properties.node,
      key,
      conditions,
      via: [],
      scopes: [],
      resource,
      path: '',
    };
    return below(block, own.egress).flatMap((egress) => {
      const out = egress.value.kind === 'absent' ? false : asBoolean(egress.value);
      if (out === undefined) return [];
      const [acl] = select(resource, own.acl);
      return entriesIn({ ...block, conditions: egress.conditions }, own.names, out, aclKey(acl), isMadeHere(acl));
    });
  }
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    select(resource, `${direction}[]`)
      .filter((block) => block.value.kind === 'object')
      .flatMap((block) => entriesIn(block, TERRAFORM_BLOCK, direction === 'egress', resource.address, true)),
  );
}

/** A reference, a literal id, a parameter: whatever two entries have in common if they are of one ACL. */
function aclKey(acl: Found | undefined): string | undefined {
  const value = acl?.value;
  if (value?.kind === 'reference') return value.target;
  if (value?.kind === 'known') return `id:${String(value.value)}`;
  if (value?.kind === 'unknown') {
    if (value.parameter) return `parameter:${value.parameter}`;
    const name = danglingName(acl);
    return name && `undeclared:${name}`;
  }
  return undefined;
}

/** The name in a Ref to nothing: the ACL is meant to be made in this template, even if it is not (yet). */
function danglingName(acl: Found | undefined): string | undefined {
  if (acl?.resource.template.dialect !== 'cloudformation' || acl.value.kind !== 'unknown' || acl.value.parameter)
    return undefined;
  const { node } = acl.value;
  const name = node.tag === '!Ref' ? node.value : node.get('Ref')?.value;
  return typeof name === 'string' ? name : undefined;
}

function isMadeHere(acl: Found | undefined): boolean {
  return (acl?.value.kind === 'reference' && acl.value.to === 'resource') || danglingName(acl) !== undefined;
}

function entriesIn(block: Found, names: Names, egress: boolean, acl: string | undefined, isOwn: boolean): AclEntry[] {
  const entries: AclEntry[] = [];
  const sources = names.cidrs.flatMap((path) => below(block, path)).filter((one) => one.value.kind !== 'absent');
  for (const source of sources) {
    const at = (path: string) => below({ ...block, conditions: source.conditions }, path);
    const text = asString(source.value);
    // Terraform plans write the other family's block as an empty text.
    if (text === '') continue;
    const [numberAt] = at(names.number);
    const [action] = at(names.action);
    if (!numberAt || !action) continue;
    const decision = asString(action.value)?.toLowerCase();
    for (const protocolAt of at(names.protocol)) {
      const [from] = below({ ...block, conditions: protocolAt.conditions }, names.from);
      const [to] = below({ ...block, conditions: protocolAt.conditions }, names.to);
      if (!from || !to) continue;
      const protocol = protocolOf(asString(protocolAt.value));
      // An end that is being typed is neither there nor left out.
      const lacksPorts =
        (protocol === 'tcp' || protocol === 'udp') &&
        (from.value.kind === 'absent' || to.value.kind === 'absent') &&
        ![from, to].some(({ node }) => node.kind === 'missing');
      entries.push({
        resource: block.resource,
        block,
        acl,
        isOwn,
        egress,
        allow: decision === 'allow' ? true : decision === 'deny' ? false : undefined,
        number: asNumber(numberAt.value),
        numberAt,
        source,
        cidr: text === undefined ? undefined : parseCidr(text),
        protocol,
        protocolAt,
        portsAt: from.value.kind === 'absent' && to.value.kind !== 'absent' ? to : from,
        traffic: {
          protocol,
          from: lacksPorts ? 0 : asNumber(from.value),
          to: lacksPorts ? 65535 : asNumber(to.value),
          conditions: protocolAt.conditions,
        },
        lacksPorts,
        conditions: protocolAt.conditions,
      });
    }
  }
  return entries;
}

/** All entries of a template by ACL and direction: those that decide together. */
export const entriesByAcl = oncePerTemplate((template): ReadonlyMap<string, readonly AclEntry[]> => {
  const groups = new Map<string, AclEntry[]>();
  for (const entry of template.ofType(...ENTRY_TYPES).flatMap(entriesOf)) {
    if (entry.acl === undefined) continue;
    const key = `${entry.egress} ${entry.acl}`;
    const list = groups.get(key);
    if (list) list.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
});

/** Those of one ACL and direction, by what {@link entriesByAcl} names them. */
const decidingTogether = oncePer((resource: Resource, key: string) => entriesByAcl(resource.template).get(key));

/** The entries that decide together with this one, itself included. */
export function siblings(entry: AclEntry): readonly AclEntry[] {
  if (entry.acl === undefined) return [entry];
  return decidingTogether(entry.resource, `${entry.egress} ${entry.acl}`) ?? [entry];
}
