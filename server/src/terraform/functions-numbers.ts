/** Terraform's functions of numbers and of network addresses. */

import { asNumber, type Value } from '../template/value.ts';
import { closed, type Evaluate, integer, listOf, onNumbers, text } from './functions-base.ts';
import { failure, known, MAX_ITEMS } from './values.ts';

const range: Evaluate = (args, node) => {
  const numbers = args.map(asNumber);
  if (!numbers.length || numbers.length > 3 || numbers.includes(undefined)) return undefined;
  const [start, limit] = (numbers.length === 1 ? [0, numbers[0]] : numbers) as [number, number];
  const step = (numbers[2] ?? (limit < start ? -1 : 1)) as number;
  if (step === 0 || (limit - start) * step < 0) return failure('never ends', node);
  if (Math.abs((limit - start) / step) > MAX_ITEMS) return undefined;
  const made: number[] = [];
  for (let at = start; step > 0 ? at < limit : at > limit; at += step) made.push(at);
  return listOf(made, node);
};

const sum: Evaluate = ([value], node) => {
  const numbers = closed(value)?.items.map(asNumber);
  if (!numbers?.length || numbers.includes(undefined)) return undefined;
  return known(
    (numbers as number[]).reduce((total, number) => total + number, 0),
    node,
  );
};

const parseInteger: Evaluate = ([value, base], node) => {
  const digits = text(value);
  const radix = integer(base);
  if (digits === undefined || radix === undefined) return undefined;
  const number = radix >= 2 && radix <= 36 && digits.length < 20 ? Number.parseInt(digits, radix) : Number.NaN;
  const written = Number.isSafeInteger(number) ? number.toString(radix) : undefined;
  // What is read only in part is no number.
  if (written !== digits.toLowerCase().replace(/^(-?)0+(?=.)/, '$1')) return failure('is no number', node);
  return known(number, node);
};

/** A network: its first address, how many bits that has, and how many of them name the network. */
interface Network {
  readonly address: bigint;
  readonly bits: 32 | 128;
  readonly length: number;
}

function networkOf(value: Value | undefined): Network | undefined {
  const written = text(value);
  const slash = written?.lastIndexOf('/') ?? -1;
  if (written === undefined || slash < 0 || written.length > 60 || !/^\d{1,3}$/.test(written.slice(slash + 1)))
    return undefined;
  const address = written.slice(0, slash);
  const bits = address.includes(':') ? 128 : 32;
  const length = Number(written.slice(slash + 1));
  const whole = bits === 32 ? ipv4(address) : ipv6(address);
  if (whole === undefined || length > bits) return undefined;
  const host = BigInt(bits - length);
  return { address: (whole >> host) << host, bits, length };
}

function ipv4(written: string): bigint | undefined {
  const parts = written.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((all, part) => (all << 8n) | BigInt(part), 0n);
}

function ipv6(written: string): bigint | undefined {
  const halves = written.split('::');
  if (halves.length > 2) return undefined;
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const parts = [...before, ...Array<string>(halves.length === 1 ? 0 : missing).fill('0'), ...after];
  if (!parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  return parts.reduce((all, part) => (all << 16n) | BigInt(`0x${part}`), 0n);
}

function written(address: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
  const parts = Array.from({ length: 8 }, (_, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  // The longest run of two or more zeros is left out.
  let best = { from: 0, length: 1 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (parts[from + length] === '0') length++;
    if (length > best.length) best = { from, length };
  }
  if (best.length < 2) return parts.join(':');
  return `${parts.slice(0, best.from).join(':')}::${parts.slice(best.from + best.length).join(':')}`;
}

const subnet: Evaluate = ([prefix, more, number], node) => {
  const network = networkOf(prefix);
  const bits = integer(more);
  const index = integer(number);
  if (!network || bits === undefined || index === undefined) return undefined;
  const length = network.length + bits;
  if (bits < 0 || length > network.bits || index < 0 || BigInt(index) >> BigInt(bits) > 0n)
    return failure('does not fit into the network', node);
  const address = network.address | (BigInt(index) << BigInt(network.bits - length));
  return known(`${written(address, network.bits)}/${length}`, node);
};

const subnets: Evaluate = ([prefix, ...more], node) => {
  const network = networkOf(prefix);
  const sizes = more.map(integer);
  if (!network || sizes.length > MAX_ITEMS || sizes.includes(undefined)) return undefined;
  const end = network.address + (1n << BigInt(network.bits - network.length));
  const made: string[] = [];
  let next = network.address;
  for (const size of sizes as number[]) {
    const length = network.length + size;
    if (size < 1 || length > network.bits) return failure('does not fit into the network', node);
    const block = 1n << BigInt(network.bits - length);
    const start = ((next + block - 1n) / block) * block;
    next = start + block;
    if (next > end) return failure('does not fit into the network', node);
    made.push(`${written(start, network.bits)}/${length}`);
  }
  return listOf(made, node);
};

const host: Evaluate = ([prefix, number], node) => {
  const network = networkOf(prefix);
  const index = integer(number);
  if (!network || index === undefined) return undefined;
  const size = 1n << BigInt(network.bits - network.length);
  const at = index < 0 ? size + BigInt(index) : BigInt(index);
  if (at < 0n || at >= size) return failure('does not fit into the network', node);
  return known(written(network.address + at, network.bits), node);
};

const netmask: Evaluate = ([prefix], node) => {
  const network = networkOf(prefix);
  if (network?.bits !== 32) return undefined;
  const host = BigInt(32 - network.length);
  return known(written((0xffffffffn >> host) << host, 32), node);
};

/** `max(1, 2)`: of one number or more. */
const extreme = (pick: (...numbers: number[]) => number): Evaluate => onNumbers((...numbers) => pick(...numbers));

export const NUMBER_FUNCTIONS: readonly (readonly [string, Evaluate])[] = [
  ['abs', onNumbers((number) => Math.abs(number))],
  ['ceil', onNumbers((number) => Math.ceil(number))],
  ['cidrhost', host],
  ['cidrnetmask', netmask],
  ['cidrsubnet', subnet],
  ['cidrsubnets', subnets],
  ['floor', onNumbers((number) => Math.floor(number))],
  ['log', onNumbers((number, base) => Math.log(number) / Math.log(base ?? Number.NaN))],
  ['max', extreme(Math.max)],
  ['min', extreme(Math.min)],
  ['parseint', parseInteger],
  ['pow', onNumbers((base, exponent) => base ** (exponent ?? Number.NaN))],
  ['range', range],
  ['signum', onNumbers((number) => Math.sign(number))],
  ['sum', sum],
];
