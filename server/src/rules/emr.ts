/** Amazon EMR: encryption of clusters and who can reach them. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asNumber, asString } from '../template/value.ts';
import { set } from './fixes.ts';
import { inPlace, jsonBlocks } from './json-blocks.ts';
import { isPresent, otherwise } from './predicates.ts';
import { groupAt } from './public-instances.ts';
import { aws } from './references.ts';
import type { Related, Reporter, Rule } from './rule.ts';
import { exposures, messageOf } from './security-group-exposure.ts';
import { withOwnRules } from './security-group-rules.ts';
import { useSole } from './sole-resource.ts';

const CONFIGURATION = 'AWS::EMR::SecurityConfiguration';
const TF_CONFIGURATION = 'aws_emr_security_configuration';
const CLUSTER = 'AWS::EMR::Cluster';
const TF_CLUSTER = 'aws_emr_cluster';
const BLOCK = 'aws_emr_block_public_access_configuration';

const CONFIGURATIONS = aws(
  'Create a security configuration with the Amazon EMR console or with the AWS CLI',
  'emr/latest/ManagementGuide/emr-create-security-configuration.html',
);
const OPTIONS = aws('Encryption options for Amazon EMR', 'emr/latest/ManagementGuide/emr-data-encryption-options.html');
const KERBEROS = aws('Use Kerberos for authentication with Amazon EMR', 'emr/latest/ManagementGuide/emr-kerberos.html');

const ANY = ['cfn_nag:W61', 'guard:EMR_SECURITY_CONFIG_ENABLED_AND_CONFIGURED_RULE'];
const KICS = 'kics:EMR Security Configuration Encryption Disabled';
const REPLACES = { safe: false, note: 'replaces the security configuration and the clusters that use it' };

// ---- security configurations

const AT_REST = 'AtRestEncryptionConfiguration';
const DISK = `${AT_REST}.LocalDiskEncryptionConfiguration`;
const S3 = `${AT_REST}.S3EncryptionConfiguration`;
const CERTIFICATES = 'InTransitEncryptionConfiguration.TLSCertificateConfiguration';

/** Whether a leaf of the block is set in every case. */
function isSet(block: Found, path: string): boolean {
  const found = below(block, path);
  return found.length > 0 && found.every(({ value }) => value.kind !== 'absent' && value.kind !== 'unknown');
}

/** Whether switching encryption at rest on leaves nothing to ask for. */
function isConfigured(block: Found): boolean {
  const isEvery = (path: string, test: (found: Found) => boolean) =>
    isSet(block, path) && below(block, path).every(test);
  return (
    isSet(block, `${DISK}.EncryptionKeyProviderType`) &&
    isEvery(`${DISK}.EnableEbsEncryption`, ({ value }) => asBoolean(value) === true) &&
    isEvery(`${S3}.EncryptionMode`, ({ value }) => asString(value) !== 'SSE-S3')
  );
}

function reportAbsent(block: Found, path: string, variant: string, reporter: Reporter): void {
  for (const found of below(block, path)) {
    if (isPresent(found.value, found) !== false) continue;
    reporter.reportFound(found, { variant });
  }
}

function checkConfiguration(resource: Resource, reporter: Reporter): void {
  const property = resource.type === CONFIGURATION ? 'SecurityConfiguration' : 'configuration';
  for (const configuration of jsonBlocks(resource, property)) {
    for (const block of below(configuration, 'EncryptionConfiguration')) {
      if (block.value.kind === 'absent') reporter.reportFound(block, { variant: 'none' });
      else if (block.value.kind === 'object') {
        checkAtRest(block, reporter);
        checkInTransit(block, reporter);
      }
    }
  }
}

