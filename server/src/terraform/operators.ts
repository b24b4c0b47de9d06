/** Terraform's operators on values without choices. What is not certain is Unknown. */

import type { BinaryOperator } from '../syntax/hcl-expression.ts';
import type { Node } from '../syntax/node.ts';
import { asBoolean, asNumber, type Scalar, type Value } from '../template/value.ts';
import { failure, isFailure, known, unknown } from './values.ts';

/** `-x`, `!x`. */
export function unary(operator: '-' | '!', value: Value, node: Node): Value {
  if (value.kind !== 'known') return undecided([value], node);
  if (operator === '!') {
    const truth = asBoolean(value);
    return truth === undefined ? failure('is no boolean', node) : known(!truth, node);
  }
  const number = asNumber(value);
  return number === undefined ? failure('is no number', node) : known(-number, node);
}

/** `x op y`. */
export function binary(operator: BinaryOperator, left: Value, right: Value, node: Node): Value {
  switch (operator) {
    case '&&':
    case '||': {
      const truths = [left, right].map(asBoolean);
      const decisive = operator === '||';
      if (truths.includes(decisive)) return known(decisive, node);
      return truths.includes(undefined) ? undecided([left, right], node) : known(!decisive, node);
    }
    case '==':
    case '!=': {
      const same = equal(left, right);
      return same === undefined ? undecided([left, right], node) : known(same === (operator === '=='), node);
    }
    default: {
      const a = asNumber(left);
      const b = asNumber(right);
      if (a === undefined || b === undefined) {
        return left.kind === 'known' && right.kind === 'known'
          ? failure('is no number', node)
          : undecided([left, right], node);
      }
      const result = arithmetic(operator, a, b);
      return typeof result === 'number' && !Number.isFinite(result)
        ? failure('is no number', node)
        : known(result, node);
    }
  }
}

function arithmetic(operator: Exclude<BinaryOperator, '&&' | '||' | '==' | '!='>, a: number, b: number): Scalar {
  switch (operator) {
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
  }
}

/**
 * Whether two values are the same; undefined where that is not known. A number and a text are never equal in Terraform,
 * but a variable's type may have converted one of them: not known.
 */
export function equal(left: Value, right: Value): boolean | undefined {
  if (left.kind === 'known' && right.kind === 'known') {
    if (left.value === right.value) return true;
    if (typeof left.value === typeof right.value) return false;
    return String(left.value) === String(right.value) ? undefined : false;
  }
  if (left.kind === 'absent' && right.kind === 'absent') return true;
  const set = (value: Value) =>
    value.kind === 'known' || value.kind === 'object' || value.kind === 'list' || value.kind === 'text';
  if ((left.kind === 'absent' && set(right)) || (right.kind === 'absent' && set(left))) return false;
  if (left.kind === 'list' && right.kind === 'list' && !left.open && !right.open) {
    if (left.items.length !== right.items.length) return false;
    const items = left.items.map((item, i) => equal(item, right.items[i] as Value));
    return items.includes(false) ? false : items.includes(undefined) ? undefined : true;
  }
  return undefined;
}

function undecided(values: readonly Value[], node: Node): Value {
  if (values.some(isFailure)) return failure('an operand cannot be evaluated', node);
  for (const value of values) if (value.kind === 'unknown') return unknown(value.why, node);
  return unknown('depends on something not known yet', node);
}
