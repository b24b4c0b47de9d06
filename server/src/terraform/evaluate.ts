/** Evaluates a Terraform module's nodes and expressions to Values. Nothing here knows how the module is written (JSON, HCL). */

import { decodeScalar } from '../syntax/embedded.ts';
import { type Entry, type Node, Origin } from '../syntax/node.ts';
import type { ObjectValue, Value } from '../template/value.ts';
import { Conditions, type Formula, formulaOf } from './conditions.ts';
import {
  type CallExpression,
  type ConditionalExpression,
  children,
  type Expression,
  type ForExpression,
  literalText,
  partExpressions,
  type TemplatePart,
  type TraversalExpression,
  type TraversalStep,
  unwrap,
} from './expression.ts';
import { LocalCycles } from './cycles.ts';
import { call, joinText } from './functions.ts';
import { binary, unary } from './operators.ts';
import { parseTemplate } from './parser.ts';
import { ExpressionSource, isExpressionNode } from './source.ts';
import {
  absent,
  at,
  carry,
  choice,
  combine,
  failure,
  isFailure,
  known,
  LazyObject,
  list,
  type Member,
  mapChoice,
  refer,
  sensitive,
  unknown,
} from './values.ts';

/** What the names of a module stand for. */
export interface Definitions {
  /** A variable's default, or Unknown; undefined where it is not declared. */
  variable(name: string): Value | undefined;
  /** The node that defines a local. */
  local(name: string): Node | undefined;
  /** Whether a managed resource of that address is declared. */
  declares(address: string): boolean;
}

/** Names bound by `for` and `dynamic`, innermost first. */
export interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | undefined;
}

/** An expression's surroundings. */
export interface Frame {
  readonly source: ExpressionSource;
  readonly scope: Scope | undefined;
}

interface ParsedScalar {
  readonly source: ExpressionSource;
  readonly parts: readonly TemplatePart[];
  /** The one expression the text consists of. */
  readonly whole: Expression | undefined;
}

const MAX_DEPTH = 150;
/** Steps that one value may take: an expression a person wrote needs a few hundred. */
const MAX_STEPS = 50_000;
/** Longer collections are not looped over. */
const MAX_LOOP = 100;

export class Evaluator {
  readonly conditions = new Conditions();
  private readonly parsed = new WeakMap<Node, ParsedScalar | null>();
  private readonly locals = new Map<string, Value>();
  private readonly constants = new Map<string, boolean>();
  private readonly cycles: LocalCycles;
  private depth = 0;
  private steps = 0;

  constructor(private readonly definitions: Definitions) {
    this.cycles = new LocalCycles((name) => {
      const node = definitions.local(name);
      return node ? this.localsIn(node) : [];
    });
  }

  // Nodes

  /** The value of a node of the module. */
  node(node: Node, scope?: Scope): Value {
    return this.guarded(node, () => {
      if (isExpressionNode(node) && node.isScalar) {
        if (node.value === undefined) return unknown('is part of an expression', node);
        return node.value === null ? absent(node) : known(node.value, node);
      }
      switch (node.kind) {
        case 'string':
          return this.string(node, scope);
        case 'number':
        case 'boolean':
          return known(node.value as number | boolean, node);
        case 'null':
          return absent(node);
        case 'missing':
          return unknown('nothing is written yet', node);
        case 'array':
          return list(
            node.items.map((item) => this.node(item, scope)),
            node,
          );
        case 'object':
          return this.block([node], scope);
      }
    });
  }