function checkAtRest(block: Found, reporter: Reporter): void {
  for (const enabled of below(block, 'EnableAtRestEncryption')) {
    const on = enabled.value.kind === 'absent' ? false : asBoolean(enabled.value);
    const assumed = { ...block, conditions: enabled.conditions };
    if (on === false) {
      const isReady = isConfigured(assumed);
      const fix = isReady ? inPlace(set(true, REPLACES)) : undefined;
      reporter.reportFound(enabled, { variant: 'at-rest', fix: fix && (() => fix(enabled)) });
    }
    if (on !== true) continue;
    checkDisk(assumed, reporter);
    for (const s3 of below(assumed, S3)) {
      if (s3.value.kind === 'absent') {
        // Without the block around it, local disks say it all.
        if (s3.value.missing.length < 2) reporter.reportFound(s3, { variant: 's3' });
        continue;
      }
      for (const mode of below(s3, 'EncryptionMode')) {
        if (asString(mode.value) === 'SSE-S3') reporter.reportFound(mode, { variant: 's3-kms' });
      }
    }
  }
}

function checkDisk(block: Found, reporter: Reporter): void {
  for (const disk of below(block, DISK)) {
    if (disk.value.kind === 'absent') reporter.reportFound(disk, { variant: 'local-disk' });
    if (disk.value.kind !== 'object') continue;
    reportAbsent(disk, 'EncryptionKeyProviderType', 'disk-provider', reporter);
    for (const provider of below(disk, 'EncryptionKeyProviderType')) {
      // A provider of one's own cannot encrypt EBS volumes.
      const fix = asString(provider.value) === 'AwsKms' ? inPlace(set(true, REPLACES)) : undefined;
      if (provider.value.kind === 'absent') continue;
      for (const ebs of below({ ...disk, conditions: provider.conditions }, 'EnableEbsEncryption')) {
        if (ebs.value.kind !== 'absent' && asBoolean(ebs.value) !== false) continue;
        reporter.reportFound(ebs, { variant: 'ebs', fix: fix && (() => fix(ebs)) });
      }
    }
  }
}

function checkInTransit(block: Found, reporter: Reporter): void {
  for (const enabled of below(block, 'EnableInTransitEncryption')) {
    const on = enabled.value.kind === 'absent' ? false : asBoolean(enabled.value);
    const assumed = { ...block, conditions: enabled.conditions };
    if (on === false) {
      const isReady = isSet(assumed, `${CERTIFICATES}.CertificateProviderType`);
      const fix = isReady ? inPlace(set(true, REPLACES)) : undefined;
      reporter.reportFound(enabled, { variant: 'in-transit', fix: fix && (() => fix(enabled)) });
    } else if (on === true) reportAbsent(assumed, `${CERTIFICATES}.CertificateProviderType`, 'certificates', reporter);
  }
}

const attach = useSole([CONFIGURATION, TF_CONFIGURATION], 'security configuration', {
  safe: false,
  note: 'replaces the cluster on deployment',
});

// ---- exposure

/** Properties of a cluster that name security groups. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  [CLUSTER]: [
    'Instances.EmrManagedMasterSecurityGroup',
    'Instances.EmrManagedSlaveSecurityGroup',
    'Instances.AdditionalMasterSecurityGroups[]',
    'Instances.AdditionalSlaveSecurityGroups[]',
  ],
  [TF_CLUSTER]: [
    'ec2_attributes.emr_managed_master_security_group',
    'ec2_attributes.emr_managed_slave_security_group',
    'ec2_attributes.additional_master_security_groups',
    'ec2_attributes.additional_slave_security_groups',
  ],
};

/** What a group lets in from anywhere, its rules that are resources of their own included. */
function openRules(group: Resource): readonly Related[] {
  return withOwnRules(group)
    .flatMap(exposures)
    .flatMap((one) =>
      one.ruleId === 'sg-ingress-wide-cidr' || one.variant || one.conditions.length
        ? []
        : [{ node: one.cidr.node, message: messageOf(one), resource: one.rule.resource }],
    );
}

function checkGroups(cluster: Resource, reporter: Reporter): void {
  for (const found of (GROUPS[cluster.type] ?? []).flatMap((path) => select(cluster, path))) {
    const group = groupAt(found);
    const related = group ? openRules(group) : [];
    const [first] = related;
    if (!group || !first) continue;
    reporter.reportFound(found, {
      variant: 'open-group',
      message: `The cluster uses ${group.address}: ${first.message.charAt(0).toLowerCase()}${first.message.slice(1)}`,
      related,
    });
  }
}

