/**
 * What was found earlier, kept by content: the key of an entry is a digest of everything that the result depends on, so that an
 * entry is right or not found; times and sizes of files say nothing. Kept in the user's cache folder, one file for a working
 * folder and a version of Demarc.
 *
 * A cache can hide findings from whom it lies to. So it is never read from the tree that is linted, where a branch could bring
 * one along, nor from where other users can write.
 */

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, rmSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { isBelow, real, repositoryOf } from './boundary.ts';
import { makeFolder, reasonOf, replaceFile } from './files.ts';

const MAGIC = 'demarc-cache-1';
const ENDING = '.demarc-cache';
const DAY_MS = 86_400_000;
/** Of one file; what was not used for longest goes first. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Of all files. */
const MAX_ALL_BYTES = 256 * 1024 * 1024;
/** Entries and files that nobody used for longer are dropped. */
const MAX_DAYS = 30;
/** Entries are marked as used no more often: a run that finds everything writes nothing. */
const MARK_DAYS = 7;
/** What a run that was killed left behind. */
const STALE_MS = 3_600_000;

export interface CacheOptions {
  /** Where the user wants it; the user's cache folder where left out. */
  readonly location?: string;
  readonly cwd: string;
  /** What is linted: absolute paths. */
  readonly paths: readonly string[];
  /** Names the very program: results of another are none. */
  readonly program: string;
}

interface Entry {
  readonly text: string;
  /** When it was last used, in days. */
  readonly day: number;
}

export class Cache {
  /** What was wrong with what was there. */
  note: string | undefined;
  private entries: Map<string, Entry>;
  private readonly used = new Set<string>();
  private readonly added = new Map<string, string>();
  private readonly file: string;
  private stamp: string | undefined;
  private readonly today = Math.floor(Date.now() / DAY_MS);

  private constructor(
    private readonly folder: string,
    private readonly program: string,
    cwd: string,
  ) {
    this.file = join(folder, `${digest([program, cwd]).slice(0, 32)}${ENDING}`);
    this.entries = this.read();
  }

  /** Opens the cache; a text that says why not, where that is not safe or not possible. Creates nothing. */
  static open({ location, cwd, paths, program }: CacheOptions): Cache | string {
    try {
      const folder = real(location === undefined ? defaultLocation() : resolve(cwd, location));
      const inside = [cwd, ...paths]
        .flatMap((root) => [root, repositoryOf(root) ?? root])
        .find((root) => isBelow(real(root), folder));
      if (inside !== undefined)
        return `the cache folder ${folder} lies in what is linted, where a branch could bring results along; name another with --cache-location`;
      const stats = statSync(folder, { throwIfNoEntry: false });
      if (stats && !stats.isDirectory()) return `the cache folder ${folder} is no folder`;
      if (stats && !isOwn(stats)) return `the cache folder ${folder} ${OTHERS}`;
      return new Cache(folder, program, real(cwd));
    } catch (error) {
      return `the cache folder cannot be used: ${reasonOf(error)}`;
    }
  }

  /**
   * The key of a result.
   * @param facts what it depends on: plain data
   * @param texts the texts that it depends on; what they are is among the facts
   */
  key(facts: readonly unknown[], texts: readonly string[]): string {
    const hash = createHash('sha256');
    hash.update(JSON.stringify([this.program, facts, texts.map(({ length }) => length)]));
    // By code units: what is no Unicode text has its own digest, too.
    for (const text of texts) hash.update(text, 'utf16le');
    return hash.digest('hex');
  }

  get(key: string): string | undefined {
    const text = this.added.get(key) ?? this.entries.get(key)?.text;
    if (text !== undefined) this.used.add(key);
    return text;
  }

  /** @param text one line */
  put(key: string, text: string): void {
    this.added.set(key, text);
  }

  /** Writes what is new, beside the file first and then over it. Says what kept it from that. */
  save(): string | undefined {
    const isStale = [...this.used].some((key) => (this.entries.get(key)?.day ?? this.today) <= this.today - MARK_DAYS);
    if (!this.added.size && !isStale && !this.note) return undefined;
    try {
      makeFolder(this.folder, 0o700);
      // Somebody else may have been faster.
      if (!isOwn(statSync(this.folder))) return `The cache cannot be written: the folder ${OTHERS}.`;
      // What another run wrote meanwhile stays.
      if (stampOf(this.file) !== this.stamp) this.entries = new Map([...this.read(), ...this.entries]);
      replaceFile(this.file, this.packed(), 0o600);
      this.prune();
      return undefined;
    } catch (error) {
      return `The cache cannot be written: ${reasonOf(error)}.`;
    }
  }

