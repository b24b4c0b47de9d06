/** Runs rules over a template: leaves in, findings out. A rule that throws is named in the log and the rest go on. */

import type { PolicyDocument } from '../iam/document.ts';
import { policiesOf } from '../iam/sites.ts';
import { companions } from '../template/companions.ts';
import { modulePrefix } from '../template/module-path.ts';
import { blockHeader, blockKey, type Found, select, selectFrom, viaBefore } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import { areCurrent, CHANGING, currentRevision, once, type Read, track } from '../template/tracking.ts';
import type { Condition } from '../template/value.ts';
import { mirroredFix } from './cloud-control-fixes.ts';
import type { Fix } from './fix.ts';
import type { Finding, FixMaker, PropertyCheck, Related, Report, Reporter, Rule, Target, Verdict } from './rule.ts';
import { relatedHops } from './shared.ts';

export interface EngineOptions {
  /** Told of a rule that threw. */
  readonly onError?: (ruleId: string, error: unknown) => void;
  /** Asked between rules; true stops the run, and what was found so far is returned. */
  readonly cancelled?: () => boolean;
}

/** Rules by resource type, so that a template costs only what its types ask for. */
interface Plan {
  readonly byType: ReadonlyMap<string, readonly Step<Resource>[]>;
  readonly policy: readonly Step<PolicyDocument>[];
  readonly template: readonly Step<Template>[];
}

const plans = new WeakMap<readonly Rule[], Plan>();

function planOf(rules: readonly Rule[]): Plan {
  const known = plans.get(rules);
  if (known) return known;
  const byType = new Map<string, Step<Resource>[]>();
  const policy: Step<PolicyDocument>[] = [];
  const whole: Step<Template>[] = [];
  const add = (
    types: string | readonly string[],
    rule: Rule,
    run: (resource: Resource, reporter: Reporter) => void,
  ) => {
    for (const type of typeof types === 'string' ? [types] : types) {
      const list = byType.get(type);
      if (list) list.push({ rule, run });
      else byType.set(type, [{ rule, run }]);
    }
  };
  for (const rule of rules) {
    for (const check of rule.checks) {
      if (check.kind === 'property') {
        for (const target of check.targets) {
          add(target.type, rule, (resource, reporter) => judgeProperty(rule, check, target, resource, reporter));
        }
      } else if (check.kind === 'resource') add(check.types, rule, check.check);
      else if (check.kind === 'policy') {
        policy.push({ rule, run: check.check });
      } else whole.push({ rule, run: check.check });
    }
  }
  const plan = { byType, policy, template: whole };
  plans.set(rules, plan);
  return plan;
}

/** The leaves of the first path that is set; absence as the first path sees it. */
function leavesOf(target: Target, resource: Resource, scope: Found | undefined): readonly Found[] {
  let absence: readonly Found[] | undefined;
  for (const path of typeof target.path === 'string' ? [target.path] : target.path) {
    const leaves = scope ? belowScope(scope, path) : selectPath(resource, path);
    if (leaves.some((leaf) => leaf.value.kind !== 'absent' || leaf.value.written)) return leaves;
    absence ??= leaves;
  }
  return absence ?? [];
}

function belowScope(scope: Found, path: string): readonly Found[] {
  const enclosing =
    scope.key && scope.value.kind === 'object' && !/\.\d+$/.test(scope.path) ? scope.key : blockKey(scope.node);
  return selectFrom(scope.resource, scope.value, path, scope.conditions, enclosing, scope.scopes, viaBefore(scope)).map(
    (found) => ({
      ...found,
      path: `${scope.path}.${found.path}`,
    }),
  );
}

/**
 * As `select`, and `@type.path` (several types: `@a|b.path`) walks the companions of that type.
 * No companion: absent on the owner's key, or unknown where a companion may be it.
 */
