/** Files of the command line: finding, reading and writing them. */

import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import systemPath, { basename, dirname, join, type PlatformPath, relative, resolve, sep } from 'node:path';
import { matchesGlob } from '../analysis/globs.ts';
import { isBelow, LEADS_OUT, leadsOut } from './boundary.ts';

/** Endings that are looked at in folders; a file that is named is always looked at. */
const CANDIDATE = /\.(json|jsonc|yaml|yml|template|tf|tofu|tfvars)$/i;
/** Folders that are never entered; of the others, those whose names begin with a dot are not either. */
const SKIPPED = new Set(['node_modules', '.git', '.terraform']);
/** Larger files are no templates: CloudFormation takes 1 MB, plans of large estates some dozen. */
export const MAX_BYTES = 64 * 1024 * 1024;

export interface InputFile {
  /** Absolute. */
  readonly path: string;
  /** Named by the user, not found in a folder. */
  readonly explicit: boolean;
}

export interface InputError {
  readonly file: string;
  readonly message: string;
}

/** A path as reports show it: below the working folder relative to it, with `/`. */
export function displayPath(path: string, cwd: string): string {
  const below = path.startsWith(cwd) && path[cwd.length] === sep ? path.slice(cwd.length + 1) : relative(cwd, path);
  return below.split(sep).join('/') || basename(path);
}

/** All files that paths, folders and globs stand for, each once, in the order of their paths. */
export function findFiles(paths: readonly string[], cwd: string): { files: InputFile[]; errors: InputError[] } {
  const found = new Map<string, InputFile>();
  const errors: InputError[] = [];
  const add = (path: string, explicit: boolean) => {
    if (!found.get(path)?.explicit) found.set(path, { path, explicit });
  };
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const stats = statOf(absolute);
    if (stats && leadsOut(absolute)) errors.push({ file: path, message: LEADS_OUT });
    else if (stats?.isDirectory()) {
      const unread = walk(absolute, (file) => CANDIDATE.test(file) && add(file, false));
      errors.push(...unread.map((one) => closed(one, cwd)));
    } else if (stats) add(absolute, true);
    else if (/[*?{]/.test(path)) {
      const { base, rest } = splitGlob(path, cwd);
      if (leadsOut(base)) errors.push({ file: path, message: LEADS_OUT });
      else {
        const { matches, unread } = matching(base, rest);
        for (const file of matches) add(file, false);
        errors.push(...unread.map((one) => closed(one, cwd)));
        if (!matches.length) errors.push({ file: path, message: 'No file matches.' });
      }
    } else errors.push({ file: path, message: 'No such file or folder.' });
  }
  const named = [...found.values()].map((file) => [displayPath(file.path, cwd), file] as const);
  return { files: named.sort(([a], [b]) => compare(a, b)).map(([, file]) => file), errors };
}

/** Where a path, folder or glob of a command line begins: nothing else of the file system is asked for by it. */
export function rootOf(path: string, cwd: string): string {
  const absolute = resolve(cwd, path);
  return /[*?{]/.test(path) && !statOf(absolute) ? splitGlob(path, cwd).base : absolute;
}

/**
 * Whether paths, folders and globs of a command line stand for a file that need not exist: the same choice as {@link findFiles} makes.
 * @param system whose paths they are
 * @returns asks for an absolute path
 */
export function coveredBy(
  paths: readonly string[],
  cwd: string,
  system: PlatformPath = systemPath,
): (file: string) => boolean {
  const roots = paths.map((path) => system.resolve(cwd, path));
  const globs = paths.filter((path) => /[*?{]/.test(path)).map((path) => splitGlob(path, cwd, system));
  const belowVisible = (folder: string, file: string): string | undefined => {
    const below = system.relative(folder, file).split(system.sep).join('/');
    return isBelow(folder, file, system) && isVisible(below) ? below : undefined;
  };
  return (file) =>
    roots.some((root) => file === root || (CANDIDATE.test(file) && belowVisible(root, file) !== undefined)) ||
    globs.some(({ base, rest }) => {
      const below = belowVisible(base, file);
      return below !== undefined && matchesGlob(rest, below);
    });
}

/** A path below a folder that walking the folder would come across. */
function isVisible(below: string): boolean {
  return below !== '' && below.split('/').every((name) => !SKIPPED.has(name) && !name.startsWith('.'));
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Part of the path is no folder, or a name is too long: there is no such file.
    return undefined;
  }
}

function closed({ folder, reason }: Unread, cwd: string): InputError {
  return { file: displayPath(folder, cwd), message: `Cannot be read: ${reason}.` };
}

/** Files that match a glob: walks from its last folder without a wildcard on, into those where it may match something. */
function matching(base: string, rest: string): { readonly matches: string[]; readonly unread: readonly Unread[] } {
  const matches: string[] = [];
  if (!statOf(base)?.isDirectory()) return { matches, unread: [] };
  const below = (path: string) => relative(base, path).split(sep).join('/');
  const segments = rest.slice(1).split('/');
  const isPlain = !rest.includes('**') && !rest.includes('{');
  const enters = (folder: string) => {
    const depth = below(folder).split('/').length;
    return depth < segments.length && matchesGlob(`/${segments.slice(0, depth).join('/')}`, below(folder));
  };
  const visit = (file: string) => {
    if (matchesGlob(rest, below(file))) matches.push(file);
  };
  return { matches, unread: walk(base, visit, isPlain ? enters : undefined) };
}

/**
 * A glob's last folder without a wildcard, and what follows, from there on.
 * @param system whose paths they are: on Windows `\` separates names as `/` does, and nowhere else
 */
export function splitGlob(
  pattern: string,
  cwd: string,
  system: PlatformPath = systemPath,
): { readonly base: string; readonly rest: string } {
  const segments = pattern.split(system.sep).join('/').split('/');
  const wild = segments.findIndex((segment) => /[*?{]/.test(segment));
  // With its slash: `C:` alone is the folder that one was last in on that drive.
  const base = system.resolve(
    cwd,
    segments
      .slice(0, wild)
      .map((segment) => `${segment}/`)
      .join(''),
  );
  // A slash in front: from the base on, not at any depth.
  return { base, rest: `/${segments.slice(wild).join('/')}` };
}

/** A folder that cannot be read. */
interface Unread {
  readonly folder: string;
  readonly reason: string;
}

/** Visits the files below a folder. Links to folders are not followed; folders that cannot be read are returned. */
function walk(root: string, visit: (file: string) => void, enters = (_folder: string) => true): Unread[] {
  const unread: Unread[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!SKIPPED.has(entry.name) && !entry.name.startsWith('.') && enters(path)) folders.push(path);
        } else if (
          !entry.name.startsWith('.') &&
          (entry.isFile() || (entry.isSymbolicLink() && statOf(path)?.isFile()))
        )
          visit(path);
      }
    } catch (error) {
      unread.push({ folder, reason: reasonOf(error) });
    }
  }
  return unread;
}

