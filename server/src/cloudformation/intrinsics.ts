/** The intrinsic functions of CloudFormation and its language extensions, as far as they can be told before deployment. */

import type { Node } from '../syntax/node.ts';
import type { Condition, Reference, Value } from '../template/value.ts';
import { concatenate, overBranches } from './branches.ts';
import { argumentsOf, argumentText, type Call, callOf, plainText } from './call.ts';
import { longCondition } from './conditions.ts';
import { findInMap } from './mappings.ts';
import { parameterValue } from './parameters.ts';
import type { Scope } from './scope.ts';
import { splitSubstitution } from './substitution.ts';
import { LazyAlternative, LazyChoice, LazyList, nothing, unknown, withHops, writtenItems } from './values.ts';

const FUNCTIONS: ReadonlyMap<string, (call: Call, scope: Scope) => Value> = new Map([
  ['Ref', ref],
  ['Fn::GetAtt', getAtt],
  ['Fn::Sub', sub],
  ['Fn::Join', join],
  ['Fn::Select', selectItem],
  ['Fn::Split', split],
  ['Fn::If', choose],
  ['Fn::FindInMap', findInMap],
  // What is encoded is what rules look at: user data, for the most part.
  ['Fn::Base64', (call: Call, scope: Scope) => scope.argument(call)],
  ['Fn::ToJsonString', (call: Call, scope: Scope) => scope.argument(call)],
  ['Fn::Length', lengthOf],
]);

/** What a call yields. Functions that only a deployment can answer are unknown. */
export function evaluateCall(call: Call, scope: Scope): Value {
  const evaluate = FUNCTIONS.get(call.name);
  return evaluate ? evaluate(call, scope) : unknown(call.node, `${call.name} is known at deployment only`);
}

function ref(call: Call, scope: Scope): Value {
  const name = argumentText(call);
  return name ? named(name, call.node, scope) : unknown(call.node, 'the name is not written yet');
}

/** What a plain name stands for: parameter, resource, pseudo parameter. */
function named(name: string, node: Node, scope: Scope): Value {
  if (name === 'AWS::NoValue') return nothing(node);
  if (name.startsWith('AWS::')) return { kind: 'reference', node, target: name, to: 'pseudo' };
  const { parameters, conditions } = scope.names;
  const parameter = parameters.get(name);
  if (parameter) {
    return parameterValue(parameter, node, (text, isDefault) =>
      conditions.excludes(scope.assumed, name, text, isDefault),
    );
  }
  if (scope.names.isResource(name)) return { kind: 'reference', node, target: name, to: 'resource' };
  // SAM names what it makes for a resource as its attributes: `Function.Version`, `Function.Alias`.
  const dot = name.indexOf('.');
  if (dot > 0 && scope.names.isResource(name.slice(0, dot)))
    return attribute(name.slice(0, dot), name.slice(dot + 1), node);
  if (scope.names.isGenerated(name)) return { kind: 'reference', node, target: name, to: 'resource' };
  return unknown(node, `${name} is not declared`);
}

function attribute(target: string, name: string, node: Node): Reference {
  return { kind: 'reference', node, target, to: 'resource', attribute: name };
}

function attributeOf(path: string, node: Node, scope: Scope): Value {
  const dot = path.indexOf('.');
  const target = dot < 0 ? path : path.slice(0, dot);
  if (dot < 0 || dot === path.length - 1) return unknown(node, 'the attribute is not written yet');
  if (!scope.names.isResource(target) && !scope.names.isGenerated(target))
    return unknown(node, `${target} is not declared`);
  return attribute(target, path.slice(dot + 1), node);
}

function getAtt(call: Call, scope: Scope): Value {
  const text = argumentText(call);
  if (text !== undefined) return attributeOf(text, call.node, scope);
  const parts = argumentsOf(call).map((item) => scope.evaluate(item));
  return overBranches(scope, call.node, parts, (values) => {
    const path = concatenate(
      call.node,
      values.flatMap((value, i) => (i ? ['.', value] : [value])),
    );
    return path.kind === 'known' && values.length > 1
      ? attributeOf(String(path.value), call.node, scope)
      : unknown(call.node, 'the attribute is known at deployment only');
  });
}

/** `Fn::Sub`: a text with holes, or a list of it and of variables that win over other names. */
function sub(call: Call, scope: Scope): Value {
  const items = argumentsOf(call);
  const text = items.length ? plainText(items[0]) : argumentText(call);
  if (text === undefined) return unknown(call.node, 'the text is not written yet');
  const variables = items[1]?.kind === 'object' && !callOf(items[1]) ? items[1] : undefined;
  const parts = splitSubstitution(text);
  const values = parts.map((part): Value => {
    if (typeof part === 'string') return { kind: 'known', node: call.node, value: part };
    const variable = variables?.get(part.name);
    if (variable) return scope.evaluate(variable);
    if (!part.name) return unknown(call.node, 'the name is not written yet');
    const isName = part.name.startsWith('AWS::') || scope.names.parameters.has(part.name) || !part.name.includes('.');
    return isName ? named(part.name, call.node, scope) : attributeOf(part.name, call.node, scope);
  });
  return overBranches(scope, call.node, values, (chosen) => concatenate(call.node, chosen));
}

