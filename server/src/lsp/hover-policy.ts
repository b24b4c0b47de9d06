/** What a policy comes to as a whole: whom it lets in, or what it allows; for the hover on its first key. */

import { expandActionPattern, patternCovers, serviceTitle } from '../iam/actions.ts';
import { byWeight, inServices } from '../iam/describe-action.ts';
import { nobody } from '../iam/describe-principal.ts';
import { byLevel, code, counted, listed, type PolicyPart, plain } from '../iam/describe-text.ts';
import { HOLE, isConditional, isKnown, isWildcard, type PolicyDocument, type Statement } from '../iam/document.ts';
import { escalationPaths } from '../iam/escalation.ts';
import { identify } from '../iam/principals.ts';
import { type PrincipalVerdict, publicVerdict, type Verdict } from '../iam/public.ts';
import type { ActionInfo } from '../iam/reference.ts';
import { effectivelyEverything, everythingItem } from '../rules/iam-breadth.ts';
import { denials, statementsOf } from '../rules/iam-denials.ts';
import { narrowing } from '../rules/iam-narrowing.ts';
import type { Node } from '../syntax/node.ts';
import { once } from '../template/tracking.ts';

/** Ways to more rights that are told. */
const MOST_PATHS = 2;
/** Those let in who are told by name. */
const MOST_NAMES = 3;

/** The summary of a policy, about the key on which it is shown. */
export function describePolicy(policy: PolicyDocument, node: Node): PolicyPart {
  return { title: titleOf(policy), lines: linesOf(policy), node };
}

const linesOf = once((policy: PolicyDocument): readonly string[] => {
  const doubt = policy.open === undefined ? '' : `More statements may exist: ${plain(policy.open)}.`;
  return [countLine(policy), ...summary(policy), doubt].filter(Boolean);
});

function titleOf({ kind, service, form }: PolicyDocument): string {
  const name = service === undefined ? undefined : (serviceTitle(service) ?? service);
  switch (kind) {
    case 'identity':
      return service === 'iot' ? 'Policy of AWS IoT' : 'Identity policy';
    case 'trust':
      return 'Trust policy';
    case 'session':
      return 'Session policy';
    case 'boundary':
      return 'Permissions boundary';
    case 'scp':
      return 'Service control policy';
    case 'rcp':
      return 'Resource control policy';
    case 'vpc-endpoint':
      return name === undefined ? 'VPC endpoint policy' : `VPC endpoint policy (${name})`;
    case 'resource':
      return `${form === 'flat' ? 'Permission' : 'Resource policy'}${name === undefined ? '' : ` (${name})`}`;
    default:
      return 'Policy';
  }
}

function countLine(policy: PolicyDocument): string {
  if (policy.form === 'flat') return '';
  const all = statementsOf(policy);
  if (!all.length) return 'No statement that can be read.';
  const of = (effect: Statement['effect']) =>
    new Set(all.filter((one) => one.effect === effect).map(({ node }) => node)).size;
  const total = new Set(all.map(({ node }) => node)).size;
  const [allow, deny] = [of('Allow'), of('Deny')];
  const parts = [allow ? `${allow} Allow` : '', deny ? `${deny} Deny` : ''].filter(Boolean);
  const unclear = total - allow - deny > 0 ? [`${total - allow - deny} whose effect is not known`] : [];
  const only = total === 1 && !unclear.length;
  return only
    ? `1 statement, ${allow ? 'Allow' : 'Deny'}.`
    : `${counted(total, 'statement')}: ${[...parts, ...unclear].join(', ')}.`;
}

function summary(policy: PolicyDocument): string[] {
  switch (policy.kind) {
    case 'resource':
    case 'trust':
      return admission(policy);
    case 'identity':
      return policy.service === 'iot' ? [] : permissions(policy);
    case 'boundary':
    case 'session':
      return ['It grants nothing: of what other policies grant, what it allows remains.', ...leaves(policy)];
    case 'scp':
      return ['It grants nothing: it limits what the principals of member accounts can do.', ...limits(policy)];
    case 'rcp':
      return ['It grants nothing: it limits what can be done to the resources of member accounts.', ...limits(policy)];
    case 'vpc-endpoint':
      return ['It grants nothing: it limits what passes through the endpoint.', ...limits(policy)];
    default:
      return [];
  }
}

// ---- whom it lets in

const WHOM: Readonly<Record<Verdict, string>> = {
  PUBLIC: 'everyone',
  'ANY-AWS-ACCOUNT': 'every AWS account',
  'SERVICE-UNBOUNDED': 'AWS services on behalf of any account',
  'EXTERNAL-ACCOUNT': 'other accounts',
  UNKNOWN: 'not known',
  ORG: 'an organization',
  OWN: 'your own account',
  FIXED: 'who is named',
  NONE: 'nobody',
};

