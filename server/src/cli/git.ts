/** The base of a change, read from git: plumbing only, without a shell, a network, a hook or a filter of the repository. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path';
import { isBelow, real } from './boundary.ts';
import { decode, MAX_BYTES, type ReadResult } from './files.ts';

/** A comparison that cannot be made; says what to do. */
export class BaseError extends Error {}

/** No question takes longer, of a repository of any size. */
const TIME_LIMIT_MS = 60_000;
const MAX_OUTPUT = 512 * 1024 * 1024;

const SHALLOW =
  'This clone is shallow: fetch more of its history (git fetch --deepen=100, or fetch-depth: 0 in the checkout step).';

interface GitFailure {
  readonly status?: number | null;
  readonly code?: string;
  readonly stderr?: Buffer;
}

/** No program that watches files; no repository but the one with the `.git` folder: a bare one may lie anywhere in a tree. */
const PROTECTED = ['-c', 'core.fsmonitor=false', '-c', 'safe.bareRepository=explicit'];
let program: string | undefined;

/**
 * Where a program is: in an absolute folder of the search path that is none of packages. Windows would look in the working folder
 * first, which may hold a `git.exe` of a stranger.
 */
export function programIn(path: string, name: string): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => folder.replace(/^"(.*)"$/, '$1'))
    .filter((folder) => isAbsolute(folder) && !folder.split(sep).includes('node_modules'))
    .map((folder) => join(folder, name))
    .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

/** What a hook of git says of the repository that it runs in: of a submodule it is not so. */
const OF_ONE_REPOSITORY = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_OBJECT_DIRECTORY',
  'GIT_COMMON_DIR',
];
const submodules = new Set<string>();

