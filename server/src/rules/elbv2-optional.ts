/** Application, Network and Gateway Load Balancers: settings that some teams ask for of every one. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import {
  attributeCheck,
  BALANCER,
  BALANCER_PAGE,
  isApplication,
  LISTENER,
  TF_BALANCERS,
  TF_LISTENERS,
  typeOf,
} from './elbv2.ts';
import { set } from './fixes.ts';
import { isTrue, noneOf } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Rule } from './rule.ts';
import { all, has, isOn, known, not } from './shared.ts';
import { declareWebAclAssociations, webAclCheck } from './web-acls.ts';

const TARGETS = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const TF_TARGETS = ['aws_lb_target_group', 'aws_alb_target_group'];
const CLASSIC = 'AWS::ElasticLoadBalancing::LoadBalancer';

declareWebAclAssociations(BALANCER, ...TF_BALANCERS);

const isGateway = (balancer: Resource): boolean | undefined => {
  const type = typeOf(balancer);
  return type === undefined ? undefined : type === 'gateway';
};

/** Whether clients on the internet reach the load balancer: they do when nothing is said. */
function isPublic(balancer: Resource): boolean | undefined {
  if (!balancer.type.startsWith('AWS::')) return not(isOn(balancer, 'internal'));
  if (has(balancer, 'Scheme') === false) return true;
  const scheme = known(balancer, 'Scheme')?.toLowerCase();
  return scheme === undefined ? undefined : scheme !== 'internal';
}

/** Where listeners and their rules name a target group. */
const FORWARDS: readonly (readonly [types: readonly string[], protocol: string, paths: readonly string[]])[] = [
  [
    [LISTENER],
    'Protocol',
    ['DefaultActions[].TargetGroupArn', 'DefaultActions[].ForwardConfig.TargetGroups[].TargetGroupArn'],
  ],
  [TF_LISTENERS, 'protocol', ['default_action[].target_group_arn', 'default_action[].forward.target_group[].arn']],
];

/** Whether all listeners of the template that pass requests on to a target group take HTTPS. */
function isBehindHttps(targets: Resource): boolean {
  const protocols = FORWARDS.flatMap(([types, protocol, paths]) =>
    targets.template
      .ofType(...types)
      .filter((listener) =>
        paths
          .flatMap((path) => select(listener, path))
          .some(({ value }) => value.kind === 'reference' && value.target === targets.address),
      )
      .map((listener) => known(listener, protocol)?.toUpperCase()),
  );
  return protocols.length > 0 && protocols.every((protocol) => protocol === 'HTTPS');
}

/** Functions are invoked, whatever the protocol says. */
function takesConnections(targets: Resource): boolean | undefined {
  const path = targets.type === TARGETS ? 'TargetType' : 'target_type';
  if (has(targets, path) === false) return true;
  const type = known(targets, path)?.toLowerCase();
  return type === undefined ? undefined : type !== 'lambda';
}

const encrypted: Predicate = (value, found) => {
  const verdict = noneOf('HTTP')(value, found);
  return verdict === false && isBehindHttps(found.resource) ? 'behind' : verdict;
};

