/** Judges fixes: each alone on the text as it stands, and all safe ones together. */

import { type Analysis, analyze, parse } from '../../server/src/analysis/analyze.ts';
import { combinedEdits } from '../../server/src/analysis/present.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { fixSources } from '../../server/src/cli/fix.ts';
import { readJsonText } from '../../server/src/iam/json-value.ts';
import type { Fix } from '../../server/src/rules/fix.ts';
import type { Finding } from '../../server/src/rules/rule.ts';
import type { SyntaxDocument } from '../../server/src/syntax/document.ts';
import { applyTextEdits, renderEdits, type TextEdit } from '../../server/src/syntax/edit.ts';
import { parseEmbeddedJson } from '../../server/src/syntax/embedded.ts';
import type { Node } from '../../server/src/syntax/node.ts';
import type { Value } from '../../server/src/template/value.ts';
import { loadIamData } from './iam-data.ts';
import { TreeModel } from './tree-model.ts';

export { loadIamData };

const SETTINGS: Settings = { enable: true, tier: 'all', rules: {}, exclude: [] };

export type FailureKind =
  /** Making or rendering it throws. */
  | 'throws'
  /** It is offered but has no text edits. */
  | 'not rendered'
  | 'changes nothing'
  /** The text parses worse than before. */
  | 'syntax'
  /** The finding is still there. */
  | 'not gone'
  | 'new finding'
  /** The edited text says something else than the edits asked for. */
  | 'other content'
  /** A comment outside what is removed or replaced is lost. */
  | 'comment lost'
  /** A value or key that stays lies inside an edit. */
  | 'not minimal'
  /** A second round of "fix all" finds something to do. */
  | 'not stable';

export interface Failure {
  readonly kind: FailureKind;
  readonly ruleId: string;
  readonly title: string;
  readonly uri: string;
  readonly line: number;
  readonly details: string;
}

export interface Checked {
  /** Fixes by rule. */
  readonly fixes: ReadonlyMap<string, number>;
  readonly findings: number;
  readonly failures: readonly Failure[];
}

/** Checks every fix of every finding of one text. */
export function checkFixes(uri: string, text: string): Checked | undefined {
  const failures: Failure[] = [];
  const counts = new Map<string, number>();
  const before = run(uri, text);
  if (!before) return undefined;
  for (const { finding } of before.findings) {
    const { rule } = finding;
    const fail = (title: string) => (kind: FailureKind, details: string) =>
      failures.push({ kind, ruleId: rule.id, title, uri, line: lineOf(finding), details });
    let fixes: readonly Fix[] = [];
    try {
      fixes = finding.fixes();
    } catch (error) {
      fail('')('throws', String((error as Error).stack));
    }
    for (const fix of fixes) {
      counts.set(rule.id, (counts.get(rule.id) ?? 0) + 1);
      checkOne(before, finding, fix, fail(fix.title));
    }
  }
  checkAll(before, uri, text, (kind, details) =>
    failures.push({ kind, ruleId: '(all safe)', title: '', uri, line: 0, details }),
  );
  return { fixes: counts, findings: before.findings.length, failures };
}

function run(uri: string, text: string): Analysis | undefined {
  return analyze([{ uri, text }], SETTINGS, {
    onError: (_, error) => {
      throw error;
    },
  });
}

function lineOf(finding: Finding): number {
  return finding.node.document.lines.positionAt(finding.node.start).line + 1;
}

type Fail = (kind: FailureKind, details: string) => void;

