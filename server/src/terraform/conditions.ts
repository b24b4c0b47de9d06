/** Conditions of conditionals: what they ask, and which answers contradict each other. */

import { type Expression, literalText, print, unwrap } from '../syntax/hcl-expression.ts';
import type { Condition } from '../template/value.ts';

/** A condition in terms of the questions it is made of. */
export type Formula =
  | { readonly kind: 'constant'; readonly value: boolean }
  | {
      readonly kind: 'atom';
      readonly id: string;
      /** `left == literal`: of several such atoms about one `left` only one can hold. */
      readonly left?: string;
      readonly literal?: string;
    }
  | { readonly kind: 'not'; readonly of: Formula }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Formula[] };

/** Finds the expression a name stands for (a local), to see the same question behind two names. */
export type Resolve = (expression: Expression) => Expression | undefined;

const MAX_RESOLVE = 8;
const MAX_PARTS = 200;

/** What a condition asks. `!x`, `x == false`, `x != y`, `&&`, `||` and locals are seen through. */
export function formulaOf(expression: Expression, resolve: Resolve): Formula {
  return read(expression, resolve, { left: MAX_PARTS }, 0);
}

/** The same formula, its questions told apart from those of other modules by what is put before them. */
export function within(formula: Formula, before: string): Formula {
  switch (formula.kind) {
    case 'constant':
      return formula;
    case 'atom': {
      const { id, left } = formula;
      return { ...formula, id: before + id, left: left === undefined ? undefined : before + left };
    }
    case 'not':
      return { kind: 'not', of: within(formula.of, before) };
    default:
      return { kind: formula.kind, of: formula.of.map((part) => within(part, before)) };
  }
}

function read(expression: Expression, resolve: Resolve, budget: { left: number }, depth: number): Formula {
  const written = unwrap(expression);
  if (budget.left-- <= 0) return { kind: 'atom', id: print(written) };
  if (depth < MAX_RESOLVE) {
    const meant = resolve(written);
    if (meant) return read(meant, resolve, budget, depth + 1);
  }
  const inside = (inner: Expression) => read(inner, resolve, budget, depth);
  if (written.kind === 'literal' && typeof written.value === 'boolean')
    return { kind: 'constant', value: written.value };
  if (written.kind === 'template' && written.parts.length === 1 && written.parts[0]?.kind === 'interpolation') {
    return inside(written.parts[0].expression);
  }
  if (written.kind === 'unary' && written.operator === '!') return negate(inside(written.operand));
  if (written.kind === 'conditional') {
    // `x ? true : false` and its reverse.
    const whenTrue = truth(written.whenTrue);
    const whenFalse = truth(written.whenFalse);
    if (whenTrue === true && whenFalse === false) return inside(written.condition);
    if (whenTrue === false && whenFalse === true) return negate(inside(written.condition));
  }
  if (written.kind === 'binary') {
    const { operator, left, right } = written;
    if (operator === '&&' || operator === '||') {
      return { kind: operator === '&&' ? 'and' : 'or', of: [inside(left), inside(right)] };
    }
    if (operator === '!=') return negate(equality(left, right, inside));
    if (operator === '==') return equality(left, right, inside);
  }
  return { kind: 'atom', id: print(written) };
}

function equality(left: Expression, right: Expression, inside: (inner: Expression) => Formula): Formula {
  const [subject, other] = literalOf(left) === undefined ? [left, right] : [right, left];
  const answer = truth(other);
  if (answer !== undefined) return answer ? inside(subject) : negate(inside(subject));
  const literal = literalOf(other);
  const name = operandText(subject);
  if (literal === undefined) return { kind: 'atom', id: `${name} == ${operandText(other)}` };
  return { kind: 'atom', id: `${name} == ${literal}`, left: name, literal };
}

function operandText(expression: Expression): string {
  const text = print(expression);
  const { kind } = unwrap(expression);
  return kind === 'binary' || kind === 'conditional' ? `(${text})` : text;
}

function truth(expression: Expression): boolean | undefined {
  const inner = unwrap(expression);
  return inner.kind === 'literal' && typeof inner.value === 'boolean' ? inner.value : undefined;
}

function literalOf(expression: Expression): string | undefined {
  const inner = unwrap(expression);
  return inner.kind === 'literal' || literalText(inner) !== undefined ? print(inner) : undefined;
}

