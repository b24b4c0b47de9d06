/** Security groups, optional rules: what may go out, wide shapes of rules, descriptions, groups that nothing uses. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { companions, declareCompanions } from '../template/companions.ts';
import { below } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { isHost, isLoopback, isWorld } from './cidr.ts';
import { mentions } from './mentions.ts';
import { isPresent } from './predicates.ts';
import { aws } from './references.ts';
import type { Owner, Reporter, Rule } from './rule.ts';
import {
  ALL_PROTOCOLS,
  cidrOf,
  closeRule,
  groupRelated,
  isReported,
  isWhollyReported,
  NOT_ONE_HOST,
  PORT_RANGE,
} from './security-group-exposure.ts';
import {
  isEveryPort,
  isRange,
  placeOf,
  TRAFFIC_TYPES,
  type TrafficRule,
  traffic,
  trafficRules,
} from './security-group-rules.ts';
import { lacks } from './shared.ts';

declareCompanions('AWS::EC2::SecurityGroup', { 'AWS::EC2::SecurityGroupEgress': 'GroupId' });

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS enforces a security group to the letter; how tight its rules are is your decision.',
};
const RULES_PAGE = aws('Security group rules', 'vpc/latest/userguide/security-group-rules.html');

const EGRESS_WORLD = [
  'cfn_nag:W5',
  'trivy:AVD-AWS-0104',
  'guard:EC2_SECURITY_GROUP_EGRESS_OPEN_TO_WORLD_RULE',
  'kics:Security Group Egress CIDR Open To World',
  'kics:Security Groups Allows Unrestricted Outbound Traffic',
];
const EGRESS_ALL = [
  'cfn_nag:W40',
  'guard:SECURITY_GROUP_EGRESS_ALL_PROTOCOLS_RULE',
  'kics:Security Group Egress With All Protocols',
];
const EGRESS_RANGE = [
  'cfn_nag:W29',
  'guard:SECURITY_GROUP_EGRESS_PORT_RANGE_RULE',
  'kics:Security Group Egress With Port Range',
];
const EGRESS_ANY = 'checkov:CKV_AWS_382';

/** Judges every rule of one direction. */
function each(direction: 'ingress' | 'egress', judge: (rule: TrafficRule, reporter: Reporter) => void): Rule['checks'] {
  return [
    {
      kind: 'resource',
      types: TRAFFIC_TYPES,
      check: (resource: Resource, reporter: Reporter) => {
        for (const rule of trafficRules(resource)) if (rule.direction === direction) judge(rule, reporter);
      },
    },
  ];
}

/** The destination, and what is said about the rule besides, in one finding. */
function judgeEgress(rule: TrafficRule, reporter: Reporter): void {
  const destinations = rule.cidrs.map((found) => ({ found, cidr: cidrOf(found) }));
  // A rule to loopback alone lets nothing out: written to replace the default that lets out everything.
  if (destinations.some(({ cidr }) => cidr && isLoopback(cidr))) return;
  const open = destinations.filter(({ cidr }) => cidr && isWorld(cidr)).map(({ found }) => found);
  const [world] = open;
  const [way] = traffic(rule, world?.conditions ?? rule.block.conditions);
  if (!way) return;
  const shape = [...(way.protocol === 'all' ? EGRESS_ALL : []), ...(isRange(way) ? EGRESS_RANGE : [])];
  const related = groupRelated(rule);
  if (world) {
    const any = way.protocol === 'all' || (isEveryPort(way) && way.from === -1);
    reporter.reportFound(world, {
      node: placeOf(world),
      aliases: [...EGRESS_WORLD, ...shape, ...(any ? [EGRESS_ANY] : [])],
      message: `${way.protocol === 'all' ? 'All traffic' : 'Traffic'} may leave for ${asString(world.value)}`,
      related,
      fix: () => closeRule(rule, open, 'nothing leaves this way any more'),
    });
    return;
  }
  const property = way.protocol === 'all' ? rule.names.protocol : isRange(way) ? rule.names.from : undefined;
  const [found] = property ? below(rule.block, property) : [];
  if (!found) return;
  reporter.reportFound(found, {
    variant: way.protocol === 'all' ? 'protocols' : 'range',
    conditions: way.conditions,
    aliases: shape,
    related,
  });
}

/** Reports a rule's own property where its traffic is of a shape, unless a finding for its sources says so already. */
function shaped(test: (rule: TrafficRule) => string | undefined): (rule: TrafficRule, reporter: Reporter) => void {
  return (rule, reporter) => {
    if (isWhollyReported(rule)) return;
    const property = test(rule);
    const [found] = property ? below(rule.block, property) : [];
    if (found) reporter.reportFound(found, { related: groupRelated(rule) });
  };
}

/** What every way through a rule has in common. */
function always(rule: TrafficRule, test: (way: ReturnType<typeof traffic>[number]) => boolean): boolean {
  const ways = traffic(rule, rule.block.conditions);
  return ways.length > 0 && ways.every(test);
}

const DESCRIPTION = {
  group: ['checkov:CKV_AWS_23', 'trivy:AVD-AWS-0099', 'kics:Security Group Without Description'],
  rule: [
    'checkov:CKV_AWS_23',
    'cfn_nag:W36',
    'trivy:AVD-AWS-0124',
    'guard:SECURITY_GROUP_DESCRIPTION_RULE',
    'cdk-nag:AwsSolutions-EC27',
    'kics:Security Group Rule Without Description',
  ],
};

