/** Settings of the account: the password policy, and how long sessions of IAM Identity Center last. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { asNumber } from '../template/value.ts';
import { set } from './fixes.ts';
import { atLeast, isTrue, otherwise, scalar, textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, PropertyCheck, Rule, Variant } from './rule.ts';

const TYPE = 'aws_iam_account_password_policy';
const PASSWORD_PAGE = aws(
  'Set an account password policy for IAM users',
  'IAM/latest/UserGuide/id_credentials_passwords_account-policy.html',
);

interface Member {
  readonly variant: string;
  readonly path: string;
  readonly must: Predicate;
  /** What the API does where the member is left out. */
  readonly absent: boolean;
  readonly safe: number | boolean;
  readonly message: string;
  readonly severity?: Variant['severity'];
  readonly aliases: readonly string[];
}

/** Longer passwords count for more than their classes: NIST SP 800-63B. The numbers are those of the CIS benchmark. */
const MEMBERS: readonly Member[] = [
  {
    variant: 'length',
    path: 'minimum_password_length',
    must: atLeast(14),
    absent: false,
    safe: 14,
    message: 'Passwords may be shorter than 14 characters',
    aliases: ['checkov:CKV_AWS_10', 'trivy:AVD-AWS-0063', 'kics:IAM Password Without Minimum Length'],
  },
  {
    variant: 'lowercase',
    path: 'require_lowercase_characters',
    must: isTrue,
    absent: false,
    safe: true,
    message: 'Passwords need no lowercase letter',
    aliases: ['checkov:CKV_AWS_11', 'trivy:AVD-AWS-0058'],
  },
  {
    variant: 'uppercase',
    path: 'require_uppercase_characters',
    must: isTrue,
    absent: false,
    safe: true,
    message: 'Passwords need no uppercase letter',
    aliases: ['checkov:CKV_AWS_15', 'trivy:AVD-AWS-0061'],
  },
  {
    variant: 'numbers',
    path: 'require_numbers',
    must: isTrue,
    absent: false,
    safe: true,
    message: 'Passwords need no digit',
    aliases: ['checkov:CKV_AWS_12', 'trivy:AVD-AWS-0059'],
  },
  {
    variant: 'symbols',
    path: 'require_symbols',
    must: isTrue,
    absent: false,
    safe: true,
    message: 'Passwords need no symbol',
    aliases: ['checkov:CKV_AWS_14', 'trivy:AVD-AWS-0060'],
  },
  {
    variant: 'reuse',
    path: 'password_reuse_prevention',
    must: atLeast(24),
    absent: false,
    safe: 24,
    message: 'Fewer than the last 24 passwords are kept from being used again',
    aliases: ['checkov:CKV_AWS_13', 'trivy:AVD-AWS-0056', 'kics:Password Without Reuse Prevention'],
  },
  {
    variant: 'age',
    path: 'max_password_age',
    must: scalar((value) => {
      const days = asNumber(value);
      return days === undefined ? undefined : days > 0 && days <= 90;
    }),
    absent: false,
    safe: 90,
    // Guidance has moved away from changing passwords by the calendar.
    severity: 'info',
    message: 'Passwords do not have to be changed within 90 days',
    aliases: ['checkov:CKV_AWS_9', 'trivy:AVD-AWS-0062', 'kics:Misconfigured Password Policy Expiration'],
  },
  {
    variant: 'change',
    path: 'allow_users_to_change_password',
    must: isTrue,
    absent: true,
    safe: true,
    message: 'Users cannot change their own password',
    aliases: ['kics:AWS Password Policy With Unchangeable Passwords'],
  },
];

function checkOf(member: Member): PropertyCheck {
  return {
    kind: 'property',
    targets: [{ type: TYPE, path: member.path }],
    must: otherwise(member.must, member.variant),
    absent: member.absent ? true : member.variant,
    fix: set(member.safe),
  };
}

/** Hours of a duration as ISO 8601 writes it: `PT8H`, `P1DT30M`. Undefined for what is none. */
function hours(text: string): number | undefined {
  const match = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/.exec(text);
  if (!match || text === 'P' || text.endsWith('T')) return undefined;
  const [days, hour, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (days ?? 0) * 24 + (hour ?? 0) + (minutes ?? 0) / 60 + (seconds ?? 0) / 3600;
}

/** A working day. */
const MAX_HOURS = 8;

export const IAM_ACCOUNT_RULES: readonly Rule[] = [
  {
    id: 'iam-password-policy',
    title: 'Password policy of the account is weak',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS enforces the password policy that the account sets for its IAM users; how strict it is depends on you.',
    },
    description:
      'A custom password policy replaces the default of AWS as a whole: a member that is left out is as weak as the API allows, six characters and no classes. Write all of them. Better still, let people sign in through IAM Identity Center, with MFA, and have no passwords in IAM.',
    aws: awsDefaults('iam-password-policy'),
    aliases: MEMBERS.flatMap((member) => member.aliases),
    variants: Object.fromEntries(
      MEMBERS.map(({ variant, message, severity, aliases }) => [variant, { message, severity, aliases }] as const),
    ),
    references: [
      PASSWORD_PAGE,
      aws('UpdateAccountPasswordPolicy', 'IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html'),
    ],
    checks: MEMBERS.map(checkOf),
  },
  {
    id: 'iam-sso-session-long',
    title: 'Session of the permission set lasts longer than a working day',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS ends a session after the time that the permission set gives it; how long that is depends on you.',
    },
    description:
      'Credentials of a session that is stolen work until it ends, and removing the assignment does not end it. Eight hours do for a day’s work; take one hour for sets with far-reaching rights.',
    aliases: ['kics:SSO Permission With Inadequate User Session Duration'],
    references: [
      aws('Set session duration for AWS accounts', 'singlesignon/latest/userguide/howtosessionduration.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::SSO::PermissionSet', path: 'SessionDuration' },
          { type: 'aws_ssoadmin_permission_set', path: 'session_duration' },
        ],
        must: textThat((text) => {
          const length = hours(text);
          return length === undefined ? undefined : length <= MAX_HOURS;
        }),
        absent: true,
        fix: set('PT8H'),
      },
    ],
  },
];
