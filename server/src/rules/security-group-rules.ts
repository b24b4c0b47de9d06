/**
 * One view of the rules of security groups, however they are written: inline in `AWS::EC2::SecurityGroup`,
 * `aws_security_group` and `aws_default_security_group`, or as resources of their own.
 */

import type { Node } from '../syntax/node.ts';
import { ownersOf } from '../template/companions.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { oncePerResource, oncePerTemplate } from '../template/template.ts';
import { asNumber, asString, type Condition } from '../template/value.ts';

export type Direction = 'ingress' | 'egress';
/** `other`: a protocol without ports, by number. */
export type Protocol = 'all' | 'tcp' | 'udp' | 'icmp' | 'other';

/** What a rule lets through under certain conditions. What is not known is undefined. */
export interface Traffic {
  readonly protocol: Protocol | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly conditions: readonly Condition[];
}

/** Names of a rule's properties where it is written. */
interface Names {
  readonly protocol: string;
  readonly from: string;
  readonly to: string;
  readonly cidrs: readonly string[];
  /** Sources and destinations that are no CIDR: groups, prefix lists, the group itself. */
  readonly others: readonly string[];
}

export interface TrafficRule {
  readonly direction: Direction;
  /** The resource that holds it. */
  readonly resource: Resource;
  /** Its block: an item of the group's list, or the properties of its own resource. */
  readonly block: Found;
  /** Property of the group that it is written in; undefined for a resource of its own. */
  readonly inline: string | undefined;
  /** Every CIDR it names; not only literals. */
  readonly cidrs: readonly Found[];
  readonly others: readonly Found[];
  readonly names: Names;
}

const CLOUDFORMATION: Names = {
  protocol: 'IpProtocol',
  from: 'FromPort',
  to: 'ToPort',
  cidrs: ['CidrIp', 'CidrIpv6'],
  others: [
    'SourceSecurityGroupId',
    'SourceSecurityGroupName',
    'SourcePrefixListId',
    'DestinationSecurityGroupId',
    'DestinationPrefixListId',
  ],
};
const TERRAFORM: Names = {
  protocol: 'protocol',
  from: 'from_port',
  to: 'to_port',
  cidrs: ['cidr_blocks[]', 'ipv6_cidr_blocks[]'],
  others: ['security_groups[]', 'source_security_group_id', 'prefix_list_ids[]', 'self'],
};
const TERRAFORM_VPC: Names = {
  protocol: 'ip_protocol',
  from: 'from_port',
  to: 'to_port',
  cidrs: ['cidr_ipv4', 'cidr_ipv6'],
  others: ['referenced_security_group_id', 'prefix_list_id'],
};

interface Inline {
  readonly names: Names;
  readonly blocks: readonly (readonly [Direction, string])[];
}

const CLOUDFORMATION_GROUP: Inline = {
  names: CLOUDFORMATION,
  blocks: [
    ['ingress', 'SecurityGroupIngress'],
    ['egress', 'SecurityGroupEgress'],
  ],
};
const TERRAFORM_GROUP: Inline = {
  names: TERRAFORM,
  blocks: [
    ['ingress', 'ingress'],
    ['egress', 'egress'],
  ],
};
const GROUPS: Readonly<Record<string, Inline>> = {
  'AWS::EC2::SecurityGroup': CLOUDFORMATION_GROUP,
  aws_security_group: TERRAFORM_GROUP,
  aws_default_security_group: TERRAFORM_GROUP,
};

interface Standalone {
  readonly names: Names;
  readonly direction: Direction | undefined;
  readonly group: string;
}

const STANDALONE: Readonly<Record<string, Standalone>> = {
  'AWS::EC2::SecurityGroupIngress': { names: CLOUDFORMATION, direction: 'ingress', group: 'GroupId' },
  'AWS::EC2::SecurityGroupEgress': { names: CLOUDFORMATION, direction: 'egress', group: 'GroupId' },
  // `type` says which.
  aws_security_group_rule: { names: TERRAFORM, direction: undefined, group: 'security_group_id' },
  aws_vpc_security_group_ingress_rule: { names: TERRAFORM_VPC, direction: 'ingress', group: 'security_group_id' },
  aws_vpc_security_group_egress_rule: { names: TERRAFORM_VPC, direction: 'egress', group: 'security_group_id' },
};

const GROUP_TYPES: readonly string[] = Object.keys(GROUPS);
export const RULE_TYPES: readonly string[] = Object.keys(STANDALONE);
/** Every type that holds rules. */
export const TRAFFIC_TYPES: readonly string[] = [...GROUP_TYPES, ...RULE_TYPES];

/** The rules that a resource holds; those of the group's own resources are not among the group's. */
export const trafficRules = oncePerResource((resource): readonly TrafficRule[] => read(resource));

