/** Amazon CloudWatch Synthetics: the key that encrypts what canaries record. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { isPresent } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';

export const SYNTHETICS_RULES: readonly Rule[] = [
  {
    id: 'cloudwatch-dashboard-sharing-synthetics',
    title: 'Canary has no KMS key of its own',
    category: 'encryption-at-rest',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS encrypts what a canary records with a key that it manages; a key of your own, whose policy you control, is optional.',
    },
    description:
      'Screenshots, HAR files and reports of the canary are encrypted, but every principal of the account that may read the bucket can read them. With a customer managed key its policy decides as well, and each use stands in CloudTrail.',
    aws: awsDefaults('synthetics-artifacts'),
    aliases: [],
    references: [
      aws(
        'Encrypting canary artifacts',
        'AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_artifact_encryption.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Synthetics::Canary', path: 'ArtifactConfig.S3Encryption.KmsKeyArn' },
          { type: 'aws_synthetics_canary', path: 'artifact_config.s3_encryption.kms_key_arn' },
        ],
        must: isPresent,
        absent: false,
      },
    ],
  },
];
