/** Amazon EKS: exposure, logs, versions and administrators of clusters, and access to their nodes. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString, type Leaf } from '../template/value.ts';
import { EKS_VERSIONS_AS_OF, NEWEST_EKS_VERSION, supportOf } from './eks-versions.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { isPresent, isTrue, scalar } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Reporter, Rule } from './rule.ts';
import { has } from './shared.ts';

const CLUSTER = 'AWS::EKS::Cluster';
const TF_CLUSTER = 'aws_eks_cluster';

function isCloudFormation(resource: Resource): boolean {
  return resource.type.startsWith('AWS::');
}

// ---- the endpoint of the API server

const EVERYWHERE = /^(?:0\.0\.0\.0\/0|::\/0)$/;

function privateFix(access: Found | undefined): Fix | readonly Fix[] | undefined {
  if (!access) return undefined;
  const name = isCloudFormation(access.resource) ? 'EndpointPrivateAccess' : 'endpoint_private_access';
  return set(false, {
    safe: false,
    note: 'the API can then be reached from the VPC only',
    also: { [name]: true },
  })(access);
}

function checkEndpoint(cluster: Resource, reporter: Reporter): void {
  const [block, publicAccess, cidrs] = isCloudFormation(cluster)
    ? ['ResourcesVpcConfig', 'EndpointPublicAccess', 'PublicAccessCidrs']
    : ['vpc_config', 'endpoint_public_access', 'public_access_cidrs'];
  for (const scope of select(cluster, `${block}[]`)) {
    if (scope.value.kind !== 'object') continue;
    for (const access of below(scope, publicAccess)) {
      if (access.value.kind !== 'absent' && isTrue(access.value, access) !== true) continue;
      for (const cidr of below(scope, `${cidrs}[]`)) {
        if (cidr.value.kind === 'absent') {
          // The block itself where neither is said.
          reporter.reportFound(access, { fix: () => privateFix(access) });
        } else if (EVERYWHERE.test(asString(cidr.value) ?? '')) {
          reporter.reportFound(cidr, {
            message: `The API server can be reached from everywhere (${asString(cidr.value)})`,
            fix: () => privateFix(access),
          });
        }
      }
    }
  }
}

// ---- logs of the control plane

const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
const NEEDED = ['audit', 'authenticator'];

const allLogs: FixMaker = (found) =>
  set(isCloudFormation(found.resource) ? LOG_TYPES.map((type) => ({ Type: type })) : LOG_TYPES, {
    title: 'Send all control plane logs to CloudWatch Logs',
  })(found);

function checkLogs(cluster: Resource, reporter: Reporter): void {
  const cloudFormation = isCloudFormation(cluster);
  const path = cloudFormation ? 'Logging.ClusterLogging.EnabledTypes' : 'enabled_cluster_log_types';
  for (const found of select(cluster, path)) {
    if (found.value.kind === 'absent') {
      reporter.reportFound(found, { fix: () => allLogs(found) });
      continue;
    }
    if (found.value.kind !== 'list' || found.value.open) continue;
    const types = logTypes(found, cloudFormation);
    if (!types) continue;
    const missing = LOG_TYPES.filter((type) => !types.has(type));
    if (!missing.length) continue;
    const needed = missing.filter((type) => NEEDED.includes(type));
    reporter.reportFound(found, {
      variant: needed.length ? undefined : 'partial',
      message: needed.length
        ? `The control plane does not log ${needed.join(' and ')}`
        : `The control plane does not log ${missing.join(', ')}`,
      fix: () => allLogs(found),
    });
  }
}

/** The names of the enabled types; undefined where one is not known. */
function logTypes(list: Found, cloudFormation: boolean): ReadonlySet<string> | undefined {
  const types = new Set<string>();
  for (const item of below(list, cloudFormation ? '[].Type' : '[]')) {
    const text = asString(item.value);
    if (text === undefined) return undefined;
    types.add(text);
  }
  return types;
}

// ---- versions

/** A version as text: YAML reads an unquoted 1.30 as a number. */
function versionText(value: Leaf): string | undefined {
  if (value.kind !== 'known') return undefined;
  return typeof value.value === 'number' && value.node.kind === 'number' ? value.node.source : String(value.value);
}