function checkOne(before: Analysis, finding: Finding, fix: Fix, fail: Fail): void {
  let rendered: ReadonlyMap<SyntaxDocument, readonly TextEdit[]> | undefined;
  try {
    rendered = renderEdits(fix.edits);
  } catch (error) {
    fail('throws', String((error as Error).stack));
    return;
  }
  const [document] = before.documents as [SyntaxDocument];
  const edits = rendered?.get(document);
  if (rendered?.size !== 1 || !edits?.length) {
    fail('not rendered', JSON.stringify(fix.edits, short));
    return;
  }
  const { text, uri } = document;
  const next = applyTextEdits(text, edits);
  if (next === text) {
    fail('changes nothing', '');
    return;
  }
  const change = edits.map(
    (edit) => `${JSON.stringify(text.slice(edit.start, edit.end))} → ${JSON.stringify(edit.newText)}`,
  );

  const after = parse({ uri, text: next });
  if (after.problems.length > document.problems.length) {
    const [problem] = after.problems.filter(({ message }) => !document.problems.some((one) => one.message === message));
    fail('syntax', `${problem?.message}; ${change}`);
    return;
  }
  const model = new TreeModel(document.roots);
  model.apply(fix.edits);
  const analysis = run(uri, next);
  const reread = analysis?.documents[0] ?? after;
  const differences = model.differences(new TreeModel(reread.roots), (host) => treesIn(host, analysis));
  if (differences.length) fail('other content', `${differences.join('; ')}; ${change}`);
  const touched = survivorsTouched(model, document, edits);
  if (touched) fail('not minimal', `${JSON.stringify(touched)}; ${change}`);
  const lost = lostComment(document, after, fix, edits);
  if (lost !== undefined) fail('comment lost', `${lost}; ${change}`);

  // A text that lost its only resource is nobody's template any more.
  if (!analysis) {
    if (before.template.resources.length > 1) fail('not gone', `not recognised any more; ${change}`);
    return;
  }
  const key = keyOf(finding);
  const was = census(before);
  const is = census(analysis);
  if ((is.get(key) ?? 0) >= (was.get(key) ?? 0)) fail('not gone', `${key}; ${change}`);
  const news = added(before, analysis, [finding.rule.id]);
  if (news.length) fail('new finding', `${news.join(', ')}; ${change}`);
}

/** The trees that a string holds: JSON, or what a Terraform string comes to once its holes are known, each alternative. */
function treesIn(host: Node, analysis: Analysis | undefined): readonly Node[] {
  if (analysis?.dialect === 'terraform') {
    const roots = new Set(leavesOf(analysis.template.evaluate(host)).map(({ node }) => rootOf(node)));
    const inside = [...roots].filter((root) => root.origin.host === host);
    if (inside.length) return inside;
  }
  const plain = parseEmbeddedJson(host);
  if (plain?.root && !plain.problems.length) return [plain.root];
  // JSON with holes outside its strings: `"privileged": ${var.given}`.
  const filled = analysis && readJsonText(analysis.template.evaluate(host), analysis.template)?.value?.node;
  return filled ? [rootOf(filled)] : plain?.root ? [plain.root] : [];
}

function leavesOf(value: Value): readonly Value[] {
  return value.kind === 'choice' ? value.alternatives.flatMap((one) => leavesOf(one.value)) : [value];
}

function rootOf(node: Node): Node {
  let root = node;
  while (root.parent) root = root.parent;
  return root;
}

/** Rule, resource and property path; positions in lists move, so they do not count, and one block of HCL is no list. */
function keyOf(finding: Finding): string {
  // Names of actions and keys are read in any letter case.
  return `${finding.rule.id} ${placeOf(finding)}`.toLowerCase();
}

function placeOf(finding: Finding): string {
  const path = finding.path.split('.').filter((part) => !/^\d*$/.test(part));
  return `${finding.resource.address} ${path.join('.')}`;
}

function census(analysis: Analysis): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { finding } of analysis.findings) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  return counts;
}

const RANK = { critical: 0, high: 1, medium: 2, low: 3, info: 4 } as const;

/** What an identity policy grants on everything, which a broader finding on the same actions absorbs. */
const WIDE_ACTIONS = [
  'iam-credentials-exposure',
  'iam-data-exfiltration',
  'iam-permissions-management',
  'iam-write-without-constraint',
  'iam-wildcard-resource',
];

