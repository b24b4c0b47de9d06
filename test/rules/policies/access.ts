import type { PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const ACCESS_CHECKS: Readonly<Record<string, string>> = {
  // Access. A broader finding on a statement absorbs the narrower ones: server/src/rules/iam-access-findings.ts.
  'full-admin': 'iam-admin-star',
  'action-star': 'iam-wildcard-action',
  // `s3:*` on every bucket is s3-presigned-post-full-access, which carries the concern of the wildcard.
  'service-wildcard': 'iam-service-wildcard',
  'resource-star-restrictable': 'iam-wildcard-resource',
  'resource-effectively-star': 'iam-wildcard-resource/in-effect',
  'write-on-star': 'iam-write-without-constraint',
  'permissions-mgmt-on-star': 'iam-permissions-management',
  'data-exfil-on-star': 'iam-data-exfiltration',
  'creds-on-star': 'iam-credentials-exposure',
  'allow-notaction': 'iam-not-action',
  'allow-notresource': 'iam-not-resource',
  'passrole-star-in-resource': 'iam-passrole-star',
  // The wildcard in Action, NotAction or NotResource is the cause, and its finding carries the concern of PassRole.
  'passrole-star-in-action-and-resource': 'iam-passrole-star',
  'passrole-star-in-resource-and-not-action': 'iam-not-action',
  'passrole-not-resource': 'iam-not-resource',
  'passrole-star-in-action-and-not-resource': 'iam-not-resource',
  'passrole-not-action-and-not-resource': 'iam-not-action',
  'privesc-combo': 'iam-privilege-escalation',
  'privesc-single-self': 'iam-privilege-escalation',
  'privesc-existing-compute': 'iam-privilege-escalation/existing-role',
  'bucket-policy-privesc': 'iam-resource-policy-privesc',
  'sts-assumerole-star': 'iam-assumerole-star',
};

export const ACCESS_FIXTURES: readonly PolicyFixture[] = [];
