/** AWS KMS: policies, rotation and lifecycle of customer managed keys. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { declareCompanions } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asNumber } from '../template/value.ts';
import { set } from './fixes.ts';
import { isFalse, isPresent, isTrue, noneOf, oneOf, scalar } from './predicates.ts';
import { aws } from './references.ts';
import { type PolicyRule, publicPolicyRule, wildcardActionRule } from './resource-policies.ts';
import type { Rule } from './rule.ts';
import { all, lacks } from './shared.ts';

declareCompanions('aws_kms_key', { aws_kms_key_policy: 'key_id' });

const KEY = 'AWS::KMS::Key';
const KEYS: Omit<PolicyRule, 'id' | 'aliases'> = {
  thing: 'key',
  service: 'kms',
  carriers: [
    KEY,
    'AWS::KMS::ReplicaKey',
    'aws_kms_key',
    'aws_kms_key_policy',
    'aws_kms_external_key',
    'aws_kms_replica_key',
    'aws_kms_replica_external_key',
    'module:terraform-aws-modules/kms/aws',
  ],
  standalone: true,
  references: [
    aws('Key policies in AWS KMS', 'kms/latest/developerguide/key-policies.html'),
    aws('Default key policy', 'kms/latest/developerguide/key-policy-default.html'),
  ],
};
const ROTATION = aws('Rotate AWS KMS keys', 'kms/latest/developerguide/rotate-keys.html');
const DELETION = aws('Delete an AWS KMS key', 'kms/latest/developerguide/deleting-keys.html');
const IMPORTED = aws('Importing key material for AWS KMS keys', 'kms/latest/developerguide/importing-keys.html');
const EXTERNAL_STORE = aws('External key stores', 'kms/latest/developerguide/keystore-external.html');

/** Whether a property, where it is set, is certainly one of the given values: what is left out is the default, which is. */
function isOrLacks(resource: Resource, path: string, ...values: readonly string[]): boolean | undefined {
  const allowed = oneOf(...values);
  return all(
    ...select(resource, path).map((found) => {
      const verdict = found.value.kind === 'absent' ? true : allowed(found.value, found);
      return typeof verdict === 'string' ? undefined : verdict;
    }),
  );
}

/** A key that KMS can rotate by itself: symmetric, for encryption, of material that KMS made, and in use. */
function canRotate(key: Resource): boolean | undefined {
  if (key.type === KEY) {
    return all(
      isOrLacks(key, 'KeySpec', 'SYMMETRIC_DEFAULT'),
      isOrLacks(key, 'KeyUsage', 'ENCRYPT_DECRYPT'),
      isOrLacks(key, 'Origin', 'AWS_KMS'),
      isOrLacks(key, 'Enabled', 'true'),
    );
  }
  return all(
    isOrLacks(key, 'customer_master_key_spec', 'SYMMETRIC_DEFAULT'),
    isOrLacks(key, 'key_spec', 'SYMMETRIC_DEFAULT'),
    isOrLacks(key, 'key_usage', 'ENCRYPT_DECRYPT'),
    isOrLacks(key, 'is_enabled', 'true'),
    lacks(key, 'custom_key_store_id'),
    lacks(key, 'xks_key_id'),
  );
}

