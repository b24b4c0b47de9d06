/** Amazon QLDB: permissions and protection of ledgers. The service ended in July 2025. */

import { set } from './fixes.ts';
import { isTrue, noneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';

export const QLDB_RULES: readonly Rule[] = [
  {
    id: 'qldb-permissions',
    title: 'Ledger lets everyone who may use it run every command',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'QLDB enforced permissions on tables and commands only in the standard mode; the mode, and whether the ledger can be deleted, is set by you.',
    },
    description:
      'In the mode `ALLOW_ALL`, a user who may send commands can run any of them on any table, whatever other policies say. The standard mode asks for a permission on each. QLDB itself has come to its end: move ledgers elsewhere.',
    aws: [
      {
        text: 'Support of Amazon QLDB has ended.',
        since: '2025-07-31',
        source: 'Release history for Amazon QLDB',
      },
    ],
    aliases: ['checkov:CKV_AWS_170', 'checkov:CKV_AWS_172'],
    variants: {
      mode: { aliases: ['checkov:CKV_AWS_170'] },
      deletion: { message: 'Ledger can be deleted', aliases: ['checkov:CKV_AWS_172'] },
    },
    references: [aws('Release history for Amazon QLDB', 'qldb/latest/developerguide/document-history.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::QLDB::Ledger', path: 'PermissionsMode' },
          { type: 'aws_qldb_ledger', path: 'permissions_mode' },
        ],
        must: otherwise(noneOf('ALLOW_ALL'), 'mode'),
        absent: true,
        fix: set('STANDARD', { safe: false, note: 'users need permissions on tables and commands' }),
      },
      {
        kind: 'property',
        targets: [
          { type: 'AWS::QLDB::Ledger', path: 'DeletionProtection' },
          { type: 'aws_qldb_ledger', path: 'deletion_protection' },
        ],
        must: otherwise(isTrue, 'deletion'),
        absent: true,
        fix: set(true),
      },
    ],
  },
];
