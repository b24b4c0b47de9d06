/** Text and settings in, findings out: the one analysis that diagnostics, hovers, fixes and the command line share. */

import { cloudFormationTemplate } from '../cloudformation/template.ts';
import { policyTemplate } from '../iam/policy-file.ts';
import { checkInSteps } from '../rules/engine.ts';
import type { Finding, Rule, Severity } from '../rules/rule.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { parseHclInSteps } from '../syntax/hcl.ts';
import { parseJsonInSteps } from '../syntax/json.ts';
import { atOnce, type Steps } from '../syntax/steps.ts';
import { withoutQuery } from '../syntax/uri.ts';
import { parseYamlInSteps } from '../syntax/yaml.ts';
import { emptyTemplate } from '../template/empty.ts';
import type { Dialect, Template } from '../template/template.ts';
import { type ModuleFolders, terraformModule } from '../terraform/configuration.ts';
import { terraformPlan } from '../terraform/plan.ts';
import { isHcl } from '../terraform/recognise.ts';
import { activeRules } from './active-rules.ts';
import { classify } from './classify.ts';
import type { Comparison } from './compare.ts';
import { isTooLarge, type LeftOut, leftOutOf, unreadDocument } from './left-out.ts';
import { changesOfPlan, linkToConfiguration } from './plan.ts';
import type { Settings } from './settings.ts';
import { applySuppressions, type SuppressedFinding, type SuppressionProblem } from './suppressions.ts';

export { classify } from './classify.ts';

/** A text to analyse. */
export interface Source {
  /** URI or path: only the ending of its path is looked at. */
  readonly uri: string;
  readonly text: string;
  /**
   * Terraform: the folder it lies in, relative to that of the module at hand (`modules/network`, `../shared`); a file of
   * a module that is called. Left out for the module's own files, and for the configuration beside a plan.
   */
  readonly folder?: string;
  /** The editor's language id, where known. */
  readonly languageId?: string;
  /**
   * Stands for files of a Terraform module (`folder`; the module's own where left out) that are there and were not read: why, for
   * the user. The text is none then.
   */
  readonly unread?: string;
}

/** A finding with the severity that the settings give it. */
export interface ReportedFinding {
  readonly finding: Finding;
  readonly severity: Severity;
}

export interface Analysis {
  readonly dialect: Dialect;
  readonly template: Template;
  readonly documents: readonly SyntaxDocument[];
  readonly findings: readonly ReportedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly suppressionProblems: readonly SuppressionProblem[];
  /** What a limit kept from being read or judged. */
  readonly leftOut: readonly LeftOut[];
  /** Rules that ran. */
  readonly rules: readonly Rule[];
  /** A Terraform plan: what applying it introduces. */
  readonly planned?: Comparison;
  /** The rules are still to run: nothing is known of findings. */
  readonly isUnjudged?: boolean;
}

export interface AnalyzeOptions {
  /** Told of a rule that threw; the rest go on. */
  readonly onError?: (ruleId: string, error: unknown) => void;
  readonly cancelled?: () => boolean;
  /** The analysis of an earlier version, which must not be used afterwards: what did not change is taken over. */
  readonly previous?: Analysis;
  /**
   * Told of the template as soon as it is read, as an analysis without findings. It replaces `previous`: of a run that is given
   * up, the next one takes over from it.
   */
  readonly onTemplate?: (unjudged: Analysis) => void;
  /** The day, `2026-01-31`, for suppressions that expire; where left out they count. */
  readonly today?: string;
}

