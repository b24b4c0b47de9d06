/** Instances that the internet can reach: those with a public address, and the security groups they stand in. */

import { companions, declareCompanions, names, ownersOf } from '../template/companions.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { oncePerResource, oncePerTemplate } from '../template/template.ts';
import { asBoolean, type Condition } from '../template/value.ts';
import type { Related } from './rule.ts';
import { givesPublicAddresses, subnetAddresses } from './subnets.ts';

declareCompanions('AWS::EC2::Instance', { 'AWS::EC2::EIP': 'InstanceId', 'AWS::EC2::EIPAssociation': 'InstanceId' });
declareCompanions('aws_instance', { aws_eip: 'instance', aws_eip_association: 'instance_id' });

/** How each language says it. */
interface Shape {
  readonly setting: string;
  readonly elastic: readonly string[];
  readonly subnets: readonly string[];
  readonly subnet: string;
  /** Its security groups. */
  readonly groups: readonly string[];
}

const SHAPES: Readonly<Record<string, Shape>> = {
  'AWS::EC2::Instance': {
    setting: 'NetworkInterfaces[].AssociatePublicIpAddress',
    elastic: ['AWS::EC2::EIP', 'AWS::EC2::EIPAssociation'],
    subnets: ['SubnetId', 'NetworkInterfaces[].SubnetId'],
    subnet: 'AWS::EC2::Subnet',
    groups: ['SecurityGroups[]', 'SecurityGroupIds[]', 'NetworkInterfaces[].GroupSet[]'],
  },
  aws_instance: {
    setting: 'associate_public_ip_address',
    elastic: ['aws_eip', 'aws_eip_association'],
    subnets: ['subnet_id'],
    subnet: 'aws_subnet',
    groups: ['security_groups[]', 'vpc_security_group_ids[]'],
  },
};

export const INSTANCE_TYPES: readonly string[] = Object.keys(SHAPES);

/** Whether something holds wherever the instance exists. */
function holdsFor(instance: Resource, conditions: readonly Condition[]): boolean {
  return conditions.every((one) =>
    instance.conditions.some((other) => other.id === one.id && other.value === one.value),
  );
}

/**
 * What gives an instance a public address, in every case: an elastic address, its own setting, its subnet's. False where
 * nothing does; undefined where that is not known or hangs on a condition.
 */
export function publicAddress(instance: Resource): Related | false | undefined {
  const shape = SHAPES[instance.type];
  if (!shape) return undefined;
  const elastic = shape.elastic.flatMap((type) => companions(instance, type).sure);
  const [address] = elastic.filter((one) => holdsFor(instance, one.conditions));
  if (address) return { node: address.key, message: 'Gives the instance a public address', resource: address };
  if (elastic.length) return undefined;
  const settings = select(instance, shape.setting);
  const on = settings.find((one) => asBoolean(one.value) === true && holdsFor(instance, one.conditions));
  if (on) return { node: on.node, message: 'Gets a public address', resource: instance };
  const written = settings.filter((one) => one.value.kind !== 'absent');
  if (written.length) return written.every((one) => asBoolean(one.value) === false) ? false : undefined;
  const [subnet, ...others] = shape.subnets.flatMap((path) => ownersOf(instance, path, shape.subnet));
  if (!subnet || others.length) return undefined;
  const given = givesPublicAddresses(subnet);
  if (given) return given;
  return subnetAddresses(subnet).every(({ value }) => value.kind === 'absent' || asBoolean(value) === false)
    ? false
    : undefined;
}

/** Where an instance names its security groups. */
export function groupsOfInstance(instance: Resource): Found[] {
  return groupPaths(instance)
    .flatMap((path) => select(instance, path))
    .filter((one) => one.value.kind !== 'absent');
}

/** Paths at which an instance names its security groups. */
export function groupPaths(instance: Resource): readonly string[] {
  return SHAPES[instance.type]?.groups ?? [];
}

/** The group of this template that a leaf of {@link groupsOfInstance} is. */
export function groupAt({ value, resource }: Found): Resource | undefined {
  const group = value.kind === 'reference' ? resource.template.resource(value.target) : undefined;
  return group && names(value, group) === true ? group : undefined;
}

const byGroup = oncePerTemplate((template): ReadonlyMap<Resource, readonly Related[]> => {
  const map = new Map<Resource, Related[]>();
  for (const instance of template.ofType(...INSTANCE_TYPES)) {
    const groups = new Set(groupsOfInstance(instance).flatMap((one) => groupAt(one) ?? []));
    if (!groups.size || !publicAddress(instance)) continue;
    const related = { node: instance.key, message: `${instance.address} has a public address`, resource: instance };
    for (const one of groups) map.set(one, [...(map.get(one) ?? []), related]);
  }
  return map;
});

/** The instances with a public address that stand in a group: what is open in the group is open on them. */
export const publicInstancesIn = oncePerResource(
  (group): readonly Related[] => byGroup(group.template).get(group) ?? [],
);