  /**
   * The members of a block or map, evaluated when asked for.
   * @param bodies several where a later one overrides members of the earlier ones.
   * @param takes which members to take; all where left out.
   */
  block(bodies: readonly Node[], scope?: Scope, takes: (name: string) => boolean = () => true): ObjectValue {
    const members = new Map<string, Member>();
    let open: string | undefined;
    for (const body of bodies) {
      const dynamics = new Map<string, { key: Node; blocks: Node[] }>();
      for (const entry of winners(body)) {
        // `"//"` is how Terraform's JSON syntax writes comments.
        if (entry.name === '//') continue;
        if (entry.name === 'dynamic' && isDynamic(entry.value)) {
          collectDynamics(entry.value, dynamics);
          continue;
        }
        const name = this.name(entry.key, scope);
        if (name === undefined) open = 'a key is computed';
        else if (takes(name)) members.set(name, { key: entry.key, value: () => this.node(entry.value, scope) });
      }
      for (const [name, { key, blocks }] of dynamics) {
        if (!takes(name)) continue;
        const written = members.get(name);
        const value = () => this.dynamic(name, written?.value(), blocks, written?.key ?? key, scope);
        members.set(name, { key: written?.key ?? key, value });
      }
    }
    return new LazyObject(bodies[0] as Node, members, open);
  }

  /** Whether a node's value is fixed by the text alone: no variable, no reference decides on it. */
  isConstant(node: Node, depth = 0): boolean {
    if (depth > 10) return false;
    if (node.kind === 'object') return node.entries.every((entry) => this.isConstant(entry.value, depth + 1));
    if (node.kind === 'array') return node.items.every((item) => this.isConstant(item, depth + 1));
    const parsed = this.parse(node);
    return !parsed || partExpressions(parsed.parts).every((part) => this.isConstantExpression(part, undefined, depth + 1));
  }

  /** The one expression that a text consists of (`"${…}"`), with its place. */
  expressionOf(node: Node): { expression: Expression; source: ExpressionSource } | undefined {
    const parsed = this.parse(node);
    return parsed?.whole && { expression: parsed.whole, source: parsed.source };
  }

  private name(key: Node, scope: Scope | undefined): string | undefined {
    const text = typeof key.value === 'string' ? key.value : key.source;
    if (!text.includes('${') && !text.includes('%{')) return text;
    const value = this.node(key, scope);
    return value.kind === 'known' ? String(value.value) : undefined;
  }

  private string(node: Node, scope: Scope | undefined): Value {
    const parsed = this.parse(node);
    if (!parsed) return known(node.value === undefined ? node.source : (node.value as string), node);
    const frame = { source: parsed.source, scope };
    if (parsed.whole) return this.expression(parsed.whole, frame, node);
    return this.template(parsed.parts, frame, node);
  }

  private parse(node: Node): ParsedScalar | undefined {
    if (node.kind !== 'string' || typeof node.value !== 'string') return undefined;
    if (!node.value.includes('${') && !node.value.includes('%{')) return undefined;
    const before = this.parsed.get(node);
    if (before !== undefined) return before ?? undefined;
    const { text, map } = decodeScalar(node);
    const { parts } = parseTemplate(text);
    const only = parts.length === 1 ? parts[0] : undefined;
    const result = {
      source: new ExpressionSource(text, new Origin(node.document, 0, map, node)),
      parts,
      whole: only?.kind === 'interpolation' ? only.expression : undefined,
    };
    this.parsed.set(node, result);
    return result;
  }

  // Dynamic blocks

  /** Blocks written out, followed by those that `dynamic` blocks make. */
  private dynamic(name: string, written: Value | undefined, dynamics: readonly Node[], key: Node, scope: Scope | undefined): Value {
    const parts = dynamics.map((block) => this.expand(name, block, key, scope));
    const fixed = written ? [written, ...parts] : parts;
    return combine(fixed, key, (values) => {
      const items: Value[] = [];
      let open: string | undefined;
      for (const value of values) {
        if (value.kind === 'list') {
          items.push(...value.items.map((item) => carry(item, value.via)));
          open = value.open ?? open;
        } else if (value.kind === 'object') items.push(value);
        else if (value.kind !== 'absent') open = value.kind === 'unknown' ? value.why : 'a dynamic block';
      }
      return open !== undefined && items.length === 0 ? unknown(open, key) : list(items, key, open);
    });
  }

