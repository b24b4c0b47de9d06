/** Runs the analysis over files: grouped into modules, each file once, and turned into plain results. */

import { dirname, resolve } from 'node:path';
import { activeRules } from '../analysis/active-rules.ts';
import { type Analysis, analyze, classify, parse, type ReportedFinding, type Source } from '../analysis/analyze.ts';
import { type Comparison as Compared, compare as compareAnalyses } from '../analysis/compare.ts';
import { conditionText, fixDiff, fixEdits, shortDiff } from '../analysis/present.ts';
import type { Settings } from '../analysis/settings.ts';
import type { Fix } from '../rules/fix.ts';
import type { Finding, Rule, Severity } from '../rules/rule.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { TextEdit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import type { Resource } from '../template/template.ts';
import { folderOfCall, localSources } from '../terraform/module-source.ts';
import { isModuleFile } from '../terraform/recognise.ts';
import { isValuesFile } from '../terraform/tfvars.ts';
import { awsParts, Before, movedLines } from './change.ts';
import type { Configurations } from './config.ts';
import {
  compare as compareNames,
  displayPath,
  type Encoding,
  type InputFile,
  readText,
  reasonOf,
  writeText,
} from './files.ts';
import { fixSources } from './fix.ts';
import type { GitBase } from './git.ts';
import { contextOf, inFolders, moduleFiles, rootModules } from './modules.ts';
import type {
  AwsPart,
  Change,
  Found,
  Item,
  ItemFix,
  MovedLine,
  Place,
  Problem,
  Result,
  SuppressedItem,
} from './result.ts';

export interface LintOptions {
  readonly cwd: string;
  readonly fix: boolean;
  /** Whether the report wants the edits of fixes. */
  readonly edits: boolean;
  readonly today: string;
  /** Whether the report is for a review: diffs of fixes, lines that moved, what AWS does. */
  readonly review?: boolean;
  /** The base to compare with, and which of its files the command line stands for. */
  readonly since?: { readonly git: GitBase; readonly covers: (path: string) => boolean };
  /** Told after each file how many of how many are done. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** A file that was read. */
interface Loaded {
  readonly path: string;
  readonly text: string;
  readonly encoding: Encoding;
}

/** What is analysed as one: a file, or a Terraform module. */
interface Unit {
  readonly sources: readonly Source[];
  /** The files of it that were asked for: the rest is context. */
  readonly wanted: ReadonlyMap<string, Loaded>;
  readonly settings: Settings;
}

/** A file's syntax errors beyond this many are counted, not listed. */
const MAX_SYNTAX_ERRORS = 20;

/** Local modules beyond this many are not followed from one root. */
const MAX_MODULES = 100;

/** A text that is given, not read: standard input. */
export interface GivenText {
  readonly path: string;
  readonly text: string;
}

/** Lints files, or one text that is given. What cannot be read or parsed is reported and the rest goes on. */
export function lint(
  files: readonly InputFile[],
  given: GivenText | undefined,
  configurations: Configurations,
  options: LintOptions,
): Result {
  return new Run(configurations, options).run(files, given);
}

class Run {
  private readonly findings: Item[] = [];
  private readonly suppressed: SuppressedItem[] = [];
  private readonly errors: Problem[] = [];
  private readonly notes: Problem[] = [];
  private readonly fixed: { file: string; ruleId: string; title: string }[] = [];
  private readonly rules = new Set<Rule>();
  private readonly gone: Found[] = [];
  private readonly moved: MovedLine[] = [];
  private readonly aws: AwsPart[] = [];
  private readonly before: Before | undefined;
  /** Where the unit at hand holds secrets in the clear. */
  private secrets: readonly Node[] = [];
  private silenced = 0;
  private isGiven = false;
  private readonly linted = new Set<string>();
  private readonly asked = new Map<string, InputFile>();
  /** Findings in modules that are called: of two callers the same is told once. */
  private readonly told = new Set<string>();

