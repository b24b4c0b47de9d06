/** Network ACLs: what they let in from the internet, entries without limit, entries that do nothing. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { isPartial, type Resource, type Template } from '../template/template.ts';
import { asString, type Condition } from '../template/value.ts';
import { covers, isWorld, overlaps } from './cidr.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { type AclEntry, ENTRY_TYPES, entriesByAcl, entriesOf, siblings } from './network-acl-entries.ts';
import { aws } from './references.ts';
import type { FixMaker, Owner, Reporter, Rule } from './rule.ts';
import { hasPorts, isEveryPort, letsThrough, placeOf, type Traffic } from './security-group-rules.ts';

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS applies network ACLs to the letter, lowest number first; what they say is your network design.',
};
const PAGE = aws('Network ACL rules', 'vpc/latest/userguide/nacl-rules.html');

/** Ports of remote access, and Checkov's rule of each. */
const ADMIN: readonly (readonly [number, string, string])[] = [
  [22, 'SSH', 'checkov:CKV_AWS_232'],
  [3389, 'Remote Desktop', 'checkov:CKV_AWS_231'],
  [21, 'FTP', 'checkov:CKV_AWS_229'],
  [20, 'FTP data', 'checkov:CKV_AWS_230'],
];
const ADMIN_ALIASES = [
  'trivy:AVD-AWS-0105',
  'kics:Network ACL With Unrestricted Access To RDP',
  'kics:Network ACL With Unrestricted Access To SSH',
];
const ALL_PROTOCOLS = [
  'cfn_nag:W66',
  'guard:EC2_NETWORK_ACL_PROTOCOL_RULE',
  'trivy:AVD-AWS-0102',
  'cdk-nag:AwsSolutions-VPC3',
  'kics:EC2 Permissive Network ACL Protocols',
];
const ALL_PORTS = [
  'cfn_nag:W67',
  'guard:EC2_NETWORK_ACL_PORT_RANGE_RULE',
  'cdk-nag:AwsSolutions-VPC3',
  'kics:TCP UDP Protocol Network ACL Entry Allows All Ports',
];
const ANY_INGRESS = 'checkov:CKV_AWS_352';

/** Both sets of conditions at once; undefined where they cannot hold together. */
function together(
  template: Template,
  a: readonly Condition[],
  b: readonly Condition[],
): readonly Condition[] | undefined {
  let all: readonly Condition[] | undefined = a;
  for (const condition of b) all = all && template.assume(all, condition);
  return all;
}

/** Whether an entry with a lower number may decide about a port before this one does. */
function isDeniedBefore(entry: AclEntry, port: number): boolean {
  if (isPartial(entry.resource.template)) return true;
  return siblings(entry)
    .slice(0, MAX_ENTRIES)
    .some(
      (other) =>
        other.allow !== true &&
        entry.cidr !== undefined &&
        (other.cidr === undefined || covers(other.cidr, entry.cidr)) &&
        mayDecide(other.traffic, port) &&
        (other.number === undefined || entry.number === undefined || other.number < entry.number),
    );
}

/** Whether an entry may be about a TCP port: what is not known of it may be. */
function mayDecide(traffic: Traffic, port: number): boolean {
  if (traffic.protocol === undefined || letsThrough(traffic, 'tcp', port)) return true;
  const { from, to } = traffic;
  if (traffic.protocol !== 'tcp' || (from !== undefined && to !== undefined)) return false;
  return (from ?? port) <= port && port <= (to ?? port);
}

function openAdminPorts(entry: AclEntry): readonly (readonly [number, string, string])[] {
  if (entry.egress || entry.allow !== true || !entry.cidr || !isWorld(entry.cidr)) return [];
  return ADMIN.filter(([port]) => letsThrough(entry.traffic, 'tcp', port) && !isDeniedBefore(entry, port));
}

