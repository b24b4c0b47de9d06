/** The report for code scanning: SARIF 2.1.0. */

import { createHash } from 'node:crypto';
import { sep } from 'node:path';
import type {
  ArtifactLocation,
  Fix,
  Invocation,
  Location,
  Log,
  Notification,
  Region,
  ReportingDescriptor,
  Result as SarifResult,
} from 'sarif';
import { rulePage } from '../../analysis/rule-page.ts';
import { factText } from '../../responsibility/aws-defaults.ts';
import { frameworksOf, relatedControls } from '../../rules/frameworks.ts';
import { ruleById } from '../../rules/index.ts';
import type { Rule, Severity } from '../../rules/rule.ts';
import type { Range } from '../../syntax/document.ts';
import type { Found, Item, ItemFix, Place, Problem, Result, SuppressedItem } from '../result.ts';
import { harmless, jsonText } from './words.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVEL: Record<Severity, 'error' | 'warning' | 'note'> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** Within the bands that code scanning hosts read as critical, high, medium and low. */
const SCORE: Record<Severity, string> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0', info: '0.5' };

/**
 * One run: the rules that ran, findings, suppressed findings marked as such, and what went wrong. With a base, each result
 * has its `baselineState`, and those that are gone are there as `absent`.
 */
export function sarifReport(result: Result, version: string, exitCode: number): string {
  const { comparison } = result;
  const fixed = comparison?.fixed ?? [];
  const rules = [...new Set([...result.rules, ...[...result.findings, ...fixed].map(({ rule }) => rule.id)])].flatMap(
    (id) => ruleById(id) ?? [],
  );
  const index = new Map(rules.map(({ id }, position) => [id, position]));
  const fingerprints = new Fingerprints();
  const results = (items: readonly Item[]) =>
    items.map((item) => sarifResult(item, index.get(item.rule.id) ?? -1, fingerprints.of(item)));
  const invocation: Invocation = {
    executionSuccessful: exitCode !== 2,
    exitCode,
    toolExecutionNotifications: [
      ...result.errors.map((error) => notification(error, error.fatal ? 'error' : 'warning')),
      ...result.notes.map((note) => notification(note, 'note')),
    ],
  };
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Demarc', version, semanticVersion: version, rules: rules.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        invocations: [invocation],
        results: [
          ...results(result.findings),
          ...results(result.suppressed),
          ...fixed.map((found) =>
            sarifResult(
              { ...found, aliases: [], related: [], fixes: [] },
              index.get(found.rule.id) ?? -1,
              fingerprints.of(found),
              'absent',
            ),
          ),
        ],
      },
    ],
  };
  return jsonText(log);
}

function descriptor(rule: Rule): ReportingDescriptor {
  const [reference] = rule.references;
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.description },
    help: { text: helpText(rule), markdown: rulePage(rule, { brief: true }).markdown },
    helpUri: reference?.url,
    defaultConfiguration: { level: LEVEL[rule.severity] },
    properties: {
      category: rule.category,
      owner: rule.owner.side,
      tags: ['security', rule.category],
      'security-severity': SCORE[rule.severity],
      // Related, never "compliant": a control asks for more than one setting.
      frameworks: frameworksOf(rule.id),
    },
  };
}

function helpText(rule: Rule): string {
  const facts = (rule.aws ?? []).map((fact) => `AWS: ${factText(fact)}`);
  const related = relatedControls(rule.id);
  return [
    rule.description,
    `Owner (${rule.owner.side}): ${rule.owner.why}`,
    ...facts,
    ...(related.length ? [`Related: ${related.join('; ')}`] : []),
    ...rule.references.map((one) => one.url),
  ].join('\n\n');
}

const STATES = { introduced: 'new', before: 'unchanged' } as const;

function sarifResult(item: Item, ruleIndex: number, fingerprint: string, state?: 'absent'): SarifResult {
  const { rule, owner, severity, resource, condition, aliases, related, fixes } = item;
  const suppression = 'suppression' in item ? (item as SuppressedItem).suppression : undefined;
  return {
    ruleId: rule.id,
    ruleIndex: ruleIndex < 0 ? undefined : ruleIndex,
    level: LEVEL[severity],
    baselineState: state ?? (item.change && STATES[item.change]),
    message: { text: plainText(condition ? `${item.message} (when ${condition})` : item.message) },
    locations: [location(item, resource)],
    relatedLocations: related.length
      ? related.map((one, id) => ({ id, ...location(one, one.resource), message: { text: plainText(one.message) } }))
      : undefined,
    partialFingerprints: { 'demarc/v1': fingerprint },
    fixes: fixes.some((fix) => fix.edits.length) ? fixes.filter((fix) => fix.edits.length).map(sarifFix) : undefined,
    suppressions: suppression && [
      {
        kind: 'inSource',
        justification: suppression.reason,
        location: location(suppression),
        properties: { form: suppression.form },
      },
    ],
    properties: { aliases, resource, severity, owner: owner.side, condition },
  };
}

function location(place: Place, resource?: string): Location {
  return {
    physicalLocation: {
      artifactLocation: artifact(place.file),
      region: region(place.range),
    },
    logicalLocations: resource === undefined ? undefined : [{ fullyQualifiedName: resource, kind: 'resource' }],
  };
}

/** From one on, and the end column is the one behind the last character. */
function region({ start, end }: Range): Region {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** A message: one line, in which no link is embedded (SARIF reads `[text](target)` in plain text too). */
function plainText(text: string): string {
  return harmless(text).replaceAll('](', '] (');
}

/**
 * Where a file is: relative to the working folder, or as a whole where it has no path from there, on another drive or share.
 * @param isWindows whether there are drives: elsewhere `C:` is a name like others
 */
export function artifact(file: string, isWindows = sep === '\\'): ArtifactLocation {
  const wellFormed = file.replace(/\p{Cs}/gu, '\ufffd');
  const encoded = (path: string) => path.split('/').map(encodeURIComponent).join('/');
  const [root = '', letter] = (isWindows && /^([A-Za-z]):(?=\/)|^\/\//.exec(wellFormed)) || [];
  if (!root) return { uri: encoded(wellFormed), uriBaseId: '%SRCROOT%' };
  return { uri: `file://${letter ? `/${root}` : ''}${encoded(wellFormed.slice(root.length))}` };
}

function sarifFix({ title, edits }: ItemFix): Fix {
  const files = new Map<string, ItemFix['edits'][number][]>();
  for (const edit of edits) files.set(edit.file, [...(files.get(edit.file) ?? []), edit]);
  return {
    description: { text: plainText(title) },
    artifactChanges: [...files].map(([file, list]) => ({
      artifactLocation: artifact(file),
      replacements: list.map((edit) => ({
        deletedRegion: region(edit.range),
        insertedContent: { text: edit.newText },
      })),
    })),
  };
}

function notification({ file, message, range }: Problem, level: 'error' | 'warning' | 'note'): Notification {
  return {
    level,
    message: { text: plainText(message) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(file),
          region: range && region(range),
        },
      },
    ],
  };
}

/** From rule, resource and property path; never from lines, so that they survive edits elsewhere. */
class Fingerprints {
  private readonly seen = new Map<string, number>();

  of({ rule, resource, path, file }: Found): string {
    const text = JSON.stringify([rule.id, resource, path]);
    // Several at one path (branches of a condition) are told apart by their order.
    const place = `${file}\n${text}`;
    const nth = this.seen.get(place) ?? 0;
    this.seen.set(place, nth + 1);
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
    return nth ? `${hash}:${nth}` : hash;
  }
}
