/**
 * Suppressions: findings that someone accepted, with a reason, in the template itself. Ours (comment, CloudFormation Metadata,
 * Terraform's `"//"` key), and those written for other tools, which count for the findings that carry the same check's id.
 */

import { normaliseAlias, rulesByAlias } from '../rules/aliases.ts';
import type { Finding, Rule } from '../rules/rule.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import { holdsWord } from '../syntax/parsed.ts';
import { isPartial, type Resource, type Template } from '../template/template.ts';
import type { LeftOut } from './left-out.ts';
import { clip, isRuleName, unknownRule } from './suggest.ts';
import { type Directive, KEYWORD, readDirectives, type SuppressionForm } from './suppression-comments.ts';
import { beginsWithin, CommentPlaces, linesOf } from './suppression-places.ts';
import { numberOf } from './suppression-tfsec.ts';

export type { SuppressionForm } from './suppression-comments.ts';
export { suppressionEdit } from './suppression-edit.ts';

/** One rule's suppression, where it is written. */
export interface Suppression {
  readonly form: SuppressionForm;
  readonly reason?: string;
  readonly document: SyntaxDocument;
  readonly start: number;
  readonly end: number;
}

export interface SuppressedFinding {
  readonly finding: Finding;
  readonly suppression: Suppression;
}

/** Something wrong with a suppression of our own form. */
export interface SuppressionProblem {
  readonly document: SyntaxDocument;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** `unknown`: names no rule · `unused`: suppresses nothing · `reason`: gives none · `misplaced`: where it has no effect. */
  readonly kind: 'unknown' | 'unused' | 'reason' | 'misplaced';
}

export interface SuppressionOptions {
  /** Rules that ran: a suppression of another rule is not called unused. All, where left out. */
  readonly rules?: readonly Rule[];
  /** The day, `2026-01-31`, for suppressions that expire; where left out they count. */
  readonly today?: string;
  /** What was not judged: a suppression beside it may be meant for that. */
  readonly unjudged?: readonly LeftOut[];
}

/** What a suppression covers. */
type Scope =
  | { readonly kind: 'file'; readonly document: SyntaxDocument }
  /** By its body: instances of a module share it. */
  | { readonly kind: 'resource'; readonly body: Node }
  | { readonly kind: 'line'; readonly document: SyntaxDocument; readonly line: number; readonly above: boolean };

interface Placed extends Suppression {
  readonly id: string;
  readonly scope: Scope;
  /** The only values it is meant for (cdk-nag's `applies_to`). */
  readonly only?: readonly string[];
  used: boolean;
}

const OWN: ReadonlySet<SuppressionForm> = new Set(['comment', 'metadata', '//']);
const TOOLS_OF: Readonly<Partial<Record<SuppressionForm, readonly string[]>>> = {
  checkov: ['checkov'],
  trivy: ['trivy', 'tfsec'],
  cfn_nag: ['cfn_nag', 'cfn-nag'],
  cdk_nag: ['cdk-nag', 'cdk_nag'],
  guard: ['guard', 'cfn-guard'],
};
const MAX_GUESSES = 20;
/** Of one document; what is beyond is said once. */
const MAX_PROBLEMS = 200;

/** Parts the findings of a template into those that stand and those that a suppression accepts. Order is kept. */
export function applySuppressions(
  template: Template,
  findings: readonly Finding[],
  options: SuppressionOptions = {},
): {
  readonly kept: Finding[];
  readonly suppressed: SuppressedFinding[];
  readonly problems: SuppressionProblem[];
  readonly leftOut: LeftOut[];
} {
  const collector = new Collector(template, options);
  const { records, problems } = collector;
  if (!records.length && !problems.length) return { kept: [...findings], suppressed: [], problems: [], leftOut: [] };
  const index = new Index(records);
  const kept: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of findings) {
    const hits = index.of(finding).filter((record) => matches(record, finding));
    for (const hit of hits) hit.used = true;
    // A reason that is given beats none.
    const hit = hits.find((one) => one.reason) ?? hits[0];
    if (hit) suppressed.push({ finding, suppression: hit });
    else kept.push(finding);
  }
  const all = inOrder(template, [...problems, ...unused(template, records, options)]);
  return { kept, suppressed, ...firstOfEach(all) };
}

/** The first problems of each document, and where those begin that are too many. */
function firstOfEach(all: readonly SuppressionProblem[]): { problems: SuppressionProblem[]; leftOut: LeftOut[] } {
  const problems: SuppressionProblem[] = [];
  const leftOut: LeftOut[] = [];
  const counts = new Map<SyntaxDocument, number>();
  for (const problem of all) {
    const { document, start, end } = problem;
    const count = counts.get(document) ?? 0;
    counts.set(document, count + 1);
    if (count < MAX_PROBLEMS) problems.push(problem);
    else if (count === MAX_PROBLEMS)
      leftOut.push({
        document,
        start,
        end,
        message: `Problems of suppressions are not told from here on: more than ${MAX_PROBLEMS}`,
      });
  }
  return { problems, leftOut };
}

