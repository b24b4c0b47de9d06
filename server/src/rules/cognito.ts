/** Amazon Cognito: guests of identity pools; passwords, further factors and sign-up of user pools. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asNumber, asString, type Value } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { set, setEdits } from './fixes.ts';
import { isFalse, isTrue, noneOf, otherwise, scalar } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Reporter, Rule } from './rule.ts';
import { all, lacks } from './shared.ts';

const USER_POOL = 'AWS::Cognito::UserPool';
const TF_USER_POOL = 'aws_cognito_user_pool';

// ---- further factors

/** `OFF`, and what YAML readers that know it as a boolean make of it. */
const offersFactors: Predicate = scalar((value) => {
  const text = asString(value)?.toLowerCase();
  return text === undefined ? undefined : text !== 'off' && text !== 'false';
});

/** Lets users take up an authenticator app; where the pool names factors already, these. */
function offerFactors(found: Found): Fix | readonly Fix[] | undefined {
  const { resource } = found;
  if (resource.type === USER_POOL) {
    const none = all(lacks(resource, 'EnabledMfas'), lacks(resource, 'SmsConfiguration'));
    return set('OPTIONAL', { also: none ? { EnabledMfas: ['SOFTWARE_TOKEN_MFA'] } : {} })(found);
  }
  const factors = ['software_token_mfa_configuration', 'sms_configuration', 'email_mfa_configuration'];
  const none = all(...factors.map((name) => lacks(resource, name)));
  return set('OPTIONAL', { also: none ? { software_token_mfa_configuration: { enabled: true } } : {} })(found);
}

// ---- passwords

/** Characters that AWS recommends as the least. */
const LEAST = 8;
/** From this length on, kinds of characters add little. */
const PASSPHRASE = 15;

interface PasswordPolicy {
  readonly block: string;
  readonly length: string;
  /** Properties that demand a kind of character, and its name. */
  readonly kinds: Readonly<Record<string, string>>;
}

const PASSWORD_POLICIES: Readonly<Record<string, PasswordPolicy>> = {
  [USER_POOL]: {
    block: 'Policies.PasswordPolicy',
    length: 'MinimumLength',
    kinds: {
      RequireUppercase: 'upper-case letters',
      RequireLowercase: 'lower-case letters',
      RequireNumbers: 'digits',
      RequireSymbols: 'symbols',
    },
  },
  [TF_USER_POOL]: {
    block: 'password_policy',
    length: 'minimum_length',
    kinds: {
      require_uppercase: 'upper-case letters',
      require_lowercase: 'lower-case letters',
      require_numbers: 'digits',
      require_symbols: 'symbols',
    },
  },
};

/** Whether a length may be that of a passphrase; one that is not known may be. */
function mayBeLong(value: Value): boolean {
  if (value.kind === 'absent') return false;
  if (value.kind === 'unknown' && value.possible) return value.possible.some(mayBeLong);
  return (asNumber(value) ?? PASSPHRASE) >= PASSPHRASE;
}

/** One finding for each policy that is weaker than what AWS recommends: on the first value that makes it so. */
function checkPasswords(pool: Resource, reporter: Reporter): void {
  const shape = PASSWORD_POLICIES[pool.type];
  if (!shape) return;
  for (const policy of select(pool, shape.block)) {
    if (policy.value.kind !== 'object') continue;
    const lengths = below(policy, shape.length);
    const short = lengths.filter(({ value }) => (asNumber(value) ?? LEAST) < LEAST);
    const isLong = lengths.every(({ value }) => mayBeLong(value));
    const loose = isLong
      ? []
      : Object.entries(shape.kinds)
          .flatMap(([name, kind]) =>
            below(policy, name)
              .filter(({ value }) => asBoolean(value) === false)
              .map((found) => ({ found, kind })),
          )
          .sort((a, b) => a.found.node.start - b.found.node.start);
    const [first, ...others] = [...short, ...loose.map(({ found }) => found)];
    if (!first) continue;
    const [length] = short;
    const kinds = [...new Set(loose.map(({ kind }) => kind))];
    reporter.reportFound(first, {
      message: [
        length ? `Passwords of ${asString(length.value)} characters are accepted` : 'Passwords are accepted',
        kinds.length ? `without ${kinds.join(', ')}` : '',
      ]
        .filter(Boolean)
        .join(' '),
      related: others.map(({ node, resource }) => ({ node, message: 'Weakens it as well', resource })),
      fix: () =>
        strengthen(
          short,
          loose.map(({ found }) => found),
        ),
    });
  }
}

/** Demands the length and the kinds of characters that AWS recommends. */
function strengthen(short: readonly Found[], loose: readonly Found[]): Fix | undefined {
  const edits = [...short.map((found) => setEdits(found, LEAST)), ...loose.map((found) => setEdits(found, true))];
  const known = edits.flatMap((one) => one ?? []);
  if (!known.length || edits.includes(undefined)) return undefined;
  const what = [short.length ? `${LEAST} characters` : '', loose.length ? 'every kind of character' : ''];
  const safe = [...short, ...loose].every(({ via }) => !via.length);
  return { title: `Demand ${what.filter(Boolean).join(' and ')}`, safe, edits: known };
}

