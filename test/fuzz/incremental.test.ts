/**
 * What is taken over from the version before changes nothing: along chains of edits of every template that there is,
 * the
 * incremental analysis says what one says that begins anew.
 *
 * `FUZZ=5 node scripts/test.mjs incremental` runs it for five minutes with a new seed. `INCREMENTAL=yaml` (hcl, json,
 * module,
 * policy, written, golden, a part of a path or of a rule's id; several words must all be there) takes only such texts,
 * for as
 * long as all would take. `INCREMENTAL=out/incremental-1.json` follows a failure again that an earlier run wrote down.
 */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { loadIamData } from '../support/iam-data.ts';
import {
  type Analyze,
  type Counts,
  counts,
  type Failure,
  follow,
  Journey,
  type Step,
} from '../support/incremental/chain.ts';
import {
  changedAndBack,
  goingAndComing,
  sourcesOf,
  within,
  wrongAndRight,
} from '../support/incremental/golden-chains.ts';
import { goldens, poolOf } from '../support/incremental/pool.ts';
import { generator, pick } from '../support/incremental/random.ts';
import { report, written as writtenDown } from '../support/incremental/report.ts';
import { shrink, signatures } from '../support/incremental/shrink.ts';
import { samples, type Target, targetsBelow, written } from '../support/incremental/texts.ts';
import { TRAPS } from '../support/incremental/traps.ts';
import { ALL_RULES, lookAt, wander } from '../support/incremental/wander.ts';

loadIamData();
const MINUTES = Number(process.env.FUZZ ?? 0);
const FILTER = process.env.INCREMENTAL ?? '';
const REPLAY = FILTER.endsWith('.json') && existsSync(FILTER) ? FILTER : undefined;
const SEED = MINUTES ? Date.now() % 1_000_000_007 : 20_261_122;
/** Milliseconds in all, without what failures take. */
const TIME = MINUTES ? MINUTES * 60_000 : 38_000;
const EDITS = 12;
const FEWEST = 25;
/** Single changes that are tried of a golden case. */
const CHANGES = MINUTES ? 24 : 8;
/** Different failures after which a run ends, and milliseconds to make each small. */
const FAILURES = MINUTES ? 8 : 3;
const SHRINKING = 25_000;
const MAX_BYTES = MINUTES ? 130_000 : 40_000;

const words = FILTER.toLowerCase().split(/\s+/).filter(Boolean);
const isWanted = (name: string) => words.every((word) => name.toLowerCase().includes(word));
const NO_REASON = false;
const skipping = (folder: string) => (existsSync(folder) ? NO_REASON : 'no corpus');

/** Failures of a run: each kind once, made small. */
class Findings {
  private readonly known = new Set<string>();
  private readonly reports: string[] = [];
  private spent = 0;

  constructor(private readonly test: TestContext) {}

  get isFull(): boolean {
    return this.reports.length >= FAILURES;
  }

  /** Milliseconds that were spent on failures. */
  get time(): number {
    return this.spent;
  }

  readonly knows = (failure: Failure): boolean => [...signatures(failure)].some((one) => this.known.has(one));

  add(name: string, steps: readonly Step[], failure: Failure): void {
    if (this.knows(failure)) return;
    const from = performance.now();
    const shrunk = shrink(steps, failure, SHRINKING);
    for (const one of [failure, shrunk.failure]) for (const kind of signatures(one)) this.known.add(kind);
    this.reports.push(report(name, shrunk, ++failures));
    this.spent += performance.now() - from;
    this.test.diagnostic(`${name} fails: ${[...signatures(failure)].slice(0, 4).join('; ')}`);
  }

  finish(): void {
    assert.equal(this.reports.length, 0, `\n${this.reports.join('\n\n')}\n`);
  }
}

let failures = 0;

function say(test: TestContext, count: Counts, more: string): void {
  const share = (part: number, whole: number) => `${Math.round((100 * part) / Math.max(1, whole))} %`;
  test.diagnostic(
    `${more}, ${count.steps} analyses compared, ${count.findings} findings; taken over: ` +
      `${share(count.reusedTrees, count.resources)} of the resources' trees, ${share(count.reused, count.resources)} ` +
      'of the resources as they are',
  );
}

/** Edits targets at random, in turns, for a share of the time. */
function fuzz(test: TestContext, all: readonly Target[], share: number): void {
  const targets = all.filter(({ name }) => isWanted(name));
  if (!targets.length) {
    test.skip('none of these is asked for');
    return;
  }
  // What edits write is collected before the time runs.
  poolOf('yaml', 'cloudformation');
  const found = new Findings(test);
  const count = counts();
  const done = new Map<string, number>();
  const used = new Set<string>();
  const from = performance.now();
  // A machine that is busy with other things compares a few all the same.
  let rounds = 0;
  const isLate = () => performance.now() - from - found.time > TIME * share;
  const isOver = () => found.isFull || (isLate() && (count.steps >= FEWEST || rounds >= FEWEST));
  const below = generator(SEED);
  for (; !isOver(); rounds++) {
    const { name, sources } = pick(below, targets);
    const seed = below(2 ** 31);
    const { steps, failure } = wander(sources(), new Journey(count), {
      seed,
      edits: EDITS,
      isOver,
      isKnown: found.knows,
      done,
    });
    used.add(name);
    if (failure) found.add(`${name}, seed ${seed}`, steps, failure);
  }
  const edits = [...done.values()].reduce((sum, one) => sum + one, 0);
  say(test, count, `seed ${SEED}: ${used.size} of ${targets.length} templates, ${rounds} chains, ${edits} edits`);
  if (MINUTES) test.diagnostic([...done].map(([name, times]) => `${name} ${times}`).join(', '));
  found.finish();
  assert.ok(FILTER || count.reusedTrees > 0, 'something is taken over');
}