function admission(policy: PolicyDocument): string[] {
  const verdict = publicVerdict(policy);
  const { principals } = verdict;
  if (!principals.length) {
    return policy.open === undefined ? ['No statement lets anyone in.'] : [];
  }
  const groups = new Map<Verdict, PrincipalVerdict[]>();
  for (const one of principals) {
    const group = groups.get(one.verdict);
    if (group) group.push(one);
    else groups.set(one.verdict, [one]);
  }
  const lines: string[] = [];
  for (const [kind, group] of groups) {
    if (kind === 'NONE' && groups.size > 1) continue;
    if (kind === 'UNKNOWN')
      lines.push(`Not known whom it lets in${lines.length ? ' besides' : ''}: ${reasonOf(group[0])}.`);
    else lines.push(groupLine(kind, group, policy));
  }
  return lines.slice(0, 6);
}

function groupLine(
  kind: Exclude<Verdict, 'UNKNOWN'>,
  group: readonly PrincipalVerdict[],
  policy: PolicyDocument,
): string {
  const [first] = group;
  const names = namesOf(group);
  switch (kind) {
    case 'PUBLIC': {
      const whom =
        policy.kind === 'trust' && first?.identity?.form !== 'oidc'
          ? 'every principal of every AWS account'
          : WHOM.PUBLIC;
      const how = first?.anonymous ? ', without credentials' : '';
      return `Lets in ${whom}${how}: ${reasonOf(first)}.`;
    }
    case 'ANY-AWS-ACCOUNT':
    case 'SERVICE-UNBOUNDED':
      return `Lets in ${WHOM[kind]}${names && kind === 'SERVICE-UNBOUNDED' ? ` (${names})` : ''}: ${reasonOf(first)}.`;
    case 'EXTERNAL-ACCOUNT':
      return `Lets in other accounts: ${names || reasonOf(first)}.`;
    case 'ORG':
      return `Lets in an organization: ${byKeys(group) || names}.`;
    case 'OWN':
      return `Lets in principals of your own account${names ? `: ${names}` : ''}.`;
    case 'FIXED':
      return `Lets in whom it names${names ? `: ${names}` : ''}${byKeys(group) ? `, narrowed by ${byKeys(group)}` : ''}.`;
    case 'NONE':
      return first ? nobody(first) : '';
  }
}

function reasonOf(verdict: PrincipalVerdict | undefined): string {
  if (!verdict) return '';
  const number = verdict.statement.index + 1;
  const reasons = verdict.notNarrowedBy.slice(0, 2).map((one) => `${code(one.clause.key)} ${plain(one.why)}`);
  const unhelped = verdict.verdict !== 'UNKNOWN' && reasons.length ? `; ${reasons.join('; ')}` : '';
  return `${plain(verdict.why)}${unhelped} (statement ${number})`;
}

/** Principals by name, where the template writes one. */
function namesOf(group: readonly PrincipalVerdict[]): string {
  const names = group.flatMap(({ principal }) => {
    const { text, value } = principal ?? {};
    if (value?.kind === 'reference') return [value.target];
    return text === undefined || text === HOLE || text === '*' ? [] : [plain(text)];
  });
  return listed([...new Set(names)], MOST_NAMES);
}

function byKeys(group: readonly PrincipalVerdict[]): string {
  return listed([...new Set(group.flatMap(({ narrowedBy }) => (narrowedBy ? [narrowedBy.key] : [])))], MOST_NAMES);
}

// ---- what it allows

interface Allowed {
  /** All that is allowed for certain, on something, under whatever condition. */
  readonly actions: ReadonlySet<ActionInfo>;
  /** What of it no condition narrows, on every resource that it works on. */
  readonly broad: ReadonlySet<ActionInfo>;
  /** Whether some statement allows what is not known. */
  readonly more: boolean;
  /** Whether a statement may be broader than is known. */
  readonly unsure: boolean;
  /** Whether some of it hangs on a condition of the template. */
  readonly conditional: boolean;
}

function allowedBy(policy: PolicyDocument): Allowed {
  const denied = deniedBy(policy);
  const actions = new Set<ActionInfo>();
  const broad = new Set<ActionInfo>();
  let more = policy.open !== undefined;
  let unsure = false;
  let conditional = false;
  for (const statement of statementsOf(policy)) {
    if (statement.effect === 'Deny') continue;
    if (statement.effect === undefined) {
      more = true;
      continue;
    }
    const items = actionsOf(statement);
    if (!items) {
      more = true;
      continue;
    }
    more ||= !items.complete;
    unsure ||= mayBeBroader(statement);
    conditional ||= isOptional(statement);
    const free = narrowing(statement) === 'none';
    const isBroad = breadthOf(statement);
    for (const action of items.actions) {
      if (denied(action)) continue;
      actions.add(action);
      if (free && isBroad(action)) broad.add(action);
    }
  }
  return { actions, broad, more, unsure, conditional };
}

