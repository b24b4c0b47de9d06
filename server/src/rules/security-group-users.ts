/** Security groups where they are used: default groups, and instances that a group opens to the internet. */

import { companions, declareCompanions, ownersOf } from '../template/companions.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import type { Fix } from './fix.ts';
import { addTerraformResource, nameOf, setEdits, terraformReference } from './fixes.ts';
import { groupAt, groupPaths, groupsOfInstance, INSTANCE_TYPES, publicAddress } from './public-instances.ts';
import { aws } from './references.ts';
import type { Related, Reporter, Rule } from './rule.ts';
import { exposures, messageOf } from './security-group-exposure.ts';
import { groupPath, groupsOf, RULE_TYPES, trafficRules, withOwnRules } from './security-group-rules.ts';
import { known, lacks } from './shared.ts';

declareCompanions('aws_vpc', { aws_default_security_group: 'vpc_id' });

// ---- default security groups

const DEFAULT_GROUP = 'aws_default_security_group';
const CLOSED = ['checkov:CKV2_AWS_12', 'trivy:AVD-AWS-0173', 'cdk-nag:VPCDefaultSecurityGroupClosed'];

/** The VPCs whose default group this is. */
function vpcsOf(group: Resource): Related[] {
  return ownersOf(group, 'vpc_id', 'aws_vpc').map((vpc) => ({
    node: vpc.key,
    message: `The default group of ${vpc.address}`,
    resource: vpc,
  }));
}

/** Rules written in the default group itself: one finding, on the first key. */
function checkDefaultGroup(group: Resource, reporter: Reporter): void {
  const [first] = trafficRules(group);
  if (!first?.inline) return;
  const [block] = [first.block];
  const key = group.properties.get(first.inline)?.key ?? block.node;
  reporter.report({
    node: key,
    resource: group,
    conditions: block.conditions,
    path: first.inline,
    related: vpcsOf(group),
    fix: () => {
      const entries = ['ingress', 'egress'].flatMap((name) => group.properties.get(name)?.key.entry ?? []);
      if (group.template.dialect === 'terraform-plan' || !entries.length) return undefined;
      return {
        title: 'Remove the rules of the default group (what still uses it loses its traffic)',
        safe: false,
        edits: entries.map((entry) => ({ kind: 'remove' as const, entry })),
      };
    },
  });
}

/** A rule of its own that is added to a default group. */
function checkDefaultGroupRule(rule: Resource, reporter: Reporter): void {
  const path = groupPath(rule);
  if (!path) return;
  for (const found of select(rule, path)) {
    const { value } = found;
    if (value.kind !== 'reference') continue;
    const target = rule.template.resource(value.target);
    if (!target) continue;
    const ofVpc = /^default_?security_?group(_?id)?$/i.test(value.attribute ?? '');
    const ofGroup = groupsOf(rule).some((group) => group.type === DEFAULT_GROUP && group === target);
    if (!ofVpc && !ofGroup) continue;
    const related = ofGroup
      ? vpcsOf(target)
      : [{ node: target.key, message: `The default group of ${target.address}`, resource: target }];
    reporter.reportFound(found, { related });
  }
}

function checkVpcWithoutClosedGroup(vpc: Resource, reporter: Reporter): void {
  const group = companions(vpc, DEFAULT_GROUP);
  if (group.sure.length || group.maybe) return;
  reporter.report({
    node: vpc.key,
    resource: vpc,
    variant: 'unmanaged',
    fix: () => {
      const edits = addTerraformResource(vpc, DEFAULT_GROUP, nameOf(vpc), { vpc_id: terraformReference(vpc, 'id') });
      return (
        edits && {
          title: `Add ${DEFAULT_GROUP} without rules (what still uses the default group loses its traffic)`,
          safe: false,
          edits,
        }
      );
    },
  });
}

/** Whether a leaf names a default group: by name, by the VPC's attribute, or by the resource that adopts it. */
function isDefaultGroup(found: Found): boolean {
  const { value, resource } = found;
  if (value.kind === 'known') return String(value.value) === 'default';
  if (value.kind !== 'reference') return false;
  if (/^default_?security_?group(_?id)?$/i.test(value.attribute ?? '')) return true;
  const target = resource.template.resource(value.target);
  return (
    target?.type === DEFAULT_GROUP ||
    (target?.type === 'data.aws_security_group' && known(target, 'name') === 'default')
  );
}

/** Where the groups of an instance may come from besides. */
const GROUPS_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::Instance': ['NetworkInterfaces', 'LaunchTemplate'],
  aws_instance: ['network_interface', 'primary_network_interface', 'launch_template'],
};

/** Where an instance names its groups by their ids. */
const GROUP_IDS: Readonly<Record<string, string>> = {
  'AWS::EC2::Instance': 'SecurityGroupIds',
  aws_instance: 'vpc_security_group_ids',
};

