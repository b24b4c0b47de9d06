/** Amazon CloudFront distributions: HTTPS to viewers and origins, access to S3 origins, logs. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below, blockKey, type Found, select } from '../template/select.ts';
import { isPartial, type Resource } from '../template/template.ts';
import { asBoolean, asPattern, asString } from '../template/value.ts';
import { logToBucket, useControl } from './cloudfront-fixes.ts';
import { set } from './fixes.ts';
import { isPresent, noneOf, scalar, textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Reporter, Rule } from './rule.ts';
import { all, any, belowLacks, known, not } from './shared.ts';

const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const TF_DISTRIBUTION = 'aws_cloudfront_distribution';
const BUCKETS: ReadonlySet<string> = new Set(['AWS::S3::Bucket', 'aws_s3_bucket', 'data.aws_s3_bucket']);

function isCloudFormation(resource: Resource): boolean {
  return resource.type.startsWith('AWS::');
}

// ---- certificates

/** Versions below TLS 1.2 are refused from the policies TLSv1.2_2018 on. */
const modernTls: Predicate = textThat((text) => {
  if (/^TLSv1\.[23]_\d{4}$/i.test(text)) return true;
  return /^(?:SSLv3|TLSv1|TLSv1_2016|TLSv1\.1|TLSv1\.1_2016)$/i.test(text) ? false : undefined;
});

interface CertificateNames {
  readonly block: string;
  readonly version: string;
  readonly byDefault: string;
  readonly own: readonly string[];
  readonly method: string;
}

const DEFAULT_CERTIFICATE = {
  severity: 'info' as const,
  message: 'With the certificate of cloudfront.net viewers can connect with TLS 1.0: AWS fixes that',
  aliases: [
    'checkov:CKV_AWS_174',
    'checkov:CKV2_AWS_42',
    'cfn_nag:W70',
    'trivy:AVD-AWS-0013',
    'guard:CLOUDFRONT_MINIMUM_PROTOCOL_VERSION_RULE',
    'guard:CLOUDFRONT_CUSTOM_SSL_CERTIFICATE',
    'cdk-nag:AwsSolutions-CFR4',
    'kics:CloudFront Without Minimum Protocol TLS 1.2',
    'kics:Vulnerable Default SSL Certificate',
  ],
};

const CERTIFICATE: Readonly<Record<'cloudFormation' | 'terraform', CertificateNames>> = {
  cloudFormation: {
    block: 'DistributionConfig.ViewerCertificate',
    version: 'MinimumProtocolVersion',
    byDefault: 'CloudFrontDefaultCertificate',
    own: ['AcmCertificateArn', 'IamCertificateId'],
    method: 'SslSupportMethod',
  },
  terraform: {
    block: 'viewer_certificate',
    version: 'minimum_protocol_version',
    byDefault: 'cloudfront_default_certificate',
    own: ['acm_certificate_arn', 'iam_certificate_id'],
    method: 'ssl_support_method',
  },
};

const raiseVersion = set('TLSv1.2_2021', { safe: false, note: 'viewers without TLS 1.2 can no longer connect' });

function checkCertificate(distribution: Resource, reporter: Reporter): void {
  const names = isCloudFormation(distribution) ? CERTIFICATE.cloudFormation : CERTIFICATE.terraform;
  for (const block of select(distribution, `${names.block}[]`)) {
    if (block.value.kind === 'absent') reporter.reportFound(block, { variant: 'default' });
    else if (block.value.kind === 'object') judgeCertificate(block, names, reporter);
  }
}

function judgeCertificate(block: Found, names: CertificateNames, reporter: Reporter): void {
  const defaults = below(block, names.byDefault);
  const chosen = defaults.find(({ value }) => asBoolean(value) === true);
  if (chosen) {
    reporter.reportFound(chosen, { variant: 'default' });
    return;
  }
  const usesSni = below(block, names.method).some(({ value }) => asString(value) === 'sni-only');
  const own = any(...names.own.map((name) => not(belowLacks(block, name))));
  for (const version of below(block, names.version)) {
    if (version.value.kind !== 'absent') {
      if (modernTls(version.value, version) === false) {
        const text = asString(version.value);
        reporter.reportFound(version, {
          message: `Viewers can connect with TLS versions before 1.2 (${text})`,
          fix: () => raiseVersion(version),
        });
      }
    } else if (own) reporter.reportFound(version, { variant: 'unset', fix: () => raiseVersion(version) });
    else if (own === false && defaults.every(({ value }) => value.kind === 'absent' || asBoolean(value) === false)) {
      reporter.reportFound(version, { variant: usesSni ? 'default-sni' : 'default' });
    }
  }
  for (const method of below(block, names.method)) {
    if (asString(method.value) === 'vip') reporter.reportFound(method, { variant: 'vip' });
  }
}

