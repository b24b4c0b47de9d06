/** Certificates that a configuration brings along as text: for domain names of API Gateway, in ACM and in IAM. */

import { asString } from '../template/value.ts';
import { readCertificate } from './certificates.ts';
import { scalar } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Rule } from './rule.ts';

/** Rules know no clock: a certificate counts as expired if it was on that day. */
const AS_OF = '2026-11-22';

const sound: Predicate = scalar((value) => {
  const facts = readCertificate(asString(value) ?? '');
  if (!facts) return undefined;
  if (facts.notAfter < AS_OF) return 'expired';
  return facts.rsaBits === undefined || facts.rsaBits >= 2048 ? true : 'short-key';
});

export const APIGATEWAY_CERTIFICATE_RULES: readonly Rule[] = [
  {
    id: 'apigw-cert-weak',
    title: 'Certificate is expired or its key is too short',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS renews the certificates that ACM issues; one that you bring along is yours to replace.',
    },
    description:
      'Clients refuse an expired certificate, or get used to clicking the warning away; an RSA key of less than 2048 bits can be broken with effort. Have ACM issue the certificate, which then renews it, or import a new one.',
    aliases: ['kics:Certificate Has Expired', 'kics:Certificate RSA Key Bytes Lower Than 256'],
    variants: {
      expired: { aliases: ['kics:Certificate Has Expired'] },
      'short-key': { aliases: ['kics:Certificate RSA Key Bytes Lower Than 256'] },
    },
    references: [
      aws('Import certificates into AWS Certificate Manager', 'acm/latest/userguide/import-certificate.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: ['aws_acm_certificate', 'aws_api_gateway_domain_name', 'aws_iam_server_certificate'],
            path: 'certificate_body',
          },
        ],
        must: sound,
        absent: true,
        message: (found) => {
          const facts = readCertificate(asString(found.value) ?? '');
          return facts && facts.notAfter < AS_OF
            ? `The certificate expired on ${facts.notAfter}`
            : `The certificate has an RSA key of ${facts?.rsaBits} bits; 2048 are the least that is safe`;
        },
      },
    ],
  },
];