export const KMS_RULES: readonly Rule[] = [
  publicPolicyRule({
    ...KEYS,
    id: 'kms-policy-public',
    description:
      'A statement of the key policy lets in every AWS principal, and no condition narrows that to accounts or an organization. Anyone with an AWS account who learns the key’s ARN may then use the key as far as the statement allows. Name the account or its roles; `Resource: "*"` is normal in a key policy and means this key.',
    aliases: [
      'checkov:CKV_AWS_33',
      'checkov:CKV_AWS_283',
      'cfn_nag:F76',
      'guard:KMS_NO_WILDCARD_PRINCIPAL',
      'kics:KMS Key With Vulnerable Policy',
      'kics:KMS Allows Wildcard Principal',
    ],
  }),
  wildcardActionRule({
    ...KEYS,
    id: 'kms-policy-wildcard-action',
    title: 'Key policy gives a principal every action on the key',
    severity: 'low',
    except: 'any-account',
    description:
      'The principal may use the key, delete it and rewrite its policy. Only the account as a whole needs that, so that the key stays manageable; give administrators and users of the key separate statements with the actions that they need.',
    aliases: [],
  }),
  {
    id: 'kms-policy-missing',
    title: 'Key has no policy of its own',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS gives the key a default policy that leaves it to the IAM policies of the account; anything tighter is for you to write.',
    },
    description:
      'With the default key policy, everyone in the account whose IAM policies allow it may use and manage the key. Write a key policy that names who may administer the key and who may use it.',
    aws: awsDefaults('kms-policy'),
    aliases: ['checkov:CKV2_AWS_64'],
    references: [aws('Default key policy', 'kms/latest/developerguide/key-policy-default.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: KEY, path: 'KeyPolicy' },
          { type: 'aws_kms_key', path: ['policy', '@aws_kms_key_policy.policy'] },
        ],
        must: isPresent,
        absent: false,
      },
    ],
  },
  {
    id: 'kms-rotation',
    title: 'Key is not rotated',
    category: 'encryption-at-rest',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS rotates the keys it manages every year and offers the same for yours; switching it on is your part.',
    },
    description:
      'The same key material encrypts everything for as long as the key lives, so more data hangs on it every year. Automatic rotation makes new material every year and keeps the old for what it encrypted; nothing has to be re-encrypted and the key’s ARN stays.',
    aws: awsDefaults('kms-rotation'),
    aliases: [
      'checkov:CKV_AWS_7',
      'cfn_nag:F19',
      'trivy:AVD-AWS-0065',
      'guard:CMK_BACKING_KEY_ROTATION_ENABLED',
      'cdk-nag:AwsSolutions-KMS5',
      'kics:CMK Rotation Disabled',
      'kics:KMS Key Rotation Disabled',
    ],
    references: [ROTATION],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: KEY, path: 'EnableKeyRotation', where: canRotate },
          { type: 'aws_kms_key', path: 'enable_key_rotation', where: canRotate },
        ],
        must: isTrue,
        absent: false,
        fix: set(true),
      },
    ],
  },
  {
    id: 'kms-key-disabled',
    title: 'Key is disabled',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps the key for as long as you want it; disabling and deleting it is in your hands.',
    },
    description:
      'Nothing that is encrypted with a disabled key can be read, and what is encrypted with a deleted one is lost for good. Keep keys enabled while data depends on them, and leave time to notice a deletion that was a mistake.',
    aws: awsDefaults('kms-enabled'),
    aliases: ['checkov:CKV_AWS_227', 'kics:CMK Is Unusable'],
    variants: {
      'short-window': {
        severity: 'info',
        message: 'The key is gone seven days after its deletion was asked for, the shortest wait that KMS allows',
        aliases: ['kics:KMS Key With No Deletion Window'],
      },
      'invalid-window': {
        message: 'KMS waits 7 to 30 days before it deletes a key: the deployment fails',
        aliases: ['kics:KMS Key With No Deletion Window'],
      },
    },
    references: [aws('Enable and disable keys', 'kms/latest/developerguide/enabling-keys.html'), DELETION],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: KEY, path: 'Enabled' },
          { type: ['aws_kms_key'], path: 'is_enabled' },
          { type: ['aws_kms_external_key', 'aws_kms_replica_key', 'aws_kms_replica_external_key'], path: 'enabled' },
          { type: 'AWS::KMS::ReplicaKey', path: 'Enabled' },
        ],
        must: isTrue,
        absent: true,
        // Somebody may have disabled it for a reason.
        fix: set(true, { safe: false, note: 'the key can be used again' }),
      },
      {
        kind: 'property',
        targets: [
          { type: [KEY, 'AWS::KMS::ReplicaKey'], path: 'PendingWindowInDays' },
          {
            type: ['aws_kms_key', 'aws_kms_external_key', 'aws_kms_replica_key', 'aws_kms_replica_external_key'],
            path: 'deletion_window_in_days',
          },
        ],
        must: scalar((value) => {
          const days = asNumber(value);
          if (days === undefined) return undefined;
          return days < 7 || days > 30 ? 'invalid-window' : days === 7 ? 'short-window' : true;
        }),
        absent: true,
        fix: set(30),
      },
    ],
  },
  {
    id: 'kms-bypass-lockout',
    title: 'Lockout check of the key policy is switched off',
    category: 'iam',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS refuses a key policy that would lock its author out, unless the template tells it not to look.',
    },
    description:
      'A key policy that lets nobody change it makes the key unmanageable, and only AWS Support can undo that. Leave the property out: KMS then refuses such a policy.',
    aliases: [],
    references: [
      aws('Default key policy', 'kms/latest/developerguide/key-policy-default.html'),
      aws('PutKeyPolicy', 'kms/latest/APIReference/API_PutKeyPolicy.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: KEY, path: 'BypassPolicyLockoutSafetyCheck' },
          {
            type: [
              'aws_kms_key',
              'aws_kms_key_policy',
              'aws_kms_external_key',
              'aws_kms_replica_key',
              'aws_kms_replica_external_key',
            ],
            path: 'bypass_policy_lockout_safety_check',
          },
        ],
        must: isFalse,
        absent: true,
        fix: set(false),
      },
    ],
  },
  {
    id: 'moves-kms-imported-material',
    title: 'Key material is your own',
    category: 'responsibility',
    severity: 'info',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS answers for the durability of material that KMS makes; with imported material you keep the original and import it again when it is lost.',
      moves: { from: 'aws', to: 'customer' },
    },
    description:
      'KMS holds a copy of the material that you import, and it may expire or be deleted: making it, keeping it safe and replacing it is your part, and KMS does not rotate it on a schedule. Use material that KMS makes unless a rule demands otherwise.',
    aliases: [],
    variants: {
      store: {
        message:
          'The key lives in a key manager of your own: its security, durability and performance move from AWS to you',
      },
    },
    references: [IMPORTED, EXTERNAL_STORE],
    checks: [
      {
        kind: 'property',
        targets: [{ type: KEY, path: 'Origin' }],
        must: noneOf('EXTERNAL'),
        absent: true,
        message: 'Key material is imported: making it, keeping a copy and replacing it moves from AWS to you',
      },
      {
        kind: 'property',
        targets: [{ type: 'aws_kms_key', path: 'xks_key_id' }],
        must: (value) => (value.kind === 'unknown' ? undefined : 'store'),
        absent: true,
      },
      {
        kind: 'resource',
        types: ['aws_kms_external_key', 'aws_kms_replica_external_key'],
        check: (key, reporter) =>
          reporter.report({
            node: key.key,
            resource: key,
            message: 'Key material is imported: making it, keeping a copy and replacing it moves from AWS to you',
          }),
      },
    ],
  },
];
