/** Amazon CloudFront: settings that some teams ask for of every distribution. */

import type { Data } from '../syntax/edit.ts';
import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { set } from './fixes.ts';
import { atLeast, isPresent, isTrue, noneOf, otherwise, textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Reporter, Rule } from './rule.ts';
import { any, not } from './shared.ts';
import { stopsBadInputs } from './web-acls.ts';

const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const TF_DISTRIBUTION = 'aws_cloudfront_distribution';
const HEADERS = 'AWS::CloudFront::ResponseHeadersPolicy';
const TF_HEADERS = 'aws_cloudfront_response_headers_policy';

function isCloudFormation(resource: Resource): boolean {
  return resource.type.startsWith('AWS::');
}

/** Whether a distribution serves viewers: one that is switched off needs no guard. */
function isEnabled(distribution: Resource): boolean | undefined {
  const enabled = select(distribution, isCloudFormation(distribution) ? 'DistributionConfig.Enabled' : 'enabled');
  return any(...enabled.map(({ value }) => (value.kind === 'absent' ? true : asBoolean(value))));
}

// ---- web ACLs

function checkWebAcl(distribution: Resource, reporter: Reporter): void {
  if (isEnabled(distribution) === false) return;
  for (const acl of select(
    distribution,
    isCloudFormation(distribution) ? 'DistributionConfig.WebACLId' : 'web_acl_id',
  )) {
    if (isPresent(acl.value, acl) === false) reporter.reportFound(acl);
    else if (stopsBadInputs(acl) === false) reporter.reportFound(acl, { variant: 'log4j' });
  }
}

// ---- HSTS

/** A year: what browsers ask for before they take a name into their preload lists. */
const YEAR = 31_536_000;

/**
 * Managed policies for CORS without Strict-Transport-Security, each with the one that has both.
 * Source: CloudFront Developer Guide, "Use managed response headers policies".
 */
const WITHOUT_HSTS: ReadonlyMap<string, readonly [name: string, id: string]> = new Map([
  // SimpleCORS
  ['60669652-455b-4ae9-85a4-c4c02393f86c', ['CORS-and-SecurityHeadersPolicy', 'e61eb60c-9c35-4d20-a928-2b84e02af89c']],
  // CORS-With-Preflight
  [
    '5cc3b908-e619-4b99-88e5-2cf7f45965bd',
    ['CORS-with-preflight-and-SecurityHeadersPolicy', 'eaab4381-ed33-4a86-88ca-d9558dc6cd63'],
  ],
]);
const SECURITY_HEADERS = ['SecurityHeadersPolicy', '67f7725c-6f97-4210-82d7-5512b31e9d03'] as const;

const sendsHsts: Predicate = (value, found) => {
  const present = isPresent(value, found);
  if (present !== true) return present === false ? 'unattached' : present;
  return textThat((text) => (WITHOUT_HSTS.has(text) ? 'managed' : true))(value, found);
};

/** Whether a function may write headers into responses by itself. */
function writesHeaders(distribution: Resource): boolean | undefined {
  const paths = isCloudFormation(distribution)
    ? ['FunctionAssociations', 'LambdaFunctionAssociations'].map(
        (name) => `DistributionConfig.DefaultCacheBehavior.${name}[].EventType`,
      )
    : ['function_association', 'lambda_function_association'].map(
        (name) => `default_cache_behavior.${name}[].event_type`,
      );
  const types = paths.flatMap((path) => select(distribution, path));
  return any(
    false,
    ...types.map(({ value }) => {
      const type = asString(value);
      return value.kind === 'absent' ? false : type === undefined ? undefined : type.endsWith('-response');
    }),
  );
}

function servesPlainHeaders(distribution: Resource): boolean | undefined {
  return isEnabled(distribution) === false ? false : not(writesHeaders(distribution));
}

const attachHeaders: FixMaker = (found) => {
  const [name, id] = WITHOUT_HSTS.get(asString(found.value) ?? '') ?? SECURITY_HEADERS;
  return set(id, {
    safe: false,
    title: `Attach the managed policy ${name}`,
    note: 'browsers then refuse plain HTTP for a year',
  })(found);
};