  private expand(name: string, block: Node, key: Node, scope: Scope | undefined): Value {
    const forEach = block.get('for_each');
    const content = single(block.get('content'));
    if (!forEach || !content) return unknown('a dynamic block', key);
    const iterator = block.get('iterator')?.value;
    const binding = typeof iterator === 'string' ? iterator : name;
    return mapChoice(this.node(forEach, scope), key, (collection) => {
      const pairs = this.pairs(collection);
      if (!pairs) return unknown('a dynamic block', key);
      const items = pairs.items.map(({ index, value }) => {
        const members = new Map<string, Member>([
          ['key', { key: value.node, value: () => index }],
          ['value', { key: value.node, value: () => value }],
        ]);
        return this.block([content], { name: binding, value: new LazyObject(block, members), outer: scope });
      });
      return list(items, key, pairs.open);
    });
  }

  /** What a loop over a collection goes through; undefined where that is not known. */
  private pairs(collection: Value): { items: { index: Value; value: Value }[]; open?: string } | undefined {
    if (collection.kind === 'list') {
      if (collection.items.length > MAX_LOOP) return undefined;
      const items = collection.items.map((item, i) => ({ index: known(i, item.node), value: carry(item, collection.via) }));
      return { items, open: collection.open };
    }
    if (collection.kind !== 'object' || collection.names.length > MAX_LOOP) return undefined;
    const items = collection.names.flatMap((name) => {
      const property = collection.get(name);
      return property ? [{ index: known(name, property.key), value: carry(property.value, collection.via) }] : [];
    });
    return { items, open: collection.open };
  }

  // Expressions

  /**
   * The value of an expression.
   * @param site the scalar that consists of nothing but this expression: computed values are said to be there.
   */
  expression(expression: Expression, frame: Frame, site?: Node): Value {
    const own = frame.source.node(expression);
    return this.guarded(own, () => this.compute(expression, frame, own, site));
  }

  private compute(expression: Expression, frame: Frame, own: Node, site: Node | undefined): Value {
    const node = site ?? own;
    switch (expression.kind) {
      case 'literal':
        return expression.value === null ? absent(node) : known(expression.value, node);
      case 'template': {
        const only = expression.parts.length === 1 ? expression.parts[0] : undefined;
        if (only?.kind === 'interpolation') return this.expression(only.expression, frame, node);
        return this.template(expression.parts, frame, node);
      }
      case 'parentheses':
        return this.expression(expression.inner, frame, site);
      case 'name': {
        const bound = find(frame.scope, expression.name);
        return bound ? at(bound, node) : unknown(`refers to ${expression.name}`, node);
      }
      case 'traversal':
        return this.traversal(expression, frame, node);
      case 'unary':
        return mapChoice(this.expression(expression.operand, frame), node, (value) => unary(expression.operator, value, node));
      case 'binary': {
        const operands = [this.expression(expression.left, frame), this.expression(expression.right, frame)];
        return combine(operands, node, ([left, right]) => binary(expression.operator, left as Value, right as Value, node));
      }
      case 'conditional':
        return this.conditional(expression, frame, node, site);
      case 'call':
        return this.call(expression, frame, node, site);
      case 'tuple':
        return list(
          expression.items.map((item) => this.expression(item, frame)),
          own,
        );
      case 'object': {
        const members = new Map<string, Member>();
        let open: string | undefined;
        for (const { key, value } of expression.items) {
          const name = literalText(key) ?? this.keyText(key, frame);
          if (name === undefined) open = 'a key is computed';
          else members.set(name, { key: frame.source.node(key), value: () => this.expression(value, frame) });
        }
        return new LazyObject(own, members, open);
      }
      case 'for':
        return mapChoice(this.expression(expression.collection, frame), node, (value) => this.loop(expression, value, frame, node));
      case 'invalid':
        return unknown('is not a complete expression', node);
    }
  }

