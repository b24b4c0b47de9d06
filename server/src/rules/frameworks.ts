/**
 * Related controls of frameworks, by rule. "Related" is all that it says: a rule looks at one setting, a control asks for more, so
 * that no finding is no compliance. The ids are those of the same check in Prowler's compliance files (Apache-2.0), the NIST
 * ones reduced to the control whose subject the check is. The texts of the benchmarks are their publishers': only numbers here.
 */

export interface Frameworks {
  /** CIS AWS Foundations Benchmark: its version, then the recommendation; versions number differently. */
  readonly cis?: readonly string[];
  /** AWS Security Hub, AWS Foundational Security Best Practices: the control's id. */
  readonly fsbp?: readonly string[];
  /** NIST SP 800-53 Rev. 5: the control, without enhancements. */
  readonly nist?: readonly string[];
  /** PCI DSS v4.0: the requirement, three parts. */
  readonly pci?: readonly string[];
}

const PUBLIC = ['AC-3', 'AC-6', 'SC-7'];
const LEAST = ['AC-2', 'AC-3', 'AC-6'];
const AT_REST = ['SC-13', 'SC-28'];
const IN_TRANSIT = ['SC-8', 'SC-13'];
const LOGS = ['AU-2', 'AU-12'];
const BACKUP = ['CP-9', 'CP-10'];
const PCI_ACCESS = ['1.2.8', '1.3.1', '1.3.2', '1.4.2'];
const PCI_AT_REST = ['3.5.1', '8.3.2'];

