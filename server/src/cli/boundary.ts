/** The tree that a change speaks for: what lies in a repository and leads out of it, by a link, is neither read nor written. */

import { existsSync, realpathSync } from 'node:fs';
import systemPath, { dirname, join, type PlatformPath } from 'node:path';
import { isStrangers } from '../strangers.ts';

/** Why a link is not followed. */
export const LEADS_OUT = 'It is a link that leads out of the repository or the working folder, and is not followed.';

const repositories = new Map<string, string | undefined>();

/** The outermost repository that a folder lies in: submodules belong to the one around them. */
export function repositoryOf(folder: string): string | undefined {
  if (repositories.has(folder)) return repositories.get(folder);
  const parent = dirname(folder);
  const above = parent === folder ? undefined : repositoryOf(parent);
  const found = above ?? (isRepository(folder) ? folder : undefined);
  repositories.set(folder, found);
  return found;
}

/** Whether a repository, a submodule or a worktree begins at a folder: what somebody else put into `/tmp` makes none of it. */
export function isRepository(folder: string): boolean {
  const mark = join(folder, '.git');
  return existsSync(mark) && !isStrangers(mark);
}

/**
 * Whether a path is a folder or lies in it, by their names alone. Both absolute.
 * @param system whose paths they are: from one drive of Windows to another there is no relative path
 */
export function isBelow(folder: string, path: string, system: PlatformPath = systemPath): boolean {
  const way = system.relative(folder, path);
  return !system.isAbsolute(way) && way.split(system.sep)[0] !== '..';
}

/** A path with links resolved as far as it exists: git knows files by where they are. */
export function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(real(folder), path.slice(folder.length));
  }
}

/**
 * Whether a path lies in a repository, or in the working folder, and leads elsewhere: it is a link, or a folder on the way is one.
 * Whoever wrote the tree could otherwise have any file of this machine read into a report, or written over by one.
 * @param path absolute; need not exist
 */
export function leadsOut(path: string): boolean {
  const cwd = process.cwd();
  const tree = repositoryOf(dirname(path)) ?? (isBelow(cwd, path) ? cwd : undefined);
  return tree !== undefined && !isBelow(real(tree), real(path));
}

/**
 * Whether a folder lies outside of the repository that another one is in: a module's source is not followed there.
 * @param folder absolute, as `place`
 * @returns false where there is no repository
 */
export function isOutside(folder: string, place: string): boolean {
  const tree = repositoryOf(folder);
  return tree !== undefined && !isBelow(tree, place);
}