/** Findings that were hidden behind another one, which a fix takes away: rule of the fix, then the rule that comes to light. */
const UNCOVERED: Readonly<Record<string, readonly string[]>> = {
  // What takes the place of a retired policy of AWS is one of AWS as well.
  'iam-deprecated-managed-policy': ['iam-aws-managed-policy'],
  'iam-admin-managed-policy': ['iam-aws-managed-policy'],
  'iam-elevated-managed-policy': ['iam-aws-managed-policy'],
  'custom-resource-lambda-admin': ['iam-aws-managed-policy'],
  'sagemaker-role-broad': ['iam-aws-managed-policy'],
  // An action that does not exist grants nothing; the one that was meant does.
  // Two misspelt names may be meant to be one, and a key is judged by the actions that exist.
  'iam-policy-invalid': ['iam-wildcard-resource', 'iam-policy-redundant', 'iam-condition-key-invalid'],
  // A principal that AWS does not know is let in nowhere; the one that was meant is.
  'iam-principal-invalid': ['iam-trust-service-confused-deputy'],
  // A condition that matches nothing keeps everyone out; the one that was meant does not, or not all of them.
  'iam-condition-invalid': ['iam-trust-oidc-unscoped', 'sns-policy-public', 'iam-condition-key-invalid'],
  // A key that does not exist has no type that could not fit.
  'iam-condition-key-invalid': ['iam-condition-invalid'],
  // Two statements that differ in their resources alone, until both name them all.
  'iam-policy-mismatch': ['iam-policy-redundant'],
  // All actions of a service stand for everything in it; what is left in their place is reported for itself.
  'iam-service-wildcard': [...WIDE_ACTIONS, 'iam-permission-boundary-missing'],
  'iam-wildcard-action': WIDE_ACTIONS,
  'iam-full-iam': WIDE_ACTIONS,
  's3-presigned-post-full-access': WIDE_ACTIONS,
  // The action that completes a path is reported as that alone, until another action that the path needs is limited.
  'iam-privilege-escalation': ['iam-passrole-star', ...WIDE_ACTIONS],
  // Once the worst of a pattern is left out, what else it allows on everything is reported.
  'iam-credentials-exposure': ['iam-write-without-constraint', 'iam-wildcard-resource'],
  'iam-data-exfiltration': ['iam-write-without-constraint', 'iam-wildcard-resource'],
  // Without a role to pass, the action that would use it is no way to more rights, and is reported for itself.
  'iam-passrole-star': WIDE_ACTIONS,
  // What may be done to every bucket is reported as that; on one bucket it is the bucket's matter.
  'iam-permissions-management': ['iam-resource-policy-privesc'],
  // Another account without a condition is reported as that alone; then that it is a whole account.
  'iam-trust-cross-account': ['iam-trust-account-root'],
  // A privileged container excuses the host's network, which is reported once it is not privileged any more.
  'ecs-privileged': ['ecs-privileged'],
  // Whether a key rotates is nobody's matter while it is disabled.
  'kms-key-disabled': ['kms-rotation'],
  // Performance Insights has a key only where it is on.
  'rds-monitoring-extras': ['rds-performance-insights-cmk'],
  // Of a bucket without a policy it is only noted that nothing refuses HTTP; the policy that lets CloudFront in is judged for it.
  'cloudfront-s3-no-oac': ['s3-insecure-transport'],
  // The endpoint of a website speaks plain HTTP only: nobody is told to refuse that while there is one.
  's3-website-hosting': ['s3-insecure-transport'],
  // A rule that lets the world in is reported for that alone.
  'sg-ingress-all-world': ['sg-ingress-all-protocols'],
  'sg-ingress-ssh-world': ['sg-ingress-network-source'],
  'sg-ingress-world': ['sg-ingress-network-source'],
  // Only a SecureString has a key.
  'ssm-parameter-plaintext-secret': ['ssm-parameter-cmk'],
};

/** What a mended finding hid, or an opt-in preference about a resource that the fix adds: a new log group has no key either. */
export function isUncovered({ rule, resource }: Finding, before: Analysis, mended: readonly string[]): boolean {
  if (mended.some((ruleId) => UNCOVERED[ruleId]?.includes(rule.id))) return true;
  return rule.tier === 'opt-in' && !before.template.resource(resource.address);
}

/** Findings that were not there before; not those that a mended one hid, nor a lesser one in its very place. */
function added(before: Analysis, after: Analysis, mended: readonly string[]): string[] {
  const was = census(before);
  const is = census(after);
  const gone = before.findings.filter(({ finding }) => (is.get(keyOf(finding)) ?? 0) < (was.get(keyOf(finding)) ?? 0));
  return after.findings.flatMap(({ finding }) => {
    const key = keyOf(finding);
    if ((is.get(key) ?? 0) <= (was.get(key) ?? 0) || isUncovered(finding, before, mended)) return [];
    const swapped = gone.some(
      (one) => placeOf(one.finding) === placeOf(finding) && RANK[one.finding.severity] <= RANK[finding.severity],
    );
    return swapped ? [] : [key];
  });
}

