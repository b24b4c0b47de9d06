/** Runs the analysis over files: grouped into modules, each file once, and turned into plain results. */

import { readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { activeRules } from '../analysis/active-rules.ts';
import { type Analysis, analyze, classify, parse, type Source } from '../analysis/analyze.ts';
import { conditionText, fixEdits } from '../analysis/present.ts';
import type { Settings } from '../analysis/settings.ts';
import type { Fix } from '../rules/fix.ts';
import type { Finding, Rule, Severity } from '../rules/rule.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { Configurations } from './config.ts';
import { compare, displayPath, type Encoding, type InputFile, readText, reasonOf, writeText } from './files.ts';
import { fixSources } from './fix.ts';
import type { Item, ItemFix, Place, Problem, Result, SuppressedItem } from './result.ts';

export interface LintOptions {
  readonly cwd: string;
  readonly fix: boolean;
  /** Whether the report wants the edits of fixes. */
  readonly edits: boolean;
  readonly today: string;
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
  private linted = 0;

  constructor(
    private readonly configurations: Configurations,
    private readonly options: LintOptions,
  ) {}

  run(files: readonly InputFile[], given: GivenText | undefined): Result {
    const single = given ? [{ path: given.path, explicit: true }] : files;
    let done = 0;
    const modules = new Map<string, InputFile[]>();
    const alone: InputFile[] = [];
    for (const file of single) {
      // Which files form a module is known by name; whether they are Terraform, by content.
      if (!isModuleFile(file.path)) alone.push(file);
      else {
        const folder = dirname(file.path);
        modules.set(folder, [...(modules.get(folder) ?? []), file]);
      }
    }
    for (const group of [...alone.map((file) => [file]), ...modules.values()]) {
      this.group(group, given);
      done += group.length;
      this.options.onProgress?.(done, single.length);
    }
    const problems = [...this.configurations.problems, ...this.errors];
    return {
      findings: this.findings.sort(byPlace),
      suppressed: this.suppressed.sort(byPlace),
      errors: problems.sort(byFile),
      notes: this.notes.sort(byFile),
      fixed: this.fixed,
      rules: [...this.rules].sort((a, b) => compare(a.id, b.id)),
      files: this.linted,
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
    if (isModuleFile(first as string)) {
      for (const path of siblings(first as string)) {
        if (wanted.has(path)) continue;
        const read = readText(path);
        if ('text' in read && classify({ uri: path, text: read.text }) === 'terraform')
          sources.push({ uri: path, text: read.text });
      }
      sources.sort((a, b) => compare(a.uri, b.uri));
    }
    this.unit({ sources, wanted, settings });
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
    this.linted += wanted.size;
    const analysis = this.analyzeUnit(current, settings, true);
    if (!analysis) {
      for (const source of current) if (wanted.has(source.uri)) this.syntaxErrors(parse(source));
      return;
    }
    for (const document of analysis.documents) if (wanted.has(document.uri)) this.syntaxErrors(document);
    for (const rule of analysis.rules) this.rules.add(rule);
    for (const { finding, severity } of analysis.findings) {
      if (wanted.has(finding.node.document.uri)) this.findings.push(this.item(finding, severity));
    }
    const { severityOf } = activeRules(settings);
    for (const { finding, suppression } of analysis.suppressed) {
      if (!wanted.has(finding.node.document.uri)) continue;
      const { form, reason, document, start, end } = suppression;
      this.suppressed.push({
        ...this.item(finding, severityOf(finding)),
        suppression: { form, reason, ...this.place(document, start, end) },
      });
    }
    for (const { document, start, end, message } of analysis.suppressionProblems) {
      if (wanted.has(document.uri)) this.notes.push({ message, ...this.place(document, start, end) });
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

  private item(finding: Finding, severity: Severity): Item {
    const { node, rule, resource } = finding;
    const place = this.place(node.document, node.start, node.end);
    return {
      ...place,
      rule,
      severity,
      resource: resource.address,
      path: finding.path,
      message: finding.message,
      condition: conditionText(finding.conditions),
      aliases: finding.aliases,
      related: finding.related.map((one) => ({
        resource: one.resource?.address,
        message: one.message,
        ...this.place(one.node.document, one.node.start, one.node.end),
      })),
      fixes: this.fixesOf(finding),
      excerpt: node.document.lines.lineText(place.range.start.line),
    };
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
      fixes.push({ title: fix.title, safe: fix.safe, edits });
    }
    return fixes;
  }
}

/** Files of one folder with these names form a Terraform module. */
function isModuleFile(path: string): boolean {
  return /\.tf(\.json)?$/i.test(path);
}

function siblings(path: string): string[] {
  const folder = dirname(path);
  try {
    return readdirSync(folder)
      .filter((name) => isModuleFile(name) && name !== basename(path))
      .map((name) => resolve(join(folder, name)));
  } catch {
    return [];
  }
}

function byFile(a: Problem, b: Problem): number {
  const line = (one: Problem) => one.range?.start.line ?? -1;
  const character = (one: Problem) => one.range?.start.character ?? -1;
  return compare(a.file, b.file) || line(a) - line(b) || character(a) - character(b) || compare(a.message, b.message);
}

function byPlace(a: Item, b: Item): number {
  const { start: x } = a.range;
  const { start: y } = b.range;
  return (
    compare(a.file, b.file) ||
    x.line - y.line ||
    x.character - y.character ||
    compare(a.rule.id, b.rule.id) ||
    compare(a.resource, b.resource) ||
    compare(a.message, b.message)
  );
}