  constructor(
    private readonly configurations: Configurations,
    private readonly options: LintOptions,
  ) {
    const { since } = options;
    this.before =
      since &&
      new Before(since.git, since.covers, (path, message) =>
        this.errors.push({ file: this.show(path), message, fatal: true }),
      );
  }

  run(files: readonly InputFile[], given: GivenText | undefined): Result {
    this.isGiven = given !== undefined;
    const single = given ? [{ path: given.path, explicit: true }] : files;
    let done = 0;
    const modules = new Map<string, InputFile[]>();
    const alone: InputFile[] = [];
    for (const file of single) {
      // Which files form a module is known by name; whether they are Terraform, by content.
      if (!isModuleFile(file.path) && !isValuesFile(file.path)) alone.push(file);
      else {
        const folder = dirname(file.path);
        modules.set(folder, [...(modules.get(folder) ?? []), file]);
      }
    }
    for (const file of single) this.asked.set(file.path, file);
    const roots = given ? [...modules.keys()] : rootModules(modules);
    for (const group of [...alone.map((file) => [file]), ...roots.map((folder) => modules.get(folder) ?? [])]) {
      this.group(group, given);
      done = Math.max(done + 1, this.linted.size);
      this.options.onProgress?.(Math.min(done, single.length), single.length);
    }
    this.options.onProgress?.(single.length, single.length);
    if (this.before && !given) this.deleted(this.before);
    const problems = [...this.configurations.problems, ...this.errors];
    const { since } = this.options;
    return {
      findings: this.findings.sort(byPlace),
      suppressed: this.suppressed.sort(byPlace),
      errors: problems.sort(byFile),
      notes: this.notes.sort(byFile),
      fixed: this.fixed,
      rules: [...this.rules].sort((a, b) => compareNames(a.id, b.id)),
      files: this.linted.size,
      comparison: since && {
        base: `${since.git.name} (${since.git.commit.slice(0, 7)})`,
        fixed: this.gone.sort(byPlace),
        silenced: this.silenced,
      },
      moved: this.moved.sort((a, b) => compareNames(a.file, b.file) || a.range.start.line - b.range.start.line),
      aws: this.aws.sort((a, b) => compareNames(a.file, b.file) || a.range.start.line - b.range.start.line),
    };
  }

  private show(path: string): string {
    return displayPath(path, this.options.cwd);
  }

  /** One file, or all files asked for of one Terraform module. */
  private group(files: readonly InputFile[], given: GivenText | undefined): void {
    const wanted = new Map<string, Loaded>();
    let settings: Settings | undefined;
    for (const { path, explicit } of files) {
      const own = this.configurations.settingsOf(path);
      if (!own) {
        if (explicit) this.notes.push({ file: this.show(path), message: 'Left alone: the configuration excludes it.' });
        continue;
      }
      const loaded = given ? { ...given, encoding: { name: 'utf8', mark: false } as const } : this.load(path, explicit);
      if (!loaded) continue;
      settings = own;
      wanted.set(path, loaded);
    }
    if (!settings || !wanted.size) return;
    const sources: Source[] = [...wanted.values()].map(({ path, text }) => ({ uri: path, text }));
    const [first] = wanted.keys();
    if (isModuleFile(first as string) || isValuesFile(first as string)) {
      const root = dirname(first as string);
      for (const path of moduleFiles(root, true)) if (!wanted.has(path)) sources.push(...contextOf(path));
      sources.sort((a, b) => compareNames(a.uri, b.uri));
      sources.push(...this.called(root, sources, wanted, given !== undefined));
    }
    const [only] = sources;
    if (only && sources.length === 1 && classify(only) === 'terraform-plan')
      sources.push(...this.configurationBeside(only.uri));
    this.unit({ sources, wanted, settings });
  }

  /** The configuration in a plan's folder, with the modules that it calls: perhaps what the plan was made of. */
  private configurationBeside(plan: string): Source[] {
    const root = dirname(plan);
    const own = moduleFiles(root, false).flatMap(contextOf);
    return [...own, ...this.called(root, own, new Map(), true)];
  }

