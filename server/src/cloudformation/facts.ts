/** What follows from conditions being true or false: unit propagation over and, or, not and equality of names with texts. */

export type Expression =
  | { readonly kind: 'constant'; readonly value: boolean }
  /** The text that a symbol stands for is that literal. */
  | { readonly kind: 'equals'; readonly symbol: string; readonly literal: string }
  /** True or false, and nothing more is known of it. */
  | { readonly kind: 'free'; readonly key: string }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Expression[] };

/** What the template says of names. */
export interface Knowledge {
  /** What a name stands for; no definition leads back to itself. */
  definition(name: string): Expression;
  /** The only texts a symbol can stand for, if they are listed. */
  domain(symbol: string): readonly string[] | undefined;
}

/** At least one of these is `wanted`. */
interface Clause {
  readonly of: readonly Expression[];
  readonly wanted: boolean;
}

const MAX_DEPTH = 500;
/** Steps that one question may cost; what is not found out by then stays open, which is always sound. */
const MAX_STEPS = 5000;

/** A set of facts free of contradiction, as far as it was looked for. */
export class Facts {
  private names = new Map<string, boolean>();
  private free = new Map<string, boolean>();
  private equal = new Map<string, string>();
  private unequal = new Map<string, ReadonlySet<string>>();
  private clauses: Clause[] = [];
  private steps = 0;
  /** What names were found to be, as long as no fact is added. */
  private judged = new Map<string, boolean | undefined>();

  constructor(private readonly knowledge: Knowledge) {}

  /** Something is left to conclude from what is ruled out. */
  get hasAlternatives(): boolean {
    return this.clauses.length > 0;
  }

  copy(): Facts {
    const copy = new Facts(this.knowledge);
    copy.names = new Map(this.names);
    copy.free = new Map(this.free);
    copy.equal = new Map(this.equal);
    copy.unequal = new Map(this.unequal);
    copy.clauses = [...this.clauses];
    return copy;
  }

  /** Adds a fact with all that follows directly; false where that contradicts the others. */
  assert(expression: Expression, value: boolean, depth = 0): boolean {
    if (depth > MAX_DEPTH) return true;
    switch (expression.kind) {
      case 'constant':
        return expression.value === value;
      case 'equals':
        return value
          ? this.pin(expression.symbol, expression.literal)
          : this.rule(expression.symbol, expression.literal);
      case 'free': {
        const known = this.free.get(expression.key);
        this.free.set(expression.key, known ?? value);
        return known === undefined || known === value;
      }
      case 'named': {
        const known = this.names.get(expression.name);
        if (known !== undefined) return known === value;
        this.names.set(expression.name, value);
        return this.assert(this.knowledge.definition(expression.name), value, depth + 1);
      }
      case 'not':
        return this.assert(expression.of, !value, depth + 1);
      default:
        if ((expression.kind === 'all') === value)
          return expression.of.every((part) => this.assert(part, value, depth + 1));
        this.clauses.push({ of: expression.of, wanted: value });
        return true;
    }
  }

  /** Draws conclusions from what is left open: where all but one part of an alternative is ruled out, that part holds. */
  settle(): boolean {
    this.steps = 0;
    this.judged.clear();
    for (let changed = true; changed && this.steps < MAX_STEPS; ) {
      changed = false;
      const waiting = this.clauses;
      this.clauses = [];
      for (const clause of waiting) {
        const open: Expression[] = [];
        let satisfied = false;
        for (const part of clause.of) {
          const truth = this.judge(part, 0);
          if (truth === clause.wanted) {
            satisfied = true;
            break;
          }
          if (truth === undefined) open.push(part);
        }
        if (satisfied) continue;
        const [first, second] = open;
        if (!first) return false;
        if (second) this.clauses.push(clause);
        else {
          changed = true;
          this.judged.clear();
          if (!this.assert(first, clause.wanted)) return false;
        }
      }
    }
    return true;
  }

  /** Whether an expression holds; undefined where it may or may not. */
  truth(expression: Expression): boolean | undefined {
    this.steps = 0;
    this.judged.clear();
    return this.judge(expression, 0);
  }

  private judge(expression: Expression, depth: number): boolean | undefined {
    if (++this.steps > MAX_STEPS || depth > MAX_DEPTH) return undefined;
    switch (expression.kind) {
      case 'constant':
        return expression.value;
      case 'equals': {
        const { symbol, literal } = expression;
        const known = this.equal.get(symbol);
        if (known !== undefined) return known === literal;
        if (this.unequal.get(symbol)?.has(literal)) return false;
        const domain = this.knowledge.domain(symbol);
        if (domain && !domain.includes(literal)) return false;
        return domain?.length === 1 ? true : undefined;
      }
      case 'free':
        return this.free.get(expression.key);
      case 'named': {
        const { name } = expression;
        const known = this.names.get(name);
        if (known !== undefined) return known;
        if (this.judged.has(name)) return this.judged.get(name);
        const truth = this.judge(this.knowledge.definition(name), depth + 1);
        this.judged.set(name, truth);
        return truth;
      }
      case 'not': {
        const inner = this.judge(expression.of, depth + 1);
        return inner === undefined ? undefined : !inner;
      }
      default: {
        // What decides at once: a false part of "all", a true part of "any".
        const decisive = expression.kind === 'any';
        let open = false;
        for (const part of expression.of) {
          const truth = this.judge(part, depth + 1);
          if (truth === decisive) return decisive;
          open ||= truth === undefined;
        }
        return open ? undefined : !decisive;
      }
    }
  }

  private pin(symbol: string, literal: string): boolean {
    const known = this.equal.get(symbol);
    if (known !== undefined) return known === literal;
    if (this.unequal.get(symbol)?.has(literal)) return false;
    const domain = this.knowledge.domain(symbol);
    if (domain && !domain.includes(literal)) return false;
    this.equal.set(symbol, literal);
    return true;
  }

  private rule(symbol: string, literal: string): boolean {
    const known = this.equal.get(symbol);
    if (known !== undefined) return known !== literal;
    const out = new Set(this.unequal.get(symbol)).add(literal);
    this.unequal.set(symbol, out);
    const left = this.knowledge.domain(symbol)?.filter((value) => !out.has(value));
    if (!left) return true;
    const [first, second] = left;
    if (first === undefined) return false;
    return second === undefined ? this.pin(symbol, first) : true;
  }
}