function negate(formula: Formula): Formula {
  if (formula.kind === 'constant') return { kind: 'constant', value: !formula.value };
  return formula.kind === 'not' ? formula.of : { kind: 'not', of: formula };
}

function idOf(formula: Formula): string {
  switch (formula.kind) {
    case 'constant':
      return String(formula.value);
    case 'atom':
      return formula.id;
    case 'not':
      return `!${nested(formula.of)}`;
    default:
      return formula.of.map(nested).join(formula.kind === 'and' ? ' && ' : ' || ');
  }
}

function nested(formula: Formula): string {
  const id = idOf(formula);
  return formula.kind === 'and' || formula.kind === 'or' || (formula.kind === 'atom' && formula.left) ? `(${id})` : id;
}

/** The formulas behind the conditions of one template, by id. */
export class Conditions {
  private readonly formulas = new Map<string, Formula>();

  /** The condition under which a formula has a value; its id is that of the formula without negation. */
  of(formula: Formula, value: boolean): Condition {
    if (formula.kind === 'not') return this.of(formula.of, !value);
    const id = idOf(formula);
    this.formulas.set(id, formula);
    return { id, value, text: textOf(formula, value) };
  }

  /**
   * Adds a condition to those assumed.
   * @returns undefined where they cannot hold together; the same list where it follows from what is assumed by its id.
   */
  assume(assumed: readonly Condition[], condition: Condition): readonly Condition[] | undefined {
    for (const other of assumed) {
      if (other.id === condition.id) return other.value === condition.value ? assumed : undefined;
    }
    const all = [...assumed, condition];
    const facts = new Map<string, boolean>();
    for (const { id, value } of all)
      if (typeof value === 'boolean' && !this.learn(this.formula(id), value, facts)) return undefined;
    for (const { id, value } of all) {
      const found = judge(this.formula(id), facts);
      if (found !== undefined && found !== value) return undefined;
    }
    return all;
  }

  private formula(id: string): Formula {
    return this.formulas.get(id) ?? { kind: 'atom', id };
  }

  /** Notes what follows of single questions; false where that contradicts what is noted. */
  private learn(formula: Formula, value: boolean, facts: Map<string, boolean>): boolean {
    switch (formula.kind) {
      case 'constant':
        return formula.value === value;
      case 'not':
        return this.learn(formula.of, !value, facts);
      case 'and':
      case 'or':
        // Of `a && b` being false neither `a` nor `b` follows; judged afterwards.
        return value !== (formula.kind === 'and') || formula.of.every((part) => this.learn(part, value, facts));
      case 'atom': {
        if ((facts.get(formula.id) ?? value) !== value) return false;
        if (value && formula.left !== undefined) {
          const held = `\0${formula.left}`;
          for (const key of facts.keys())
            if (key.startsWith(`${held}\0`) && key !== `${held}\0${formula.literal}`) return false;
          facts.set(`${held}\0${formula.literal}`, true);
        }
        facts.set(formula.id, value);
        return true;
      }
    }
  }
}

function judge(formula: Formula, facts: ReadonlyMap<string, boolean>): boolean | undefined {
  switch (formula.kind) {
    case 'constant':
      return formula.value;
    case 'atom': {
      const fact = facts.get(formula.id);
      if (fact !== undefined || formula.left === undefined) return fact;
      // It equals another literal.
      for (const key of facts.keys()) if (key.startsWith(`\0${formula.left}\0`)) return false;
      return undefined;
    }
    case 'not': {
      const inner = judge(formula.of, facts);
      return inner === undefined ? undefined : !inner;
    }
    default: {
      const decisive = formula.kind === 'or';
      const parts = formula.of.map((part) => judge(part, facts));
      if (parts.includes(decisive)) return decisive;
      return parts.includes(undefined) ? undefined : !decisive;
    }
  }
}

function textOf(formula: Formula, value: boolean): string {
  const id = idOf(formula);
  if (value) return id;
  if (formula.kind === 'atom') {
    if (formula.left !== undefined) return `${formula.left} != ${formula.literal}`;
    return id.includes(' ') ? `not (${id})` : `not ${id}`;
  }
  return `not (${id})`;
}
