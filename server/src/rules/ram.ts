/** AWS Resource Access Manager: with whom resources can be shared. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { isFalse } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';

export const RAM_RULES: readonly Rule[] = [
  {
    id: 'ram-external-principals',
    title: 'Resources can be shared outside of the organization',
    category: 'public-access',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS shares a resource with whom the share names; whether that may be an account outside of your organization is set by you.',
    },
    description:
      'Any account that is added to this share, by mistake or on purpose, can use its resources, also one that is not yours. Set it to false where accounts of the organization are all that is meant. It has no effect in an account that belongs to no organization.',
    aws: awsDefaults('ram-external-principals'),
    aliases: [],
    variants: {
      default: {
        severity: 'low',
        message: 'Resources can be shared outside of the organization, as AllowExternalPrincipals is left out',
      },
    },
    references: [
      aws('CreateResourceShare', 'ram/latest/APIReference/API_CreateResourceShare.html'),
      aws('Sharing your AWS resources', 'ram/latest/userguide/getting-started-sharing.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::RAM::ResourceShare', path: 'AllowExternalPrincipals' },
          { type: 'aws_ram_resource_share', path: 'allow_external_principals', absent: true },
        ],
        must: isFalse,
        absent: 'default',
        fix: set(false, { safe: false, note: 'accounts outside of the organization can no longer be added' }),
      },
    ],
  },
];
