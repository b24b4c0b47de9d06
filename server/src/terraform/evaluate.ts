/** Evaluates a module's nodes and expressions to Values. Nothing here knows how the module is written (JSON, HCL). */

import {
  type CallExpression,
  type ConditionalExpression,
  type Expression,
  type ForExpression,
  literalText,
  type TemplatePart,
  unwrap,
} from '../syntax/hcl-expression.ts';
import { expressionAt, type WrittenExpression } from '../syntax/hcl-source.ts';
import type { Node } from '../syntax/node.ts';
import { asBoolean, type Leaf, type ObjectValue, type Value } from '../template/value.ts';
import { branchScope } from './branches.ts';
import { type Conditions, type Formula, formulaOf, within } from './conditions.ts';
import { Constants } from './constants.ts';
import { call } from './functions.ts';
import { joinText } from './functions-text.ts';
import { blocksTogether, pairsOf, round } from './loops.ts';
import { binary, unary } from './operators.ts';
import { type Definitions, type Frame, find, localName, Scalars, type Scope } from './scope.ts';
import { collectDynamics, isDynamic, single, winners } from './shapes.ts';
import { Traversals } from './traversals.ts';
import {
  absent,
  choice,
  combine,
  failure,
  fromLoop,
  isFailure,
  known,
  LazyObject,
  leavesOf,
  list,
  type Member,
  mapChoice,
  sensitive,
  unknown,
} from './values.ts';

/** How deep an expression is followed. As deep again come the definitions that it names, by themselves. */
export const MAX_DEPTH = 150;
/** Steps that one value may take: an expression a person wrote needs a few hundred. */
const MAX_STEPS = 50_000;

export class Evaluator {
  private readonly scalars = new Scalars();
  private readonly constants: Constants;
  private readonly traversals: Traversals;
  private depth = 0;
  private steps = 0;

  constructor(
    private readonly definitions: Definitions,
    readonly conditions: Conditions,
  ) {
    this.constants = new Constants(definitions, this.scalars);
    this.traversals = new Traversals(definitions, this);
  }

  /**
   * Evaluates a definition by itself: neither how deep whoever asks has come nor what that cost so far counts. Definitions that
   * lead back to themselves, or through too many others, must not come here.
   */
  definition<T>(evaluate: () => T): T {
    const { depth, steps } = this;
    this.depth = 0;
    try {
      return evaluate();
    } finally {
      this.depth = depth;
      this.steps = steps;
    }
  }

  // Nodes

