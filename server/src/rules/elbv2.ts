/** Application and Network Load Balancers: their listeners and attributes. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { certificateFor } from './certificate-fixes.ts';
import type { Fix } from './fix.ts';
import { appendItem, set, setEdits } from './fixes.ts';
import { isPresent, isTrue, noneOf, oneOf, textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Reporter, Rule } from './rule.ts';
import { isCloudFormation, known } from './shared.ts';

export const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
export const TF_LISTENERS = ['aws_lb_listener', 'aws_alb_listener'];
export const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
export const TF_BALANCERS = ['aws_lb', 'aws_alb'];

const POLICIES = aws(
  'Security policies for your Application Load Balancer',
  'elasticloadbalancing/latest/application/describe-ssl-policies.html',
);
const HTTPS_LISTENER = aws(
  'Create an HTTPS listener for your Application Load Balancer',
  'elasticloadbalancing/latest/application/create-https-listener.html',
);
export const BALANCER_PAGE = aws(
  'Application Load Balancers',
  'elasticloadbalancing/latest/application/application-load-balancers.html',
);

// ---- listeners

/** Whether a listener ends TLS itself. */
function endsTls(listener: Resource): boolean | undefined {
  const protocol = known(listener, isCloudFormation(listener) ? 'Protocol' : 'protocol');
  return protocol === undefined ? undefined : /^(https|tls)$/i.test(protocol);
}

const isHttps = oneOf('HTTPS');

/** Whether an action sends those who come by HTTP to HTTPS. */
function redirects(action: Found): boolean | undefined {
  const cloudFormation = isCloudFormation(action.resource);
  let result: boolean | undefined = true;
  for (const type of below(action, cloudFormation ? 'Type' : 'type')) {
    const name = asString(type.value)?.toLowerCase();
    if (name === undefined) {
      if (type.value.kind !== 'absent') result = undefined;
      continue;
    }
    if (name !== 'redirect') return false;
  }
  for (const found of below(action, cloudFormation ? 'RedirectConfig.Protocol' : 'redirect.protocol')) {
    // Left out, it is #{protocol}: HTTP stays HTTP.
    const verdict = found.value.kind === 'absent' ? false : isHttps(found.value, found);
    if (verdict === false) return result === undefined ? undefined : false;
    if (verdict !== true) result = undefined;
  }
  return result;
}

/** Whether the load balancer of a listener has no public address; undefined where it is not in the template. */
function isInternal(listener: Resource): boolean | undefined {
  for (const { value } of select(listener, isCloudFormation(listener) ? 'LoadBalancerArn' : 'load_balancer_arn')) {
    if (value.kind !== 'reference' || value.to !== 'resource') continue;
    const balancer = listener.template.resource(value.target);
    if (!balancer) continue;
    if (isCloudFormation(balancer)) return known(balancer, 'Scheme')?.toLowerCase() === 'internal';
    return known(balancer, 'internal')?.toLowerCase() === 'true';
  }
  return undefined;
}

