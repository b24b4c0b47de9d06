/** Amazon MemoryDB: TLS of clusters, and who may connect to them. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { isTrue, noneOf } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Rule } from './rule.ts';
import { ownResource } from './sole-resource.ts';

/** Names a list of users: that of the template, or one to fill in. */
const nameList: FixMaker = (found) => {
  const types = ['AWS::MemoryDB::ACL', 'aws_memorydb_acl'];
  const list = ownResource(found.resource, types, 'name', ['ACL_NAME', 'name']);
  const title = `Use the access control list ${list.name}`;
  return set(list.data, { safe: false, title, note: 'clients must then log in' })(found);
};

export const MEMORYDB_RULES: readonly Rule[] = [
  {
    id: 'memorydb-tls',
    title: 'Encryption in transit is switched off',
    category: 'encryption-in-transit',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'MemoryDB encrypts connections with TLS unless it is told not to; this template tells it not to, and that choice is yours.',
    },
    description:
      'Data and passwords cross your network in the clear. Leave the property out or set it to true; it cannot be changed later.',
    aws: awsDefaults('memorydb-tls'),
    aliases: ['checkov:CKV_AWS_202'],
    references: [aws('In-transit encryption (TLS) in MemoryDB', 'memorydb/latest/devguide/in-transit-encryption.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::MemoryDB::Cluster', path: 'TLSEnabled' },
          { type: 'aws_memorydb_cluster', path: 'tls_enabled' },
        ],
        must: isTrue,
        absent: true,
        fix: set(true, { safe: false, note: 'replaces the cluster on deployment; clients must use TLS' }),
      },
    ],
  },
  {
    id: 'memorydb-acl-open',
    title: 'Cluster asks its clients for no authentication',
    category: 'iam',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'MemoryDB enforces the access control list that the cluster names; which users and rights it holds is up to you.',
    },
    description:
      'The list `open-access` lets in whoever reaches the port, with every right. Create users, put them into a list of your own, and name that list here.',
    aliases: [],
    references: [
      aws('Authenticating users with Access Control Lists (ACLs)', 'memorydb/latest/devguide/clusters.acls.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::MemoryDB::Cluster', path: 'ACLName' },
          { type: 'aws_memorydb_cluster', path: 'acl_name' },
        ],
        must: noneOf('open-access'),
        absent: true,
        fix: nameList,
      },
    ],
  },
];
