/** DynamoDB Accelerator: encryption of clusters, on disk and on the wire. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { setInBlock } from './nested-fixes.ts';
import { isTrue, oneOf } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';

const REPLACES = { safe: false, note: 'replaces the cluster on deployment' };

export const DAX_RULES: readonly Rule[] = [
  {
    id: 'dax-encryption',
    title: 'DAX cluster is not encrypted at rest',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'DynamoDB always encrypts the table; the copies that DAX writes to disk are encrypted only if you ask for it.',
    },
    description:
      'DAX writes data to disk when it passes changes on to read replicas: without encryption the items of an encrypted table lie there in the clear. It can only be chosen when the cluster is created.',
    aws: awsDefaults('dax-encryption'),
    aliases: [
      'checkov:CKV_AWS_47',
      'cfn_nag:W83',
      'trivy:AVD-AWS-0023',
      'guard:DAX_ENCRYPTION_ENABLED',
      'cdk-nag:AwsSolutions-DDB4',
      'kics:DAX Cluster Not Encrypted',
    ],
    references: [aws('DAX encryption at rest', 'amazondynamodb/latest/developerguide/DAXEncryptionAtRest.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::DAX::Cluster', path: 'SSESpecification.SSEEnabled' },
          { type: 'aws_dax_cluster', path: 'server_side_encryption.enabled' },
        ],
        must: isTrue,
        absent: false,
        fix: setInBlock(true, REPLACES),
      },
    ],
  },
  {
    id: 'dax-tls',
    title: 'DAX cluster takes unencrypted connections',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'DAX can encrypt its connections with TLS; whether the cluster does is chosen when you create it.',
    },
    description:
      'Items and keys cross your network in the clear between the application and the cluster. A cluster with TLS takes encrypted connections only. It cannot be switched on later, and clients must be recent enough to speak it.',
    aws: awsDefaults('dax-tls'),
    aliases: ['checkov:CKV_AWS_239'],
    references: [aws('DAX encryption in transit', 'amazondynamodb/latest/developerguide/DAXEncryptionInTransit.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::DAX::Cluster', path: 'ClusterEndpointEncryptionType' },
          { type: 'aws_dax_cluster', path: 'cluster_endpoint_encryption_type' },
        ],
        must: oneOf('TLS'),
        absent: false,
        fix: set('TLS', { safe: false, note: 'replaces the cluster on deployment; clients must use TLS' }),
      },
    ],
  },
];
