/** Which files are analysed together: a Terraform module, the local modules that it calls, and the module that calls it. */

import type { Source } from '../analysis/analyze.ts';
import { folderOfCall, localSources } from '../terraform/module-source.ts';
import { isModuleFile, withoutReplaced } from '../terraform/recognise.ts';
import { isValuesFile } from '../terraform/tfvars.ts';
import { childOf, folderOf, inWorkspace, isWithin, keyOf, nameOf, relativeFolder } from './uris.ts';

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
  readonly sources: readonly Source[];
}

/** Modules beyond these are not followed. */
const MAX_MODULES = 50;
const MAX_CALLERS = 5;
/** Files whose calls are remembered, with their texts. */
const MAX_CALLED = 100;

export class Modules {
  /** Local sources by URI, while the text stays the same. */
  private readonly called = new Map<string, { readonly text: string; readonly sources: readonly string[] }>();

  constructor(private readonly host: ModuleHost) {}

  /**
   * All that is analysed with a file of a module: the module that calls its own, where one is known, and all local
   * modules below that one. Known are modules of open documents, and those in folders above.
   * @param own the file itself, in place of what the disk has
   */
  async sourcesOf(own: Source): Promise<ModuleSources> {
    const folder = folderOf(own.uri) ?? '';
    const root = await this.rootOf(folder, own);
    return { root, sources: await this.below(root, own) };
  }

  private async rootOf(folder: string, own: Source): Promise<string> {
    const way = [folder];
    for (let root = folder; way.length <= MAX_CALLERS; way.push(root)) {
      const caller = await this.callerOf(root, own);
      if (caller === undefined) return root;
      // They call each other in a circle: of all of them the outermost is the root, whichever file is at hand.
      if (way.some((one) => keyOf(one) === keyOf(caller)))
        return way.sort((a, b) => keyOf(a).length - keyOf(b).length || (keyOf(a) < keyOf(b) ? -1 : 1))[0] ?? root;
      root = caller;
    }
    return way[way.length - 1] ?? folder;
  }

  /** A folder, known to the editor, whose module calls the one in this folder, itself or through modules between. */
  private async callerOf(folder: string, own: Source): Promise<string | undefined> {
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
      if (await this.reaches(candidate, keyOf(folder), own)) return candidate;
    }
    return undefined;
  }

  /** Whether a module's calls, or those of the modules that it calls, lead to a folder. */
  private async reaches(from: string, key: string, own: Source): Promise<boolean> {
    const known = new Set([keyOf(from)]);
    const open = [from];
    for (let at = open.shift(); at !== undefined; at = open.shift()) {
      for (const { text, uri } of await this.filesOf(at, own, false)) {
        for (const source of this.sourcesIn(uri, text)) {
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

  /** The module in a folder, with all local modules that it calls. */
  async below(root: string, own: Source): Promise<Source[]> {
    const sources = await this.filesOf(root, own, true);
    const known = new Set(['']);
    const reached = new Set([keyOf(root)]);
    const open = sources.map((source) => ({ folder: '', source }));
    for (let next = open.shift(); next; next = open.shift()) {
      for (const source of this.sourcesIn(next.source.uri, next.source.text)) {
        const folder = folderOfCall(next.folder, source);
        if (folder === undefined || known.has(folder) || known.size > MAX_MODULES) continue;
        known.add(folder);
        // `../app` of a root in `app` is the root itself.
        const place = relativeFolder(root, folder);
        if (reached.has(keyOf(place))) continue;
        reached.add(keyOf(place));
        for (const file of await this.filesOf(place, own, false)) {
          const found = { ...file, folder };
          sources.push(found);
          open.push({ folder, source: found });
        }
      }
    }
    return sources;
  }

  private sourcesIn(uri: string, text: string): readonly string[] {
    const known = this.called.get(uri);
    if (known?.text === text) return known.sources;
    const sources = localSources(text);
    if (this.called.size >= MAX_CALLED) this.called.clear();
    this.called.set(uri, { text, sources });
    return sources;
  }

  /** The files of a module, in the order of their names; `own` in place of what is read. */
  private async filesOf(folder: string, own: Source, values: boolean): Promise<Source[]> {
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
    const read = [...uris]
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(async ([key, uri]): Promise<Source | undefined> => {
        if (key === keyOf(own.uri)) return own;
        const found = await this.host.text(uri);
        return found && { uri, ...found };
      });
    return (await Promise.all(read)).filter((source) => source !== undefined);
  }
}
