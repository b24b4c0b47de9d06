/**
 * What AWS does not do about a finding, in one sentence: the other side of "security in the cloud". By what the rule is about;
 * rules that the sentence of their category is not true of, or says nothing about, are named. Source of the whole: "Shared
 * responsibility" (Security Pillar, AWS Well-Architected Framework), which leaves data, access and configuration to the
 * customer; AWS carries out what is configured. Sentences about one service say what its pages do.
 */

import type { Category, Owner, Rule } from '../rules/rule.ts';
import { type LineMover, ruleOfMover, type ServiceResponsibility } from './model.ts';
import { SERVICES } from './services.ts';

const BY_CATEGORY: Readonly<Partial<Record<Category, string>>> = {
  'public-access': 'AWS grants the access that is configured; it does not ask whether it should be public.',
  'encryption-at-rest': 'AWS keeps to the encryption that is chosen here; it does not choose better for you.',
  'encryption-in-transit': 'AWS accepts the connections that are allowed here; it does not refuse weak ones for you.',
  iam: 'AWS does not judge whether that is too much.',
  'network-exposure': 'AWS does not judge who should get in.',
  secrets: 'AWS does not take secrets out of where you write them.',
  logging: 'AWS records what it is asked to; what was not recorded cannot be had afterwards.',
  'backup-resilience': 'AWS keeps the service running; it does not bring back data that nothing backs up.',
  patching: 'AWS publishes updates; it does not make this change for you.',
};

/** Rules that their category's sentence does not fit: what is true of them. */
const SENTENCES: readonly (readonly [sentence: string, rules: readonly string[]])[] = [
  [
    'AWS watches only where these services are switched on.',
    ['config-guardduty', 'iam-access-analyzer', 'macie-securityhub-inspector-off'],
  ],
  [
    'AWS refuses this only while the public access block is on.',
    ['s3-bucket-policy-public', 's3-access-point-policy-public'],
  ],
  [
    'AWS refuses this only while ACLs are off or the public access block is on.',
    ['s3-public-acl', 's3-authenticated-users-acl'],
  ],
  [
    'AWS connects as it is told here; it does not turn to TLS by itself.',
    [
      'apigw-integration-http',
      'cloudfront-origin-http',
      'dms-endpoint-ssl',
      'ecs-efs-transit',
      'elbv2-targetgroup-http',
      'glue-connection-ssl',
      'quicksight-ssl',
      'sns-subscription-http',
    ],
  ],
  ['SES tries TLS; it does not hold back mail for servers that do not take it.', ['ses-tls']],
  ['In monitor mode, AWS records unencrypted traffic; it does not stop it.', ['vpc-encryption-control']],
  [
    'AWS asks of clients and users what is configured here, and no more.',
    [
      'cognito-mfa',
      'cognito-password-policy',
      'elasticache-auth',
      'iam-password-policy',
      'memorydb-acl-open',
      'msk-unauthenticated',
    ],
  ],
  [
    'AWS does not rotate or expire access keys.',
    ['iam-access-key-created', 'iam-access-key-rotation', 'iam-root-access-key', 'iam-too-many-access-keys'],
  ],
  ['AWS does not take secrets out of where you write them.', ['docdb-public-elastic']],
  [
    'AWS WAF inspects requests only where a web ACL is attached.',
    ['apigw-waf', 'appsync-waf', 'cloudfront-waf', 'elbv2-waf'],
  ],
  ['Shield Advanced guards only the resources that are added to it.', ['shield-not-used']],
  [
    'AWS lets out what the rules allow; it does not judge where traffic should go.',
    ['sg-egress-missing', 'sg-egress-world'],
  ],
  [
    'AWS routes as the table says; it does not judge where traffic should go.',
    ['route-igw-world', 'route-nat-instance', 'route-peering-world'],
  ],
  [
    'AWS carries out a deletion that is allowed; it does not ask whether it was meant.',
    [
      'dynamodb-deletion-protection',
      'ec2-termination-protection',
      'elbv2-deletion-protection',
      'rds-deletion-protection',
      's3-mfa-delete',
      's3-object-lock',
    ],
  ],
  ['AWS keeps no copy of such a key: an object whose key is lost is lost.', ['s3-ssec-allowed']],
  ['AWS enforces ACLs as they stand, beside your policies.', ['s3-acls-enabled']],
  ['AWS keeps no copy of the file system in another Availability Zone.', ['moves-efs-one-zone']],
  ['While the cluster is disconnected, AWS cannot use the keys.', ['moves-kms-cloudhsm-store']],
  ['ACM does not deploy to your hosts what it renews.', ['moves-acm-exportable']],
  ['AWS does not mend what you change on the host.', ['moves-rds-custom-sqlserver']],
  ['AWS runs the environment as it is configured, and no more.', ['elasticbeanstalk', 'mwaa-public']],
];

