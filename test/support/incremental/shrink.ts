/** Makes a chain that fails small: fewer steps, then shorter texts, as long as it fails in the same way. */

import type { Source } from '../../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../../server/src/analysis/settings.ts';
import { RULES } from '../../../server/src/rules/index.ts';
import { type Analyze, type Failure, follow, type Step } from './chain.ts';
import type { Difference } from './told.ts';

export interface Shrunk {
  readonly steps: readonly Step[];
  readonly failure: Failure;
  readonly tries: number;
}

/** What tells failures apart: the section, what is wrong, and the rule. */
function signature({ section, kind, line }: Difference): string {
  const first = /^(?:introduced |fixed |suppressed )?[\w-]+/.exec(line)?.[0] ?? '';
  const isOfRule = /^(?:findings|suppressed|fixes|planned)$/.test(section);
  return section === 'throws'
    ? `throws ${line.split('\n')[0]}`
    : isOfRule && kind !== 'order'
      ? `${section} ${kind} ${first}`
      : `${section} ${kind}`;
}

/** All that is wrong at a step. Of what is not the plain analysis of a version one failure is like the other. */
export function signatures({ what, differences }: Failure): ReadonlySet<string> {
  const kind = what.replace(/^the file .*/, 'one file');
  return new Set(kind ? differences.map(({ section }) => `${kind}: ${section}`) : differences.map(signature));
}

/**
 * @param steps fail
 * @param milliseconds after which it is small enough
 * @param incrementally the analysis under test
 */
export function shrink(
  steps: readonly Step[],
  failure: Failure,
  milliseconds: number,
  incrementally?: Analyze,
): Shrunk {
  const shrinker = new Shrinker(steps, failure, performance.now() + milliseconds, incrementally);
  shrinker.run();
  return { steps: shrinker.steps, failure: shrinker.failure, tries: shrinker.tries };
}

class Shrinker {
  tries = 0;
  private readonly wanted: ReadonlySet<string>;

  constructor(
    public steps: readonly Step[],
    public failure: Failure,
    private readonly until: number,
    private readonly incrementally: Analyze | undefined,
  ) {
    this.wanted = signatures(failure);
    this.steps = steps.slice(0, failure.step + 1);
  }

  run(): void {
    this.fewerSteps();
    this.simplerSteps();
    for (let size = Number.POSITIVE_INFINITY; size > this.size && !this.isOver; ) {
      size = this.size;
      this.fewerFiles();
      this.shorterTexts();
      this.fewerSteps();
    }
    this.simplerSteps();
  }

  private get isOver(): boolean {
    return performance.now() > this.until;
  }

  private get size(): number {
    return this.steps.reduce(
      (sum, { sources }) => sum + sources.reduce((all, { text }) => all + text.length + 1, 1),
      0,
    );
  }

  /** Keeps steps that fail still. */
  private keeps(steps: readonly Step[]): boolean {
    if (this.isOver || !steps.length) return false;
    this.tries++;
    const failure = follow(steps, this.incrementally);
    if (!failure || ![...signatures(failure)].some((one) => this.wanted.has(one))) return false;
    this.steps = steps.slice(0, failure.step + 1);
    this.failure = failure;
    return true;
  }

  private fewerSteps(): void {
    const last = this.steps[this.steps.length - 1];
    if (!last) return;
    for (let i = this.steps.length - 2; i >= 0 && this.steps.length > 2; i--) {
      const one = this.steps[i];
      if (one && this.keeps([one, last])) break;
    }
    for (let i = 0; i < this.steps.length - 1; ) {
      if (!this.keeps(this.steps.filter((_, at) => at !== i))) i++;
    }
  }

