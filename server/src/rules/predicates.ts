/** The vocabulary of declared rules: three-valued judgements of a leaf. */

import { asBoolean, asNumber, asPattern, asString, type Leaf } from '../template/value.ts';
import type { Predicate, Verdict } from './rule.ts';

/**
 * Lifts a judgement of scalars: parameters with allowed values violate only if all of them do; text with holes,
 * references and unknowns are not known.
 */
export function scalar(judge: (value: Leaf) => Verdict): Predicate {
  return (value) => {
    if (value.kind === 'unknown' && value.possible?.length) {
      const verdicts = value.possible.map((one) => (one.kind === 'choice' ? undefined : judge(one)));
      const [first] = verdicts;
      return verdicts.every((verdict) => verdict === first) ? first : undefined;
    }
    return judge(value);
  };
}

export const isTrue: Predicate = scalar((value) => asBoolean(value));

export const isFalse: Predicate = scalar((value) => {
  const truth = asBoolean(value);
  return truth === undefined ? undefined : !truth;
});

/** One of the given texts or numbers, without regard to case. */
export function oneOf(...allowed: readonly (string | number)[]): Predicate {
  const set = new Set(allowed.map((one) => String(one).toLowerCase()));
  return scalar((value) => {
    const text = asString(value);
    return text === undefined ? undefined : set.has(text.toLowerCase());
  });
}

/** None of the given texts or numbers, without regard to case. */
export function noneOf(...forbidden: readonly (string | number)[]): Predicate {
  const set = new Set(forbidden.map((one) => String(one).toLowerCase()));
  return scalar((value) => {
    const text = asString(value);
    return text === undefined ? undefined : !set.has(text.toLowerCase());
  });
}

/** A number that is no less than the given one. */
export function atLeast(minimum: number): Predicate {
  return scalar((value) => {
    const number = asNumber(value);
    return number === undefined ? undefined : number >= minimum;
  });
}

/**
 * Set to anything: references, unknowns and blocks count as set; an empty text, list or block does not. Of a value that is
 * still being typed nothing is known.
 */
export const isPresent: Predicate = (value) => {
  if (value.node.kind === 'missing') return undefined;
  if (value.kind === 'list') return value.items.length > 0 || (value.open ? undefined : false);
  if (value.kind === 'known') return value.value !== '';
  return value.kind !== 'absent';
};

/** A text that passes a test; holes are given to the test as `\u0000`, and `undefined` from it means not known. */
export function textThat(test: (text: string) => Verdict): Predicate {
  return scalar((value) => {
    const text = value.kind === 'known' ? String(value.value) : value.kind === 'text' ? asPattern(value) : undefined;
    return text === undefined ? undefined : test(text);
  });
}

/** Turns a violation into a variant of the rule. */
export function otherwise(predicate: Predicate, variant: string): Predicate {
  return (value, found) => {
    const verdict = predicate(value, found);
    return verdict === false ? variant : verdict;
  };
}