export function selectPath(resource: Resource, path: string): readonly Found[] {
  if (!path.startsWith('@')) return select(resource, path);
  // CloudFormation types hold `::`, never a dot: the first dot ends the type.
  const dot = path.indexOf('.');
  const types = path.slice(1, dot < 0 ? undefined : dot).split('|');
  const rest = dot < 0 ? '' : path.slice(dot + 1);
  const found: Found[] = [];
  let maybe = false;
  for (const type of types) {
    const joined = companions(resource, type);
    maybe ||= joined.maybe;
    for (const companion of joined.sure) {
      for (const leaf of select(companion, rest)) found.push({ ...leaf, conditions: mergeConditions(resource, leaf) });
    }
  }
  if (found.length) return found;
  const base = { node: resource.key, conditions: resource.conditions, via: [], scopes: [], resource, path: '' };
  if (maybe)
    return [{ ...base, value: { kind: 'unknown', why: 'may be set by another resource', node: resource.key } }];
  return [{ ...base, value: { kind: 'absent', node: resource.key, missing: [] } }];
}

function mergeConditions(resource: Resource, leaf: Found): Found['conditions'] {
  let merged: Found['conditions'] = resource.conditions;
  for (const condition of leaf.conditions) merged = resource.template.assume(merged, condition) ?? merged;
  return merged;
}

function judgeProperty(rule: Rule, check: PropertyCheck, target: Target, resource: Resource, reporter: Reporter): void {
  const scopes: readonly (Found | undefined)[] = target.within
    ? selectPath(resource, target.within.endsWith('[]') ? target.within : `${target.within}[]`).filter(
        (scope) => scope.value.kind === 'object',
      )
    : [undefined];
  for (const scope of scopes) {
    if (target.where && target.where(resource, scope) !== true) continue;
    for (const found of leavesOf(target, resource, scope)) {
      const verdict: Verdict =
        found.value.kind === 'absent'
          ? 'absent' in target
            ? target.absent
            : check.absent
          : check.must(found.value, found);
      if (verdict === true || verdict === undefined) continue;
      const fix: FixMaker | undefined = target.fix ?? check.fix;
      reporter.reportFound(found, {
        variant: verdict === false ? undefined : verdict,
        message: messageOf(rule, check, verdict, found),
        fix: fix && (() => fix(found)),
      });
    }
  }
}

/** A variant's own message says more than the check's. */
function messageOf(rule: Rule, check: PropertyCheck, verdict: string | false, found: Found): string | undefined {
  const own = verdict === false ? undefined : rule.variants?.[verdict]?.message;
  return own ?? (typeof check.message === 'function' ? check.message(found) : check.message);
}

/** A finding in a resource that holds another one's settings names that other as related. */
function withOwner(report: Report, judged: Resource): Report {
  const { related = [] } = report;
  if (report.resource === judged || related.some((one) => one.resource === judged || one.node === judged.key))
    return report;
  return {
    ...report,
    related: [...related, { node: judged.key, message: `Setting of ${judged.address}`, resource: judged }],
  };
}

/** Of more calls of a module, each its own fix, nobody picks one. */
const MAX_JOINED = 10;

/** A body of HCL runs over many lines: what is found of a block as a whole is said at its header, the first of several. */
function headerOf(node: Finding['node']): Finding['node'] {
  return blockHeader(node) ?? node;
}

/** Between the answers under which something is wrong. */
const OR = ' or ';

function isSame(a: Condition, b: Condition): boolean {
  return a.id === b.id && a.value === b.value;
}

/**
 * A finding. What nothing was added to is shared by all runs in which its report stands; {@link own} makes one that may be added to.
 */
class FindingImpl implements Finding {
  private made: readonly Fix[] | undefined;
  /** Fixes hold places: they are good for one version of the template. */
  private madeIn = 0;
  readonly variant: string | undefined;
  readonly severity: Finding['severity'];
  readonly message: string;
  readonly owner: Finding['owner'];
  readonly aliases: readonly string[];
  conditions: Finding['conditions'];
  /** A list of its own: what the rule gave may be shared with others. */
  readonly related: Related[];
  readonly path: string;
  readonly node: Finding['node'];
  readonly resource: Resource;
  /** Which of the documents it begins in, and where; set and used while findings are put in order. */
  file = 0;
  start = 0;

  constructor(
    readonly rule: Rule,
    readonly report: Report,
    private readonly isOwn = false,
  ) {
    const variant = report.variant === undefined ? undefined : rule.variants?.[report.variant];
    this.variant = report.variant;
    this.node = headerOf(report.node);
    this.resource = report.resource;
    this.severity = report.severity ?? variant?.severity ?? rule.severity;
    this.message = report.message ?? variant?.message ?? rule.title;
    this.owner = variant?.owner ?? rule.owner;
    this.aliases = report.aliases ?? variant?.aliases ?? rule.aliases;
    this.path = report.path ?? '';
    this.conditions = report.conditions ?? report.resource.conditions;
    this.related = [...(report.related ?? []), ...callsOf(report.resource)];
  }

