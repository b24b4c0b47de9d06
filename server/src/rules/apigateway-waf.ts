/** Amazon API Gateway: web ACLs in front of REST APIs. */

import type { Resource } from '../template/template.ts';
import { apiOf, isPrivate, REST_API, SAM_API, STAGE, TF_REST_API, TF_STAGE } from './apigateway-apis.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';
import { isCloudFormation, not } from './shared.ts';
import { declareWebAclAssociations, webAclCheck } from './web-acls.ts';

declareWebAclAssociations(STAGE, TF_STAGE, REST_API, SAM_API, TF_REST_API);

function restApiOf(stage: Resource): Resource | undefined {
  return apiOf(stage, isCloudFormation(stage) ? 'RestApiId' : 'rest_api_id');
}

function isReachable(stage: Resource): boolean | undefined {
  return not(isPrivate(restApiOf(stage) ?? stage));
}

/** The ARN of a stage is often put together from its API and its name. */
function stageAndApi(stage: Resource): readonly Resource[] {
  const api = restApiOf(stage);
  return api ? [stage, api] : [stage];
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
      log4j: {
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
    checks: [webAclCheck([STAGE, TF_STAGE], isReachable, stageAndApi)],
  },
];