// ---- origins

/** An endpoint for S3 websites, which speaks HTTP only; undefined where the name is not known. */
function isWebsite(scope: Found): boolean | undefined {
  const [domain] = below(scope, isCloudFormation(scope.resource) ? 'DomainName' : 'domain_name');
  if (!domain) return undefined;
  const { value } = domain;
  if (value.kind === 'reference') return /website/i.test(value.attribute ?? '');
  const text = asPattern(value);
  if (text === undefined || /^\u0000*$/.test(text)) return undefined;
  if (/s3-website[.-]/i.test(text)) return true;
  // A name that ends in a hole may be one.
  return text.endsWith('\u0000') ? undefined : false;
}

/** Whether an origin is a bucket: by its configuration, or by its name where it has none. */
function isBucketOrigin(origin: Found): boolean | undefined {
  const [own, others, name] = isCloudFormation(origin.resource)
    ? ['S3OriginConfig', ['CustomOriginConfig', 'VpcOriginConfig'], 'DomainName']
    : ['s3_origin_config', ['custom_origin_config', 'vpc_origin_config'], 'domain_name'];
  const lacksOwn = belowLacks(origin, own as string);
  if (lacksOwn !== true) return not(lacksOwn);
  const [domain] = below(origin, name as string);
  return all(domain && namesBucket(domain), ...(others as string[]).map((other) => belowLacks(origin, other)));
}

function namesBucket({ value, resource }: Found): boolean | undefined {
  if (value.kind === 'reference') {
    const type = value.to === 'resource' ? resource.template.resource(value.target)?.type : undefined;
    return type === undefined ? undefined : BUCKETS.has(type) && !/website/i.test(value.attribute ?? '');
  }
  const text = asPattern(value);
  if (text === undefined || text.includes('\u0000')) return undefined;
  return /\.s3[.-][\w.-]{0,100}amazonaws\.com/i.test(text) && !/s3-website/i.test(text);
}

function checkBucketOrigins(distribution: Resource, reporter: Reporter): void {
  const cloudFormation = isCloudFormation(distribution);
  for (const origin of select(distribution, cloudFormation ? 'DistributionConfig.Origins[]' : 'origin[]')) {
    if (origin.value.kind !== 'object' || isBucketOrigin(origin) !== true) continue;
    const control = below(origin, cloudFormation ? 'OriginAccessControlId' : 'origin_access_control_id');
    if (control.some((found) => isPresent(found.value, found) !== false)) continue;
    const identity = below(
      origin,
      cloudFormation ? 'S3OriginConfig.OriginAccessIdentity' : 's3_origin_config.origin_access_identity',
    );
    for (const found of identity) {
      const set = isPresent(found.value, found);
      if (set === undefined || found.value.kind === 'unknown') continue;
      reporter.reportFound(found, {
        node: found.value.kind === 'absent' ? anchor(origin, found) : found.node,
        variant: set ? 'identity' : undefined,
        fix: () => useControl(origin, found),
      });
    }
  }
}

/** Absence in an origin is reported on its configuration for S3, else on its first key. */
function anchor(origin: Found, found: Found): Found['node'] {
  return found.node === origin.node ? blockKey(origin.node) : found.node;
}

/** Logs may be delivered by resources of their own, which name what they deliver by its ARN. */
function hasNoDelivery({ template }: Resource): boolean | undefined {
  const sources = template.ofType('AWS::Logs::DeliverySource', 'aws_cloudwatch_log_delivery_source');
  return sources.length || isPartial(template) ? undefined : true;
}

/** Whether some cache behavior lets viewers use HTTP. */
function allowsHttp(distribution: Resource): boolean | undefined {
  const paths = isCloudFormation(distribution)
    ? ['DefaultCacheBehavior', 'CacheBehaviors[]'].map((one) => `DistributionConfig.${one}.ViewerProtocolPolicy`)
    : ['default_cache_behavior', 'ordered_cache_behavior[]'].map((one) => `${one}.viewer_protocol_policy`);
  const verdicts = paths
    .flatMap((path) => select(distribution, path))
    .filter(({ value }) => value.kind !== 'absent')
    .map(({ value }) => {
      const text = asString(value);
      return text === undefined ? undefined : text === 'allow-all';
    });
  return any(...verdicts);
}

