/** Rows of the catalogue's policy checks that have no fixture, or that go only so far, each with its reason. */

/** Rows that no linter can decide in full without AWS, and how far it goes. */
export const NOT_OFFLINE: Readonly<Record<string, string>> = {
  'check-access-not-granted':
    'without a rule: needs a list of forbidden actions and resources, and a setting holds one level for each rule',
  'check-no-new-access':
    'without a rule: compares with an earlier version, which no document names; containment under conditions is for AWS to prove',
  'arn-region-invalid': 'the form of a Region name, and those of the release: a new Region passes',
  'public-resource-policy':
    'every type that has a policy is judged; of some AWS does not say when it calls them public',
  'cond-region-value': 'the list of Regions is as old as the release; names that a new Region may have pass',
  'key-needs-action': 'session tags and source identities in trust policies: AWS publishes no list of such keys',
  'key-supported-services-only': 'the services that the user guide lists with the key at the time of the release',
  'key-irrelevant-in-resource-policy': 'bucket policies: AWS names these keys only as examples',
  'untrustworthy-key': 'the two keys of which the user guide says that callers choose them',
  'wildcard-too-permissive': 'sensitive keys as the user guide lists them; of other keys AWS does not say which',
  'variable-too-permissive': 'the same keys, for variables with values that callers choose',
};

/** Rows that no document can show, most of them about properties, and the golden cases that do in both languages. */
export const SHOWN_BY_GOLDEN: Readonly<Record<string, string>> = {
  // A document that is no JSON cannot be written as a document.
  'json-syntax': 'iam-policy-invalid.md',
  'lambda-permission-wildcard': 'lambda-permission-public.md',
  'lambda-principal-not-arn': 'lambda-role-not-arn.md',
  'managed-admin-attached': 'iam-admin-managed-policy.md',
  'policy-on-user': 'iam-user-policy-attached.md',
};

/** Rows of what AWS once refused and takes today: nothing may be reported. */
export const RETIRED: Readonly<Record<string, string>> = {
  'scp-legacy-restrictions': 'service control policies take the whole language of IAM since September 2025',
};

/** Variants that are parts of a row, or of no row of the catalogue. */
export const OWN_VARIANTS: Readonly<Record<string, string>> = {
  'iam-policy-invalid/retired-name': 'part of unknown-service and unknown-action',
  'iam-condition-invalid/cond-value-id': 'accounts, organizations and ARNs that no request can have',
};
