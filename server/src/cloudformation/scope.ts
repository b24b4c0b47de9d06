/** Evaluates nodes of a template where they stand: what the conditions around them say is taken into account. */

import type { Node } from '../syntax/node.ts';
import type { Condition, Value } from '../template/value.ts';
import { type Call, callOf, longCallOf } from './call.ts';
import type { Conditions } from './conditions.ts';
import type { Parameter } from './parameters.ts';
import { LazyList, NodeObject, nothing, unknown } from './values.ts';

/** What names of a template stand for. */
export interface Names {
  readonly parameters: Pick<ReadonlyMap<string, Parameter>, 'get' | 'has'>;
  readonly conditions: Conditions;
  mapping(name: string): Node | undefined;
  /** Declared under Resources. */
  isResource(name: string): boolean;
  /** Not declared, but made by the SAM transform: `ServerlessRestApi`, a function's role. */
  isGenerated(name: string): boolean;
}

/** Functions within functions beyond this are not looked into. */
const MAX_DEPTH = 100;

/** Evaluates a template's nodes, each function call once for each set of conditions it stands under. */
export class Evaluator {
  private readonly scopes = new Map<readonly Condition[], Scope>();
  /** Calls under evaluation. */
  depth = 0;

  constructor(
    readonly names: Names,
    /** What a call yields in a scope. */
    readonly evaluateCall: (call: Call, scope: Scope) => Value,
  ) {}

  /** Where nothing is assumed. */
  readonly top = (): Scope => this.scope(this.names.conditions.none);

  scope(assumed: readonly Condition[]): Scope {
    let scope = this.scopes.get(assumed);
    if (!scope) {
      scope = new Scope(this, assumed);
      this.scopes.set(assumed, scope);
    }
    return scope;
  }
}

export class Scope {
  private readonly calls = new Map<Node, Value>();
  readonly names: Names;

  constructor(
    private readonly evaluator: Evaluator,
    /** What holds wherever these nodes are in force. */
    readonly assumed: readonly Condition[],
  ) {
    this.names = evaluator.names;
  }

  /** The scope of a branch; undefined where the branch cannot be taken here. */
  under(condition: Condition): Scope | undefined {
    const assumed = this.names.conditions.assume(this.assumed, condition);
    return assumed && this.evaluator.scope(assumed);
  }

  readonly evaluate = (node: Node): Value => {
    const call = callOf(node);
    if (!call) return this.literal(node);
    const known = this.calls.get(node);
    if (known) return known;
    const value = this.call(call);
    this.calls.set(node, value);
    return value;
  };

  /** The value of what a call is applied to. */
  argument(call: Call): Value {
    if (!call.tagged) return this.evaluate(call.argument);
    const inner = longCallOf(call.argument);
    return inner ? this.call(inner) : this.literal(call.argument);
  }

  private call(call: Call): Value {
    if (this.evaluator.depth >= MAX_DEPTH) return unknown(call.node, 'is nested too deep');
    this.evaluator.depth++;
    try {
      return this.evaluator.evaluateCall(call, this);
    } finally {
      this.evaluator.depth--;
    }
  }

  private literal(node: Node): Value {
    switch (node.kind) {
      case 'object':
        return new NodeObject(node, this.evaluate);
      case 'array':
        return new LazyList(node, () => node.items.map(this.evaluate));
      case 'null':
        return nothing(node);
      case 'missing':
        return unknown(node, 'is not written yet');
      default: {
        const { value } = node;
        if (value === undefined || value === null) return unknown(node, 'cannot be read');
        return { kind: 'known', node, value };
      }
    }
  }
}
