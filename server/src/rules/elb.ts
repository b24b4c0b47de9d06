/** Classic Load Balancers: listeners, their TLS policies, access logs. */

import type { Edit } from '../syntax/edit.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asNumber, asString } from '../template/value.ts';
import { certificateFor } from './certificate-fixes.ts';
import { set } from './fixes.ts';
import { isPresent, isTrue, scalar } from './predicates.ts';
import { aws } from './references.ts';
import { removeBlock } from './removal-fixes.ts';
import type { FixMaker, Reporter, Rule } from './rule.ts';

const BALANCER = 'AWS::ElasticLoadBalancing::LoadBalancer';

const POLICY_PAGE = aws(
  'Predefined SSL security policies for Classic Load Balancers',
  'elasticloadbalancing/latest/classic/elb-security-policy-table.html',
);

/** TCP may carry TLS to the instances: the load balancer at least does not see to it. */
const encrypts = scalar((value) => {
  switch (asString(value)?.toUpperCase()) {
    case 'HTTPS':
    case 'SSL':
      return true;
    case 'HTTP':
      return false;
    case 'TCP':
      return 'tcp';
    default:
      return undefined;
  }
});

interface ListenerNames {
  readonly listeners: string;
  readonly port: string;
  readonly certificate: string;
  readonly protocols: Readonly<Record<string, string>>;
}

const CLOUDFORMATION_LISTENER: ListenerNames = {
  listeners: 'Listeners[]',
  port: 'LoadBalancerPort',
  certificate: 'SSLCertificateId',
  protocols: { HTTP: 'HTTPS', TCP: 'SSL' },
};
const TERRAFORM_LISTENER: ListenerNames = {
  listeners: 'listener[]',
  port: 'lb_port',
  certificate: 'ssl_certificate_id',
  protocols: { HTTP: 'https', TCP: 'ssl' },
};

/** Ends TLS at the load balancer, HTTP on the port of HTTPS; a listener on port 80 goes where another one is on 443. */
const encrypt: FixMaker = (found) => {
  const { resource, via, scopes } = found;
  const listener = scopes[scopes.length - 1];
  const names = resource.type === BALANCER ? CLOUDFORMATION_LISTENER : TERRAFORM_LISTENER;
  const protocol = names.protocols[asString(found.value)?.toUpperCase() ?? ''];
  if (!protocol || listener?.node.kind !== 'object' || via.length) return undefined;
  const port = (path: string) => select(resource, path).map(({ value }) => asNumber(value));
  const own = asNumber(listener.get(names.port)?.value ?? found.value);
  if (own === 80 && port(`${names.listeners}.${names.port}`).includes(443)) {
    return removeBlock(found, 'Remove this listener (clients must use the one on port 443)');
  }
  const { arn, note } = certificateFor(resource);
  const moved = own === 80 ? 443 : undefined;
  const where = moved ? ' on port 443' : '';
  const written = listener.get(names.port)?.value.node;
  const ports: Edit[] =
    moved && written
      ? [{ kind: 'replace', node: written, data: written.kind === 'string' ? String(moved) : moved }]
      : [];
  return {
    title: `Use ${protocol.toUpperCase()}${where} (${note}; clients must use it, too)`,
    safe: false,
    edits: [
      { kind: 'replace', node: found.node, data: protocol },
      ...ports,
      { kind: 'set', in: listener.node, path: [names.certificate], data: arn },
    ],
  };
};

// ---- negotiation policies

const WEAK_PROTOCOLS = /^Protocol-(?:SSLv2|SSLv3|TLSv1|TLSv1\.1)$/i;
const WEAK_CIPHERS = /(?:^|-)(?:RC4|RC2|DES|3DES|NULL|EXP|ADH|MD5)(?:-|$)/i;
const REFERENCE = /^Reference-Security-Policy$/i;
const OLD_REFERENCE = /^(?:ELBSecurityPolicy-(?:201[1-6]-\d\d|TLS-1-[01]-[\d-]+)|ELBSample-\w+)$/;

/** What an attribute of a negotiation policy lets in, to end a sentence; undefined where it is fine or not known. */
function weakness(name: string, value: string): string | undefined {
  if (REFERENCE.test(name)) return OLD_REFERENCE.test(value) ? `${value}, which allows TLS before 1.2` : undefined;
  if (value.toLowerCase() !== 'true') return undefined;
  if (WEAK_PROTOCOLS.test(name)) return `the protocol ${name.slice('Protocol-'.length)}`;
  return WEAK_CIPHERS.test(name) ? `the cipher ${name}` : undefined;
}

