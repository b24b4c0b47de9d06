/** All that a user is told by an analysis, as lines of text: two analyses of one text are equal where these are. */

import type { Analysis, ReportedFinding } from '../../../server/src/analysis/analyze.ts';
import type { Comparison } from '../../../server/src/analysis/compare.ts';
import { placesIn } from '../../../server/src/analysis/places.ts';
import { fixEdits, fixesOf } from '../../../server/src/analysis/present.ts';
import { suppressionEdit } from '../../../server/src/analysis/suppressions.ts';
import { hoverAt } from '../../../server/src/lsp/hover.ts';
import { renderHover } from '../../../server/src/lsp/hover-markdown.ts';
import { mapOf } from '../../../server/src/lsp/map.ts';
import type { Finding } from '../../../server/src/rules/rule.ts';
import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import type { Node } from '../../../server/src/syntax/node.ts';
import type { Resource, Section } from '../../../server/src/template/template.ts';
import type { Condition, Value } from '../../../server/src/template/value.ts';
import { generator } from './random.ts';

/**
 * What is looked at beyond findings, suppressions, problems and resources. Looking fills caches: so does not looking.
 */
export interface Look {
  readonly fixes: boolean;
  readonly hovers: boolean;
  readonly map: boolean;
  /** Every value of every resource. */
  readonly values: boolean;
  /** Chooses which fixes and places. */
  readonly seed: number;
}

/** Lines by what they are about. */
export type Told = Readonly<Record<string, readonly string[]>>;

export interface Difference {
  readonly section: string;
  /** Seen from the incremental analysis, which lacks a line, has one too many, or has all of them in another order. */
  readonly kind: 'missing' | 'extra' | 'order';
  readonly line: string;
}

const MAX_FIXES = 40;
const HOVERS = 8;
const MAX_VALUES = 40_000;

/**
 * What an analysis says.
 * @param only the one file (a URI) whose findings are wanted: then nothing else is told
 */
export function told(analysis: Analysis | undefined, look: Look, only?: string): Told {
  if (!analysis) return { dialect: ['none of ours'] };
  const teller = new Teller(analysis);
  const { template, documents, findings, suppressed, suppressionProblems, planned } = analysis;
  const own = findings.filter(({ finding }) => !only || placesIn(finding, only).length);
  const result: Record<string, readonly string[]> = { findings: own.map((one) => teller.reported(one)) };
  if (look.fixes) result.fixes = sampled(own, MAX_FIXES, look.seed).flatMap(({ finding }) => teller.fixes(finding));
  if (only) return result;
  return {
    dialect: [analysis.dialect],
    syntax: documents.flatMap((document) => teller.syntax(document)),
    resources: template.resources.map((resource) => teller.resource(resource)),
    sections: (['parameters', 'outputs', 'providers'] as const).flatMap((name) =>
      template[name].map((section) => `${name} ${section.name} ${teller.place(section.key)}`),
    ),
    ...result,
    suppressed: suppressed.map(
      ({ finding, suppression: { form, reason, document, start, end } }) =>
        `${teller.finding(finding)} by ${form} ${teller.at(document, start, end)} ${reason ?? ''}`,
    ),
    'suppression problems': suppressionProblems.map(
      ({ document, start, end, message, kind }) => `${kind} ${teller.at(document, start, end)} ${message}`,
    ),
    'left out': analysis.leftOut.map((one) => JSON.stringify({ ...one, document: one.document.uri })),
    rules: [`${analysis.rules.length} rules`],
    ...(planned ? { planned: teller.planned(planned) } : {}),
    ...(look.hovers ? { hovers: hovers(analysis, look.seed) } : {}),
    ...(look.map ? { map: documents.map(({ uri }) => JSON.stringify(mapOf(analysis, uri))) } : {}),
    ...(look.values ? { values: teller.values() } : {}),
  };
}