const supported = scalar((value) => {
  const version = versionText(value);
  const support = version === undefined ? undefined : supportOf(version);
  if (!support) return undefined;
  return support.state === 'standard' ? true : support.state === 'extended' ? 'extended' : false;
});

function versionMessage(found: Found): string | undefined {
  const version = versionText(found.value);
  const support = version === undefined ? undefined : supportOf(version);
  if (!support) return undefined;
  if (support.state === 'ended') {
    return `Kubernetes ${version} is out of support: EKS creates no clusters with it and upgrades those there are`;
  }
  return `Standard support of Kubernetes ${version} ended on ${support.standardEnds}, extended support ends on ${support.extendedEnds}`;
}

const upgrade = set(NEWEST_EKS_VERSION, {
  safe: false,
  note: 'a cluster that exists goes up one minor version at a time, its nodes with it',
});

function checkVersion(cluster: Resource, reporter: Reporter): void {
  for (const found of select(cluster, isCloudFormation(cluster) ? 'Version' : 'version')) {
    if (found.value.kind === 'absent') continue;
    const verdict = supported(found.value, found);
    if (verdict === false || verdict === 'extended') {
      reporter.reportFound(found, {
        variant: verdict || undefined,
        message: versionMessage(found),
        fix: () => upgrade(found),
      });
    }
  }
}

// ---- administrators

const ADMIN_POLICY = /^arn:[\w-]+:eks::aws:cluster-access-policy\/AmazonEKSClusterAdminPolicy$/;

function checkAdmin(resource: Resource, reporter: Reporter): void {
  const cloudFormation = isCloudFormation(resource);
  const [policy, scope] = cloudFormation ? ['PolicyArn', 'AccessScope.Type'] : ['policy_arn', 'access_scope.type'];
  if (!cloudFormation) {
    judgeAdmin(select(resource, policy), select(resource, scope), reporter);
    return;
  }
  for (const entry of select(resource, 'AccessPolicies[]')) {
    if (entry.value.kind === 'object') judgeAdmin(below(entry, policy), below(entry, scope), reporter);
  }
}

function judgeAdmin(policies: readonly Found[], scopes: readonly Found[], reporter: Reporter): void {
  if (!scopes.length || !scopes.every(({ value }) => asString(value)?.toLowerCase() === 'cluster')) return;
  for (const policy of policies) {
    const text = asString(policy.value) ?? partitionText(policy.value);
    if (text !== undefined && ADMIN_POLICY.test(text)) reporter.reportFound(policy);
  }
}

/** `arn:${AWS::Partition}:eks::…`: the partition does not matter. */
function partitionText(value: Leaf): string | undefined {
  if (value.kind !== 'text') return undefined;
  return value.parts.map((part) => (typeof part === 'string' ? part : 'aws')).join('');
}

// ---- remote access to nodes

/** Takes the whole block out. */
const withoutRemoteAccess: FixMaker = (found) => {
  const block = found.scopes[found.scopes.length - 1]?.node;
  if (!block || block.document !== found.resource.document || found.via.length) return undefined;
  const title = 'Remove remote access (replaces the node group; use Session Manager to reach its nodes)';
  const list = block.parent?.kind === 'array' && block.parent.items.length === 1 ? block.parent : undefined;
  const entry = block.entry ?? list?.entry;
  return entry && { title, safe: false, edits: [{ kind: 'remove', entry }] };
};

