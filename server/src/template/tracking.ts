/**
 * What a computation read, so that its result can be kept when the next version of a template leaves all of that as it was.
 *
 * Whoever answers questions about a template notes what the asking computation read: a resource, which resources of a type
 * there are, a result computed earlier. A result is good as long as everything it read is. Reads are checked in the order
 * in which they happened, so that what was reached through something that has changed is never asked.
 */

/** Something that was read. */
export interface Read {
  /** Whether it is what it was when it was read. */
  isCurrent(): boolean;
}

/** A thing that stays what it is until somebody says otherwise. */
export class Cell implements Read {
  isStale = false;

  isCurrent(): boolean {
    return !this.isStale;
  }
}

/** Read by whoever looks at what every version has anew, such as the text. */
export const CHANGING: Read = { isCurrent: () => false };

/** What one computation reads. */
class Frame {
  /** Most computations on behalf of one rule read nothing. */
  reads: Set<Read> | undefined;
  effects: Set<string> | undefined;
  constructor(
    /** What it is a computation of: that is not noted. */
    public own: object | undefined,
    /** Whether it holds on to what it is merely shown: an index of resources, say. */
    public keeps: boolean,
  ) {}
}

/** One that took nothing down: thousands of rules in a row read nothing but what they judge. */
let unused: Frame | undefined;

function frameFor(own: object | undefined, keeps: boolean): Frame {
  const free = unused;
  if (!free) return new Frame(own, keeps);
  unused = undefined;
  free.own = own;
  free.keeps = keeps;
  return free;
}

let frame: Frame | undefined;
/** Counts new versions of templates: within one nothing has to be checked twice. */
let revision = 0;

/** A template was replaced by its next version. */
export function nextRevision(): void {
  revision++;
}

/** Counts versions of templates: what holds places is good for one of them. */
export function currentRevision(): number {
  return revision;
}

/** Notes that the computation under way reads this. */
export function note(read: Read): void {
  if (!frame || read === frame.own) return;
  frame.reads ??= new Set();
  frame.reads.add(read);
}

/** Notes what the computation under way is shown; it counts as read where the computation keeps it. */
export function noteShown(shown: readonly object[]): void {
  if (frame?.keeps) for (const one of shown) if (isRead(one)) note(one);
}

/** Says something beside the result, which is said again whenever the result is used again. */
export function effect(name: string): void {
  if (!frame) return;
  frame.effects ??= new Set();
  frame.effects.add(name);
}

/** A result with what it rests upon. */
export interface Tracked<T> {
  readonly value: T;
  readonly reads: readonly Read[];
  readonly effects: ReadonlySet<string> | undefined;
}

const NO_READS: readonly Read[] = [];

/**
 * Runs a computation and takes down what it reads.
 * @param own what it is a computation of
 * @param keeps it holds on to all that it is shown
 */
export function track<T>(own: object | undefined, keeps: boolean, compute: () => T): Tracked<T>;
/** @param argument what `compute` is given: thousands of functions need not be made */
export function track<T, A>(
  own: object | undefined,
  keeps: boolean,
  compute: (argument: A) => T,
  argument: A,
): Tracked<T>;
export function track<T, A>(
  own: object | undefined,
  keeps: boolean,
  compute: (argument: A) => T,
  argument?: A,
): Tracked<T> {
  const outer = frame;
  const inner = frameFor(own, keeps);
  frame = inner;
  try {
    const value = compute(argument as A);
    return { value, reads: inner.reads ? [...inner.reads] : NO_READS, effects: inner.effects };
  } finally {
    frame = outer;
    if (!inner.reads && !inner.effects) {
      inner.own = undefined;
      unused = inner;
    }
  }
}

/** Whether all of that is still as it was read. What fails when it is computed again is not. Never throws. */
export function areCurrent(reads: readonly Read[]): boolean {
  try {
    // By index: thousands are asked with each key, and until V8 has optimized this, an iterator makes an object a step.
    for (let i = 0; i < reads.length; i++) if (!(reads[i] as Read).isCurrent()) return false;
    return true;
  } catch {
    return false;
  }
}

/** A result as it was handed out. */
class Edition<T> implements Read {
  constructor(
    readonly memo: Memo<T>,
    readonly value: T,
  ) {}

  isCurrent(): boolean {
    return this.memo.refresh() === this;
  }
}

/** A result that is computed again when what it read has changed; equal results are the same edition. */
class Memo<T> {
  private edition: Edition<T>;
  private reads: readonly Read[];
  private effects: ReadonlySet<string> | undefined;
  private checked = revision;

  constructor(
    private readonly own: object | undefined,
    private readonly compute: () => T,
  ) {
    const { value, reads, effects } = track(own, true, compute);
    this.edition = new Edition(this, value);
    this.reads = reads;
    this.effects = effects;
  }

  /** Whether nobody has asked for it from that revision on. */
  isIdleSince(then: number): boolean {
    return this.checked < then;
  }

  refresh(): Edition<T> {
    if (this.checked !== revision) {
      if (!areCurrent(this.reads)) {
        const { value, reads, effects } = track(this.own, true, this.compute);
        if (!isSame(this.edition.value, value, DEPTH)) this.edition = new Edition(this, value);
        this.reads = reads;
        this.effects = effects;
      }
      this.checked = revision;
    }
    return this.edition;
  }

