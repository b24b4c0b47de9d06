/** Who could have put a file where it is: in `/tmp`, anybody could, and whoever reads what lies above their own files reads it. */

import { lstatSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Others may write. */
const OTHERS_WRITE = 0o002;
const SYSTEM = 0;

/**
 * Whether a file, a link or a folder was put where it is by somebody who counts for nothing here: anybody may write to its folder,
 * and it belongs neither to this user nor to the system nor to whom the folder belongs. What cannot be looked at is not known to be.
 * @param path absolute
 * @param user this process's; undefined where users have no numbers (Windows), and nothing is told from the permissions
 */
export function isStrangers(path: string, user: number | undefined = process.getuid?.()): boolean {
  if (user === undefined) return false;
  try {
    return isPlanted(statSync(dirname(path)), lstatSync(path), user);
  } catch {
    return false;
  }
}

/** As {@link isStrangers}, of what the file system says of the folder and of what lies in it. */
export function isPlanted(folder: Pick<Stats, 'mode' | 'uid'>, found: Pick<Stats, 'uid'>, user: number): boolean {
  return (folder.mode & OTHERS_WRITE) !== 0 && ![user, SYSTEM, folder.uid].includes(found.uid);
}
