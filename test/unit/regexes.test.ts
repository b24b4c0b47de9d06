/** Every regular expression of the product takes time that grows with the text and not faster, whatever the text. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type WrittenRegex, writtenRegexes } from '../support/regexes.ts';

/** Never see a text that someone else wrote, or see so many characters of it at most. */
const BOUNDED: ReadonlyMap<string, string> = new Map([
  [String.raw`\d(?=(?:\d{3})+$)`, 'a number that was counted'],
  [
    String.raw`(?<![\w$.{])([A-Za-z_][\w.-]{2,80})(["']?\s{0,3}[=:]\s{0,3}["']?)([^\s"'${'`'};,\u0000]{6,200})`,
    '80 characters from each',
  ],
]);

const SHORT = 4_000;
const LONG = 16_000;
/** Milliseconds: a text of 16,000 characters takes one at most, and far more only where the time is quadratic. */
const SLOW = 40;

/** Fragments that a text is pumped up with, beside those that the expression itself matches. */
const COMMON = ['a', ' ', '0', '-', '.', ':', '/', '*', '\n', '\t', '$', '{', '"', 'a ', 'a.', 'a-', 'a:', '${', ', '];

function cost(regex: RegExp, text: string): number {
  regex.lastIndex = 0;
  const from = process.cpuUsage();
  regex.test(text);
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}

function least(times: number, measure: () => number): number {
  return Math.min(...Array.from({ length: times }, measure));
}

/**
 * A text much like those that the expression matches: of each choice the first, of each class a member, of each repetition as
 * few as there may be, but one.
 */
function sampleOf(source: string): string {
  let text = '';
  /** Where the groups around begin, and whether their first alternative is over. */
  const groups: { readonly from: number; over: boolean }[] = [];
  for (let i = 0; i < source.length; i++) {
    const c = source[i] as string;
    const isOver = groups.some(({ over }) => over);
    let one = '';
    if (c === '(') {
      const head = /^\(\?(?:<?[=!]|:|<\w+>)?/.exec(source.slice(i, i + 30))?.[0] ?? '(';
      groups.push({ from: text.length, over: false });
      i += head.length - 1;
    } else if (c === ')') {
      const group = groups.pop();
      if (group?.over) continue;
    } else if (c === '|') {
      const group = groups[groups.length - 1];
      if (!group) break;
      group.over = true;
    } else if (c === '[') {
      const end = source.slice(i + 1).search(/[^\\]\]/) + i + 2;
      one = memberOf(source.slice(i + 1, end));
      i = end;
    } else if (c === '{') i = source.indexOf('}', i);
    else if (c === '\\') {
      one = ESCAPES[source[i + 1] as string] ?? (source[i + 1] as string);
      i += source[i + 1] === 'p' || source[i + 1] === 'P' ? Math.max(1, source.indexOf('}', i) - i) : 1;
    } else if (!'^$*+?'.includes(c)) one = c === '.' ? 'x' : c;
    if (!isOver) text += one;
  }
  return text.slice(0, 16);
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ s: ' ', S: 'x', w: 'a', W: '-', d: '0', D: 'x', b: '', B: '' },
  ...{ n: '\n', r: '\r', t: '\t', p: 'a', P: '-', u: 'u' },
};

function memberOf(inner: string): string {
  if (inner.startsWith('^')) return ['x', ' ', '-', '0'].find((one) => !inner.includes(one)) ?? 'é';
  return inner.startsWith('\\') ? (ESCAPES[inner[1] as string] ?? (inner[1] as string)) : (inner[0] as string);
}

/** The text by which it is slow; undefined where there is none among many. */
function attackOn(written: WrittenRegex): string | undefined {
  const regex = new RegExp(written.source, written.flags.replace('g', ''));
  for (const sample of new Set([sampleOf(written.source), ...COMMON])) {
    for (let at = 0; at < Math.max(1, sample.length); at++) {
      for (const length of [1, 2]) {
        const unit = sample.slice(at, at + length);
        if (!unit || (length > 1 && unit.length < length && at > 0)) continue;
        const text = (size: number) => `${sample.slice(0, at)}${unit.repeat(Math.ceil(size / unit.length))}\u0001`;
        const short = text(SHORT);
        const from = performance.now();
        regex.test(short);
        if (performance.now() - from < SLOW / 20) continue;
        const long = least(3, () => cost(regex, text(LONG)));
        if (long > SLOW && long > 7 * least(3, () => cost(regex, short)))
          return JSON.stringify([sample.slice(0, at), unit]);
      }
    }
  }
  return undefined;
}

describe('regular expressions', () => {
  const all = writtenRegexes(['server/src/**/*.ts', 'client/src/**/*.ts']);

  it('are found in the sources', () => {
    assert.ok(all.length > 500, `${all.length}`);
    for (const { source, flags } of all) assert.doesNotThrow(() => new RegExp(source, flags), source);
  });

  it('finds one that is slow', () => {
    assert.ok(attackOn({ source: '\\s+$', flags: '', place: '' }));
    assert.equal(attackOn({ source: '^\\s+$', flags: '', place: '' }), undefined);
  });

  it('take time in proportion to the text', () => {
    const slow = all.flatMap((written) => {
      if (BOUNDED.has(written.source)) return [];
      const attack = attackOn(written);
      return attack === undefined ? [] : [`${written.place} /${written.source}/${written.flags}: ${attack}`];
    });
    assert.deepEqual(slow, []);
  });
});
