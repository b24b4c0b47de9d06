/** The resources of a template by address and type. Who asks is noted to have read which there are. */

import type { Resource } from './template.ts';
import { Cell, note, noteShown } from './tracking.ts';

const ALL = '';
/** Types, in one text, or what picks resources by their type or address. */
type Question = string | ((resource: Resource) => boolean);
const MOST_LOOKUPS = 2_000;

export class ResourceIndex {
  private readonly byAddress = new Map<string, Resource>();
  private readonly byType = new Map<string, Resource[]>();
  private readonly lists = new Map<Question, readonly Resource[]>();
  /** Answers given so far, by question: which resources there are. What they hold is another matter. */
  private readonly members: Map<Question, Cell>;
  private readonly lookups: Map<string, Cell>;

  /**
   * @param own in the order of the template; of several at one address the `last` counts, or the first
   * @param previous the version before, whose answers stay good where the same resources, or their next versions, are there
   */
  constructor(
    private readonly own: readonly Resource[],
    counts: 'first' | 'last',
    previous?: ResourceIndex,
  ) {
    for (const resource of own) {
      if (counts === 'last' || !this.byAddress.has(resource.address)) this.byAddress.set(resource.address, resource);
      for (const type of resource.types) {
        const list = this.byType.get(type);
        if (list) list.push(resource);
        else this.byType.set(type, [resource]);
      }
    }
    this.members = previous?.members ?? new Map();
    this.lookups = previous?.lookups ?? new Map();
    if (previous && !areAlike(previous.own, own)) this.compare(previous);
    // A name that is being typed is another one with each key, and is asked for as such.
    if (this.lookups.size > MOST_LOOKUPS + 2 * own.length) forget(this.lookups);
  }

  private compare(previous: ResourceIndex): void {
    for (const [question, answer] of this.members) {
      if (areAlike(previous.list(question), this.list(question))) continue;
      answer.isStale = true;
      this.members.delete(question);
    }
    for (const [address, answer] of this.lookups) {
      if (isAlike(previous.byAddress.get(address), this.byAddress.get(address))) continue;
      answer.isStale = true;
      this.lookups.delete(address);
    }
  }

  private list(question: Question): readonly Resource[] {
    if (question === ALL) return this.own;
    let found = this.lists.get(question);
    if (!found) {
      found = typeof question === 'string' ? this.named(question) : this.own.filter((resource) => question(resource));
      this.lists.set(question, found);
    }
    return found;
  }

  /** Of types, in one text. */
  private named(question: string): readonly Resource[] {
    const types = question.split(' ');
    if (types.length === 1) return this.byType.get(question) ?? [];
    return this.own.filter((resource) => resource.types.some((type) => types.includes(type)));
  }

  private asked(question: Question): readonly Resource[] {
    let answer = this.members.get(question);
    if (!answer) {
      answer = new Cell();
      this.members.set(question, answer);
    }
    note(answer);
    const list = this.list(question);
    noteShown(list);
    return list;
  }

  get all(): readonly Resource[] {
    return this.asked(ALL);
  }

  ofType(types: readonly string[]): readonly Resource[] {
    return this.asked(types.join(' '));
  }

  where(accepts: (resource: Resource) => boolean): readonly Resource[] {
    return this.asked(accepts);
  }

  at(address: string): Resource | undefined {
    let answer = this.lookups.get(address);
    if (!answer) {
      answer = new Cell();
      this.lookups.set(address, answer);
    }
    note(answer);
    const resource = this.byAddress.get(address);
    if (resource) noteShown([resource]);
    return resource;
  }
}

function forget(answers: Map<string, Cell>): void {
  for (const answer of answers.values()) answer.isStale = true;
  answers.clear();
}

function areAlike(before: readonly Resource[], now: readonly Resource[]): boolean {
  return before.length === now.length && before.every((one, i) => isAlike(one, now[i]));
}

/**
 * Whether an answer that held the one resource is good with the other in its place: the same, or its next version, which who
 * read the one asks for anew. Another one of that address is neither: several may share it.
 */
function isAlike(before: Resource | undefined, now: Resource | undefined): boolean {
  if (before === now) return true;
  return before?.address === now?.address && before?.type === now?.type && before?.isCurrent?.() === false;
}