/** Without limit: every protocol, or every port of TCP or UDP. */
function isUnlimited(entry: AclEntry): boolean {
  return entry.allow === true && isEveryPort(entry.traffic);
}

function checkAdmin(resource: Resource, reporter: Reporter): void {
  for (const entry of entriesOf(resource)) {
    const open = openAdminPorts(entry);
    // Without any limit it is the finding of nacl-all-ports.
    if (!open.length || isUnlimited(entry)) continue;
    const names = open.map(([port, name]) => `${port} (${name})`).join(', ');
    const { from, to } = entry.traffic;
    // Answers come back to ephemeral ports, and a network ACL keeps no state: the range has to be open.
    const answers = from !== undefined && to !== undefined && from >= 1024 && to - from > 10_000;
    reporter.reportFound(entry.source, {
      node: placeOf(entry.source),
      conditions: entry.conditions,
      variant: answers ? 'answers' : undefined,
      message: answers
        ? `Ports ${from}-${to}, open for answers, hold ${names}: deny that with a lower number`
        : `${open.length === 1 ? 'Port' : 'Ports'} ${names} ${open.length === 1 ? 'is' : 'are'} open to ${asString(entry.source.value)}`,
      aliases: [...open.map(([, , alias]) => alias), ...ADMIN_ALIASES],
      fix: () => (answers ? undefined : narrow(entry)),
    });
  }
}

/** Lets private networks in at most: which of them is for a person to say. */
function narrow(entry: AclEntry): ReturnType<FixMaker> {
  const networks = entry.cidr?.version === 6 ? 'fd00::/8' : '10.0.0.0/8';
  return set(networks, { safe: false, title: `Allow private networks only (${networks}: put in your own)` })(
    entry.source,
  );
}

function checkUnlimited(resource: Resource, reporter: Reporter): void {
  for (const entry of entriesOf(resource)) {
    if (!isUnlimited(entry)) continue;
    const open = openAdminPorts(entry);
    const all = entry.protocol === 'all';
    const world = entry.cidr !== undefined && isWorld(entry.cidr);
    const way = entry.egress ? 'out to' : 'in from';
    const what = all ? 'All traffic' : `Every ${entry.protocol === 'udp' ? 'UDP' : 'TCP'} port`;
    reporter.reportFound(all ? entry.protocolAt : entry.portsAt, {
      conditions: entry.conditions,
      severity: open.length ? 'medium' : entry.egress ? 'info' : 'low',
      message: entry.lacksPorts
        ? 'Entry gives no complete port range, so no port is ruled out'
        : `${what} is allowed ${way} ${asString(entry.source.value) ?? 'its source'}`,
      aliases: [
        ...(all ? ALL_PROTOCOLS : ALL_PORTS),
        ...(world && !entry.egress ? [ANY_INGRESS] : []),
        ...open.map(([, , alias]) => alias),
        ...(open.length ? ADMIN_ALIASES : []),
      ],
    });
  }
}

// ---- entries that do nothing

/** Whether everything that `inner` is about is also decided by `outer`. Undefined traffic decides nothing. */
function coversTraffic(outer: Traffic, inner: Traffic): boolean {
  if (outer.protocol === 'all') return inner.protocol !== undefined;
  if (outer.protocol !== inner.protocol || !hasPorts(outer)) return false;
  const [a, b] = [rangeOf(outer), rangeOf(inner)];
  return a !== undefined && b !== undefined && a.from <= b.from && b.to <= a.to;
}

/** Whether they may be about the same traffic; unknown ports may. */
function meets(a: Traffic, b: Traffic): boolean {
  if (a.protocol === undefined || b.protocol === undefined) return true;
  if (a.protocol === 'all' || b.protocol === 'all') return true;
  if (a.protocol !== b.protocol) return false;
  if (!hasPorts(a)) return true;
  const [x, y] = [rangeOf(a), rangeOf(b)];
  return !x || !y || (x.from <= y.to && y.from <= x.to);
}