const addHsts: FixMaker = (found) => {
  const data: Data = isCloudFormation(found.resource)
    ? { AccessControlMaxAgeSec: YEAR, IncludeSubdomains: true, Override: true }
    : { access_control_max_age_sec: YEAR, include_subdomains: true, override: true };
  return set(data, {
    safe: false,
    title: 'Add Strict-Transport-Security',
    note: 'browsers then refuse plain HTTP for a year, on subdomains too',
  })(found);
};

const HSTS_BLOCK = {
  cloudFormation: 'ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity',
  terraform: 'security_headers_config.strict_transport_security',
};

export const CLOUDFRONT_OPTIONAL_RULES: readonly Rule[] = [
  {
    id: 'cloudfront-waf',
    title: 'No web ACL guards the distribution',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS absorbs floods of packets at the edge; filters for requests, by AWS WAF, are yours to set up.',
    },
    description:
      'Every request reaches the cache and the origin behind it. With a web ACL (of the scope CLOUDFRONT) AWS WAF limits rates and drops requests that carry known attacks. The managed rules for known bad inputs hold those against Log4j.',
    aliases: ['checkov:CKV_AWS_68', 'trivy:AVD-AWS-0011', 'cdk-nag:AwsSolutions-CFR2', 'kics:CloudFront Without WAF'],
    variants: {
      log4j: {
        message: 'The web ACL lacks the managed rules that look for attacks on Log4j',
        aliases: ['checkov:CKV2_AWS_47'],
      },
    },
    references: [
      aws('Use AWS WAF protections', 'AmazonCloudFront/latest/DeveloperGuide/distribution-web-awswaf.html'),
      aws('Baseline rule groups', 'waf/latest/developerguide/aws-managed-rule-groups-baseline.html'),
    ],
    checks: [{ kind: 'resource', types: [DISTRIBUTION, TF_DISTRIBUTION], check: checkWebAcl }],
  },
  {
    id: 'cloudfront-headers-hsts',
    title: 'Responses do not tell browsers to stay with HTTPS',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'CloudFront adds the headers that a policy of the cache behavior names; none when nothing is said.',
    },
    description:
      'Without `Strict-Transport-Security` a browser may ask by plain HTTP first, and whoever sits in between answers. Attach a response headers policy that sends it for a year or more, unless the origin does. The managed policy SecurityHeadersPolicy is one.',
    aws: [
      {
        text: 'The managed policy SecurityHeadersPolicy adds Strict-Transport-Security with a maximum age of a year, unless the origin sends its own.',
        source: 'Amazon CloudFront Developer Guide: Use managed response headers policies',
      },
    ],
    aliases: ['checkov:CKV_AWS_259'],
    variants: {
      unattached: {
        message: 'CloudFront adds no security headers to responses: no policy for them is attached',
        aliases: ['checkov:CKV2_AWS_32'],
      },
      managed: {
        message: 'This managed policy is for CORS only and adds no Strict-Transport-Security',
        aliases: [],
      },
      short: { message: 'Browsers stay with HTTPS for less than a year' },
      subdomains: { severity: 'info', message: 'Browsers stay with HTTPS for this name, not for its subdomains' },
      origin: { severity: 'info', message: 'A weaker header of the origin takes the place of this one' },
    },
    references: [
      aws(
        'Use managed response headers policies',
        'AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html',
      ),
      aws(
        'Understand response headers policies',
        'AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: DISTRIBUTION,
            within: 'DistributionConfig.DefaultCacheBehavior',
            path: 'ResponseHeadersPolicyId',
            where: servesPlainHeaders,
          },
          {
            type: TF_DISTRIBUTION,
            path: 'default_cache_behavior.response_headers_policy_id',
            where: servesPlainHeaders,
          },
        ],
        must: sendsHsts,
        absent: 'unattached',
        fix: attachHeaders,
      },
      {
        kind: 'property',
        targets: [
          { type: HEADERS, path: HSTS_BLOCK.cloudFormation },
          { type: TF_HEADERS, path: HSTS_BLOCK.terraform },
        ],
        must: isPresent,
        absent: false,
        fix: addHsts,
      },
      {
        kind: 'property',
        targets: [
          { type: HEADERS, within: HSTS_BLOCK.cloudFormation, path: 'AccessControlMaxAgeSec' },
          { type: TF_HEADERS, within: HSTS_BLOCK.terraform, path: 'access_control_max_age_sec' },
        ],
        must: otherwise(atLeast(YEAR), 'short'),
        absent: undefined,
        fix: set(YEAR, { safe: false, note: 'browsers then refuse plain HTTP for a year' }),
      },
      {
        kind: 'property',
        targets: [
          { type: HEADERS, within: HSTS_BLOCK.cloudFormation, path: 'IncludeSubdomains' },
          { type: TF_HEADERS, within: HSTS_BLOCK.terraform, path: 'include_subdomains' },
        ],
        must: otherwise(isTrue, 'subdomains'),
        absent: 'subdomains',
        fix: set(true, { safe: false, note: 'browsers then refuse plain HTTP on subdomains, too' }),
      },
      {
        kind: 'property',
        targets: [
          { type: HEADERS, within: HSTS_BLOCK.cloudFormation, path: 'Override' },
          { type: TF_HEADERS, within: HSTS_BLOCK.terraform, path: 'override' },
        ],
        must: otherwise(isTrue, 'origin'),
        absent: undefined,
        fix: set(true),
      },
    ],
  },
  {
    id: 'cloudfront-other',
    title: 'Distribution leaves optional protections out',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS runs the edge; what is served at the root, to which countries, and from which second origin is your setting.',
    },
    description:
      'A default root object keeps a request for `/` from listing what the origin holds. An origin group answers from a second origin when the first one fails. A geographic restriction keeps content to the countries it is meant for.',
    aliases: [],
    variants: {
      'root-object': {
        message: 'No object is named for requests to the root, which go to the origin as they are',
        aliases: ['checkov:CKV_AWS_305', 'guard:CLOUDFRONT_DEFAULT_ROOT_OBJECT_CONFIGURED'],
      },
      failover: {
        message: 'No second origin answers when the first one fails',
        aliases: ['checkov:CKV_AWS_310', 'guard:CLOUDFRONT_ORIGIN_FAILOVER_ENABLED'],
      },
      geography: {
        severity: 'info',
        message: 'Content is served to every country',
        aliases: ['checkov:CKV_AWS_374', 'cdk-nag:AwsSolutions-CFR1', 'kics:Geo Restriction Disabled'],
      },
      disabled: {
        severity: 'info',
        message: 'The distribution is switched off and serves nothing',
        aliases: ['checkov:CKV_AWS_216', 'kics:CDN Configuration Is Missing'],
      },
    },
    references: [
      aws('Specify a default root object', 'AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html'),
      aws(
        'Optimize high availability with CloudFront origin failover',
        'AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html',
      ),
      aws(
        'Restrict the geographic distribution of your content',
        'AmazonCloudFront/latest/DeveloperGuide/georestrictions.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: DISTRIBUTION, path: 'DistributionConfig.DefaultRootObject' },
          { type: TF_DISTRIBUTION, path: 'default_root_object' },
        ],
        must: otherwise(isPresent, 'root-object'),
        absent: 'root-object',
        fix: set('index.html', { safe: false, note: 'the origin must have that object' }),
      },
      {
        kind: 'property',
        targets: [
          { type: DISTRIBUTION, path: 'DistributionConfig.OriginGroups' },
          { type: TF_DISTRIBUTION, path: 'origin_group' },
        ],
        must: otherwise(isPresent, 'failover'),
        absent: 'failover',
      },
      {
        kind: 'property',
        targets: [{ type: DISTRIBUTION, path: 'DistributionConfig.OriginGroups.Quantity' }],
        must: otherwise(atLeast(1), 'failover'),
        absent: undefined,
      },
      {
        kind: 'property',
        targets: [{ type: DISTRIBUTION, within: 'DistributionConfig.OriginGroups.Items', path: 'Members.Quantity' }],
        // One origin has nothing to fail over to.
        must: otherwise(atLeast(2), 'failover'),
        absent: undefined,
      },
      {
        kind: 'property',
        targets: [
          { type: DISTRIBUTION, path: 'DistributionConfig.Restrictions.GeoRestriction.RestrictionType' },
          { type: TF_DISTRIBUTION, path: 'restrictions.geo_restriction.restriction_type' },
        ],
        must: otherwise(noneOf('none'), 'geography'),
        absent: 'geography',
      },
      {
        kind: 'property',
        targets: [
          { type: DISTRIBUTION, path: 'DistributionConfig.Enabled' },
          { type: TF_DISTRIBUTION, path: 'enabled' },
        ],
        must: otherwise(isTrue, 'disabled'),
        absent: undefined,
      },
    ],
  },
];
