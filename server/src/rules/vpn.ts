/** Gateways between networks: transit gateways, Site-to-Site VPN tunnels, and who may use a Client VPN endpoint. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { isPrivate, parseCidr } from './cidr.ts';
import { set } from './fixes.ts';
import { takeOff } from './list-fixes.ts';
import { isFalse, noneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, PropertyCheck, Rule } from './rule.ts';

// ---- tunnels

const TUNNEL_OPTIONS = aws(
  'Tunnel options for your AWS Site-to-Site VPN connection',
  'vpn/latest/s2svpn/VPNTunnels.html',
);

/** One list of a tunnel, in both languages. */
function tunnelList(
  cloudFormation: readonly string[],
  terraform: readonly string[],
  weak: string | number,
  strong: string | number,
  variant: string,
): PropertyCheck {
  return {
    kind: 'property',
    targets: [
      ...cloudFormation.map((name) => ({
        type: 'AWS::EC2::VPNConnection',
        path: `VpnTunnelOptionsSpecifications[].${name}[].Value`,
      })),
      ...[1, 2].flatMap((tunnel) =>
        terraform.map((name) => ({ type: 'aws_vpn_connection', path: `tunnel${tunnel}_${name}[]` })),
      ),
    ],
    must: otherwise(noneOf(weak), variant),
    absent: true,
    // An empty list would stand for everything that AWS offers.
    fix: takeOff(strong, 'the gateway at the other end must support what is left'),
  };
}

// ---- Client VPN

/** Whether the network that a rule opens is a wide one: the internet, or as many private addresses as a whole /8. */
function isWideTarget(rule: Resource): boolean | undefined {
  const targets = select(rule, rule.type.startsWith('AWS::') ? 'TargetNetworkCidr' : 'target_network_cidr');
  const verdicts = targets.map((target: Found) => {
    const cidr = parseCidr(asString(target.value) ?? '');
    if (!cidr) return undefined;
    const narrowest = cidr.version === 6 ? 32 : isPrivate(cidr) ? 8 : 16;
    return cidr.prefix <= narrowest;
  });
  const [first] = verdicts;
  return verdicts.every((verdict) => verdict === first) ? first : undefined;
}

/** Lets one group in, whose id is to be filled in: with none that is so called nobody gets in. */
const nameGroup: FixMaker = ({ key, node, resource, via }) => {
  const entry = key?.entry;
  if (!entry || entry.value !== node || via.length) return undefined;
  return {
    title: 'Allow one group of users only (put in its id)',
    safe: false,
    edits: [
      { kind: 'replace', node, data: 'GROUP_ID' },
      { kind: 'rename', entry, name: resource.type.startsWith('AWS::') ? 'AccessGroupId' : 'access_group_id' },
    ],
  };
};

export const VPN_RULES: readonly Rule[] = [
  {
    id: 'tgw-auto-accept',
    title: 'Transit gateway accepts attachments of other accounts by itself',
    category: 'network-exposure',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS leaves each attachment of another account for you to accept unless you tell the gateway to take them all.',
    },
    description:
      'Every account that the gateway is shared with can attach a VPC, and is then on the network without anyone having looked. Accept attachments one by one, or by a pipeline that knows them.',
    aws: awsDefaults('transit-gateway-accept'),
    aliases: ['checkov:CKV_AWS_331'],
    references: [
      aws('TransitGatewayRequestOptions', 'AWSEC2/latest/APIReference/API_TransitGatewayRequestOptions.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EC2::TransitGateway', path: 'AutoAcceptSharedAttachments' },
          { type: 'aws_ec2_transit_gateway', path: 'auto_accept_shared_attachments' },
        ],
        must: noneOf('enable'),
        absent: true,
        fix: set('disable', { safe: false, note: 'new attachments of other accounts wait until you accept them' }),
      },
    ],
  },
  {
    id: 'vpn-weak-phase',
    title: 'VPN tunnel allows weak cryptography',
    category: 'encryption-in-transit',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS offers old and new algorithms for a tunnel; which of them both ends may agree on is yours to narrow.',
    },
    description:
      'The two ends of a tunnel settle on any algorithm that both allow, so what is on the list can be used. Leave only IKEv2, SHA-2 and Diffie-Hellman groups from 14 on, as far as the gateway at the other end supports them.',
    aliases: [],
    variants: {
      ike: { message: 'The tunnel allows IKEv1, which IKEv2 replaces' },
      integrity: { message: 'The tunnel allows SHA-1 for the integrity of messages' },
      group: { message: 'The tunnel allows Diffie-Hellman group 2, which has only 1024 bits' },
      cipher: { severity: 'info', message: 'The tunnel allows AES with 128 bits where 256 are on offer' },
    },
    references: [TUNNEL_OPTIONS],
    checks: [
      tunnelList(['IKEVersions'], ['ike_versions'], 'ikev1', 'ikev2', 'ike'),
      tunnelList(
        ['Phase1IntegrityAlgorithms', 'Phase2IntegrityAlgorithms'],
        ['phase1_integrity_algorithms', 'phase2_integrity_algorithms'],
        'SHA1',
        'SHA2-256',
        'integrity',
      ),
      tunnelList(
        ['Phase1DHGroupNumbers', 'Phase2DHGroupNumbers'],
        ['phase1_dh_group_numbers', 'phase2_dh_group_numbers'],
        2,
        14,
        'group',
      ),
      tunnelList(
        ['Phase1EncryptionAlgorithms', 'Phase2EncryptionAlgorithms'],
        ['phase1_encryption_algorithms', 'phase2_encryption_algorithms'],
        'AES128',
        'AES256',
        'cipher',
      ),
    ],
  },
  {
    id: 'client-vpn-auth-all',
    title: 'Every VPN user may reach a very large network',
    category: 'network-exposure',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS lets a VPN client reach what your authorization rules allow, and nothing else.',
    },
    description:
      'Whoever can log in to the Client VPN endpoint reaches all of this network, whatever group the directory has them in. Allow each group of users the networks it needs.',
    aws: awsDefaults('client-vpn-groups'),
    aliases: [],
    references: [aws('AWS Client VPN authorization rules', 'vpn/latest/clientvpn-admin/cvpn-working-rules.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::EC2::ClientVpnAuthorizationRule', path: 'AuthorizeAllGroups', where: isWideTarget },
          { type: 'aws_ec2_client_vpn_authorization_rule', path: 'authorize_all_groups', where: isWideTarget },
        ],
        must: isFalse,
        absent: true,
        fix: nameGroup,
      },
    ],
  },
];