/** Whether they are about the same traffic for certain, at least in part. */
function meetsForSure(a: Traffic, b: Traffic): boolean {
  if (a.protocol === undefined || b.protocol === undefined) return false;
  const known = a.protocol === 'all' || b.protocol === 'all' || !hasPorts(a) || (rangeOf(a) && rangeOf(b));
  return known !== undefined && meets(a, b);
}

function rangeOf(traffic: Traffic): { from: number; to: number } | undefined {
  if (isEveryPort(traffic)) return { from: 0, to: 65535 };
  return traffic.from === undefined || traffic.to === undefined ? undefined : { from: traffic.from, to: traffic.to };
}

const OVERLAP = ['cfn_nag:W72', 'kics:EC2 Network ACL Overlapping Ports'];
const DUPLICATE = ['cfn_nag:F79', 'kics:EC2 Network ACL Duplicate Rule'];
const INEFFECTIVE = [
  'cfn_nag:W71',
  'guard:EC2_NETWORK_ACL_ENTRY_INEFFECTIVE_DENY_RULE',
  'kics:EC2 Network ACL Ineffective Denied Traffic',
];

function isSame(a: AclEntry, b: AclEntry): boolean {
  return a.block.node === b.block.node;
}

/** An ACL holds 40 entries each way at most (Amazon VPC quotas); what is written beyond is compared no further. */
const MAX_ENTRIES = 100;

function checkOrder(template: Template, reporter: Reporter): void {
  for (const entries of entriesByAcl(template).values()) {
    const considered = entries.slice(0, MAX_ENTRIES);
    for (const [index, entry] of considered.entries()) {
      judgeOrder(template, entry, considered.slice(0, index), considered, reporter);
    }
  }
}

function judgeOrder(
  template: Template,
  entry: AclEntry,
  written: readonly AclEntry[],
  all: readonly AclEntry[],
  reporter: Reporter,
): void {
  const { number } = entry;
  if (number === undefined) return;
  const { cidr } = entry;
  const portsOnly = hasPorts(entry.traffic) ? OVERLAP : [];
  const earlier = all.filter(
    (other) => other.number !== undefined && other.number < number && other.allow !== undefined,
  );
  const shadow =
    cidr &&
    earlier.find((other) => other.cidr && covers(other.cidr, cidr) && coversTraffic(other.traffic, entry.traffic));
  const shadowed = shadow && together(template, entry.conditions, shadow.conditions);
  const twin = written.find((other) => other.number === number && !isSame(other, entry));
  const both = twin && together(template, entry.conditions, twin.conditions);
  if (twin && both) {
    reporter.reportFound(entry.numberAt, {
      variant: 'duplicate',
      conditions: both,
      message: `Number ${number} is taken by another entry of this ACL`,
      aliases: shadowed ? [...DUPLICATE, ...portsOnly] : DUPLICATE,
      related: [{ node: twin.numberAt.node, message: `Also number ${number}`, resource: twin.resource }],
    });
    // Where it stands in the order is settled once it has a number of its own.
    if (shadowed) return;
  }
  if (!cidr) return;
  if (shadow && shadowed) {
    reporter.reportFound(entry.numberAt, {
      variant: 'shadowed',
      conditions: shadowed,
      message: `Entry ${number} is never reached: entry ${shadow.number} decides about all its traffic before`,
      aliases: portsOnly,
      related: [
        { node: shadow.numberAt.node, message: `Entry ${shadow.number} comes first`, resource: shadow.resource },
      ],
    });
    return;
  }
  // What no entry allows is denied in the end: a Deny in front of nothing changes nothing.
  if (entry.allow !== false || !entry.isOwn) return;
  const guards = all.some(
    (other) =>
      other.allow !== false &&
      (other.number === undefined || other.number > number) &&
      (!other.cidr || overlaps(other.cidr, cidr)) &&
      meets(other.traffic, entry.traffic),
  );
  // An entry that was left out may be what it guards against.
  if (guards || isPartial(entry.resource.template)) return;
  const before = earlier.find(
    (other) => other.allow === true && other.cidr && overlaps(other.cidr, cidr) && meets(other.traffic, entry.traffic),
  );
  // To deny everyone at the end is good custom, where nothing was meant to be stopped by it.
  if (isWorld(cidr) && !(before && meetsForSure(before.traffic, entry.traffic))) return;
  reporter.reportFound(entry.source, {
    node: placeOf(entry.source),
    variant: 'ineffective',
    conditions: entry.conditions,
    message: before
      ? `This Deny stops nothing: entry ${before.number} allows traffic before it, and the rest is denied anyway`
      : 'This Deny stops nothing: no later entry allows what it denies',
    aliases: [...(before && hasPorts(entry.traffic) ? OVERLAP : []), ...(isWorld(cidr) ? [] : INEFFECTIVE)],
    related: before
      ? [{ node: before.numberAt.node, message: `Entry ${before.number} comes first`, resource: before.resource }]
      : [],
    fix: () => removeEntry(entry),
  });
}

