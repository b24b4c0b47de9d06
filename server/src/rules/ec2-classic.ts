/** Leftovers of EC2-Classic: security groups outside a VPC, and resources that name no place in one. */

import type { Resource } from '../template/template.ts';
import { isPresent, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Check, Reporter, Rule, Target, Variant } from './rule.ts';
import { all, lacks } from './shared.ts';

/** Security groups that only EC2-Classic had. */
const CLASSIC_TYPES: Readonly<Record<string, readonly string[]>> = {
  'AWS::RDS::DBSecurityGroup': ['checkov:CKV_AWS_198'],
  'AWS::ElastiCache::SecurityGroup': ['checkov:CKV_AWS_196'],
  'AWS::Redshift::ClusterSecurityGroup': ['trivy:AVD-AWS-0085'],
  aws_db_security_group: ['checkov:CKV_AWS_198'],
  aws_elasticache_security_group: ['checkov:CKV_AWS_196'],
  aws_redshift_security_group: ['trivy:AVD-AWS-0085'],
};

/** A resource that goes into the default VPC where none of these properties is set. */
interface Placement extends Required<Pick<Variant, 'message' | 'aliases'>> {
  readonly variant: string;
  readonly targets: readonly Target[];
}

/** Unless it takes its network from elsewhere. */
function without(...paths: readonly string[]) {
  return (resource: Resource): boolean | undefined => all(...paths.map((path) => lacks(resource, path)));
}

const PLACEMENTS: readonly Placement[] = [
  {
    variant: 'instance',
    message: 'Instance names no subnet: it goes into the default VPC',
    aliases: ['guard:EC2_INSTANCES_IN_VPC', 'cdk-nag:EC2InstancesInVPC', 'kics:Instance With No VPC'],
    targets: [
      {
        type: 'AWS::EC2::Instance',
        path: ['SubnetId', 'NetworkInterfaces[].SubnetId', 'NetworkInterfaces[].NetworkInterfaceId'],
        where: without('LaunchTemplate'),
      },
      {
        type: ['aws_instance', 'aws_spot_instance_request'],
        path: [
          'subnet_id',
          'network_interface[].network_interface_id',
          'primary_network_interface.network_interface_id',
        ],
        where: without('launch_template'),
      },
    ],
  },
  {
    variant: 'security-group',
    message: 'Security group names no VPC: it belongs to the default VPC',
    aliases: ['kics:Security Groups Without VPC Attached'],
    targets: [
      { type: 'AWS::EC2::SecurityGroup', path: 'VpcId' },
      { type: 'aws_security_group', path: 'vpc_id' },
    ],
  },
  {
    variant: 'redshift',
    message: 'Cluster names no subnet group: it goes into the default VPC',
    aliases: [
      'checkov:CKV_AWS_154',
      'trivy:AVD-AWS-0127',
      'cdk-nag:AwsSolutions-RS2',
      'kics:Redshift Cluster Without VPC',
    ],
    targets: [
      { type: 'AWS::Redshift::Cluster', path: 'ClusterSubnetGroupName' },
      { type: 'aws_redshift_cluster', path: 'cluster_subnet_group_name' },
    ],
  },
  {
    variant: 'elasticache',
    message: 'Cache names no subnet group: it goes into the default VPC',
    aliases: ['cdk-nag:AwsSolutions-AEC1', 'kics:ElastiCache Without VPC'],
    targets: [
      {
        type: 'AWS::ElastiCache::ReplicationGroup',
        path: 'CacheSubnetGroupName',
        where: without('GlobalReplicationGroupId'),
      },
      { type: 'AWS::ElastiCache::CacheCluster', path: 'CacheSubnetGroupName' },
      { type: 'AWS::ElastiCache::ServerlessCache', path: 'SubnetIds' },
      {
        type: 'aws_elasticache_replication_group',
        path: 'subnet_group_name',
        where: without('global_replication_group_id'),
      },
      { type: 'aws_elasticache_cluster', path: 'subnet_group_name', where: without('replication_group_id') },
      { type: 'aws_elasticache_serverless_cache', path: 'subnet_ids' },
    ],
  },
  {
    variant: 'emr',
    message: 'Cluster names no subnet: it goes into the default VPC',
    aliases: ['kics:EMR Without VPC'],
    targets: [
      { type: 'AWS::EMR::Cluster', path: ['Instances.Ec2SubnetId', 'Instances.Ec2SubnetIds'] },
      { type: 'aws_emr_cluster', path: ['ec2_attributes.subnet_id', 'ec2_attributes.subnet_ids'] },
    ],
  },
];

function checkOf({ variant, targets }: Placement): Check {
  return { kind: 'property', targets, must: otherwise(isPresent, variant), absent: variant };
}

function checkClassic(resource: Resource, reporter: Reporter): void {
  reporter.report({
    node: resource.key,
    resource,
    variant: 'classic',
    aliases: CLASSIC_TYPES[resource.type],
  });
}

const ALIASES = [
  ...new Set([...Object.values(CLASSIC_TYPES).flat(), ...PLACEMENTS.flatMap((placement) => placement.aliases)]),
];

export const EC2_CLASSIC_RULES: readonly Rule[] = [
  {
    id: 'ec2-classic',
    title: 'Resource names no place in a VPC',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS has retired EC2-Classic and puts everything into a VPC; which VPC and subnet that is, you say or leave to the default.',
    },
    description:
      'What names no subnet goes into the default VPC of the Region, whose subnets are public, and cannot be moved later without being replaced. Security groups of EC2-Classic have no use any more. Name a subnet, or a subnet group, of a VPC that you laid out; replace classic groups with security groups of that VPC.',
    aws: [
      {
        text: 'EC2-Classic is retired; version 5 of Terraform’s AWS provider no longer has its resources.',
        since: '2023-08-23',
        source: 'AWS News Blog: EC2-Classic Networking is Retiring – Here’s How to Prepare',
      },
    ],
    aliases: ALIASES,
    variants: {
      classic: {
        message: 'Security group of EC2-Classic, which AWS has retired',
        aliases: [...new Set(Object.values(CLASSIC_TYPES).flat())],
      },
      ...Object.fromEntries(
        PLACEMENTS.map(({ variant, message, aliases }) => [variant, { message, aliases }] as const),
      ),
    },
    references: [aws('Default VPCs', 'vpc/latest/userguide/default-vpc.html')],
    checks: [{ kind: 'resource', types: Object.keys(CLASSIC_TYPES), check: checkClassic }, ...PLACEMENTS.map(checkOf)],
  },
];