/** The first value or key that no edit names and yet lies in what an edit takes away. */
function survivorsTouched(model: TreeModel, document: SyntaxDocument, edits: readonly TextEdit[]): string | undefined {
  const survivors = model.survivors();
  for (const edit of edits) {
    const old = document.text.slice(edit.start, edit.end);
    let head = 0;
    while (head < old.length && old[head] === edit.newText[head]) head++;
    let tail = 0;
    const most = Math.min(old.length, edit.newText.length) - head;
    while (tail < most && old[old.length - 1 - tail] === edit.newText[edit.newText.length - 1 - tail]) tail++;
    const start = edit.start + head;
    const end = edit.end - tail;
    const hit = survivors.find((node) => node.start < end && node.end > start && node.start < node.end);
    if (hit) return document.text.slice(hit.start, hit.end);
  }
  return undefined;
}

function lostComment(
  before: SyntaxDocument,
  after: SyntaxDocument,
  fix: Fix,
  edits: readonly TextEdit[],
): string | undefined {
  const left = after.comments().map((comment) => comment.text);
  const takes = fix.edits.some((edit) => ['remove', 'removeItem', 'replace'].includes(edit.kind));
  for (const comment of before.comments()) {
    // What an edit takes away may go; of comments that say the same the others have to stay.
    if (takes && edits.some((edit) => comment.start >= edit.start && comment.end <= edit.end)) continue;
    const at = left.indexOf(comment.text);
    if (at < 0) return comment.text;
    left.splice(at, 1);
  }
  return undefined;
}

/** "Fix all safe", as the command line does it and as the editor does, and "fix all of this rule". */
function checkAll(before: Analysis, uri: string, text: string, fail: Fail): void {
  const findings = before.findings.map(({ finding }) => finding);
  const safe = findings.flatMap((finding) => finding.fixes().find((fix) => fix.safe) ?? []);
  const document = before.documents[0] as SyntaxDocument;
  const judge = (after: Analysis | undefined, who: string, mended: readonly string[]): void => {
    if (!after) {
      if (before.template.resources.length > 1) fail('not gone', `${who}: not recognised any more`);
      return;
    }
    const { problems } = after.documents[0] as SyntaxDocument;
    if (problems.length > document.problems.length) fail('syntax', `${who}: ${problems[0]?.message}`);
    const news = added(before, after, mended);
    if (news.length) fail('new finding', `${who}: ${news.join(', ')}`);
  };
  const together = (fixes: readonly Fix[]) => run(uri, applyTextEdits(text, combinedEdits(fixes).get(document) ?? []));
  for (const rule of new Set(findings.map((finding) => finding.rule))) {
    const fixes = findings.flatMap((finding) => (finding.rule === rule ? (finding.fixes()[0] ?? []) : []));
    if (fixes.length > 1) judge(together(fixes), `all of ${rule.id}`, [rule.id]);
  }
  if (!safe.length) return;
  const mended = findings.map((finding) => finding.rule.id);
  judge(together(safe), 'editor', mended);

  const again = (sources: Parameters<typeof analyze>[0]) => analyze(sources, SETTINGS);
  const { sources, applied } = fixSources([{ uri, text }], new Set([uri]), again);
  const after = run(uri, sources[0]?.text ?? '');
  judge(after, 'command line', mended);
  const left = (after?.findings ?? []).filter(({ finding }) => finding.fixes().some((fix) => fix.safe));
  if (left.length) {
    const keys = left.map(({ finding }) => keyOf(finding));
    fail('not stable', `${applied.length} applied, ${left.length} safe fixes are left: ${keys.join(', ')}`);
  }
}

function short(name: string, value: unknown): unknown {
  if (name === 'entry') return (value as { name: string }).name;
  return name === 'node' || name === 'in' || name === 'to' ? '…' : value;
}
