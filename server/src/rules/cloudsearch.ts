/** Amazon CloudSearch: how clients reach a domain. CloudFormation has no resource for it. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { isTrue, otherwise, textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Rule } from './rule.ts';

const DOMAIN = 'aws_cloudsearch_domain';

const modernTls: Predicate = textThat((name) => {
  if (/^Policy-Min-TLS-1-0-/.test(name)) return 'version';
  return /^Policy-Min-TLS-1-[23]-/.test(name) ? true : undefined;
});

export const CLOUDSEARCH_RULES: readonly Rule[] = [
  {
    id: 'cloudsearch-tls',
    title: 'CloudSearch domain accepts plain HTTP',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS serves the endpoints over HTTPS as well; refusing plain HTTP and old versions of TLS is your setting.',
    },
    description:
      'Searches and documents can travel in the clear, or under TLS 1.0, whose weaknesses are known, and be read or changed on the way. Require HTTPS and TLS 1.2.',
    aws: awsDefaults('cloudsearch-tls'),
    aliases: ['checkov:CKV_AWS_218', 'checkov:CKV_AWS_220'],
    variants: {
      http: { aliases: ['checkov:CKV_AWS_220'] },
      version: { message: 'CloudSearch domain accepts TLS 1.0', aliases: ['checkov:CKV_AWS_218'] },
    },
    references: [
      aws(
        'Configuring Domain Endpoint Options in Amazon CloudSearch',
        'cloudsearch/latest/developerguide/configuring-domain-endpoint-options.html',
      ),
      aws('DomainEndpointOptions', 'cloudsearch/latest/developerguide/API_DomainEndpointOptions.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [{ type: DOMAIN, path: 'endpoint_options.enforce_https' }],
        must: otherwise(isTrue, 'http'),
        absent: 'http',
        fix: set(true, { safe: false, note: 'plain HTTP is refused then' }),
      },
      {
        kind: 'property',
        targets: [{ type: DOMAIN, path: 'endpoint_options.tls_security_policy' }],
        must: modernTls,
        absent: 'version',
        fix: set('Policy-Min-TLS-1-2-2019-07', { safe: false, note: 'only clients with TLS 1.2 can connect then' }),
      },
    ],
  },
];
