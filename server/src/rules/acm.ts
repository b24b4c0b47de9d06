/** AWS Certificate Manager: wildcard names, weak keys, and certificates that no public log shows. */

import { set } from './fixes.ts';
import { noneOf, otherwise, textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';

const CERTIFICATE = 'AWS::CertificateManager::Certificate';
const TF_CERTIFICATE = 'aws_acm_certificate';

const WILDCARD = ['checkov:CKV2_AWS_71', 'kics:Wildcard In ACM Certificate Domain Name'];
const TRANSPARENCY = ['checkov:CKV_AWS_234'];

export const ACM_RULES: readonly Rule[] = [
  {
    id: 'acm-wildcard',
    title: 'Certificate is for every name of a domain',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS issues and renews the certificate, and keeps its key; which names it vouches for is your choice.',
    },
    description:
      'Whatever holds a certificate with a wildcard can pose as any host of the domain, those that come later included. Ask for the names that are served. Leave transparency logging on: it shows certificates that others obtained for your domain.',
    aliases: [...WILDCARD, ...TRANSPARENCY],
    variants: {
      wildcard: { aliases: WILDCARD },
      transparency: {
        message: 'Certificate is left out of the public transparency logs; browsers may refuse it',
        aliases: TRANSPARENCY,
      },
      key: { message: 'Certificate has an RSA key of only 1024 bits', aliases: [] },
    },
    references: [
      aws(
        'AWS Certificate Manager certificate characteristics',
        'acm/latest/userguide/acm-certificate-characteristics.html',
      ),
      aws('Best practices', 'acm/latest/userguide/acm-bestpractices.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: CERTIFICATE, path: 'DomainName' },
          { type: CERTIFICATE, path: 'SubjectAlternativeNames[]' },
          { type: TF_CERTIFICATE, path: 'domain_name' },
          { type: TF_CERTIFICATE, path: 'subject_alternative_names[]' },
        ],
        must: textThat((name) => (name.includes('*') ? 'wildcard' : true)),
        absent: true,
      },
      {
        kind: 'property',
        targets: [
          { type: CERTIFICATE, path: 'CertificateTransparencyLoggingPreference' },
          { type: TF_CERTIFICATE, path: 'options.certificate_transparency_logging_preference' },
        ],
        must: otherwise(noneOf('DISABLED'), 'transparency'),
        absent: true,
        fix: set('ENABLED', { safe: false, note: 'the names of the certificate become public' }),
      },
      {
        kind: 'property',
        targets: [
          { type: CERTIFICATE, path: 'KeyAlgorithm' },
          { type: TF_CERTIFICATE, path: 'key_algorithm' },
        ],
        must: otherwise(noneOf('RSA_1024'), 'key'),
        absent: true,
        fix: set('RSA_2048', { safe: false, note: 'replaces the certificate on deployment' }),
      },
    ],
  },
];
