/** The Conditions section: which conditions can hold together, and which are decided from the start. */

import type { Entry, Node } from '../syntax/node.ts';
import type { Condition } from '../template/value.ts';
import { argumentsOf, argumentText, type Call, callOf, plainText, referencedName } from './call.ts';
import { type Expression, Facts, type Knowledge } from './facts.ts';
import { splitSubstitution } from './substitution.ts';

/** Something whose text a condition compares: a parameter, a pseudo parameter, or an expression over them. */
interface Symbol {
  readonly key: string;
  readonly node: Node;
  /** Names it is computed from. */
  readonly uses: ReadonlySet<string>;
}

/** Deeper nesting is left undecided. */
const MAX_DEPTH = 100;
const MAX_SYMBOL = 300;

export class Conditions implements Knowledge {
  private definitions: ReadonlyMap<string, Expression> | undefined;
  private readonly symbols = new Map<string, Symbol>();
  private opaque = 0;
  private readonly facts = new WeakMap<readonly Condition[], Facts>();
  private readonly steps = new WeakMap<readonly Condition[], Map<string, readonly Condition[] | undefined>>();
  private byParameter: ReadonlyMap<string, readonly Symbol[]> | undefined;

  /** Nothing assumed: where every chain of assumptions starts. */
  readonly none: readonly Condition[] = [];

  constructor(
    /** Of the section: the node around them would hold on to the version of the text that it is part of. */
    private readonly section: readonly Entry[],
    /** The only values a parameter can have, where the template says so. */
    private readonly allowed: (parameter: string) => readonly string[] | undefined,
    /** Text of a node, parameters at their defaults. */
    private readonly textOf: (node: Node) => string | undefined,
  ) {}

  /** Adds a condition; undefined where it contradicts what is assumed. What follows from it already is not repeated. */
  assume(assumed: readonly Condition[], condition: Condition): readonly Condition[] | undefined {
    let steps = this.steps.get(assumed);
    if (!steps) {
      steps = new Map();
      this.steps.set(assumed, steps);
    }
    const key = `${typeof condition.value} ${String(condition.value)} ${condition.id}`;
    if (steps.has(key)) return steps.get(key);
    const result = this.extend(assumed, condition);
    steps.set(key, result);
    return result;
  }

  /** Whether a parameter cannot have that value under what is assumed. */
  excludes(assumed: readonly Condition[], parameter: string, value: string, isDefault: boolean): boolean {
    if (!assumed.length) return false;
    const base = this.factsOf(assumed);
    if (!base) return false;
    const facts = base.copy();
    if (!facts.assert({ kind: 'equals', symbol: parameter, literal: value }, true)) return true;
    if (isDefault) {
      // `Join('', Subnets)` is known as well once the parameter has its default.
      for (const symbol of this.symbolsOf(parameter)) {
        const text = this.textOf(symbol.node);
        if (text === undefined) continue;
        if (!facts.assert({ kind: 'equals', symbol: symbol.key, literal: text }, true)) return true;
      }
    }
    return !facts.settle();
  }

  /** The condition a name stands for. */
  definition(name: string): Expression {
    return this.all().get(name) ?? { kind: 'free', key: `condition ${name}` };
  }

  domain(symbol: string): readonly string[] | undefined {
    return this.allowed(symbol);
  }

  /** The question that a node's text is, for choices that depend on it: `AWS::Region`, a parameter's name, an expression. */
  symbolOf(node: Node): string {
    return keyOf(node, new Set());
  }

  private extend(assumed: readonly Condition[], condition: Condition): readonly Condition[] | undefined {
    const base = this.factsOf(assumed);
    if (!base) return undefined;
    const expression = expressionOf(condition);
    const wanted = condition.value !== false;
    const truth = base.truth(expression);
    if (truth !== undefined) return truth === wanted ? assumed : undefined;
    const facts = base.copy();
    if (!facts.assert(expression, wanted) || !facts.settle()) return undefined;
    if (base.hasAlternatives) {
      // What cannot be otherwise needs no saying.
      const contrary = base.copy();
      if (!contrary.assert(expression, !wanted) || !contrary.settle()) return assumed;
    }
    const result = [...assumed, condition];
    this.facts.set(result, facts);
    return result;
  }

