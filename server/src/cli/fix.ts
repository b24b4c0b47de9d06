/** Applies safe fixes until none is left. */

import type { Analysis, Source } from '../analysis/analyze.ts';
import { fixEdits, fixesOf } from '../analysis/present.ts';
import type { Fix } from '../rules/fix.ts';
import { applyTextEdits, type TextEdit } from '../syntax/edit.ts';

export interface FixedSources {
  /** The very same array where nothing was fixed. */
  readonly sources: readonly Source[];
  readonly applied: readonly AppliedFix[];
}

interface AppliedFix {
  /** Of the finding. */
  readonly uri: string;
  readonly ruleId: string;
  readonly title: string;
  /** By document URI. */
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>;
}

interface Candidate extends AppliedFix {
  readonly key: string;
  readonly fix: Fix;
}

/** Rounds of everything at once, then of one fix at a time where some fix spoils a round. */
const MAX_ROUNDS = 20;
const MAX_SINGLE_ROUNDS = 100;

/**
 * Applies every finding's first safe fix, again and again until none is left.
 * A round counts only if the text parses no worse and fewer findings are left; a fix that does not keep to this is given up.
 * @param wanted URIs that may change: a fix that reaches beyond them is left out
 * @param analyze analyses texts; asked once a round
 */
export function fixSources(
  sources: readonly Source[],
  wanted: ReadonlySet<string>,
  analyze: (sources: readonly Source[]) => Analysis | undefined,
): FixedSources {
  const refused = new Set<string>();
  const applied = new Map<string, Candidate>();
  let current = sources;
  let analysis = analyze(current);
  let single = false;
  for (let round = 0; analysis && round < (single ? MAX_SINGLE_ROUNDS : MAX_ROUNDS); round++) {
    const candidates = candidatesOf(analysis, wanted).filter(({ key }) => !refused.has(key));
    const together = single ? undefined : combined(candidates);
    const chosen = single ? candidates.slice(0, 1) : together ? candidates : apart(candidates);
    if (!chosen.length) break;
    const next = apply(current, together ? [together] : chosen.map((one) => one.edits));
    const after = analyze(next);
    if (after && better(analysis, after)) {
      current = next;
      analysis = after;
      // Of two fixes that add the same thing one may have to wait for the next round.
      for (const one of chosen) applied.set(one.key, one);
    } else if (chosen.length === 1) refused.add((chosen[0] as Candidate).key);
    else single = true;
  }
  if (analysis) for (const { key } of candidatesOf(analysis, wanted)) applied.delete(key);
  return { sources: current, applied: [...applied.values()] };
}

function better(before: Analysis, after: Analysis): boolean {
  const problems = (analysis: Analysis) =>
    analysis.documents.reduce((sum, document) => sum + document.problems.length, 0);
  return problems(after) <= problems(before) && after.findings.length < before.findings.length;
}

function candidatesOf(analysis: Analysis, wanted: ReadonlySet<string>): Candidate[] {
  return analysis.findings.flatMap(({ finding }): Candidate[] => {
    if (!wanted.has(finding.node.document.uri)) return [];
    // A fix that throws is none; linting reports it.
    const fix = fixesOf(finding).find((one) => one.safe);
    const rendered = fix && fixEdits(fix);
    if (!fix || !rendered?.size) return [];
    const edits = new Map([...rendered].map(([document, list]) => [document.uri, list]));
    if ([...edits.keys()].some((uri) => !wanted.has(uri))) return [];
    const { rule, resource, path, variant } = finding;
    const key = JSON.stringify([rule.id, variant, resource.address, path]);
    return [{ key, uri: finding.node.document.uri, ruleId: rule.id, title: fix.title, fix, edits }];
  });
}

/** The edits of all fixes at once, by document URI; undefined where they do not go together. */
function combined(candidates: readonly Candidate[]): Candidate['edits'] | undefined {
  const edits = candidates.flatMap(({ fix }) => fix.edits);
  const rendered = edits.length ? fixEdits({ title: '', safe: true, edits }) : undefined;
  return rendered && new Map([...rendered].map(([document, list]) => [document.uri, list]));
}

/** As many fixes, in order, as do not touch each other: the others' turn comes in the next round. */
function apart(candidates: readonly Candidate[]): Candidate[] {
  const taken = new Map<string, TextEdit[]>();
  return candidates.filter(({ edits }) => {
    for (const [uri, list] of edits) {
      if ((taken.get(uri) ?? []).some((one) => list.some((edit) => edit.start <= one.end && one.start <= edit.end)))
        return false;
    }
    for (const [uri, list] of edits) taken.set(uri, [...(taken.get(uri) ?? []), ...list]);
    return true;
  });
}

function apply(sources: readonly Source[], chosen: readonly Candidate['edits'][]): Source[] {
  return sources.map((source) => {
    const edits = chosen.flatMap((one) => one.get(source.uri) ?? []);
    return edits.length ? { ...source, text: applyTextEdits(source.text, edits) } : source;
  });
}