  /** One that is this run's alone: itself where it is that already. */
  own(): FindingImpl {
    return this.isOwn ? this : new FindingImpl(this.rule, this.report, true);
  }

  /** Whether the same is said of the same text. */
  isSameAs(other: FindingImpl): boolean {
    return (
      this.rule === other.rule &&
      this.variant === other.variant &&
      this.node.end === other.node.end &&
      this.node.document === other.node.document
    );
  }

  /** The same under other conditions: of a question that both answers leave wrong nothing has to be said. */
  alsoWhen(others: Finding['conditions']): void {
    if (this.conditions.length !== others.length) return;
    const differing = others.filter((other) => !this.conditions.some((one) => isSame(one, other)));
    const [other] = differing;
    const own = other && this.conditions.find(({ id }) => id === other.id);
    if (!own || differing.length > 1) return;
    const isEither = typeof own.value === 'boolean' && typeof other.value === 'boolean';
    const text = own.text.split(OR).includes(other.text) ? own.text : own.text + OR + other.text;
    this.conditions = this.conditions.flatMap((one) => (one !== own ? [one] : isEither ? [] : [{ ...own, text }]));
  }

  /** The same in other resources that are written at the same place. */
  private readonly joined: FindingImpl[] = [];

  /** Takes in the same finding of another resource: only what both are found under is a condition of it. */
  join(other: FindingImpl): void {
    this.joined.push(other);
    this.conditions = this.conditions.filter(({ id, value }) =>
      other.conditions.some((one) => one.id === id && one.value === value),
    );
    const { resource } = other;
    this.related.push(
      ...other.related.filter((one) => one.decides && !this.related.some(({ node }) => node === one.node)),
    );
    this.related.push(...callsOf(resource));
    this.related.push({ node: resource.key, message: `Also applies to ${resource.address}`, resource });
  }

  /** Where calls of a module are each mended by themselves, the fixes of all of them. */
  fixes(): readonly Fix[] {
    const calls = this.joined.filter(({ resource }) => resource.calls?.length).slice(0, MAX_JOINED);
    const all = [this, ...calls].flatMap((one) => one.ownFixes());
    return calls.length ? all.filter((fix, i) => all.findIndex(({ title }) => title === fix.title) === i) : all;
  }

  private ownFixes(): readonly Fix[] {
    if (!this.made || this.madeIn !== currentRevision()) {
      this.madeIn = currentRevision();
      // A plan is a printout: what it shows is mended in the configuration.
      const made = this.resource.template.dialect === 'terraform-plan' ? undefined : this.report.fix?.();
      const given = made === undefined ? [] : 'edits' in made ? [made] : made;
      // One arm of a condition is there on purpose: a person decides what becomes of it.
      const { conditions = this.resource.conditions } = this.report;
      const chosen = conditions.length > this.resource.conditions.length;
      const all = chosen ? given.map((fix) => ({ ...fix, safe: false })) : given;
      this.made = this.resource.isMirrored
        ? all.map((fix) => mirroredFix(fix, this.resource, this.path)).filter((fix) => fix !== undefined)
        : all;
    }
    return this.made;
  }
}

/**
 * All findings of the given rules in a template, in document order; one for each rule, variant and node.
 * Never throws: a rule that does is told to `onError` and the rest go on.
 */