  /** The value, noted as read. */
  use(): T {
    const edition = this.refresh();
    if (frame) {
      if (this.reads.length) note(edition);
      if (this.effects) for (const one of this.effects) effect(one);
    }
    return edition.value;
  }
}

/** How deep results are compared; below, only the same is equal. */
const DEPTH = 4;

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether two results say the same: lists, maps and records by their members, everything else by identity. */
function isSame(a: unknown, b: unknown, depth: number): boolean {
  if (Object.is(a, b)) return true;
  if (depth === 0 || typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i], depth - 1));
  }
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    const [left, right] = [[...a], [...b]];
    return left.every(([key, value], i) => {
      const other = right[i];
      return other !== undefined && Object.is(key, other[0]) && isSame(value, other[1], depth - 1);
    });
  }
  if (a instanceof Set) {
    if (!(b instanceof Set) || a.size !== b.size) return false;
    const right = [...b];
    return [...a].every((item, i) => Object.is(item, right[i]));
  }
  if (!isPlain(a) || !isPlain(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => isSame((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name], depth - 1))
  );
}

/** What was computed of an object, kept on it: weak maps of thousands of them cost more than the work they save. */
const MEMO = Symbol('computed once');

class Memos extends Map<object, Memo<unknown>> {
  constructor(
    /** An object made out of another one inherits what is kept on that, and has other values. */
    readonly owner: object | undefined,
  ) {
    super();
  }
}

function memosOf(key: object): Memos {
  const known = (key as { [MEMO]?: Memos })[MEMO];
  if (known?.owner === key) return known;
  const memos = new Memos(key);
  Object.defineProperty(key, MEMO, { value: memos });
  return memos;
}

/**
 * A function of an object (a resource, a policy, a statement), computed once for each, and again when something else that
 * it read has changed.
 */
export function once<K extends object, T>(compute: (key: K) => T): (key: K) => T {
  const id = {};
  return (key) => {
    if (isRead(key)) note(key);
    const memos = memosOf(key);
    let memo = memos.get(id) as Memo<T> | undefined;
    if (!memo) {
      memo = new Memo(key, () => compute(key));
      memos.set(id, memo);
    }
    return memo.use();
  };
}

function isRead(key: object): key is Read {
  return typeof (key as Partial<Read>).isCurrent === 'function';
}

/** As {@link once}, of an object and a second thing that is compared by identity (a name, a table of paths). */
export function oncePer<K extends object, A, T>(compute: (key: K, argument: A) => T): (key: K, argument: A) => T {
  const byArgument = once((_: K) => new Map<A, Memo<T>>());
  return (key, argument) => {
    const memos = byArgument(key);
    let memo = memos.get(argument);
    if (!memo) {
      memo = new Memo(key, () => compute(key, argument));
      memos.set(argument, memo);
    }
    return memo.use();
  };
}

/** An entry of a table as it was read. */
class Answer<T> implements Read {
  private checked = revision;
  private good = true;

  constructor(
    readonly value: T,
    private readonly now: () => T,
  ) {}

  isCurrent(): boolean {
    if (this.checked !== revision) {
      this.good = isSame(this.value, unnoted(this.now), DEPTH);
      this.checked = revision;
    }
    return this.good;
  }
}

/** Computes something of which who asks has not read everything. */
function unnoted<T>(compute: () => T): T {
  const outer = frame;
  frame = undefined;
  try {
    return compute();
  } finally {
    frame = outer;
  }
}

/**
 * What a table says of an object: who asks has read that entry, and not all of the table.
 * @param table computed once, with what it reads taken down
 * @param none where the table says nothing
 */
export function entryIn<K extends object, T>(table: (key: K) => ReadonlyMap<K, T>, none: T): (key: K) => T {
  const answers = once((_: K): { last?: Answer<T> } => ({}));
  return (key) => {
    const holder = answers(key);
    const now = () => table(key).get(key) ?? none;
    const value = unnoted(now);
    if (!holder.last || !isSame(holder.last.value, value, DEPTH)) holder.last = new Answer(value, now);
    const answer = holder.last;
    note(answer);
    return answer.value;
  };
}

/** What is known of a template through its versions: results, by the function that made them. */
export class Lineage<T extends object> {
  private readonly memos = new Memos(undefined);
  private said = new Set<string>();
  /** The revision in which the run under way, or the last one, began. */
  private begun = 0;

  constructor(
    /** The newest version. */
    public template: T,
  ) {}

  /** The result of a function of the template, computed once a version at most. */
  once<R>(id: object, compute: (template: T) => R): R {
    let memo = this.memos.get(id) as Memo<R> | undefined;
    if (!memo) {
      memo = new Memo<R>(undefined, () => compute(this.template));
      this.memos.set(id, memo as Memo<unknown>);
    }
    return memo.use();
  }

  /** A run over the template begins: nothing was said yet. Results that the last run had no use for keep nothing alive. */
  begin(): void {
    this.said = new Set();
    for (const [id, memo] of this.memos) if (memo.isIdleSince(this.begun)) this.memos.delete(id);
    this.begun = revision;
  }

  /** Takes in what a computation said beside its result. */
  addEffects(effects: ReadonlySet<string> | undefined): void {
    if (effects) for (const one of effects) this.said.add(one);
  }

  /** What was said so far in the run under way; whoever asks reads all of it. */
  effects(): ReadonlySet<string> {
    const then = [...this.said].sort().join('\n');
    note({ isCurrent: () => [...this.said].sort().join('\n') === then });
    return this.said;
  }
}
