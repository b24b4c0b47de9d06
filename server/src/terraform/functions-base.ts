/** What Terraform's functions are made of here. */

import type { Node } from '../syntax/node.ts';
import { asNumber, type ListValue, type ObjectValue, type Value } from '../template/value.ts';
import { carry, failure, known, list } from './values.ts';

/** Evaluates with arguments that are no choices; undefined where the result is not known. */
export type Evaluate = (args: readonly Value[], node: Node) => Value | undefined;

/** A known scalar as text. */
export function text(value: Value | undefined): string | undefined {
  return value?.kind === 'known' ? String(value.value) : undefined;
}

/** A known whole number. */
export function integer(value: Value | undefined): number | undefined {
  const number = value && asNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A text in what people take for characters, as Terraform counts them. */
export function characters(whole: string): readonly string[] {
  if (/^[ -~\n\t]*$/.test(whole)) return whole.split('');
  return Array.from(new Intl.Segmenter().segment(whole), ({ segment }) => segment);
}

export function onText(change: (text: string) => string): Evaluate {
  return ([value], node) => {
    const whole = text(value);
    return whole === undefined ? undefined : known(change(whole), node);
  };
}

export function onTexts(change: (first: string, second: string) => string | boolean): Evaluate {
  return ([first, second], node) => {
    const a = text(first);
    const b = text(second);
    return a === undefined || b === undefined ? undefined : known(change(a, b), node);
  };
}

/** A function of numbers; a result that is none (a logarithm of 0) is a failure. */
export function onNumbers(change: (...numbers: number[]) => number): Evaluate {
  return (args, node) => {
    const numbers = args.map(asNumber);
    if (!numbers.length || numbers.some((number) => number === undefined)) return undefined;
    const result = change(...(numbers as number[]));
    return Number.isFinite(result) ? known(result, node) : failure('is no number', node);
  };
}

/** A list of which all items are named. */
export function closed(value: Value | undefined): ListValue | undefined {
  return value?.kind === 'list' && !value.open ? value : undefined;
}

/** A map of which all members are named. */
export function closedObject(value: Value | undefined): ObjectValue | undefined {
  return value?.kind === 'object' && !value.open ? value : undefined;
}

/** A list's items, each with the list's own hops. */
export function items(value: ListValue): Value[] {
  return value.items.map((item) => carry(item, value.via));
}

/** Texts of a list of which all is known. */
export function texts(value: Value | undefined): readonly string[] | undefined {
  const all = closed(value)?.items.map(text);
  return all?.every((one) => one !== undefined) ? (all as string[]) : undefined;
}

export function listOf(values: readonly (string | number)[], node: Node): Value {
  return list(
    values.map((value) => known(value, node)),
    node,
  );
}
