/**
 * What values of condition keys look like: numbers, dates, networks, Regions, ids. Text in, verdict out; linear in length.
 * Source: IAM user guide, "IAM JSON policy elements: Condition operators" and "AWS global condition context keys".
 */

import { type Cidr, parseCidr } from '../cidr.ts';

/** Whether it is an integer or decimal number. */
export function isNumber(text: string): boolean {
  return text.length < 64 && /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(text);
}

export function isBoolean(text: string): boolean {
  const lower = text.toLowerCase();
  return lower === 'true' || lower === 'false';
}

/** Base64 with its padding. */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?$/i;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * How a date is written: in a W3C form of ISO 8601 (a year, a month, a day, or a day with the time), or in seconds since
 * 1970; undefined where it is neither. Four digits are a year. A time without its zone is let pass.
 */
export function dateForm(text: string): 'iso' | 'epoch' | undefined {
  if (text.length > 48) return undefined;
  const parts = DATE.exec(text);
  if (!parts) return isNumber(text) ? 'epoch' : undefined;
  const [month, day, hour, minute, second] = parts.slice(2).map((part) => (part === undefined ? undefined : +part));
  if (month !== undefined && (month < 1 || month > 12)) return undefined;
  if (day !== undefined && (day < 1 || day > (DAYS[(month ?? 1) - 1] ?? 31))) return undefined;
  // A leap second is a second; midnight may be the end of a day.
  return (hour ?? 0) > 24 || (minute ?? 0) > 59 || (second ?? 0) > 60 ? undefined : 'iso';
}

/** Seconds since 1970 as a date of ISO 8601; undefined where they are of no year of this century or the last. */
export function isoDate(epoch: string): string | undefined {
  if (!/^\d{5,10}$/.test(epoch)) return undefined;
  const seconds = Number(epoch);
  return seconds < 4_102_444_800 ? new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') : undefined;
}

/** An address or a network as written in a policy. */
export interface Network {
  readonly cidr: Cidr;
  /** The network in its usual spelling where bits are set below the mask; undefined where it is well written. */
  readonly masked: string | undefined;
}

/** Reads an IP address or a CIDR range; undefined for what is neither. */
export function networkOf(text: string): Network | undefined {
  if (text.length > 64) return undefined;
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const host = parseCidr(`${address}/${address.includes(':') ? 128 : 32}`);
  if (slash < 0 || !host) return host && { cidr: host, masked: undefined };
  const cidr = parseCidr(text);
  return cidr && { cidr, masked: cidr.base === host.base ? undefined : spell(cidr) };
}

function spell({ version, base, prefix }: Cidr): string {
  const width = version === 4 ? 8n : 16n;
  const count = version === 4 ? 4 : 8;
  const groups = Array.from({ length: count }, (_, at) =>
    Number((base >> (width * BigInt(count - 1 - at))) & ((1n << width) - 1n)),
  );
  if (version === 4) return `${groups.join('.')}/${prefix}`;
  // The first longest run of zeros, if longer than one group, is left out.
  let [from, length] = [0, 0];
  for (let at = 0; at < count; at++) {
    let end = at;
    while (end < count && groups[end] === 0) end++;
    if (end - at > length) [from, length] = [at, end - at];
  }
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return `${hex.join(':')}/${prefix}`;
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}/${prefix}`;
}

/** Regions by area, with the highest number there is. Source: AWS's list of Regions (all partitions), 2026. */
const AREAS: Readonly<Record<string, number>> = Object.assign(Object.create(null), {
  'af-south': 1,
  'ap-east': 2,
  'ap-northeast': 3,
  'ap-south': 2,
  'ap-southeast': 7,
  'ca-central': 1,
  'ca-west': 1,
  'cn-north': 1,
  'cn-northwest': 1,
  'eu-central': 2,
  'eu-isoe-west': 1,
  'eu-north': 1,
  'eu-south': 2,
  'eu-west': 3,
  'eusc-de-east': 1,
  'il-central': 1,
  'me-central': 1,
  'me-south': 1,
  'mx-central': 1,
  'sa-east': 1,
  'us-east': 2,
  'us-gov-east': 1,
  'us-gov-west': 1,
  'us-iso-east': 1,
  'us-iso-west': 1,
  'us-isob-east': 1,
  'us-isob-west': 1,
  'us-isof-east': 1,
  'us-isof-south': 1,
  'us-west': 2,
});

/** Names of the Regions. */
export const REGIONS: readonly string[] = Object.entries(AREAS).flatMap(([area, count]) =>
  Array.from({ length: count }, (_, index) => `${area}-${index + 1}`),
);

const NEW_AREA = /^(af|ap|ca|cn|eu|il|me|mx|sa|us)(-(gov|iso[a-z]?))?-(north|south|central|(north|south)?(east|west))$/;

/**
 * Whether a Region may be of that name. AWS adds Regions: the next numbers of an area, and areas named as others are, pass.
 */
export function mayBeRegion(text: string): boolean {
  const parts = /^([a-z-]{4,20})-([1-9]\d?)$/.exec(text);
  if (!parts) return false;
  const [, area = '', number = ''] = parts;
  const known = AREAS[area];
  return known === undefined ? NEW_AREA.test(area) : Number(number) <= known + 2;
}

/** Whether a pattern with `*` and `?` matches a text, case aside. Linear but for a star that is tried again. */
export function matchesLike(pattern: string, text: string): boolean {
  if (pattern.length > 256) return true;
  let [at, from] = [0, 0];
  let [star, mark] = [-1, 0];
  while (from < text.length) {
    const char = pattern[at];
    if (char === '*') {
      star = at++;
      mark = from;
    } else if (char === '?' || char?.toLowerCase() === text[from]?.toLowerCase()) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++mark;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** Whether it is the id of a VPC (`vpc`) or of an endpoint (`vpce`): eight or seventeen hexadecimal digits. */
export function isVpcId(text: string, prefix: 'vpc' | 'vpce'): boolean {
  const id = text.startsWith(`${prefix}-`) ? text.slice(prefix.length + 1) : '';
  return (id.length === 8 || id.length === 17) && /^[0-9a-f]+$/i.test(id);
}

/** Whether a pattern may match the ARN of a KMS key: not an alias, not a bare id. */
export function mayBeKmsKeyArn(text: string): boolean {
  if (/^[*?]/.test(text)) return true;
  const [arn = '', , service = '', , , ...rest] = text.split(':');
  // A wildcard may stand for any number of parts.
  if (/[*?]/.test(arn)) return true;
  if (arn !== 'arn') return false;
  if (rest.length === 0) return text.includes('*');
  const resource = rest.join(':');
  return /[*?]/.test(service) || (service === 'kms' && (/^[*?]/.test(resource) || /^key[/*?]/.test(resource)));
}

/** The text without its policy variables (`${…}`) and escapes (`${*}`). */
export function withoutVariables(text: string): string {
  if (!text.includes('${')) return text;
  let rest = '';
  let at = 0;
  for (let open = text.indexOf('${'); open >= 0; open = text.indexOf('${', at)) {
    const close = text.indexOf('}', open);
    if (close < 0) break;
    rest += text.slice(at, open);
    at = close + 1;
  }
  return rest + text.slice(at);
}
