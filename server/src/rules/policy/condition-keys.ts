/** Condition keys: whether they exist, and are in the requests that the statement is about. */

import { serviceExists } from '../../iam/actions.ts';
import {
  conditionKeysOf,
  findConditionKey,
  findGlobalKey,
  globalConditionKeys,
  isProviderPrefix,
  keyPrefix,
  nearestConditionKey,
} from '../../iam/condition-keys.ts';
import { type ConditionClause, HOLE, isKnown, type Statement } from '../../iam/document.ts';
import { hasPlaceholder } from '../../iam/tokens.ts';
import { aws } from '../references.ts';
import type { Rule, Severity } from '../rule.ts';
import { clausePath, clausesOf, type DocumentCheck, policyRule, refused, remark } from './check.ts';
import { type KeyFault, renameKey } from './condition-key-edits.ts';
import { INCOMPLETE_SERVICES } from './condition-key-facts.ts';
import { useFault } from './condition-key-use.ts';

const TAG_KEYS: ReadonlySet<string> = new Set(['aws:resourcetag', 'aws:requesttag', 'aws:principaltag']);
const PLACEHOLDER = 'TAG_KEY';

/** Whether a key is known in full, and as a name: no function, no text to be put in. */
function isWritten(key: string): boolean {
  return !key.includes(HOLE) && !key.includes('${') && !hasPlaceholder(key) && !/^(Fn::|Ref$|Condition$)/.test(key);
}

/** Prefixes of the services whose actions a statement names. */
function servicesOf(statement: Statement): readonly string[] {
  const prefixes = [...statement.actions, ...statement.notActions].flatMap((item) => {
    const text = item.text ?? '';
    const colon = text.indexOf(':');
    return colon > 0 && isKnown(item) && !/[*?]/.test(text.slice(0, colon)) ? text.slice(0, colon).toLowerCase() : [];
  });
  return [...new Set(prefixes)];
}

/** What is wrong with the name of a key; undefined where nothing is, or it cannot be told. */
function nameFault(clause: ConditionClause, statement: Statement): KeyFault | undefined {
  const { key } = clause;
  const lower = key.toLowerCase();
  const colon = key.indexOf(':');
  if (colon <= 0 || colon === key.length - 1) {
    return {
      key: 'condition-key-format',
      message: `${JSON.stringify(key)} is no condition key: it has the form service:Name`,
    };
  }
  const slash = key.indexOf('/');
  const head = slash === key.length - 1 ? lower.slice(0, -1) : lower;
  if (TAG_KEYS.has(head) || lacksTagKey(head))
    return tagKeyMissing(clause, statement, slash < 0 ? key : key.slice(0, -1));
  if (lower === 'aws:arn') return oldArnKey(clause, statement);
  if (findConditionKey(key)) return undefined;
  const prefix = keyPrefix(key);
  if (prefix === 'aws') return unknownGlobalKey(clause, statement);
  if (isProviderPrefix(prefix)) {
    const [near] = prefix === 'saml' ? nearestConditionKey(key) : [];
    return near === undefined ? undefined : unknown('unknown-service-key', clause, statement, near);
  }
  if (INCOMPLETE_SERVICES.has(prefix)) return undefined;
  const services = servicesOf(statement);
  if (services.some((service) => findConditionKey(key, service))) return undefined;
  const name = lower.slice(colon + 1);
  const near =
    nearestConditionKey(key)[0] ??
    globalConditionKeys().find((known) => known.name.toLowerCase() === `aws:${name}`)?.name ??
    keyNamed(name, services);
  return unknown('unknown-service-key', clause, statement, near);
}

/** Whether it is a service's key for tags without the key of a tag: `ec2:ResourceTag`. */
function lacksTagKey(head: string): boolean {
  if (!head.endsWith('tag') || findConditionKey(head)) return false;
  return findConditionKey(`${head}/x`)?.name.toLowerCase() === `${head}/\${tagkey}`;
}

function tagKeyMissing(clause: ConditionClause, statement: Statement, head: string): KeyFault {
  return {
    key: 'tag-key-missing',
    message: `${head} lacks the key of a tag: ${head}/Name`,
    fix: () => renameKey(clause, statement, `${head}/${PLACEHOLDER}`, `Name the tag (put in ${PLACEHOLDER})`),
  };
}

function oldArnKey(clause: ConditionClause, statement: Statement): KeyFault {
  const { principals } = statement;
  const source = principals.length > 0 && principals.every(({ type }) => type === 'Service');
  const name = source ? 'aws:SourceArn' : 'aws:PrincipalArn';
  return {
    key: 'unsupported-global-key',
    message: `${clause.key} is no longer supported: aws:PrincipalArn tells who calls, aws:SourceArn for which resource a service does`,
    fix: () => renameKey(clause, statement, name),
  };
}

