/** Which texts are compared to tell what a branch introduces. Paths in, paths out. */

import { isModuleFile } from '../../server/src/terraform/recognise.ts';
import { isValuesFile } from '../../server/src/terraform/tfvars.ts';

/** A file that differs: where it was, and where it is; one is missing where it was added or removed. */
export interface ChangedFile {
  readonly before?: string;
  readonly after?: string;
}

/** A text to read: as it was in the commit, or as it is in the editor or on disk. */
export interface WantedText {
  readonly path: string;
  readonly version: 'commit' | 'working';
  /** Of a Terraform module that is called: its folder, relative to the root's. */
  readonly folder?: string;
}

/** The folder of a Terraform module. */
export interface ModuleFolder {
  readonly path: string;
  /** Relative to the root's; missing for the root itself. */
  readonly folder?: string;
}

/** A template before and after: a file, or all files of a Terraform module and of those below, a changed one first. */
export interface PlannedTemplate {
  readonly base: readonly WantedText[];
  readonly head: readonly WantedText[];
}

/** More changed files than these are not looked at. */
export const MOST_FILES = 500;

/** Whether a file may be one of ours, by its name. */
export function isCandidate(path: string): boolean {
  return (/\.(?:jsonc?|ya?ml|template)$/i.test(path) || isModulePart(path)) && !isFetched(path);
}

/** Whether a file is a part of a Terraform module: all of them in a folder are one template. */
export function isModulePart(path: string): boolean {
  return isModuleFile(path) || isValuesFile(path);
}

/** What tools fetched rather than people wrote: packages, providers and modules. */
export function isFetched(path: string): boolean {
  return /\/(?:node_modules|\.git|\.terraform|\.terragrunt-cache)\//.test(path);
}

/** The folder that something lies in. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Folders with Terraform files that change, on either side. */
export function moduleFolders(changed: readonly ChangedFile[]): readonly string[] {
  const paths = changed.flatMap(({ before, after }) => [before, after]);
  return [
    ...new Set(
      paths
        .filter((path) => path !== undefined)
        .filter(isModulePart)
        .map(folderOf),
    ),
  ];
}

/**
 * What to compare for files that differ.
 * @param siblings paths of the Terraform files that are in a folder now
 * @param tree the modules that one is judged with, the root first
 */
export function plan(
  changed: readonly ChangedFile[],
  siblings: (folder: string) => readonly string[],
  tree: (folder: string) => readonly ModuleFolder[] = (folder) => [{ path: folder }],
): readonly PlannedTemplate[] {
  const ours = changed.map(({ before, after }) => ({
    before: before !== undefined && isCandidate(before) ? before : undefined,
    after: after !== undefined && isCandidate(after) ? after : undefined,
  }));
  const templates: PlannedTemplate[] = [];
  for (const { before, after } of ours) {
    const base = before !== undefined && !isModulePart(before) ? [{ path: before, version: 'commit' as const }] : [];
    const head = after !== undefined && !isModulePart(after) ? [{ path: after, version: 'working' as const }] : [];
    if (base.length || head.length) templates.push({ base, head });
  }
  const modules = ours.filter(({ before, after }) => [before, after].some((path) => path && isModulePart(path)));
  return [...templates, ...planModules(modules, siblings, tree)];
}

function planModules(
  changed: readonly ChangedFile[],
  siblings: (folder: string) => readonly string[],
  tree: (folder: string) => readonly ModuleFolder[],
): readonly PlannedTemplate[] {
  const files = (paths: readonly (string | undefined)[]) =>
    paths.filter((path) => path !== undefined && isModulePart(path)) as string[];
  const afters = files(changed.map(({ after }) => after));
  const befores = files(changed.map(({ before }) => before));
  /** What a module has now, and what it had, the changed files first. */
  const now = (folder: string): WantedText[] => {
    const own = afters.filter((path) => folderOf(path) === folder);
    const others = siblings(folder).filter((path) => !own.includes(path));
    return [...own, ...others].map((path) => ({ path, version: 'working' as const }));
  };
  const then = (folder: string): WantedText[] => [
    ...befores.filter((path) => folderOf(path) === folder).map((path) => ({ path, version: 'commit' as const })),
    ...siblings(folder)
      .filter((path) => !afters.includes(path))
      .map((path) => ({ path, version: 'working' as const })),
  ];
  // A folder that was renamed is the same module.
  const origin = new Map<string, string>();
  for (const { before, after } of changed) {
    if (before === undefined || after === undefined) continue;
    const [from, to] = [folderOf(before), folderOf(after)];
    if (from !== to && now(from).length === 0 && then(to).length === 0 && ![...origin.values()].includes(from))
      origin.set(to, from);
  }
  const moved = new Set(origin.values());
  const roots = new Map<string, readonly ModuleFolder[]>();
  for (const folder of moduleFolders(changed)) {
    const folders = tree(folder);
    if (!moved.has(folder)) roots.set(folders[0]?.path ?? folder, folders);
  }
  return [...roots.values()].map((folders) => ({
    base: textsOf(folders, (path) => then(origin.get(path) ?? path)),
    head: textsOf(folders, now),
  }));
}

/**
 * The texts of a module, then those of the modules below. Files of values come after: the first file tells what a template
 * is, and values alone are none. Of a module that is called, nothing reads them.
 */
function textsOf(folders: readonly ModuleFolder[], texts: (path: string) => readonly WantedText[]): WantedText[] {
  const isValues = ({ path }: WantedText) => isValuesFile(path);
  return folders.flatMap(({ path, folder }) => {
    const all = texts(path);
    const files = all.filter((text) => !isValues(text));
    return folder === undefined ? [...files, ...all.filter(isValues)] : files.map((text) => ({ ...text, folder }));
  });
}

/** Cuts a list into pieces of a size at most. */
export function batches<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const pieces: (readonly T[])[] = [];
  for (let at = 0; at < list.length; at += size) pieces.push(list.slice(at, at + size));
  return pieces;
}