  private keyText(key: Expression, frame: Frame): string | undefined {
    const value = this.expression(key, frame);
    return value.kind === 'known' ? String(value.value) : undefined;
  }

  private template(parts: readonly TemplatePart[], frame: Frame, node: Node): Value {
    const values = parts.map((part) => this.part(part, frame, node));
    return combine(values, node, (known) => joinText(known, node));
  }

  private part(part: TemplatePart, frame: Frame, node: Node): Value {
    switch (part.kind) {
      case 'text':
        return known(part.value, node);
      case 'interpolation':
        return this.expression(part.expression, frame);
      case 'if':
        return this.decide(part.condition, frame, node, [
          () => this.template(part.whenTrue, frame, node),
          () => this.template(part.whenFalse, frame, node),
        ]);
      case 'for':
        return unknown('a loop makes the text', frame.source.span(part.from, part.to));
    }
  }

  private conditional(expression: ConditionalExpression, frame: Frame, node: Node, site: Node | undefined): Value {
    return this.decide(
      expression.condition,
      frame,
      node,
      [() => this.expression(expression.whenTrue, frame), () => this.expression(expression.whenFalse, frame)],
      // A condition that is fixed leaves one value: it stands for the whole scalar, as if written alone.
      [() => this.expression(expression.whenTrue, frame, site), () => this.expression(expression.whenFalse, frame, site)],
    );
  }

  /** One of two values, or the one that a fixed condition picks. */
  private decide(
    condition: Expression,
    frame: Frame,
    node: Node,
    open: readonly [() => Value, () => Value],
    fixed: readonly [() => Value, () => Value] = open,
  ): Value {
    const bound = this.usesBinding(condition, frame.scope);
    if (bound || this.isConstantExpression(condition, frame.scope)) {
      const value = this.expression(condition, frame);
      const truth = value.kind === 'known' ? String(value.value).toLowerCase() : '';
      if (truth === 'true') return fixed[0]();
      if (truth === 'false') return fixed[1]();
      // The same words ask another question in each round of a loop.
      if (bound) return unknown('depends on a loop', node);
    }
    if (unwrap(condition).kind === 'invalid') return unknown('is not a complete expression', node);
    const formula = this.formula(condition);
    if (formula.kind === 'constant') return fixed[formula.value ? 0 : 1]();
    const alternatives = [
      { condition: this.conditions.of(formula, true), value: open[0]() },
      { condition: this.conditions.of(formula, false), value: open[1]() },
    ];
    return choice(alternatives, node);
  }

  private formula(condition: Expression): Formula {
    return formulaOf(condition, (expression) => {
      const name = localName(expression);
      const node = name === undefined ? undefined : this.definitions.local(name);
      return node && this.expressionOf(node)?.expression;
    });
  }

  private loop(expression: ForExpression, collection: Value, frame: Frame, node: Node): Value {
    const pairs = expression.groups ? undefined : this.pairs(collection);
    if (!pairs) return unknown('a loop makes it', node);
    let { open } = pairs;
    const items: Value[] = [];
    const members = new Map<string, Member>();
    for (const { index, value } of pairs.items) {
      let scope = frame.scope;
      if (expression.keyName !== undefined) scope = { name: expression.keyName, value: index, outer: scope };
      const inner = { source: frame.source, scope: { name: expression.valueName, value, outer: scope } };
      if (expression.condition) {
        const condition = this.expression(expression.condition, inner);
        const truth = condition.kind === 'known' ? String(condition.value).toLowerCase() : '';
        if (truth !== 'true' && truth !== 'false') open = 'a loop leaves some out';
        if (truth !== 'true') continue;
      }
      if (!expression.key) {
        items.push(this.expression(expression.value, inner));
        continue;
      }
      const name = this.keyText(expression.key, inner);
      if (name === undefined) open = 'a key is computed';
      else members.set(name, { key: frame.source.node(expression.key), value: () => this.expression(expression.value, inner) });
    }
    return expression.key ? new LazyObject(node, members, open) : list(items, node, open);
  }

