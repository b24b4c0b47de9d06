/** A random way: a template, and one edit after the other, with what else happens in an editor. */

import { type Analysis, analyze, type Source } from '../../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../server/src/analysis/settings.ts';
import { RULES } from '../../../server/src/rules/index.ts';
import type { Failure, Journey, Step } from './chain.ts';
import { edited, typing } from './edits.ts';
import { type Below, generator, oneIn, pick } from './random.ts';
import type { Look } from './told.ts';

export const ALL_RULES: Settings = { ...DEFAULT_SETTINGS, tier: 'all' };
const CORE_RULES: Settings = { ...DEFAULT_SETTINGS, rules: { 's3-versioning': 'critical' } };
/** Enough to know the tree. */
const NO_RULES: Settings = {
  ...DEFAULT_SETTINGS,
  rules: Object.fromEntries(RULES.map(({ id }) => [id, 'off'] as const)),
};
/** Larger texts are not edited further. */
const MAX_LENGTH = 150_000;

export interface Way {
  readonly steps: readonly Step[];
  readonly failure?: Failure;
}

interface Wandering {
  readonly seed: number;
  readonly edits: number;
  /** Asked after each step. */
  readonly isOver: () => boolean;
  /** Whether a failure is one that there was before: what else is wrong is found on the way that goes on. */
  readonly isKnown?: (failure: Failure) => boolean;
  /** Counts edits by their names. */
  readonly done?: Map<string, number>;
}

export function lookAt(below: Below): Look {
  return {
    fixes: oneIn(below, 3),
    hovers: oneIn(below, 6),
    map: oneIn(below, 12),
    values: oneIn(below, 4),
    seed: below(2 ** 31),
  };
}

/**
 * Edits a template at random until something is wrong or enough was done.
 */
export function wander(
  first: readonly Source[],
  journey: Journey,
  { seed, edits, isOver, isKnown, done }: Wandering,
): Way {
  const below = generator(seed);
  const steps: Step[] = [];
  const history: (readonly Source[])[] = [first];
  let settings = oneIn(below, 12) ? CORE_RULES : ALL_RULES;
  let waiting: (readonly Source[])[] = [first];
  for (let edit = 0; edit <= edits && !isOver(); ) {
    const sources = waiting.shift();
    if (!sources) {
      const last = history[history.length - 1] ?? first;
      const { name, versions } = next(below, last, history, journey.full);
      done?.set(name, (done.get(name) ?? 0) + 1);
      waiting = versions;
      edit++;
      if (!versions.length) edit += 0.25;
      continue;
    }
    if (oneIn(below, 20)) settings = settings === ALL_RULES ? CORE_RULES : ALL_RULES;
    const step: Step = { sources, settings, look: lookAt(below), ...happening(below) };
    steps.push(step);
    history.push(sources);
    const failure = journey.advance(step);
    if (failure && !isKnown?.(failure)) return { steps, failure };
  }
  return { steps };
}

/** What happens around a version of the text. */
function happening(below: Below): Partial<Step> {
  const chance = below(100);
  if (chance < 4) return { before: 'drop' };
  if (chance < 8) return { before: 'elsewhere' };
  if (chance < 11) return { before: 'cancel' };
  if (chance < 18) return { givesUp: true };
  if (chance < 20) return { today: pick(below, ['2020-01-01', '2099-01-01']) };
  return {};
}

interface Next {
  readonly name: string;
  /** The texts to come, one after the other. */
  readonly versions: (readonly Source[])[];
}

function next(
  below: Below,
  last: readonly Source[],
  history: readonly (readonly Source[])[],
  analysis: Analysis | undefined,
): Next {
  const isLost = !analysis || last.some(({ text }) => text.length > MAX_LENGTH);
  if (isLost || oneIn(below, 12)) return { name: 'undo', versions: [pick(below, history.slice(-6))] };
  if (/\.tf/.test(last[0]?.uri ?? '') && oneIn(below, 20))
    return { name: 'files', versions: [otherFiles(below, last)] };
  let now = last;
  const names: string[] = [];
  let known: Analysis | undefined = analysis;
  let left = oneIn(below, 8) ? 2 + below(4) : 1;
  for (let tries = 0; tries < 12 && left > 0 && known?.documents.length; tries++) {
    const document = pick(below, known.documents);
    const change = edited(below, known, document);
    if (!change) continue;
    left--;
    names.push(change.name);
    now = now.map((source) => (source.uri === document.uri ? { ...source, text: change.text } : source));
    if (left) known = analyze(now, NO_RULES);
  }
  if (now === last) return { name: 'nothing', versions: [] };
  const name = names.length > 1 ? 'several' : (names[0] ?? '');
  if (!oneIn(below, 4)) return { name, versions: [now] };
  const at = now.findIndex((source, i) => source.text !== last[i]?.text);
  const from = last[at]?.text ?? '';
  const to = now[at]?.text ?? '';
  const typed = typing(below, from, to).map((text) =>
    now.map((source, i) => (i === at ? { ...source, text } : source)),
  );
  return { name, versions: typed };
}

/** Files of a module that come, go, take another name, or change places. */
function otherFiles(below: Below, sources: readonly Source[]): readonly Source[] {
  const one = below(sources.length);
  const file = sources[one] as Source;
  const rest = sources.filter((_, i) => i !== one);
  const other = (uri: string): Source => ({ ...file, uri });
  switch (below(4)) {
    case 0:
      return rest.length ? rest : sources;
    case 1: {
      const copy = other(file.uri.replace(/\.tf/, '2.tf'));
      return sources.some(({ uri }) => uri === copy.uri) ? sources : [...sources, copy];
    }
    case 2: {
      const renamed = other(
        file.uri.replace(/(?:_override)?\.tf/, file.uri.includes('_override') ? '.tf' : '_override.tf'),
      );
      return sources.some(({ uri }) => uri === renamed.uri) ? sources : [...rest, renamed];
    }
    default:
      return [...rest, file];
  }
}
