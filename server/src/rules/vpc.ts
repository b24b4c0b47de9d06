/** Amazon VPC: default networks, public subnets, routes, flow logs, and what is left of EC2-Classic's groups. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { companions, declareCompanions } from '../template/companions.ts';
import { type Found, select } from '../template/select.ts';
import { isPartial, type Resource } from '../template/template.ts';
import { asBoolean, asPattern, asString } from '../template/value.ts';
import { isWide, isWorld } from './cidr.ts';
import type { Fix } from './fix.ts';
import { addCloudFormationResource, addTerraformResource, nameOf, set, terraformReference } from './fixes.ts';
import { addLogTarget, type LogDelivery } from './log-delivery-fixes.ts';
import { noneOf, oneOf, scalar } from './predicates.ts';
import { aws } from './references.ts';
import { removeBlock, removeResource } from './removal-fixes.ts';
import type { FixMaker, Owner, Rule } from './rule.ts';
import { cidrOf } from './security-group-exposure.ts';
import { internetRoute } from './subnets.ts';

declareCompanions('AWS::EC2::VPC', { 'AWS::EC2::FlowLog': 'ResourceId' });
declareCompanions('aws_vpc', { aws_flow_log: 'vpc_id' });

const NETWORK: Owner = {
  side: 'customer',
  why: 'AWS builds the network that the template describes; who can reach what in it is your design.',
};

// ---- subnets and routes

/** Whether a subnet is meant to be public, or may be: by its name, or by a route to an internet gateway. */
function isPublicTier(subnet: Resource): boolean {
  const cloudFormation = subnet.type.startsWith('AWS::');
  const texts = cloudFormation
    ? select(subnet, 'Tags[].Value')
    : [...select(subnet, 'tags.Name'), ...select(subnet, 'tags.Tier')];
  const named = [subnet.address, ...texts.map((one) => asPattern(one.value) ?? '')];
  if (named.some((text) => /public|dmz/i.test(text))) return true;
  return internetRoute(subnet) !== undefined || isPartial(subnet.template);
}

const cidrIsNarrow = (found: Found): true | undefined | string => {
  const cidr = cidrOf(found);
  if (!cidr) return undefined;
  return isWorld(cidr) ? 'world' : isWide(cidr) ? 'wide' : true;
};

/** What flow logs need to write to a log group that exists. Source: Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs". */
const FLOW_LOGS: LogDelivery = {
  service: 'vpc-flow-logs.amazonaws.com',
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
};

function addFlowLog(vpc: Resource): Fix | undefined {
  const target = addLogTarget(vpc, 'FlowLogs', FLOW_LOGS);
  const name = nameOf(vpc);
  const logs =
    target &&
    (addCloudFormationResource(vpc, `${name}FlowLog`, 'AWS::EC2::FlowLog', {
      ResourceId: { Ref: name },
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogGroupName: target.groupName,
      DeliverLogsPermissionArn: target.roleArn,
    }) ??
      addTerraformResource(vpc, 'aws_flow_log', name, {
        vpc_id: terraformReference(vpc, 'id'),
        traffic_type: 'ALL',
        log_destination: target.groupArn,
        iam_role_arn: target.roleArn,
      }));
  return (
    logs && {
      title: 'Write flow logs to a new log group (adds a role for the service; stored logs are billed)',
      safe: false,
      edits: [...target.edits, ...logs],
    }
  );
}

const closeDatabases: FixMaker = (found) => {
  const title = 'Remove this rule (clients outside the other rules are cut off)';
  return found.resource.type === 'AWS::RDS::DBSecurityGroupIngress'
    ? removeResource(found.resource, title)
    : removeBlock(found, title);
};

