/** Compares with a report that was written earlier: `--baseline`. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { activeRules } from '../analysis/active-rules.ts';
import type { Settings } from '../analysis/settings.ts';
import { ruleById } from '../rules/index.ts';
import type { Rule, Severity } from '../rules/rule.ts';
import type { Range } from '../syntax/document.ts';
import { SEVERITIES } from './arguments.ts';
import { readText } from './files.ts';
import { BaseError } from './git.ts';
import type { Found, Item, Result } from './result.ts';

/**
 * The findings of a report that `--format json` wrote; those of rules that do not exist (any more) are left out.
 * @throws BaseError where it is none
 */
export function readBaseline(path: string): readonly Found[] {
  const read = readText(path);
  if ('error' in read) throw new BaseError(`--baseline ${path}: ${read.error}`);
  const none = new BaseError(`--baseline ${path}: not a report of --format json.`);
  let report: unknown;
  try {
    report = JSON.parse(read.text);
  } catch {
    throw none;
  }
  const findings = isObject(report) ? report.findings : undefined;
  if (!Array.isArray(findings)) throw none;
  return findings.flatMap((one: unknown): Found[] => {
    const found = foundOf(one);
    if (!found) throw none;
    const { rule, side, ...rest } = found;
    if (!rule) return [];
    const owners = [rule.owner, ...Object.values(rule.variants ?? {}).map((variant) => variant.owner)];
    return [{ ...rest, rule, owner: owners.find((owner) => owner?.side === side) ?? rule.owner }];
  });
}

type Unchecked = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Unchecked {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function foundOf(
  value: unknown,
): (Omit<Found, 'rule' | 'owner'> & { readonly rule: Rule | undefined; readonly side: unknown }) | undefined {
  if (!isObject(value)) return undefined;
  const { ruleId, file, resource, message, condition } = value;
  const range = rangeOf(value.range);
  const severity = SEVERITIES.find((one): one is Severity => one === value.severity);
  if (![ruleId, file, resource, message].every((one) => typeof one === 'string') || !range || !severity)
    return undefined;
  return {
    rule: ruleById(ruleId as string),
    side: value.owner,
    severity,
    file: file as string,
    range,
    resource: resource as string,
    // Reports of earlier versions have none.
    path: typeof value.path === 'string' ? value.path : '',
    message: message as string,
    condition: typeof condition === 'string' ? condition : undefined,
  };
}

function rangeOf(value: unknown): Range | undefined {
  if (!isObject(value)) return undefined;
  const position = (at: unknown) =>
    isObject(at) && Number.isSafeInteger(at.line) && Number.isSafeInteger(at.character)
      ? { line: Math.max(0, at.line as number), character: Math.max(0, at.character as number) }
      : undefined;
  const start = position(value.start);
  const end = position(value.end);
  return start && end && { start, end };
}

/** Ways to recognise a finding, the strictest first; the last ones take a file that is gone for one that was renamed. */
const IDENTITIES: readonly (readonly [isOfAnyFile: boolean, key: (found: Found) => string])[] = [
  [false, ({ file, rule, resource, path }) => JSON.stringify([file, rule.id, resource, path])],
  [false, ({ file, rule, resource, path }) => JSON.stringify([file, rule.id, resource, properties(path)])],
  [true, ({ rule, resource, path }) => JSON.stringify([rule.id, resource, path])],
];

/** A path without list positions. */
function properties(path: string): string {
  return path
    .split('.')
    .filter((name) => !/^\d+$/.test(name))
    .join('.');
}

/**
 * Tells what a result has beyond an earlier report, and what is gone.
 * @param name of the report, for people
 * @param covers whether the command line stands for a file (absolute)
 * @param settingsOf the settings of a file (absolute), which may be gone; undefined where they exclude it
 */
export function compareWithReport(
  result: Result,
  baseline: readonly Found[],
  name: string,
  cwd: string,
  covers: (path: string) => boolean,
  settingsOf: (path: string) => Settings | undefined,
): Result {
  let gone = baseline;
  const before = new Set<Found>();
  const graver = new Set<Found>();
  const known = new Set(baseline.map(({ file }) => file));
  const match = (list: readonly Item[]): number => {
    let matched = 0;
    for (const [isOfAnyFile, key] of IDENTITIES) {
      const byKey = new Map<string, Found[]>();
      for (const one of gone) {
        if (isOfAnyFile && existsSync(resolve(cwd, one.file))) continue;
        const own = key(one);
        byKey.set(own, [...(byKey.get(own) ?? []), one]);
      }
      const taken = new Set<Found>();
      for (const item of list) {
        if (before.has(item) || (isOfAnyFile && known.has(item.file))) continue;
        const same = byKey.get(key(item))?.shift();
        if (!same) continue;
        before.add(item);
        // What kept it harmless was taken away.
        if (SEVERITIES.indexOf(item.severity) < SEVERITIES.indexOf(same.severity)) graver.add(item);
        taken.add(same);
        matched++;
      }
      gone = gone.filter((one) => !taken.has(one));
    }
    return matched;
  };
  match(result.findings);
  const silenced = match(result.suppressed);
  const told = <T extends Item>(item: T): T => ({
    ...item,
    change: before.has(item) && !graver.has(item) ? 'before' : 'introduced',
  });
  const isOn = (path: string, rule: string) => {
    const settings = settingsOf(path);
    return settings !== undefined && activeRules(settings).rules.some(({ id }) => id === rule);
  };
  const unsure = new Set([...result.unsure, ...result.errors.map(({ file }) => file)]);
  const findings = result.findings.map(told);
  const introduced = findings.filter(({ change }) => change === 'introduced');
  const isTouched = ({ file, resource }: { readonly file: string; readonly resource: string }) =>
    introduced.some((item) => item.file === file && item.resource === resource);
  return {
    ...result,
    findings,
    suppressed: result.suppressed.map(told),
    // A report says nothing of settings: what moved is known from findings alone.
    moved: result.moved.filter(
      (line) =>
        isTouched(line) &&
        introduced.some(({ rule, resource }) => rule.id === line.ruleId && resource === line.resource),
    ),
    aws: result.aws.filter(isTouched),
    comparison: {
      base: name,
      // Of a file that is not looked at, or not whole, or not for this, nobody knows.
      fixed: gone.filter(({ rule, file }) => {
        const path = resolve(cwd, file);
        return covers(path) && !unsure.has(file) && isOn(path, rule.id);
      }),
      silenced,
    },
  };
}