/** Whether the text of a Terraform module names the group anywhere but in itself and in rules of groups. */
function checkUnused(group: Resource, reporter: Reporter): void {
  const { template } = group;
  const name = String(group.key.value ?? '');
  if (!name || template.dialect !== 'terraform' || group.address !== `aws_security_group.${name}`) return;
  const own = [group, ...template.ofType(...TRAFFIC_TYPES)].map((one) => one.body);
  for (const { document, offset } of mentions(template, group.address)) {
    if (!own.some((body) => body.document === document && offset >= body.start && offset < body.end)) return;
  }
  reporter.report({ node: group.key, resource: group });
}

export const SECURITY_GROUP_OPTIONS: readonly Rule[] = [
  {
    id: 'sg-ingress-port-range',
    title: 'Rule opens a range of ports',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'A range also opens the ports between those you use, now and for whatever will listen there later. Write one rule for each port.',
    aliases: PORT_RANGE,
    references: [RULES_PAGE],
    checks: each(
      'ingress',
      shaped((rule) => (always(rule, isRange) ? rule.names.from : undefined)),
    ),
  },
  {
    id: 'sg-ingress-all-protocols',
    title: 'Rule lets in every protocol and port',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'Whoever the rule names can reach every port; AWS ignores ports written beside protocol `-1`. List the protocols and ports that are used.',
    aliases: ALL_PROTOCOLS,
    references: [RULES_PAGE],
    checks: each(
      'ingress',
      shaped((rule) => (always(rule, (way) => way.protocol === 'all') ? rule.names.protocol : undefined)),
    ),
  },
  {
    id: 'sg-ingress-network-source',
    title: 'Rule lets in a network instead of single addresses',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'Every address of the range is let in. Name single addresses (`/32`, `/128`) or a security group where you can.',
    aliases: NOT_ONE_HOST,
    references: [RULES_PAGE],
    checks: each('ingress', (rule, reporter) => {
      const found = rule.cidrs.find((one) => {
        const cidr = cidrOf(one);
        return cidr && !isHost(cidr) && !isReported(rule, one);
      });
      if (found) reporter.reportFound(found, { node: placeOf(found), related: groupRelated(rule) });
    }),
  },
  {
    id: 'sg-egress-world',
    title: 'Traffic may leave for the whole internet',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'Software that was taken over can call home and carry data out. Name the destinations: prefix lists of AWS services, security groups, the addresses of partners.',
    aws: awsDefaults('sg-egress'),
    aliases: [...EGRESS_WORLD, ...EGRESS_ALL, ...EGRESS_RANGE, EGRESS_ANY],
    variants: {
      protocols: { message: 'Rule lets out every protocol and port' },
      range: { message: 'Rule lets out a range of ports' },
    },
    references: [RULES_PAGE],
    checks: each('egress', judgeEgress),
  },
  {
    id: 'sg-egress-missing',
    title: 'Group has no outbound rule, so everything may leave',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: OWNER,
    description:
      'CloudFormation leaves the default rule in place, which lets out all traffic. Write the outbound rules that are needed, so that it is plain what may leave.',
    aws: awsDefaults('sg-egress'),
    aliases: ['cfn_nag:F1000', 'guard:SECURITY_GROUP_MISSING_EGRESS_RULE'],
    references: [RULES_PAGE],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::EC2::SecurityGroup',
            path: 'SecurityGroupEgress',
            where: (group) => {
              const own = companions(group, 'AWS::EC2::SecurityGroupEgress');
              return !own.sure.length && !own.maybe && lacks(group, 'SecurityGroupEgress');
            },
          },
        ],
        must: () => undefined,
        absent: false,
      },
    ],
  },
  {
    id: 'sg-no-description',
    title: 'Security group rule has no description',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS keeps the description you give; knowing later why a rule is there is your part.',
    },
    description: 'Nobody dares to remove a rule whose purpose is forgotten. Say what it is for, and for whom.',
    aliases: [...new Set([...DESCRIPTION.rule, ...DESCRIPTION.group])],
    variants: {
      group: { message: 'Security group has no description', aliases: DESCRIPTION.group },
      rule: { aliases: DESCRIPTION.rule },
    },
    references: [RULES_PAGE],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EC2::SecurityGroup', within: 'SecurityGroupIngress[]', path: 'Description' },
          { type: 'AWS::EC2::SecurityGroup', within: 'SecurityGroupEgress[]', path: 'Description' },
          { type: ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'], path: 'Description' },
          { type: ['aws_security_group', 'aws_default_security_group'], within: 'ingress[]', path: 'description' },
          { type: ['aws_security_group', 'aws_default_security_group'], within: 'egress[]', path: 'description' },
          {
            type: [
              'aws_security_group_rule',
              'aws_vpc_security_group_ingress_rule',
              'aws_vpc_security_group_egress_rule',
            ],
            path: 'description',
          },
          { type: 'aws_security_group', path: 'description', absent: 'group' },
        ],
        must: (value, found) => (isPresent(value, found) === false ? 'rule' : true),
        absent: 'rule',
      },
    ],
  },
  {
    id: 'sg-unused',
    title: 'Security group is attached to nothing here',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: { side: 'customer', why: 'AWS keeps a security group until you delete it; clearing up is your part.' },
    description:
      'Nothing in this configuration uses the group. Left-over groups get attached by mistake and bring their rules with them. Remove it, unless something outside uses it.',
    aliases: ['checkov:CKV2_AWS_5', 'kics:Security Group Not Used'],
    references: [RULES_PAGE],
    checks: [{ kind: 'resource', types: ['aws_security_group'], check: checkUnused }],
  },
];