describe('incremental analysis', { skip: REPLAY ? 'one failure is followed again' : NO_REASON }, () => {
  for (const [name, steps] of Object.entries(TRAPS)) {
    it(`says what a full one says: ${name}`, { skip: FILTER ? 'something else is asked for' : NO_REASON }, () => {
      const failure = follow(steps);
      if (failure) assert.fail(`\n${report(name, { steps, failure, tries: 0 }, ++failures)}\n`);
    });
  }

  it('says what a full one says: texts full of links', (test) => fuzz(test, written(), 0.25));
  it('says what a full one says: samples', (test) => fuzz(test, samples(), 0.1));

  for (const [folder, share] of [
    ['../shared/realworld', 0.25],
    ['../shared/corpus/files', 0.15],
  ] as const) {
    it(`says what a full one says: ${folder.slice(3)}`, { skip: skipping(folder) }, (test) =>
      fuzz(test, targetsBelow(folder, MAX_BYTES), share),
    );
  }

  it('says what a full one says: every rule, broken and kept', (test) => {
    const cases = goldens();
    const found = new Findings(test);
    const count = counts();
    const below = generator(SEED);
    const from = performance.now();
    const isOver = () => found.isFull || performance.now() - from - found.time > TIME * 0.25;
    // Each begins somewhere else, so that what a run has no time for is another part each time.
    const offset = MINUTES ? below(cases.length) : 0;
    let chains = 0;
    for (let i = 0; i < cases.length && !isOver(); i++) {
      const at = (offset + i * STRIDE) % cases.length;
      const one = cases[at];
      if (!one) continue;
      const name = `golden ${one.test.ruleId}: ${one.test.title}, ${one.uri} ${languageOf(one.uri)} line ${one.test.line}`;
      if (!isWanted(name)) continue;
      const ways = [
        wrongAndRight(one, cases[at + 1]),
        goingAndComing(one),
        changedAndBack(below, one, CHANGES),
        within(below, one) ?? [],
      ];
      for (const texts of ways) {
        const journey = new Journey(count);
        const steps: Step[] = [];
        chains++;
        for (const sources of sourcesOf(one.uri, texts)) {
          const step = { sources, settings: ALL_RULES, look: lookAt(below) };
          steps.push(step);
          const failure = journey.advance(step);
          if (!failure) continue;
          found.add(name, steps, failure);
          break;
        }
      }
    }
    say(test, count, `${chains} chains of ${cases.length} cases`);
    found.finish();
  });
});

function languageOf(uri: string): string {
  return uri.endsWith('.tf') ? 'hcl' : uri.endsWith('.json') ? 'json' : 'yaml';
}

/**
 * Steps through the cases so that a part of them is of all rules; has no factor in common with any number of cases
 * near theirs.
 */
const STRIDE = 7919;

describe('an incremental analysis that is wrong', {
  skip: REPLAY || FILTER ? 'asked for something else' : NO_REASON,
}, () => {
  /** Judges a resource anew only where its own text changed: what it reads of others is forgotten. */
  const careless: Analyze = (sources, settings, options = {}) => {
    const { previous } = options;
    const known = new Map(previous?.template.resources.map(({ address, body }) => [address, textOf(body)]));
    const was = new Set(previous?.findings.map(({ finding: { rule, resource } }) => `${rule.id} ${resource.address}`));
    const full = analyze(sources, settings, { ...options, previous: undefined });
    if (!full || !previous) return full;
    const findings = full.findings.filter(({ finding: { rule, resource } }) => {
      const isUntouched = known.get(resource.address) === textOf(resource.body);
      return !isUntouched || was.has(`${rule.id} ${resource.address}`);
    });
    return { ...full, findings };
  };
  const textOf = ({ document, start, end }: { document: { text: string }; start: number; end: number }) =>
    document.text.slice(start, end);

  it('is found out, and what shows it is small', () => {
    const target = written().find(({ name }) => name.includes('linked yaml'));
    assert.ok(target);
    let way: ReturnType<typeof wander> = { steps: [] };
    for (let seed = 1; seed < 60 && !way.failure; seed++)
      way = wander(target.sources(), new Journey(counts(), careless), { seed, edits: EDITS, isOver: () => false });
    const { steps, failure } = way;
    assert.ok(failure, 'it fails');
    const shrunk = shrink(steps, failure, 120_000, careless);
    assert.ok(follow(shrunk.steps, careless), 'it fails still');
    assert.equal(follow(shrunk.steps), undefined, 'ours does not');
    assert.ok(shrunk.steps.length <= 2, 'before and after');
    const lines = Math.max(
      ...shrunk.steps.flatMap(({ sources }) => sources.map(({ text }) => text.split('\n').length)),
    );
    assert.ok(lines < 30, `${lines} lines:\n${JSON.stringify(shrunk.steps, null, 1)}`);
  });
});

describe('a failure that was written down', { skip: REPLAY ? NO_REASON : 'none is asked for' }, () => {
  it('does not fail any more', () => {
    const { name, steps } = writtenDown(REPLAY ?? '');
    const failure = follow(steps);
    if (failure) assert.fail(`\n${report(name, { steps, failure, tries: 0 }, 0)}\n`);
  });
});
