/** A failure as a person debugs it: the texts, what happened to them, and what the two analyses say differently. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { lineDiff } from '../../../server/src/analysis/present.ts';
import type { Step } from './chain.ts';
import type { Shrunk } from './shrink.ts';

const FOLDER = 'out';
/** Longer texts are shown as what changed in them. */
const MOST_LINES = 120;
const MOST_DIFFERENCES = 12;

/**
 * Writes a failure down, to be followed again by `INCREMENTAL=<file> node scripts/test.mjs incremental`.
 * @param number tells the failures of a run apart
 * @returns the report
 */
export function report(name: string, { steps, failure, tries }: Shrunk, number: number): string {
  const file = `${FOLDER}/incremental-${number}.json`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, JSON.stringify({ name, steps }, null, 1));
  const lines = [`${name}: the incremental analysis is not the full one${failure.what ? ` (${failure.what})` : ''}`];
  const before = new Map<string, string>();
  for (const [index, step] of steps.entries()) {
    lines.push(`=== version ${index}${how(step)}`);
    for (const { uri, text, folder } of step.sources) {
      const old = before.get(uri);
      before.set(uri, text);
      if (old === text) continue;
      lines.push(`--- ${uri}${folder ? ` in ${folder}` : ''}${visible(text)}`);
      const isLong = old !== undefined && text.split('\n').length > MOST_LINES;
      lines.push(isLong ? lineDiff(old, text, 3) : text);
    }
    const gone = [...before.keys()].filter((uri) => !step.sources.some((one) => one.uri === uri));
    for (const uri of gone) {
      before.delete(uri);
      lines.push(`--- ${uri} is gone`);
    }
  }
  lines.push('=== differences, seen from the incremental analysis');
  for (const { section, kind, line } of failure.differences.slice(0, MOST_DIFFERENCES))
    lines.push(`${section}, ${kind}: ${line.length > 1500 ? `${line.slice(0, 1500)} …` : line}`);
  if (failure.differences.length > MOST_DIFFERENCES)
    lines.push(`and ${failure.differences.length - MOST_DIFFERENCES} more`);
  lines.push(`=== after ${tries} tries; again: INCREMENTAL=${file} node scripts/test.mjs incremental`);
  return lines.join('\n');
}

/** What a text does not show by itself. */
function visible(text: string): string {
  const odd = [
    text.includes('\r') ? 'CR' : '',
    text.includes('\t') ? 'tabs' : '',
    /[\0-\u0008]/.test(text) ? 'control characters' : '',
  ];
  const said = odd.filter(Boolean).join(', ');
  return said && ` (with ${said})`;
}

function how({ before, givesUp, today, look, settings }: Step): string {
  const rules = Object.entries(settings.rules).flatMap(([id, setting]) =>
    setting === 'off' ? [] : [`${id} ${setting}`],
  );
  const said = [
    before && `before: ${before}`,
    givesUp && 'gives up an analysis afterwards',
    today,
    ...(['fixes', 'hovers', 'map', 'values'] as const).map((name) => (look[name] ? `looks at ${name}` : '')),
    rules.length ? `rules: ${settings.tier} and ${rules.slice(0, 5).join(', ')}` : `rules: ${settings.tier}`,
  ];
  return `: ${said.filter(Boolean).join('; ')}`;
}

/** A chain that was written down. */
export function written(file: string): { readonly name: string; readonly steps: readonly Step[] } {
  const { name, steps } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; steps: Step[] };
  // Settings that were one object are one again: what is prepared for them is kept by the object.
  const settings = new Map<string, Step['settings']>();
  const shared = steps.map((step) => {
    const key = JSON.stringify(step.settings);
    const known = settings.get(key) ?? step.settings;
    settings.set(key, known);
    return { ...step, settings: known };
  });
  return { name, steps: shared };
}
