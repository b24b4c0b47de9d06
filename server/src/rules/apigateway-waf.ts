/** Amazon API Gateway: web ACLs in front of REST APIs. */

import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import type { Value } from '../template/value.ts';
import { apiOf, isCloudFormation, isPrivate, STAGE, TF_STAGE } from './apigateway-apis.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';
import { BAD_INPUTS, stopsBadInputs, WEB_ACL_ASSOCIATIONS } from './web-acls.ts';

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
  for (const association of stage.template.ofType(...Object.keys(WEB_ACL_ASSOCIATIONS))) {
    const [resource, acl] = WEB_ACL_ASSOCIATIONS[association.type] ?? [];
    if (resource === undefined || acl === undefined) continue;
    for (const { value } of select(association, resource)) {
      const targets = targetsOf(value);
      if (!targets) maybe = true;
      else if (targets.some((target) => own.includes(target))) acls.push(...select(association, acl));
    }
  }
  return acls.length || !maybe ? acls : undefined;
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
  for (const found of acls) {
    const acl = found.value.kind === 'reference' && stage.template.resource(found.value.target);
    if (!acl || stopsBadInputs(found) !== false) continue;
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
