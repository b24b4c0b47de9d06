/** AWS Transfer Family: where servers can be reached, by which protocols, and with which cryptography. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { takeOff } from './list-fixes.ts';
import { noneOf, textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Rule } from './rule.ts';

const SERVER = 'AWS::Transfer::Server';
const TF_SERVER = 'aws_transfer_server';

const POLICIES = 'Security policies for AWS Transfer Family servers';

/** Policies with algorithms that AWS advises against (SHA-1 key exchange, CBC ciphers), and those that newer ones replace. */
const OLD = /-(?:2018-11|2020-06|2022-03)$/;
const SUPERSEDED = /-(?:2023-04|2023-05)$/;

const newPolicy: FixMaker = (found) => {
  const fips = found.value.kind === 'known' && String(found.value.value).includes('FIPS');
  return set(`TransferSecurityPolicy-${fips ? 'FIPS-' : ''}2024-01`, {
    safe: false,
    note: 'clients that only know old algorithms can no longer connect',
  })(found);
};

export const TRANSFER_RULES: readonly Rule[] = [
  {
    id: 'transfer-public',
    title: 'Transfer server has a public endpoint',
    category: 'public-access',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS gives a server a public endpoint unless you ask for one in your VPC; only there do security groups apply.',
    },
    description:
      'Anyone on the internet can try to log in, and nothing filters by address. Put the endpoint into a VPC and let in known networks by its security group; it can still have public addresses.',
    aws: awsDefaults('transfer-endpoint'),
    aliases: ['checkov:CKV_AWS_164'],
    references: [
      aws('Create a server in a virtual private cloud', 'transfer/latest/userguide/create-server-in-vpc.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: SERVER, path: 'EndpointType' },
          { type: TF_SERVER, path: 'endpoint_type' },
        ],
        must: noneOf('PUBLIC'),
        absent: false,
      },
    ],
  },
  {
    id: 'transfer-protocol-ftp',
    title: 'Transfer server speaks FTP, which encrypts nothing',
    category: 'encryption-in-transit',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS encrypts transfers by SFTP and FTPS; plain FTP is served only where you ask for it.',
    },
    description:
      'Passwords and files cross the network in the clear. Use SFTP, or FTPS with a certificate where clients need it.',
    aws: awsDefaults('transfer-protocols'),
    aliases: ['checkov:CKV_AWS_357'],
    references: [aws('Create an FTP-enabled server', 'transfer/latest/userguide/create-server-ftp.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: SERVER, path: 'Protocols[]' },
          { type: TF_SERVER, path: 'protocols[]' },
        ],
        must: noneOf('FTP'),
        absent: true,
        fix: takeOff('SFTP', 'clients that use FTP can no longer connect'),
      },
    ],
  },
  {
    id: 'transfer-security-policy',
    title: 'Transfer server uses an old security policy',
    category: 'encryption-in-transit',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS publishes security policies with the algorithms of their time; which one a server uses is your choice.',
    },
    description:
      'The policy allows algorithms that AWS has dropped from newer ones. Name a recent policy, and name it explicitly: what stands for an absent one depends on the tool that creates the server.',
    aws: awsDefaults('transfer-policy'),
    aliases: ['checkov:CKV_AWS_380'],
    variants: {
      unset: { message: 'No security policy is named: the server gets TransferSecurityPolicy-2018-11' },
      superseded: { severity: 'low', message: 'Newer security policies replace this one' },
    },
    references: [aws(POLICIES, 'transfer/latest/userguide/security-policies.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: SERVER, path: 'SecurityPolicyName' },
          { type: TF_SERVER, path: 'security_policy_name' },
        ],
        must: textThat((name) => (OLD.test(name) ? false : SUPERSEDED.test(name) ? 'superseded' : true)),
        absent: 'unset',
        fix: newPolicy,
      },
    ],
  },
];
