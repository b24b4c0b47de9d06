/** CIDR blocks, IPv4 and IPv6: what they cover, and whether that is the world. */

import { detached } from '../syntax/text.ts';

export interface Cidr {
  readonly version: 4 | 6;
  /** First address, host bits cleared as AWS does. */
  readonly base: bigint;
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;

function ipv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function ipv6(text: string): bigint | undefined {
  let rest = text;
  // The last 32 bits may be written as an IPv4 address.
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted) {
    const tail = ipv4(dotted[2] as string);
    if (tail === undefined) return undefined;
    rest = `${dotted[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  }
  const halves = rest.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half ? half.split(':') : []));
  const written = groups.reduce((sum, half) => sum + half.length, 0);
  if (halves.length === 2 ? written > 7 : written !== 8) return undefined;
  const all = [...(groups[0] as string[]), ...Array<string>(8 - written).fill('0'), ...(groups[1] ?? [])];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** Reads `10.0.0.0/8` or `2001:db8::/32`; undefined for anything else (a prefix list, a name, an address without a length). */
export function parseCidr(text: string): Cidr | undefined {
  const known = parsed.get(text);
  if (known || parsed.has(text)) return known;
  const cidr = readCidr(text);
  if (parsed.size >= MAX_PARSED) parsed.clear();
  parsed.set(detached(text), cidr);
  return cidr;
}

/** Texts that were read before: several rules ask for the same ones. */
const parsed = new Map<string, Cidr | undefined>();
const MAX_PARSED = 2_000;

function readCidr(text: string): Cidr | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 64) return undefined;
  const [address = '', length = '', ...more] = trimmed.split('/');
  if (more.length || !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = Number(length);
  const version = address.includes(':') ? 6 : 4;
  const value = version === 6 ? ipv6(address) : ipv4(address);
  if (value === undefined || prefix > BITS[version]) return undefined;
  const host = BigInt(BITS[version] - prefix);
  return { version, base: (value >> host) << host, prefix };
}

/** Whether every address of `inner` lies in `outer`. */
export function covers(outer: Cidr, inner: Cidr): boolean {
  if (outer.version !== inner.version || outer.prefix > inner.prefix) return false;
  const host = BigInt(BITS[outer.version] - outer.prefix);
  return outer.base >> host === inner.base >> host;
}

/** Whether they have an address in common. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return covers(a, b) || covers(b, a);
}

const block = (text: string): Cidr => parseCidr(text) as Cidr;

/** Ranges whose addresses never come from the internet (IANA special-purpose registries, multicast). */
const NOT_PUBLIC = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
].map(block);
/** All that is assigned for use on the IPv6 internet. */
const GLOBAL_UNICAST = block('2000::/3');
const LOOPBACK = [block('127.0.0.0/8'), block('::1/128')];

/** Whether a network lies wholly in ranges that the internet does not route to. */
export function isPrivate(cidr: Cidr): boolean {
  return NOT_PUBLIC.some((range) => covers(range, cidr));
}

/** Whether a network is of the host itself only. */
export function isLoopback(cidr: Cidr): boolean {
  return LOOPBACK.some((range) => covers(range, cidr));
}

/** All addresses, or so many of them (half the internet, wider than any /8) that it comes to the same. */
export function isWorld(cidr: Cidr): boolean {
  if (cidr.prefix >= 8 || isPrivate(cidr)) return false;
  return cidr.version === 4 || overlaps(cidr, GLOBAL_UNICAST);
}

/** Public addresses of more than one organisation: wider than /16, for IPv6 than /32 (what a whole provider gets). */
export function isWide(cidr: Cidr): boolean {
  return !isPrivate(cidr) && cidr.prefix < (cidr.version === 4 ? 16 : 32);
}

/** A single address. */
export function isHost(cidr: Cidr): boolean {
  return cidr.prefix === BITS[cidr.version];
}
