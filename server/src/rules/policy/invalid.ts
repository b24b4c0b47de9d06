/**
 * Policy documents that AWS refuses, or reads otherwise than they look: structure (grammar.ts) and names (names.ts).
 */

import { aws } from '../references.ts';
import type { Rule, Variant } from '../rule.ts';
import { doubtful, policyRule, refused, remark } from './check.ts';
import { STRUCTURE_CHECKS } from './grammar.ts';
import { NAME_CHECKS } from './names.ts';

const VARIANTS: Readonly<Record<string, Variant>> = {
  'json-syntax': refused('parliament:MALFORMED_JSON', 'access-analyzer:JSON_SYNTAX_ERROR'),
  'data-type': refused('parliament:MALFORMED', 'access-analyzer:DATA_TYPE_MISMATCH'),
  'unknown-element': refused('parliament:MALFORMED', 'access-analyzer:INVALID_POLICY_ELEMENT'),
  'missing-statement': refused('parliament:MALFORMED', 'access-analyzer:MISSING_STATEMENT'),
  'missing-effect': refused('parliament:MALFORMED', 'access-analyzer:MISSING_EFFECT'),
  'invalid-effect': refused('parliament:MALFORMED', 'access-analyzer:INVALID_EFFECT'),
  'missing-action': refused('parliament:MALFORMED', 'access-analyzer:MISSING_ACTION'),
  'missing-resource': refused('parliament:MALFORMED', 'access-analyzer:MISSING_RESOURCE'),
  'missing-principal': refused('kics:Policy Without Principal', 'access-analyzer:MISSING_PRINCIPAL'),
  'unsupported-principal': refused('access-analyzer:UNSUPPORTED_PRINCIPAL'),
  'scp-principal': refused('access-analyzer:SCP_SYNTAX_ERROR_PRINCIPAL'),
  'element-combination': refused('parliament:MALFORMED', 'access-analyzer:UNSUPPORTED_ELEMENT_COMBINATION'),
  'invalid-version': refused('parliament:INVALID_VERSION', 'access-analyzer:INVALID_VERSION'),
  // AWS takes both; they matter where policy variables are used.
  'missing-version': remark('parliament:NO_VERSION', 'access-analyzer:MISSING_VERSION'),
  'old-version': doubtful('parliament:OLD_VERSION'),
  'var-version': {
    severity: 'medium',
    aliases: [
      'parliament:NO_VERSION',
      'parliament:OLD_VERSION',
      'access-analyzer:MISSING_VERSION',
      'access-analyzer:VARIABLE_UNSUPPORTED_IN_VERSION',
    ],
  },
  'sid-chars': refused('parliament:INVALID_SID', 'access-analyzer:UNSUPPORTED_SID'),
  'sid-duplicate': refused(
    'parliament:DUPLICATE_SID',
    'access-analyzer:UNIQUE_SIDS_REQUIRED',
    'access-analyzer:UNIQUE_SIDS_RECOMMENDED',
  ),
  'principal-format': refused('parliament:MALFORMED', 'access-analyzer:INVALID_PRINCIPAL_FORMAT'),
  'principal-key': refused('parliament:UNKNOWN_PRINCIPAL', 'access-analyzer:INVALID_PRINCIPAL_KEY'),
  'action-format': refused('parliament:MALFORMED', 'access-analyzer:INVALID_ACTION'),
  'unknown-service': doubtful('parliament:UNKNOWN_PREFIX', 'access-analyzer:INVALID_SERVICE_IN_ACTION'),
  'unknown-action': doubtful('parliament:UNKNOWN_ACTION', 'access-analyzer:INVALID_ACTION'),
  'wildcard-action-matches-nothing': doubtful('parliament:UNKNOWN_ACTION'),
  // Part of unknown-service and unknown-action in the catalogue.
  'retired-name': remark('parliament:UNKNOWN_ACTION', 'parliament:UNKNOWN_PREFIX'),
  'cond-operator': refused('parliament:UNKNOWN_OPERATOR', 'access-analyzer:INVALID_CONDITION_OPERATOR'),
};

export const IAM_POLICY_INVALID_RULES: readonly Rule[] = [
  policyRule({
    id: 'iam-policy-invalid',
    title: 'Policy document is not valid',
    severity: 'low',
    owner: {
      side: 'customer',
      why: 'AWS refuses a policy that breaks the grammar, but IAM takes names that do not exist without a word; what the policy says is yours.',
    },
    description:
      'AWS refuses the document when it is deployed, or takes it and reads it otherwise than it looks: a name that does not exist grants and denies nothing, and without Version `2012-10-17` policy variables are plain text.',
    variants: VARIANTS,
    references: [
      aws('Grammar of the IAM JSON policy language', 'IAM/latest/UserGuide/reference_policies_grammar.html'),
      aws('IAM JSON policy elements: Version', 'IAM/latest/UserGuide/reference_policies_elements_version.html'),
      aws(
        'Actions, resources, and condition keys for AWS services',
        'service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html',
      ),
    ],
    checks: [...STRUCTURE_CHECKS, ...NAME_CHECKS],
  }),
];