/** Tells what may be denied on everything, as `denials` does; where all is known, without comparing every action. */
function deniedBy(policy: PolicyDocument): (action: ActionInfo) => boolean {
  const denying = statementsOf(policy).filter((statement) => statement.effect !== 'Allow');
  if (!denying.length) return () => false;
  const certain = denying.every(
    (statement) =>
      statement.effect === 'Deny' && statement.hasCondition !== 'unknown' && actionsOf(statement)?.complete === true,
  );
  if (!certain) {
    const denied = denials([policy]);
    return (action) => denied(action.full);
  }
  const all = denying.filter((statement) => statement.hasCondition === false && everythingItem(statement));
  const actions = new Set(all.flatMap((statement) => [...(actionsOf(statement)?.actions ?? [])]));
  return (action) => actions.has(action);
}

/** Whether resources or conditions of a statement are not known. */
function mayBeBroader(statement: Statement): boolean {
  if (statement.openElements.has('Resource') || narrowing(statement) === 'unknown') return true;
  return statement.resources.some(
    ({ text, value }) => text === undefined || (text === HOLE && value.kind === 'unknown'),
  );
}

/** Whether a statement is there only under a condition of the template that its policy is not under. */
function isOptional({ templateConditions, policy }: Statement): boolean {
  return templateConditions.length > policy.conditions.length;
}

/** Tells whether a statement allows an action on all that it works on. Thousands of actions share a few resource types. */
function breadthOf(statement: Statement): (action: ActionInfo) => boolean {
  if (everythingItem(statement)) return () => true;
  const covers = new Map<string, boolean>();
  return (action) =>
    action.resourceTypes.length > 0 &&
    action.resourceTypes.every((type) => {
      let covered = covers.get(type.arnPattern);
      if (covered === undefined) {
        covered = effectivelyEverything(statement, { ...action, resourceTypes: [type] }) !== undefined;
        covers.set(type.arnPattern, covered);
      }
      return covered;
    });
}

/** The actions that a statement speaks of for certain; undefined where NotAction is not known in full. */
function actionsOf(
  statement: Statement,
): { readonly actions: Iterable<ActionInfo>; readonly complete: boolean } | undefined {
  const written = statement.elements.NotAction ? statement.notActions : statement.actions;
  const certain = written.filter((item) => isKnown(item) && !isConditional(item, statement));
  const complete = certain.length === written.length && statement.openElements.size === 0;
  const actions = new Set(certain.flatMap((item) => expandActionPattern(item.text ?? '')));
  if (!statement.elements.NotAction) return { actions, complete };
  if (!complete) return undefined;
  return { actions: expandActionPattern('*').filter((action) => !actions.has(action)), complete };
}

function permissions(policy: PolicyDocument): string[] {
  const allowed = allowedBy(policy);
  const { actions, broad } = allowed;
  if (!actions.size) return [allowed.more ? 'What it allows is not known.' : 'It allows nothing that is known.'];
  if (isAdministrator(policy)) {
    return [
      'Administrator: it allows every action on every resource, without a condition.',
      sumLine('Allows', allowed),
    ];
  }
  const owner = controlsIam(policy);
  const lines = owner
    ? ['It allows every IAM action on every resource: with that its holder can grant itself all others.']
    : [];
  lines.push(sumLine('Allows', allowed));
  if (broad.size === actions.size) {
    const [all, them] = actions.size === 1 ? ['It does so', 'it'] : ['All of them', 'them'];
    lines.push(`${all} on every resource, without a condition that narrows ${them}.`);
  } else if (broad.size) {
    lines.push(`On every resource, without a condition: ${counted(broad.size, 'action')} (${byLevel(broad)}).`);
  } else {
    const none = allowed.unsure ? 'None of them for certain' : 'None of them';
    lines.push(`${none} on every resource without a condition.`);
  }
  if (!owner) lines.push(...pathLines(broad));
  const limiting = statementsOf(policy).filter(
    (one) => one.effect === 'Deny' && (one.hasCondition !== false || !everythingItem(one)),
  ).length;
  if (limiting) {
    const some = limiting === 1 ? 'A Deny statement takes' : `${limiting} Deny statements take`;
    lines.push(`${some} from this, on some resources or under conditions.`);
  }
  return lines;
}

function sumLine(verb: string, { actions, more, conditional }: Allowed): string {
  const services = new Set([...actions].map((action) => action.service));
  const besides = more ? ' And more that is not known.' : '';
  const optional = conditional ? ' Some of it only under conditions of the template.' : '';
  return `${verb} ${counted(actions.size, 'action')} of ${inServices([...services])}: ${byLevel(actions)}.${besides}${optional}`;
}

