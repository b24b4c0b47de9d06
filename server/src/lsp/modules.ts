/** Which files are analysed together: a Terraform module, the local modules that it calls, and the module that calls it. */

import type { Source } from '../analysis/analyze.ts';
import { type Calls, callsIn, folderOfCall } from '../terraform/module-source.ts';
import { isModuleFile, withoutReplaced } from '../terraform/recognise.ts';
import { isValuesFile } from '../terraform/tfvars.ts';
import { childOf, folderOf, inWorkspace, isWithin, keyOf, nameOf, relativeFolder, schemeOf } from './uris.ts';

/** Whether a file is part of a Terraform module by its name. */
export function isTerraform(uri: string): boolean {
  const name = nameOf(uri);
  return isModuleFile(name) || isValuesFile(name);
}

/** A text with its editor's language id, where it is open. */
interface Text {
  readonly text: string;
  readonly languageId: string | undefined;
}

/** What is needed of the workspace. */
export interface ModuleHost {
  /** Names in a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** The newest text of a file, open or on disk. */
  text(uri: string): Promise<Text | undefined>;
  /** URIs of open documents. */
  open(): readonly string[];
  readonly folders: readonly string[];
  /** The workspace folder that something lies in. */
  rootOf(uri: string): string | undefined;
}

export interface ModuleSources {
  /** The folder of the module at the root. */
  readonly root: string;
  /** Files of the root first. */
  readonly sources: readonly Source[];
  /** All was read, and as much again might be. */
  readonly hasRoom: boolean;
}

/** Modules beyond these are not followed. */
const MAX_MODULES = 50;
const MAX_CALLERS = 5;
const TOO_MANY = `Not read: more than ${MAX_MODULES} local modules are called`;

/** Files that are read of a module and all that it calls, and characters in them. */
const MAX_FILES = 2_000;
export const MAX_LENGTH = 32_000_000;
const LIMIT = `${MAX_FILES} files, or ${MAX_LENGTH / 1_000_000} MB`;
/** Files that are read side by side. */
const AT_ONCE = 20;

/** What may still be read. */
class Budget {
  files = MAX_FILES;
  length = MAX_LENGTH;
  /** Something had to be left out; nothing more is read then. */
  isSpent = false;
  /** A file that is on the disk and cannot be read: too large, or closed to us. */
  unreadable: string | undefined;

  spend(): void {
    this.isSpent = true;
    this.files = 0;
    this.length = 0;
  }
}

/** What stands for files that were not read. */
function unread(uri: string, folder: string | undefined, why: string): Source {
  return { uri, text: '', unread: why, ...(folder === undefined ? undefined : { folder }) };
}
/** Files whose calls are remembered, with their texts: as many as are read, or each request would look for them anew. */
const MAX_CALLED = MAX_FILES;

export class Modules {
  /** Local sources by URI, while the text stays the same. */
  private readonly called = new Map<string, Calls>();

  constructor(private readonly host: ModuleHost) {}

  /**
   * All that is analysed with a file of a module: the module that calls its own, where one is known, and all local
   * modules below that one. Known are modules of open documents, and those in folders above.
   * @param own the file itself, in place of what the disk has
   */
  async sourcesOf(own: Source): Promise<ModuleSources> {
    const folder = folderOf(own.uri) ?? '';
    const search = new Budget();
    let root = await this.rootOf(folder, own, search);
    let sources = await this.below(root, own);
    // The way from the root to the file is beyond what is read: it is judged as if nobody called it.
    const isAlone = root !== folder && !sources.some(({ uri }) => keyOf(uri) === keyOf(own.uri));
    if (isAlone) {
      root = folder;
      sources = await this.below(root, own);
    }
    if (isAlone)
      sources.push(unread(root, undefined, 'Judged without the module that calls it: not all of that is read'));
    else if (search.isSpent)
      sources.push(unread(root, undefined, `Judged without modules that may call it: only ${LIMIT} around are read`));
    const left = MAX_LENGTH - sources.reduce((sum, { text }) => sum + text.length, 0);
    const isWhole = !search.isSpent && sources.every((source) => source.unread === undefined);
    return { root, sources, hasRoom: isWhole && Math.min(left, search.length) > MAX_LENGTH / 2 };
  }

  private async rootOf(folder: string, own: Source, search: Budget): Promise<string> {
    const way = [folder];
    for (let root = folder; way.length <= MAX_CALLERS; way.push(root)) {
      const caller = await this.callerOf(root, own, search);
      if (caller === undefined) return root;
      // They call each other in a circle: of all of them the outermost is the root, whichever file is at hand.
      if (way.some((one) => keyOf(one) === keyOf(caller)))
        return way.sort((a, b) => keyOf(a).length - keyOf(b).length || (keyOf(a) < keyOf(b) ? -1 : 1))[0] ?? root;
      root = caller;
    }
    return way[way.length - 1] ?? folder;
  }

  /** A folder, known to the editor, whose module calls the one in this folder, itself or through modules between. */
  private async callerOf(folder: string, own: Source, search: Budget): Promise<string | undefined> {
    const candidates = new Map<string, string>();
    const home = this.host.rootOf(folder);
    for (let above = folderOf(folder); home !== undefined && above && isWithin(home, above); above = folderOf(above))
      candidates.set(keyOf(above), above);
    for (const uri of this.host.open()) {
      const other = isTerraform(uri) ? folderOf(uri) : undefined;
      if (other !== undefined) candidates.set(keyOf(other), other);
    }
    candidates.delete(keyOf(folder));
    for (const candidate of candidates.values()) {
      if (await this.reaches(candidate, keyOf(folder), own, search)) return candidate;
    }
    return undefined;
  }