  private call(expression: CallExpression, frame: Frame, node: Node, site: Node | undefined): Value {
    const { name, args } = expression;
    const first = args[0];
    // These wrap a value that stays what it is for everyone who looks at it here.
    if ((name === 'jsonencode' || name === 'base64encode') && first) return this.expression(first, frame, site);
    if (name === 'base64decode' && first) {
      const inner = unwrap(first);
      if (inner.kind === 'call' && inner.name === 'base64encode' && inner.args[0]) {
        return this.expression(inner.args[0], frame, site);
      }
    }
    if (name === 'sensitive' && first) return sensitive(this.expression(first, frame, site));
    if (name === 'nonsensitive' && first) return sensitive(this.expression(first, frame, site), false);
    if (name === 'try') {
      for (const arg of args) {
        const value = this.expression(arg, frame, site);
        if (!isFailure(value)) return value;
      }
      return failure('no alternative of try can be evaluated', node);
    }
    const values = args.map((arg) => this.expression(arg, frame));
    return combine(values, node, (taken) => {
      const spread = expression.expands ? spreadLast(taken) : taken;
      return spread ? call(name, spread, node) : unknown(`${name}() is not evaluated`, node);
    });
  }

  // References

  private traversal(expression: TraversalExpression, frame: Frame, node: Node): Value {
    const { root, steps } = expression;
    if (root.kind !== 'name') return this.walk(this.expression(root, frame), steps, frame, node);
    const bound = find(frame.scope, root.name);
    if (bound) return at(this.walk(bound, steps, frame, node), node);
    const first = stepName(steps[0]);
    switch (root.name) {
      case 'var':
        return this.variable(first, steps, frame, node);
      case 'local':
        return this.local(first, steps, frame, node);
      case 'module':
        if (!first) return unknown('names no module', node);
        return this.walk({ kind: 'reference', to: 'module', target: `module.${first}`, node }, steps.slice(1), frame, node);
      case 'data': {
        const second = stepName(steps[1]);
        if (!first || !second) return unknown('names no data source', node);
        return this.walk({ kind: 'reference', to: 'resource', target: `data.${first}.${second}`, node }, steps.slice(2), frame, node);
      }
      case 'each':
      case 'count':
        return unknown('differs for each instance', node);
      case 'self':
      case 'path':
      case 'terraform':
      case 'ephemeral':
        return unknown(`${root.name}.${first ?? ''} is known when Terraform runs`, node);
    }
    const address = `${root.name}.${first ?? ''}`;
    // Resource types carry their provider's name: without an underscore it is rather some loop's variable.
    if (!first || (!root.name.includes('_') && !this.definitions.declares(address))) return unknown(`refers to ${address}`, node);
    return this.walk({ kind: 'reference', to: 'resource', target: address, node }, steps.slice(1), frame, node);
  }

  private variable(name: string | undefined, steps: readonly TraversalStep[], frame: Frame, node: Node): Value {
    const value = name === undefined ? undefined : this.definitions.variable(name);
    if (name === undefined || !value) return { kind: 'unknown', why: `variable ${name ?? ''} is not declared`, parameter: name, node };
    if (value.kind === 'unknown') return at(value, node);
    return refer(this.walk(value, steps.slice(1), frame, value.node), node, { kind: 'variable', name });
  }

  private local(name: string | undefined, steps: readonly TraversalStep[], frame: Frame, node: Node): Value {
    const definition = name === undefined ? undefined : this.definitions.local(name);
    if (name === undefined || !definition) return unknown(`local ${name ?? ''} is not declared`, node);
    if (this.cycles.includes(name)) return unknown(`local ${name} refers to itself`, node);
    let value = this.locals.get(name);
    if (!value) {
      value = this.node(definition);
      this.locals.set(name, value);
    }
    const reached = this.walk(value, steps.slice(1), frame, value.node);
    // A reference or something unknown is no value decided there.
    if (reached.kind === 'reference' || reached.kind === 'unknown') return at(reached, node);
    return refer(reached, node, { kind: 'local', name });
  }