  /** The files of all local modules that a module calls, directly or not; those that were asked for become wanted. */
  private called(root: string, own: readonly Source[], wanted: Map<string, Loaded>, isGiven: boolean): Source[] {
    const sources: Source[] = [];
    const known = new Set(['']);
    const reached = new Set([root]);
    const open = own.map(({ text }) => ({ folder: '', text }));
    for (let next = open.shift(); next; next = open.shift()) {
      for (const source of localSources(next.text)) {
        const folder = folderOfCall(next.folder, source);
        if (folder === undefined || known.has(folder) || known.size > MAX_MODULES) continue;
        known.add(folder);
        // `../app` of a root in `app` is the root itself.
        const place = resolve(root, folder);
        if (reached.has(place)) continue;
        reached.add(place);
        for (const path of moduleFiles(place, false)) {
          const asked = isGiven ? undefined : this.asked.get(path);
          const loaded = asked && this.configurations.settingsOf(path) ? this.load(path, asked.explicit) : undefined;
          if (loaded) wanted.set(path, loaded);
          const found = loaded ? [{ uri: path, text: loaded.text }] : contextOf(path);
          for (const { uri, text } of found) {
            sources.push({ uri, text, folder });
            open.push({ folder, text });
          }
        }
      }
    }
    return sources;
  }

  /** Reads a file; undefined where it cannot be read or is none of ours. */
  private load(path: string, explicit: boolean): Loaded | undefined {
    const file = this.show(path);
    const read = readText(path);
    if ('error' in read) {
      // A file that was only come across and is no text is nobody's template.
      if (explicit || read.unreadable) this.errors.push({ file, message: read.error, fatal: true });
      return undefined;
    }
    if (classify({ uri: path, text: read.text })) return { path, ...read };
    if (explicit)
      this.notes.push({
        file,
        message: 'Skipped: no CloudFormation template, Terraform configuration or plan, or IAM policy.',
      });
    return undefined;
  }

  private analyzeUnit(sources: readonly Source[], settings: Settings, report: boolean): Analysis | undefined {
    const [first] = sources;
    return analyze(sources, settings, {
      today: this.options.today,
      onError: (ruleId, error) => {
        if (!report || !first) return;
        const message = `Internal error in rule ${ruleId}: ${reasonOf(error)}. The other rules went on.`;
        this.errors.push({ file: this.show(first.uri), message, fatal: true });
      },
    });
  }

  private unit({ sources, wanted, settings }: Unit): void {
    let current = sources;
    if (this.options.fix) {
      const fix = fixSources(sources, new Set(wanted.keys()), (texts) => this.analyzeUnit(texts, settings, false));
      current = this.write(fix.sources, wanted, sources);
      if (current !== sources) {
        for (const { uri, ruleId, title } of fix.applied) this.fixed.push({ file: this.show(uri), ruleId, title });
      }
    }
    const isNew = (path: string) => !this.linted.has(path);
    const fresh = new Set([...wanted.keys()].filter(isNew));
    for (const path of wanted.keys()) this.linted.add(path);
    const analysis = this.analyzeUnit(current, settings, true);
    if (!analysis) {
      for (const source of current) if (fresh.has(source.uri)) this.syntaxErrors(parse(source));
      return;
    }
    for (const document of analysis.documents) if (fresh.has(document.uri)) this.syntaxErrors(document);
    for (const rule of analysis.rules) this.rules.add(rule);
    this.secrets = [...analysis.findings, ...analysis.suppressed].flatMap(({ finding: { rule, node } }) =>
      rule.category === 'secrets' ? [node] : [],
    );
    const compared = this.compared(analysis, { sources: current, wanted, settings });
    const changeOf = (reported: ReportedFinding): Change | undefined => {
      if (!compared) return analysis.planned?.changeOf(reported) === 'introduced' ? 'introduced' : undefined;
      return compared.found?.changeOf(reported) === 'introduced' ? 'introduced' : 'before';
    };
    for (const reported of analysis.findings) {
      const { finding, severity } = reported;
      if (wanted.has(finding.node.document.uri) && this.isNews(finding))
        this.findings.push({ ...this.item(finding, severity), change: changeOf(reported) });
    }
    const { severityOf } = activeRules(settings);
    for (const one of analysis.suppressed) {
      const { finding, suppression } = one;
      if (!wanted.has(finding.node.document.uri) || !this.isNews(finding)) continue;
      const { form, reason, document, start, end } = suppression;
      this.suppressed.push({
        ...this.item(finding, severityOf(finding)),
        change: compared && (compared.found?.wasBefore(one) === false ? 'introduced' : 'before'),
        suppression: { form, reason, ...this.place(document, start, end) },
      });
    }
    for (const { document, start, end, message } of analysis.suppressionProblems) {
      if (fresh.has(document.uri)) this.notes.push({ message, ...this.place(document, start, end) });
    }
  }