function unknownGlobalKey(clause: ConditionClause, statement: Statement): KeyFault | undefined {
  if (findGlobalKey('aws:SourceIp') === undefined) return undefined;
  const name = clause.key.toLowerCase().slice('aws:'.length);
  const near = nearestConditionKey(clause.key)[0] ?? keyNamed(name, servicesOf(statement));
  return unknown('unknown-global-key', clause, statement, near);
}

/** The key of one of the services that has a name. */
function keyNamed(name: string, services: readonly string[]): string | undefined {
  for (const service of services) {
    const found = conditionKeysOf(service).find((known) => known.name.toLowerCase() === `${service}:${name}`);
    if (found) return found.name;
  }
  return undefined;
}

/** A key that does not exist: surely a mistake where a like one does; otherwise AWS may be newer than the data. */
function unknown(
  variant: string,
  clause: ConditionClause,
  statement: Statement,
  near: string | undefined,
): KeyFault | undefined {
  if (serviceExists('s3') === undefined) return undefined;
  const message = `There is no condition key ${clause.key}`;
  const severity: Severity | undefined = near !== undefined || statement.effect === 'Deny' ? 'medium' : undefined;
  return {
    key: variant,
    message: near === undefined ? message : `${message}: ${near} is meant?`,
    severity,
    fix: () => (near === undefined ? undefined : renameKey(clause, statement, near)),
  };
}

const checkKeys: DocumentCheck = (policy, fault) => {
  // Policies of AWS IoT have variables and keys of their own.
  if (policy.service === 'iot') return;
  for (const { clause, statement } of clausesOf(policy)) {
    if (!isWritten(clause.key)) continue;
    const found = nameFault(clause, statement) ?? useFault(clause, statement);
    if (!found) continue;
    fault({ ...found, node: clause.keyNode, conditions: clause.conditions, path: clausePath(clause) });
  }
};

const UNKNOWN = 'parliament:UNKNOWN_CONDITION_FOR_ACTION';

export const CONDITION_KEY_RULES: readonly Rule[] = [
  policyRule({
    id: 'iam-condition-key-invalid',
    title: 'Condition key is not in the request',
    severity: 'low',
    owner: {
      side: 'customer',
      why: 'AWS compares the keys that a request carries and takes any other for absent; which keys a policy asks for is yours.',
    },
    description:
      'A condition on a key that does not exist, or that requests for these actions never carry, is not decided by its values: a comparison fails, so an Allow grants nothing and a Deny denies nothing; with `IfExists` or a negated operator it always holds. ' +
      'Use a key that AWS lists for the action, and give actions that do not know it a statement of their own.',
    variants: {
      'unknown-global-key': { severity: 'low', aliases: ['access-analyzer:INVALID_GLOBAL_CONDITION_KEY', UNKNOWN] },
      'unknown-service-key': { severity: 'low', aliases: ['access-analyzer:INVALID_SERVICE_CONDITION_KEY', UNKNOWN] },
      'condition-key-format': refused('access-analyzer:INVALID_CONDITION_KEY_FORMAT', UNKNOWN),
      'unsupported-global-key': refused(
        'access-analyzer:UNSUPPORTED_GLOBAL_CONDITION_KEY',
        'access-analyzer:DEPRECATED_GLOBAL_CONDITION_KEY',
        UNKNOWN,
      ),
      'key-not-for-action': {
        severity: 'low',
        aliases: ['access-analyzer:UNSUPPORTED_ACTION_FOR_CONDITION_KEY', UNKNOWN],
      },
      'key-needs-action': refused('access-analyzer:MISSING_ACTION_FOR_CONDITION_KEY'),
      'key-supported-services-only': {
        severity: 'low',
        aliases: ['access-analyzer:USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES'],
      },
      'key-irrelevant-in-resource-policy': remark('access-analyzer:IRRELEVANT_CONDITION_KEY_IN_POLICY'),
      'key-not-for-service-principal': refused('access-analyzer:UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL'),
      'tag-key-missing': refused('access-analyzer:MISSING_TAG_KEY_IN_CONDITION'),
      'tag-key-unsupported-allow': {
        severity: 'low',
        aliases: ['access-analyzer:ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE'],
      },
      // What is meant to be denied is not.
      'tag-key-unsupported-deny': {
        severity: 'medium',
        aliases: ['access-analyzer:DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE'],
      },
      'tag-key-notaction': {
        severity: 'medium',
        aliases: [
          'access-analyzer:DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
          'access-analyzer:ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
        ],
      },
    },
    references: [
      aws('AWS global condition context keys', 'IAM/latest/UserGuide/reference_policies_condition-keys.html'),
      aws(
        'Actions, resources, and condition keys for AWS services',
        'service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html',
      ),
      aws('IAM JSON policy elements: Condition', 'IAM/latest/UserGuide/reference_policies_elements_condition.html'),
    ],
    checks: [checkKeys],
  }),
];
