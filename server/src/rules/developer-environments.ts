/** Where developers work: AWS Cloud9 environments, and repositories that AWS CodeStar made on GitHub. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { isTrue, noneOf } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';

export const DEVELOPER_ENVIRONMENT_RULES: readonly Rule[] = [
  {
    id: 'cloud9-ingress',
    title: 'Development environment is reached over SSH',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS Cloud9 can reach the instance without any open port; which way it takes is your setting.',
    },
    description:
      'With SSH, the instance needs a public address and an inbound rule for the addresses of AWS Cloud9. With Systems Manager (`CONNECT_SSM`) it opens the connection itself, needs no inbound rule and can stand in a private subnet.',
    aws: awsDefaults('cloud9-connection'),
    aliases: ['cdk-nag:AwsSolutions-C91'],
    references: [
      aws('Accessing no-ingress EC2 instances with AWS Systems Manager', 'cloud9/latest/user-guide/ec2-ssm.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Cloud9::EnvironmentEC2', path: 'ConnectionType' },
          { type: 'aws_cloud9_environment_ec2', path: 'connection_type' },
        ],
        must: noneOf('CONNECT_SSH'),
        absent: false,
        fix: set('CONNECT_SSM', {
          safe: false,
          note: 'replaces the environment with its files; needs the instance profile for Systems Manager',
        }),
      },
    ],
  },
  {
    id: 'codestar-github-public',
    title: 'Repository is public',
    category: 'public-access',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS only had the repository made on GitHub; who may read your source is up to you.',
    },
    description:
      'Everyone can read the source, its history and whatever secret was ever committed. Make it private unless it is meant to be open source. AWS CodeStar projects have ended; the repository remains on GitHub.',
    aliases: ['kics:GitHub Repository Set To Public'],
    references: [
      aws(
        'AWS::CodeStar::GitHubRepository',
        'AWSCloudFormation/latest/UserGuide/aws-resource-codestar-githubrepository.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [{ type: 'AWS::CodeStar::GitHubRepository', path: 'IsPrivate' }],
        must: isTrue,
        // What GitHub makes of nothing is not stated.
        absent: undefined,
        fix: set(true, { safe: false, note: 'those outside lose their access' }),
      },
    ],
  },
];