export const ELBV2_OPTIONAL_RULES: readonly Rule[] = [
  {
    id: 'elbv2-targetgroup-http',
    title: 'Targets are reached by plain HTTP',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS ends the clients’ TLS at the load balancer; which protocol it speaks to the targets is your setting.',
    },
    description:
      'Behind the load balancer requests travel unencrypted through the VPC. Where rules ask for encryption all the way, let the targets take HTTPS. The load balancer does not verify their certificates, so self-signed ones do.',
    aws: awsDefaults('elb-target-certificates'),
    aliases: ['checkov:CKV_AWS_378'],
    variants: {
      behind: {
        severity: 'info',
        message: 'Clients are served by HTTPS, and only the last leg to the targets is plain HTTP',
        aliases: [],
      },
    },
    references: [
      aws(
        'Target groups for your Application Load Balancers',
        'elasticloadbalancing/latest/application/load-balancer-target-groups.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: TARGETS, path: 'Protocol', where: takesConnections },
          { type: TF_TARGETS, path: 'protocol', where: takesConnections },
        ],
        must: encrypted,
        absent: true,
        fix: set('HTTPS', { safe: false, note: 'replaces the target group; the targets must take HTTPS' }),
      },
    ],
  },
  {
    id: 'elbv2-internet-facing',
    title: 'Load balancer faces the internet',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS gives the load balancer public addresses unless you ask for an internal one; who shall reach it is up to you.',
    },
    description:
      'Everyone on the internet can reach its listeners as far as security groups let them. That is what most are for; one that serves your own networks only should be internal.',
    aws: awsDefaults('elb-scheme'),
    aliases: ['trivy:AVD-AWS-0053', 'kics:ELB Sensitive Port Is Exposed To Entire Network'],
    references: [
      aws(
        'How Elastic Load Balancing works',
        'elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: BALANCER, path: 'Scheme', where: (balancer) => not(isGateway(balancer)) },
          { type: CLASSIC, path: 'Scheme' },
        ],
        must: noneOf('internet-facing'),
        absent: false,
        fix: set('internal', { safe: false, note: 'replaces the load balancer; the internet no longer reaches it' }),
      },
      {
        kind: 'property',
        targets: [
          { type: TF_BALANCERS, path: 'internal', where: (balancer) => not(isGateway(balancer)) },
          { type: 'aws_elb', path: 'internal' },
        ],
        must: isTrue,
        absent: false,
        fix: set(true, { safe: false, note: 'replaces the load balancer; the internet no longer reaches it' }),
      },
    ],
  },
  {
    id: 'elbv2-deletion-protection',
    title: 'Load balancer is not protected from deletion',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS offers deletion protection and leaves it off; whether the load balancer may be deleted by mistake is up to you.',
    },
    description:
      'A deleted stack or a careless destroy takes the load balancer away, and with it the name that clients use. With deletion protection that fails until it is switched off on purpose.',
    aws: awsDefaults('elb-deletion-protection'),
    aliases: [
      'checkov:CKV_AWS_150',
      'guard:ELB_DELETION_PROTECTION_ENABLED',
      'cdk-nag:ELBDeletionProtectionEnabled',
      'kics:ALB Deletion Protection Disabled',
    ],
    references: [BALANCER_PAGE],
    checks: [
      attributeCheck({
        name: 'deletion_protection.enabled',
        must: isTrue,
        absent: false,
        where: () => true,
        data: 'true',
      }),
      {
        kind: 'property',
        targets: [{ type: TF_BALANCERS, path: 'enable_deletion_protection' }],
        must: isTrue,
        absent: false,
        fix: set(true),
      },
    ],
  },
  {
    id: 'elbv2-waf',
    title: 'No web ACL guards the load balancer',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS absorbs floods of packets; filters for requests, by AWS WAF, are yours to set up.',
    },
    description:
      'Every request from the internet reaches the targets. With a web ACL AWS WAF limits rates and drops requests that carry known attacks. The managed rules for known bad inputs hold those against Log4j.',
    aliases: [],
    variants: {
      none: {
        aliases: ['checkov:CKV2_AWS_28', 'cdk-nag:ALBWAFEnabled', 'kics:ALB Is Not Integrated With WAF'],
      },
      log4j: {
        message: 'The web ACL lacks the managed rules that look for attacks on Log4j',
        aliases: ['checkov:CKV2_AWS_76'],
      },
    },
    references: [
      aws('Resources that you can protect with AWS WAF', 'waf/latest/developerguide/how-aws-waf-works-resources.html'),
      aws('Baseline rule groups', 'waf/latest/developerguide/aws-managed-rule-groups-baseline.html'),
    ],
    checks: [webAclCheck([BALANCER, ...TF_BALANCERS], (balancer) => all(isApplication(balancer), isPublic(balancer)))],
  },
];