  /** The value of a node of the module. */
  node(node: Node, scope?: Scope): Value {
    return this.guarded(node, () => {
      const written = expressionAt(node);
      if (written) return this.expression(written.expression, { source: written.source, scope });
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
      let dynamics: Map<string, { key: Node; blocks: Node[] }> | undefined;
      for (const entry of winners(body)) {
        // `"//"` is how Terraform's JSON syntax writes comments.
        if (entry.name === '//') continue;
        if (entry.name === 'dynamic' && isDynamic(entry.value)) {
          dynamics ??= new Map();
          collectDynamics(entry.value, dynamics);
          continue;
        }
        const name = this.name(entry.key, scope);
        if (name === undefined) open = 'a key is computed';
        else if (takes(name)) members.set(name, { key: entry.key, value: () => this.node(entry.value, scope) });
      }
      for (const [name, { key, blocks }] of dynamics ?? []) {
        if (!takes(name)) continue;
        const written = members.get(name);
        const value = () => this.dynamic(name, written?.value(), blocks, written?.key ?? key, scope);
        members.set(name, { key: written?.key ?? key, value });
      }
    }
    return new LazyObject(bodies[0] as Node, members, open);
  }

  /** Whether a node's value is fixed by the text alone: no variable, no reference decides on it. */
  isConstant(node: Node): boolean {
    return this.constants.isConstant(node);
  }

  /** The one expression that a node is, in HCL, or that a text consists of (`"${…}"`), with its place. */
  expressionOf(node: Node): WrittenExpression | undefined {
    const written = expressionAt(node);
    if (written) return written;
    const parsed = this.scalars.parse(node);
    return parsed?.whole && { expression: parsed.whole, source: parsed.source };
  }

  private name(key: Node, scope: Scope | undefined): string | undefined {
    const text = typeof key.value === 'string' ? key.value : key.source;
    if (!text.includes('${') && !text.includes('%{')) return text;
    const value = this.node(key, scope);
    return value.kind === 'known' ? String(value.value) : undefined;
  }

  private string(node: Node, scope: Scope | undefined): Value {
    const parsed = this.scalars.parse(node);
    if (!parsed) return known(node.value === undefined ? node.source : (node.value as string), node);
    const frame = { source: parsed.source, scope };
    if (parsed.whole) return this.expression(parsed.whole, frame, node);
    return this.template(parsed.parts, frame, node);
  }

  // Dynamic blocks

  /** Blocks written out, followed by those that `dynamic` blocks make. */
  private dynamic(
    name: string,
    written: Value | undefined,
    dynamics: readonly Node[],
    key: Node,
    scope: Scope | undefined,
  ): Value {
    const parts = dynamics.map((block) => this.expand(name, block, key, scope));
    return blocksTogether(written ? [written, ...parts] : parts, key);
  }

  private expand(name: string, block: Node, key: Node, scope: Scope | undefined): Value {
    const forEach = block.get('for_each');
    const content = single(block.get('content'));
    if (!forEach || !content) return unknown('a dynamic block', key);
    const binding = this.nameIn(block.get('iterator')) ?? name;
    return this.whereverMade(forEach, scope, key, (collection, scope) => {
      const pairs = pairsOf(collection);
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

  /** Makes something of a collection, in each branch of the conditional that it is with what holds there. */
  private whereverMade(
    node: Node,
    scope: Scope | undefined,
    site: Node,
    make: (collection: Leaf, scope: Scope | undefined) => Value,
  ): Value {
    const written = this.expressionOf(node);
    const expression = written && unwrap(written.expression);
    if (!written || expression?.kind !== 'conditional')
      return mapChoice(this.node(node, scope), site, (collection) => make(collection, scope));
    const { source } = written;
    const branch = (of: Expression) => (inner: Frame) =>
      mapChoice(this.expression(of, inner), site, (collection) => make(collection, inner.scope));
    return this.decide(expression.condition, { source, scope }, site, [
      branch(expression.whenTrue),
      branch(expression.whenFalse),
    ]);
  }

  /**
   * What holds of variables wherever a conditional is not nothing: `count = var.key == null ? 0 : 1` leaves a resource
   * with a key. Undefined where either branch, or neither, may be something.
   */
  whereMade(node: Node, isNothing: (leaf: Leaf) => boolean): Scope | undefined {
    let written = this.expressionOf(node);
    const name = written && localName(unwrap(written.expression));
    const definition = name === undefined ? undefined : this.definitions.local(name);
    if (definition) written = this.expressionOf(definition);
    const expression = written && unwrap(written.expression);
    if (!written || expression?.kind !== 'conditional') return undefined;
    const frame = { source: written.source, scope: undefined };
    const made = [expression.whenTrue, expression.whenFalse].map(
      (branch) => !leavesOf(this.expression(branch, frame)).every(isNothing),
    );
    if (made[0] === made[1]) return undefined;
    const { condition } = expression;
    const byDefault = asBoolean(this.expression(condition, frame));
    return branchScope(condition, this.formula(condition), made[0] === true, byDefault, undefined, node);
  }

  /** A name that is written as such: bare in HCL, as text in JSON. */
  private nameIn(node: Node | undefined): string | undefined {
    const expression = node && expressionAt(node)?.expression;
    if (expression?.kind === 'name') return expression.name;
    return typeof node?.value === 'string' ? node.value : undefined;
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
        return bound ? fromLoop(bound, node) : unknown(`refers to ${expression.name}`, node);
      }
      case 'traversal':
        return this.traversals.evaluate(expression, frame, node);
      case 'unary':
        return mapChoice(this.expression(expression.operand, frame), node, (value) =>
          unary(expression.operator, value, node),
        );
      case 'binary': {
        const operands = [this.expression(expression.left, frame), this.expression(expression.right, frame)];
        return combine(operands, node, ([left, right]) =>
          binary(expression.operator, left as Value, right as Value, node),
        );
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
        return mapChoice(this.expression(expression.collection, frame), node, (value) =>
          this.loop(expression, value, frame, node),
        );
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
          (inner) => this.template(part.whenTrue, inner, node),
          (inner) => this.template(part.whenFalse, inner, node),
        ]);
      case 'for':
        return mapChoice(this.expression(part.collection, frame), node, (collection) => {
          const pairs = pairsOf(collection);
          if (!pairs || pairs.open !== undefined)
            return unknown('a loop makes the text', frame.source.span(part.from, part.to));
          const rounds = pairs.items.map(({ index, value }) =>
            this.template(part.body, round(part, index, value, frame), node),
          );
          return combine(rounds, node, (known) => joinText(known, node));
        });
    }
  }

  private conditional(expression: ConditionalExpression, frame: Frame, node: Node, site: Node | undefined): Value {
    return this.decide(
      expression.condition,
      frame,
      node,
      [(inner) => this.expression(expression.whenTrue, inner), (inner) => this.expression(expression.whenFalse, inner)],
      // A condition that is fixed leaves one value: it stands for the whole scalar, as if written alone.
      [
        () => this.expression(expression.whenTrue, frame, site),
        () => this.expression(expression.whenFalse, frame, site),
      ],
    );
  }

  /** One of two values, or the one that a fixed condition picks. */
  private decide(
    condition: Expression,
    frame: Frame,
    node: Node,
    open: readonly [Branch, Branch],
    fixed: readonly [Branch, Branch] = open,
  ): Value {
    const bound = this.constants.usesBinding(condition, frame.scope);
    const parts = bound ? unwrap(condition) : condition;
    if (bound && parts.kind === 'unary' && parts.operator === '!')
      return this.guarded(node, () =>
        this.decide(parts.operand, frame, node, [open[1], open[0]], [fixed[1], fixed[0]]),
      );
    if (bound && parts.kind === 'binary' && (parts.operator === '&&' || parts.operator === '||')) {
      // One part may be bound and the other a question to the outside.
      const rest = (take: readonly [Branch, Branch]) => (inner: Frame) =>
        this.decide(parts.right, inner, node, open, take);
      const both = (take: readonly [Branch, Branch]): readonly [Branch, Branch] =>
        parts.operator === '&&' ? [rest(take), take[1]] : [take[0], rest(take)];
      return this.guarded(node, () => this.decide(parts.left, frame, node, both(open), both(fixed)));
    }
    const value = this.expression(condition, frame);
    if (bound) {
      // The same words ask another question in each round of a loop, and in each instance of a resource.
      return mapChoice(value, node, (leaf) => {
        const truth = asBoolean(leaf);
        return truth === undefined ? unknown('depends on a loop', node) : fixed[truth ? 0 : 1](frame);
      });
    }
    const truth = asBoolean(value);
    if (truth !== undefined && this.constants.isConstantExpression(condition, frame.scope))
      return fixed[truth ? 0 : 1](frame);
    if (unwrap(condition).kind === 'invalid') return unknown('is not a complete expression', node);
    const asked = this.formula(condition);
    if (asked.kind === 'constant') return fixed[asked.value ? 0 : 1](frame);
    const { prefix } = this.definitions;
    const formula = prefix ? within(asked, `${prefix.slice(0, -1)}: `) : asked;
    const alternatives = [true, false].map((holds) => {
      const scope = branchScope(condition, asked, holds, truth, frame.scope, node);
      const branch = open[holds ? 0 : 1]({ source: frame.source, scope });
      return { condition: this.conditions.of(formula, holds), value: branch };
    });
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
    const pairs = expression.groups ? undefined : pairsOf(collection);
    if (!pairs) return unknown('a loop makes it', node);
    let { open } = pairs;
    const items: Value[] = [];
    const members = new Map<string, Member>();
    for (const { index, value } of pairs.items) {
      const inner = round(expression, index, value, frame);
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
      else
        members.set(name, {
          key: frame.source.node(expression.key),
          value: () => this.expression(expression.value, inner),
        });
    }
    return expression.key ? new LazyObject(node, members, open) : list(items, node, open);
  }

  private call(expression: CallExpression, frame: Frame, node: Node, site: Node | undefined): Value {
    const { name, args } = expression;
    const first = args[0];
    if (TRANSPARENT.has(name) && first) return this.expression(first, frame, site);
    if (name === 'base64decode' && first) {
      const inner = unwrap(first);
      if (inner.kind === 'call' && inner.name === 'base64encode' && inner.args[0]) {
        return this.expression(inner.args[0], frame, site);
      }
    }
    if (name === 'sensitive' && first) return sensitive(this.expression(first, frame, site));
    if (name === 'nonsensitive' && first) return sensitive(this.expression(first, frame, site), false);
    if (name === 'try') return this.firstThatSucceeds(args, frame, node, site);
    const values = args.map((arg) => this.expression(arg, frame));
    return combine(values, node, (taken) => {
      const spread = expression.expands ? spreadLast(taken) : taken;
      if (!spread) return unknown(`${name}() is not evaluated`, node);
      return combine(spread, node, (each) => call(name, each, node));
    });
  }

  /** `try`: where a value fails under some condition only, the next one counts there. */
  private firstThatSucceeds(args: readonly Expression[], frame: Frame, node: Node, site: Node | undefined): Value {
    const [first, ...rest] = args;
    if (!first) return failure('no alternative of try can be evaluated', node);
    const value = this.expression(first, frame, site);
    if (!leavesOf(value).some(isFailure)) return value;
    const next = this.firstThatSucceeds(rest, frame, node, site);
    return mapChoice(value, node, (leaf) => (isFailure(leaf) ? next : leaf));
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

/** What these make of a value is read as that value by whoever looks at it here. */
const TRANSPARENT: ReadonlySet<string> = new Set(['jsonencode', 'yamlencode', 'base64encode']);

/** A branch of a conditional, in the surroundings that its condition leaves. */
type Branch = (frame: Frame) => Value;

function spreadLast(values: readonly Value[]): readonly Value[] | undefined {
  const last = values[values.length - 1];
  return last?.kind === 'list' && !last.open ? [...values.slice(0, -1), ...last.items] : undefined;
}