/** An exception as wide as this leaves nothing to block. */
function checkPermitted(configuration: Resource, reporter: Reporter): void {
  for (const range of select(configuration, 'permitted_public_security_group_rule_range[]')) {
    if (range.value.kind !== 'object') continue;
    for (const from of below(range, 'min_range')) {
      for (const to of below({ ...range, conditions: from.conditions }, 'max_range')) {
        const [low, high] = [asNumber(from.value), asNumber(to.value)];
        if (low === undefined || high === undefined || low > 1 || high < 65535) continue;
        reporter.reportFound(to, { variant: 'every-port' });
      }
    }
  }
}

export const EMR_RULES: readonly Rule[] = [
  {
    id: 'emr-security-config',
    title: 'Cluster data is not encrypted',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'EMR encrypts disks and the traffic between nodes only as far as the security configuration of the cluster asks for it.',
    },
    description:
      'HDFS blocks, spilled and shuffled data lie in the clear on the disks of the nodes and travel so between them. Name a security configuration that enables encryption at rest, with a key provider for local disks, and in transit, with certificates. A security configuration cannot be changed, and a cluster keeps the one it was started with.',
    aws: awsDefaults('emr-security-configuration'),
    aliases: [
      'checkov:CKV_AWS_171',
      'checkov:CKV_AWS_349',
      'checkov:CKV_AWS_350',
      'checkov:CKV_AWS_351',
      'checkov:CKV2_AWS_55',
      ...ANY,
      'cfn_nag:W63',
      'trivy:AVD-AWS-0137',
      'trivy:AVD-AWS-0138',
      'trivy:AVD-AWS-0139',
      'cdk-nag:AwsSolutions-EMR4',
      'cdk-nag:AwsSolutions-EMR5',
      KICS,
      'kics:EMR Cluster Without Security Configuration',
    ],
    variants: {
      none: {
        message: 'The security configuration asks for no encryption',
        aliases: [
          'checkov:CKV_AWS_171',
          'checkov:CKV_AWS_349',
          'checkov:CKV_AWS_350',
          'checkov:CKV_AWS_351',
          ...ANY,
          'trivy:AVD-AWS-0137',
          'trivy:AVD-AWS-0138',
          'trivy:AVD-AWS-0139',
          'cdk-nag:AwsSolutions-EMR4',
          'cdk-nag:AwsSolutions-EMR5',
          KICS,
        ],
      },
      'at-rest': {
        message: 'Encryption at rest is off in this security configuration',
        aliases: [
          'checkov:CKV_AWS_171',
          'checkov:CKV_AWS_349',
          'checkov:CKV_AWS_350',
          ...ANY,
          'trivy:AVD-AWS-0137',
          'trivy:AVD-AWS-0139',
          'cdk-nag:AwsSolutions-EMR4',
          KICS,
        ],
      },
      'in-transit': {
        message: 'Encryption in transit is off in this security configuration',
        aliases: ['checkov:CKV_AWS_351', ...ANY, 'trivy:AVD-AWS-0138', 'cdk-nag:AwsSolutions-EMR5', KICS],
      },
      'local-disk': {
        message: 'Local disks are not encrypted: the security configuration names no key provider for them',
        aliases: [
          'checkov:CKV_AWS_349',
          'checkov:CKV_AWS_350',
          ...ANY,
          'trivy:AVD-AWS-0139',
          'cdk-nag:AwsSolutions-EMR4',
          KICS,
        ],
      },
      'disk-provider': {
        severity: 'medium',
        message: 'Encryption of local disks names no key provider',
        aliases: [...ANY, KICS],
      },
      certificates: {
        severity: 'medium',
        message: 'Encryption in transit is on, but no certificate provider is named',
        aliases: ANY,
      },
      ebs: {
        severity: 'low',
        message: 'EBS encryption is off: LUKS encrypts the attached volumes, but not the root volume',
        aliases: ['checkov:CKV_AWS_350', KICS],
      },
      s3: {
        severity: 'info',
        message: 'Nothing is said of data in S3, which S3 encrypts by the default of the bucket',
        aliases: ['checkov:CKV_AWS_171', ...ANY],
      },
      's3-kms': {
        severity: 'info',
        message: 'Data in S3 is encrypted with a key of S3, not with a KMS key',
        aliases: ['checkov:CKV_AWS_171'],
      },
      unattached: {
        severity: 'medium',
        message: 'The cluster names no security configuration',
        aliases: [
          'checkov:CKV2_AWS_55',
          'cfn_nag:W63',
          'cdk-nag:AwsSolutions-EMR4',
          'cdk-nag:AwsSolutions-EMR5',
          'kics:EMR Cluster Without Security Configuration',
        ],
      },
    },
    references: [OPTIONS, CONFIGURATIONS],
    checks: [
      { kind: 'resource', types: [CONFIGURATION, TF_CONFIGURATION], check: checkConfiguration },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'SecurityConfiguration' },
          { type: TF_CLUSTER, path: 'security_configuration' },
        ],
        must: otherwise(isPresent, 'unattached'),
        absent: 'unattached',
        fix: attach,
      },
    ],
  },
  {
    id: 'emr-public',
    title: 'EMR may start clusters that are open to the internet',
    category: 'network-exposure',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS refuses clusters whose security groups are open to the internet; which ports are excepted, and whether it does so at all, is up to you.',
    },
    description:
      'The services of a cluster, from the YARN resource manager to notebooks, run what they are given, often without asking who gives it. Leave block public access on, except only ports that must be open, and let in known networks only.',
    aws: awsDefaults('emr-block-public-access'),
    aliases: ['checkov:CKV_AWS_390', 'checkov:CKV2_AWS_7'],
    variants: {
      off: { message: 'Block public access of EMR is switched off', aliases: ['checkov:CKV_AWS_390'] },
      'every-port': {
        message: 'Every port is excepted: EMR blocks nothing',
        aliases: ['checkov:CKV_AWS_390'],
      },
      'open-group': { aliases: ['checkov:CKV2_AWS_7'] },
    },
    references: [
      aws('Using Amazon EMR block public access', 'emr/latest/ManagementGuide/emr-block-public-access.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [{ type: BLOCK, path: 'block_public_security_group_rules' }],
        must: (value) => {
          const on = asBoolean(value);
          return on === false ? 'off' : on;
        },
        absent: undefined,
        fix: set(true, { safe: false, note: 'clusters with open security groups no longer start' }),
      },
      { kind: 'resource', types: [BLOCK], check: checkPermitted },
      { kind: 'resource', types: [CLUSTER, TF_CLUSTER], check: checkGroups },
    ],
  },
  {
    id: 'emr-kerberos-logs',
    title: 'Cluster authenticates nobody by Kerberos',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'EMR sets up Kerberos and stores logs where the cluster asks for it; who may submit work, and what is recorded of it, is up to you.',
    },
    description:
      'Without Kerberos the services on a cluster believe whoever reaches them to be whoever he says. Set Kerberos attributes together with a security configuration that enables it. Logs stay on the nodes, and go with them, unless a place in S3 is named.',
    aliases: [
      'checkov:CKV_AWS_114',
      'guard:EMR_KERBEROS_ENABLED',
      'cdk-nag:AwsSolutions-EMR2',
      'cdk-nag:EMRKerberosEnabled',
    ],
    variants: {
      kerberos: { aliases: ['guard:EMR_KERBEROS_ENABLED', 'cdk-nag:EMRKerberosEnabled'] },
      realm: { message: 'Kerberos is set up without a realm', aliases: ['checkov:CKV_AWS_114'] },
      logs: { message: 'Logs of the cluster are not kept', aliases: ['cdk-nag:AwsSolutions-EMR2'] },
    },
    references: [
      KERBEROS,
      aws('Configure cluster logging and debugging', 'emr/latest/ManagementGuide/emr-plan-debugging.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'KerberosAttributes' },
          { type: TF_CLUSTER, path: 'kerberos_attributes' },
        ],
        must: isPresent,
        absent: 'kerberos',
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'Realm', within: 'KerberosAttributes' },
          { type: TF_CLUSTER, path: 'realm', within: 'kerberos_attributes' },
        ],
        must: otherwise(isPresent, 'realm'),
        absent: 'realm',
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'LogUri' },
          { type: TF_CLUSTER, path: 'log_uri' },
        ],
        must: otherwise(isPresent, 'logs'),
        absent: 'logs',
      },
    ],
  },
];
