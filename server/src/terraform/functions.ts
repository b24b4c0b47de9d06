/**
 * Terraform's functions, as far as they are pure and what they are given is known; everything else is Unknown
 * (developer.hashicorp.com/terraform/language/functions).
 */

import type { Node } from '../syntax/node.ts';
import type { Value } from '../template/value.ts';
import type { Evaluate } from './functions-base.ts';
import { COLLECTION_FUNCTIONS } from './functions-collections.ts';
import { ENCODING_FUNCTIONS } from './functions-encoding.ts';
import { NUMBER_FUNCTIONS } from './functions-numbers.ts';
import { TEXT_FUNCTIONS } from './functions-text.ts';
import { asSet, combine, failure, isFailure, isSet, unknown } from './values.ts';

const FUNCTIONS: ReadonlyMap<string, Evaluate> = new Map([
  ...COLLECTION_FUNCTIONS,
  ...ENCODING_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...TEXT_FUNCTIONS,
]);

const READS_FILE = 'a file that Terraform reads';
const WHEN_RUN = 'is known when Terraform runs';
const PATTERN = 'a regular expression, which is not run';

/** Why the result of a function is never known. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['bcrypt', WHEN_RUN],
  ['file', READS_FILE],
  ['filebase64', READS_FILE],
  ['fileexists', READS_FILE],
  ['fileset', READS_FILE],
  ['plantimestamp', WHEN_RUN],
  ['regex', PATTERN],
  ['regexall', PATTERN],
  ['templatefile', READS_FILE],
  ['timestamp', WHEN_RUN],
  ['uuid', WHEN_RUN],
]);

/** Functions of what the items of a list are: a list with choices in it is a choice of lists for them. */
const OF_ITEMS: ReadonlySet<string> = new Set([
  'alltrue',
  'anytrue',
  'coalescelist',
  'compact',
  'contains',
  'distinct',
  'element',
  'flatten',
  'formatlist',
  'index',
  'join',
  'one',
  'setintersection',
  'setproduct',
  'setsubtract',
  'setunion',
  'sort',
  'sum',
  'toset',
  'zipmap',
]);

/** The result of a call, said to be at `node`. Arguments are no choices. */
export function call(name: string, args: readonly Value[], node: Node): Value {
  const plain = name.startsWith('core::') ? name.slice('core::'.length) : name;
  const evaluate = FUNCTIONS.get(plain);
  if (!evaluate) return unknown(REASONS.get(plain) ?? `${name}() is not evaluated`, node);
  if (OF_ITEMS.has(plain) && args.some(hasChoices)) {
    const lists = args.map((arg) => withoutChoices(arg, node));
    return combine(lists, node, (taken) => run(plain, evaluate, taken, node));
  }
  return run(plain, evaluate, args, node);
}

function run(name: string, evaluate: Evaluate, args: readonly Value[], node: Node): Value {
  if (name !== 'can' && args.some(isFailure)) return failure('an argument cannot be evaluated', node);
  const result = evaluate(args, node);
  if (result) return result;
  const reason = args.find((arg) => arg.kind === 'unknown');
  return unknown(reason?.kind === 'unknown' ? reason.why : `${name}() is not evaluated`, node);
}

function hasChoices(value: Value): boolean {
  return value.kind === 'list' && value.items.some((item) => item.kind === 'choice');
}

/** A list of choices as a choice of lists; as it is where these are too many. */
function withoutChoices(value: Value, node: Node): Value {
  if (value.kind !== 'list' || !hasChoices(value)) return value;
  const lists = combine(value.items, node, (items) => {
    const { node, open, via, sensitive } = value;
    const taken = { kind: 'list' as const, items, node, open, via, sensitive };
    return isSet(value) ? asSet(taken) : taken;
  });
  return lists.kind === 'unknown' ? value : lists;
}
