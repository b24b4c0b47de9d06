/** AWS Shield Advanced: what a template that pays for it leaves out. */

import { names } from '../template/companions.ts';
import { select } from '../template/select.ts';
import { isPartial, type Resource, type Template } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';
import { all, lacks } from './shared.ts';

const PROTECTIONS: Readonly<Record<string, string>> = {
  'AWS::Shield::Protection': 'ResourceArn',
  aws_shield_protection: 'resource_arn',
};

/** Whether a property has none of the given values; absent has none. */
function isNot(resource: Resource, path: string, ...values: readonly string[]): boolean | undefined {
  const verdicts = select(resource, path).map(({ value }) => {
    if (value.kind === 'absent') return true;
    const text = asBoolean(value)?.toString() ?? asString(value)?.toLowerCase();
    return text === undefined ? undefined : !values.includes(text);
  });
  return all(...verdicts);
}

/** What Shield Advanced protects and the internet reaches, by type. Source: AWS Shield API Reference, CreateProtection. */
const PROTECTABLE: Readonly<Record<string, (resource: Resource) => boolean | undefined>> = {
  'AWS::CloudFront::Distribution': () => true,
  'AWS::GlobalAccelerator::Accelerator': () => true,
  'AWS::Route53::HostedZone': (zone) => lacks(zone, 'VPCs'),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (balancer) =>
    all(isNot(balancer, 'Type', 'network', 'gateway'), isNot(balancer, 'Scheme', 'internal')),
  'AWS::ElasticLoadBalancing::LoadBalancer': (balancer) => isNot(balancer, 'Scheme', 'internal'),
  aws_cloudfront_distribution: () => true,
  aws_globalaccelerator_accelerator: () => true,
  aws_route53_zone: (zone) => lacks(zone, 'vpc'),
  aws_lb: (balancer) =>
    all(isNot(balancer, 'load_balancer_type', 'network', 'gateway'), isNot(balancer, 'internal', 'true')),
  aws_alb: (balancer) =>
    all(isNot(balancer, 'load_balancer_type', 'network', 'gateway'), isNot(balancer, 'internal', 'true')),
  aws_elb: (balancer) => isNot(balancer, 'internal', 'true'),
};

/** Only a template that protects some of what it makes is told of the rest. */
function checkProtections(template: Template, reporter: Reporter): void {
  const protections = template.ofType(...Object.keys(PROTECTIONS));
  // Firewall Manager protects what is in the scope of its policies.
  if (!protections.length || template.ofType('AWS::FMS::Policy', 'aws_fms_policy').length || isPartial(template))
    return;
  const leaves = protections.flatMap((one) => select(one, PROTECTIONS[one.type] ?? ''));
  const open: Resource[] = [];
  let other: Resource | undefined;
  for (const resource of template.ofType(...Object.keys(PROTECTABLE))) {
    if (resource.isData || PROTECTABLE[resource.type]?.(resource) !== true) continue;
    const verdicts = leaves.map(({ value }) => names(value, resource));
    if (verdicts.includes(true)) other ??= resource;
    else if (!verdicts.includes(undefined)) open.push(resource);
  }
  if (!other) return;
  const first = other;
  for (const resource of open) {
    reporter.report({
      node: resource.key,
      resource,
      message: `Shield Advanced protects ${first.address}, and not ${resource.address}`,
      related: [{ node: first.key, message: 'Is protected', resource: first }],
    });
  }
}

export const SHIELD_RULES: readonly Rule[] = [
  {
    id: 'shield-not-used',
    title: 'Shield Advanced leaves out a resource that the internet reaches',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS protects everything against common floods with Shield Standard; what Shield Advanced protects beyond that, you subscribe and name.',
    },
    description:
      'This template protects some of what it puts on the internet with Shield Advanced. An attacker takes the way that is left. Protect the others too, or leave them out knowingly.',
    aws: [
      {
        text: 'Shield Standard protects all customers at no charge; Shield Advanced protects the resources that are named.',
        source: 'AWS Shield API Reference: CreateProtection; AWS Shield (AWS WAF Developer Guide)',
      },
    ],
    aliases: ['kics:Shield Advanced Not In Use'],
    references: [aws('AWS Shield Advanced overview', 'waf/latest/developerguide/ddos-advanced-summary.html')],
    checks: [{ kind: 'template', check: checkProtections }],
  },
];