/** With `match-viewer` the origin is asked as the viewers ask: by HTTP, if they may. */
const httpsOnly: Predicate = scalar((value) => {
  const text = asString(value);
  return text === undefined ? undefined : text === 'http-only' ? false : text === 'match-viewer' ? 'viewer' : true;
});

function checkOriginPolicy(distribution: Resource, reporter: Reporter): void {
  const [origins, policy, enabled] = isCloudFormation(distribution)
    ? ['DistributionConfig.Origins[]', 'CustomOriginConfig.OriginProtocolPolicy', 'DistributionConfig.Enabled']
    : ['origin[]', 'custom_origin_config.origin_protocol_policy', 'enabled'];
  // A disabled distribution asks nothing of its origins.
  if (known(distribution, enabled)?.toLowerCase() === 'false') return;
  for (const origin of select(distribution, origins)) {
    if (origin.value.kind !== 'object' || isWebsite(origin) !== false) continue;
    for (const found of below(origin, policy)) {
      const verdict = found.value.kind === 'absent' ? undefined : httpsOnly(found.value, found);
      if (verdict !== false && verdict !== 'viewer') continue;
      const variant = verdict === 'viewer' && allowsHttp(distribution) !== true ? 'viewer' : undefined;
      reporter.reportFound(found, { variant, fix: () => demandHttps(found) });
    }
  }
}

const demandHttps = set('https-only', { safe: false, note: 'the origin must answer HTTPS' });
const modernOrigin: Predicate = (value, found) =>
  noneOf('SSLv3', 'TLSv1', 'TLSv1.1')(value, found) === false ? 'versions' : true;

