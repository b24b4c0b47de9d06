/** The files of the base that belong to those of the head, unit by unit. */

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Source } from '../analysis/analyze.ts';
import { classify } from '../analysis/classify.ts';
import { localSources } from '../terraform/module-source.ts';
import { isModuleFile } from '../terraform/recognise.ts';
import { isValuesFile } from '../terraform/tfvars.ts';
import { compare } from './files.ts';
import type { GitBase } from './git.ts';
import { inFolders, MAX_MODULES, unfollowed } from './modules.ts';

/** The base, with a memory of which of its files are accounted for. */
export class Before {
  private readonly taken = new Set<string>();
  private readonly modules = new Map<string, string[]>();
  /** Sources of the modules that a file calls. */
  private readonly calls = new Map<string, readonly string[]>();
  private readonly left: ReadonlySet<string>;

  /**
   * @param covers whether the command line stands for a file
   * @param onError told of a file of the base that cannot be read
   */
  constructor(
    readonly git: GitBase,
    private readonly covers: (path: string) => boolean,
    private readonly onError: (path: string, message: string) => void,
  ) {
    this.left = new Set(git.left);
    for (const path of git.paths) {
      if (!isModuleFile(path)) continue;
      const folder = dirname(path);
      const list = this.modules.get(folder);
      if (list) list.push(path);
      else this.modules.set(folder, [path]);
    }
  }

  /**
   * Those files of the base of which what was found counts: they became files that are linted, or would have been some.
   * @param wanted the files that are linted
   */
  counted(sources: readonly Source[], wanted: readonly string[]): string[] {
    const became = new Set(wanted.map((path) => this.git.pathOf(path)));
    return sources
      .map(({ uri }) => uri)
      .filter((path) => became.has(path) || (this.covers(path) && !this.left.has(path)));
  }

  /**
   * The texts of the base that belong to a unit of the head, by the paths that they had.
   * @param wanted the unit's files that are linted
   * @param all these and what is read beside them
   * @param isOnDisk whether their texts are what the disk has
   * @returns undefined where nothing changed; with what stands for modules that are too many to be followed
   */
  sourcesOf(wanted: readonly string[], all: readonly string[], isOnDisk: boolean): readonly Source[] | undefined {
    const pairs = all.map((path) => [path, this.git.pathOf(path)] as const);
    const [first] = wanted;
    const own = pairs.flatMap(([, then]) => (then === undefined ? [] : [then]));
    const isModule = first !== undefined && (isModuleFile(first) || isValuesFile(first));
    const beyond = new Set<string>();
    const paths = isModule ? this.moduleOf(pairs, own, beyond) : own;
    for (const path of wanted.flatMap((one) => this.git.pathOf(one) ?? [])) this.taken.add(path);
    for (const path of paths) this.taken.add(path);
    const isSame =
      isOnDisk &&
      paths.length === all.length &&
      pairs.every(([now, then]) => then !== undefined && this.git.isSame(now, then));
    if (isSame) return undefined;
    const texts = inFolders(this.read(paths));
    const root = texts[0] && dirname(texts[0].uri);
    return root === undefined ? texts : [...texts, ...[...beyond].map((place) => unfollowed(root, place))];
  }

  /**
   * All files of a module as it was, those of its own folder first: of the folder that its files come from, and of those that
   * it called.
   * @param pairs paths of the head, the root module's first, and what each was
   * @param beyond takes the folders that are not followed
   */
  private moduleOf(
    pairs: readonly (readonly [string, string | undefined])[],
    own: readonly string[],
    beyond: Set<string>,
  ): string[] {
    const now = pairs[0] ? dirname(pairs[0][0]) : '';
    const then = pairs.find(([path, old]) => old !== undefined && dirname(path) === now)?.[1];
    const root = then === undefined ? now : dirname(then);
    const folders = new Set([root]);
    for (const folder of folders) {
      for (const path of this.modules.get(folder) ?? []) {
        for (const source of this.callsOf(path)) {
          const called = resolve(folder, source);
          if (folders.has(called) || !this.modules.has(called)) continue;
          if (folders.size <= MAX_MODULES) folders.add(called);
          else beyond.add(called);
        }
      }
    }
    // Those that the head reads are read all the same.
    for (const path of own) beyond.delete(dirname(path));
    const all = new Set([...own, ...[...folders].flatMap((folder) => this.modules.get(folder) ?? [])]);
    const rank = (path: string) => (dirname(path) === root ? 0 : 1);
    return [...all].sort((a, b) => rank(a) - rank(b) || compare(a, b));
  }

  private callsOf(path: string): readonly string[] {
    let calls = this.calls.get(path);
    if (!calls) {
      const read = this.git.read(path);
      calls = 'text' in read ? localSources(read.text) : [];
      this.calls.set(path, calls);
    }
    return calls;
  }

  private read(paths: readonly string[]): Source[] {
    const sources: Source[] = [];
    for (const path of paths) {
      const read = this.git.read(path);
      if ('error' in read) {
        // What was no text was no template.
        if (read.unreadable) this.onError(path, read.error);
      } else if (!isModuleFile(path) || classify({ uri: path, text: read.text }) === 'terraform')
        sources.push({ uri: path, text: read.text });
    }
    return sources;
  }

  /**
   * What the base had and the head has not: files that are deleted, or no template any more; files of a module together.
   * @param isGone decides about a file that is still there
   */
  async deleted(isGone: (path: string) => Promise<boolean>): Promise<(readonly Source[])[]> {
    const alone: string[] = [];
    const modules = new Map<string, string[]>();
    for (const path of this.git.paths) {
      if (this.taken.has(path) || this.left.has(path) || !this.covers(path)) continue;
      if (existsSync(path) && (this.git.isSame(path, path) || !(await isGone(path)))) continue;
      if (!isModuleFile(path)) alone.push(path);
      else modules.set(dirname(path), [...(modules.get(dirname(path)) ?? []), path]);
    }
    const groups = [...alone.map((path) => [path]), ...modules.values()].map((paths) => this.read(paths));
    return groups.filter((sources) => sources.length);
  }
}
