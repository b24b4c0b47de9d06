/**
 * Chains of the golden cases: from wrong to right and back, resources that go and come, and all of it within another
 * text.
 */

import { analyze, type Source } from '../../../server/src/analysis/analyze.ts';
import { variants } from './edits.ts';
import { type Golden, goldens } from './pool.ts';
import { type Below, oneIn, pick } from './random.ts';
import { unitOfResource, without } from './units.ts';
import { ALL_RULES } from './wander.ts';

/** Wrong, right, wrong; where the case says nothing right, the next case of the rule. */
export function wrongAndRight(one: Golden, next: Golden | undefined): string[] {
  const other = one.fixed ?? (next?.uri === one.uri && next.test.ruleId === one.test.ruleId ? next.text : undefined);
  return other === undefined ? [one.text] : [one.text, other, one.text];
}

/** Each resource of a case in turn is not there, and there again. */
export function goingAndComing({ uri, text }: Golden): string[] {
  const resources = analyze([{ uri, text }], ALL_RULES)?.template.resources ?? [];
  const units = resources.flatMap((resource) => unitOfResource(resource) ?? []);
  return [text, ...units.flatMap((unit) => [without(text, unit), text])];
}

/** Single changes of a case, each taken back: some of all that there are. */
export function changedAndBack(below: Below, { uri, text }: Pick<Golden, 'uri' | 'text'>, most: number): string[] {
  const analysis = analyze([{ uri, text }], ALL_RULES);
  const [document] = analysis?.documents ?? [];
  if (!analysis || !document) return [];
  const changed = variants(below, analysis, document).slice(0, most);
  // Some follow on each other: what was the version before is then another one.
  return [text, ...changed.flatMap((one) => (oneIn(below, 4) ? [one] : [one, text])), text];
}

/**
 * Another case, this one pasted into it, wrong and right, and out again; undefined where the two cannot be one text.
 */
export function within(below: Below, one: Golden): string[] | undefined {
  const others = goldens().filter(({ uri }) => uri === one.uri);
  const host = pick(below, others).text;
  const right = one.fixed ?? one.text;
  const texts = [one.text, right].map((text) => merged(one.uri, host, text));
  const [wrong, mended] = texts;
  if (wrong === undefined || mended === undefined) return undefined;
  return oneIn(below, 2) ? [host, wrong, mended, wrong, host] : [wrong, one.text, wrong, mended, host, mended];
}

/** Two texts of a language as one. */
function merged(uri: string, host: string, guest: string): string | undefined {
  if (uri.endsWith('.tf')) return `${host}\n${guest}`;
  if (uri.endsWith('.json')) return mergedJson(host, guest);
  return uri.endsWith('template.yaml') ? mergedYaml(host, guest) : undefined;
}

function mergedJson(host: string, guest: string): string | undefined {
  try {
    return JSON.stringify(joined(JSON.parse(host), JSON.parse(guest), 3), null, 2);
  } catch {
    return undefined;
  }
}

function joined(host: unknown, guest: unknown, depth: number): unknown {
  if (!isObject(host) || !isObject(guest) || depth === 0) return guest;
  const result: Record<string, unknown> = { ...host };
  for (const [name, value] of Object.entries(guest)) result[name] = joined(result[name], value, depth - 1);
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sections in block style take in the lines of the same section; others follow. */
function mergedYaml(host: string, guest: string): string {
  const sections = guest.split(/^(?=[A-Za-z]+:)/m);
  let text = host.endsWith('\n') ? host : `${host}\n`;
  for (const section of sections) {
    const header = /^[A-Za-z]+:[ \t]*\n/.exec(section)?.[0];
    const at = header === undefined ? -1 : `\n${text}`.indexOf(`\n${header}`);
    if (header === undefined || at < 0) text += section;
    else text = text.slice(0, at + header.length) + section.slice(header.length) + text.slice(at + header.length);
  }
  return text;
}

/** The versions of a text as what is analysed. */
export function sourcesOf(uri: string, texts: readonly string[]): (readonly Source[])[] {
  return texts.map((text) => [{ uri, text }]);
}