export function checkTemplate(template: Template, rules: readonly Rule[], options: EngineOptions = {}): Finding[] {
  const run = checkInSteps(template, rules, options);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

/** A rule as it judges things of one kind. */
interface Step<T> {
  readonly rule: Rule;
  readonly run: (thing: T, reporter: Reporter) => void;
}

/** What a rule says of one thing: a resource, a policy, or the template as a whole. */
interface Judgement<T = never> {
  readonly step: Step<T>;
  readonly reports: readonly Report[];
  /** What the reports are to the reader, made once. */
  findings?: readonly FindingImpl[];
  readonly reads: readonly Read[];
  readonly effects: ReadonlySet<string> | undefined;
}

/** A judgement that failed is not kept. */
const FAILED: readonly Read[] = [CHANGING];

const NO_REPORTS: readonly Report[] = [];

/** One rule at one thing. Takes what the rule reports; of a resource that holds another one's settings, that other is named. */
class Hearing<T> implements Reporter {
  reports: Report[] | undefined;
  failed = false;

  constructor(
    private readonly step: Step<T>,
    private readonly thing: T,
    /** What is judged, where it is a resource. */
    private readonly resource: Resource | undefined,
    private readonly onError: EngineOptions['onError'],
  ) {}

  run(): void {
    try {
      this.step.run(this.thing, this);
    } catch (error) {
      this.failed = true;
      this.onError?.(this.step.rule.id, error);
    }
  }

  report(given: Report): void {
    this.reports ??= [];
    this.reports.push(this.resource ? withOwner(given, this.resource) : given);
  }

  reportFound(found: Found, more: Partial<Report> = {}): void {
    this.report({
      node: found.node,
      resource: found.resource,
      conditions: found.conditions,
      path: found.value.kind === 'absent' ? [found.path, ...found.value.missing].filter(Boolean).join('.') : found.path,
      ...more,
      related: [...relatedHops(found.via.filter((hop) => hop.node !== found.node)), ...(more.related ?? [])],
    });
  }
}

const hear = <T>(hearing: Hearing<T>) => hearing.run();

/**
 * Judges a thing by one rule, and takes down what it read. Undefined where it says nothing and cannot come to say something.
 * @param key what stays the same from version to version of the thing
 * @param resource what is judged, where it is a resource: reports on others name it
 */
function judge<T>(
  step: Step<T>,
  thing: T,
  key: object,
  resource: Resource | undefined,
  onError: EngineOptions['onError'],
): Judgement<T> | undefined {
  const hearing = new Hearing(step, thing, resource, onError);
  const { reads, effects } = track(key, false, hear, hearing);
  const { reports = NO_REPORTS, failed } = hearing;
  if (!failed && reports === NO_REPORTS && !reads.length && !effects) return undefined;
  return { step, reports, reads: failed ? FAILED : reads, effects };
}

/** A judgement that says nothing, whatever happens. */
function silence<T>(step: Step<T>): Judgement<T> {
  return { step, reports: NO_REPORTS, reads: [], effects: undefined };
}

/** Judgements of one thing by one set of rules, in order. */
class Judged<T> {
  private plan: Plan | undefined;
  private list: Judgement<T>[] = [];
  /** All that the list rests upon, each once; in the order in which it was read, where it was read first. */
  private reads: readonly Read[] | undefined;
  /** Those of the list that say something. */
  private said: readonly Judgement<T>[] = [];

  /** What is said of a thing, always the same one: as before, but by those of which something that they read has changed. */
  of(
    thing: T,
    plan: Plan,
    stepsOf: (thing: T) => readonly Step<T>[],
    judgeBy: (step: Step<T>, thing: T) => Judgement<T> | undefined,
  ): readonly Judgement<T>[] {
    if (this.plan === plan) {
      this.reads ??= [...new Set(this.list.flatMap(({ reads }) => reads))];
      if (areCurrent(this.reads)) return this.said;
      this.list = this.list.flatMap((one) => (areCurrent(one.reads) ? one : (judgeBy(one.step, thing) ?? [])));
    } else {
      this.list = stepsOf(thing).flatMap((step) => judgeBy(step, thing) ?? []);
      this.plan = plan;
    }
    this.reads = undefined;
    this.said = this.list.filter(({ reports, effects }) => reports.length || effects);
    return this.said;
  }
}

const judgedResource = once((_: Resource) => new Judged<Resource>());
const judgedPolicy = once((_: PolicyDocument) => new Judged<PolicyDocument>());
const judgedWhole = once((_: Template['lineage']): { plan?: Plan; list: Judgement<Template>[] } => ({ list: [] }));

/** As {@link checkTemplate}, in steps of a resource or rule each, between which others may work. */
export function* checkInSteps(
  template: Template,
  rules: readonly Rule[],
  options: EngineOptions = {},
): Generator<void, Finding[]> {
  const plan = planOf(rules);
  const { lineage } = template;
  const { onError } = options;
  const places = new Places(template);
  // Findings of a plan are told later where its configuration says so.
  const areKept = template.dialect !== 'terraform-plan';
  const take = <T>(judgement: Judgement<T>) => {
    const { step, reports, effects } = judgement;
    lineage.addEffects(effects);
    if (!reports.length) return;
    const findings = judgement.findings ?? reports.map((report) => new FindingImpl(step.rule, report));
    if (areKept) judgement.findings = findings;
    for (const finding of findings) places.add(finding);
  };

  lineage.begin();
  const stepsOf = ({ types }: Resource) => types.flatMap((type) => plan.byType.get(type) ?? []);
  const judgeResource = (step: Step<Resource>, one: Resource) => judge(step, one, one, one, onError);
  for (const resource of template.resources) {
    if (options.cancelled?.()) break;
    yield;
    for (const one of judgedResource(resource).of(resource, plan, stepsOf, judgeResource)) take(one);
  }
  const policySteps = () => plan.policy;
  const judgePolicy = (step: Step<PolicyDocument>, one: PolicyDocument) => judge(step, one, one, undefined, onError);
  for (const policy of plan.policy.length ? policiesOf(template) : []) {
    if (options.cancelled?.()) break;
    yield;
    for (const one of judgedPolicy(policy).of(policy, plan, policySteps, judgePolicy)) take(one);
  }
  const whole = judgedWhole(lineage);
  if (whole.plan !== plan) whole.list = [];
  whole.plan = plan;
  for (const [i, step] of plan.template.entries()) {
    if (options.cancelled?.()) break;
    yield;
    // Each may ask what those before it have said, so they are looked at one by one.
    const known = whole.list[i];
    const isKnown = known && areCurrent(known.reads);
    const judgement = isKnown ? known : (judge(step, template, lineage, undefined, onError) ?? silence(step));
    whole.list[i] = judgement;
    take(judgement);
  }
  return places.findings();
}

/** The call that makes a resource of a module. */
function callsOf(resource: Resource): Related[] {
  const node = resource.calls?.[resource.calls.length - 1];
  return node ? [{ node, message: `Called as ${modulePrefix(resource).slice(0, -1)}` }] : [];
}

const RANK = { critical: 0, high: 1, medium: 2, low: 3, info: 4 } as const;

/** Findings by where they begin, one for each rule, variant, text and resource. */
class Places {
  private readonly documents: ReadonlyMap<unknown, number>;
  private readonly found: FindingImpl[] = [];

  constructor(template: Template) {
    this.documents = new Map(template.documents.map((document, index) => [document, index]));
  }

  add(finding: FindingImpl): void {
    this.found.push(finding);
  }

  /** In the order of the text; graver ones first where several begin at one place. */
  findings(): Finding[] {
    const { documents, found } = this;
    for (const finding of found) {
      const { document, start } = finding.node;
      finding.file = documents.get(document) ?? 0;
      finding.start = start;
    }
    found.sort((a, b) => a.file - b.file || a.start - b.start);
    const inOrder: Finding[] = [];
    for (let i = 0; i < found.length; ) {
      const first = found[i] as FindingImpl;
      let end = i + 1;
      while (found[end]?.start === first.start && found[end]?.file === first.file) end++;
      if (end === i + 1) inOrder.push(first);
      else inOrder.push(...together(found.slice(i, end)).sort(byRank));
      i = end;
    }
    return inOrder;
  }
}

function byRank(a: Finding, b: Finding): number {
  return RANK[a.severity] - RANK[b.severity] || (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0);
}

/**
 * Findings that begin at one place, each once: the same under other conditions is joined, and a value inherited from SAM Globals, and
 * what several calls of a module make, is one finding with the other resources as related.
 */
function together(findings: readonly FindingImpl[]): FindingImpl[] {
  const here: FindingImpl[] = [];
  for (const finding of findings) {
    const i = here.findIndex((one) => one.isSameAs(finding) && one.resource.address === finding.resource.address);
    const known = here[i]?.own();
    if (!known) here.push(finding);
    else {
      known.alsoWhen(finding.conditions);
      here[i] = known;
    }
  }
  const kept: FindingImpl[] = [];
  for (const finding of here) {
    const i = kept.findIndex((one) => one.isSameAs(finding));
    const first = kept[i];
    if (!first) kept.push(finding);
    else if (first.resource !== finding.resource) {
      const joined = first.own();
      joined.join(finding);
      kept[i] = joined;
    }
  }
  return kept;
}
