/** Completions of the elements' names: of a document, of a statement, of a data source's blocks. */

import type { Follow } from './complete-insert.ts';
import type { Completion } from './complete-item.ts';
import type { Spot } from './complete-spot.ts';
import type { PolicyKind } from './document.ts';

type Member = readonly [name: string, follow: Follow];

const TEXT: Follow = { kind: 'text' };
const LIST: Follow = { kind: 'list' };
const OBJECT: Follow = { kind: 'object' };
const EFFECT: Follow = { kind: 'text', choices: ['Allow', 'Deny'] };
export const VERSION = '2012-10-17';

const ABOUT: Readonly<Record<string, string>> = {
  Version: 'The version of the policy language',
  Id: 'A name for the policy',
  Statement: 'What is allowed and denied',
  Sid: 'A name for the statement',
  Effect: 'Allow or Deny',
  Principal: 'Whom it is about',
  NotPrincipal: 'Everyone but these: for Deny only',
  Action: 'What may be done',
  NotAction: 'Everything but these actions',
  Resource: 'What it may be done to',
  NotResource: 'Everything but these resources',
  Condition: 'When it holds',
  test: 'The operator',
  variable: 'The condition key',
  values: 'What the key is compared with',
  type: 'AWS, Service, Federated, CanonicalUser or *',
  identifiers: 'ARNs, account ids, names of services',
};

/** Kinds whose statements name principals. */
function principals(kind: PolicyKind | undefined): 'yes' | 'no' | 'maybe' {
  if (kind === undefined || kind === 'other') return 'maybe';
  return kind === 'resource' || kind === 'trust' || kind === 'rcp' || kind === 'vpc-endpoint' ? 'yes' : 'no';
}

/** The elements of a statement of a kind, in the order that people write them. */
function elements(kind: PolicyKind | undefined): Member[] {
  const who = principals(kind);
  const members: Member[] = [['Effect', EFFECT]];
  if (who === 'yes') members.push(['Principal', OBJECT]);
  members.push(['Action', LIST]);
  if (kind !== 'trust') members.push(['Resource', LIST]);
  members.push(['Condition', OBJECT], ['Sid', TEXT], ['NotAction', LIST]);
  if (kind !== 'trust') members.push(['NotResource', LIST]);
  if (who === 'maybe') members.push(['Principal', OBJECT]);
  // Service control policies and resource control policies have no NotPrincipal; elsewhere it works with Deny.
  if (who !== 'no' && kind !== 'rcp') members.push(['NotPrincipal', OBJECT]);
  return members;
}

/** What a new statement begins with. */
export function statementBody(spot: Spot): readonly Member[] {
  const who = principals(spot.kind) === 'yes';
  const isTrust = spot.kind === 'trust';
  return [
    ['Effect', EFFECT],
    ...(who ? [['Principal', OBJECT] as const] : []),
    ['Action', isTrust ? { kind: 'text', value: 'sts:AssumeRole' } : LIST],
    ...(isTrust ? [] : [['Resource', LIST] as const]),
  ];
}

/** Elements that exclude each other. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['Principal', 'NotPrincipal'],
  ['Action', 'NotAction'],
  ['Resource', 'NotResource'],
];

function named(members: readonly Member[], names: readonly string[]): Completion[] {
  const taken = new Set(names);
  for (const [a, b] of PAIRS) {
    if (taken.has(a)) taken.add(b);
    else if (taken.has(b)) taken.add(a);
  }
  return members
    .filter(([name]) => !taken.has(name))
    .map(([name, follow], rank) => ({
      label: name,
      kind: 'element',
      detail: ABOUT[name],
      rank,
      insertion: { parts: [name], follow },
      again: follow.kind === 'list' || follow.kind === 'object',
    }));
}

/** Names of a document's elements. */
export function documentElements(spot: Spot): Completion[] {
  const statement: Follow = { kind: 'statements', many: true, body: statementBody(spot) };
  const members: Member[] = [
    ['Version', { kind: 'text', value: VERSION }],
    ['Statement', statement],
    ['Id', TEXT],
  ];
  return named(members, spot.names);
}