/** Whether a suppression names the rule of a finding, or the other tool's check that this very finding stands for. */
function matches(record: Placed, finding: Finding): boolean {
  if (record.only && !record.only.includes(String(finding.node.value))) return false;
  const id = normaliseAlias(record.form === 'trivy' ? numberOf(record.id) : record.id);
  const tools = TOOLS_OF[record.form];
  if (!tools) return id === finding.rule.id || finding.aliases.some((alias) => normaliseAlias(alias) === id);
  return finding.aliases.some((alias) => {
    const tool = /^([a-z_-]+):(?!:)/i.exec(alias)?.[1]?.toLowerCase();
    if (tool !== undefined && !tools.includes(tool)) return false;
    if (record.form === 'trivy' && id.endsWith('*')) return normaliseAlias(alias).startsWith(id.slice(0, -1));
    return normaliseAlias(alias) === id;
  });
}

function unused(template: Template, records: readonly Placed[], options: SuppressionOptions): SuppressionProblem[] {
  // What is missing may be what a suppression is for, be it in a file of its own.
  if (isPartial(template)) return [];
  const partial = new Set(options.unjudged?.map(({ document }) => document));
  const place = (record: Placed) => `${record.document.uri}:${record.start}:${record.end}`;
  // A YAML anchor puts one text into several resources.
  const used = new Set(records.filter((record) => record.used).map(place));
  const ran = options.rules && new Set(options.rules);
  return records.flatMap((record): SuppressionProblem[] => {
    const { document, start, end, id } = record;
    // While text does not parse, or is not judged in full, findings may be missing.
    if (!OWN.has(record.form) || used.has(place(record))) return [];
    if (document.problems.length || partial.has(document)) return [];
    if (ran && !rulesByAlias(id).some((rule) => ran.has(rule))) return [];
    used.add(place(record));
    return [{ document, start, end, kind: 'unused', message: `Nothing to suppress: ${clip(id)} finds nothing here.` }];
  });
}

function inOrder(template: Template, problems: SuppressionProblem[]): SuppressionProblem[] {
  const position = new Map(template.documents.map((document, index) => [document, index]));
  const at = (problem: SuppressionProblem) => position.get(problem.document) ?? -1;
  return problems.sort((a, b) => at(a) - at(b) || a.start - b.start || a.end - b.end);
}

/** Suppressions by what they cover, so that a finding asks few of them. */
class Index {
  private readonly files = new Map<SyntaxDocument, Placed[]>();
  private readonly bodies = new Map<Node, Placed[]>();
  private readonly lines = new Map<SyntaxDocument, Map<number, Placed[]>>();

  constructor(records: readonly Placed[]) {
    for (const record of records) {
      const { scope } = record;
      if (scope.kind === 'file') push(this.files, scope.document, record);
      else if (scope.kind === 'resource') push(this.bodies, scope.body, record);
      else {
        const lines = this.lines.get(scope.document) ?? new Map<number, Placed[]>();
        this.lines.set(scope.document, lines);
        push(lines, scope.line, record);
      }
    }
  }

  of(finding: Finding): Placed[] {
    const { node, resource } = finding;
    const found: Placed[] = [];
    const lines = this.lines.get(node.document);
    if (lines) {
      const direct = linesOf(node);
      for (const line of direct) found.push(...(lines.get(line) ?? []));
      // A comment above an item of a list covers the item; trivy's covers whatever begins on its line or on the next one.
      for (const { line, item } of beginsWithin(node, resource)) {
        if (direct.has(line)) continue;
        found.push(
          ...(lines.get(line) ?? []).filter(
            ({ scope, form }) => form === 'trivy' || (scope.kind === 'line' && scope.above && item),
          ),
        );
      }
    }
    if (resource.calls?.length) found.push(...this.atCalls(finding));
    if (coversFinding(resource, finding)) found.push(...(this.bodies.get(resource.body) ?? []));
    found.push(...(this.files.get(node.document) ?? []));
    return found;
  }

