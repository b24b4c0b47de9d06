/** Amazon Data Lifecycle Manager: encryption of the snapshots that policies copy to other Regions. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { isTrue, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { PropertyCheck, Rule } from './rule.ts';

const EVENT = ['checkov:CKV_AWS_253', 'cfn_nag:W81', 'guard:DLM_LIFECYCLE_POLICY_CROSS_REGION_ENCRYPTION_RULE'];
const SCHEDULE = ['checkov:CKV_AWS_255'];

function copies(
  cloudFormation: readonly [block: string, path: string],
  terraform: readonly [block: string, path: string],
  variant: string,
): PropertyCheck {
  return {
    kind: 'property',
    targets: [
      { type: 'AWS::DLM::LifecyclePolicy', within: cloudFormation[0], path: cloudFormation[1] },
      { type: 'aws_dlm_lifecycle_policy', within: terraform[0], path: terraform[1] },
    ],
    must: otherwise(isTrue, variant),
    absent: variant,
    fix: set(true, { safe: false, note: 'the role of the policy must be allowed to use the key' }),
  };
}

export const DLM_RULES: readonly Rule[] = [
  {
    id: 'dlm-copy-encryption',
    title: 'Snapshots are copied without encryption',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps copies of encrypted snapshots encrypted; whether copies of plain ones become so is your choice.',
    },
    description:
      'A copy of a snapshot that is not encrypted stays so in the other Region, unless encryption by default is switched on there. Ask for encryption: it costs nothing, and copies of encrypted snapshots stay encrypted in any case.',
    aws: awsDefaults('dlm-copy-encryption'),
    aliases: [...EVENT, ...SCHEDULE],
    variants: {
      event: { aliases: EVENT },
      schedule: { aliases: SCHEDULE },
    },
    references: [
      aws(
        'AWS::DLM::LifecyclePolicy EncryptionConfiguration',
        'AWSCloudFormation/latest/UserGuide/aws-properties-dlm-lifecyclepolicy-encryptionconfiguration.html',
      ),
    ],
    checks: [
      copies(
        ['PolicyDetails.Schedules[].CrossRegionCopyRules[]', 'Encrypted'],
        ['policy_details.schedule[].cross_region_copy_rule[]', 'encrypted'],
        'schedule',
      ),
      copies(
        ['PolicyDetails.Actions[].CrossRegionCopy[]', 'EncryptionConfiguration.Encrypted'],
        ['policy_details.action[].cross_region_copy[]', 'encryption_configuration.encrypted'],
        'event',
      ),
    ],
  },
];