export const EKS_RULES: readonly Rule[] = [
  {
    id: 'eks-public-endpoint',
    title: 'API server of the cluster can be reached from everywhere',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS runs the API server and authenticates every request to it; from where it can be reached is your setting.',
    },
    description:
      'Anyone on the internet may try stolen credentials, or a weakness of Kubernetes, on the API server. Turn public access off and private access on, or list the networks that need the public endpoint.',
    aws: awsDefaults('eks-endpoint'),
    aliases: [
      'checkov:CKV_AWS_38',
      'checkov:CKV_AWS_39',
      'trivy:AVD-AWS-0040',
      'trivy:AVD-AWS-0041',
      'guard:EKS_ENDPOINT_NO_PUBLIC_ACCESS',
      'cdk-nag:AwsSolutions-EKS1',
      'kics:EKS Cluster Has Public Access',
      'kics:EKS Cluster Has Public Access CIDRs',
    ],
    references: [aws('Cluster API server endpoint', 'eks/latest/userguide/cluster-endpoint.html')],
    checks: [{ kind: 'resource', types: [CLUSTER, TF_CLUSTER], check: checkEndpoint }],
  },
  {
    id: 'eks-control-plane-logs',
    title: 'Control plane logs are not kept',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS runs the control plane and hands its logs over only if you ask; that, and looking at them, is your part.',
    },
    description:
      'Without the audit and authenticator logs nobody can tell afterwards who did what in the cluster. Send them to CloudWatch Logs; the other types help to find faults.',
    aws: awsDefaults('eks-logs'),
    aliases: [
      'checkov:CKV_AWS_37',
      'trivy:AVD-AWS-0038',
      'cdk-nag:AwsSolutions-EKS2',
      'kics:EKS cluster logging is not enabled',
      'kics:Missing Cluster Log Types',
    ],
    variants: {
      partial: {
        severity: 'info',
        aliases: [
          'checkov:CKV_AWS_37',
          'trivy:AVD-AWS-0038',
          'cdk-nag:AwsSolutions-EKS2',
          'kics:Missing Cluster Log Types',
        ],
      },
    },
    references: [aws('Send control plane logs to CloudWatch Logs', 'eks/latest/userguide/control-plane-logs.html')],
    checks: [{ kind: 'resource', types: [CLUSTER, TF_CLUSTER], check: checkLogs }],
  },
  {
    id: 'eks-nodegroup-ssh',
    title: 'Nodes can be reached by SSH from everywhere',
    category: 'network-exposure',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS opens the nodes to whom the node group says; with a key and no security groups that is the internet.',
    },
    description:
      'With a key pair and no source security groups, EKS opens port 22 of the nodes (3389 on Windows) to 0.0.0.0/0. Name the security groups that may connect, or leave remote access out and use Session Manager.',
    aliases: ['checkov:CKV_AWS_100', 'kics:EKS node group remote access disabled'],
    references: [
      aws('Create a managed node group for your cluster', 'eks/latest/userguide/create-managed-node-group.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::EKS::Nodegroup',
            path: 'RemoteAccess.SourceSecurityGroups',
            where: (nodes) => has(nodes, 'RemoteAccess.Ec2SshKey'),
          },
          {
            type: 'aws_eks_node_group',
            path: 'remote_access.source_security_group_ids',
            where: (nodes) => has(nodes, 'remote_access.ec2_ssh_key'),
          },
        ],
        must: isPresent,
        absent: false,
        fix: withoutRemoteAccess,
      },
    ],
  },
  {
    id: 'eks-version',
    title: 'Kubernetes version is out of support',
    category: 'patching',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS patches the control plane of supported versions; moving to a newer one, and the nodes with it, is up to you.',
    },
    description:
      'After its standard support AWS patches a version only in extended support, at a higher price per hour; once that ends too, EKS upgrades the control plane at a time you do not choose. Upgrade one minor version after the other, and the nodes and add-ons with it.',
    aws: [
      {
        text: `Support ends as published in the release calendar; judged as of ${EKS_VERSIONS_AS_OF}.`,
        source: 'Understand the Kubernetes version lifecycle on EKS (Amazon EKS User Guide)',
      },
    ],
    aliases: ['checkov:CKV_AWS_339'],
    variants: { extended: { severity: 'low' } },
    references: [
      aws('Understand the Kubernetes version lifecycle on EKS', 'eks/latest/userguide/kubernetes-versions.html'),
    ],
    checks: [{ kind: 'resource', types: [CLUSTER, TF_CLUSTER], check: checkVersion }],
  },
  {
    id: 'eks-access-entry-admin',
    title: 'Access entry makes an administrator of the whole cluster',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS checks who may do what in the cluster by the access policies that you associate.',
    },
    description:
      'The principal may read every secret and run anything on every node of the cluster. Use a policy that allows less, or limit it to namespaces.',
    aliases: [],
    references: [aws('Associate access policies with access entries', 'eks/latest/userguide/access-policies.html')],
    checks: [
      { kind: 'resource', types: ['AWS::EKS::AccessEntry', 'aws_eks_access_policy_association'], check: checkAdmin },
    ],
  },
];