function judgeAttributes(attributes: readonly Found[], name: string, value: string, reporter: Reporter): void {
  for (const attribute of attributes) {
    if (attribute.value.kind !== 'object') continue;
    for (const key of below(attribute, name)) {
      const keyText = asString(key.value);
      if (keyText === undefined) continue;
      for (const found of below(attribute, value)) {
        const text = asString(found.value);
        const weak = text === undefined ? undefined : weakness(keyText, text);
        if (!weak) continue;
        const fix = REFERENCE.test(keyText)
          ? set('ELBSecurityPolicy-TLS-1-2-2017-01', {
              safe: false,
              note: 'clients without TLS 1.2 can no longer connect',
            })
          : set(false, { safe: false, note: 'clients that need it can no longer connect', title: `Refuse ${weak}` });
        reporter.reportFound(found, { message: `The TLS policy allows ${weak}`, fix: () => fix(found) });
      }
    }
  }
}

function checkPolicies(resource: Resource, reporter: Reporter): void {
  if (!resource.type.startsWith('AWS::')) {
    if (negotiates(select(resource, 'policy_type_name'))) {
      judgeAttributes(select(resource, 'policy_attribute[]'), 'name', 'value', reporter);
    }
    return;
  }
  for (const policy of select(resource, 'Policies[]')) {
    if (policy.value.kind === 'object' && negotiates(below(policy, 'PolicyType'))) {
      judgeAttributes(below(policy, 'Attributes[]'), 'Name', 'Value', reporter);
    }
  }
}

function negotiates(type: readonly Found[]): boolean {
  return type.length > 0 && type.every(({ value }) => asString(value) === 'SSLNegotiationPolicyType');
}

export const ELB_RULES: readonly Rule[] = [
  {
    id: 'elb-classic-listener',
    title: 'Listener accepts unencrypted connections',
    category: 'encryption-in-transit',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS runs the load balancer and ends TLS where you ask for it; which protocol a listener speaks is your setting.',
    },
    description:
      'What clients send can be read and changed on the way. Use HTTPS or SSL with a certificate, or move to an Application Load Balancer, which can also redirect HTTP to HTTPS.',
    aliases: [
      'checkov:CKV_AWS_127',
      'checkov:CKV_AWS_376',
      'guard:ELB_TLS_HTTPS_LISTENERS_ONLY',
      'guard:ELB_ACM_CERTIFICATE_REQUIRED',
      'cdk-nag:AwsSolutions-ELB5',
      'cdk-nag:ELBACMCertificateRequired',
      'kics:ELB Without Secure Protocol',
    ],
    variants: {
      tcp: {
        severity: 'low',
        message: 'The load balancer passes TCP on as it is: whether it is encrypted is up to client and instance',
      },
    },
    references: [
      aws('Listeners for your Classic Load Balancer', 'elasticloadbalancing/latest/classic/elb-listener-config.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: BALANCER, path: 'Listeners[].Protocol' },
          { type: 'aws_elb', path: 'listener[].lb_protocol' },
        ],
        must: encrypts,
        absent: undefined,
        fix: encrypt,
      },
    ],
  },
  {
    id: 'elb-classic-policy',
    title: 'TLS policy allows weak protocols or ciphers',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS offers predefined policies and ends TLS; which protocols and ciphers a listener takes is your choice.',
    },
    description:
      'Clients can be brought to agree on a protocol or cipher that is known to be broken. Refer to the predefined policy `ELBSecurityPolicy-TLS-1-2-2017-01`, or leave the weak ones out.',
    aliases: [
      'checkov:CKV_AWS_213',
      'guard:ELB_PREDEFINED_SECURITY_POLICY_SSL_CHECK',
      'kics:ELB Using Weak Ciphers',
      'kics:ELB Using Insecure Protocols',
    ],
    references: [POLICY_PAGE],
    checks: [{ kind: 'resource', types: [BALANCER, 'aws_load_balancer_policy'], check: checkPolicies }],
  },
  {
    id: 'elb-classic-logs',
    title: 'Load balancer writes no access logs',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS delivers access logs to a bucket of yours once you ask for them; that, and looking at them, is your part.',
    },
    description:
      'Without access logs nobody can tell afterwards who asked for what. Name a bucket whose policy lets Elastic Load Balancing write, and turn the logs on.',
    aliases: [
      'checkov:CKV_AWS_92',
      'cfn_nag:W26',
      'guard:ELB_LOGGING_ENABLED',
      'cdk-nag:AwsSolutions-ELB2',
      'kics:ELB Access Log Disabled',
    ],
    references: [
      aws(
        'Access logs for your Classic Load Balancer',
        'elasticloadbalancing/latest/classic/access-log-collection.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: BALANCER, path: 'AccessLoggingPolicy' },
          { type: 'aws_elb', path: 'access_logs' },
        ],
        must: isPresent,
        absent: false,
      },
      {
        kind: 'property',
        targets: [
          { type: BALANCER, within: 'AccessLoggingPolicy', path: 'Enabled' },
          // The Terraform provider turns the logs on where the block says nothing.
          { type: 'aws_elb', within: 'access_logs', path: 'enabled', absent: true },
        ],
        must: isTrue,
        absent: false,
        fix: set(true),
      },
    ],
  },
];
