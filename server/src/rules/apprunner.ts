/** AWS App Runner: who reaches a service. */

import type { Resource } from '../template/template.ts';
import { set } from './fixes.ts';
import { isFalse } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';
import { declareWebAclAssociations, webAclAssociations } from './web-acls.ts';

declareWebAclAssociations('AWS::AppRunner::Service', 'aws_apprunner_service');

/** Whether no web ACL of the template stands in front of the service. */
function isBare(service: Resource): boolean | undefined {
  const { sure, maybe } = webAclAssociations(service);
  if (sure.length) return false;
  return maybe ? undefined : true;
}

export const APPRUNNER_RULES: readonly Rule[] = [
  {
    id: 'apprunner-public',
    title: 'App Runner service is public, with no web ACL in front',
    category: 'public-access',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS gives the service a public address unless told otherwise; whether the internet should reach it is up to you.',
    },
    description:
      'Everyone can send requests to the service, and its own code is all that checks them. Make an internal service private and reach it through a VPC ingress connection; put an AWS WAF web ACL in front of a public one.',
    aliases: [],
    references: [
      aws('Enabling private endpoints for incoming traffic', 'apprunner/latest/dg/network-pl.html'),
      aws('Associating an AWS WAF web ACL with your service', 'apprunner/latest/dg/waf.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::AppRunner::Service',
            path: 'NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible',
            where: isBare,
          },
          {
            type: 'aws_apprunner_service',
            path: 'network_configuration.ingress_configuration.is_publicly_accessible',
            where: isBare,
          },
        ],
        must: isFalse,
        absent: false,
        fix: set(false, { safe: false, note: 'then reached through a VPC ingress connection only' }),
      },
    ],
  },
];