/** Asks git. Nothing that it asks of the repository runs a program, takes a lock or goes to the network. */
function git(cwd: string, args: readonly string[], maxBuffer = MAX_OUTPUT): Buffer {
  program ??= programIn(process.env.PATH ?? '', process.platform === 'win32' ? 'git.exe' : 'git');
  if (program === undefined) throw Object.assign(new Error('no git'), { code: 'ENOENT' });
  const env = { ...process.env };
  if (submodules.has(cwd)) for (const name of OF_ONE_REPOSITORY) delete env[name];
  return execFileSync(program, ['--no-pager', ...PROTECTED, ...args], {
    cwd,
    env: {
      ...env,
      LC_ALL: 'C',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      GIT_NO_LAZY_FETCH: '1',
      // No transport has this name: a partial clone fetches nothing on the way.
      GIT_ALLOW_PROTOCOL: 'none',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIME_LIMIT_MS,
    maxBuffer,
    windowsHide: true,
  });
}

function line(cwd: string, args: readonly string[]): string {
  return git(cwd, args).toString('utf8').trimEnd();
}

/** As {@link line}; undefined where git says no. */
function maybe(cwd: string, args: readonly string[]): string | undefined {
  try {
    return line(cwd, args);
  } catch (error) {
    if (typeof (error as GitFailure).status === 'number') return undefined;
    throw failure(error);
  }
}

function failure(error: unknown): BaseError {
  const { code, stderr } = error as GitFailure;
  if (code === 'ENOENT') return new BaseError('--since needs git, which is not installed.');
  if (code === 'ETIMEDOUT') return new BaseError(`git did not answer within ${TIME_LIMIT_MS / 1000} seconds.`);
  const [first = ''] = (stderr?.toString('utf8') ?? '').split('\n');
  return new BaseError(`git failed: ${first.replace(/^fatal: /, '') || String(code ?? error)}`);
}

/** A submodule whose files of the base cannot be had. */
export interface Unread {
  /** Absolute. */
  readonly path: string;
  readonly message: string;
}

/** Submodules of which the base is looked at, in all, and within one another. */
const MAX_SUBMODULES = 200;
const MAX_NESTED = 5;

/** The files of a commit, by absolute path, with those of the submodules that are checked out, at the commits that it names. */
class Tree {
  /** Names of blobs. */
  readonly entries = new Map<string, string>();
  /** Where a file was in the base: its path there by its path now. */
  readonly renamed = new Map<string, string>();
  readonly unread: Unread[] = [];
  /** Those that lie in another one come after it. */
  private readonly roots: string[] = [];

  /** @throws as git does */
  add(root: string, commit: string): void {
    const { files, links } = readTree(git(root, ['ls-tree', '-r', '-z', '--full-tree', commit]), root);
    for (const path of notCheckedOut(root)) files.delete(path);
    for (const [path, object] of files) this.entries.set(path, object);
    const compared = ['diff-index', '--cached', '-z', '--name-status', '--diff-filter=R', '-M'];
    const changes = git(root, [...compared, '--no-ext-diff', '--no-textconv', commit]);
    for (const [now, then] of readRenames(changes, root)) this.renamed.set(now, then);
    this.roots.push(root);
    for (const [path, own] of links) this.addSubmodule(path, own);
  }

  private addSubmodule(path: string, commit: string): void {
    // Not checked out, it has no files that could be linted.
    if (!existsSync(join(path, '.git')) || real(path) !== path) return;
    const depth = this.roots.filter((root) => isBelow(root, path)).length;
    const tooMany = this.roots.length > MAX_SUBMODULES || depth > MAX_NESTED;
    submodules.add(path);
    try {
      if (tooMany) throw new BaseError(`more than ${MAX_SUBMODULES} submodules, or ${MAX_NESTED} in one another`);
      this.add(path, commit);
    } catch (error) {
      if (!(error instanceof BaseError) && typeof (error as GitFailure).status !== 'number') throw error;
      const reason = error instanceof BaseError ? error.message : `it lacks the commit ${commit.slice(0, 7)}: fetch it`;
      this.unread.push({ path, message: `The files of this submodule before the change cannot be read: ${reason}.` });
    }
  }

  /** The repository that a file is kept in. */
  rootOf(path: string): string {
    return this.roots.findLast((root) => isBelow(root, path)) ?? (this.roots[0] as string);
  }
}

/** The files of a commit, by absolute path. */
export class GitBase {
  private constructor(
    private readonly root: string,
    /** The revision as it was named. */
    readonly name: string,
    /** The commit that the working files are compared with. */
    readonly commit: string,
    private readonly tree: Tree,
  ) {}

  /**
   * The merge base of HEAD and a revision.
   * @param revision a branch, tag or commit
   * @throws BaseError where there is none
   */
  static open(cwd: string, revision: string): GitBase {
    if (/^-|[\u0000-\u0020\u007f]/.test(revision) || !revision || revision.length > 1000)
      throw new BaseError(`--since ${JSON.stringify(revision)} is no revision: name a branch, a tag or a commit.`);
    const top = (() => {
      try {
        return line(cwd, ['rev-parse', '--show-toplevel']);
      } catch (error) {
        const { status, stderr } = error as GitFailure;
        if (status === 128 && /not a git repository/i.test(stderr?.toString('utf8') ?? ''))
          throw new BaseError('--since needs a git repository: the working folder is in none.');
        throw failure(error);
      }
    })();
    const root = real(resolve(cwd, top));
    const shallow = () => (maybe(cwd, ['rev-parse', '--is-shallow-repository']) === 'true' ? ` ${SHALLOW}` : '');
    const resolved = (name: string) => maybe(cwd, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
    const other = resolved(revision);
    if (!isObject(other)) throw new BaseError(`Unknown revision "${revision}".${shallow()}`);
    const head = resolved('HEAD');
    if (!isObject(head)) throw new BaseError('The repository has no commit yet.');
    const [commit] = maybe(cwd, ['merge-base', head, other])?.split('\n') ?? [];
    if (!isObject(commit)) throw new BaseError(`HEAD and "${revision}" have no commit in common.${shallow()}`);
    try {
      const tree = new Tree();
      tree.add(root, commit);
      return new GitBase(root, revision, commit, tree);
    } catch (error) {
      throw failure(error);
    }
  }

  /** Submodules whose files of the base cannot be had: what is found in them is taken for new. */
  get unread(): readonly Unread[] {
    return this.tree.unread;
  }

  /** Whether a path lies in the repository. */
  contains(path: string): boolean {
    return isBelow(this.root, real(path));
  }

  /** Where a file was in the base; undefined where it is new. A link is what it leads to. */
  pathOf(path: string): string | undefined {
    const now = real(path);
    const then = this.tree.renamed.get(now) ?? now;
    return this.tree.entries.has(then) ? then : undefined;
  }

  /** The paths that files were renamed from. */
  get left(): Iterable<string> {
    return this.tree.renamed.values();
  }

  /** All files. */
  get paths(): Iterable<string> {
    return this.tree.entries.keys();
  }

  /** Whether a file has the very bytes that a file of the base has. */
  isSame(path: string, base: string): boolean {
    const object = this.tree.entries.get(base);
    return object !== undefined && bytesOf(path, object) !== undefined;
  }

  /** The text of a file of the base. Never throws. */
  read(base: string): ReadResult {
    const object = this.tree.entries.get(base);
    if (object === undefined) return { error: 'No such file.' };
    try {
      // A process for each file takes longer than all that is done with it.
      return decode(bytesOf(base, object) ?? git(this.tree.rootOf(base), ['cat-file', 'blob', object], MAX_BYTES));
    } catch (error) {
      if ((error as GitFailure).code === 'ENOBUFS') return { error: `Larger than ${MAX_BYTES / 1024 / 1024} MB.` };
      const reason = failure(error).message.replace(/^git failed: /, '');
      return { error: `Its text before the change cannot be read from git: ${reason}`, unreadable: true };
    }
  }
}

/** The bytes of a file where they are those of a blob. */
function bytesOf(path: string, object: string): Buffer | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > MAX_BYTES) return undefined;
    const bytes = readFileSync(path);
    const hash = createHash(object.length === 64 ? 'sha256' : 'sha1');
    return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === object ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function isObject(text: string | undefined): text is string {
  return text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** `mode type object TAB path NUL`: files (a link has no text of its own), and the commits of submodules. */
function readTree(
  output: Buffer,
  root: string,
): { readonly files: Map<string, string>; readonly links: Map<string, string> } {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  for (const record of output.toString('utf8').split('\0')) {
    const tab = record.indexOf('\t');
    const [mode, type, object] = record.slice(0, Math.max(0, tab)).split(' ');
    if (!isObject(object)) continue;
    const path = join(root, record.slice(tab + 1));
    if (type === 'blob' && mode !== '120000') files.set(path, object);
    else if (type === 'commit') links.set(path, object);
  }
  return { files, links };
}

/** Files that a sparse checkout leaves out: neither side of a change has them, and they are not deleted. */
function notCheckedOut(root: string): string[] {
  if (maybe(root, ['config', '--type=bool', 'core.sparseCheckout']) !== 'true') return [];
  const records = git(root, ['ls-files', '-t', '-z']).toString('utf8').split('\0');
  return records
    .filter((record) => record.startsWith('S '))
    .map((record) => join(root, record.slice(2)))
    .filter((path) => !existsSync(path));
}

/** `R100 NUL old NUL new NUL` */
function readRenames(output: Buffer, root: string): Map<string, string> {
  const fields = output.toString('utf8').split('\0');
  const renames = new Map<string, string>();
  for (let at = 0; at + 2 < fields.length; at += 3)
    renames.set(join(root, fields[at + 2] as string), join(root, fields[at + 1] as string));
  return renames;
}
