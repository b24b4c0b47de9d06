/**
 * Examples of a rule out of its golden cases: the shortest text that breaks it, cut down to the resources that matter, and the
 * same text mended. Everything that is cut is judged again by the engine; what does not hold is not shown.
 */

import { type Analysis, analyze, parse } from '../../server/src/analysis/analyze.ts';
import { codeSpan, escapeProse } from '../../server/src/analysis/markdown.ts';
import { fixEdits, fixesOf, lineDiff } from '../../server/src/analysis/present.ts';
import type { RuleExample, RuleLanguage } from '../../server/src/analysis/rule-page.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import type { Fix } from '../../server/src/rules/fix.ts';
import { RULES } from '../../server/src/rules/index.ts';
import type { Finding, Rule, Severity } from '../../server/src/rules/rule.ts';
import { applyTextEdits, type Edit, renderEdits } from '../../server/src/syntax/edit.ts';
import type { Entry, Node } from '../../server/src/syntax/node.ts';
import type { Resource } from '../../server/src/template/template.ts';
import { type Case, fileName, type Language } from '../rules/golden.ts';
import { jsonToHcl, NotConvertible } from './json-to-hcl.ts';

/** The golden languages of each language of a page, the preferred first. */
const LANGUAGES: Readonly<Record<RuleLanguage, readonly Language[]>> = {
  CloudFormation: ['cfn-yaml', 'cfn-json'],
  Terraform: ['tf-hcl', 'tf-json'],
  'IAM policy': ['policy-json', 'policy-yaml'],
};
/** Texts longer than that many lines are not repeated: the mended one is shown as a diff. */
const LONG = 24;
/** A comment that makes its line longer than that says less. */
const MAX_COLUMNS = 110;
/** Cuts that are tried before a case is shown whole. */
const TRIES = 8;

const settings = new Map<string, Settings>();
/** Only this rule: quick, and nothing of other rules is in the way. */
function only(rule: Rule): Settings {
  const known = settings.get(rule.id);
  if (known) return known;
  const rules = Object.fromEntries(RULES.map(({ id }) => [id, id === rule.id ? 'on' : 'off'] as const));
  const made: Settings = { enable: true, tier: 'all', rules, exclude: [] };
  settings.set(rule.id, made);
  return made;
}

/** A text as the one rule sees it; undefined where it is none of ours or does not parse. */
function run(rule: Rule, language: Language, text: string): Analysis | undefined {
  const analysis = analyze([{ uri: fileName(language), text }], only(rule));
  return analysis?.documents.every((document) => document.problems.length === 0) ? analysis : undefined;
}

function findingsOf(analysis: Analysis | undefined): Finding[] {
  return (analysis?.findings ?? []).map(({ finding }) => finding);
}

/** How the fixes of a rule come out over all its golden cases. */
export type FixKind = 'safe' | 'safe or with care' | 'with care' | 'none';

export interface RuleStudy {
  readonly examples: readonly RuleExample[];
  readonly fix: FixKind;
  /** Languages with a finding in some case. */
  readonly languages: readonly RuleLanguage[];
}

/** The examples of a rule, and what its cases say of its fixes. */
export function studyRule(rule: Rule, cases: readonly Case[]): RuleStudy {
  const examples: RuleExample[] = [];
  const languages: RuleLanguage[] = [];
  let safe = 0;
  let careful = 0;
  for (const [language, kinds] of Object.entries(LANGUAGES) as [RuleLanguage, readonly Language[]][]) {
    const seen: Seen[] = [];
    // What is written by hand in HCL shows what only HCL has.
    for (const given of cases.filter((test) => kinds.includes(test.language) && test.language !== 'tf-hcl')) {
      const one = asPeopleWrite(given);
      const text = withoutComments(one.language, one.text);
      const analysis = run(rule, one.language, text);
      if (!analysis) continue;
      seen.push({ kinds: one.kinds, language: one.language, text, analysis, findings: findingsOf(analysis) });
      for (const finding of findingsOf(analysis)) {
        const [fix] = fixesOf(finding);
        if (fix && renders(fix)) fix.safe ? safe++ : careful++;
      }
    }
    if (!seen.some(({ findings }) => findings.length)) continue;
    languages.push(language);
    const preferred = kinds.find((kind) => seen.some((one) => one.language === kind && one.findings.length));
    const example = exampleOf(
      rule,
      language,
      seen.filter((one) => one.language === preferred),
    );
    if (example) examples.push(example);
  }
  const fix = safe ? (careful ? 'safe or with care' : 'safe') : careful ? 'with care' : 'none';
  return { examples, fix, languages };
}

