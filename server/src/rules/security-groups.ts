/** Security groups: what may come in. The rules of what may go out, and the optional ones, are in security-group-options.ts. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { publicInstancesIn } from './public-instances.ts';
import { aws } from './references.ts';
import type { Owner, Reporter, Rule } from './rule.ts';
import {
  ALL_PORTS,
  ALL_PROTOCOLS,
  ANALYSIS,
  ANY_PORT,
  aliasesOf,
  COMMON,
  closeRule,
  exposures,
  groupRelated,
  HTTP,
  messageOf,
  NOBODY,
  NOT_ONE_HOST,
  PORT_RANGE,
  RDP,
  type RuleId,
  SENSITIVE,
  SSH,
  UNKNOWN_PORT,
  WIDE,
  WORLD,
} from './security-group-exposure.ts';
import { SECURITY_GROUP_OPTIONS } from './security-group-options.ts';
import { groupsOf, placeOf, TRAFFIC_TYPES } from './security-group-rules.ts';

function check(ruleId: RuleId): (resource: Resource, reporter: Reporter) => void {
  return (resource, reporter) => {
    for (const exposure of exposures(resource)) {
      if (exposure.ruleId !== ruleId) continue;
      reporter.reportFound(exposure.cidr, {
        node: placeOf(exposure.cidr),
        variant: exposure.variant,
        conditions: exposure.conditions,
        message: messageOf(exposure),
        aliases: aliasesOf(exposure),
        related: [
          ...exposure.also.map((one) => ({ node: one.node, message: `Also open to ${asString(one.value) ?? 'this'}` })),
          ...groupRelated(exposure.rule),
          ...(exposure.rule.inline ? [resource] : groupsOf(resource)).flatMap(publicInstancesIn),
        ],
        fix: () => closeRule(exposure.rule, [exposure.cidr, ...exposure.also], NOBODY),
      });
    }
  };
}

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS enforces a security group to the letter and admits nothing by default; every opening in it is your decision.',
};
const RULES_PAGE = aws('Security group rules', 'vpc/latest/userguide/security-group-rules.html');
const SESSION_MANAGER = aws(
  'AWS Systems Manager Session Manager',
  'systems-manager/latest/userguide/session-manager.html',
);

type Words = Pick<Rule, 'title' | 'severity' | 'description' | 'aliases' | 'variants'> &
  Partial<Pick<Rule, 'references'>>;

function ingress(id: RuleId, words: Words): Rule {
  return {
    id,
    category: 'network-exposure',
    tier: 'core',
    owner: OWNER,
    aws: awsDefaults('sg-ingress'),
    references: [RULES_PAGE],
    ...words,
    checks: [{ kind: 'resource', types: TRAFFIC_TYPES, check: check(id) }],
  };
}

export const SECURITY_GROUP_RULES: readonly Rule[] = [
  ingress('sg-ingress-all-world', {
    title: 'Every port is open to the internet',
    severity: 'critical',
    description:
      'Anyone can reach every port of whatever carries this group: remote access, databases and services that nobody meant to publish. List the ports that the public needs and name the sources of the rest. With protocol `-1` AWS ignores the ports written beside it.',
    aliases: [
      ...new Set([
        ...ALL_PORTS,
        ANY_PORT,
        ...ALL_PROTOCOLS,
        ...WORLD,
        ...NOT_ONE_HOST,
        ...SSH,
        ...RDP,
        ...COMMON,
        ...SENSITIVE,
        ...HTTP,
      ]),
    ],
  }),
  ingress('sg-ingress-ssh-world', {
    title: 'SSH is open to the internet',
    severity: 'high',
    description:
      'Port 22 is scanned around the clock: guessed passwords, leaked keys and flaws in the SSH server all work from anywhere. Allow your own addresses only, or close the port and connect through Session Manager.',
    aliases: [...new Set([...SSH, ...RDP, ...WORLD, ...NOT_ONE_HOST, ...PORT_RANGE, ...COMMON, ...SENSITIVE, ...HTTP])],
    references: [RULES_PAGE, SESSION_MANAGER],
  }),
  ingress('sg-ingress-rdp-world', {
    title: 'Remote Desktop is open to the internet',
    severity: 'high',
    description:
      'Port 3389 is a favourite way in for ransomware: passwords are guessed and flaws in Remote Desktop exploited from anywhere. Allow your own addresses only, or close the port and connect through Fleet Manager or Session Manager.',
    aliases: [...RDP, ...WORLD, ...NOT_ONE_HOST, ...PORT_RANGE, ...COMMON, ...SENSITIVE, ...HTTP],
    references: [RULES_PAGE, SESSION_MANAGER],
  }),
  ingress('sg-ingress-admin-ports-world', {
    title: 'A database or administration port is open to the internet',
    severity: 'high',
    description:
      'Services on this port are made for a trusted network; some ask for no password at all. Name the sources that need it: a security group of yours, a prefix list, your own addresses.',
    aliases: [...SENSITIVE, ANALYSIS, ...COMMON, ...WORLD, ...NOT_ONE_HOST, ...PORT_RANGE, ...HTTP],
  }),
  ingress('sg-ingress-world', {
    title: 'A port is open to the internet',
    severity: 'low',
    description:
      'Anyone can connect to this port. For a public web server or load balancer that is the purpose; anything else should name its clients.',
    aliases: [...WORLD, ...NOT_ONE_HOST, ...PORT_RANGE, ...HTTP, UNKNOWN_PORT],
    variants: {
      web: { severity: 'info' },
      icmp: { severity: 'info' },
      unknown: { severity: 'info' },
    },
  }),
  ingress('sg-ingress-wide-cidr', {
    title: 'A port is open to a very large network',
    severity: 'low',
    description:
      'The range holds tens of thousands of addresses or more, most of them not yours. Narrow it to the networks that need to connect.',
    aliases: [...WIDE, ...PORT_RANGE, ...ALL_PROTOCOLS],
    variants: { private: { severity: 'info' } },
  }),
  ...SECURITY_GROUP_OPTIONS,
];