/** By code units, the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How a text is kept on disk, so that it is written back as it was. */
export interface Encoding {
  readonly name: 'utf8' | 'utf16le' | 'utf16be';
  readonly mark: boolean;
}

export type ReadResult =
  | { readonly text: string; readonly encoding: Encoding }
  /** `garbled`: what can be made of it all the same, to tell whether it is of concern. */
  | { readonly error: string; readonly unreadable?: boolean; readonly garbled?: string };

/**
 * Reads a text: UTF-8, or UTF-16 with a byte order mark. The mark is no part of the text. A link that leads out of the repository
 * is not followed. Never throws.
 */
export function readText(path: string): ReadResult {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return { error: 'Not a file.', unreadable: true };
    if (leadsOut(path)) return { error: LEADS_OUT };
    if (stats.size > MAX_BYTES) return { error: `Larger than ${MAX_BYTES / 1024 / 1024} MB.` };
    return decode(readFileSync(path));
  } catch (error) {
    return { error: `Cannot be read: ${reasonOf(error)}.`, unreadable: true };
  }
}

/** Decodes the bytes of a text. */
export function decode(bytes: Buffer): ReadResult {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe)
    return { text: bytes.subarray(2).toString('utf16le'), encoding: { name: 'utf16le', mark: true } };
  if (a === 0xfe && b === 0xff) {
    const even = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
    return { text: even.swap16().toString('utf16le'), encoding: { name: 'utf16be', mark: true } };
  }
  const mark = a === 0xef && b === 0xbb && c === 0xbf;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(mark ? bytes.subarray(3) : bytes);
    return { text, encoding: { name: 'utf8', mark } };
  } catch {
    const garbled = new TextDecoder('utf-8').decode(bytes);
    return { error: 'Not UTF-8 (nor UTF-16 with a byte order mark).', garbled };
  }
}

/**
 * Makes a folder and those above it that are missing. Node's own way to do so never ends where a file system takes no folder and
 * says that there is none (`/proc`).
 * @throws as the file system does
 */
export function makeFolder(path: string, mode?: number): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another run may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}

/**
 * Writes a file whole or not at all: beside it first, then renamed over it. A symbolic link stays one; permissions and owner
 * stay, and what may not be written is not replaced either. What is no file but takes a text (a device, a pipe) is written to as
 * it is.
 * @throws as the file system does
 */
export function writeText(path: string, text: string, encoding: Encoding = { name: 'utf8', mark: false }): void {
  const body = Buffer.from((encoding.mark ? '\ufeff' : '') + text, encoding.name === 'utf8' ? 'utf8' : 'utf16le');
  const bytes = encoding.name === 'utf16be' ? body.swap16() : body;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats && !stats.isFile()) {
    writeFileSync(path, bytes);
    return;
  }
  const target = existsSync(path) ? realpathSync(path) : path;
  if (stats) accessSync(target, constants.W_OK);
  replaceFile(target, bytes, stats ? 0o600 : 0o666, (temporary) => {
    if (!stats) return;
    give(temporary, stats);
    chmodSync(temporary, stats.mode & 0o7777);
  });
}

/**
 * Puts a new file in the place of one that may be there, whole or not at all.
 * @param mode of the new file, less what the user's mask takes
 * @param prepare does what is to be done with it before it takes its place
 * @throws as the file system does
 */
export function replaceFile(path: string, bytes: Buffer, mode: number, prepare?: (temporary: string) => void): void {
  // A name that nobody could have made a link of beforehand, and none is followed.
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFileSync(temporary, bytes, { flag: 'wx', mode });
    prepare?.(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Makes a new file belong to whom the one before it did, as far as this user may do so. */
function give(path: string, { uid, gid }: Stats): void {
  const own = statSync(path);
  if (own.uid === uid && own.gid === gid) return;
  try {
    chownSync(path, uid, gid);
  } catch {
    // Others' files may be written where their folder may.
  }
}

/** What the file system says, in a few words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const known: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'it is a folder',
    ENOENT: 'no such file or folder',
    ENOTDIR: 'part of its path is no folder',
    EROFS: 'read-only file system',
    ENOSPC: 'no space left',
  };
  return (code && known[code]) ?? (error instanceof Error ? error.message : String(error));
}
