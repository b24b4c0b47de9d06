/** Amazon GameLift Servers: what reaches the instances of a fleet. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Edit } from '../syntax/edit.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asNumber, asString } from '../template/value.ts';
import { isWorld, parseCidr } from './cidr.ts';
import type { Fix } from './fix.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';

interface Names {
  readonly permissions: string;
  readonly from: string;
  readonly to: string;
  readonly range: string;
}

const FLEETS: Readonly<Record<string, Names>> = {
  'AWS::GameLift::Fleet': { permissions: 'EC2InboundPermissions', from: 'FromPort', to: 'ToPort', range: 'IpRange' },
  'AWS::GameLift::ContainerFleet': {
    permissions: 'InstanceInboundPermissions',
    from: 'FromPort',
    to: 'ToPort',
    range: 'IpRange',
  },
  aws_gamelift_fleet: { permissions: 'ec2_inbound_permission', from: 'from_port', to: 'to_port', range: 'ip_range' },
};

const ADMIN_PORTS: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [3389, 'RDP'],
]);

const RANGE = [
  'cfn_nag:W65',
  'guard:GAMELIFT_FLEET_INBOUND_PORT_RANGE_RULE',
  'kics:GameLift Fleet EC2 InboundPermissions With Port Range',
];

function checkFleet(fleet: Resource, reporter: Reporter): void {
  const names = FLEETS[fleet.type];
  if (!names) return;
  for (const permission of select(fleet, `${names.permissions}[]`)) {
    if (permission.value.kind !== 'object') continue;
    for (const from of below(permission, names.from)) {
      for (const to of below({ ...permission, conditions: from.conditions }, names.to)) {
        for (const range of below({ ...permission, conditions: to.conditions }, names.range)) {
          judge(permission, from, to, range, reporter);
        }
      }
    }
  }
}

/** A permission of which the ports are known; its network may not be. */
function judge(permission: Found, from: Found, to: Found, range: Found, reporter: Reporter): void {
  const first = asNumber(from.value);
  const last = asNumber(to.value);
  if (first === undefined || last === undefined || last < first) return;
  const network = asString(range.value);
  const cidr = network === undefined ? undefined : parseCidr(network);
  const world = cidr !== undefined && isWorld(cidr);
  const admin = [...ADMIN_PORTS].find(([port]) => first <= port && port <= last);
  if (admin && world) {
    reporter.reportFound(range, {
      variant: 'admin',
      message: `Port ${admin[0]} (${admin[1]}) of the fleet is open to ${network}`,
      aliases: first === last ? [] : RANGE,
      // A range may hold the game's own ports, and another network may be meant under another condition.
      fix: first === last && isAlways(range, permission) ? () => close(permission) : undefined,
    });
    return;
  }
  if (first === last) return;
  reporter.reportFound(to, {
    conditions: range.conditions,
    variant: world ? 'range-world' : 'range',
    message: `Ports ${first} to ${last} of the fleet are open${network === undefined ? '' : ` to ${network}`}`,
  });
}

function isAlways(range: Found, permission: Found): boolean {
  return range.conditions.length === permission.conditions.length && !range.via.length;
}

function close(permission: Found): Fix | undefined {
  const { node, key } = permission;
  const entry = key?.entry;
  const edit: Edit | undefined =
    node.parent?.kind === 'array'
      ? { kind: 'removeItem', node }
      : entry?.value === node
        ? { kind: 'remove', entry }
        : undefined;
  return edit && { title: 'Close the port (ends remote access)', safe: false, edits: [edit] };
}

export const GAMELIFT_RULES: readonly Rule[] = [
  {
    id: 'gamelift-inbound',
    title: 'Fleet is open wider than a game needs',
    category: 'network-exposure',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS runs the fleet’s instances behind the ports that you open; which, and to whom, is your setting.',
    },
    description:
      'Every port that is open reaches whatever listens there on the instance, not only the game. Open the ports that game servers use and no more. Open remote access (22, 3389) to your own address, when you need it, and close it again.',
    aws: awsDefaults('gamelift-ports'),
    aliases: RANGE,
    variants: {
      admin: { severity: 'high', aliases: [] },
      'range-world': { severity: 'medium' },
      range: { severity: 'low' },
    },
    references: [
      aws('IpPermission', 'gamelift/latest/apireference/API_IpPermission.html'),
      aws('UpdateFleetPortSettings', 'gamelift/latest/apireference/API_UpdateFleetPortSettings.html'),
    ],
    checks: [{ kind: 'resource', types: Object.keys(FLEETS), check: checkFleet }],
  },
];