export const VPC_RULES: readonly Rule[] = [
  {
    id: 'subnet-map-public-ip',
    title: 'Subnet gives every instance a public address',
    category: 'network-exposure',
    severity: 'low',
    tier: 'core',
    owner: NETWORK,
    description:
      'Whatever starts in this subnet gets a public address unless it says otherwise. Ask for public addresses where they are needed, on the instance or load balancer itself.',
    aws: awsDefaults('subnet-public-ip'),
    aliases: [
      'checkov:CKV_AWS_130',
      'cfn_nag:W33',
      'trivy:AVD-AWS-0164',
      'guard:SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED',
      'cdk-nag:VPCSubnetAutoAssignPublicIpDisabled',
      'kics:VPC Subnet Assigns Public IP',
    ],
    variants: { public: { severity: 'info' } },
    references: [
      aws('Modify the IP addressing attributes of your subnet', 'vpc/latest/userguide/subnet-public-ip.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EC2::Subnet', path: 'MapPublicIpOnLaunch' },
          { type: 'aws_subnet', path: 'map_public_ip_on_launch' },
        ],
        must: (value, found) => {
          const verdict = scalar((one) => {
            const truth = asBoolean(one);
            return truth === undefined ? undefined : !truth;
          })(value, found);
          return verdict === false && isPublicTier(found.resource) ? 'public' : verdict;
        },
        absent: true,
        fix: set(false, { safe: false, note: 'new instances get no public address' }),
      },
    ],
  },
  {
    id: 'vpc-default',
    title: 'Default VPC is used',
    category: 'network-exposure',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS makes a default VPC with public subnets in every Region for a quick start; building on it is your choice.',
    },
    description:
      'Every subnet of the default VPC is public: what starts there gets a public address and a route to the internet. Make a VPC with private subnets, and leave the default one unused or delete it.',
    aws: awsDefaults('vpc-default'),
    aliases: [
      'checkov:CKV_AWS_148',
      'trivy:AVD-AWS-0101',
      'kics:Default VPC Exists',
      'kics:EC2 Instance Using Default VPC',
    ],
    variants: { subnet: { message: 'Default subnet is used', aliases: ['kics:EC2 Instance Using Default VPC'] } },
    references: [aws('Default VPCs', 'vpc/latest/userguide/default-vpc.html')],
    checks: [
      {
        kind: 'resource',
        types: ['aws_default_vpc', 'aws_default_subnet'],
        check: (resource, reporter) => {
          reporter.report({
            node: resource.key,
            resource,
            variant: resource.type === 'aws_default_subnet' ? 'subnet' : undefined,
            fix: () => removeResource(resource, 'Remove this block (what it stands for stays as it is in AWS)'),
          });
        },
      },
    ],
  },
  {
    id: 'vpc-flow-logs',
    title: 'VPC has no flow log',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS records traffic of a VPC only when asked to; seeing who talked to whom is your part.',
    },
    description:
      'Without a flow log nobody can tell afterwards which connections were made or refused. Add one that writes to S3 or CloudWatch Logs.',
    aliases: [
      'checkov:CKV2_AWS_11',
      'cfn_nag:W60',
      'trivy:AVD-AWS-0178',
      'cdk-nag:AwsSolutions-VPC7',
      'kics:VPC FlowLogs Disabled',
    ],
    references: [aws('Logging IP traffic using VPC Flow Logs', 'vpc/latest/userguide/flow-logs.html')],
    checks: [
      {
        kind: 'resource',
        types: ['AWS::EC2::VPC', 'aws_vpc'],
        check: (vpc, reporter) => {
          const log = companions(vpc, vpc.type === 'aws_vpc' ? 'aws_flow_log' : 'AWS::EC2::FlowLog');
          if (!log.sure.length && !log.maybe) {
            reporter.report({ node: vpc.key, resource: vpc, fix: () => addFlowLog(vpc) });
          }
        },
      },
    ],
  },
  {
    id: 'vpc-encryption-control',
    title: 'Unencrypted traffic in the VPC is watched, not refused',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS encrypts traffic between instances that support it; refusing what is not encrypted is a mode that you choose.',
    },
    description:
      'In monitor mode the VPC only shows which traffic is not encrypted. Once nothing is left that has to be, enforce it.',
    aliases: [],
    references: [aws('Enforce VPC encryption in transit', 'vpc/latest/userguide/vpc-encryption-controls.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EC2::VPCEncryptionControl', path: 'Mode' },
          { type: 'aws_vpc_encryption_control', path: 'mode' },
        ],
        must: oneOf('enforce'),
        absent: undefined,
        fix: set('enforce', { safe: false, note: 'what cannot encrypt is refused' }),
      },
    ],
  },
  {
    id: 'vpc-block-public-access',
    title: 'Block public access of VPCs is switched off',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS can keep internet gateways from letting traffic in, for a whole Region at once; switching that on is your choice.',
    },
    description:
      'Nothing stops a route, a group and a public address from opening a VPC to the internet. Blocking public access does, for every VPC of the account in the Region; subnets that must be public are excluded by name.',
    aliases: [],
    references: [aws('Block public access to VPCs and subnets', 'vpc/latest/userguide/security-vpc-bpa.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EC2::VPCBlockPublicAccessOptions', path: 'InternetGatewayBlockMode' },
          { type: 'aws_vpc_block_public_access_options', path: 'internet_gateway_block_mode' },
        ],
        must: noneOf('off'),
        absent: undefined,
        fix: set('block-ingress', { safe: false, note: 'the internet reaches no VPC of the Region any more' }),
      },
    ],
  },
  {
    id: 'db-security-group-open',
    title: 'Database security group is open to the internet',
    category: 'network-exposure',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS lets a database security group admit whom it names; these addresses are your choice.',
    },
    description:
      'Anyone can try to log in to the databases of this group. DB security groups belong to EC2-Classic, which AWS has retired: use a VPC security group that names the clients.',
    aliases: [
      'cdk-nag:AwsSolutions-RDS8',
      'kics:DB Security Group With Public Scope',
      'kics:DB Security Group Has Public Interface',
      'kics:DB Security Group Open To Large Scope',
    ],
    variants: {
      wide: {
        severity: 'medium',
        message: 'Database security group is open to a very large network',
        aliases: ['kics:DB Security Group Open To Large Scope'],
      },
    },
    references: [
      aws('Controlling access with security groups', 'AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::RDS::DBSecurityGroup', path: 'DBSecurityGroupIngress[].CIDRIP' },
          { type: 'AWS::RDS::DBSecurityGroupIngress', path: 'CIDRIP' },
          { type: 'aws_db_security_group', path: 'ingress[].cidr' },
        ],
        must: (_value, found) => {
          const verdict = cidrIsNarrow(found);
          return verdict === 'world' ? false : verdict;
        },
        absent: true,
        message: (found) => `Databases are open to ${asString(found.value) ?? 'the internet'}`,
        fix: closeDatabases,
      },
    ],
  },
];