  /** What follows from assumptions; undefined where they contradict each other. */
  private factsOf(assumed: readonly Condition[]): Facts | undefined {
    const known = this.facts.get(assumed);
    if (known) return known;
    const facts = new Facts(this);
    for (const condition of assumed) {
      if (!facts.assert(expressionOf(condition), condition.value !== false) || !facts.settle()) return undefined;
    }
    this.facts.set(assumed, facts);
    return facts;
  }

  /** Every condition's definition. Those that lead back to themselves, an error of the template, are left undecided. */
  private all(): ReadonlyMap<string, Expression> {
    if (this.definitions) return this.definitions;
    const found = new Map<string, Expression>();
    // Set first: a definition that asks for another one while it is read finds what there is so far.
    this.definitions = found;
    for (const entry of this.section) found.set(entry.name, this.parse(entry.value, 0));
    for (const name of circular(found)) found.delete(name);
    return found;
  }

  private parse(node: Node, depth: number): Expression {
    const call = callOf(node) ?? longCondition(node);
    if (!call || depth > MAX_DEPTH) return this.undecided();
    const items = argumentsOf(call);
    const all = (): Expression[] => items.map((item) => this.parse(item, depth + 1));
    switch (call.name) {
      case 'Condition': {
        const name = argumentText(call);
        return name === undefined ? this.undecided() : { kind: 'named', name };
      }
      case 'Fn::And':
        return items.length ? { kind: 'all', of: all() } : this.undecided();
      case 'Fn::Or':
        return items.length ? { kind: 'any', of: all() } : this.undecided();
      case 'Fn::Not': {
        const inner = items[0] ?? (call.tagged ? undefined : call.argument);
        return inner ? { kind: 'not', of: this.parse(inner, depth + 1) } : this.undecided();
      }
      case 'Fn::Equals':
        return this.equals(items[0], items[1]);
      default:
        return this.undecided();
    }
  }

  private equals(left: Node | undefined, right: Node | undefined): Expression {
    if (!left || !right || left.kind === 'missing' || right.kind === 'missing') return this.undecided();
    const a = this.operand(left);
    const b = this.operand(right);
    if (typeof a === 'string') {
      if (typeof b === 'string') return { kind: 'constant', value: a === b };
      return { kind: 'equals', symbol: b.key, literal: a };
    }
    if (typeof b === 'string') return { kind: 'equals', symbol: a.key, literal: b };
    if (a.key === b.key) return { kind: 'constant', value: true };
    return { kind: 'free', key: [a.key, b.key].sort().join(' = ') };
  }

  /** The text an operand certainly has, or what it stands for. */
  private operand(node: Node): string | Symbol {
    const plain = plainText(node);
    if (plain !== undefined) return plain;
    const symbol = this.symbol(node);
    return (symbol.uses.size ? undefined : this.textOf(node)) ?? symbol;
  }

  private symbol(node: Node): Symbol {
    const uses = new Set<string>();
    const key = keyOf(node, uses);
    const known = this.symbols.get(key);
    if (known) return known;
    const symbol = { key, node, uses };
    this.symbols.set(key, symbol);
    return symbol;
  }

  private symbolsOf(parameter: string): readonly Symbol[] {
    if (!this.byParameter) {
      this.all();
      const found = new Map<string, Symbol[]>();
      for (const symbol of this.symbols.values()) {
        const [only, more] = symbol.uses;
        if (only === undefined || more !== undefined || only === symbol.key) continue;
        found.set(only, [...(found.get(only) ?? []), symbol]);
      }
      this.byParameter = found;
    }
    return this.byParameter.get(parameter) ?? [];
  }

  private undecided(): Expression {
    return { kind: 'free', key: `#${++this.opaque}` };
  }
}