export const CLOUDFRONT_RULES: readonly Rule[] = [
  {
    id: 'cloudfront-viewer-http',
    title: 'Distribution serves plain HTTP',
    category: 'encryption-in-transit',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS ends TLS at the edge for every distribution; refusing or redirecting plain HTTP is your setting.',
    },
    description:
      'Viewers may fetch pages and send cookies unencrypted, where they can be read and changed on the way. Redirect them to HTTPS, or take HTTPS only.',
    aliases: [
      'checkov:CKV_AWS_34',
      'trivy:AVD-AWS-0012',
      'guard:CLOUDFRONT_VIEWER_POLICY_HTTPS',
      'kics:Cloudfront Viewer Protocol Policy Allows HTTP',
    ],
    references: [
      aws(
        'Require HTTPS for communication between viewers and CloudFront',
        'AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: DISTRIBUTION, path: 'DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy' },
          {
            type: DISTRIBUTION,
            within: 'DistributionConfig.CacheBehaviors',
            path: 'ViewerProtocolPolicy',
          },
          { type: TF_DISTRIBUTION, path: 'default_cache_behavior.viewer_protocol_policy' },
          { type: TF_DISTRIBUTION, within: 'ordered_cache_behavior', path: 'viewer_protocol_policy' },
        ],
        must: noneOf('allow-all'),
        absent: undefined,
        fix: set('redirect-to-https'),
      },
    ],
  },
  {
    id: 'cloudfront-viewer-tls',
    title: 'Viewers can connect with TLS versions before 1.2',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS fixes the TLS versions for the certificate of cloudfront.net; with a certificate of your own the choice is yours.',
    },
    description:
      'Old versions of TLS have known weaknesses, and standards have retired them. With a domain and certificate of your own, set the minimum to `TLSv1.2_2021` or later. The certificate that CloudFront provides for its own domain always accepts TLS 1.0: only a domain of your own changes that.',
    aws: awsDefaults('cloudfront-tls'),
    aliases: [
      'checkov:CKV_AWS_174',
      'cfn_nag:W70',
      'trivy:AVD-AWS-0013',
      'guard:CLOUDFRONT_MINIMUM_PROTOCOL_VERSION_RULE',
      'cdk-nag:AwsSolutions-CFR4',
      'kics:Secure Ciphers Disabled',
      'kics:CloudFront Without Minimum Protocol TLS 1.2',
    ],
    variants: {
      unset: { message: 'The minimum TLS version for the certificate is left open, and may be below 1.2' },
      default: {
        ...DEFAULT_CERTIFICATE,
        aliases: [...DEFAULT_CERTIFICATE.aliases, 'guard:CLOUDFRONT_SNI_ENABLED'],
      },
      'default-sni': DEFAULT_CERTIFICATE,
      vip: {
        severity: 'info',
        message: 'Dedicated IP addresses serve viewers without SNI, which are too old for current TLS versions',
        aliases: ['guard:CLOUDFRONT_SNI_ENABLED'],
      },
    },
    references: [
      aws(
        'Supported protocols and ciphers between viewers and CloudFront',
        'AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html',
      ),
    ],
    checks: [{ kind: 'resource', types: [DISTRIBUTION, TF_DISTRIBUTION], check: checkCertificate }],
  },
  {
    id: 'cloudfront-origin-http',
    title: 'Origin is reached by plain HTTP',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS uses the protocol and versions that you name towards the origin, and the origin is yours.',
    },
    description:
      'What viewers send by HTTPS travels unencrypted, or with a retired version of TLS, from the edge to your origin. Use `https-only` with TLS 1.2. Website endpoints of S3 speak HTTP only: use the bucket itself with origin access control instead.',
    aliases: [
      'checkov:CKV2_AWS_72',
      'cdk-nag:AwsSolutions-CFR5',
      'kics:Connection Between CloudFront Origin Not Encrypted',
    ],
    variants: {
      viewer: {
        severity: 'info',
        message: 'The origin is asked by HTTPS only as long as every cache behavior demands it of the viewers',
      },
      versions: {
        message: 'CloudFront may use a TLS version before 1.2 towards the origin',
        aliases: ['checkov:CKV2_AWS_54', 'cdk-nag:AwsSolutions-CFR5'],
      },
    },
    references: [
      aws(
        'Require HTTPS for communication between CloudFront and your custom origin',
        'AmazonCloudFront/latest/DeveloperGuide/using-https-cloudfront-to-custom-origin.html',
      ),
    ],
    checks: [
      { kind: 'resource', types: [DISTRIBUTION, TF_DISTRIBUTION], check: checkOriginPolicy },
      {
        kind: 'property',
        targets: [
          {
            type: DISTRIBUTION,
            within: 'DistributionConfig.Origins',
            path: 'CustomOriginConfig.OriginSSLProtocols[]',
            where: (_resource, scope) => scope && not(isWebsite(scope)),
          },
          {
            type: TF_DISTRIBUTION,
            within: 'origin',
            path: 'custom_origin_config.origin_ssl_protocols[]',
            where: (_resource, scope) => scope && not(isWebsite(scope)),
          },
        ],
        must: modernOrigin,
        absent: undefined,
      },
    ],
  },
  {
    id: 'cloudfront-s3-no-oac',
    title: 'Bucket behind the distribution has no origin access control',
    category: 'public-access',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS signs requests to the bucket once you tell it to; who may read the bucket otherwise is your bucket policy.',
    },
    description:
      'Where CloudFront does not sign its requests it asks the bucket anonymously, so the objects have to be readable by everyone, past the distribution with its firewall and logs. Use origin access control, and let only this distribution read in the bucket policy.',
    aliases: [
      'checkov:CKV2_AWS_46',
      'guard:CLOUDFRONT_ORIGIN_ACCESS_IDENTITY_ENABLED',
      'cdk-nag:AwsSolutions-CFR6',
      'cdk-nag:AwsSolutions-CFR7',
    ],
    variants: {
      identity: {
        severity: 'low',
        message: 'An origin access identity guards the bucket: origin access control is its successor',
        aliases: ['cdk-nag:AwsSolutions-CFR7'],
      },
    },
    references: [
      aws(
        'Restrict access to an Amazon S3 origin',
        'AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html',
      ),
    ],
    checks: [{ kind: 'resource', types: [DISTRIBUTION, TF_DISTRIBUTION], check: checkBucketOrigins }],
  },
  {
    id: 'cloudfront-logging',
    title: 'Distribution writes no access logs',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS writes access logs once you say where to; that, and looking at them, is your part.',
    },
    description:
      'Without access logs nobody can tell afterwards who fetched what, or how an attack went. Turn on standard logging to a bucket, or deliver the logs with CloudWatch Logs.',
    aliases: [
      'checkov:CKV_AWS_86',
      'cfn_nag:W10',
      'trivy:AVD-AWS-0010',
      'guard:CLOUDFRONT_ACCESSLOGS_ENABLED',
      'cdk-nag:AwsSolutions-CFR3',
      'kics:CloudFront Logging Disabled',
    ],
    references: [aws('Access logs (standard logs)', 'AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: DISTRIBUTION, path: 'DistributionConfig.Logging', where: hasNoDelivery },
          { type: TF_DISTRIBUTION, path: 'logging_config', where: hasNoDelivery },
        ],
        must: isPresent,
        absent: false,
        fix: logToBucket,
      },
    ],
  },
];