  /** Follows steps from a value on. `node` is where failures and lists made on the way are said to be. */
  private walk(value: Value, steps: readonly TraversalStep[], frame: Frame, node: Node): Value {
    const step = steps[0];
    if (!step) return value;
    if (value.kind === 'choice') return mapChoice(value, node, (inner) => this.walk(inner, steps, frame, node));
    if (step.kind === 'splat') return this.splat(value, step, steps.slice(1), frame, node);
    if (value.kind === 'unknown') return value;
    if (step.kind === 'attribute') return this.walk(member(value, step.name, node), steps.slice(1), frame, node);
    return mapChoice(this.expression(step.key, frame), node, (key) => {
      if (key.kind === 'known') return this.walk(member(value, String(key.value), node), steps.slice(1), frame, node);
      // One instance or another of a resource: what is asked of it stays the same.
      if (value.kind === 'reference' && value.attribute === undefined) return this.walk(value, steps.slice(1), frame, node);
      return unknown('the index is not known', node);
    });
  }

  private splat(
    value: Value,
    step: TraversalStep & { readonly kind: 'splat' },
    rest: readonly TraversalStep[],
    frame: Frame,
    node: Node,
  ): Value {
    // `.*` reaches only as far as attributes follow.
    let reach = rest.length;
    if (!step.full) {
      const other = rest.findIndex((next) => next.kind !== 'attribute');
      if (other >= 0) reach = other;
    }
    const each = rest.slice(0, reach);
    const after = rest.slice(reach);
    if (value.kind === 'unknown') return value;
    let result: Value;
    if (value.kind === 'reference') {
      result = list([this.walk(value, each, frame, node)], node, 'one for each instance');
    } else {
      const items = value.kind === 'list' ? value.items.map((item) => carry(item, value.via)) : value.kind === 'absent' ? [] : [value];
      const open = value.kind === 'list' ? value.open : undefined;
      result = list(
        items.map((item) => this.walk(item, each, frame, node)),
        node,
        open,
      );
    }
    return this.walk(result, after, frame, node);
  }

  // Constants

  private isConstantExpression(expression: Expression, scope: Scope | undefined, depth = 0): boolean {
    if (depth > 20) return false;
    if (expression.kind === 'name') return find(scope, expression.name) !== undefined;
    if (expression.kind === 'traversal' && expression.root.kind === 'name') {
      if (find(scope, expression.root.name)) return true;
      const name = localName(expression);
      return name !== undefined && this.isConstantLocal(name, depth);
    }
    return expression.kind !== 'invalid' && children(expression).every((child) => this.isConstantExpression(child, scope, depth + 1));
  }

  private isConstantLocal(name: string, depth: number): boolean {
    let constant = this.constants.get(name);
    if (constant === undefined) {
      this.constants.set(name, false);
      const node = this.definitions.local(name);
      constant = node !== undefined && this.isConstant(node, depth + 1);
      this.constants.set(name, constant);
    }
    return constant;
  }

  private usesBinding(expression: Expression, scope: Scope | undefined): boolean {
    if (!scope) return false;
    if (expression.kind === 'name') return find(scope, expression.name) !== undefined;
    return children(expression).some((child) => this.usesBinding(child, scope));
  }