/** Keys are rule ids. Rules that are not here have no counterpart in the mapping. */
export const FRAMEWORKS: Readonly<Record<string, Frameworks>> = {
  's3-public-acl': { nist: PUBLIC, pci: ['1.2.8', '1.3.1'] },
  's3-authenticated-users-acl': { nist: PUBLIC, pci: ['1.2.8', '1.3.1'] },
  's3-acl-write-acp': { fsbp: ['S3.3'], pci: PCI_ACCESS },
  's3-acls-enabled': { fsbp: ['S3.12'], pci: ['7.2.1', '7.2.2', '7.2.5', '7.3.1'] },
  's3-public-access-block-disabled': { cis: ['v5.0 2.1.4', 'v7.0 3.1.4'], fsbp: ['S3.8'] },
  's3-public-access-block-missing': { cis: ['v5.0 2.1.4', 'v7.0 3.1.4'], fsbp: ['S3.8'] },
  's3-account-public-access-block': { cis: ['v5.0 2.1.4', 'v7.0 3.1.4'], fsbp: ['S3.8'] },
  's3-bucket-policy-public': { cis: ['v7.0 2.21'], fsbp: ['S3.3'], nist: PUBLIC, pci: ['1.2.8', '1.3.1'] },
  's3-insecure-transport': {
    cis: ['v5.0 2.1.1', 'v7.0 3.1.1'],
    fsbp: ['S3.5'],
    nist: IN_TRANSIT,
    pci: ['1.2.5', '2.2.5', '2.2.7', '4.2.1'],
  },
  's3-cmk': { fsbp: ['S3.17'], pci: PCI_AT_REST },
  's3-object-unencrypted': { nist: AT_REST, pci: PCI_AT_REST },
  's3-versioning': { fsbp: ['S3.14'], nist: BACKUP, pci: ['10.3.4'] },
  's3-mfa-delete': { cis: ['v5.0 2.1.2', 'v7.0 3.1.2'], fsbp: ['S3.20'], pci: ['10.3.2', '3.5.1', '8.4.1', '8.4.2'] },
  's3-access-logging': { fsbp: ['S3.9'], nist: LOGS, pci: ['10.2.1'] },
  'iam-admin-star': { cis: ['v5.0 1.15', 'v7.0 2.14'], fsbp: ['IAM.1'], nist: LEAST },
  'iam-admin-managed-policy': { cis: ['v5.0 1.15', 'v7.0 2.14'], fsbp: ['IAM.1'], nist: LEAST },
  'iam-user-policy-attached': { cis: ['v5.0 1.14', 'v7.0 2.13'], nist: LEAST, pci: ['7.2.1', '7.2.2'] },
  'sg-ingress-ssh-world': {
    cis: ['v5.0 5.3', 'v5.0 5.4', 'v7.0 6.3', 'v7.0 6.4'],
    fsbp: ['EC2.13'],
    nist: ['AC-4', 'CM-7', 'SC-7'],
    pci: PCI_ACCESS,
  },
  'sg-ingress-rdp-world': { cis: ['v5.0 5.3', 'v5.0 5.4', 'v7.0 6.3', 'v7.0 6.4'], fsbp: ['EC2.14'] },
  'sg-ingress-admin-ports-world': { pci: ['1.2.5', '1.2.8', '1.3.1', '1.3.2'] },
  'sg-ingress-all-world': { cis: ['v5.0 5.3', 'v5.0 5.4', 'v7.0 6.3', 'v7.0 6.4'] },
  'sg-ingress-world': { pci: ['1.2.5', '1.2.8', '1.3.1', '1.3.2'] },
  'sg-default-open': { cis: ['v5.0 5.5', 'v7.0 6.5'], fsbp: ['EC2.2'], nist: ['AC-4', 'SC-7'] },
  'nacl-ingress-admin-world': { cis: ['v5.0 5.2', 'v7.0 6.2'], fsbp: ['EC2.21'] },
  'vpc-flow-logs': { cis: ['v5.0 3.7', 'v7.0 4.7'], fsbp: ['EC2.6'], nist: LOGS, pci: ['10.2.1'] },
  'ec2-public-ip': { fsbp: ['EC2.9'], nist: PUBLIC },
  'ec2-imdsv1': { cis: ['v5.0 5.7', 'v7.0 6.7'], fsbp: ['EC2.8'], nist: ['AC-3', 'AC-6'], pci: ['8.2.8'] },
  'ebs-encryption': { cis: ['v5.0 5.1.1'], fsbp: ['EC2.3'], nist: AT_REST, pci: PCI_AT_REST },
  'ebs-encryption-inline': { cis: ['v5.0 5.1.1'], fsbp: ['EC2.3'], nist: AT_REST, pci: PCI_AT_REST },
  'ebs-default-encryption-off': { cis: ['v7.0 6.1.1'], fsbp: ['EC2.7'], nist: AT_REST },
  'rds-public': { cis: ['v5.0 2.2.3', 'v7.0 3.2.3'], fsbp: ['RDS.2'], nist: PUBLIC, pci: PCI_ACCESS },
  'rds-storage-encryption': { cis: ['v5.0 2.2.1', 'v7.0 3.2.1'], fsbp: ['RDS.3'], nist: AT_REST, pci: PCI_AT_REST },
  'rds-snapshot-public': { fsbp: ['RDS.1'], nist: PUBLIC, pci: ['10.3.2', '3.5.1', 'A1.1.2', 'A3.4.1'] },
  'rds-backup-retention': { fsbp: ['RDS.11'], nist: BACKUP, pci: ['10.3.3'] },
  'rds-deletion-protection': { fsbp: ['RDS.8'], nist: ['CM-3'] },
  'rds-minor-upgrade': { cis: ['v5.0 2.2.2', 'v7.0 3.2.2'], fsbp: ['RDS.13'], pci: ['6.3.3'] },
  'rds-multi-az': { cis: ['v5.0 2.2.4', 'v7.0 3.2.4'], fsbp: ['RDS.5'], nist: ['CP-2', 'CP-10'] },
  'docdb-encryption': { fsbp: ['DocumentDB.1'], pci: PCI_AT_REST },
  'neptune-encryption': { pci: PCI_AT_REST },
  'redshift-public': { fsbp: ['Redshift.1'], nist: PUBLIC, pci: PCI_ACCESS },
  'redshift-encryption': { pci: PCI_AT_REST },
  'dynamodb-pitr': { fsbp: ['DynamoDB.2'], nist: BACKUP, pci: ['10.3.3', '10.5.1', '3.2.1', '3.3.1'] },
  'elasticache-at-rest': { pci: PCI_AT_REST },
  'elasticache-in-transit': { pci: ['2.2.7', '4.2.1', '8.3.2'] },
  'lambda-permission-public': { cis: ['v7.0 2.21'], fsbp: ['Lambda.1'], nist: PUBLIC, pci: PCI_ACCESS },
  'lambda-runtime-deprecated': { fsbp: ['Lambda.2'] },
  'apigwv2-route-no-auth': { fsbp: ['APIGateway.8'] },
  'sqs-policy-public': { cis: ['v7.0 2.21'] },
  'sqs-encryption-disabled': { fsbp: ['SQS.1'] },
  'sns-policy-public': { cis: ['v7.0 2.21'] },
  'sns-encryption': { fsbp: ['SNS.1'], nist: AT_REST, pci: PCI_AT_REST },
  'kms-policy-public': { cis: ['v7.0 2.21'], fsbp: ['KMS.5'] },
  'kms-rotation': { cis: ['v5.0 3.6', 'v7.0 4.6'], fsbp: ['KMS.4'], nist: ['SC-12'], pci: ['3.7.4', '3.7.5'] },
  'secretsmanager-policy-public': { cis: ['v7.0 2.21'] },
  'secretsmanager-rotation': { fsbp: ['SecretsManager.1'], nist: ['AC-2', 'AC-3'], pci: ['3.5.1', '8.2.2'] },
  'ecr-scan': { fsbp: ['ECR.1'], pci: ['11.3.1'] },
  'ecs-task-secret-env': { fsbp: ['ECS.8'], pci: ['3.5.1', '8.2.2', '8.3.2'] },
  'ecs-privileged': { fsbp: ['ECS.4'], pci: ['7.2.1', '7.2.2', '7.2.3'] },
  'eks-public-endpoint': { pci: PCI_ACCESS },
  'eks-secrets-encryption': { fsbp: ['EKS.3'], pci: PCI_AT_REST },
  'eks-control-plane-logs': { fsbp: ['EKS.8'], pci: ['10.2.1'] },
  'efs-encryption': { cis: ['v5.0 2.3.1', 'v7.0 3.3.1'], fsbp: ['EFS.1'], nist: AT_REST, pci: PCI_AT_REST },
  'cloudfront-viewer-http': { pci: ['1.2.5', '2.2.5', '2.2.7', '4.2.1'] },
  'cloudfront-logging': { cis: ['v7.0 4.10'], fsbp: ['CloudFront.5'], pci: ['10.2.1'] },
  'cloudfront-waf': { fsbp: ['CloudFront.6'], pci: PCI_ACCESS },
  'elbv2-listener-http': { fsbp: ['ELB.1'] },
  'elbv2-listener-tls-policy': { nist: ['SC-8', 'SC-23'] },
  'elbv2-access-logs': { cis: ['v7.0 4.10'], fsbp: ['ELB.5'], nist: LOGS },
  'elb-classic-listener': { fsbp: ['ELB.3'], nist: IN_TRANSIT, pci: ['1.2.5', '2.2.5', '2.2.7', '4.2.1'] },
  'opensearch-at-rest': { fsbp: ['ES.1', 'OpenSearch.1'], nist: AT_REST, pci: PCI_AT_REST },
  'opensearch-https': { pci: ['1.2.5', '2.2.5', '2.2.7', '4.2.1'] },
  'opensearch-public-policy': { fsbp: ['ES.2', 'OpenSearch.2'], pci: PCI_ACCESS },
  'opensearch-not-vpc': { fsbp: ['ES.2', 'OpenSearch.2'], pci: PCI_ACCESS },
  'msk-in-transit': { fsbp: ['MSK.1'], pci: ['2.2.7', '4.2.1', '8.3.2'] },
  'kinesis-encryption': { pci: PCI_AT_REST },
  'cloudtrail-encryption': {
    cis: ['v5.0 3.5', 'v7.0 4.5'],
    fsbp: ['CloudTrail.2'],
    nist: AT_REST,
    pci: ['10.3.2', '10.3.3', '10.3.4', '3.5.1'],
  },
  'cloudtrail-validation': {
    cis: ['v5.0 3.2', 'v7.0 4.2'],
    fsbp: ['CloudTrail.4'],
    nist: ['AU-9', 'SI-7'],
    pci: ['10.3.2', '10.3.3', '10.3.4', 'A1.2.1'],
  },
  'cloudtrail-multi-region': { cis: ['v5.0 3.1', 'v7.0 4.1'], fsbp: ['CloudTrail.1'], nist: LOGS, pci: ['10.2.1'] },
  'logs-retention': { nist: ['AU-11'], pci: ['10.5.1', '3.2.1', '3.3.1'] },
  'logs-cmk': { nist: AT_REST, pci: ['10.3.2', '10.3.3', '10.3.4', '3.5.1'] },
  'codebuild-secret-env': { fsbp: ['CodeBuild.2'], pci: ['3.5.1', '7.2.1', '7.2.2', '7.2.3'] },
  'sagemaker-direct-internet': { fsbp: ['SageMaker.1'], nist: PUBLIC, pci: PCI_ACCESS },
};

const NAMES = {
  cis: 'CIS AWS Foundations',
  fsbp: 'AWS FSBP',
  nist: 'NIST 800-53 r5',
  pci: 'PCI DSS 4.0',
} as const satisfies Record<keyof Frameworks, string>;

/** The related controls of a rule by framework, in a fixed order: `CIS AWS Foundations v5.0 2.1.4, v7.0 3.1.4`. */
export function relatedControls(ruleId: string): readonly string[] {
  const frameworks = frameworksOf(ruleId);
  if (!frameworks) return [];
  return (Object.keys(NAMES) as (keyof Frameworks)[]).flatMap((name) =>
    frameworks[name]?.length ? [`${NAMES[name]} ${frameworks[name].join(', ')}`] : [],
  );
}

/** The same as data, for reports; undefined where there are none. */
export function frameworksOf(ruleId: string): Frameworks | undefined {
  return Object.hasOwn(FRAMEWORKS, ruleId) ? FRAMEWORKS[ruleId] : undefined;
}