export const COGNITO_RULES: readonly Rule[] = [
  {
    id: 'cognito-unauthenticated',
    title: 'Identity pool gives AWS credentials to guests',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS hands out credentials to whom the pool admits; whether it admits those who have not signed in is your setting.',
    },
    description:
      'Anyone who knows the pool’s id, which is part of every app that uses it, gets AWS credentials of the role for guests without signing in. Disable guests; where an app needs them, keep their role to what everyone may do.',
    aws: awsDefaults('cognito-guests'),
    aliases: [
      'checkov:CKV_AWS_366',
      'cfn_nag:W57',
      'guard:COGNITO_ALLOW_UNAUTHENTICATED_IDENTITIES_RULE',
      'cdk-nag:AwsSolutions-COG7',
    ],
    references: [aws('Amazon Cognito identity pools', 'cognito/latest/developerguide/cognito-identity.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Cognito::IdentityPool', path: 'AllowUnauthenticatedIdentities' },
          { type: 'aws_cognito_identity_pool', path: 'allow_unauthenticated_identities' },
        ],
        must: isFalse,
        absent: true,
        fix: set(false, { safe: false, note: 'ends the access of guests' }),
      },
    ],
  },
  {
    id: 'cognito-mfa',
    title: 'User pool offers no second factor',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS checks the factors that a pool asks for; asking for a second one is your setting.',
    },
    description:
      'A password alone lets its holder in, and passwords are guessed, reused and phished. Offer a second factor (`OPTIONAL`) or demand one (`ON`); an authenticator app costs nothing and needs no telephone number.',
    aws: awsDefaults('cognito-mfa'),
    aliases: [
      'cfn_nag:F78',
      'guard:COGNITO_USER_POOL_MFA_CONFIGURATION_RULE',
      'cdk-nag:AwsSolutions-COG2',
      'kics:Cognito UserPool Without MFA',
    ],
    variants: {
      // Guard takes what is left out for enough.
      unsaid: {
        message: 'The user pool offers no second factor, which is the default',
        aliases: ['cfn_nag:F78', 'cdk-nag:AwsSolutions-COG2', 'kics:Cognito UserPool Without MFA'],
      },
    },
    references: [aws('Adding MFA to a user pool', 'cognito/latest/developerguide/user-pool-settings-mfa.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: USER_POOL, path: 'MfaConfiguration' },
          { type: TF_USER_POOL, path: 'mfa_configuration' },
        ],
        must: offersFactors,
        absent: 'unsaid',
        fix: offerFactors,
      },
    ],
  },
  {
    id: 'cognito-password-policy',
    title: 'User pool accepts weak passwords',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS enforces the password policy of the pool; how strong passwords must be is for you to say.',
    },
    description:
      'Short passwords, and passwords of one kind of characters, are found by guessing. AWS recommends at least 8 characters with upper case, digits and symbols; a longer minimum serves better than more kinds of characters, and from 15 characters on these are not asked for here.',
    aliases: ['cdk-nag:AwsSolutions-COG1'],
    variants: {
      unprotected: {
        severity: 'info',
        message: 'Threat protection is off: passwords known from breaches and risky sign-ins go unnoticed',
        aliases: ['cdk-nag:AwsSolutions-COG8'],
      },
    },
    references: [
      aws('Adding user pool password requirements', 'cognito/latest/developerguide/user-pool-settings-policies.html'),
    ],
    checks: [
      { kind: 'resource', types: [USER_POOL, TF_USER_POOL], check: checkPasswords },
      {
        kind: 'property',
        targets: [
          { type: USER_POOL, path: 'UserPoolAddOns.AdvancedSecurityMode' },
          { type: TF_USER_POOL, path: 'user_pool_add_ons.advanced_security_mode' },
        ],
        // YAML reads OFF without quotes as a boolean.
        must: otherwise(noneOf('OFF', 'false'), 'unprotected'),
        absent: true,
        fix: set('AUDIT', { safe: false, note: 'needs the Plus feature plan, which costs more' }),
      },
    ],
  },
  {
    id: 'cognito-self-signup',
    title: 'Anyone can sign up to the user pool',
    category: 'public-access',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS registers whoever the pool lets register; whether only administrators create users is your setting.',
    },
    description:
      'That is right for an app with customers of its own, and wrong for an internal one: a stranger who signs up is a user like any other. Let only administrators create users where the app is not for everyone.',
    aws: awsDefaults('cognito-signup'),
    aliases: [],
    references: [
      aws(
        'AdminCreateUserConfigType',
        'cognito-user-identity-pools/latest/APIReference/API_AdminCreateUserConfigType.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: USER_POOL, path: 'AdminCreateUserConfig.AllowAdminCreateUserOnly' },
          { type: TF_USER_POOL, path: 'admin_create_user_config.allow_admin_create_user_only' },
        ],
        must: isTrue,
        absent: false,
        fix: set(true, { safe: false, note: 'users can no longer sign up by themselves' }),
      },
    ],
  },
];