function join(call: Call, scope: Scope): Value {
  const [delimiter, list] = argumentsOf(call);
  if (!delimiter || !list) return unknown(call.node, 'the list is not written yet');
  return overBranches(
    scope,
    call.node,
    [scope.evaluate(delimiter), scope.evaluate(list)],
    ([between, items], inner) => {
      if (between?.kind !== 'known') return unknown(call.node, 'the delimiter is not known');
      if (items?.kind !== 'list' || items.open) return unknown(call.node, whyNot(items, 'the list is not known'));
      const text = String(between.value);
      return overBranches(inner, call.node, writtenItems(items), (chosen) => {
        const present = chosen.filter((item) => item.kind !== 'absent');
        const joined = concatenate(
          call.node,
          present.flatMap((item, i) => (i ? [text, item] : [item])),
        );
        return withHops(joined, items.via);
      });
    },
  );
}

function selectItem(call: Call, scope: Scope): Value {
  const [index, list] = argumentsOf(call);
  if (!index || !list) return unknown(call.node, 'the list is not written yet');
  return overBranches(scope, call.node, [scope.evaluate(index), scope.evaluate(list)], ([at, items]) => {
    const position = at?.kind === 'known' ? Number(at.value) : Number.NaN;
    if (!Number.isInteger(position)) return unknown(call.node, 'the index is not known');
    if (items?.kind !== 'list' || items.open) return unknown(call.node, whyNot(items, 'the list is not known'));
    const written = writtenItems(items).filter((item) => item.kind !== 'absent');
    // An item that may be left out moves all that follow.
    if (written.slice(0, position + 1).some(mayBeNothing))
      return unknown(call.node, 'the position depends on a condition');
    const item = written[position];
    if (!item) return unknown(call.node, `the list has no item ${position}`);
    return withHops(item, items.via);
  });
}

function mayBeNothing(value: Value): boolean {
  return (
    value.kind === 'choice' && value.alternatives.some((a) => a.value.kind === 'absent' || a.value.kind === 'choice')
  );
}

function split(call: Call, scope: Scope): Value {
  const [delimiter, source] = argumentsOf(call);
  if (!delimiter || !source) return unknown(call.node, 'the text is not written yet');
  return overBranches(scope, call.node, [scope.evaluate(delimiter), scope.evaluate(source)], ([at, text]) => {
    if (at?.kind !== 'known' || String(at.value) === '') return unknown(call.node, 'the delimiter is not known');
    if (text?.kind !== 'known') return unknown(call.node, whyNot(text, 'the text is known at deployment only'));
    const pieces = String(text.value).split(String(at.value));
    const { sensitive } = text;
    return new LazyList(
      call.node,
      () => pieces.map((value) => ({ kind: 'known', node: call.node, value, sensitive })),
      undefined,
      text.via,
    );
  });
}

function lengthOf(call: Call, scope: Scope): Value {
  return overBranches(scope, call.node, [scope.argument(call)], ([list]) => {
    if (list?.kind !== 'list' || list.open) return unknown(call.node, whyNot(list, 'the list is not known'));
    const items = writtenItems(list).filter((item) => item.kind !== 'absent');
    if (items.some(mayBeNothing)) return unknown(call.node, 'the length depends on a condition');
    return { kind: 'known', node: call.node, value: items.length, via: list.via };
  });
}

/** `Fn::If`: both branches under their condition, or the one that can be taken here. */
function choose(call: Call, scope: Scope): Value {
  const [question, ...branches] = argumentsOf(call);
  const name = question && conditionName(question);
  if (!name) return unknown(call.node, 'the condition is not written yet');
  const answers = [true, false].flatMap((value, i) => {
    const condition: Condition = { id: name, value, text: value ? name : `not ${name}` };
    const inner = scope.under(condition);
    return inner ? [{ condition, inner, node: branches[i] }] : [];
  });
  const evaluate = (inner: Scope, node: Node | undefined): Value =>
    node ? inner.evaluate(node) : unknown(call.node, 'the branch is not written yet');
  const decided = answers.find((answer) => answer.inner === scope);
  if (decided) return evaluate(scope, decided.node);
  return new LazyChoice(call.node, () =>
    answers.map(({ condition, inner, node }) => new LazyAlternative(condition, () => evaluate(inner, node))),
  );
}

/** The name of a condition, or of `!Condition Name`, as some write it. */
function conditionName(node: Node): string | undefined {
  const call = callOf(node) ?? longCondition(node);
  if (!call) return plainText(node);
  return call.name === 'Condition' ? argumentText(call) : undefined;
}

function whyNot(value: Value | undefined, otherwise: string): string {
  return value?.kind === 'unknown' ? value.why : otherwise;
}
