/**
 * `iam:PassRole` on every role that only `iam:PassedToService` limits, where the holder may also create in that service
 * what acts with the role: it then has the rights of every role that trusts the service.
 */

import { matchesPattern, patternCovers } from '../iam/actions.ts';
import {
  type ConditionClause,
  HOLE,
  type Item,
  isConditional,
  isKnown,
  type PolicyDocument,
  type Statement,
} from '../iam/document.ts';
import { FIXED_TEXT, markedText } from '../iam/tokens.ts';
import { matchesWildcard } from '../syntax/text.ts';
import type { Condition } from '../template/value.ts';
import { everythingItem } from './iam-breadth.ts';
import { denials, statementsOf } from './iam-denials.ts';
import { perGrantingGroup } from './iam-granting-groups.ts';
import { narrowing, narrowingBy } from './iam-narrowing.ts';

/** What a guarded `iam:PassRole` is used with. */
export interface PassedRole {
  /** `lambda.amazonaws.com`. */
  readonly service: string;
  /** The actions as written that create what acts with the role. */
  readonly creators: readonly Item[];
}

/**
 * Services that act with a role that the caller passes, and what creates what they act for: all actions of one set are
 * needed. After pathfinding.cloud (Datadog) and, for the last three, the service authorization reference, which names
 * `iam:PassRole` as a dependent action.
 */
const CREATORS: readonly (readonly [service: string, actions: readonly string[]])[] = [
  ['cloudformation', ['cloudformation:CreateStack']],
  ['cloudformation', ['cloudformation:UpdateStack']],
  ['cloudformation', ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet']],
  ['cloudformation', ['cloudformation:CreateStackSet']],
  ['cloudformation', ['cloudformation:UpdateStackSet']],
  ['lambda', ['lambda:CreateFunction']],
  ['ec2', ['ec2:RunInstances']],
  ['ec2', ['ec2:RequestSpotInstances']],
  ['ecs-tasks', ['ecs:RegisterTaskDefinition']],
  ['glue', ['glue:CreateJob']],
  ['glue', ['glue:UpdateJob']],
  ['glue', ['glue:CreateDevEndpoint']],
  ['codebuild', ['codebuild:CreateProject']],
  ['sagemaker', ['sagemaker:CreateNotebookInstance']],
  ['sagemaker', ['sagemaker:CreateTrainingJob']],
  ['sagemaker', ['sagemaker:CreateProcessingJob']],
  ['tasks.apprunner', ['apprunner:CreateService']],
  ['states', ['states:CreateStateMachine']],
  ['scheduler', ['scheduler:CreateSchedule']],
  ['codepipeline', ['codepipeline:CreatePipeline']],
];

const PASSED_TO = 'iam:passedtoservice';

/** The guarded `iam:PassRole` of a policy that are no limit, by the action as written. */
export const passedRolesIn: (policy: PolicyDocument) => ReadonlyMap<Item, PassedRole> = perGrantingGroup(
  (policies): ReadonlyMap<Item, PassedRole> => {
    const found = new Map<Item, PassedRole>();
    judge(policies, found);
    return found;
  },
  // What was found first counts.
  (groups) => new Map(groups.flatMap((group) => [...group]).reverse()),
);

function judge(policies: readonly PolicyDocument[], found: Map<Item, PassedRole>): void {
  const allowing = [...new Set(policies.flatMap(statementsOf))].filter(
    ({ effect, elements }) => effect === 'Allow' && !elements.NotAction && !elements.NotResource,
  );
  const passing = allowing.flatMap((statement) => {
    const guards = statement.conditions.filter(({ key }) => key.toLowerCase() === PASSED_TO);
    const others = statement.conditions.filter((clause) => !guards.includes(clause));
    // Other conditions may limit which roles: that is not judged.
    if (!guards.length || narrowingBy(others, statement) !== 'none') return [];
    return certain(statement)
      .filter(({ text = '' }) => matchesPattern(text, 'iam:PassRole'))
      .map((item) => ({ item, statement, guards }));
  });
  if (!passing.length) return;
  const granting = allowing.filter((statement) => narrowing(statement) === 'none');
  // Whoever controls IAM has everything already: that is one finding, elsewhere.
  if (granting.some((one) => everythingItem(one) && certain(one).some(({ text = '' }) => patternCovers(text, 'iam:*'))))
    return;
  const denied = denials(policies);
  if (denied('iam:PassRole')) return;
  for (const { item, statement, guards } of passing) {
    if (found.has(item)) continue;
    for (const [name, actions] of CREATORS) {
      const service = `${name}.amazonaws.com`;
      if (!guards.every((clause) => letsPass(clause, service, statement)) || actions.some(denied)) continue;
      const creators = creatorsOf(actions, granting, statement);
      if (!creators) continue;
      found.set(item, { service, creators });
      break;
    }
  }
}

/** The action items that are there wherever the statement is. */
function certain(statement: Statement): readonly Item[] {
  return statement.actions.filter((item) => isKnown(item) && !isConditional(item, statement));
}

/** Whether a clause on `iam:PassedToService` certainly lets a role be passed to the service. */
function letsPass(clause: ConditionClause, service: string, statement: Statement): boolean {
  const { name = '', negated } = clause.operator;
  if (!name.startsWith('String') || isConditional(clause, statement)) return false;
  const { template } = statement.policy.resource;
  let named: boolean | undefined = clause.complete ? false : undefined;
  for (const item of clause.values) {
    const text = markedText(item.value, template)?.toLowerCase() ?? HOLE;
    const matches = name.endsWith('Like') ? matchesWildcard(text, service) : text === service;
    if (matches && !isConditional(item, statement)) {
      named = true;
      break;
    }
    if (matches || text.includes(HOLE) || text.includes(FIXED_TEXT)) named = undefined;
  }
  return negated ? named === false : named === true;
}

/** What gives all of the actions, in force together with the statement that passes the role. */
function creatorsOf(
  actions: readonly string[],
  granting: readonly Statement[],
  passing: Statement,
): readonly Item[] | undefined {
  const { template } = passing.policy.resource;
  let assumed: readonly Condition[] = passing.templateConditions;
  const items: Item[] = [];
  for (const action of actions) {
    for (const statement of granting) {
      const item = certain(statement).find(({ text = '' }) => matchesPattern(text, action));
      if (!item || !reaches(statement, action)) continue;
      let together: readonly Condition[] | undefined = assumed;
      for (const condition of statement.templateConditions) together = together && template.assume(together, condition);
      if (!together) continue;
      assumed = together;
      items.push(item);
      break;
    }
  }
  return items.length === actions.length ? [...new Set(items)] : undefined;
}

/** Whether a resource of the statement is of the service: creating under one name is enough. */
function reaches(statement: Statement, action: string): boolean {
  const service = action.slice(0, action.indexOf(':'));
  return (
    everythingItem(statement) !== undefined ||
    statement.resources.some((item) => item.text?.split(':')[2] === service && !isConditional(item, statement))
  );
}
