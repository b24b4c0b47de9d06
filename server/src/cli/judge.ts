/** Analyses what belongs together and says in plain words what was found: the part of a run that needs the rules. */

import { activeRules } from '../analysis/active-rules.ts';
import { type Analysis, analyze, parse, type ReportedFinding, type Source } from '../analysis/analyze.ts';
import { type Comparison, compare } from '../analysis/compare.ts';
import { conditionText, fixDiff, fixEdits, shortDiff } from '../analysis/present.ts';
import type { Settings } from '../analysis/settings.ts';
import type { Fix } from '../rules/fix.ts';
import type { Finding, Severity } from '../rules/rule.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { TextEdit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import type { Resource } from '../template/template.ts';
import { excerptOf } from './excerpt.ts';
import { displayPath, reasonOf } from './files.ts';
import { type FixedSources, fixSources } from './fix.ts';
import { type Job, type Judgement, type Shared, unjudged } from './job.ts';
import type { AwsPart, Change, Found, Item, ItemFix, MovedLine, Place, Problem } from './result.ts';
import { awsParts, movedLines } from './touched.ts';

/** A file's syntax errors beyond this many are counted, not listed. */
const MAX_SYNTAX_ERRORS = 20;

/** Judges a job. Never throws. */
export function judge(job: Job): Judgement {
  const show = (path: string) => displayPath(path, job.cwd);
  try {
    return new Judge(job).judge();
  } catch (error) {
    return unjudged(job, show, `Internal error: ${reasonOf(error)}. This was not linted; the other files were.`);
  }
}

/** Applies the safe fixes of a job's findings; the very same sources where there is nothing to fix. */
export function fix(job: Job): FixedSources {
  const judge = new Judge(job);
  return fixSources(job.sources, new Set(job.wanted), (sources) => judge.analyze(sources, false));
}

/** Ids of the rules that settings leave on. */
export function rulesOf(settings: Job['settings']): string[] {
  return activeRules(settingsOf(settings)).rules.map(({ id }) => id);
}

/** What was found in sources that are gone. */
export function judgeGone(job: Job): Pick<Judgement, 'gone' | 'isJudged'> {
  return new Judge(job).gone();
}

/** Whether a text can be read without a syntax error. */
export function isWellFormed(source: Source): boolean {
  return !parse(source).problems.length;
}

const settingsByText = new Map<string, Settings>();

function settingsOf(text: string): Settings {
  const known = settingsByText.get(text);
  if (known) return known;
  const settings = JSON.parse(text) as Settings;
  settingsByText.set(text, settings);
  return settings;
}

/** Something to say of a place. */
interface Remark {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

class Judge {
  private readonly errors: Problem[] = [];
  private readonly wanted: ReadonlySet<string>;
  private readonly settings: Settings;
  /** Where there are secrets in the clear. */
  private secrets: readonly Node[] = [];
  private dependsOnDay = false;

  constructor(private readonly job: Job) {
    this.wanted = new Set(job.wanted);
    this.settings = settingsOf(job.settings);
  }

  analyze(sources: readonly Source[], report: boolean): Analysis | undefined {
    const [first] = sources;
    const asked = () => {
      this.dependsOnDay = true;
      return this.job.today;
    };
    return analyze(sources, this.settings, {
      get today() {
        return asked();
      },
      onError: (ruleId, error) => {
        if (!report || !first) return;
        const message = `Internal error in rule ${ruleId}: ${reasonOf(error)}. The other rules went on.`;
        this.errors.push({ file: this.show(first.uri), message, fatal: true });
      },
    });
  }

  judge(): Judgement {
    const { sources } = this.job;
    const analysis = this.analyze(sources, true);
    if (!analysis) {
      const files = sources
        .filter(({ uri }) => this.wanted.has(uri))
        .map((source) => this.fileOf(parse(source), [], []));
      return { ...unjudged(this.job, this.show, ''), errors: this.errors, files };
    }
    this.secrets = [...analysis.findings, ...analysis.suppressed].flatMap(({ finding: { rule, node } }) =>
      rule.category === 'secrets' ? [node] : [],
    );
    const { base } = this.job;
    const compared = base && this.compared(analysis);
    const changeOf = (reported: ReportedFinding): Change | undefined => {
      if (!base) return analysis.planned?.changeOf(reported) === 'introduced' ? 'introduced' : undefined;
      return compared?.changeOf(reported) === 'introduced' ? 'introduced' : 'before';
    };
    const isWanted = ({ finding }: { readonly finding: Finding }) => this.wanted.has(finding.node.document.uri);
    const { severityOf } = activeRules(this.settings);
    const review = this.reviewed(analysis);
    return {
      findings: analysis.findings.filter(isWanted).map((reported) => ({
        ...this.item(reported.finding, reported.severity),
        change: changeOf(reported),
      })),
      suppressed: analysis.suppressed.filter(isWanted).map((one) => {
        const { form, reason, document, start, end } = one.suppression;
        return {
          ...this.item(one.finding, severityOf(one.finding)),
          change: base && (compared?.wasBefore(one) === false ? 'introduced' : 'before'),
          suppression: { form, reason, ...this.place(document, start, end) },
        };
      }),
      files: analysis.documents
        .filter(({ uri }) => this.wanted.has(uri))
        .map((document) =>
          this.fileOf(
            document,
            analysis.leftOut.filter((one) => one.document === document),
            analysis.suppressionProblems.filter((problem) => problem.document === document),
          ),
        ),
      errors: this.errors,
      isJudged: true,
      gone: this.counted(compared?.fixed).map(({ finding, severity }) => this.found(finding, severity)),
      silenced: this.counted(compared?.suppressed).length,
      ...review,
      day: this.dependsOnDay ? this.job.today : undefined,
    };
  }

