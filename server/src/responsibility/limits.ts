/**
 * What AWS does not do about a finding, in one sentence: the other side of "security in the cloud". By what the rule is about;
 * rules of a category that its sentence does not fit are named. Source of all: "Shared Responsibility Model" (AWS Compliance), which leaves data,
 * access and configuration to the customer; AWS carries out what is configured.
 */

import type { Category, Owner, Rule } from '../rules/rule.ts';

const BY_CATEGORY: Readonly<Partial<Record<Category, string>>> = {
  'public-access': 'AWS grants the access that is configured; it does not ask whether it should be public.',
  'encryption-at-rest': 'AWS keeps to the encryption that is chosen here; it does not choose better for you.',
  'encryption-in-transit': 'AWS accepts the connections that are allowed here; it does not refuse weak ones for you.',
  iam: 'AWS enforces access exactly as it is configured; it does not judge whether that is too much.',
  'network-exposure': 'AWS lets through what the rules allow; it does not judge who should get in.',
  secrets: 'AWS does not take secrets out of where you write them.',
  logging: 'AWS records what it is asked to; what was not recorded cannot be had afterwards.',
  'backup-resilience': 'AWS keeps the service running; it does not bring back data that nothing backs up.',
  patching: 'AWS publishes updates; it does not make this change for you.',
};

/** Where the services are off, nobody watches. */
const DETECTION = 'AWS watches only where these services are switched on.';

/** Rules that their category's sentence does not fit: what is true of them, or nothing. */
const BY_RULE: Readonly<Record<string, string>> = {
  'acm-wildcard': '',
  'apigw-cert-weak': '',
  'appsync-api-key-long': '',
  'backup-vault-lock': '',
  'cis-metric-alarms': '',
  'cloudfront-headers-hsts': '',
  'cloudtrail-validation': '',
  'config-guardduty': DETECTION,
  'docdb-default-port': '',
  'ec2-imds-hop-limit': '',
  'ec2-imdsv1': '',
  'ec2-monitoring': '',
  'ecs-other': '',
  'eks-version': '',
  'emr-kerberos-logs': '',
  'iam-access-analyzer': DETECTION,
  'iam-access-key-created': '',
  'iam-arn-invalid': '',
  'iam-condition-invalid': '',
  'iam-condition-key-invalid': '',
  'iam-condition-weak': '',
  'iam-deprecated-managed-policy': '',
  'iam-group-no-user': '',
  'iam-guardrail-invalid': '',
  'iam-inline-policy': '',
  'iam-policy-invalid': '',
  'iam-policy-mismatch': '',
  'iam-policy-redundant': '',
  'iam-policy-size': '',
  'iam-policy-size-complexity': '',
  'iam-policy-variable': '',
  'iam-principal-invalid': '',
  'iam-rcp-carve-out': '',
  'iam-root-access-key': '',
  'iam-user-no-group': '',
  'kms-key-disabled': '',
  'kms-policy-missing': '',
  'kms-rotation': '',
  'lambda-dlq-concurrency': '',
  'lambda-in-vpc': '',
  'lambda-role-not-arn': '',
  'logs-retention': '',
  'macie-securityhub-inspector-off': DETECTION,
  'nacl-rule-order': '',
  'opensearch-ha': '',
  'rds-ca-cert': '',
  'rds-default-port': '',
  'rds-engine-vulnerable': '',
  'rds-master-username-literal': '',
  'rds-monitoring-extras': '',
  'rds-multi-az': '',
  'redshift-encryption': '',
  'redshift-enhanced-routing': '',
  'route53-dangling': '',
  's3-bucket-policy-lockout': '',
  's3-replication': '',
  'sagemaker-imdsv2': '',
  'secretsmanager-rotation': '',
  'sqs-dlq': '',
  'vpc-default': '',
};

/** What AWS does not do about a finding of a rule; undefined where there is nothing true to say in general. `owner`: the finding's. */
export function awsWillNot({ id, owner: ownerOfRule, category }: Rule, owner: Owner = ownerOfRule): string | undefined {
  const own = BY_RULE[id];
  if (own !== undefined) return own || undefined;
  if (owner.moves?.from === 'aws') return 'While this setting holds, AWS does not do it for you.';
  return owner.side === 'aws' ? undefined : BY_CATEGORY[category];
}

/** Rules with a sentence of their own, or with none. */
export const OWN_LIMITS: readonly string[] = Object.keys(BY_RULE);
