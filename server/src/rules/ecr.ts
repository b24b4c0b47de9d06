/** Amazon ECR: who may use a repository, and whether its images are scanned and their tags fixed. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { isPartial, type Resource } from '../template/template.ts';
import { set } from './fixes.ts';
import { isTrue, oneOf } from './predicates.ts';
import { aws } from './references.ts';
import { publicPolicyRule } from './resource-policies.ts';
import type { Rule } from './rule.ts';

const POLICIES = aws(
  'Private repository policies in Amazon ECR',
  'AmazonECR/latest/userguide/repository-policies.html',
);

/** Scanning that the registry decides covers the repositories that its filters name: then nothing is known here. */
function scansByItself({ template }: Resource): boolean | undefined {
  const registry = template.ofType(
    'AWS::ECR::RegistryScanningConfiguration',
    'aws_ecr_registry_scanning_configuration',
  );
  return registry.length || isPartial(template) ? undefined : true;
}

export const ECR_RULES: readonly Rule[] = [
  publicPolicyRule({
    id: 'ecr-policy-public',
    thing: 'repository',
    service: 'ecr',
    standalone: true,
    description:
      'A statement allows every principal, and no condition narrows it. Anyone with an AWS account may then do what it allows: pull images and what is inside them, or push images that you run. Name the principals, or add a condition on `aws:PrincipalOrgID`.',
    aliases: [
      'checkov:CKV_AWS_32',
      'checkov:CKV_AWS_283',
      'trivy:AVD-AWS-0032',
      'cdk-nag:AwsSolutions-ECR1',
      'kics:ECR Repository Is Publicly Accessible',
    ],
    references: [POLICIES],
  }),
  {
    id: 'ecr-scan',
    title: 'Images are not scanned when they are pushed',
    category: 'patching',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS runs the registry and offers the scanner; what is in an image, and whether anybody looks, is up to you.',
    },
    description:
      'Known vulnerabilities in the packages of an image stay unnoticed. Turn on scanning on push, or better, configure scanning for the whole registry, which is where AWS is moving this setting.',
    aws: awsDefaults('ecr-scan'),
    aliases: [
      'checkov:CKV_AWS_163',
      'cfn_nag:W79',
      'trivy:AVD-AWS-0030',
      'guard:ECR_REPO_SCAN_ON_PUSH',
      'kics:Unscanned ECR Image',
    ],
    references: [
      aws('Scan images for software vulnerabilities in Amazon ECR', 'AmazonECR/latest/userguide/image-scanning.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::ECR::Repository', path: 'ImageScanningConfiguration.ScanOnPush', where: scansByItself },
          { type: 'aws_ecr_repository', path: 'image_scanning_configuration.scan_on_push', where: scansByItself },
        ],
        must: isTrue,
        absent: false,
        fix: set(true),
      },
    ],
  },
  {
    id: 'ecr-tag-immutable',
    title: 'Image tags can be overwritten',
    category: 'other',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS stores what is pushed; whether a tag may come to mean another image is a setting of your repository.',
    },
    description:
      'Whoever may push can put another image under a tag that is deployed already, and the next task or pod runs it. Make tags immutable, and deploy by tag or digest with certainty. Tags that must move, such as `latest`, can be excluded.',
    aws: awsDefaults('ecr-tags'),
    aliases: ['checkov:CKV_AWS_51', 'trivy:AVD-AWS-0031', 'kics:ECR Image Tag Not Immutable'],
    references: [
      aws(
        'Preventing image tags from being overwritten in Amazon ECR',
        'AmazonECR/latest/userguide/image-tag-mutability.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::ECR::Repository', path: 'ImageTagMutability' },
          { type: 'aws_ecr_repository', path: 'image_tag_mutability' },
        ],
        must: oneOf('IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION'),
        absent: false,
        fix: set('IMMUTABLE', { safe: false, note: 'a push to a tag that exists then fails' }),
      },
    ],
  },
];
