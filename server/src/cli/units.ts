/** What belongs together: files that are judged alone, and Terraform modules with what they call. Reads, and judges nothing. */

import { dirname, resolve } from 'node:path';
import type { Source } from '../analysis/analyze.ts';
import { classify } from '../analysis/classify.ts';
import type { Settings } from '../analysis/settings.ts';
import { folderOfCall, localSources } from '../terraform/module-source.ts';
import { isModuleFile } from '../terraform/recognise.ts';
import { isValuesFile } from '../terraform/tfvars.ts';
import { isOutside, LEADS_OUT, leadsOut } from './boundary.ts';
import type { Configurations } from './config.ts';
import { compare, displayPath, type Encoding, type InputFile, readText } from './files.ts';
import { Calls, contextOf, isClosed, MAX_MODULES, moduleFiles, NOT_ALL, unfollowed, unread } from './modules.ts';
import type { Problem } from './result.ts';

/** A file that was read. */
export interface Loaded {
  readonly path: string;
  readonly text: string;
  readonly encoding: Encoding;
}

/** What is judged as one: a file, or a Terraform module. */
export interface Unit {
  readonly sources: readonly Source[];
  /** The files of it that were asked for: the rest is context. */
  readonly wanted: ReadonlyMap<string, Loaded>;
  readonly settings: Settings;
}

/** Files that were asked for and begin a unit: one, or those of a module that nobody calls. */
export type Group = readonly InputFile[];

/** A text that is given, not read: standard input. */
export interface GivenText {
  readonly path: string;
  readonly text: string;
}

export class Units {
  readonly groups: readonly Group[];
  private readonly asked = new Map<string, InputFile>();
  private readonly calls: Calls;
  private readonly modules = new Map<string, InputFile[]>();

  constructor(
    files: readonly InputFile[],
    private readonly given: GivenText | undefined,
    private readonly configurations: Configurations,
    private readonly cwd: string,
  ) {
    const place = new Map<string, number>();
    const alone: InputFile[] = [];
    for (const [index, file] of files.entries()) {
      this.asked.set(file.path, file);
      place.set(file.path, index);
      // Which files form a module is known by name; whether they are Terraform, by content.
      if (!isModuleFile(file.path) && !isValuesFile(file.path)) alone.push(file);
      else {
        const folder = dirname(file.path);
        const list = this.modules.get(folder);
        if (list) list.push(file);
        else this.modules.set(folder, [file]);
      }
    }
    this.calls = new Calls(given ? new Map() : this.modules);
    const roots = given ? [...this.modules.keys()] : this.calls.roots();
    this.groups = inOrder(
      alone.map((file) => [file]),
      roots.map((folder) => this.modules.get(folder) ?? []),
      ([first]) => place.get(first?.path ?? '') ?? 0,
    );
  }

  /** The files that were asked for and may be judged with a group. */
  touched(group: Group): readonly string[] {
    const [first] = group;
    if (!first || !this.modules.has(dirname(first.path)) || !this.isOfModule(first.path))
      return group.map(({ path }) => path);
    const folders = this.given ? [dirname(first.path)] : [...this.calls.reach(dirname(first.path))];
    return folders.flatMap((folder) => this.modules.get(folder) ?? []).map(({ path }) => path);
  }

  private isOfModule(path: string): boolean {
    return isModuleFile(path) || isValuesFile(path);
  }

  /** Reads what belongs to a group; no unit where that is nothing that can be linted. */
  read(group: Group): {
    readonly unit?: Unit;
    readonly errors: readonly Problem[];
    readonly notes: readonly Problem[];
  } {
    const wanted = new Map<string, Loaded>();
    const failed: Source[] = [];
    const remarks = new Remarks();
    let settings: Settings | undefined;
    for (const { path, explicit } of group) {
      const own = this.configurations.settingsOf(path);
      if (!own) {
        const message = 'Left alone: the configuration excludes it.';
        if (explicit) remarks.notes.push({ file: this.show(path), message });
        continue;
      }
      const loaded = this.given
        ? { ...this.given, encoding: { name: 'utf8', mark: false } as const }
        : this.load(path, explicit, remarks);
      if (loaded === 'unread') failed.push(unread(path));
      if (!loaded || loaded === 'unread') continue;
      settings = own;
      wanted.set(path, loaded);
    }
    const { errors, notes } = remarks;
    const [first] = wanted.keys();
    if (!settings || first === undefined) return { errors, notes };
    const sources: Source[] = [...wanted.values()].map(({ path, text }) => ({ uri: path, text }));
    if (this.isOfModule(first)) {
      const root = dirname(first);
      for (const path of moduleFiles(root, true)) if (!wanted.has(path)) sources.push(...contextOf(path));
      sources.sort((a, b) => Number(!!a.unread) - Number(!!b.unread) || compare(a.uri, b.uri));
      sources.push(...failed, ...this.called(root, sources, wanted, remarks));
    }
    const [only] = sources;
    if (only && sources.length === 1 && classify(only) === 'terraform-plan')
      sources.push(...this.configurationBeside(only.uri));
    return { unit: { sources, wanted, settings }, errors, notes };
  }