  /** Names of the locals that a node refers to. */
  private localsIn(root: Node): string[] {
    const names: string[] = [];
    const nodes = [root];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      for (const entry of node.entries) nodes.push(entry.key, entry.value);
      nodes.push(...node.items);
      const pending = partExpressions(this.parse(node)?.parts ?? []);
      for (let expression = pending.pop(); expression; expression = pending.pop()) {
        if (expression.kind === 'traversal' && expression.root.kind === 'name' && expression.root.name === 'local') {
          const name = stepName(expression.steps[0]);
          if (name) names.push(name);
        }
        pending.push(...children(expression));
      }
    }
    return names;
  }

  private guarded(node: Node, evaluate: () => Value): Value {
    if (this.depth === 0) this.steps = 0;
    if (this.depth >= MAX_DEPTH || this.steps++ > MAX_STEPS) return unknown('takes too long to evaluate', node);
    this.depth++;
    try {
      return evaluate();
    } finally {
      this.depth--;
    }
  }
}

/** Members of an object as read: of one name the last. */
function winners(body: Node): readonly Entry[] {
  return body.entries.filter((entry) => !entry.duplicate && !entry.merged);
}

/** A block: an object, or a list of one. */
export function single(node: Node | undefined): Node | undefined {
  const block = node?.kind === 'array' && node.items.length === 1 ? node.items[0] : node;
  return block?.kind === 'object' ? block : undefined;
}

/** Objects at a place where Terraform's JSON syntax takes one or a list of them. */
export function objectsOf(node: Node | undefined): readonly Node[] {
  if (node?.kind === 'object') return [node];
  return node?.kind === 'array' ? node.items.filter((item) => item.kind === 'object') : [];
}

function isDynamic(value: Node): boolean {
  const outer = objectsOf(value);
  const blocks = outer.flatMap((object) => object.entries.flatMap((entry) => objectsOf(entry.value)));
  return blocks.length > 0 && blocks.every((block) => block.get('content') !== undefined || block.get('for_each') !== undefined);
}

function collectDynamics(value: Node, found: Map<string, { key: Node; blocks: Node[] }>): void {
  for (const object of objectsOf(value)) {
    for (const entry of object.entries) {
      const known = found.get(entry.name) ?? { key: entry.key, blocks: [] };
      known.blocks.push(...objectsOf(entry.value));
      found.set(entry.name, known);
    }
  }
}

function find(scope: Scope | undefined, name: string): Value | undefined {
  for (let at = scope; at; at = at.outer) if (at.name === name) return at.value;
  return undefined;
}

/** The name in `.name` or `["name"]`. */
function stepName(step: TraversalStep | undefined): string | undefined {
  const name = step?.kind === 'attribute' ? step.name : step?.kind === 'index' ? literalText(step.key) : undefined;
  return name || undefined;
}

function localName(expression: Expression): string | undefined {
  if (expression.kind !== 'traversal' || expression.root.kind !== 'name' || expression.root.name !== 'local') return undefined;
  return expression.steps.length === 1 ? stepName(expression.steps[0]) : undefined;
}

function spreadLast(values: readonly Value[]): readonly Value[] | undefined {
  const last = values[values.length - 1];
  return last?.kind === 'list' && !last.open ? [...values.slice(0, -1), ...last.items] : undefined;
}

/** A member of a value by name or index. */
function member(value: Value, name: string, node: Node): Value {
  switch (value.kind) {
    case 'object': {
      const property = value.get(name);
      if (property) return carry(property.value, value.via);
      return value.open ? unknown(value.open, node) : failure(`has no member ${name}`, node);
    }
    case 'list': {
      const item = /^\d{1,6}$/.test(name) ? value.items[Number(name)] : undefined;
      // What follows an open list's items in order may stand before them.
      if (value.open) return unknown(value.open, node);
      return item ? carry(item, value.via) : failure(`has no item ${name}`, node);
    }
    case 'reference': {
      // `aws_instance.x[0]` is still that resource.
      if (value.attribute === undefined && /^\d+$/.test(name)) return value;
      return { ...value, attribute: value.attribute === undefined ? name : `${value.attribute}.${name}` };
    }
    case 'unknown':
      return value;
    default:
      return failure('is not a block', node);
  }
}
