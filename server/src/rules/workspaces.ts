/** Amazon WorkSpaces: encryption of the volumes of virtual desktops. */

import { set } from './fixes.ts';
import { isTrue, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, PropertyCheck, Rule } from './rule.ts';
import { lacks } from './shared.ts';

const EITHER = [
  'trivy:AVD-AWS-0109',
  'guard:WORKSPACE_ENCRYPTION_ENABLED',
  'kics:Workspaces Workspace Volume Not Encrypted',
];

const USER = ['checkov:CKV_AWS_155', 'cfn_nag:F29', ...EITHER];
const ROOT = ['checkov:CKV_AWS_156', ...EITHER];

/** Encryption comes with a key: the one that AWS manages where none is named. */
const encrypt: FixMaker = (found) => {
  const name = found.resource.type.startsWith('AWS::') ? 'VolumeEncryptionKey' : 'volume_encryption_key';
  return set(true, {
    safe: false,
    note: 'only a new WorkSpace can be encrypted: this one is replaced',
    also: lacks(found.resource, name) === true ? { [name]: 'alias/aws/workspaces' } : {},
  })(found);
};

function volume(cloudFormation: string, terraform: string, variant: string): PropertyCheck {
  return {
    kind: 'property',
    targets: [
      { type: 'AWS::WorkSpaces::Workspace', path: cloudFormation },
      { type: 'aws_workspaces_workspace', path: terraform },
    ],
    must: otherwise(isTrue, variant),
    absent: variant,
    fix: encrypt,
  };
}

export const WORKSPACES_RULES: readonly Rule[] = [
  {
    id: 'workspaces-encryption',
    title: 'Volume of a WorkSpace is not encrypted',
    category: 'encryption-at-rest',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS encrypts the volumes of a WorkSpace only if you ask for it when the WorkSpace is made.',
    },
    description:
      'What users keep on their desktops, and what its programs write, lies on the volumes in the clear, and so do their snapshots. Encrypt both volumes. A WorkSpace that exists cannot be encrypted later: it has to be made anew.',
    aliases: [...new Set([...USER, ...ROOT])],
    variants: {
      user: { message: 'User volume is not encrypted', aliases: USER },
      root: { message: 'Root volume is not encrypted', aliases: ROOT },
    },
    references: [
      aws('Encrypted WorkSpaces in WorkSpaces Personal', 'workspaces/latest/adminguide/encrypt-workspaces.html'),
    ],
    checks: [
      volume('RootVolumeEncryptionEnabled', 'root_volume_encryption_enabled', 'root'),
      volume('UserVolumeEncryptionEnabled', 'user_volume_encryption_enabled', 'user'),
    ],
  },
];
