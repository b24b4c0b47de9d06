/** AWS Network Firewall: logs, protection against deletion, keys, and VPCs without a firewall. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { companions, declareCompanions } from '../template/companions.ts';
import type { Resource } from '../template/template.ts';
import { set } from './fixes.ts';
import { isTrue, oneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { PropertyCheck, Reporter, Rule } from './rule.ts';

const FIREWALL = 'AWS::NetworkFirewall::Firewall';
const TF_FIREWALL = 'aws_networkfirewall_firewall';

declareCompanions(FIREWALL, { 'AWS::NetworkFirewall::LoggingConfiguration': 'FirewallArn' });
declareCompanions(TF_FIREWALL, { aws_networkfirewall_logging_configuration: 'firewall_arn' });
declareCompanions('AWS::EC2::VPC', { [FIREWALL]: 'VpcId', 'AWS::EC2::VPCGatewayAttachment': 'VpcId' });
declareCompanions('aws_vpc', {
  [TF_FIREWALL]: 'vpc_id',
  aws_internet_gateway: 'vpc_id',
  aws_internet_gateway_attachment: 'vpc_id',
});

/** No companion of the type, and none that may be it. */
function without(resource: Resource, type: string): boolean {
  const { sure, maybe } = companions(resource, type);
  return !sure.length && !maybe;
}

function checkLogging(firewall: Resource, reporter: Reporter): void {
  const type =
    firewall.type === FIREWALL
      ? 'AWS::NetworkFirewall::LoggingConfiguration'
      : 'aws_networkfirewall_logging_configuration';
  if (without(firewall, type)) reporter.report({ node: firewall.key, resource: firewall, variant: 'logging' });
}

/** A VPC that has a way to the internet, and no firewall. */
function checkVpc(vpc: Resource, reporter: Reporter): void {
  const terraform = vpc.type === 'aws_vpc';
  const ways = terraform
    ? ['aws_internet_gateway', 'aws_internet_gateway_attachment']
    : ['AWS::EC2::VPCGatewayAttachment'];
  if (!ways.some((type) => companions(vpc, type).sure.length > 0)) return;
  if (without(vpc, terraform ? TF_FIREWALL : FIREWALL)) {
    reporter.report({ node: vpc.key, resource: vpc, variant: 'vpc' });
  }
}

/** The data is encrypted with a key that AWS owns unless a key is named. */
function ownKey(types: readonly string[], variant: string): PropertyCheck {
  return {
    kind: 'property',
    targets: [{ type: types, path: 'encryption_configuration.type' }],
    must: otherwise(oneOf('CUSTOMER_KMS'), variant),
    absent: variant,
  };
}

const LOGGING = ['checkov:CKV2_AWS_63'];
const DELETION = ['checkov:CKV_AWS_344'];
const KEY = ['checkov:CKV_AWS_345'];
const POLICY_KEY = ['checkov:CKV_AWS_346'];
const NO_FIREWALL = ['kics:VPC Without Network Firewall'];
const KEY_MESSAGE = 'Encrypted with a key that AWS owns, not with one of your own';

export const NETWORKFIREWALL_RULES: readonly Rule[] = [
  {
    id: 'networkfirewall',
    title: 'Network firewall writes no logs',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS runs the firewall; what it records, who may delete it and which traffic passes it are your settings.',
    },
    description:
      'A firewall that logs nothing cannot tell what it stopped or let through. One that can be deleted by mistake takes the network down, or opens it. Rules and policies are encrypted by AWS in any case; a key of your own lets you decide who may read them.',
    aws: awsDefaults('networkfirewall-encryption'),
    aliases: [...LOGGING, ...DELETION, ...KEY, ...POLICY_KEY, ...NO_FIREWALL],
    variants: {
      logging: { aliases: LOGGING },
      deletion: { message: 'Network firewall may be deleted by mistake', aliases: DELETION },
      key: { message: KEY_MESSAGE, aliases: KEY },
      'policy-key': { message: KEY_MESSAGE, aliases: POLICY_KEY },
      vpc: { message: 'VPC has a way to the internet and no network firewall', aliases: NO_FIREWALL },
    },
    references: [
      aws('EncryptionConfiguration', 'network-firewall/latest/APIReference/API_EncryptionConfiguration.html'),
      aws(
        'Logging network traffic from AWS Network Firewall',
        'network-firewall/latest/developerguide/firewall-logging.html',
      ),
    ],
    checks: [
      {
        kind: 'resource',
        types: [FIREWALL, TF_FIREWALL],
        check: checkLogging,
      },
      {
        kind: 'property',
        targets: [
          { type: FIREWALL, path: 'DeleteProtection', absent: undefined },
          { type: TF_FIREWALL, path: 'delete_protection' },
        ],
        must: otherwise(isTrue, 'deletion'),
        absent: 'deletion',
        fix: set(true, { safe: false, note: 'must be switched off again before the firewall can be deleted' }),
      },
      ownKey([TF_FIREWALL, 'aws_networkfirewall_rule_group'], 'key'),
      ownKey(['aws_networkfirewall_firewall_policy'], 'policy-key'),
      { kind: 'resource', types: ['AWS::EC2::VPC', 'aws_vpc'], check: checkVpc },
    ],
  },
];