const REDIRECT: Readonly<Record<'cloudFormation' | 'terraform', Data>> = {
  cloudFormation: {
    Type: 'redirect',
    RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
  },
  terraform: { type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', status_code: 'HTTP_301' } },
};

/** Puts a redirect in the place of the only default action. */
function redirectFix(actions: readonly Found[]): Fix | undefined {
  const [action] = actions;
  if (!action || actions.length !== 1 || action.via.length || action.value.kind !== 'object') return undefined;
  if (action.conditions.length > action.resource.conditions.length) return undefined;
  const data = isCloudFormation(action.resource) ? REDIRECT.cloudFormation : REDIRECT.terraform;
  return {
    title: 'Redirect to HTTPS (needs an HTTPS listener on port 443)',
    safe: false,
    edits: [{ kind: 'replace', node: action.value.node, data }],
  };
}

function checkHttp(listener: Resource, reporter: Reporter): void {
  const cloudFormation = isCloudFormation(listener);
  const actions = select(listener, cloudFormation ? 'DefaultActions[]' : 'default_action[]');
  const verdicts = actions.map((action) => (action.value.kind === 'object' ? redirects(action) : undefined));
  // One that is not a redirect to HTTPS serves or passes on what came in the clear.
  if (!verdicts.includes(false)) return;
  for (const protocol of select(listener, cloudFormation ? 'Protocol' : 'protocol')) {
    if (asString(protocol.value)?.toUpperCase() !== 'HTTP') continue;
    reporter.reportFound(protocol, {
      variant: isInternal(listener) ? 'internal' : undefined,
      fix: () => redirectFix(actions),
    });
  }
}

/**
 * Policies with TLS 1.0 or 1.1. Those of TLS 1.2 and later pass, and names that are not known are not judged.
 * Source: Application Load Balancers Guide, "Security policies".
 */
const modernPolicy: Predicate = textThat((text) => {
  const name = /^ELBSecurityPolicy-([\w-]+)$/.exec(text)?.[1];
  if (name === undefined) return undefined;
  if (/^(?:201[1-6]-\d\d|TLS-1-[01]-|TLS13-1-[01]-|FS-2018-|FS-1-1-)/.test(name)) return false;
  return /^(?:TLS-1-2-|TLS13-1-[23]-|FS-1-2-)/.test(name) ? true : undefined;
});

const TLS_SAFE = set('ELBSecurityPolicy-TLS13-1-2-Res-2021-06', {
  safe: false,
  note: 'clients without TLS 1.2 can no longer connect',
});

/** Names a certificate of ACM: the list of them where there is none. */
const giveCertificate: FixMaker = (found) => {
  const { resource } = found;
  const { arn, note } = certificateFor(resource);
  const isList = isCloudFormation(resource) && !found.path.endsWith('CertificateArn');
  const title = `Use a certificate of ACM (${note})`;
  return set(isList ? [{ CertificateArn: arn }] : arn, { safe: false, title })(found);
};

const acmCertificate: Predicate = textThat((text) => (/^arn:[\w-]+:iam:/.test(text) ? 'iam' : true));

// ---- load balancers

/** The kind of load balancer, in small letters; undefined where it is not known. */
export function typeOf(balancer: Resource): string | undefined {
  const found = select(balancer, isCloudFormation(balancer) ? 'Type' : 'load_balancer_type');
  if (found.every((one) => one.value.kind === 'absent')) return 'application';
  return known(balancer, isCloudFormation(balancer) ? 'Type' : 'load_balancer_type')?.toLowerCase();
}

/** Whether it is an Application Load Balancer; undefined where the kind is not known. */
export function isApplication(balancer: Resource): boolean | undefined {
  const type = typeOf(balancer);
  return type === undefined ? undefined : type === 'application';
}

/** Gateway Load Balancers have no access logs. */
function hasLogs(balancer: Resource): boolean | undefined {
  const type = typeOf(balancer);
  return type === undefined ? undefined : type !== 'gateway';
}

const ATTRIBUTES = 'LoadBalancerAttributes';

/** The values of an attribute in CloudFormation's list; an empty list where it is not there, undefined where it may be. */
function attributeValues(balancer: Resource, name: string): readonly Found[] | undefined {
  const values: Found[] = [];
  let open = false;
  for (const item of select(balancer, `${ATTRIBUTES}[]`)) {
    if (item.value.kind === 'absent') continue;
    if (item.value.kind !== 'object' || item.conditions.length > balancer.conditions.length) open = true;
    for (const key of below(item, 'Key')) {
      const text = asString(key.value);
      if (text === undefined && key.value.kind !== 'absent') open = true;
      if (text === name) values.push(...below(item, 'Value'));
    }
  }
  return values.length || !open ? values : undefined;
}

interface Attribute {
  readonly name: string;
  readonly must: Predicate;
  /** What the attribute is where nothing is said. */
  readonly absent: boolean;
  readonly where: (balancer: Resource) => boolean | undefined;
  /** What to write; no fix where left out. */
  readonly data?: string;
}

/** Judges an attribute of a CloudFormation load balancer. */
export function attributeCheck({ name, must, absent, where, data }: Attribute): Rule['checks'][number] {
  const check = (balancer: Resource, reporter: Reporter) => {
    if (where(balancer) !== true) return;
    const values = attributeValues(balancer, name);
    for (const found of values ?? []) {
      if (must(found.value, found) !== false) continue;
      reporter.reportFound(found, { fix: () => fixOf(name, data, (text) => setEdits(found, text)) });
    }
    if (absent || !values || values.length) return;
    const [list] = select(balancer, ATTRIBUTES);
    if (!list) return;
    reporter.report({
      node: list.key ?? balancer.key,
      resource: balancer,
      path: `${ATTRIBUTES}.${name}`,
      fix: () => fixOf(name, data, (text) => appendItem(list, { Key: name, Value: text })),
    });
  };
  return { kind: 'resource', types: [BALANCER], check };
}

function fixOf(
  name: string,
  data: string | undefined,
  write: (data: string) => readonly Edit[] | undefined,
): Fix | undefined {
  if (data === undefined) return undefined;
  const edits = write(data);
  return edits && { title: `Set ${name} to ${data}`, safe: true, edits };
}

/** Logs need a bucket that takes them: only a switch that is there is turned on. */
const switchOn = (found: Found) => {
  const name = found.value.kind === 'absent' ? found.value.missing : [];
  return name.length > 1 ? undefined : set(true)(found);
};

export const ELBV2_RULES: readonly Rule[] = [
  {
    id: 'elbv2-listener-http',
    title: 'Listener serves plain HTTP',
    category: 'encryption-in-transit',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS runs the load balancer and ends TLS where you ask for it; which protocol a listener speaks is your setting.',
    },
    description:
      'Requests, cookies and passwords travel unencrypted and can be read and changed on the way. Let the HTTP listener do nothing but redirect to an HTTPS listener.',
    aliases: [
      'checkov:CKV_AWS_2',
      'checkov:CKV2_AWS_20',
      'checkov:CKV_AWS_103',
      'cfn_nag:W56',
      'trivy:AVD-AWS-0054',
      'guard:ELBV2_LISTENER_PROTOCOL_RULE',
      'cdk-nag:ALBHttpToHttpsRedirection',
      'kics:ALB Listening on HTTP',
    ],
    variants: {
      internal: { severity: 'medium', message: 'Listener of an internal load balancer serves plain HTTP' },
    },
    references: [HTTPS_LISTENER],
    checks: [{ kind: 'resource', types: [LISTENER, ...TF_LISTENERS], check: checkHttp }],
  },
  {
    id: 'elbv2-listener-tls-policy',
    title: 'Listener accepts TLS versions before 1.2',
    category: 'encryption-in-transit',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS maintains the security policies and ends TLS; which of them a listener uses is your choice.',
    },
    description:
      'Connections over TLS 1.0 and 1.1, which standards have retired for their weaknesses, are accepted where the policy goes back to them. Choose one that begins with TLS 1.2.',
    aws: awsDefaults('elb-listener-policy'),
    aliases: [
      'checkov:CKV_AWS_103',
      'checkov:CKV2_AWS_74',
      'cfn_nag:W55',
      'trivy:AVD-AWS-0047',
      'guard:ELBV2_LISTENER_SSL_POLICY_RULE',
      'kics:ELB Using Insecure Protocols',
    ],
    variants: {
      default: {
        message: 'Without a security policy the listener gets ELBSecurityPolicy-2016-08, which accepts TLS 1.0',
      },
    },
    references: [POLICIES],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: LISTENER, path: 'SslPolicy', where: endsTls },
          { type: TF_LISTENERS, path: 'ssl_policy', where: endsTls },
        ],
        must: modernPolicy,
        absent: 'default',
        message: (found) => `Security policy ${asString(found.value)} accepts TLS versions before 1.2`,
        fix: TLS_SAFE,
      },
    ],
  },
  {
    id: 'elbv2-listener-cert',
    title: 'TLS listener has no certificate of ACM',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS renews the certificates that ACM issues; which certificate a listener shows is your setting.',
    },
    description:
      'A listener for HTTPS or TLS needs a certificate, and is not created without one. A certificate that was uploaded to IAM is never renewed by itself and expires unnoticed; ACM renews what it issues.',
    aliases: ['guard:ELBV2_ACM_CERTIFICATE_REQUIRED', 'cdk-nag:ELBv2ACMCertificateRequired'],
    variants: {
      iam: { message: 'The certificate was uploaded to IAM, where nothing renews it' },
      none: { message: 'The listener has no certificate' },
    },
    references: [
      aws(
        'SSL certificates for your Application Load Balancer',
        'elasticloadbalancing/latest/application/https-listener-certificates.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: LISTENER, path: 'Certificates', where: endsTls },
          { type: TF_LISTENERS, path: 'certificate_arn', where: endsTls },
        ],
        must: (value, found) => (isPresent(value, found) === false ? 'none' : true),
        absent: 'none',
        fix: giveCertificate,
      },
      {
        kind: 'property',
        targets: [
          { type: LISTENER, path: 'Certificates[].CertificateArn', where: endsTls },
          { type: TF_LISTENERS, path: 'certificate_arn', where: endsTls },
        ],
        must: acmCertificate,
        absent: true,
        fix: giveCertificate,
      },
    ],
  },
  {
    id: 'elbv2-drop-invalid-headers',
    title: 'Invalid HTTP headers are passed on',
    category: 'network-exposure',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS offers to drop such headers; whether a load balancer does is your setting, off when nothing is said.',
    },
    description:
      'Headers whose names no standard allows reach the targets, which may read them differently than the load balancer did: an opening for request smuggling. Let the load balancer drop them.',
    aws: awsDefaults('elb-invalid-headers'),
    aliases: [
      'checkov:CKV_AWS_131',
      'trivy:AVD-AWS-0052',
      'guard:ALB_HTTP_DROP_INVALID_HEADER_ENABLED',
      'cdk-nag:ALBHttpDropInvalidHeaderEnabled',
      'kics:ALB Not Dropping Invalid Headers',
    ],
    references: [BALANCER_PAGE],
    checks: [
      attributeCheck({
        name: 'routing.http.drop_invalid_header_fields.enabled',
        must: isTrue,
        absent: false,
        where: isApplication,
        data: 'true',
      }),
      {
        kind: 'property',
        targets: [{ type: TF_BALANCERS, path: 'drop_invalid_header_fields', where: isApplication }],
        must: isTrue,
        absent: false,
        fix: set(true),
      },
    ],
  },
  {
    id: 'elbv2-desync',
    title: 'Load balancer lets through requests that may be smuggled',
    category: 'network-exposure',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS mitigates HTTP desync by default; in the mode `monitor`, which you choose, it only watches.',
    },
    description:
      'Ambiguous requests that the load balancer and the target may take apart differently are let through and merely counted. Use `defensive`, which is the default, or `strictest`.',
    aws: awsDefaults('elb-desync'),
    aliases: ['checkov:CKV_AWS_328'],
    references: [BALANCER_PAGE],
    checks: [
      attributeCheck({
        name: 'routing.http.desync_mitigation_mode',
        must: noneOf('monitor'),
        absent: true,
        where: isApplication,
        data: 'defensive',
      }),
      {
        kind: 'property',
        targets: [
          { type: TF_BALANCERS, path: 'desync_mitigation_mode', where: isApplication },
          { type: 'aws_elb', path: 'desync_mitigation_mode' },
        ],
        must: noneOf('monitor'),
        absent: true,
        fix: set('defensive'),
      },
    ],
  },
  {
    id: 'elbv2-access-logs',
    title: 'Load balancer writes no access logs',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS delivers access logs to a bucket of yours once you ask for them; that, and looking at them, is your part.',
    },
    description:
      'Without access logs nobody can tell afterwards who asked for what. Name a bucket whose policy lets Elastic Load Balancing write, and turn the logs on. A Network Load Balancer writes them for its TLS listeners.',
    aws: awsDefaults('elb-access-logs'),
    aliases: [
      'checkov:CKV_AWS_91',
      'cfn_nag:W52',
      'guard:ELBV2_ACCESS_LOGGING_RULE',
      'cdk-nag:AwsSolutions-ELB2',
      'kics:ELBv2 ALB Access Log Disabled',
    ],
    references: [
      aws(
        'Access logs for your Application Load Balancer',
        'elasticloadbalancing/latest/application/load-balancer-access-logs.html',
      ),
    ],
    checks: [
      attributeCheck({ name: 'access_logs.s3.enabled', must: isTrue, absent: false, where: hasLogs }),
      {
        kind: 'property',
        targets: [{ type: TF_BALANCERS, path: 'access_logs.enabled', where: hasLogs }],
        must: isTrue,
        absent: false,
        fix: switchOn,
      },
    ],
  },
];
