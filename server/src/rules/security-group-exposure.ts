/**
 * What the rules of a security group let in from the internet or from too much of it. One opening is one finding, of the
 * most specific rule, on the CIDR; what other linters would say of it besides (a port range, all protocols) it carries along.
 */

import type { Edit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import { companions } from '../template/companions.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { oncePerResource } from '../template/template.ts';
import { asString, type Condition } from '../template/value.ts';
import { type Cidr, isPrivate, isWide, isWorld, parseCidr } from './cidr.ts';
import type { Fix } from './fix.ts';
import type { Related } from './rule.ts';
import {
  groupsOf,
  hasPorts,
  isEveryPort,
  isRange,
  letsThrough,
  type Traffic,
  type TrafficRule,
  traffic,
  trafficRules,
} from './security-group-rules.ts';
import { has } from './shared.ts';

/** TCP ports of services that are no business of the internet's: remote access, administration, databases, file shares. */
const SERVICES: Readonly<Record<number, string>> = {
  20: 'FTP data',
  21: 'FTP',
  23: 'Telnet',
  25: 'SMTP',
  110: 'POP3',
  135: 'Windows RPC',
  137: 'NetBIOS',
  138: 'NetBIOS',
  139: 'NetBIOS',
  143: 'IMAP',
  445: 'SMB',
  1433: 'SQL Server',
  1521: 'Oracle Database',
  2049: 'NFS',
  2375: 'Docker',
  2376: 'Docker',
  2379: 'etcd',
  2380: 'etcd',
  2383: 'SQL Server Analysis Services',
  3306: 'MySQL',
  4333: 'mSQL',
  5432: 'PostgreSQL',
  5500: 'VNC',
  5601: 'Kibana',
  5900: 'VNC',
  5985: 'WinRM',
  5986: 'WinRM',
  6379: 'Redis',
  6443: 'Kubernetes API',
  8020: 'HDFS',
  8888: 'often Jupyter',
  9042: 'Cassandra',
  9092: 'Kafka',
  9200: 'Elasticsearch',
  9300: 'Elasticsearch',
  10250: 'kubelet',
  10255: 'kubelet',
  11211: 'Memcached',
  27017: 'MongoDB',
  50070: 'HDFS',
};
const TCP_SERVICES = Object.keys(SERVICES).map(Number);
const UDP_SERVICES = [137, 138, 2049, 11211];
/** What AWS Config's `restricted-common-ports` looks at unless told otherwise. */
const COMMON_PORTS = [20, 21, 3306, 3389, 4333];

export type RuleId =
  | 'sg-ingress-all-world'
  | 'sg-ingress-ssh-world'
  | 'sg-ingress-rdp-world'
  | 'sg-ingress-admin-ports-world'
  | 'sg-ingress-world'
  | 'sg-ingress-wide-cidr';

/** Worst first: of several CIDRs in one rule the worst is reported, the others are related. */
export const EXPOSURE_RULES: readonly RuleId[] = [
  'sg-ingress-all-world',
  'sg-ingress-ssh-world',
  'sg-ingress-rdp-world',
  'sg-ingress-admin-ports-world',
  'sg-ingress-world',
  'sg-ingress-wide-cidr',
];

interface Verdict {
  readonly ruleId: RuleId;
  readonly variant: string | undefined;
}

export interface Exposure extends Verdict {
  readonly cidr: Found;
  readonly rule: TrafficRule;
  readonly traffic: Traffic;
  readonly conditions: readonly Condition[];
  /** The rule's other CIDRs that are as open. */
  readonly also: readonly Found[];
}

/** The CIDR that a leaf says, where it is known. */
export function cidrOf(found: Found): Cidr | undefined {
  const text = asString(found.value);
  return text === undefined ? undefined : parseCidr(text);
}

function serviceOf(one: Traffic): number | undefined {
  return (
    TCP_SERVICES.find((port) => letsThrough(one, 'tcp', port)) ??
    UDP_SERVICES.find((port) => letsThrough(one, 'udp', port))
  );
}

/** Whatever it may reach: too few are let in to speak of. */
function isNarrow(cidr: Cidr): boolean {
  return !isWorld(cidr) && !isWide(cidr) && !(isPrivate(cidr) && cidr.prefix <= 12);
}

function judge(cidr: Cidr, one: Traffic): Verdict | undefined {
  const all = isEveryPort(one);
  const ssh = letsThrough(one, 'tcp', 22);
  const rdp = letsThrough(one, 'tcp', 3389) || letsThrough(one, 'udp', 3389);
  const service = serviceOf(one) !== undefined;
  if (isWorld(cidr)) {
    if (all) return { ruleId: 'sg-ingress-all-world', variant: undefined };
    if (ssh) return { ruleId: 'sg-ingress-ssh-world', variant: undefined };
    if (rdp) return { ruleId: 'sg-ingress-rdp-world', variant: undefined };
    if (service) return { ruleId: 'sg-ingress-admin-ports-world', variant: undefined };
    return { ruleId: 'sg-ingress-world', variant: harmless(one) };
  }
  if (isWide(cidr)) return { ruleId: 'sg-ingress-wide-cidr', variant: undefined };
  if (!isNarrow(cidr) && (all || ssh || rdp || service)) {
    return { ruleId: 'sg-ingress-wide-cidr', variant: 'private' };
  }
  return undefined;
}

/** What is open to the world by nature, or not certain enough to be judged. */
function harmless(one: Traffic): string | undefined {
  if (one.protocol === 'icmp') return 'icmp';
  if (one.protocol === undefined) return 'unknown';
  if (!hasPorts(one)) return undefined;
  if (one.from === undefined || one.to === undefined) return 'unknown';
  return one.from === one.to && (one.from === 80 || one.from === 443) ? 'web' : undefined;
}

/** What a resource's rules let in from the world or from too many: one for each rule (and condition). */
export const exposures = oncePerResource((resource): readonly Exposure[] =>
  trafficRules(resource)
    .filter((rule) => rule.direction === 'ingress')
    .flatMap(exposuresOf),
);

function exposuresOf(rule: TrafficRule): Exposure[] {
  const all: Exposure[] = [];
  for (const found of rule.cidrs) {
    const cidr = cidrOf(found);
    if (!cidr || isNarrow(cidr)) continue;
    const ways = traffic(rule, found.conditions);
    const verdicts = ways.map((one) => judge(cidr, one));
    const same = verdicts.every((one) => one?.ruleId === verdicts[0]?.ruleId && one?.variant === verdicts[0]?.variant);
    ways.forEach((one, index) => {
      const verdict = verdicts[index];
      if (!verdict || (same && index > 0)) return;
      const conditions = same ? found.conditions : one.conditions;
      all.push({ ...verdict, cidr: found, rule, traffic: one, conditions, also: [] });
    });
  }
  const groups = new Map<string, Exposure[]>();
  for (const exposure of all) {
    const key = exposure.conditions.map((one) => `${one.id}=${String(one.value)}`).join('\n');
    groups.set(key, [...(groups.get(key) ?? []), exposure]);
  }
  return [...groups.values()].map((group) => {
    const [worst, ...others] = group.sort(
      (a, b) => EXPOSURE_RULES.indexOf(a.ruleId) - EXPOSURE_RULES.indexOf(b.ruleId),
    ) as [Exposure];
    const isAlso = (one: Exposure) => one.cidr.node !== worst.cidr.node && isWorldly(one) === isWorldly(worst);
    const also = (others as Exposure[]).filter(isAlso).map((one) => one.cidr);
    return { ...worst, also };
  });
}

function isWorldly(exposure: Exposure): boolean {
  return exposure.ruleId !== 'sg-ingress-wide-cidr';
}

// ---- words

/** `Port 22`, `Ports 20-25`, `All traffic`: the subject of a sentence with its verb's form. */
function subject(one: Traffic): { what: string; plural: boolean } {
  if (one.protocol === 'all') return { what: 'All traffic', plural: false };
  if (one.protocol === 'icmp') return { what: 'ICMP', plural: false };
  if (one.protocol === 'other') return { what: 'A protocol without ports', plural: false };
  const name = one.protocol === 'udp' ? 'UDP port' : 'Port';
  if (isEveryPort(one)) return { what: `Every ${one.protocol === 'udp' ? 'UDP' : 'TCP'} port`, plural: false };
  if (one.from === undefined || one.to === undefined) {
    const end = one.from ?? one.to;
    return { what: end === undefined ? 'A port' : `${name} ${end}`, plural: false };
  }
  if (one.from === one.to) return { what: `${name} ${one.from}`, plural: false };
  return { what: `${name}s ${one.from}-${one.to}`, plural: true };
}

/** "Ports 20-25, SSH (22) among them, are open to 0.0.0.0/0". */
export function messageOf(exposure: Exposure): string {
  const { traffic: one, cidr, ruleId } = exposure;
  const { what, plural } = subject(one);
  const service = serviceOf(one);
  const names: Partial<Record<RuleId, string>> = {
    'sg-ingress-ssh-world': 'SSH',
    'sg-ingress-rdp-world': 'Remote Desktop',
    'sg-ingress-admin-ports-world': service === undefined ? '' : SERVICES[service],
  };
  const name = names[ruleId];
  const number = ruleId === 'sg-ingress-ssh-world' ? 22 : ruleId === 'sg-ingress-rdp-world' ? 3389 : service;
  const aside = name ? (plural ? `, ${name} (${number}) among them,` : ` (${name})`) : '';
  return `${what}${aside} ${plural ? 'are' : 'is'} open to ${asString(cidr.value)}`;
}

// ---- names in other tools

export const WORLD = [
  'cfn_nag:W2',
  'guard:EC2_SECURITY_GROUP_INGRESS_OPEN_TO_WORLD_RULE',
  'cdk-nag:AwsSolutions-EC23',
  'kics:Unrestricted Security Group Ingress',
];
export const NOT_ONE_HOST = ['cfn_nag:W9', 'guard:SECURITY_GROUP_INGRESS_CIDR_NON_32_RULE'];
export const PORT_RANGE = [
  'cfn_nag:W27',
  'guard:SECURITY_GROUP_INGRESS_PORT_RANGE_RULE',
  'kics:Security Group Ingress With Port Range',
];
export const ALL_PROTOCOLS = [
  'cfn_nag:W42',
  'guard:SECURITY_GROUP_INGRESS_ALL_PROTOCOLS_RULE',
  'kics:Security Group Ingress With All Protocols',
];
export const SSH = [
  'checkov:CKV_AWS_24',
  'trivy:AVD-AWS-0107',
  'guard:INCOMING_SSH_DISABLED',
  'cdk-nag:EC2RestrictedSSH',
  'kics:Security Group With Unrestricted Access To SSH',
];
export const RDP = [
  'checkov:CKV_AWS_25',
  'trivy:AVD-AWS-0107',
  'kics:Remote Desktop Port Open To Internet',
  'kics:Security Group Unrestricted Access To RDP',
];
export const COMMON = ['guard:RESTRICTED_INCOMING_TRAFFIC', 'cdk-nag:EC2RestrictedCommonPorts'];
export const SENSITIVE = [
  'kics:Sensitive Port Is Exposed To Entire Network',
  'kics:EC2 Sensitive Port Is Publicly Exposed',
  'kics:ELB Sensitive Port Is Exposed To Entire Network',
  'kics:Security Groups With Exposed Admin Ports',
];
export const ANALYSIS = 'kics:SQL Analysis Services Port 2383 (TCP) Is Publicly Accessible';
export const HTTP = ['checkov:CKV_AWS_260', 'kics:HTTP Port Open To Internet'];
export const ALL_PORTS = ['kics:Fully Open Ingress', 'kics:Security Groups With Meta IP'];
export const ANY_PORT = 'checkov:CKV_AWS_277';
export const UNKNOWN_PORT = 'kics:Unknown Port Exposed To Internet';
export const WIDE = [
  ...NOT_ONE_HOST,
  'kics:Sensitive Port Is Exposed To Small Public Network',
  'kics:Sensitive Port Is Exposed To Wide Private Network',
  'kics:Security Group Ingress Has CIDR Not Recommended',
];

/** What a rule carries whatever its source: a range, all protocols. */
function shapeAliases(one: Traffic): string[] {
  return [...(isRange(one) ? PORT_RANGE : []), ...(one.protocol === 'all' ? ALL_PROTOCOLS : [])];
}

/** Every peer's id that this very opening has. */
export function aliasesOf(exposure: Exposure): readonly string[] {
  const { traffic: one, ruleId } = exposure;
  const shape = shapeAliases(one);
  if (ruleId === 'sg-ingress-wide-cidr') return [...WIDE, ...shape];
  const tcp = (port: number) => letsThrough(one, 'tcp', port);
  const rdp = tcp(3389) || letsThrough(one, 'udp', 3389);
  // Checkov asks for the port "-1", which a written-out 0-65535 is not.
  const any = one.protocol === 'all' || (isEveryPort(one) && one.from === -1);
  return [
    ...WORLD,
    ...NOT_ONE_HOST,
    ...shape,
    ...(any ? [ANY_PORT] : []),
    ...(isEveryPort(one) ? ALL_PORTS : []),
    ...(tcp(22) ? SSH : []),
    ...(rdp ? RDP.filter((alias) => !tcp(22) || alias !== 'trivy:AVD-AWS-0107') : []),
    ...(COMMON_PORTS.some(tcp) ? COMMON : []),
    ...(serviceOf(one) !== undefined || tcp(22) || rdp ? SENSITIVE : []),
    ...(tcp(2383) ? [ANALYSIS] : []),
    ...(tcp(80) ? HTTP : []),
    ...(ruleId === 'sg-ingress-world' ? [UNKNOWN_PORT] : []),
  ];
}

// ---- mending

export const NOBODY = 'nobody can connect this way any more';

/**
 * Takes the opening away: the CIDR where the rule has other sources, else the whole rule. Undefined where the rule is not
 * written here (a variable, a dynamic block, a plan).
 */
export function closeRule(rule: TrafficRule, open: readonly Found[], note: string): Fix | undefined {
  if (rule.resource.template.dialect === 'terraform-plan' || rule.block.via.length) return undefined;
  const asked = askForSource(open);
  if (asked) return asked;
  const opened = new Set(open.map((one) => one.node));
  const kept = [...rule.cidrs, ...rule.others].some((one) => !opened.has(one.node));
  if (!kept) return removeRule(rule, note);
  if (open.some((one) => one.via.length || one.conditions.length > rule.block.conditions.length)) return undefined;
  const edits: Edit[] = [];
  const done = new Set<unknown>();
  for (const { node, key } of open) {
    const list = node.parent?.kind === 'array' ? node.parent : undefined;
    // An empty list is as good as none, but the key alone reads better.
    if (list && list.entry === key?.entry && !list.items.every((item) => opened.has(item))) {
      edits.push({ kind: 'removeItem', node });
    } else if (key?.entry && !done.has(key.entry)) {
      done.add(key.entry);
      edits.push({ kind: 'remove', entry: key.entry });
    }
  }
  const names = open.map((one) => asString(one.value)).join(' and ');
  return edits.length ? { title: `Remove ${names} (the rule's other sources stay)`, safe: false, edits } : undefined;
}

/** Where the default of one parameter or variable opens the rule: without it, whoever deploys says who may come in. */
function askForSource(open: readonly Found[]): Fix | undefined {
  const hops = open.map((one) => one.via[one.via.length - 1]);
  const [hop] = hops;
  if (!hop || (hop.kind !== 'parameter' && hop.kind !== 'variable')) return undefined;
  const entry = hop.node.entry;
  if (
    hop.node.kind !== 'string' ||
    !entry ||
    !/^default$/i.test(entry.name) ||
    hops.some((other) => other?.node !== hop.node)
  )
    return undefined;
  return {
    title: `Remove the default of ${hop.kind} ${hop.name} (each deployment then says who may connect)`,
    safe: false,
    edits: [{ kind: 'remove', entry }],
  };
}

function removeRule(rule: TrafficRule, note: string): Fix | undefined {
  const { block, inline, resource } = rule;
  const title = `Remove this rule (${note})`;
  if (!inline) {
    // Where the direction hangs on a condition the other half must stay.
    if (block.conditions.length > resource.conditions.length || !resource.key.entry) return undefined;
    if (isLastWayOut(resource)) return undefined;
    return { title, safe: false, edits: [{ kind: 'remove', entry: resource.key.entry }] };
  }
  const branch = branchOf(block.node);
  if (branch && !branch.otherIsNothing) {
    return { title, safe: false, edits: [{ kind: 'replace', node: block.node, data: { Ref: 'AWS::NoValue' } }] };
  }
  const node = branch?.whole ?? block.node;
  const terraform = resource.type.startsWith('aws_');
  const list = node.parent?.kind === 'array' ? node.parent : undefined;
  const written = (list ?? node).entry;
  // Written elsewhere (a dynamic block, a function's argument): nothing simple can be removed.
  if (written?.name !== inline || list?.tag) return undefined;
  // Terraform leaves rules alone that it is told nothing of: an empty list removes them.
  if (list && (list.items.length > 1 || terraform))
    return { title, safe: false, edits: [{ kind: 'removeItem', node }] };
  if (terraform) return { title, safe: false, edits: [{ kind: 'replace', node, data: [] }] };
  // Without any outbound rule CloudFormation lets everything out.
  if (inline === 'SecurityGroupEgress') {
    return {
      title: 'Let nothing out (a rule to 127.0.0.1/32: without any, everything may leave)',
      safe: false,
      edits: [{ kind: 'replace', node, data: NOTHING_OUT }],
    };
  }
  return { title, safe: false, edits: [{ kind: 'remove', entry: written }] };
}

/** The outbound rule that AWS names for letting nothing out: an instance sends nothing to itself over the network. */
const NOTHING_OUT = { Description: 'Nothing may leave', IpProtocol: '-1', CidrIp: '127.0.0.1/32' };

/** Whether a group may be left without any outbound rule once this one is removed. */
function isLastWayOut(rule: Resource): boolean {
  const type = 'AWS::EC2::SecurityGroupEgress';
  if (rule.type !== type) return false;
  const groups = groupsOf(rule);
  const isLast = (group: Resource) => !has(group, 'SecurityGroupEgress') && companions(group, type).sure.length <= 1;
  return !groups.length || groups.some(isLast);
}

/** The `Fn::If` that a node is one branch of, and whether its other branch is `AWS::NoValue`. */
function branchOf(node: Node): { whole: Node; otherIsNothing: boolean } | undefined {
  const { parent } = node;
  if (parent?.kind !== 'array') return undefined;
  const short = parent.tag === '!If';
  if (!short && parent.entry?.name !== 'Fn::If') return undefined;
  const whole = short ? parent : parent.parent;
  const other = parent.items.find((item, index) => index > 0 && item !== node);
  const name = other?.tag === '!Ref' ? other.value : other?.get('Ref')?.value;
  return whole && { whole, otherIsNothing: name === 'AWS::NoValue' };
}

/** The group that a rule of its own opens. */
export function groupRelated(rule: TrafficRule): Related[] {
  if (rule.inline) return [];
  return groupsOf(rule.resource).map((group) => ({
    node: group.key,
    message: `Opens ${group.address}`,
    resource: group,
  }));
}

/** Whether a source of a rule is reported for whom it lets in. */
export function isReported(rule: TrafficRule, source: Found): boolean {
  return exposures(rule.resource).some(
    (one) => one.rule === rule && [one.cidr, ...one.also].some((cidr) => cidr.node === source.node),
  );
}

/** Whether all that a rule lets in is reported, so that nothing is left of it once that is mended. */
export function isWhollyReported(rule: TrafficRule): boolean {
  return rule.others.length === 0 && rule.cidrs.length > 0 && rule.cidrs.every((one) => isReported(rule, one));
}