/** Names whose definitions have to be forgotten so that none leads back to itself. */
function circular(definitions: ReadonlyMap<string, Expression>): ReadonlySet<string> {
  const closing = new Set<string>();
  const state = new Map<string, 'open' | 'done'>();
  for (const start of definitions.keys()) {
    // Depth first without recursion: chains may be as long as the template.
    const stack = [start];
    for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
      if (state.has(name)) {
        state.set(name, 'done');
        stack.pop();
        continue;
      }
      state.set(name, 'open');
      const definition = definitions.get(name);
      for (const next of definition ? namesIn(definition) : []) {
        if (state.get(next) === 'open') closing.add(next);
        else if (!state.has(next)) stack.push(next);
      }
    }
  }
  return closing;
}

function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'named':
      return [expression.name];
    case 'not':
      return namesIn(expression.of);
    case 'all':
    case 'any':
      return expression.of.flatMap(namesIn);
    default:
      return [];
  }
}

function expressionOf(condition: Condition): Expression {
  return typeof condition.value === 'string'
    ? { kind: 'equals', symbol: condition.id, literal: condition.value }
    : { kind: 'named', name: condition.id };
}

/** `{Condition: Name}`, the long form that counts within Conditions and as the first argument of `Fn::If`. */
export function longCondition(node: Node): Call | undefined {
  const entry = node.kind === 'object' && node.entries.length === 1 ? node.entries[0] : undefined;
  return entry?.name === 'Condition' ? { name: 'Condition', node, argument: entry.value, tagged: false } : undefined;
}

/** As {@link canonical}; of long expressions only those that are written alike are equal. */
function keyOf(node: Node, uses: Set<string>): string {
  const key = canonical(node, uses, 0);
  if (key.length <= MAX_SYMBOL) return key;
  return `${key.slice(0, MAX_SYMBOL)} #${fingerprint(node.document.text.slice(node.outerStart, node.end))}`;
}

/** The FNV-1a hash of a text, in base 36. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** One text for equal expressions, however written; a plain reference is the name itself. Notes the names it uses. */
function canonical(node: Node, uses: Set<string>, depth: number): string {
  if (depth > 20) return unread(uses);
  const name = referencedName(node);
  if (name !== undefined) {
    uses.add(name);
    return name;
  }
  const call = callOf(node);
  if (!call) {
    if (node.kind === 'array') return `[${joined(node.items, uses, depth)}]`;
    if (node.kind === 'object')
      return `{${joined(
        node.entries.map((entry) => entry.value),
        uses,
        depth,
      )}}`;
    return JSON.stringify(plainText(node) ?? '');
  }
  const items = argumentsOf(call);
  const text = items.length ? plainText(items[0]) : argumentText(call);
  if (call.name === 'Fn::Sub') {
    for (const part of splitSubstitution(text ?? '')) if (typeof part !== 'string') uses.add(part.name);
  } else if (!PURE.has(call.name)) uses.add(call.name);
  if (!items.length)
    return `${call.name}(${text === undefined ? canonicalArgument(call, uses, depth) : JSON.stringify(text)})`;
  return `${call.name}(${joined(items, uses, depth)})`;
}

/** Stands for what was not looked into; whatever it uses, it is not a constant. */
function unread(uses: Set<string>): string {
  uses.add('…');
  return '…';
}

/** Functions of nothing but their arguments. */
const PURE: ReadonlySet<string> = new Set([
  'Fn::Join',
  'Fn::Select',
  'Fn::Split',
  'Fn::FindInMap',
  'Fn::Base64',
  'Fn::Length',
]);

function canonicalArgument(call: Call, uses: Set<string>, depth: number): string {
  return call.tagged ? unread(uses) : canonical(call.argument, uses, depth + 1);
}

function joined(nodes: readonly Node[], uses: Set<string>, depth: number): string {
  let text = '';
  for (const node of nodes) {
    if (text.length > MAX_SYMBOL) return text + unread(uses);
    text += `${text ? ',' : ''}${canonical(node, uses, depth + 1)}`;
  }
  return text;
}