  gone(): Pick<Judgement, 'gone' | 'isJudged'> {
    const analysis = this.analyze(this.job.sources, false);
    return {
      gone: (analysis?.findings ?? []).map(({ finding, severity }) => this.found(finding, severity)),
      isJudged: analysis !== undefined,
    };
  }

  private readonly show = (path: string): string => displayPath(path, this.job.cwd);

  private base: Analysis | undefined;

  /** Compares with the base; undefined where nothing changed. */
  private compared(head: Analysis): Comparison | undefined {
    const sources = this.job.base?.sources;
    if (!sources) return undefined;
    this.base = this.analyze(sources, false);
    return compare(this.base, head);
  }

  private counted(list: readonly ReportedFinding[] = []): readonly ReportedFinding[] {
    const counted = new Set(this.job.base?.counted);
    return list.filter(({ finding }) => counted.has(finding.node.document.uri));
  }

  private reviewed(head: Analysis): { readonly moved: readonly MovedLine[]; readonly aws: readonly AwsPart[] } {
    const { review, base } = this.job;
    if (!review || (base && !base.sources)) return { moved: [], aws: [] };
    const placeOf = ({ key }: Resource) =>
      this.wanted.has(key.document.uri) ? this.place(key.document, key.start, key.end) : undefined;
    return {
      moved: movedLines(head, this.base, base !== undefined, placeOf),
      aws: awsParts(head, this.base, base !== undefined, placeOf),
    };
  }

  private fileOf(
    document: SyntaxDocument,
    leftOut: readonly Remark[],
    remarks: readonly Remark[],
  ): Judgement['files'][number] {
    const { problems, uri } = document;
    const told = ({ start, end, message }: Remark) => ({
      message,
      ...this.place(document, start, end),
    });
    const wrong = problems.filter((problem) => !problem.leftOut);
    const errors: Problem[] = [...leftOut, ...wrong.slice(0, MAX_SYNTAX_ERRORS)].map(told);
    const more = wrong.length - MAX_SYNTAX_ERRORS;
    if (more > 0) errors.push({ file: this.show(uri), message: `${more} more syntax errors.` });
    return { path: uri, errors, notes: remarks.map(told) };
  }

  private place(document: SyntaxDocument, start: number, end: number): Place {
    return { file: this.show(document.uri), range: document.lines.range(start, end) };
  }

  private found({ node, rule, owner, resource, path, message, conditions }: Finding, severity: Severity): Found {
    const { id, title, category } = rule;
    return {
      ...this.place(node.document, node.start, node.end),
      rule: { id, title, category },
      owner: { side: owner.side },
      severity,
      resource: resource.address,
      path,
      message,
      condition: conditionText(conditions),
    };
  }

  private item(finding: Finding, severity: Severity): Item & Shared {
    const { node, rule, variant, resource, message } = finding;
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
      excerpt: excerptOf(node.document.lines.lineText(found.range.start.line), found.range),
      shared: resource.calls?.length
        ? [node.document.uri, node.start, node.end, rule.id, variant, message].join('\n')
        : undefined,
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
    for (const one of made) {
      const rendered = fixEdits(one);
      if (!rendered?.size) continue;
      const edits = [...rendered].flatMap(([document, list]) =>
        list.map(({ start, end, newText }) => ({ ...this.place(document, start, end), newText })),
      );
      const isShown = this.job.review && !fixes.length && !this.showsSecret(rendered);
      const diff = isShown ? fixDiff(one) : undefined;
      fixes.push({ title: one.title, safe: one.safe, edits, diff: diff && shortDiff(diff) });
    }
    return fixes;
  }
}
