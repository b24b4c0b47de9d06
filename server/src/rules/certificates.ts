/** What a certificate says of itself: enough of X.509 (RFC 5280) and PEM (RFC 7468) for its end and the size of its key. */

/** What rules ask of a certificate. */
export interface CertificateFacts {
  /** `2020-01-31`: the last day it is valid. */
  readonly notAfter: string;
  /** Of an RSA key; other keys have none. */
  readonly rsaBits?: number;
}

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const VERSION = 0xa0;
/** 1.2.840.113549.1.1.1 with its tag and length. */
const RSA_ENCRYPTION = '06092a864886f70d010101';

/** The first certificate of a PEM text; undefined where there is none that can be read. Never throws. */
export function readCertificate(pem: string): CertificateFacts | undefined {
  const begin = pem.indexOf('-----BEGIN CERTIFICATE-----');
  const end = pem.indexOf('-----END CERTIFICATE-----', begin);
  if (begin < 0 || end < 0) return undefined;
  const bytes = decode(pem.slice(begin + 27, end).replace(/\s/g, ''));
  const certificate = bytes && elementAt(bytes, 0, bytes.length);
  const body = bytes && certificate && childrenOf(bytes, certificate)[0];
  if (!bytes || !body) return undefined;
  const fields = childrenOf(bytes, body).filter(({ tag }) => tag !== VERSION);
  // Serial number, signature algorithm, issuer, validity, subject, public key.
  const [, , , validity, , key] = fields;
  const last = validity && childrenOf(bytes, validity)[1];
  const notAfter = last && dateOf(bytes, last);
  if (!key || notAfter === undefined) return undefined;
  return { notAfter, rsaBits: rsaBits(bytes, key) };
}

function decode(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** The element at an offset, where it is complete. */
function elementAt(bytes: Uint8Array, at: number, end: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  let length = first;
  let start = at + 2;
  if (first > 0x7f) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start++] ?? 0);
  }
  return start + length <= end ? { tag, start, end: start + length } : undefined;
}

function childrenOf(bytes: Uint8Array, parent: Element): Element[] {
  const children: Element[] = [];
  if (parent.tag !== SEQUENCE) return children;
  for (let at = parent.start; at < parent.end; ) {
    const child = elementAt(bytes, at, parent.end);
    if (!child) break;
    children.push(child);
    at = child.end;
  }
  return children;
}

function dateOf(bytes: Uint8Array, { tag, start, end }: Element): string | undefined {
  if (tag !== UTC_TIME && tag !== GENERALIZED_TIME) return undefined;
  const digits = String.fromCharCode(...bytes.slice(start, Math.min(end, start + 14)));
  const year = tag === UTC_TIME ? digits.slice(0, 2) : digits.slice(0, 4);
  const rest = digits.slice(year.length);
  if (!/^\d+$/.test(year) || !/^\d{4}/.test(rest)) return undefined;
  // Two digits stand for 1950 to 2049.
  const full = tag === GENERALIZED_TIME ? year : `${Number(year) < 50 ? '20' : '19'}${year}`;
  return `${full}-${rest.slice(0, 2)}-${rest.slice(2, 4)}`;
}

function rsaBits(bytes: Uint8Array, key: Element): number | undefined {
  const [algorithm, text] = childrenOf(bytes, key);
  if (!algorithm || text?.tag !== BIT_STRING) return undefined;
  const id = [...bytes.slice(algorithm.start, algorithm.start + 11)];
  if (id.map((byte) => byte.toString(16).padStart(2, '0')).join('') !== RSA_ENCRYPTION) return undefined;
  // The first byte counts unused bits.
  const numbers = elementAt(bytes, text.start + 1, text.end);
  const modulus = numbers && childrenOf(bytes, numbers)[0];
  if (modulus?.tag !== INTEGER) return undefined;
  let from = modulus.start;
  while (from < modulus.end && bytes[from] === 0) from++;
  if (from === modulus.end) return undefined;
  return (modulus.end - from) * 8 - Math.clz32(bytes[from] ?? 0) + 24;
}