/** What two analyses differ in; none where they say the same. */
export function differences(incremental: Told, full: Told): Difference[] {
  const sections = new Set([...Object.keys(full), ...Object.keys(incremental)]);
  return [...sections].flatMap((section) => {
    const is = incremental[section] ?? [];
    const wanted = full[section] ?? [];
    const extra = without(is, wanted).map((line): Difference => ({ section, kind: 'extra', line }));
    const missing = without(wanted, is).map((line): Difference => ({ section, kind: 'missing', line }));
    if (extra.length || missing.length) return [...missing, ...extra];
    const at = wanted.findIndex((line, i) => line !== is[i]);
    return at < 0 ? [] : [{ section, kind: 'order', line: `${wanted[at]} comes before ${is[at]}` } as const];
  });
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count) left.set(line, count - 1);
    return !count;
  });
}

function sampled<T>(list: readonly T[], most: number, seed: number): readonly T[] {
  if (list.length <= most) return list;
  const from = generator(seed)(list.length - most);
  return list.slice(from, from + most);
}

/** Hovers at some places of the text: on words, since there is nothing to say between them. */
function hovers(analysis: Analysis, seed: number): string[] {
  const below = generator(seed);
  const lines: string[] = [];
  for (let i = 0; i < HOVERS; i++) {
    const document = analysis.documents[below(analysis.documents.length)];
    if (!document?.text) continue;
    const { text, uri } = document;
    const offset = below(text.length);
    const word = /\w+/g;
    word.lastIndex = offset;
    const at = word.exec(text)?.index ?? offset;
    const model = hoverAt(analysis, uri, at);
    const shown = model && renderHover(model, { icons: false, serviceLink: (id) => id, explainLink: (id) => id });
    lines.push(`${uri}@${at}: ${JSON.stringify(model?.range)} ${shown ?? 'nothing'}`);
  }
  return lines;
}

class Teller {
  private readonly documents: ReadonlySet<SyntaxDocument>;

  constructor(private readonly analysis: Analysis) {
    this.documents = new Set(analysis.documents);
  }

  at(document: SyntaxDocument, start: number, end: number): string {
    const { text, uri } = document;
    const isInside = start >= 0 && start <= end && end <= text.length;
    // A plan is told with places of the configuration beside it.
    const isOwn = this.documents.has(document) || this.analysis.dialect === 'terraform-plan';
    const snippet = JSON.stringify(text.slice(start, Math.min(end, start + 30)));
    return `${uri}@${start}-${end} ${snippet}${isInside ? '' : ' OUTSIDE OF THE TEXT'}${isOwn ? '' : ' OF AN OLD DOCUMENT'}`;
  }

  place(node: Node): string {
    return this.at(node.document, node.start, node.end);
  }

  reported(one: ReportedFinding): string {
    return `${this.finding(one.finding)} shown as ${one.severity}`;
  }

  finding(finding: Finding): string {
    const { rule, variant, severity, owner, resource, conditions, message, aliases, related, path, node } = finding;
    return [
      `${rule.id} ${variant ?? ''} ${severity} on ${resource.address} at ${this.place(node)}`,
      `path ${path}`,
      message,
      owner.side,
      owner.why,
      owner.moves ? `moves ${owner.moves.from} to ${owner.moves.to}` : '',
      `when ${this.conditions(conditions)}`,
      aliases.join(' '),
      ...related.map(
        (one) =>
          `related ${one.message} at ${this.place(one.node)} ${one.resource?.address ?? ''} ${one.decides ? 'decides' : ''}`,
      ),
    ].join(' | ');
  }

  fixes(finding: Finding): string[] {
    const name = `${finding.rule.id} on ${finding.resource.address}`;
    const accepted = suppressionEdit(finding, 'here', 'because') ?? [];
    const edits = (document: SyntaxDocument, list: readonly { start: number; end: number; newText: string }[]) =>
      list.map(({ start, end, newText }) => `${this.at(document, start, end)} → ${JSON.stringify(newText)}`).join(', ');
    return [
      ...fixesOf(finding).map((fix) => {
        const rendered = [...(fixEdits(fix) ?? [])].map(([document, list]) => edits(document, list));
        return `${name}: ${fix.title}, ${fix.safe ? 'safe' : 'with care'}: ${rendered.join('; ') || 'not rendered'}`;
      }),
      `${name}: suppress: ${edits(finding.node.document, accepted)}`,
    ];
  }