interface Seen {
  readonly kinds: readonly string[];
  readonly language: Language;
  readonly text: string;
  readonly analysis: Analysis;
  readonly findings: readonly Finding[];
}

/** Terraform's JSON syntax is for programs: people write the same in HCL. */
function asPeopleWrite(given: Case): Pick<Case, 'kinds' | 'language' | 'text'> {
  if (given.language !== 'tf-json') return given;
  try {
    const { text } = jsonToHcl(parse({ uri: fileName(given.language), text: given.text }), 'jsonencode');
    return { kinds: given.kinds, language: 'tf-hcl', text };
  } catch (error) {
    if (error instanceof NotConvertible) return given;
    throw error;
  }
}

/** Comments of a case speak to whoever reads the case. */
function withoutComments(language: Language, text: string): string {
  if (!(language.endsWith('json') ? /\/[/*]/ : /(?:^|\s)#/).test(text)) return text;
  const document = parse({ uri: fileName(language), text });
  let result = text;
  for (const { start, end, ownLine } of [...document.comments()].reverse()) {
    const from = ownLine ? document.lines.start(document.lines.lineAt(start)) : start;
    const to = ownLine ? Math.min(result.length, end + 1) : end;
    result = `${result.slice(0, from).replace(/[ \t]+$/, '')}${result.slice(to)}`;
  }
  return result;
}

/** A part of a template that stands or goes as a whole: a resource, a parameter, a condition, a local value. */
interface Unit {
  /** As it is named where it is used. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly entry: Entry;
  readonly kind: 'resource' | 'input' | 'other';
  /** The entries it lies in, the outermost first. */
  readonly holders: readonly Entry[];
}

const SECTIONS = ['Parameters', 'Mappings', 'Conditions', 'Rules', 'Resources', 'Outputs'];
/** Terraform blocks whose entries are named, and how. */
const BLOCKS: Readonly<Record<string, string>> = { variable: 'var.', locals: 'local.', module: 'module.', output: '' };

function unitsOf(analysis: Analysis): Unit[] {
  const [document] = analysis.documents;
  const [root] = document?.roots ?? [];
  if (!document || root?.kind !== 'object') return [];
  const units: Unit[] = [];
  const put = (name: string, entry: Entry, kind: Unit['kind'], ...holders: Entry[]) => {
    const { start } = entry.key;
    const end = entry.value.end;
    units.push({ name, start, end, text: document.text.slice(start, end), entry, kind, holders });
  };
  for (const section of root.entries) {
    const { name, value } = section;
    if (analysis.dialect === 'cloudformation') {
      if (name === 'Description' || name === 'AWSTemplateFormatVersion') put('', section, 'other');
      else if (SECTIONS.includes(name)) {
        const kind = name === 'Resources' ? 'resource' : name === 'Parameters' ? 'input' : 'other';
        for (const entry of value.entries) put(entry.name, entry, kind, section);
      }
    } else if (name === 'resource' || name === 'data') {
      for (const type of value.entries) {
        for (const entry of type.value.entries)
          put(`${name === 'data' ? 'data.' : ''}${type.name}.${entry.name}`, entry, 'resource', section, type);
      }
    } else if (name in BLOCKS) {
      const kind = name === 'variable' ? 'input' : 'other';
      for (const entry of value.entries) put(`${BLOCKS[name]}${entry.name}`, entry, kind, section);
    }
  }
  return units;
}

/** Whether a text names a unit, as a word of its own: neither a key (`Bucket:`) nor the end of a type (`AWS::S3::Bucket`). */
function mentions(text: string, name: string): boolean {
  if (!name) return false;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const behind = text.slice(at + name.length, at + name.length + 2);
    if (/[\w-]/.test(text[at - 1] ?? ' ') || /^(?:[\w-]|["']?:)/.test(behind)) continue;
    if (text.slice(at - 2, at) !== '::') return true;
  }
  return false;
}

/** The units and all that they use; what nothing names and holds no resource is left out. */
function closure(units: readonly Unit[], seeds: Iterable<Unit>): Set<Unit> {
  const kept = new Set(seeds);
  for (const unit of kept) for (const other of units) if (mentions(unit.text, other.name)) kept.add(other);
  return kept;
}

function unitAt(units: readonly Unit[], node: Node): Unit | undefined {
  return units.find((unit) => unit.start <= node.start && node.start <= unit.end);
}

/** The text with nothing but these units in it. */
function cut(analysis: Analysis, units: readonly Unit[], kept: ReadonlySet<Unit>): string | undefined {
  const [document] = analysis.documents;
  if (!document) return undefined;
  const gone = units.filter((unit) => !kept.has(unit));
  const removals = new Set<Entry>();
  for (const { entry, holders } of gone) {
    // A block that nothing is left in goes as a whole.
    const empty = holders.find((holder) => !units.some((unit) => kept.has(unit) && unit.holders.includes(holder)));
    removals.add(empty ?? entry);
  }
  const edits: Edit[] = [...removals].map((entry) => ({ kind: 'remove', entry }));
  const rendered = edits.length ? renderEdits(edits)?.get(document) : [];
  return (
    rendered &&
    applyTextEdits(document.text, rendered)
      .replace(/\n{3,}/g, '\n\n')
      .replace(/^\n+/, '')
  );
}

interface Bad {
  readonly text: string;
  readonly language: Language;
  readonly analysis: Analysis;
  readonly findings: readonly Finding[];
}

function exampleOf(rule: Rule, language: RuleLanguage, seen: readonly Seen[]): RuleExample | undefined {
  const bad = shortest(rule, seen);
  const [first] = bad?.findings ?? [];
  if (!bad || !first) return undefined;
  const fixes = fixesOf(first)
    .filter(renders)
    .map(({ title, safe }) => ({ title, safe }));
  const fixed = fixes.length ? mended(rule, bad) : undefined;
  const good = fixed ?? satisfying(rule, bad, seen);
  const syntax = bad.language === 'tf-hcl' ? 'hcl' : bad.language.endsWith('yaml') ? 'yaml' : 'json';
  const marked = syntax === 'json' ? undefined : marks(bad);
  const long = fixed !== undefined && bad.text.split('\n').length > LONG;
  return {
    language,
    syntax,
    bad: marked ?? bad.text,
    where: marked === undefined ? where(bad) : undefined,
    good: good !== undefined && long ? lineDiff(bad.text, good, 2) : good,
    diff: long || undefined,
    fixes: fixed === undefined ? [] : fixes,
  };
}

function within({ key, body }: Resource, node: Node): boolean {
  return key.start <= node.start && node.start <= body.end;
}

const rendered = new WeakMap<Fix, boolean>();
/** Whether a fix has edits in its text as it stands. */
function renders(fix: Fix): boolean {
  const known = rendered.get(fix);
  if (known !== undefined) return known;
  const made = !!fixEdits(fix)?.size;
  rendered.set(fix, made);
  return made;
}

const GRAVITY: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/**
 * The shortest text that breaks the rule: one as grave as the rule itself, one with a fix before one without, one that always
 * holds before a branch.
 */
function shortest(rule: Rule, seen: readonly Seen[]): Bad | undefined {
  const candidates = seen.flatMap((one) => {
    const units = unitsOf(one.analysis);
    return one.findings.map((finding) => {
      const places = [finding.node, finding.resource.key];
      for (const { node, resource } of finding.related) places.push(node, ...(resource ? [resource.key] : []));
      const kept = closure(
        units,
        places.flatMap((node) => unitAt(units, node) ?? []),
      );
      const [fix] = fixesOf(finding);
      const whole = kept.size ? [...kept].reduce((sum, unit) => sum + unit.text.length, 0) : one.text.length;
      const length = siblings(finding.node).reduce((sum, node) => sum - (node.end - node.start), whole);
      const rank =
        (fix && renders(fix) ? 0 : 2) +
        (finding.conditions.length ? 1 : 0) +
        // The default of a parameter says less than the value itself.
        (finding.node.document === finding.resource.document && within(finding.resource, finding.node) ? 0 : 1) +
        1.5 * Math.abs(GRAVITY.indexOf(finding.severity) - GRAVITY.indexOf(rule.severity));
      return { one, units, kept, finding, rank, length };
    });
  });
  candidates.sort((a, b) => a.rank - b.rank || a.length - b.length);
  for (const { one, units, kept, finding } of candidates.slice(0, TRIES)) {
    const users = units.filter(
      (unit) => unit.kind === 'resource' && [...kept].some((own) => mentions(unit.text, own.name)),
    );
    const bad =
      keep(rule, one, finding, units, kept) ?? keep(rule, one, finding, units, closure(units, [...kept, ...users]));
    if (!bad) continue;
    const alone = lonely(rule, bad, finding);
    if (!alone) return bad;
    // What only the other items used can go as well.
    const rest = unitsOf(alone.analysis);
    const used = closure(
      rest,
      rest.filter((unit) => unit.kind === 'resource'),
    );
    return keep(rule, alone, finding, rest, used) ?? alone;
  }
  const [whole] = [...seen].filter((one) => one.findings.length).sort((a, b) => a.text.length - b.text.length);
  return whole;
}

/** A text with these units only; undefined where the finding is not there any more. */
function keep(
  rule: Rule,
  { analysis: before, language }: Pick<Bad, 'analysis' | 'language'>,
  finding: Finding,
  units: readonly Unit[],
  kept: ReadonlySet<Unit>,
): Bad | undefined {
  const text = cut(before, units, kept);
  return text === undefined ? undefined : judged(rule, language, text, finding);
}

/** A text in which a finding is still there. */
function judged(rule: Rule, language: Language, text: string, finding: Finding): Bad | undefined {
  const analysis = run(rule, language, text);
  const findings = findingsOf(analysis);
  return analysis && findings.some((other) => same(other, finding))
    ? { text, language, analysis, findings }
    : undefined;
}

/** Items of lists beside the ones that a node lies in: the other statements of a policy, the other rules of a group. */
function siblings(node: Node): Node[] {
  const found: Node[] = [];
  for (let at: Node | undefined = node; at; at = at.parent ?? at.origin.host) {
    const { parent } = at;
    if (parent?.kind !== 'array' || at.kind !== 'object') continue;
    found.push(...parent.items.filter((item) => item !== at && item.kind === 'object'));
  }
  return found;
}

/** The text without the items beside the finding; undefined where they matter, or there are none. */
function lonely(rule: Rule, { text, language, findings, analysis }: Bad, finding: Finding): Bad | undefined {
  const own = findings.find((other) => same(other, finding) && other.path === finding.path) ?? findings[0];
  const others = own ? siblings(own.node) : [];
  const [document] = analysis.documents;
  if (!document || !others.length) return undefined;
  const edits = renderEdits(others.map((node) => ({ kind: 'removeItem', node })))?.get(document);
  return edits && judged(rule, language, applyTextEdits(text, edits), finding);
}

function same(a: Finding, b: Finding): boolean {
  return a.variant === b.variant && a.severity === b.severity && a.resource.address === b.resource.address;
}

/** What the preferred fixes of all its findings leave; undefined where a finding stays. */
function mended(rule: Rule, { text, language, analysis: first }: Bad): string | undefined {
  let now = text;
  let analysis: Analysis | undefined = first;
  for (let round = 0; round < 20; round++) {
    const findings = findingsOf(analysis);
    const [document] = analysis?.documents ?? [];
    if (!document) return undefined;
    if (!findings.length) return now;
    const fix = findings.flatMap((finding) => fixesOf(finding).slice(0, 1))[0];
    const edits = fix && fixEdits(fix);
    const own = edits?.size === 1 ? edits.get(document) : undefined;
    const next = own && applyTextEdits(now, own);
    if (next === undefined || next === now) return undefined;
    now = next;
    analysis = run(rule, language, now);
  }
  return undefined;
}

/** Where a value can be known only at deployment, a rule is silent: that is no good example. */
const UNKNOWN =
  /ImportValue|AWS::NoValue|terraform_remote_state|\bdata\.(?!aws_iam_policy_document|aws_caller_identity)/;

const DENY = /\bDeny\b/;

/** The satisfying resource of the same type that looks most like the bad one. */
function satisfying(rule: Rule, bad: Bad, seen: readonly Seen[]): string | undefined {
  const [finding] = bad.findings;
  if (!finding) return undefined;
  const { type, address } = finding.resource;
  const lines = new Set(bad.text.split('\n'));
  // What lacks something is mended by adding it: what the bad one says stays.
  const loss = finding.node === finding.resource.key ? 2500 : 300;
  const candidates: { text: string; language: Language; distance: number }[] = [];
  for (const one of seen.filter(({ kinds }) => kinds.includes('satisfies'))) {
    const units = unitsOf(one.analysis);
    const guilty = new Set<Resource>(one.findings.flatMap((each) => [each.resource, ...relatedOf(each)]));
    for (const resource of one.analysis.template.resources) {
      if (resource.type !== type || guilty.has(resource) || resource.conditions.length) continue;
      const unit = unitAt(units, resource.key);
      if (!unit || /unknown|maybe|quiet|unclear|from_?(?:var|param)/i.test(unit.name)) continue;
      const users = units.filter((other) => other.kind === 'resource' && mentions(other.text, unit.name));
      const kept = closure(units, [unit, ...users]);
      const parts = [...kept];
      if (parts.some((part) => part.kind === 'input' && !/\bdefault\b/i.test(part.text))) continue;
      if (parts.some((part) => UNKNOWN.test(part.text))) continue;
      // What a Deny takes back is granted all the same: no example to follow.
      if (rule.category === 'iam' && parts.some((part) => DENY.test(part.text)) && !DENY.test(bad.text)) continue;
      const text = cut(one.analysis, units, kept);
      const analysis = text === undefined ? undefined : run(rule, one.language, text);
      if (text === undefined || !analysis?.template.resource(resource.address) || analysis.findings.length) continue;
      const renamed = text.replaceAll(unit.entry.name, address.slice(address.lastIndexOf('.') + 1));
      const left = new Set(renamed.split('\n'));
      const differing = [...left].filter((line) => !lines.has(line)).length;
      const missing = [...lines].filter((line) => !left.has(line)).length;
      const meant = /good|safe|private|closed|own|narrow|encrypted|right/i.test(unit.name) ? 1500 : 0;
      candidates.push({
        text,
        language: one.language,
        distance: differing * 1000 + missing * loss + text.length - meant,
      });
    }
  }
  candidates.sort((a, b) => a.distance - b.distance);
  if (candidates.length < 2) return candidates[0]?.text;
  const best = candidates.slice(0, TRIES).map((one) => ({ ...one, others: concerns(one.language, one.text) }));
  return best.sort((a, b) => a.others - b.others || a.distance - b.distance)[0]?.text;
}

const ALL: Settings = { enable: true, tier: 'core', rules: {}, exclude: [] };

/** Findings of other rules: what satisfies one rule by breaking another is no example to follow. */
function concerns(language: Language, text: string): number {
  const grave = GRAVITY.slice(0, 3);
  return findingsOf(analyze([{ uri: fileName(language), text }], ALL)).filter((one) => grave.includes(one.severity))
    .length;
}

function relatedOf(finding: Finding): Resource[] {
  return finding.related.flatMap(({ resource }) => resource ?? []);
}

/** The text with a comment behind each finding's line; undefined where one of them cannot bear it. */
function marks({ text, language, findings }: Bad): string | undefined {
  const { lines } = (findings[0] as Finding).node.document;
  const said = new Map<number, string>();
  for (const { node, message } of findings)
    if (!said.has(lines.lineAt(node.start))) said.set(lines.lineAt(node.start), message);
  const rows = text.split('\n');
  for (const [line, message] of said) {
    const row = rows[line]?.trimEnd() ?? '';
    const full = `${row} # ← ${message.replace(/\s+/g, ' ')}`;
    rows[line] = full.length <= MAX_COLUMNS ? full : `${row} # ← here`;
  }
  const marked = rows.join('\n');
  // Inside a text of several lines it would be part of the text.
  const comments = parse({ uri: fileName(language), text: marked }).comments();
  return comments.length === said.size ? marked : undefined;
}

/** Says which values are meant. */
function where({ findings }: Bad): string {
  const items = findings.slice(0, 3).map(({ node, message }) => {
    const { document } = node;
    const [source = ''] = document.text.slice(node.start, node.end).split('\n');
    const shown = source.length > 60 ? `${source.slice(0, 60)}…` : source;
    return `${codeSpan(shown)} in line ${document.lines.lineAt(node.start) + 1}: ${escapeProse(message)}`;
  });
  return `Found on ${items.join('; on ')}${findings.length > 3 ? `; and ${findings.length - 3} more` : ''}.`;
}
