/** Follows references: variables, locals, resources, and steps into values. */

import type { Expression, TraversalExpression, TraversalStep } from '../syntax/hcl-expression.ts';
import type { Node } from '../syntax/node.ts';
import type { Value } from '../template/value.ts';
import { variableIn } from './branches.ts';
import { type Definitions, type Frame, find, outputStep, stepName } from './scope.ts';
import { at, carry, EACH_INSTANCE, failure, fromLoop, instanceOf, list, mapChoice, refer, unknown } from './values.ts';

/** Attributes of `aws_region` that are the region's name: `region` since version 6 of the provider. */
const REGION_NAMES: ReadonlySet<string> = new Set(['name', 'region', 'id']);

/** Evaluates what traversals are made of. */
interface Evaluation {
  node(node: Node): Value;
  expression(expression: Expression, frame: Frame): Value;
  /** Evaluates a definition by itself: what comes of it does not hang on who asks. */
  definition(evaluate: () => Value): Value;
}

export class Traversals {
  private readonly values = new Map<string, Value>();

  constructor(
    private readonly definitions: Definitions,
    private readonly evaluation: Evaluation,
  ) {}

  /** The value that a traversal leads to, said to be at `node`. */
  evaluate(expression: TraversalExpression, frame: Frame, node: Node): Value {
    const { root, steps } = expression;
    if (root.kind !== 'name') return this.walk(this.evaluation.expression(root, frame), steps, frame, node);
    const bound = find(frame.scope, root.name);
    if (bound) return fromLoop(this.walk(bound, steps, frame, node), node);
    const first = stepName(steps[0]);
    switch (root.name) {
      case 'var':
        return this.variable(first, steps, frame, node);
      case 'local':
        return this.local(first, steps, frame, node);
      case 'module':
        if (!first) return unknown('names no module', node);
        return (
          this.module(first, steps, frame, node) ??
          this.walk(
            { kind: 'reference', to: 'module', target: `${this.definitions.prefix}module.${first}`, node },
            steps.slice(1),
            frame,
            node,
          )
        );
      case 'data': {
        const second = stepName(steps[1]);
        if (!first || !second) return unknown('names no data source', node);
        const region = first === 'aws_region' && steps.length === 3 ? this.definitions.region(second) : undefined;
        if (region?.kind === 'known' && REGION_NAMES.has(stepName(steps[2]) ?? '')) return at(region, node);
        return this.resource(`data.${first}.${second}`, steps.slice(2), frame, node);
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
    if (!first || (!root.name.includes('_') && !this.definitions.declares(address)))
      return unknown(`refers to ${address}`, node);
    return this.resource(address, steps.slice(1), frame, node);
  }

  /** An output of a module that is known, whichever of its instances is meant. */
  private module(name: string, steps: readonly TraversalStep[], frame: Frame, node: Node): Value | undefined {
    const named = outputStep(steps);
    const value = named && this.definitions.output(name, named.name);
    if (!value) return undefined;
    const second = steps[1];
    const { name: output, reach } = named;
    // `module.x[*].y`: of each instance what the output says of all of them.
    if (second?.kind === 'splat') {
      const isElsewhere = value.kind === 'reference' || value.kind === 'unknown';
      const each = isElsewhere
        ? at(value, node)
        : refer(value, node, { kind: 'output', name: `${output} of module ${name}` });
      return this.splat(list([each], node, EACH_INSTANCE), second, steps.slice(reach + 1), frame, node);
    }
    const reached = this.walk(value, steps.slice(reach + 1), frame, value.node);
    if (reached.kind === 'reference' || reached.kind === 'unknown') return at(reached, node);
    return refer(reached, node, { kind: 'output', name: `${output} of module ${name}` });
  }

  private variable(name: string | undefined, steps: readonly TraversalStep[], frame: Frame, node: Node): Value {
    const decided = name === undefined ? undefined : variableIn(frame.scope, name);
    if (decided) return at(this.walk(decided, steps.slice(1), frame, node), node);
    const set = name === undefined ? undefined : this.definitions.variable(name);
    if (name === undefined || !set)
      return { kind: 'unknown', why: `variable ${name ?? ''} is not declared`, parameter: name, node };
    if (set.value.kind === 'unknown') return at(set.value, node);
    const reached = this.walk(set.value, steps.slice(1), frame, set.value.node);
    // An argument may refer to a resource of the caller: that is no value decided at the call.
    if (set.kind !== 'variable' && (reached.kind === 'reference' || reached.kind === 'unknown'))
      return at(reached, node);
    return refer(reached, node, { kind: set.kind, name, ...(set.module && { module: set.module }) });
  }

  private local(name: string | undefined, steps: readonly TraversalStep[], frame: Frame, node: Node): Value {
    const definition = name === undefined ? undefined : this.definitions.local(name);
    if (name === undefined || !definition) return unknown(`local ${name ?? ''} is not declared`, node);
    let value = this.values.get(name);
    if (!value) {
      const flaw = this.definitions.flawOfLocal(name);
      if (flaw !== undefined) return unknown(`local ${name} ${flaw}`, node);
      value = this.evaluation.definition(() => this.evaluation.node(definition));
      this.values.set(name, value);
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
    // `aws_s3_bucket.b["logs"].arn`: one instance of the resource is still that resource.
    if (value.kind === 'reference' && value.attribute === undefined && steps[1]?.kind === 'attribute')
      return this.walk(value, steps.slice(1), frame, node);
    return mapChoice(this.evaluation.expression(step.key, frame), node, (key) => {
      if (key.kind === 'known') return this.walk(member(value, String(key.value), node), steps.slice(1), frame, node);
      // One instance or another of a resource: what is asked of it stays the same.
      const instance = value.kind === 'list' ? instanceOf(value, undefined) : value;
      if (instance?.kind === 'reference' && (instance !== value || value.attribute === undefined)) {
        return this.walk(instance, steps.slice(1), frame, node);
      }
      return unknown('the index is not known', node);
    });
  }

  /** A resource of the module, or what is asked of it. */
  private resource(address: string, steps: readonly TraversalStep[], frame: Frame, node: Node): Value {
    // `aws_x.y["k"]` of a resource with `for_each` is an instance, and so that resource; of another one, an attribute.
    const isInstance = steps[0]?.kind === 'index' && this.definitions.isRepeated(address);
    const target = this.definitions.prefix + address;
    return this.walk({ kind: 'reference', to: 'resource', target, node }, steps.slice(isInstance ? 1 : 0), frame, node);
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
      result = list([this.walk(value, each, frame, node)], node, EACH_INSTANCE);
    } else {
      const items =
        value.kind === 'list'
          ? value.items.map((item) => carry(item, value.via))
          : value.kind === 'absent'
            ? []
            : [value];
      const open = value.kind === 'list' ? value.open : undefined;
      result = list(
        items.map((item) => this.walk(item, each, frame, node)),
        node,
        open,
      );
    }
    return this.walk(result, after, frame, node);
  }
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
      const index = /^\d{1,6}$/.test(name) ? Number(name) : undefined;
      // What an open list does not name may stand before what it does.
      if (value.open) return instanceOf(value, index) ?? unknown(value.open, node);
      const item = index === undefined ? undefined : value.items[index];
      return item ? carry(item, value.via) : failure(`has no item ${name}`, node);
    }
    case 'reference': {
      // `aws_instance.x[0]` is still that resource.
      if (value.attribute === undefined && /^\d+$/.test(name)) return value;
      const attribute = value.attribute === undefined ? name : `${value.attribute}.${name}`;
      return { kind: 'reference', to: value.to, target: value.target, attribute, node: value.node, via: value.via };
    }
    case 'unknown':
      return value;
    default:
      return failure('is not a block', node);
  }
}