function pathLines(broad: ReadonlySet<ActionInfo>): string[] {
  const names = new Set([...broad].map(({ full }) => full));
  const paths = escalationPaths({ covers: (action) => names.has(action) }).sort(byWeight);
  const lines = paths
    .slice(0, MOST_PATHS)
    .map((path) => `Can raise privileges: its holder can ${path.title} (${listed(path.actions)}).`);
  const more = paths.length - MOST_PATHS;
  if (more > 0) lines.push(`And ${counted(more, 'more way')} to raise privileges.`);
  return lines;
}

/** What a boundary leaves of other policies. */
function leaves(policy: PolicyDocument): string[] {
  const allowed = allowedBy(policy);
  if (isAdministrator(policy)) return ['It leaves everything.'];
  return allowed.actions.size ? [sumLine('It leaves', allowed)] : [];
}

function isAdministrator(policy: PolicyDocument): boolean {
  return (
    grantsAll(policy, '*') &&
    !statementsOf(policy).some((statement) => statement.effect !== 'Allow') &&
    policy.open === undefined
  );
}

function controlsIam(policy: PolicyDocument): boolean {
  const denied = denials([policy]);
  return grantsAll(policy, 'iam:*') && !denied('iam:PutUserPolicy') && !denied('iam:AttachRolePolicy');
}

/** Whether some statement allows all that a pattern stands for, on everything and without a condition. */
function grantsAll(policy: PolicyDocument, pattern: string): boolean {
  return statementsOf(policy).some(
    (statement) =>
      statement.effect === 'Allow' &&
      !isOptional(statement) &&
      everythingItem(statement) !== undefined &&
      narrowing(statement) === 'none' &&
      statement.actions.some(
        (item) => isKnown(item) && !isConditional(item, statement) && patternCovers(item.text ?? '', pattern),
      ),
  );
}

// ---- what it limits

function limits(policy: PolicyDocument): string[] {
  const statements = statementsOf(policy);
  const lines: string[] = [];
  const allows = statements.filter((statement) => statement.effect === 'Allow');
  const full = allows.some(
    (statement) =>
      statement.hasCondition === false &&
      !isOptional(statement) &&
      statement.actions.some(isWildcard) &&
      (everythingItem(statement) !== undefined || !statement.elements.Resource) &&
      letsInAll(statement),
  );
  if (full) {
    lines.push(
      statements.some((statement) => statement.effect === 'Deny')
        ? 'It lets everything pass but what it denies.'
        : 'It lets everything pass.',
    );
  } else if (allows.length) {
    const rest =
      policy.kind === 'vpc-endpoint' ? 'the rest is refused' : 'the rest only where another policy beside it does';
    lines.push(`Lets pass: ${permissionsInShort(allows)}; ${rest}.`);
  } else if (policy.open === undefined && statements.every((one) => one.effect === 'Deny')) {
    lines.push(
      policy.kind === 'vpc-endpoint'
        ? 'It allows nothing: no request passes.'
        : 'It only denies: what passes, another policy beside it must allow.',
    );
  }
  for (const statement of statements.filter((one) => one.effect === 'Deny').slice(0, 3)) {
    lines.push(denyLine(statement));
  }
  return lines;
}

function letsInAll(statement: Statement): boolean {
  if (!statement.principals.length) return !statement.elements.Principal && !statement.elements.NotPrincipal;
  return statement.principals.some((principal) => identify(principal, statement.policy).form === 'everyone');
}

function permissionsInShort(statements: readonly Statement[]): string {
  const actions = new Set<ActionInfo>();
  for (const statement of statements) for (const action of actionsOf(statement)?.actions ?? []) actions.add(action);
  return actions.size
    ? `${counted(actions.size, 'action')} (${byLevel(actions)}), as the statements narrow them`
    : 'what the statements name';
}

function denyLine(statement: Statement): string {
  const actions = [...(actionsOf(statement)?.actions ?? [])];
  const count = `${counted(actions.length, 'action')} (${byLevel(actions)})`;
  const what = statement.actions.some(isWildcard)
    ? 'every action'
    : !actions.length
      ? 'actions that are not known'
      : statement.elements.NotAction
        ? `all actions but those of NotAction, ${count}`
        : count;
  const keys = [...new Set(statement.conditions.map((clause) => clause.key))];
  const where = keys.length ? ` where its condition on ${listed(keys, 3)} holds` : '';
  const on = statement.elements.Resource && !everythingItem(statement) ? ' on some resources' : '';
  return `Statement ${statement.index + 1} denies ${what}${on}${where}.`;
}