/** Names of a statement's elements. */
export function statementElements(spot: Spot): Completion[] {
  return named(elements(spot.kind), spot.names);
}

/** A statement as a whole, for the list of them. */
export function wholeStatement(spot: Spot): Completion {
  return {
    label: 'Statement',
    kind: 'element',
    detail: 'A new statement',
    rank: -1,
    insertion: { parts: [] },
    object: statementBody(spot),
    always: true,
  };
}

const DATA_MEMBERS: readonly (readonly [name: string, about: string, Follow])[] = [
  ['effect', 'Allow (the default) or Deny', EFFECT],
  ['actions', 'What may be done', LIST],
  ['resources', 'What it may be done to', LIST],
  ['principals', 'Whom it is about', block(['type', TEXT], ['identifiers', LIST])],
  ['condition', 'When it holds', block(['test', TEXT], ['variable', TEXT], ['values', LIST])],
  ['sid', 'A name for the statement', TEXT],
  ['not_actions', 'Everything but these actions', LIST],
  ['not_resources', 'Everything but these resources', LIST],
  ['not_principals', 'Everyone but these', block(['type', TEXT], ['identifiers', LIST])],
];

function block(...body: readonly Member[]): Follow {
  return { kind: 'statements', many: true, body };
}

/** A block of a data source as a whole, for the list of them. */
export function wholeBlock(spot: Spot): Completion {
  const isTrust = spot.kind === 'trust';
  const wanted = isTrust ? ['principals', 'actions'] : ['actions', 'resources'];
  return {
    ...wholeStatement(spot),
    label: 'statement',
    object: wanted.flatMap((wants) =>
      DATA_MEMBERS.flatMap(([name, , follow]): Member[] => (name === wants ? [[name, follow]] : [])),
    ),
  };
}

/** Arguments of a data source; in HCL (`repeats`) a block may be there several times. */
export function sourceElements(spot: Spot, repeats: boolean): Completion[] {
  const members: readonly (readonly [name: string, about: string, Follow])[] = [
    ['statement', 'What is allowed and denied', block(...(wholeBlock(spot).object ?? []))],
    ['source_policy_documents', 'Policies in JSON that it begins with', LIST],
    ['override_policy_documents', 'Policies in JSON whose statements replace those of the same name', LIST],
  ];
  return described(members, repeats ? spot.names.filter((name) => name !== 'statement') : spot.names);
}

/** Arguments of a data source's statement; `repeats` as in {@link sourceElements}. */
export function dataElements(spot: Spot, repeats: boolean): Completion[] {
  const without = spot.kind === 'identity' ? ['principals', 'not_principals'] : [];
  const isBlock = (name: string) => DATA_MEMBERS.some((one) => one[0] === name && one[2].kind === 'statements');
  const taken = repeats ? spot.names.filter((name) => !isBlock(name)) : spot.names;
  return described(DATA_MEMBERS, [...taken, ...without]);
}

function described(
  members: readonly (readonly [name: string, about: string, Follow])[],
  taken: readonly string[],
): Completion[] {
  return members
    .filter(([name]) => !taken.includes(name))
    .map(([name, about, follow], rank) => ({
      label: name,
      kind: 'element',
      detail: about,
      rank,
      insertion: { parts: [name], follow },
      again: follow.kind === 'list',
    }));
}

/** Arguments of a data source's blocks. */
export function blockElements(element: string, spot: Spot): Completion[] {
  const members: readonly Member[] =
    element === 'Condition'
      ? [
          ['test', TEXT],
          ['variable', TEXT],
          ['values', LIST],
        ]
      : [
          ['type', TEXT],
          ['identifiers', LIST],
        ];
  return named(members, spot.names);
}
