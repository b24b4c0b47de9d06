/** AWS Storage Gateway: who may mount the shares of a file gateway. CloudFormation has no resources for shares. */

import { asString } from '../template/value.ts';
import { isWorld, parseCidr } from './cidr.ts';
import { set } from './fixes.ts';
import { noneOf, otherwise, scalar } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';

export const STORAGEGATEWAY_RULES: readonly Rule[] = [
  {
    id: 'storagegateway-nfs-open',
    title: 'File share is open to every network',
    category: 'network-exposure',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'The gateway runs in your network and serves those whom your list of clients names.',
    },
    description:
      'NFS knows no passwords: who reaches the gateway mounts the share, and reads and writes the bucket behind it. Name the networks of the clients. A guest of an SMB share needs only a password that all guests have in common: use Active Directory.',
    aliases: [],
    variants: {
      guest: { severity: 'medium', message: 'File share lets guests in, who all have the same password' },
    },
    references: [
      aws('Create an NFS file share', 'filegateway/latest/files3/CreatingAnNFSFileShare.html'),
      aws('SetSMBGuestPassword', 'storagegateway/latest/APIReference/API_SetSMBGuestPassword.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [{ type: 'aws_storagegateway_nfs_file_share', path: 'client_list[]' }],
        must: scalar((value) => {
          const cidr = parseCidr(asString(value) ?? '');
          return cidr && !isWorld(cidr);
        }),
        absent: undefined,
        message: (found) => `File share is open to ${asString(found.value)}`,
      },
      {
        kind: 'property',
        targets: [{ type: 'aws_storagegateway_smb_file_share', path: 'authentication' }],
        must: otherwise(noneOf('GuestAccess'), 'guest'),
        absent: true,
        fix: set('ActiveDirectory', {
          safe: false,
          note: 'replaces the share; its gateway must have joined a domain',
        }),
      },
    ],
  },
];