  /** Whether a module's calls, or those of the modules that it calls, lead to a folder. */
  private async reaches(from: string, key: string, own: Source, search: Budget): Promise<boolean> {
    const known = new Set([keyOf(from)]);
    const open = [from];
    for (let at = open.shift(); at !== undefined; at = open.shift()) {
      for (const { text, uri } of await this.filesOf(at, own, false, search)) {
        for (const source of this.callsOf(uri, text)) {
          const next = relativeFolder(at, source);
          if (keyOf(next) === key) return true;
          if (known.has(keyOf(next)) || known.size > MAX_MODULES) continue;
          known.add(keyOf(next));
          open.push(next);
        }
      }
    }
    return false;
  }

  /**
   * The module in a folder, with all local modules that it calls; what is beyond a limit is named as not read. The module of `own`
   * is read wherever its call stands.
   */
  async below(root: string, own: Source): Promise<Source[]> {
    const budget = new Budget();
    const sources = await this.filesOf(root, own, true, budget);
    const left: Source[] = [];
    const closed = (uri: string, folder?: string) => {
      if (budget.unreadable !== undefined)
        left.push(unread(uri, folder, `Judged without what cannot be read of this module: ${budget.unreadable}`));
      budget.unreadable = undefined;
    };
    closed(root);
    if (budget.isSpent) left.push(unread(root, undefined, `Not all files of this module are read: only ${LIMIT}`));
    const home = keyOf(folderOf(own.uri) ?? '');
    const known = new Set(['']);
    const reached = new Set([keyOf(root)]);
    const open = sources.map((source) => ({ folder: '', source }));
    // The list grows while it is gone through.
    for (const next of open) {
      for (const source of this.callsOf(next.source.uri, next.source.text)) {
        const folder = folderOfCall(next.folder, source);
        if (folder === undefined || known.has(folder)) continue;
        known.add(folder);
        // `../app` of a root in `app` is the root itself.
        const place = relativeFolder(root, folder);
        if (reached.has(keyOf(place))) continue;
        if (reached.size > MAX_MODULES && keyOf(place) !== home) {
          left.push(unread(place, folder, TOO_MANY));
          continue;
        }
        reached.add(keyOf(place));
        const files = await this.filesOf(place, own, false, budget);
        closed(place, folder);
        // Half a module says things that the whole one does not.
        if (budget.isSpent) left.push(unread(place, folder, `Not read: the modules together have more than ${LIMIT}`));
        else {
          for (const file of files) {
            const found = { ...file, folder };
            sources.push(found);
            open.push({ folder, source: found });
          }
        }
      }
    }
    return [...sources, ...left];
  }

  /** Local sources of the calls in a file, as written. */
  callsOf(uri: string, text: string): readonly string[] {
    const known = this.called.get(uri);
    if (known?.text === text) return known.sources;
    const calls = callsIn(text, known);
    if (!known && this.called.size >= MAX_CALLED) this.called.clear();
    this.called.set(uri, calls);
    return calls.sources;
  }

  /**
   * The files of a module, in the order of their names; `own` in place of what is read. Where they are too many, `own`, what is open and
   * the first others.
   */
  private async filesOf(folder: string, own: Source, values: boolean, budget: Budget): Promise<Source[]> {
    const uris = new Map<string, string>();
    const takes = (name: string) => isModuleFile(name) || (values && isValuesFile(name));
    // Other versions of a file (a commit, a pull request) can be read, but hardly ever listed: the working tree says what there is.
    const names = (await this.host.list(inWorkspace(folder, this.host.folders))).filter(takes);
    for (const name of withoutReplaced(names)) {
      const uri = childOf(folder, name);
      uris.set(keyOf(uri), uri);
    }
    for (const uri of this.host.open())
      if (takes(nameOf(uri)) && keyOf(folderOf(uri) ?? '') === keyOf(folder)) uris.set(keyOf(uri), uri);
    if (keyOf(folderOf(own.uri) ?? '') === keyOf(folder) && isTerraform(own.uri)) uris.set(keyOf(own.uri), own.uri);
    const all = [...uris].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const ownKey = keyOf(own.uri);
    const read = new Map<string, Source>();
    let { files, length } = budget;
    const take = (key: string, source: Source) => {
      files--;
      length -= source.text.length;
      if (source === own || (files >= 0 && length >= 0)) read.set(key, source);
    };
    if (uris.has(ownKey)) take(ownKey, own);
    const isOpen = all.length > files ? new Set(this.host.open().map(keyOf)) : undefined;
    const others = all.filter(([key]) => key !== ownKey);
    if (isOpen) others.sort(([a], [b]) => Number(isOpen.has(b)) - Number(isOpen.has(a)));
    while (others.length && files >= 0 && length >= 0) {
      // One more than there may be, to know that there are more.
      const some = others.splice(0, Math.min(AT_ONCE, files + 1)).map(async ([key, uri]) => {
        const found = await this.host.text(uri);
        // Of other schemes it is the working tree that was listed; what begins with a dot is an editor's, and no part of a module.
        if (!found && schemeOf(uri) === 'file' && !nameOf(uri).startsWith('.')) budget.unreadable ??= nameOf(uri);
        return found && ([key, { uri, ...found }] as const);
      });
      for (const found of await Promise.all(some)) if (found) take(...found);
    }
    if (files < 0 || length < 0) budget.spend();
    else Object.assign(budget, { files, length });
    return all.flatMap(([key]) => read.get(key) ?? []);
  }
}