  /** Whether a finding was not told before, by another module that calls the same one. */
  private isNews({ node, rule, variant, resource, message }: Finding): boolean {
    if (!resource.calls?.length) return true;
    const key = [node.document.uri, node.start, node.end, rule.id, variant, message].join('\n');
    if (this.told.has(key)) return false;
    this.told.add(key);
    return true;
  }

  /** Compares a unit with its base; `found` is left out where nothing changed, all of it where no base is compared with. */
  private compared(head: Analysis, { sources, wanted, settings }: Unit): { readonly found?: Compared } | undefined {
    const { review, since } = this.options;
    const { before } = this;
    const own = [...wanted.keys()];
    const outside = since && own.find((path) => !since.git.contains(path));
    if (outside !== undefined) {
      const message = 'Outside of the repository: there is nothing to compare with.';
      this.errors.push({ file: this.show(outside), message, fatal: true });
    }
    const all = sources.map(({ uri }) => uri);
    const texts = before?.sourcesOf(own, all, !this.isGiven);
    if (before && !texts) return {};
    const base = texts && this.analyzeUnit(inFolders(texts), settings, false);
    const found = before && compareAnalyses(base, head);
    const counted = (list: readonly ReportedFinding[] = []) =>
      list.filter(({ finding }) => before?.counts(finding.node.document.uri, own));
    for (const { finding, severity } of counted(found?.fixed)) this.gone.push(this.found(finding, severity));
    this.silenced += counted(found?.suppressed).length;
    if (review) {
      const placeOf = ({ key }: Resource) =>
        wanted.has(key.document.uri) ? this.place(key.document, key.start, key.end) : undefined;
      this.moved.push(...movedLines(head, base, before !== undefined, placeOf));
      this.aws.push(...awsParts(head, base, before !== undefined, placeOf));
    }
    return found && { found };
  }

  /** Templates that the change took away: all that was found in them is gone. */
  private deleted(before: Before): void {
    const isGone = (path: string) => {
      const read = readText(path);
      return (
        'text' in read && !classify({ uri: path, text: read.text }) && !parse({ uri: path, ...read }).problems.length
      );
    };
    for (const sources of before.deleted(isGone)) {
      const [first] = sources;
      const settings = first && this.configurations.settingsOf(first.uri);
      const base = settings && this.analyzeUnit(sources, settings, false);
      for (const rule of base?.rules ?? []) this.rules.add(rule);
      for (const { finding, severity } of base?.findings ?? []) this.gone.push(this.found(finding, severity));
    }
  }

  /** Writes what changed; the sources as they are on disk afterwards, the very same where nothing is. */
  private write(
    after: readonly Source[],
    wanted: ReadonlyMap<string, Loaded>,
    before: readonly Source[],
  ): readonly Source[] {
    let changed = false;
    const written = before.map((old, index) => {
      const source = after[index];
      const loaded = wanted.get(old.uri);
      if (!source || !loaded || source.text === old.text) return old;
      try {
        writeText(loaded.path, source.text, loaded.encoding);
      } catch (error) {
        this.errors.push({
          file: this.show(loaded.path),
          message: `Cannot be written: ${reasonOf(error)}.`,
          fatal: true,
        });
        return old;
      }
      changed = true;
      return source;
    });
    return changed ? written : before;
  }

