/** Which Terraform modules hang together with those that a branch changes: whoever calls them, and what is called. */

import { folderOfCall, localSources } from '../../server/src/terraform/module-source.ts';
import { isModuleFile, withoutReplaced } from '../../server/src/terraform/recognise.ts';
import { folderOf, isFetched, isModulePart, type ModuleFolder } from './branch-changes.ts';

/** As the language server does it: modules beyond these are not followed. */
const MAX_MODULES = 50;
const MAX_CALLERS = 5;

/** What is needed of the working tree; paths in, paths out. */
export interface ModuleFiles {
  /** Names in a folder; none where it is missing. */
  list(folder: string): Promise<readonly string[]>;
  read(path: string): Promise<string | undefined>;
  /** Whether a folder is one of the repository. */
  holds(folder: string): boolean;
}

export interface ModuleTrees {
  /** Paths of the files of a module that was looked at. */
  siblings(folder: string): readonly string[];
  /** The module at the root, then those below it; a module that nobody calls is its own root. */
  tree(folder: string): readonly ModuleFolder[];
}

/**
 * Looks at the modules in some folders. Callers are found in these folders and in those above.
 * @param changed paths of folders with Terraform files that changed
 */
export async function moduleTrees(changed: readonly string[], files: ModuleFiles): Promise<ModuleTrees> {
  const listed = new Map<string, Promise<readonly string[]>>();
  const known = new Map<string, readonly string[]>();
  const called = new Map<string, Promise<readonly string[]>>();

  const list = async (folder: string): Promise<readonly string[]> => {
    const names = files.holds(folder) && !isFetched(`${folder}/`) ? await files.list(folder) : [];
    const paths = withoutReplaced(names.filter((name) => isModulePart(`/${name}`)))
      .sort()
      .map((name) => `${folder}/${name}`);
    known.set(folder, paths);
    return paths;
  };
  const filesOf = (folder: string) => remembered(listed, folder, list);
  /** The sources of local calls in a module, as written. */
  const callsOf = (folder: string) =>
    remembered(called, folder, async () => {
      const texts = await Promise.all((await filesOf(folder)).filter(isModuleFile).map((path) => files.read(path)));
      return [...new Set(texts.flatMap((text) => (text === undefined ? [] : localSources(text))))];
    });
  const below = async (root: string): Promise<readonly ModuleFolder[]> => {
    await filesOf(root);
    const found = new Map<string, ModuleFolder>([['', { path: root }]]);
    for (const [relative, { path }] of found) {
      for (const source of await callsOf(path)) {
        const folder = folderOfCall(relative, source);
        const target = folder && pathOf(root, `./${folder}`);
        if (!folder || !target || found.has(folder) || found.size > MAX_MODULES) continue;
        if ((await filesOf(target)).length) found.set(folder, { path: target, folder });
      }
    }
    return [...found.values()];
  };
  const ofRoots = new Map<string, Promise<readonly ModuleFolder[]>>();
  const treeOf = (root: string) => remembered(ofRoots, root, below);
  const callerOf = async (folder: string): Promise<string | undefined> => {
    for (const candidate of new Set([...above(folder), ...changed])) {
      if (candidate === folder || !files.holds(candidate)) continue;
      if ((await treeOf(candidate)).some(({ path }) => path === folder)) return candidate;
    }
    return undefined;
  };
  const rootOf = async (folder: string): Promise<string> => {
    const seen = new Set([folder]);
    let root = folder;
    for (let i = 0; i < MAX_CALLERS; i++) {
      const caller = await callerOf(root);
      if (caller === undefined || seen.has(caller)) break;
      seen.add(caller);
      root = caller;
    }
    return root;
  };

  const trees = new Map<string, readonly ModuleFolder[]>();
  for (const folder of changed) {
    await filesOf(folder);
    const tree = await treeOf(await rootOf(folder));
    // A root with too many modules below may not reach it.
    trees.set(folder, tree.some(({ path }) => path === folder) ? tree : await treeOf(folder));
  }
  return {
    siblings: (folder) => known.get(folder) ?? [],
    tree: (folder) => trees.get(folder) ?? [{ path: folder }],
  };
}

function remembered<T>(answers: Map<string, Promise<T>>, key: string, ask: (key: string) => Promise<T>): Promise<T> {
  const answer = answers.get(key) ?? ask(key);
  answers.set(key, answer);
  return answer;
}

/** The folders above one, the nearest first. */
function above(folder: string): readonly string[] {
  const parent = folderOf(folder);
  return parent === '' || parent === folder ? [] : [parent, ...above(parent)];
}

/** The folder that a call in a folder means, as a path. */
function pathOf(caller: string, source: string): string | undefined {
  const folder = folderOfCall(caller.replace(/^\//, ''), source);
  return folder === undefined || folder.startsWith('..') ? undefined : `/${folder}`;
}