  /** Comments above a module's call cover what it makes: a finding, where every call that leads to it has one. */
  private atCalls({ resource, related }: Finding): Placed[] {
    const made = [resource, ...related.flatMap((one) => (one.resource?.key === resource.key ? one.resource : []))];
    const covering = made.map(({ calls = [] }) =>
      calls.flatMap(({ document, start }) =>
        (this.lines.get(document)?.get(document.lines.lineAt(start)) ?? []).filter(
          ({ scope, form }) => form === 'trivy' || (scope.kind === 'line' && scope.above),
        ),
      ),
    );
    const ids = (records: readonly Placed[]) => new Set(records.map(({ id }) => normaliseAlias(id)));
    const sets = covering.map(ids);
    return covering.flat().filter(({ id }) => sets.every((set) => set.has(normaliseAlias(id))));
  }
}

function push<K>(map: Map<K, Placed[]>, key: K, record: Placed): void {
  const list = map.get(key);
  if (list) list.push(record);
  else map.set(key, [record]);
}

/** Whether what covers a resource covers a finding on it: not where the value is inherited and other resources share it. */
function coversFinding(resource: Resource, { node, related }: Finding): boolean {
  const { document, start } = node;
  if (document === resource.document && start >= resource.key.start && start <= resource.body.end) return true;
  return !related.some((one) => one.resource && one.resource !== resource);
}

/** Finds every suppression of a template. */
class Collector {
  readonly records: Placed[] = [];
  readonly problems: SuppressionProblem[] = [];
  private guesses = MAX_GUESSES;

  constructor(
    private readonly template: Template,
    private readonly options: SuppressionOptions,
  ) {
    for (const document of template.documents) this.comments(document);
    const seen = new Set<Node>();
    const isCloudFormation = template.dialect === 'cloudformation';
    for (const { body } of template.resources) {
      const metadata = isCloudFormation ? body.get('Metadata') : undefined;
      const mayHold = isCloudFormation ? metadata : template.dialect === 'terraform' && body.style !== 'block';
      if (!mayHold || seen.has(body)) continue;
      seen.add(body);
      if (metadata) this.metadata(metadata, { kind: 'resource', body });
      else this.slashKey(body, { kind: 'resource', body });
    }
    for (const document of template.documents) {
      const scope: Scope = { kind: 'file', document };
      for (const root of document.roots) {
        if (template.dialect === 'cloudformation') this.metadata(root.get('Metadata'), scope);
        else if (template.dialect === 'terraform' && document.language === 'json') this.slashKey(root, scope);
      }
    }
  }

  private problem(
    document: SyntaxDocument,
    start: number,
    end: number,
    kind: SuppressionProblem['kind'],
    message: string,
  ): void {
    this.problems.push({ document, start, end, kind, message });
  }

  private comments(document: SyntaxDocument): void {
    // Finding the comments of a text costs a walk over all of it: only where one can be a suppression.
    if (!holdsWord(document, 'ignore') && !holdsWord(document, ':skip=')) return;
    if (!/-ignore|:ignore:|:skip=/i.test(document.text)) return;
    let places: CommentPlaces | undefined;
    for (const comment of document.comments()) {
      const raw = document.text.slice(comment.start, comment.end);
      if (!raw.includes('ignore') && !raw.includes(':skip=')) continue;
      for (const directive of readDirectives(raw, comment.start)) {
        places ??= new CommentPlaces(document, this.template.resources);
        let scope: Scope | undefined;
        if (directive.wholeFile) {
          if (places.isTop(comment)) scope = { kind: 'file', document };
          else this.misplacedFile(document, directive);
        } else {
          const { line, above } = places.target(comment);
          const covers = above || directive.form === 'trivy';
          const holder =
            directive.form === 'checkov' ? places.resourceOf(comment) : covers ? places.resourceAt(line) : undefined;
          if (holder) scope = { kind: 'resource', body: holder.body };
          else if (directive.form !== 'checkov') scope = { kind: 'line', document, line, above };
        }
        this.add(document, directive, directive.form, scope);
      }
    }
  }

  private misplacedFile(document: SyntaxDocument, { start, end }: Directive): void {
    this.problem(document, start, end, 'misplaced', `${KEYWORD}-file counts only at the top of the file.`);
  }

  /** Terraform JSON: `"//": "demarc-ignore rule: reason"`, a text or a list of them. */
  private slashKey(holder: Node, scope: Scope): void {
    for (const object of holder.kind === 'array' ? holder.items : [holder]) {
      const value = object.get('//');
      for (const item of value?.kind === 'array' ? value.items : value ? [value] : []) {
        if (typeof item.value !== 'string') continue;
        for (const directive of readDirectives(item.value, 0)) {
          // Offsets in the decoded text are not the document's: the name is looked for, the whole text is the fallback.
          const names = directive.names.map((name) => {
            const at = item.document.text.indexOf(name.id, item.start);
            return at >= 0 && at + name.id.length <= item.end
              ? { id: name.id, start: at, end: at + name.id.length }
              : { id: name.id, start: item.start, end: item.end };
          });
          const placed = { ...directive, names, start: item.start, end: item.end };
          const form = directive.form === 'comment' ? '//' : directive.form;
          const right = directive.wholeFile === (scope.kind === 'file');
          if (!right && directive.form === 'comment') {
            if (directive.wholeFile) this.misplacedFile(item.document, placed);
            else
              this.problem(
                item.document,
                item.start,
                item.end,
                'misplaced',
                `For the whole file, write "${KEYWORD}-file".`,
              );
          }
          this.add(item.document, placed, form, right ? scope : undefined);
        }
      }
    }
  }