  /** Without what else happened, with only the rules that matter, looking at what matters. */
  private simplerSteps(): void {
    const ids = new Set(this.failure.differences.flatMap((one) => /^[\w-]+/.exec(one.line)?.[0] ?? []));
    const named = RULES.filter(({ id }) => ids.has(id));
    const only = Object.fromEntries(RULES.map(({ id }) => [id, ids.has(id) ? 'on' : 'off'] as const));
    const settings = { ...DEFAULT_SETTINGS, tier: 'all' as const, rules: only };
    if (named.length) this.keeps(this.steps.map((step) => ({ ...step, settings })));
    const [first] = this.steps;
    if (first) this.keeps(this.steps.map((step) => ({ ...step, settings: first.settings })));
    for (const name of ['before', 'givesUp', 'today'] as const) {
      for (const index of this.steps.keys())
        if (this.steps[index]?.[name] !== undefined) this.keeps(this.with(index, { [name]: undefined }));
    }
    for (const name of ['hovers', 'map', 'values', 'fixes'] as const) {
      for (const index of this.steps.keys()) {
        const look = this.steps[index]?.look;
        if (look?.[name]) this.keeps(this.with(index, { look: { ...look, [name]: false } }));
      }
    }
  }

  private with(index: number, change: Partial<Step>): Step[] {
    return this.steps.map((step, at) => (at === index ? { ...step, ...change } : step));
  }

  private get uris(): string[] {
    return [...new Set(this.steps.flatMap(({ sources }) => sources.map(({ uri }) => uri)))];
  }

  private fewerFiles(): void {
    for (const uri of this.uris) {
      this.keeps(this.steps.map((step) => ({ ...step, sources: step.sources.filter((one) => one.uri !== uri) })));
    }
  }

  private shorterTexts(): void {
    for (const uri of this.uris) {
      let last = -1;
      for (let segments = this.segments(uri); segments.length !== last && !this.isOver; segments = this.segments(uri)) {
        last = segments.length;
        this.withoutBlocks(uri);
        this.withoutRuns(uri);
        this.sameEverywhere(uri);
      }
      this.withinLines(uri);
    }
  }

  /** The texts of a file in all steps, side by side: lines that all have, and between them what each has. */
  private segments(uri: string): Segment[] {
    const texts = this.steps.map(({ sources }) => sources.find((one) => one.uri === uri)?.text);
    return aligned(texts.map((text) => (text === undefined ? undefined : text.split('\n'))));
  }

  private keepsSegments(uri: string, segments: readonly Segment[]): boolean {
    const texts = this.steps.map((_, at) => segments.flatMap((segment) => segment[at] ?? []).join('\n'));
    return this.keeps(
      this.steps.map((step, at) => ({
        ...step,
        sources: step.sources.map((one): Source => (one.uri === uri ? { ...one, text: texts[at] ?? '' } : one)),
      })),
    );
  }

  /** A line with all lines below it that are indented deeper, and the bracket that closes it; the outermost first. */
  private withoutBlocks(uri: string): void {
    for (let depth = 0; depth <= 12 && !this.isOver; depth++) {
      for (let from = 0; ; from++) {
        const segments = this.segments(uri);
        if (from >= segments.length || this.isOver) break;
        const head = lineOf(segments[from]);
        if (indentOf(head) > depth * 2 || indentOf(head) <= depth * 2 - 2) continue;
        let to = from + 1;
        while (to < segments.length && isInside(segments[to], indentOf(head))) to++;
        if (
          to < segments.length &&
          /^\s*[}\])]/.test(lineOf(segments[to])) &&
          indentOf(lineOf(segments[to])) === indentOf(head)
        )
          to++;
        if (this.keepsSegments(uri, [...segments.slice(0, from), ...segments.slice(to)])) from--;
      }
    }
  }

  private withoutRuns(uri: string): void {
    for (let run = this.segments(uri).length >> 1; run >= 1 && !this.isOver; run >>= 1) {
      for (let from = 0; from < this.segments(uri).length && !this.isOver; ) {
        const segments = this.segments(uri);
        if (!this.keepsSegments(uri, [...segments.slice(0, from), ...segments.slice(from + run)])) from += run;
      }
    }
  }

  /** What differs is made equal, or loses lines of its own. */
  private sameEverywhere(uri: string): void {
    for (let i = 0; i < this.segments(uri).length && !this.isOver; i++) {
      const segments = this.segments(uri);
      const segment = segments[i];
      if (!segment || segment.every((lines) => same(lines, segment[0]))) continue;
      const replace = (other: Segment) =>
        this.keepsSegments(
          uri,
          segments.map((one, at) => (at === i ? other : one)),
        );
      const equal = [0, segment.length - 1].some((at) => replace(segment.map((lines) => lines && (segment[at] ?? []))));
      if (equal) continue;
      for (const [at, lines] of segment.entries()) {
        for (let line = (lines?.length ?? 0) - 1; line >= 0; line--) {
          const now = this.segments(uri)[i]?.[at];
          if (!now || now.length <= 1) break;
          const shorter = now.filter((_, j) => j !== line);
          const all = this.segments(uri);
          this.keepsSegments(
            uri,
            all.map((one, j) => (j === i ? one.map((own, k) => (k === at ? shorter : own)) : one)),
          );
        }
      }
    }
  }

  /** Texts of few long lines: pieces of them go, in all steps that have them. */
  private withinLines(uri: string): void {
    const texts = () => this.steps.map(({ sources }) => sources.find((one) => one.uri === uri)?.text ?? '');
    if (Math.max(...texts().map((text) => text.length)) > 20_000) return;
    const apply = (cut: (text: string) => string) =>
      this.keeps(
        this.steps.map((step) => ({
          ...step,
          sources: step.sources.map((one) => (one.uri === uri ? { ...one, text: cut(one.text) } : one)),
        })),
      );
    const members = new Set<string>();
    for (const text of texts())
      for (const [member] of text.matchAll(/,\s*(?:"[^"]*"|[\w:]+)\s*[:=]?\s*[^,{}[\]]*|,\s*\{[^{}]*\}|\s+#[^\n]*/g))
        members.add(member);
    for (const member of members) if (!this.isOver) apply((text) => text.replace(member, ''));
  }
}

/** Lines of each step; none where a step has no such file. */
type Segment = readonly (readonly string[] | undefined)[];

function lineOf(segment: Segment | undefined): string {
  return segment?.find((lines) => lines?.length)?.[0] ?? '';
}

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}

