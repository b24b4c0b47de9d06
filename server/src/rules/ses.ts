/** Amazon SES: delivery over TLS, and who may send as an identity. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { noneOf } from './predicates.ts';
import { aws } from './references.ts';
import { merge, type PolicyRule, publicPolicyRule, wildcardActionRule } from './resource-policies.ts';
import type { Rule } from './rule.ts';

const REFUSED = 'mail to servers without TLS is no longer delivered';

const IDENTITY: Omit<PolicyRule, 'aliases'> = {
  id: 'ses-identity-policy-public',
  thing: 'identity',
  service: 'ses',
  standalone: true,
  references: [
    aws('Using sending authorization with Amazon SES', 'ses/latest/dg/sending-authorization.html'),
    aws('Amazon SES policy anatomy', 'ses/latest/dg/policy-anatomy.html'),
  ],
};

export const SES_RULES: readonly Rule[] = [
  {
    id: 'ses-tls',
    title: 'Mail may be delivered without TLS',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS delivers over TLS wherever the receiving server offers it; that mail is held back otherwise is your setting.',
    },
    description:
      'Where a receiving server offers no TLS, or someone on the way hides that it does, SES delivers in plain text, and the message can be read and changed. Require TLS for mail that must not be; it then bounces where there is none.',
    aws: awsDefaults('ses-tls'),
    aliases: ['checkov:CKV_AWS_365'],
    references: [aws('Amazon SES and security protocols', 'ses/latest/dg/security-protocols.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::SES::ConfigurationSet', path: 'DeliveryOptions.TlsPolicy' },
          { type: 'aws_sesv2_configuration_set', path: 'delivery_options.tls_policy' },
          {
            type: 'aws_ses_configuration_set',
            path: 'delivery_options.tls_policy',
            fix: set('Require', { safe: false, note: REFUSED }),
          },
        ],
        must: noneOf('OPTIONAL'),
        absent: false,
        fix: set('REQUIRE', { safe: false, note: REFUSED }),
      },
    ],
  },
  {
    ...merge(
      publicPolicyRule({
        ...IDENTITY,
        severities: { write: 'high', read: 'medium' },
        aliases: ['checkov:CKV_AWS_283'],
      }),
      wildcardActionRule({ ...IDENTITY, severity: 'medium', aliases: ['kics:SES Policy With Allowed IAM Actions'] }),
    ),
    title: 'Identity policy lets everyone send, or allows every action',
    severity: 'high',
    description:
      'Whom the policy lets in sends mail as your domain or address, at your expense and on your reputation, and receivers cannot tell it from yours. Name the accounts or roles that may send, list `ses:SendEmail` and `ses:SendRawEmail` rather than every action, and limit the sender with `ses:FromAddress`.',
  },
];