  /** A directive's names as records; without a scope only what is wrong with it is said. */
  private add(document: SyntaxDocument, directive: Directive, form: SuppressionForm, scope: Scope | undefined): void {
    const { names, reason, start, end } = directive;
    if (!OWN.has(form)) {
      const isOver = directive.until !== undefined && directive.until < (this.options.today ?? '');
      if (scope && !isOver) {
        for (const name of names) this.records.push({ ...name, form, reason, document, scope, used: false });
      }
      return;
    }
    if (directive.problem) this.problem(document, start, end, 'unknown', directive.problem);
    else if (!names.length)
      this.problem(document, start, end, 'unknown', 'Name the rule to suppress: demarc-ignore rule-id: reason.');
    else if (!reason) this.problem(document, start, end, 'reason', 'Say why this is accepted: a reason after a colon.');
    for (const name of names) {
      if (this.known(document, name.id, name.start, name.end) && scope) {
        this.records.push({ ...name, form, reason, document, scope, used: false });
      }
    }
  }

  private known(document: SyntaxDocument, id: string, start: number, end: number): boolean {
    if (isRuleName(id)) return true;
    const message = /^(\*|all)$/i.test(id)
      ? 'A suppression names its rules; there is none for all of them.'
      : unknownRule(id, this.guesses-- > 0);
    this.problem(document, start, end, 'unknown', message);
    return false;
  }

  /** CloudFormation Metadata of a resource or of the template: ours and the other tools'. */
  private metadata(metadata: Node | undefined, scope: Scope): void {
    if (!metadata) return;
    for (const item of listed(metadata.get('Demarc')?.get('Ignore'))) this.ownItem(item, scope);
    const peer = (form: SuppressionForm, id: Node | undefined, reason?: Node, only?: readonly string[]) => {
      if (typeof id?.value !== 'string') return;
      const { document, start, end } = id;
      this.records.push({ id: id.value, form, reason: textOf(reason), document, start, end, scope, only, used: false });
    };
    for (const tool of ['checkov', 'bridgecrew']) {
      for (const item of listed(metadata.get(tool)?.get('skip'))) peer('checkov', item.get('id'), item.get('comment'));
    }
    for (const item of listed(metadata.get('guard')?.get('SuppressedRules'))) peer('guard', item);
    for (const item of listed(metadata.get('cfn_nag')?.get('rules_to_suppress')))
      peer('cfn_nag', item.get('id'), item.get('reason'));
    for (const item of listed(metadata.get('cdk_nag')?.get('rules_to_suppress'))) {
      const applies = item.get('applies_to');
      // `Action::s3:*` is meant for that value alone; regular expressions of a template are not run.
      const only =
        applies &&
        listed(applies).flatMap((one) => (typeof one.value === 'string' ? [one.value.replace(/^\w+::/, '')] : []));
      const encoded = item.get('is_reason_encoded')?.value === true;
      peer('cdk_nag', item.get('id'), encoded ? undefined : item.get('reason'), only);
    }
  }

  private ownItem(item: Node, scope: Scope): void {
    const { document } = item;
    const rules = item.kind === 'object' ? listed(item.get('Rule')) : [item];
    const reason = textOf(item.get('Reason'));
    const valid = rules.filter((rule) => typeof rule.value === 'string');
    if (!valid.length) {
      this.problem(
        document,
        item.start,
        item.end,
        'unknown',
        'Name the rule to suppress: { Rule: rule-id, Reason: … }.',
      );
      return;
    }
    if (!reason) this.problem(document, item.start, item.end, 'reason', 'Say why this is accepted: add a Reason.');
    for (const { value, start, end } of valid) {
      const id = value as string;
      if (this.known(document, id, start, end))
        this.records.push({ id, form: 'metadata', reason, document, start, end, scope, used: false });
    }
  }
}

function listed(node: Node | undefined): readonly Node[] {
  return node === undefined || node.kind === 'missing' ? [] : node.kind === 'array' ? node.items : [node];
}

function textOf(node: Node | undefined): string | undefined {
  return typeof node?.value === 'string' ? node.value.trim() || undefined : undefined;
}