/** Whether a text is JSON: by its first character, so that a `.template` file of either syntax is read rightly. */
export function isJson(source: Source): boolean {
  const uri = withoutQuery(source.uri);
  if (/\.ya?ml$/i.test(uri)) return false;
  return /\.(json|jsonc)$/i.test(uri) || /^\ufeff?\s*[{[]/.test(source.text);
}

/** Parses one text as what it is, unless it is too large. Never throws. */
export function parse(source: Source, previous?: SyntaxDocument): SyntaxDocument {
  return atOnce(parseInSteps(source, previous))();
}

/** As {@link parse}, in steps. `previous` may be used until what they return is called. */
function* parseInSteps(source: Source, previous?: SyntaxDocument): Steps<() => SyntaxDocument> {
  const { uri, text, languageId } = source;
  const language = isHcl(withoutQuery(uri), languageId) ? 'hcl' : isJson(source) ? 'json' : 'yaml';
  if (isTooLarge(text, () => classify(source))) return () => unreadDocument(uri, language, text);
  const inSteps = { hcl: parseHclInSteps, json: parseJsonInSteps, yaml: parseYamlInSteps }[language];
  return yield* inSteps(uri, text, previous);
}

/**
 * Analyses one template: a single text, or all texts of a Terraform module (the first decides the dialect).
 * Returns undefined where the text is none of ours or holds nothing that can be read.
 */
export function analyze(
  sources: readonly Source[],
  settings: Settings,
  options: AnalyzeOptions = {},
): Analysis | undefined {
  return atOnce(analyzeInSteps(sources, settings, options));
}

/**
 * As {@link analyze}, in small steps between which others may work; what is given up between two steps costs nothing. Until
 * `onTemplate` is called `options.previous` may be used as before.
 */
export function* analyzeInSteps(
  sources: readonly Source[],
  settings: Settings,
  options: AnalyzeOptions = {},
): Steps<Analysis | undefined> {
  const [first] = sources;
  if (!first || !settings.enable) return undefined;
  const dialect = classify(first);
  if (!dialect) return undefined;
  const isModule = dialect === 'terraform' || dialect === 'terraform-plan';
  const all = isModule ? sources.filter(({ unread }) => unread === undefined) : [first];
  const before = new Map(options.previous?.documents.map((document) => [document.uri, document]));
  const read: (() => SyntaxDocument)[] = [];
  for (const source of all) {
    const known = before.get(source.uri);
    if (known?.text === source.text) read.push(() => known);
    else {
      read.push(yield* parseInSteps(source, known));
      yield;
    }
  }
  // From here on until the template is made anew, that of the version before is a mixture of both.
  const parsed = read.map((take) => take());
  if (!options.previous) yield;
  const own = parsed.filter((_, i) => all[i]?.folder === undefined);
  const folders = foldersOf(all, parsed);
  const unread = isModule ? unreadOf(sources) : undefined;
  const template = templateOf(dialect, own, folders, options.previous?.template, unread);
  const { rules, severityOf } = activeRules(settings);
  const nothing = { findings: [], suppressed: [], suppressionProblems: [] } as const;
  if (!template) {
    const leftOut = leftOutOf(own, undefined);
    const empty = { dialect, template: emptyTemplate(dialect, own), documents: own, rules, ...nothing };
    return leftOut.length ? { ...empty, leftOut } : undefined;
  }
  const { documents } = template;
  options.onTemplate?.({ dialect, template, documents, rules, ...nothing, leftOut: [], isUnjudged: true });
  const found = yield* checkInSteps(template, rules, {
    onError: options.onError,
    cancelled: options.cancelled,
  });
  const unjudged = leftOutOf(documents, template);
  const { kept, suppressed, problems, leftOut } = applySuppressions(template, found, {
    rules,
    unjudged,
    // Read only where a suppression expires: who keeps results knows by that which of them hold for a day.
    get today() {
      return options.today;
    },
  });
  const analysis: Analysis = {
    dialect,
    template,
    documents: template.documents,
    findings: kept.map((finding) => ({ finding, severity: severityOf(finding) })),
    suppressed,
    suppressionProblems: problems,
    leftOut: leftOut.length ? leftOutOf(documents, template, leftOut) : unjudged,
    rules,
  };
  const [plan, ...configuration] = own;
  if (dialect !== 'terraform-plan' || !plan) return analysis;
  if (configuration.length) linkToConfiguration(kept, terraformModule(configuration, folders, undefined, unread));
  return { ...analysis, planned: yield* changesOfPlan(plan, analysis, severityOf) };
}

function foldersOf(sources: readonly Source[], documents: readonly SyntaxDocument[]): ModuleFolders {
  const folders = new Map<string, SyntaxDocument[]>();
  sources.forEach(({ folder }, i) => {
    const document = documents[i];
    if (folder === undefined || !document) return;
    const list = folders.get(folder);
    if (list) list.push(document);
    else folders.set(folder, [document]);
  });
  return folders;
}

/** What was not read of modules, by folder; the module's own is the empty one. */
function unreadOf(sources: readonly Source[]): ReadonlyMap<string, string> {
  return new Map(sources.flatMap(({ folder = '', unread }) => (unread === undefined ? [] : [[folder, unread]])));
}

/**
 * The template of parsed documents; undefined where they hold none of the dialect. Runs no rule.
 * @param previous the template of an earlier version, which must not be used afterwards
 * @param unread folders of a Terraform module of which not all files are at hand, with what is said of that
 */
export function templateOf(
  dialect: Dialect,
  documents: readonly SyntaxDocument[],
  folders?: ModuleFolders,
  previous?: Template,
  unread?: ReadonlyMap<string, string>,
): Template | undefined {
  const [document] = documents;
  if (!document) return undefined;
  switch (dialect) {
    case 'terraform':
      return terraformModule(documents, folders, previous, unread);
    case 'terraform-plan':
      return terraformPlan(document);
    case 'policy':
      return policyTemplate(document);
    case 'cloudformation':
      return cloudFormationTemplate(document, previous);
  }
}
