/** Amazon OpenSearch Serverless: from where collections can be reached, and by whom. */

import { readJsonText, surroundingsOf } from '../iam/json-value.ts';
import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below, type Found, select, selectFrom } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';

const NETWORK = 'AWS::OpenSearchServerless::SecurityPolicy';
const TF_NETWORK = 'aws_opensearchserverless_security_policy';
const DATA = 'AWS::OpenSearchServerless::AccessPolicy';
const TF_DATA = 'aws_opensearchserverless_access_policy';

/** The rule sets of a policy, which is a list in JSON text, or in Terraform what is encoded into it. */
function ruleSets(resource: Resource): readonly Found[] {
  const found: Found[] = [];
  for (const policy of select(resource, resource.type.startsWith('AWS::') ? 'Policy' : 'policy')) {
    const { value } = policy;
    const isText = value.kind === 'known' || value.kind === 'text';
    const list = isText ? readJsonText(value, surroundingsOf(resource))?.value : value;
    if (list?.kind !== 'list' && list?.kind !== 'object') continue;
    for (const set of selectFrom(resource, list, '[]', policy.conditions, policy.key, policy.scopes, policy.via)) {
      if (set.value.kind === 'object') found.push(set);
    }
  }
  return found;
}

/** Kinds of endpoints that a rule set speaks of; undefined where they are not all known. */
function endpoints(ruleSet: Found): ReadonlySet<string> | undefined {
  const kinds = below(ruleSet, 'Rules[].ResourceType').map(({ value }) => asString(value)?.toLowerCase());
  return kinds.length && kinds.every((kind) => kind !== undefined) ? new Set(kinds as string[]) : undefined;
}

/** Who else may come in, so that the policy still is one when the public may not. */
function hasOtherSources(ruleSet: Found): boolean {
  return ['SourceVPCEs[]', 'SourceServices[]'].some((path) =>
    below(ruleSet, path).some(({ value }) => value.kind !== 'absent'),
  );
}

function closeFix(found: Found, ruleSet: Found): Fix | readonly Fix[] | undefined {
  if (!hasOtherSources(ruleSet)) return undefined;
  return set(false, { safe: false, note: 'only the endpoints and services named here can connect then' })(found);
}

function checkNetwork(policy: Resource, reporter: Reporter): void {
  const kind = select(policy, policy.type === NETWORK ? 'Type' : 'type').map(({ value }) => asString(value));
  if (!kind.every((one) => one?.toLowerCase() === 'network')) return;
  for (const ruleSet of ruleSets(policy)) {
    const kinds = endpoints(ruleSet);
    if (!kinds) continue;
    for (const found of below(ruleSet, 'AllowFromPublic')) {
      if (found.value.kind === 'absent' || asBoolean(found.value) !== true) continue;
      reporter.reportFound(found, {
        variant: kinds.has('collection') ? undefined : 'dashboard',
        fix: () => closeFix(found, ruleSet),
      });
    }
  }
}

function checkPrincipals(policy: Resource, reporter: Reporter): void {
  for (const ruleSet of ruleSets(policy)) {
    for (const found of below(ruleSet, 'Principal[]')) {
      const text = asString(found.value);
      if (text === '*' || (text !== undefined && /^arn:[\w-]+:iam::\*:/.test(text))) {
        reporter.reportFound(found, { variant: 'principal' });
      }
    }
  }
}

export const OPENSEARCH_SERVERLESS_RULES: readonly Rule[] = [
  {
    id: 'opensearchserverless-public',
    title: 'Collection can be reached from the internet',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'A collection is reached from nowhere until a network policy says from where; this one says from everywhere.',
    },
    description:
      'The endpoint of every collection that the rule matches is open to public networks; credentials and the data access policy are all that guards it. Where several rules match, the public one wins over endpoints in a VPC. Name the VPC endpoints in `SourceVPCEs` and set `AllowFromPublic` to false.',
    aws: awsDefaults('opensearch-serverless-public'),
    aliases: [],
    variants: {
      dashboard: {
        severity: 'medium',
        message: 'OpenSearch Dashboards of the collection can be reached from the internet',
      },
      principal: { message: 'The data access policy of the collection names everyone' },
    },
    references: [
      aws(
        'Network access for Amazon OpenSearch Serverless',
        'opensearch-service/latest/developerguide/serverless-network.html',
      ),
      aws(
        'Data access control for Amazon OpenSearch Serverless',
        'opensearch-service/latest/developerguide/serverless-data-access.html',
      ),
    ],
    checks: [
      { kind: 'resource', types: [NETWORK, TF_NETWORK], check: checkNetwork },
      { kind: 'resource', types: [DATA, TF_DATA], check: checkPrincipals },
    ],
  },
];