function read(resource: Resource): TrafficRule[] {
  const group = GROUPS[resource.type];
  if (group) {
    return group.blocks.flatMap(([direction, property]) =>
      select(resource, `${property}[]`)
        .filter((block) => block.value.kind === 'object')
        .map((block) => ruleOf(resource, direction, block, group.names, property)),
    );
  }
  const own = STANDALONE[resource.type];
  if (!own) return [];
  const { properties } = resource;
  const block: Found = {
    value: properties,
    node: properties.node,
    key: resource.key,
    conditions: resource.conditions,
    via: [],
    scopes: [],
    resource,
    path: '',
  };
  if (own.direction) return [ruleOf(resource, own.direction, block, own.names, undefined)];
  return below(block, 'type').flatMap((type) => {
    const direction = asString(type.value)?.toLowerCase();
    if (direction !== 'ingress' && direction !== 'egress') return [];
    return [ruleOf(resource, direction, { ...block, conditions: type.conditions }, own.names, undefined)];
  });
}

function ruleOf(
  resource: Resource,
  direction: Direction,
  block: Found,
  names: Names,
  inline: string | undefined,
): TrafficRule {
  const set = (paths: readonly string[]) =>
    paths.flatMap((path) => below(block, path)).filter((found) => found.value.kind !== 'absent');
  let others: readonly Found[] | undefined;
  return {
    direction,
    resource,
    block,
    inline,
    names,
    cidrs: set(names.cidrs),
    get others() {
      others ??= set(names.others).filter(counts);
      return others;
    },
  };
}

/** `self = false` and empty text name nothing. */
function counts(found: Found): boolean {
  return !(found.value.kind === 'known' && ['', 'false'].includes(String(found.value.value).toLowerCase()));
}

/** What a rule lets through, given what is already assumed: one for each combination of alternatives. */
export function traffic(rule: TrafficRule, conditions: readonly Condition[]): readonly Traffic[] {
  const { names, block } = rule;
  const at = (path: string, assumed: readonly Condition[]) => below({ ...block, conditions: assumed }, path);
  const all: Traffic[] = [];
  for (const protocol of at(names.protocol, conditions)) {
    for (const from of at(names.from, protocol.conditions)) {
      for (const to of at(names.to, from.conditions)) {
        if (all.length >= 32) return all;
        all.push({
          protocol: protocolOf(asString(protocol.value)),
          from: asNumber(from.value),
          to: asNumber(to.value),
          conditions: to.conditions,
        });
      }
    }
  }
  return all;
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = Object.assign(Object.create(null), {
  '-1': 'all',
  all: 'all',
  tcp: 'tcp',
  '6': 'tcp',
  udp: 'udp',
  '17': 'udp',
  icmp: 'icmp',
  '1': 'icmp',
  icmpv6: 'icmp',
  '58': 'icmp',
});

/** A protocol by name or number. */
export function protocolOf(text: string | undefined): Protocol | undefined {
  return text === undefined || text === '' ? undefined : (PROTOCOLS[text.trim().toLowerCase()] ?? 'other');
}

/** Whether traffic has ports at all. */
export function hasPorts(one: Pick<Traffic, 'protocol'>): boolean {
  return one.protocol === 'tcp' || one.protocol === 'udp';
}

/** Every port of TCP or UDP: by protocol, by range, or by the -1 that stands for any. */
export function isEveryPort(one: Traffic): boolean {
  if (one.protocol === 'all') return true;
  if (!hasPorts(one) || one.from === undefined || one.to === undefined) return false;
  return (one.from === -1 && one.to === -1) || (one.from >= 0 && one.from <= 1 && one.to === 65535);
}

/** Whether a port is certainly let through. One end of the range is enough where it is the port itself. */
export function letsThrough(one: Traffic, protocol: 'tcp' | 'udp', port: number): boolean {
  if (one.protocol === 'all') return true;
  if (one.protocol !== protocol) return false;
  if (isEveryPort(one) || one.from === port || one.to === port) return true;
  return one.from !== undefined && one.to !== undefined && one.from <= port && port <= one.to;
}

/** More than one port: a range. */
export function isRange(one: Traffic): boolean {
  return hasPorts(one) && one.from !== undefined && one.to !== undefined && one.from !== one.to;
}

/** The groups of this template that a rule of its own belongs to. */
export const groupsOf = oncePerResource((rule): readonly Resource[] => {
  const own = STANDALONE[rule.type];
  return own ? ownersOf(rule, own.group, ...GROUP_TYPES) : [];
});

const rulesByGroup = oncePerTemplate((template): ReadonlyMap<Resource, readonly Resource[]> => {
  const map = new Map<Resource, Resource[]>();
  for (const rule of template.ofType(...RULE_TYPES)) {
    for (const one of groupsOf(rule)) {
      const known = map.get(one);
      if (known) known.push(rule);
      else map.set(one, [rule]);
    }
  }
  return map;
});

/** The group and the rules of it that are resources of their own: all that hold rules of the group. */
export const withOwnRules = oncePerResource((group): readonly Resource[] => [
  group,
  ...(rulesByGroup(group.template).get(group) ?? []),
]);

/** Where a rule of its own says which group it belongs to. */
export function groupPath(rule: Resource): string | undefined {
  return STANDALONE[rule.type]?.group;
}

/**
 * Where a leaf is used: its own place, or the value of its property where the leaf lies elsewhere (an item of a variable's
 * default, perhaps in another file).
 */
export function placeOf(found: Found): Node {
  const { body } = found.resource;
  const { node } = found;
  const inside = node.document === body.document && node.start >= body.start && node.end <= body.end;
  return inside ? node : (found.key?.entry?.value ?? node);
}
