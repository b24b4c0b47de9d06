/** Amazon API Gateway: web ACLs in front of REST APIs. */

import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString, type Value } from '../template/value.ts';
import { apiOf, isCloudFormation, isPrivate, STAGE, TF_STAGE } from './apigateway-apis.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';

/** What attaches a web ACL, and by which properties: resource, ACL. */
const ASSOCIATIONS: Readonly<Record<string, readonly [resource: string, acl: string]>> = {
  'AWS::WAFv2::WebACLAssociation': ['ResourceArn', 'WebACLArn'],
  'AWS::WAFRegional::WebACLAssociation': ['ResourceArn', 'WebACLId'],
  aws_wafv2_web_acl_association: ['resource_arn', 'web_acl_arn'],
  aws_wafregional_web_acl_association: ['resource_arn', 'web_acl_id'],
};

/** AWS's managed rule group for Log4Shell and other known attacks. */
const BAD_INPUTS = 'AWSManagedRulesKnownBadInputsRuleSet';

/** Addresses that a value refers to; undefined where it says nothing that can be told. */
function targetsOf(value: Value): string[] | undefined {
  if (value.kind === 'reference') return value.to === 'resource' ? [value.target] : undefined;
  if (value.kind !== 'text') return undefined;
  const targets = value.parts.flatMap((part) => (typeof part === 'string' ? [] : (targetsOf(part) ?? [])));
  return targets.length ? targets : undefined;
}

/** The ACLs of a stage; undefined where an association may be for it. */
function aclsOf(stage: Resource): Found[] | undefined {
  const api = apiOf(stage, isCloudFormation(stage) ? 'RestApiId' : 'rest_api_id');
  const own = [stage.address, ...(api ? [api.address] : [])];
  const acls: Found[] = [];
  let maybe = false;
  for (const association of stage.template.ofType(...Object.keys(ASSOCIATIONS))) {
    const [resource, acl] = ASSOCIATIONS[association.type] ?? [];
    if (resource === undefined || acl === undefined) continue;
    for (const { value } of select(association, resource)) {
      const targets = targetsOf(value);
      if (!targets) maybe = true;
      else if (targets.some((target) => own.includes(target))) acls.push(...select(association, acl));
    }
  }
  return acls.length || !maybe ? acls : undefined;
}

/** Whether an ACL of the template has the managed rules against known bad inputs; undefined where that is not known. */
function stopsBadInputs(acl: Resource): boolean | undefined {
  const isCfn = isCloudFormation(acl);
  let result: boolean | undefined = acl.properties.open === undefined ? false : undefined;
  const path = isCfn
    ? 'Rules[].Statement.ManagedRuleGroupStatement.Name'
    : 'rule[].statement.managed_rule_group_statement.name';
  for (const { value } of select(acl, path)) {
    if (value.kind === 'absent') continue;
    const name = asString(value);
    if (name === BAD_INPUTS) return true;
    if (name === undefined) result = undefined;
  }
  // A rule group of one's own may do the same.
  const groups = isCfn
    ? 'Rules[].Statement.RuleGroupReferenceStatement'
    : 'rule[].statement.rule_group_reference_statement';
  return select(acl, groups).some(({ value }) => value.kind !== 'absent') ? undefined : result;
}

function checkStage(stage: Resource, reporter: Reporter): void {
  const api = apiOf(stage, isCloudFormation(stage) ? 'RestApiId' : 'rest_api_id');
  if (isPrivate(api ?? stage) !== false) return;
  const acls = aclsOf(stage);
  if (!acls) return;
  if (!acls.length) {
    reporter.report({ node: stage.key, resource: stage, path: 'WebACLAssociation' });
    return;
  }
  for (const { value } of acls) {
    const [target] = targetsOf(value) ?? [];
    const acl = target === undefined ? undefined : stage.template.resource(target);
    if (!acl || !/wafv2/i.test(acl.type) || stopsBadInputs(acl) !== false) continue;
    reporter.report({
      node: stage.key,
      resource: stage,
      variant: 'known-bad-inputs',
      path: 'WebACLAssociation',
      related: [{ node: acl.key, message: `This web ACL lacks ${BAD_INPUTS}`, resource: acl }],
    });
  }
}

export const APIGATEWAY_WAF_RULES: readonly Rule[] = [
  {
    id: 'apigw-waf',
    title: 'No web ACL protects the stage',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS protects its endpoints against floods of packets; what is in a request is judged by a web ACL if you attach one.',
    },
    description:
      'Without a web ACL every request reaches the API, also known attacks and floods from single addresses. Associate a web ACL of AWS WAF with the stage. HTTP APIs take none; there CloudFront can stand in front.',
    aliases: ['checkov:CKV2_AWS_29', 'cdk-nag:AwsSolutions-APIG3', 'kics:API Gateway without WAF'],
    variants: {
      'known-bad-inputs': {
        message: 'The web ACL lacks the managed rules against Log4Shell and other known bad inputs',
        aliases: ['checkov:CKV2_AWS_77'],
      },
    },
    references: [
      aws(
        'Use AWS WAF to protect your REST APIs in API Gateway',
        'apigateway/latest/developerguide/apigateway-control-access-aws-waf.html',
      ),
    ],
    checks: [{ kind: 'resource', types: [STAGE, TF_STAGE], check: checkStage }],
  },
];