  private packed(): Buffer {
    const lines: Buffer[] = [];
    let bytes = 0;
    const add = (key: string, { text, day }: Entry) => {
      const line = Buffer.from(`${key} ${day} ${text}\n`);
      if (bytes + line.length > MAX_BYTES) return;
      bytes += line.length;
      lines.push(line);
    };
    for (const [key, text] of this.added) add(key, { text, day: this.today });
    for (const key of this.used) {
      const entry = this.entries.get(key);
      if (entry && !this.added.has(key)) add(key, { ...entry, day: this.today });
    }
    const rest = [...this.entries].filter(
      ([key, { day }]) => !this.used.has(key) && !this.added.has(key) && day > this.today - MAX_DAYS,
    );
    for (const [key, entry] of rest.sort(([, a], [, b]) => b.day - a.day)) add(key, entry);
    const body = Buffer.concat(lines);
    return Buffer.concat([Buffer.from(`${MAGIC} ${digestOf(body)}\n`), body]);
  }

  /** Entries by key; none, and a note, where the file is not what was written. */
  private read(): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    let bytes: Buffer | undefined;
    try {
      bytes = readOwn(this.file);
      this.stamp = stampOf(this.file);
    } catch (error) {
      this.note = `The cache cannot be read: ${reasonOf(error)}.`;
    }
    if (!bytes) return entries;
    const end = bytes.indexOf('\n');
    const body = bytes.subarray(end + 1);
    if (end < 0 || bytes.toString('latin1', 0, end) !== `${MAGIC} ${digestOf(body)}`) {
      this.note = 'The cache was damaged; it is made anew.';
      return entries;
    }
    for (const line of body.toString('utf8').split('\n')) {
      const space = line.indexOf(' ');
      const second = line.indexOf(' ', space + 1);
      const day = Number(line.slice(space + 1, second));
      if (space > 0 && second > 0) entries.set(line.slice(0, space), { text: line.slice(second + 1), day });
    }
    return entries;
  }

  /** Takes away files that nobody uses any more. */
  private prune(): void {
    const now = Date.now();
    const files = readdirSync(this.folder).flatMap((name) => {
      const path = join(this.folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats?.isFile() && path !== this.file ? [{ path, age: now - stats.mtimeMs, size: stats.size }] : [];
    });
    let bytes = 0;
    for (const { path, age, size } of files.sort((a, b) => a.age - b.age)) {
      const isLeft = path.endsWith('.tmp') && path.includes(ENDING) && age > STALE_MS;
      if (!isLeft && !path.endsWith(ENDING)) continue;
      bytes += size;
      if (isLeft || age > MAX_DAYS * DAY_MS || bytes > MAX_ALL_BYTES - MAX_BYTES) rmSync(path, { force: true });
    }
  }
}

/**
 * Names the program that runs: by the bytes of its files, and what runs it.
 * @param files paths; one that is missing counts as such
 */
export function programOf(files: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([process.version, process.platform, process.versions.icu]));
  for (const file of files) {
    let bytes: Buffer | undefined;
    try {
      bytes = readFileSync(file);
    } catch {
      // It makes a difference that it is missing.
    }
    hash.update(JSON.stringify([bytes?.length])).update(bytes ?? '');
  }
  return hash.digest('hex');
}

function digest(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bytes of a file that no other user can write to; undefined where there is none. */
function readOwn(path: string): Buffer | undefined {
  if (!statSync(path, { throwIfNoEntry: false })) return undefined;
  const file = openSync(path, 'r');
  try {
    const stats = fstatSync(file);
    if (!isOwn(stats)) throw new Error(`it ${OTHERS}`);
    if (!stats.isFile() || stats.size > 2 * MAX_BYTES) throw new Error('it is not as it was written');
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function stampOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
}

const OTHERS =
  'can be written to by others: its group, everyone, or the user that it belongs to (mode 700 keeps them out)';
const GROUP_AND_OTHERS_WRITE = 0o022;

/**
 * Whether only this user, or the administrator, can have written it. A group that has one member today may have others tomorrow, so
 * that its right to write counts as well, as for the files of ssh. Windows says so in other ways: there the user's folder is it.
 */
function isOwn({ uid, mode }: Stats): boolean {
  const own = process.getuid?.();
  if (own === undefined) return true;
  return (uid === own || uid === 0 || own === 0) && (mode & GROUP_AND_OTHERS_WRITE) === 0;
}

/** Where programs of a platform keep what can be made anew. */
function defaultLocation(): string {
  const { env, platform } = process;
  const named = (path: string | undefined) => (path && isAbsolute(path) ? path : undefined);
  if (platform === 'win32')
    return join(named(env.LOCALAPPDATA) ?? join(homedir(), 'AppData', 'Local'), 'demarc', 'Cache');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'demarc');
  return join(named(env.XDG_CACHE_HOME) ?? join(homedir(), '.cache'), 'demarc');
}
