/** Which files on disk form Terraform modules, and which modules call which. */

import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Source } from '../analysis/analyze.ts';
import { localSources } from '../terraform/module-source.ts';
import { isModuleFile, withoutReplaced } from '../terraform/recognise.ts';
import { isValuesFile } from '../terraform/tfvars.ts';
import { compare as compareNames, type InputFile, readText } from './files.ts';

/** Local modules beyond this many are not followed from one root. */
export const MAX_MODULES = 100;

/** Paths of a module's files, with those of values for its variables where asked for. */
export function moduleFiles(folder: string, values: boolean): string[] {
  try {
    const names = readdirSync(folder).filter((name) => isModuleFile(name) || (values && isValuesFile(name)));
    return withoutReplaced(names)
      .sort(compareNames)
      .map((name) => resolve(join(folder, name)));
  } catch {
    return [];
  }
}

/** Said of a module of which something is there that cannot be read: what is missing in it may be there. */
export const NOT_ALL = 'Judged without what cannot be read of this module';

/** A file that is read for what it says to others; where it cannot be read, what stands for it. */
export function contextOf(path: string): Source[] {
  const read = readText(path);
  if ('text' in read) return [{ uri: path, text: read.text }];
  // Terraform passes folders by, and what begins with a dot: an editor's lock is a link that leads nowhere.
  const isOther = basename(path).startsWith('.') || isFolder(path);
  return isOther ? [] : [unread(path)];
}

/** What stands for a file of a module that cannot be read. */
export function unread(path: string): Source {
  return { uri: path, text: '', unread: `${NOT_ALL}: ${basename(path)}` };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Whether a folder is there, and what is in it cannot be told. */
export function isClosed(folder: string): boolean {
  try {
    readdirSync(folder);
    return false;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

const TOO_MANY = `Not read: more than ${MAX_MODULES} local modules are called`;

/** What stands for a module that a root calls, directly or not, and that is not followed. Both are folders. */
export function unfollowed(root: string, place: string): Source {
  return { uri: place, text: '', folder: relative(root, place).split(sep).join('/'), unread: TOO_MANY };
}

/** Texts of a module of the base, the first of its own folder, with the folders of those that it calls. */
export function inFolders(sources: readonly Source[]): readonly Source[] {
  const root = sources[0] && dirname(sources[0].uri);
  return sources.map((source) => {
    const folder = root === undefined ? '' : relative(root, dirname(source.uri)).split(sep).join('/');
    return folder && isModuleFile(source.uri) ? { ...source, folder } : source;
  });
}

/** Which modules call which: by folder, the folders that its files call. */
export class Calls {
  private readonly asked = new Map<string, readonly string[]>();
  private readonly beside = new Map<string, readonly string[]>();

  /** @param modules the files of modules that were asked for, by folder */
  constructor(private readonly modules: ReadonlyMap<string, readonly InputFile[]>) {
    for (const [folder, files] of modules)
      this.asked.set(
        folder,
        called(
          folder,
          files.map(({ path }) => path),
        ),
      );
  }

  /** Folders of modules that no other of them calls; where they call each other in a circle, all that no root reaches. */
  roots(): string[] {
    const callsOf = (folder: string) =>
      (this.asked.get(folder) ?? []).filter((one) => one !== folder && this.modules.has(one));
    const isCalled = new Set([...this.modules.keys()].flatMap(callsOf));
    const roots = [...this.modules.keys()].filter((folder) => !isCalled.has(folder));
    const reached = new Set<string>();
    const visit = (first: string) => {
      const open = [first];
      for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
        if (reached.has(folder)) continue;
        reached.add(folder);
        open.push(...callsOf(folder));
      }
    };
    for (const root of roots) visit(root);
    for (const folder of this.modules.keys()) {
      if (reached.has(folder)) continue;
      roots.push(folder);
      visit(folder);
    }
    return roots;
  }

  /** All folders whose files may be judged together with those of a root, its own included. */
  reach(root: string): ReadonlySet<string> {
    const reached = new Set([root]);
    // A set that grows is gone through to its end.
    for (const folder of reached) {
      let beside = this.beside.get(folder);
      if (!beside) {
        const files = this.modules.get(folder) ?? [];
        const asked = new Set(files.map(({ path }) => path));
        beside = called(
          folder,
          moduleFiles(folder, false).filter((path) => !asked.has(path)),
        );
        this.beside.set(folder, beside);
      }
      for (const one of [...(this.asked.get(folder) ?? []), ...beside]) reached.add(one);
    }
    return reached;
  }
}

function called(folder: string, paths: readonly string[]): string[] {
  const sources = paths.flatMap(contextOf).flatMap(({ text }) => localSources(text));
  return [...new Set(sources)].map((source) => resolve(folder, source));
}