/** Takes an entry away that has a resource of its own. */
function removeEntry(entry: AclEntry): Fix | undefined {
  const { resource } = entry;
  const own = resource.key.entry;
  if (resource.template.dialect === 'terraform-plan' || !own || entry.block.node !== resource.properties.node)
    return undefined;
  return { title: 'Remove this entry', safe: false, edits: [{ kind: 'remove', entry: own }] };
}

export const NETWORK_ACL_RULES: readonly Rule[] = [
  {
    id: 'nacl-ingress-admin-world',
    title: 'Network ACL lets remote access in from the internet',
    category: 'network-exposure',
    severity: 'medium',
    tier: 'core',
    owner: OWNER,
    aws: awsDefaults('nacl-default'),
    description:
      'FTP, SSH or Remote Desktop passes into the subnet from anywhere, so only the security groups behind it keep strangers out. Allow your own networks, or deny the port with a lower number.',
    aliases: [...ADMIN.map(([, , alias]) => alias), ...ADMIN_ALIASES],
    variants: { answers: { severity: 'info' } },
    references: [PAGE],
    checks: [{ kind: 'resource', types: ENTRY_TYPES, check: checkAdmin }],
  },
  {
    id: 'nacl-all-ports',
    title: 'Network ACL entry allows every port',
    category: 'network-exposure',
    severity: 'low',
    tier: 'core',
    owner: OWNER,
    aws: awsDefaults('nacl-default'),
    description:
      'The entry lets everything pass, so the ACL is no second line behind the security groups. List the protocols and ports that are used. With protocol `-1` AWS ignores the ports written beside it.',
    aliases: [
      ...new Set([...ALL_PROTOCOLS, ...ALL_PORTS]),
      ANY_INGRESS,
      ...ADMIN.map(([, , alias]) => alias),
      ...ADMIN_ALIASES,
    ],
    references: [PAGE],
    checks: [{ kind: 'resource', types: ENTRY_TYPES, check: checkUnlimited }],
  },
  {
    id: 'nacl-rule-order',
    title: 'Network ACL entry does nothing where it stands',
    category: 'network-exposure',
    severity: 'low',
    tier: 'core',
    owner: OWNER,
    description:
      'AWS goes through the entries by number and stops at the first that fits; what none allows is denied. An entry behind one that already decides, or a Deny in front of nothing, has no effect, and two entries cannot share a number.',
    aliases: [...DUPLICATE, ...OVERLAP, ...INEFFECTIVE],
    variants: {
      duplicate: { severity: 'medium', aliases: DUPLICATE },
      shadowed: { severity: 'low', aliases: OVERLAP },
      ineffective: { severity: 'info', aliases: INEFFECTIVE },
    },
    references: [PAGE],
    checks: [{ kind: 'template', check: checkOrder }],
  },
];