/**
 * Names a group to fill in: which one is meant for the instance a person knows, and AWS starts none with a group that there is not.
 */
function ownGroup(found: Found | undefined): Fix | undefined {
  if (!found) return undefined;
  const what = found.value.kind === 'known' ? 'name' : 'id';
  const group = `SECURITY_GROUP_${what.toUpperCase()}`;
  const edits = setEdits(found, found.value.kind === 'absent' ? [group] : group);
  return edits && { title: `Use a security group of its own (put in its ${what})`, safe: false, edits };
}

function checkInstanceGroups(instance: Resource, reporter: Reporter): void {
  for (const found of groupsOfInstance(instance)) {
    if (isDefaultGroup(found)) reporter.reportFound(found, { fix: () => ownGroup(found) });
  }
  const paths = [...groupPaths(instance), ...(GROUPS_ELSEWHERE[instance.type] ?? [])];
  if (paths.every((path) => lacks(instance, path.replace(/\[\].*$/, '')) === true)) {
    const path = GROUP_IDS[instance.type];
    const absent = path === undefined ? undefined : select(instance, path)[0];
    reporter.report({ node: instance.key, resource: instance, variant: 'none', fix: () => ownGroup(absent) });
  }
}

// ---- instances

/**
 * An instance with a public address in a group that admits the world to a port of its own. What is worse (remote access,
 * databases, everything) is reported at the group, with its instances.
 */
function checkPublicInstance(instance: Resource, reporter: Reporter): void {
  const groups = groupsOfInstance(instance);
  if (!groups.length) return;
  const address = publicAddress(instance);
  if (!address) return;
  for (const found of groups) {
    const group = groupAt(found);
    if (!group) continue;
    const open = withOwnRules(group)
      .flatMap((resource) => exposures(resource))
      .find((one) => one.ruleId === 'sg-ingress-world' && one.variant === undefined);
    if (!open) continue;
    reporter.reportFound(found, {
      message: `${messageOf(open)}, and this instance has a public address`,
      related: [{ node: open.cidr.node, message: 'Open to the internet', resource: open.rule.resource }, address],
    });
  }
}

export const SECURITY_GROUP_USER_RULES: readonly Rule[] = [
  {
    id: 'sg-default-open',
    title: 'Default security group lets traffic through',
    category: 'network-exposure',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS makes a default group in every VPC that admits its own members and lets everything out; closing it is your part.',
    },
    description:
      'Whatever is started without a group of its own gets the default group, and with it these rules. Keep it without rules, so that nothing works by accident, and give every resource a group made for it.',
    aliases: [
      ...CLOSED,
      'kics:Default Security Groups With Unrestricted Traffic',
      'kics:VPC Default Security Group Accepts All Traffic',
    ],
    variants: {
      unmanaged: {
        severity: 'info',
        message:
          'The default security group of this VPC keeps its rules: its members reach each other and the internet',
        aliases: CLOSED,
      },
    },
    references: [aws('Default security groups for your VPCs', 'vpc/latest/userguide/default-security-group.html')],
    checks: [
      { kind: 'resource', types: [DEFAULT_GROUP], check: checkDefaultGroup },
      { kind: 'resource', types: RULE_TYPES, check: checkDefaultGroupRule },
      { kind: 'resource', types: ['aws_vpc'], check: checkVpcWithoutClosedGroup },
    ],
  },
  {
    id: 'sg-default-used',
    title: 'Instance uses the default security group',
    category: 'network-exposure',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS puts an instance in the default group when the template names none; giving it a group of its own is your part.',
    },
    description:
      'The default group is shared by everything that names no group: each member reaches the others on every port. Make a group for what this instance needs.',
    aliases: ['kics:EC2 Instance Using Default Security Group'],
    variants: {
      none: { severity: 'info', message: 'Instance names no security group, so it gets the default one of its VPC' },
    },
    references: [aws('Default security groups for your VPCs', 'vpc/latest/userguide/default-security-group.html')],
    checks: [{ kind: 'resource', types: INSTANCE_TYPES, check: checkInstanceGroups }],
  },
  {
    id: 'ec2-in-public-subnet-all-ports',
    title: 'Instance with a public address admits the internet',
    category: 'network-exposure',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS builds the network that the template describes; who can reach what in it is your design.',
    },
    description:
      'The instance has a public address and a security group that lets anyone in on more than a web server’s ports. Close the group, or keep the instance in a private subnet behind a load balancer. A group that is open for remote access, a database or everything is reported itself, with the instances that it exposes.',
    aliases: ['kics:EC2 Public Instance Exposed Through Subnet'],
    references: [aws('Security group rules', 'vpc/latest/userguide/security-group-rules.html')],
    checks: [{ kind: 'resource', types: INSTANCE_TYPES, check: checkPublicInstance }],
  },
];