  private syntaxErrors(document: SyntaxDocument): void {
    const { problems, lines } = document;
    const file = this.show(document.uri);
    for (const { start, end, message } of problems.slice(0, MAX_SYNTAX_ERRORS)) {
      this.errors.push({ file, message, range: lines.range(start, end) });
    }
    const more = problems.length - MAX_SYNTAX_ERRORS;
    if (more > 0) this.errors.push({ file, message: `${more} more syntax errors.` });
  }

  private place(document: SyntaxDocument, start: number, end: number): Place {
    return { file: this.show(document.uri), range: document.lines.range(start, end) };
  }

  private found({ node, rule, owner, resource, path, message, conditions }: Finding, severity: Severity): Found {
    const place = this.place(node.document, node.start, node.end);
    const condition = conditionText(conditions);
    return { ...place, rule, owner, severity, resource: resource.address, path, message, condition };
  }

  private item(finding: Finding, severity: Severity): Item {
    const found = this.found(finding, severity);
    return {
      ...found,
      aliases: finding.aliases,
      related: finding.related.map((one) => ({
        resource: one.resource?.address,
        message: one.message,
        ...this.place(one.node.document, one.node.start, one.node.end),
      })),
      fixes: this.fixesOf(finding),
      excerpt: finding.node.document.lines.lineText(found.range.start.line),
    };
  }

  /** Whether a diff of these edits, with its line of context, would repeat a secret where it outlives the branch. */
  private showsSecret(rendered: ReadonlyMap<SyntaxDocument, readonly TextEdit[]>): boolean {
    return this.secrets.some(({ document, start, end }) =>
      rendered.get(document)?.some((edit) => {
        const at = document.lines.range(edit.start, edit.end);
        const secret = document.lines.range(start, end);
        return secret.start.line <= at.end.line + 1 && at.start.line - 1 <= secret.end.line;
      }),
    );
  }

  private fixesOf(finding: Finding): ItemFix[] {
    const fixes: ItemFix[] = [];
    let made: readonly Fix[] = [];
    try {
      made = finding.fixes();
    } catch (error) {
      const message = `Internal error in the fix of rule ${finding.rule.id}: ${reasonOf(error)}.`;
      this.errors.push({ file: this.show(finding.node.document.uri), message, fatal: true });
    }
    for (const fix of made) {
      const rendered = fixEdits(fix);
      if (!rendered?.size) continue;
      const edits = !this.options.edits
        ? []
        : [...rendered].flatMap(([document, list]) =>
            list.map(({ start, end, newText }) => ({ ...this.place(document, start, end), newText })),
          );
      const isShown = this.options.review && !fixes.length && !this.showsSecret(rendered);
      const diff = isShown ? fixDiff(fix) : undefined;
      fixes.push({ title: fix.title, safe: fix.safe, edits, diff: diff && shortDiff(diff) });
    }
    return fixes;
  }
}

function byFile(a: Problem, b: Problem): number {
  const line = (one: Problem) => one.range?.start.line ?? -1;
  const character = (one: Problem) => one.range?.start.character ?? -1;
  return (
    compareNames(a.file, b.file) ||
    line(a) - line(b) ||
    character(a) - character(b) ||
    compareNames(a.message, b.message)
  );
}

function byPlace(a: Found, b: Found): number {
  const { start: x } = a.range;
  const { start: y } = b.range;
  return (
    compareNames(a.file, b.file) ||
    x.line - y.line ||
    x.character - y.character ||
    compareNames(a.rule.id, b.rule.id) ||
    compareNames(a.resource, b.resource) ||
    compareNames(a.message, b.message)
  );
}
