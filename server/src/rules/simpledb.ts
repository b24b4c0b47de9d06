/** Amazon SimpleDB: that it is used at all. */

import type { Resource } from '../template/template.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';

export const SIMPLEDB_RULES: readonly Rule[] = [
  {
    id: 'simpledb',
    title: 'Domain is kept in SimpleDB',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS runs SimpleDB as it is; choosing a database with the controls that the data needs is your part.',
    },
    description:
      'A domain can be given nothing but a description: no encryption setting, no key, no backup, no policy of its own. DynamoDB encrypts every table and offers all of these.',
    aws: [
      {
        text: 'A SimpleDB domain has one property that a template can set: its description.',
        source: 'CloudFormation: AWS::SDB::Domain',
      },
    ],
    aliases: ['cfn_nag:F77', 'kics:SDB Domain Declared As A Resource'],
    references: [aws('AWS::SDB::Domain', 'AWSCloudFormation/latest/UserGuide/aws-properties-simpledb.html')],
    checks: [
      {
        kind: 'resource',
        types: ['AWS::SDB::Domain', 'aws_simpledb_domain'],
        check: (domain: Resource, reporter: Reporter) => reporter.report({ node: domain.key, resource: domain }),
      },
    ],
  },
];