  conditions(conditions: readonly Condition[]): string {
    return conditions.map(({ id, value, text }) => `${text} (${id} = ${value})`).join(' and ');
  }

  syntax(document: SyntaxDocument): string[] {
    const { uri, language, problems, text } = document;
    return [
      `${uri} is ${language}, ${text.length} characters${this.documents.has(document) ? '' : ', OLD'}`,
      ...problems.map(({ start, end, message }) => `${message} ${this.at(document, start, end)}`),
      ...document.comments().map(({ start, end, text: said }) => `comment ${start}-${end} ${said}`),
    ];
  }

  resource({
    address,
    types,
    key,
    body,
    conditions,
    document,
    overrides,
    calls,
    isData,
    isMirrored,
  }: Resource): string {
    return [
      `${address} ${types.join(' ')} ${document.uri} ${this.place(key)} ${this.place(body)}`,
      this.conditions(conditions),
      `${isData ? 'data' : ''}${isMirrored ? 'mirrored' : ''}`,
      ...[...(overrides ?? []), ...(calls ?? [])].map((node) => this.place(node)),
    ].join(' | ');
  }

  planned({ introduced, fixed, before, suppressed }: Comparison): string[] {
    const lines = (what: string, list: readonly ReportedFinding[]) =>
      list.map((one) => `${what} ${this.reported(one)}`);
    return [
      ...lines('introduced', introduced),
      ...lines('fixed', fixed),
      ...lines('suppressed', suppressed),
      `before: ${before.size}`,
    ];
  }

  values(): string[] {
    const { template } = this.analysis;
    const budget = { left: MAX_VALUES };
    const sections: readonly Section[] = [...template.parameters, ...template.outputs, ...template.providers];
    return [
      ...template.resources.map(
        ({ address, properties, attributes }) =>
          `${address}: ${this.value(properties, budget)} ${this.value(attributes, budget)}`,
      ),
      ...sections.map(({ name, value }) => `${name}: ${this.value(value, budget)}`),
      `metadata: ${template.metadata ? this.value(template.metadata, budget) : ''}`,
    ];
  }

  private value(value: Value, budget: { left: number }, depth = 0): string {
    if (--budget.left < 0 || depth > 24) return '…';
    const inner = (one: Value) => this.value(one, budget, depth + 1);
    const { node, via = [], sensitive } = value;
    const place = `@${node.document.uri}:${node.start}-${node.end}${this.documents.has(node.document) ? '' : ' OLD'}`;
    const hops = via.map((hop) => ` via ${hop.kind} ${hop.name} ${hop.module ?? ''} ${hop.node.start}-${hop.node.end}`);
    return `${contentOf(value, inner)}${place}${sensitive ? ' sensitive' : ''}${hops.join('')}`;
  }
}

function contentOf(value: Value, inner: (value: Value) => string): string {
  switch (value.kind) {
    case 'known':
      return JSON.stringify(value.value);
    case 'object': {
      const members = value.names.map((name) => {
        const property = value.get(name);
        return property ? `${name}@${property.key.start}: ${inner(property.value)}` : `${name} is not there`;
      });
      return `{${members.join(', ')}${value.open ? ` … ${value.open}` : ''}}`;
    }
    case 'list':
      return `[${value.items.map(inner).join(', ')}${value.open ? ` … ${value.open}` : ''}]`;
    case 'choice':
      return `(${value.alternatives
        .map(({ condition: { id, value: answer, text }, value: one }) => `${text} ${id} ${answer} ? ${inner(one)}`)
        .join(' : ')})`;
    case 'text':
      return `text(${value.parts.map((part) => (typeof part === 'string' ? JSON.stringify(part) : inner(part))).join(' + ')})`;
    case 'reference':
      return `→ ${value.to} ${value.target}.${value.attribute ?? ''}`;
    case 'unknown':
      return `unknown(${value.why} ${value.parameter ?? ''} ${(value.possible ?? []).map(inner).join(' or ')})`;
    case 'absent':
      return `absent(${value.missing.join('.')} ${value.container?.node.start ?? ''} ${value.written?.start ?? ''})`;
  }
}