function isInside(segment: Segment | undefined, depth: number): boolean {
  const line = lineOf(segment);
  return line.trim() === '' || indentOf(line) > depth;
}

function same(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return (a ?? []).join('\n') === (b ?? []).join('\n');
}

/** Texts side by side. */
function aligned(texts: readonly (readonly string[] | undefined)[]): Segment[] {
  const present = texts.flatMap((lines) => (lines ? [lines] : []));
  let common = present[0] ?? [];
  for (const lines of present.slice(1)) common = longestCommon(common, lines);
  const at = texts.map(() => 0);
  const segments: Segment[] = [];
  const gap = (ends: readonly number[]) => {
    const segment = texts.map((lines, i) => lines?.slice(at[i], ends[i]));
    if (segment.some((lines) => lines?.length)) segments.push(segment);
  };
  for (const line of common) {
    const ends = texts.map((lines, i) => lines?.indexOf(line, at[i]) ?? 0);
    gap(ends);
    segments.push(texts.map((lines) => lines && [line]));
    for (const [i, end] of ends.entries()) at[i] = end + 1;
  }
  gap(texts.map((lines) => lines?.length ?? 0));
  return segments;
}

const MAX_CELLS = 4_000_000;

function longestCommon(a: readonly string[], b: readonly string[]): readonly string[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const left = a.slice(head, a.length - tail);
  const right = b.slice(head, b.length - tail);
  const middle: string[] = [];
  if (left.length * right.length <= MAX_CELLS) {
    const width = right.length + 1;
    const length = new Uint16Array((left.length + 1) * width);
    for (let i = left.length - 1; i >= 0; i--) {
      for (let j = right.length - 1; j >= 0; j--) {
        const one = length[(i + 1) * width + j + 1] ?? 0;
        length[i * width + j] =
          left[i] === right[j] ? one + 1 : Math.max(length[(i + 1) * width + j] ?? 0, length[i * width + j + 1] ?? 0);
      }
    }
    for (let i = 0, j = 0; i < left.length && j < right.length; ) {
      if (left[i] === right[j]) {
        middle.push(left[i] as string);
        i++;
        j++;
      } else if ((length[(i + 1) * width + j] ?? 0) >= (length[i * width + j + 1] ?? 0)) i++;
      else j++;
    }
  }
  return [...a.slice(0, head), ...middle, ...a.slice(a.length - tail)];
}