/** Rules of which nothing is said. */
const NOTHING: readonly string[] = [
  'acm-wildcard',
  'ami-shared-accounts',
  'ami-unencrypted',
  'apigw-cert-weak',
  'apigw-mtls-client-cert',
  'appsync-api-key-long',
  'backup-vault-lock',
  'batch-privileged',
  'cis-metric-alarms',
  'cloudfront-headers-hsts',
  'cloudfront-s3-no-oac',
  'cloudtrail-bucket-public',
  'cloudtrail-cloudwatch',
  'cloudtrail-multi-region',
  'cloudtrail-validation',
  'codebuild-privileged',
  'codestar-github-public',
  'dlm-copy-encryption',
  'docdb-default-port',
  'dynamodb-resource-policy-public',
  'ebs-encryption',
  'ebs-encryption-inline',
  'ebs-snapshot-unencrypted',
  'ec2-imds-hop-limit',
  'ec2-imdsv1',
  'ec2-monitoring',
  'ec2-no-instance-profile',
  'ec2-public-ip',
  'ecr-scan',
  'ecs-other',
  'ecs-privileged',
  'ecs-public-ip',
  'eks-version',
  'elbv2-desync',
  'elbv2-drop-invalid-headers',
  'elbv2-listener-cert',
  'emr-kerberos-logs',
  'iam-arn-invalid',
  'iam-condition-invalid',
  'iam-condition-key-invalid',
  'iam-condition-weak',
  'iam-deprecated-managed-policy',
  'iam-group-no-user',
  'iam-guardrail-invalid',
  'iam-inline-policy',
  'iam-login-password-reset',
  'iam-mfa-enforcement',
  'iam-policy-invalid',
  'iam-policy-mismatch',
  'iam-policy-redundant',
  'iam-policy-size',
  'iam-policy-size-complexity',
  'iam-policy-variable',
  'iam-principal-invalid',
  'iam-rcp-carve-out',
  'iam-scp-missing',
  'iam-user-console-access',
  'iam-user-created',
  'iam-user-no-group',
  'kms-key-disabled',
  'kms-policy-missing',
  'kms-rotation',
  'lambda-dlq-concurrency',
  'lambda-in-vpc',
  'lambda-role-not-arn',
  'lambda-url-cors-open',
  'logs-retention',
  'mediastore-policy',
  'nacl-rule-order',
  'opensearch-ha',
  'opensearch-node-to-node',
  'qldb-permissions',
  'ram-external-principals',
  'rds-ca-cert',
  'rds-default-port',
  'rds-engine-vulnerable',
  'rds-logging',
  'rds-master-username-literal',
  'rds-monitoring-extras',
  'rds-multi-az',
  'rds-public-subnet',
  'redshift-encryption',
  'redshift-enhanced-routing',
  'redshift-logging',
  'route53-dangling',
  's3-acl-write-acp',
  's3-bucket-policy-lockout',
  's3-cors-wildcard',
  's3-replication',
  's3-table-bucket-policy-public',
  'sagemaker-direct-internet',
  'sagemaker-imdsv2',
  'sagemaker-network-isolation',
  'secretsmanager-rotation',
  'sg-default-used',
  'sqs-dlq',
  'sqs-tls',
  'ssm-session-encryption',
  'subnet-map-public-ip',
  'vpc-default',
];

const BY_RULE: ReadonlyMap<string, string | undefined> = new Map([
  ...SENTENCES.flatMap(([sentence, rules]) => rules.map((rule): [string, string] => [rule, sentence])),
  ...NOTHING.map((rule): [string, undefined] => [rule, undefined]),
]);

/** What AWS does not do about a finding of a rule; undefined where there is nothing true to say in general. `owner`: the finding's. */
export function awsWillNot({ id, owner: ownerOfRule, category }: Rule, owner: Owner = ownerOfRule): string | undefined {
  if (owner.side === 'aws') return undefined;
  if (BY_RULE.has(id)) return BY_RULE.get(id);
  if (owner.moves?.from !== 'aws') return BY_CATEGORY[category];
  const concern = CONCERNS.get(id) ?? 'this part';
  return owner.moves.to === 'shared'
    ? `For ${concern}, AWS waits for you while this setting holds.`
    : `AWS leaves ${concern} to you while this setting holds.`;
}

/** What changes hands, by the rule that reports it. */
const CONCERNS: ReadonlyMap<string, string> = new Map(
  Object.values<ServiceResponsibility>(SERVICES)
    .flatMap<LineMover>(({ movers = [] }) => movers)
    .flatMap((mover) => {
      const id = ruleOfMover(mover);
      return id ? [[id, mover.concern]] : [];
    }),
);

/** Rules with a sentence of their own, or with none. */
export const OWN_LIMITS: readonly string[] = [...BY_RULE.keys()];
