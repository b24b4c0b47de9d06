/** Tells results file by file, in the order of their names, as soon as nothing more can come for a file. */

import { compare } from './files.ts';
import type { FileResult, Found, Problem } from './result.ts';

type Lists = { readonly [K in keyof Omit<FileResult, 'file'>]: FileResult[K][number][] };
type Kind = keyof Lists;

export class InOrder {
  private readonly lists = new Map<string, Lists>();
  /** Files that are still waited for, with for how many jobs. */
  private readonly waits = new Map<string, number>();
  private names: readonly string[] = [];
  private next = 0;

  constructor(private readonly tell: (result: FileResult) => void | Promise<void>) {}

  /** Says for which files there will be something, once for each job that has to do with it. */
  expect(names: Iterable<string>): void {
    for (const name of names) this.waits.set(name, (this.waits.get(name) ?? 0) + 1);
    this.names = [];
  }

  add<K extends Kind>(kind: K, items: readonly FileResult[K][number][]): void {
    for (const one of items) {
      const { file } = one;
      let lists = this.lists.get(file);
      if (!lists) {
        lists = { findings: [], suppressed: [], errors: [], notes: [] };
        this.lists.set(file, lists);
      }
      (lists[kind] as FileResult[K][number][]).push(one);
    }
  }

  /** A job is done that has to do with these files: tells all files up to the next that is waited for. */
  async settle(names: Iterable<string>): Promise<void> {
    if (!this.names.length) this.names = [...this.waits.keys()].sort(compare);
    for (const name of names) this.waits.set(name, (this.waits.get(name) ?? 0) - 1);
    const from = this.next;
    while (this.next < this.names.length && !this.waits.get(this.names[this.next] as string)) this.next++;
    if (this.next > from) await this.tellAll(this.names[this.next]);
  }

  /** Tells the rest. */
  async end(): Promise<void> {
    await this.tellAll(undefined);
  }

  private async tellAll(before: string | undefined): Promise<void> {
    const ready = [...this.lists.keys()].filter((name) => before === undefined || compare(name, before) < 0);
    for (const file of ready.sort(compare)) {
      const { findings, suppressed, errors, notes } = this.lists.get(file) as Lists;
      this.lists.delete(file);
      await this.tell({
        file,
        findings: findings.sort(byPlace),
        suppressed: suppressed.sort(byPlace),
        errors: errors.sort(byLine),
        notes: notes.sort(byLine),
      });
    }
  }
}

/** Of one file or of several: by file, line, message. */
export function byLine(a: Problem, b: Problem): number {
  const line = (one: Problem) => one.range?.start.line ?? -1;
  const character = (one: Problem) => one.range?.start.character ?? -1;
  return compare(a.file, b.file) || line(a) - line(b) || character(a) - character(b) || compare(a.message, b.message);
}

export function byPlace(a: Found, b: Found): number {
  const { start: x } = a.range;
  const { start: y } = b.range;
  return (
    compare(a.file, b.file) ||
    x.line - y.line ||
    x.character - y.character ||
    compare(a.rule.id, b.rule.id) ||
    compare(a.resource, b.resource) ||
    compare(a.message, b.message)
  );
}
