/**
 * Which actions of the policies in a template complete a way to more rights: over all statements of a document, and over
 * all documents of one principal.
 */

import { matchesPattern, patternCovers } from '../iam/actions.ts';
import { type Item, isConditional, isKnown, type PolicyDocument, type Statement } from '../iam/document.ts';
import { ESCALATION_PATHS, type EscalationPath } from '../iam/escalation.ts';
import { coversAction } from '../iam/queries.ts';
import type { Condition } from '../template/value.ts';
import { ActionIndex } from './iam-action-index.ts';
import { broadItem, everythingItem } from './iam-breadth.ts';
import { denials, statementsOf } from './iam-denials.ts';
import { perGrantingGroup } from './iam-granting-groups.ts';
import { narrowing } from './iam-narrowing.ts';

/** An action as written that completes at least one path. */
export interface Escalation {
  readonly item: Item;
  readonly statement: Statement;
  /** The paths, the worst first. */
  readonly paths: readonly EscalationPath[];
  /** Actions as written that the paths need besides, of all of them. */
  readonly others: readonly Item[];
  /** The same of each path alone. */
  readonly needs: ReadonlyMap<EscalationPath, readonly Item[]>;
}

/** Assuming any role is judged by a rule of its own. */
const PATHS = ESCALATION_PATHS.filter((path) => path.id !== 'sts-001');
const STEPS = new ActionIndex([...new Set(PATHS.flatMap((path) => path.actions))], (action) => action);
/** From the worst: what needs no other resource first. */
const RANK = { 'self-escalation': 0, 'principal-access': 1, 'new-passrole': 2, 'existing-passrole': 3 } as const;

interface Source {
  readonly item: Item;
  readonly statement: Statement;
}

type Building = Escalation & {
  readonly paths: EscalationPath[];
  readonly others: Item[];
  readonly needs: Map<EscalationPath, readonly Item[]>;
};

/**
 * The escalations that a policy completes, by itself or with the others of a principal, by the action that completes them.
 * Each is told once, however many principals have it.
 */
export const escalationsIn: (policy: PolicyDocument) => ReadonlyMap<Item, Escalation> = perGrantingGroup(
  (policies): ReadonlyMap<Item, Escalation> => judge(policies),
  (groups) => {
    const found = new Map<Item, Building>();
    for (const group of groups) for (const escalation of group.values()) add(escalation, found);
    for (const escalation of found.values()) escalation.paths.sort((a, b) => RANK[a.kind] - RANK[b.kind]);
    return found;
  },
);

/** Adds what one group of policies gives to what others do. */
function add({ item, statement, paths, others, needs }: Escalation, found: Map<Item, Building>): void {
  const known = found.get(item);
  if (!known) {
    found.set(item, { item, statement, paths: [...paths], others: [...others], needs: new Map(needs) });
    return;
  }
  for (const path of paths) if (!known.paths.includes(path)) known.paths.push(path);
  for (const other of others) if (!known.others.includes(other)) known.others.push(other);
  for (const [path, own] of needs) if (!known.needs.has(path)) known.needs.set(path, own);
}

function judge(policies: readonly PolicyDocument[]): Map<Item, Building> {
  const found = new Map<Item, Building>();
  const statements = [...new Set(policies.flatMap(statementsOf))].filter(
    (statement) => statement.effect === 'Allow' && narrowing(statement) === 'none',
  );
  const sources: Source[] = [];
  for (const statement of statements) {
    if (statement.elements.NotAction) {
      // All but a few actions: the finding on NotAction says it.
      if (everythingItem(statement) && coversAction(statement, 'iam:PutUserPolicy') === true) return found;
      continue;
    }
    for (const item of statement.actions) {
      if (!isKnown(item) || isConditional(item, statement)) continue;
      // Whoever controls IAM has everything already: that is one finding, elsewhere.
      if (patternCovers(item.text ?? '', 'iam:*') && everythingItem(statement)) return found;
      sources.push({ item, statement });
    }
  }
  if (!sources.length) return found;
  const denied = denials(policies);
  const order = new Map(sources.map((source, index) => [source.item, index]));
  const giving = new Map<string, Source>();
  for (const source of sources) {
    for (const action of STEPS.matching(source.item.text ?? '')) {
      if (!giving.has(action) && broadItem(source.statement, action) !== undefined) giving.set(action, source);
    }
  }
  for (const path of PATHS) {
    const steps = stepsOf(path, giving, denied);
    if (!steps) continue;
    const last = steps.reduce((a, b) => ((order.get(b.item) ?? 0) > (order.get(a.item) ?? 0) ? b : a));
    const others = steps.filter((step) => step.item !== last.item).map((step) => step.item);
    // One wildcard that holds the whole path is reported as the wildcard that it is.
    if (!others.length && isServiceWildcard(last.item)) continue;
    const needs = new Map([[path, others]]);
    add({ item: last.item, statement: last.statement, paths: [path], others, needs }, found);
  }
  return found;
}

/** What gives each action of a path; undefined where one is missing, denied, or never in force together with the others. */
function stepsOf(
  path: EscalationPath,
  giving: ReadonlyMap<string, Source>,
  denied: (action: string) => boolean,
): Source[] | undefined {
  const steps: Source[] = [];
  let assumed: readonly Condition[] | undefined = [];
  for (const action of path.actions) {
    const source = giving.get(action);
    if (!source || denied(action)) return undefined;
    steps.push(source);
    for (const condition of source.statement.templateConditions) {
      assumed = assumed && source.statement.policy.resource.template.assume(assumed, condition);
    }
    if (!assumed) return undefined;
  }
  return steps;
}

/** Whether one action pattern holds a whole path. */
export function escalatesAlone(pattern: string, denied: (action: string) => boolean): boolean {
  return PATHS.some((path) => path.actions.every((action) => matchesPattern(pattern, action) && !denied(action)));
}

function isServiceWildcard(item: Item): boolean {
  return /^[^:*?]+:\*+$/.test(item.text ?? '');
}
