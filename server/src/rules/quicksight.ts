/** Amazon QuickSight: how it connects to data sources. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { isFalse } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';

export const QUICKSIGHT_RULES: readonly Rule[] = [
  {
    id: 'quicksight-ssl',
    title: 'TLS to the data source is switched off',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'QuickSight connects over TLS unless it is told not to; this template tells it not to, and that choice is yours.',
    },
    description:
      'The credentials of the data source and the results of queries cross the network in the clear. Leave the property out, and let the database offer TLS.',
    aws: awsDefaults('quicksight-tls'),
    aliases: ['cdk-nag:AwsSolutions-QS1'],
    references: [aws('SslProperties', 'quicksight/latest/APIReference/API_SslProperties.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::QuickSight::DataSource', path: 'SslProperties.DisableSsl' },
          { type: 'aws_quicksight_data_source', path: 'ssl_properties.disable_ssl' },
        ],
        must: isFalse,
        absent: true,
        fix: set(false, { safe: false, note: 'the database must offer TLS' }),
      },
    ],
  },
];