  private show(path: string): string {
    return displayPath(path, this.cwd);
  }

  /** The configuration in a plan's folder, with the modules that it calls: perhaps what the plan was made of. */
  private configurationBeside(plan: string): Source[] {
    const root = dirname(plan);
    const own = moduleFiles(root, false).flatMap(contextOf);
    return [...own, ...this.called(root, own)];
  }

  /**
   * The files of all local modules that a module calls, directly or not.
   * @param wanted takes those of them that were asked for; where left out, all are context
   */
  private called(root: string, own: readonly Source[], wanted?: Map<string, Loaded>, remarks?: Remarks): Source[] {
    const sources: Source[] = [];
    const left: Source[] = [];
    const known = new Set(['']);
    const reached = new Set([root]);
    const open = own.map(({ text }) => ({ folder: '', text }));
    for (let next = open.shift(); next; next = open.shift()) {
      for (const source of localSources(next.text)) {
        const folder = folderOfCall(next.folder, source);
        if (folder === undefined || known.has(folder)) continue;
        // `../app` of a root in `app` is the root itself.
        const place = resolve(root, folder);
        // One that was asked for is judged with its callers only: it must not be left out here.
        const isBeyond = reached.size > MAX_MODULES && !this.modules.has(place);
        known.add(folder);
        if (reached.has(place) || isOutside(root, place)) continue;
        if (isBeyond) {
          left.push(unfollowed(root, place));
          continue;
        }
        reached.add(place);
        const isLink = leadsOut(place);
        const files = isLink ? [] : moduleFiles(place, false);
        if (isLink || (!files.length && isClosed(place))) left.push({ uri: place, text: '', folder, unread: NOT_ALL });
        for (const path of files) {
          const asked = this.given || !wanted ? undefined : this.asked.get(path);
          const read =
            asked && this.configurations.settingsOf(path) ? this.load(path, asked.explicit, remarks) : undefined;
          const loaded = read === 'unread' ? undefined : read;
          if (loaded) wanted?.set(path, loaded);
          const found = loaded ? [{ uri: path, text: loaded.text }] : contextOf(path);
          for (const source of found) {
            (source.unread === undefined ? sources : left).push({ ...source, folder });
            open.push({ folder, text: source.text });
          }
        }
      }
    }
    return [...sources, ...left];
  }

  /** Reads a file; undefined where it is none of ours. */
  private load(path: string, explicit: boolean, remarks = new Remarks()): Loaded | 'unread' | undefined {
    const file = this.show(path);
    const read = readText(path);
    if ('error' in read) {
      // A file that was only come across and is no text is nobody's template; nor is a link that leads out.
      const isOurs =
        read.garbled === undefined
          ? this.isOfModule(path) && read.error !== LEADS_OUT
          : classify({ uri: path, text: read.garbled });
      if (explicit || read.unreadable || isOurs) remarks.errors.push({ file, message: read.error, fatal: true });
      return 'unread';
    }
    if (classify({ uri: path, text: read.text })) return { path, ...read };
    if (explicit)
      remarks.notes.push({
        file,
        message: 'Skipped: no CloudFormation template, Terraform configuration or plan, or IAM policy.',
      });
    return undefined;
  }
}

class Remarks {
  readonly errors: Problem[] = [];
  readonly notes: Problem[] = [];
}

/** Two lists as one by places, each in the order that it has. */
function inOrder<T>(a: readonly T[], b: readonly T[], placeOf: (one: T) => number): T[] {
  const all: T[] = [];
  let i = 0;
  for (const one of a) {
    for (let next = b[i]; next !== undefined && placeOf(next) < placeOf(one); next = b[++i]) all.push(next);
    all.push(one);
  }
  return [...all, ...b.slice(i)];
}
