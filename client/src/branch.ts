/** What a branch introduces: its changed templates are read on both sides and compared by the server. */

import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  COMPARE_REQUEST,
  type ComparedFinding,
  type ComparedText,
  type CompareParams,
  type Comparison,
} from '../../server/src/lsp/protocol.ts';
import {
  batches,
  type ChangedFile,
  isCandidate,
  MOST_FILES,
  moduleFolders,
  plan,
  type WantedText,
} from './branch-changes.ts';
import { type ModuleTrees, moduleTrees } from './branch-modules.ts';
import { type GitChange, type GitRepository, pathBelow, STATUS } from './git.ts';

/** Templates of one request. */
const BATCH = 50;
/** Files that are read at a time: each text of a commit is a process. */
const READERS = 6;

/** A branch and what it is compared with. */
export interface BranchComparison {
  readonly repository: GitRepository;
  /** `origin/main`. */
  readonly base: string;
  /** The commit from which the branch has grown. */
  readonly commit: string;
  readonly introduced: readonly ComparedFinding[];
  readonly fixed: readonly ComparedFinding[];
  /** How many findings are on both sides. */
  readonly before: number;
  /** Changed files of our languages; more than {@link MOST_FILES} are not looked at. */
  readonly changed: number;
  /** Changed files that could not be read. */
  readonly unread: number;
  /** Where a file was in the commit and is now, by the path of either. */
  readonly files: ReadonlyMap<string, ChangedFile>;
}

/** Texts of commits, which never change. */
const texts = new Map<string, Promise<string | undefined>>();
const MOST_TEXTS = 2 * MOST_FILES;

function committed(repository: GitRepository, commit: string, path: string): Promise<string | undefined> {
  const key = `${repository.rootUri.path}\n${commit}\n${path}`;
  let text = texts.get(key);
  if (!text) {
    if (texts.size >= MOST_TEXTS) texts.clear();
    const below = pathBelow(repository.rootUri, repository.rootUri.with({ path }));
    text =
      below === undefined
        ? Promise.resolve(undefined)
        : repository.show(commit, below).then(
            (shown) => shown,
            () => {
              // Git may be able to another time.
              texts.delete(key);
              return undefined;
            },
          );
    texts.set(key, text);
  }
  return text;
}

/** As it is in the editor, saved or not; else on disk. */
async function working(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

/** All that differs between a commit and what is in the editor: committed, staged, not staged, not tracked, not saved. */
async function changedFiles(repository: GitRepository, commit: string): Promise<readonly ChangedFile[]> {
  const { state, rootUri } = repository;
  const untracked = [...state.workingTreeChanges, ...(state.untrackedChanges ?? [])];
  const changes: readonly GitChange[] = [
    ...(await repository.diffWith(commit)),
    ...untracked.filter(({ status }) => status === STATUS.untracked),
  ];
  const files = new Map<string, ChangedFile>();
  for (const { status, uri, originalUri } of changes) {
    const added = status === STATUS.added || status === STATUS.untracked;
    const deleted = status === STATUS.deleted || status === STATUS.indexDeleted;
    files.set(uri.path, {
      before: added ? undefined : originalUri.path,
      after: deleted ? undefined : uri.path,
    });
  }
  for (const { isDirty, uri } of vscode.workspace.textDocuments)
    if (isDirty && uri.scheme === rootUri.scheme && pathBelow(rootUri, uri) !== undefined && !files.has(uri.path))
      files.set(uri.path, { before: uri.path, after: uri.path });
  return [...files.values()]
    .filter((file) => [file.before, file.after].some((path) => path !== undefined && isCandidate(path)))
    .sort((a, b) => ((a.after ?? a.before ?? '') < (b.after ?? b.before ?? '') ? -1 : 1));
}

function modules({ rootUri }: GitRepository, changed: readonly ChangedFile[]): Promise<ModuleTrees> {
  const uriOf = (path: string) => rootUri.with({ path });
  return moduleTrees(moduleFolders(changed), {
    list: async (folder) =>
      vscode.workspace.fs.readDirectory(uriOf(folder)).then(
        (entries) => entries.map(([name]) => name),
        () => [],
      ),
    read: (path) => working(uriOf(path)),
    holds: (folder) => folder === rootUri.path || pathBelow(rootUri, uriOf(folder)) !== undefined,
  });
}

/** Calls a function for each of a list, several at a time; keeps the order. */
async function each<T, R>(list: readonly T[], call: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = new Array(list.length);
  let next = 0;
  const reader = async () => {
    for (let at = next++; at < list.length; at = next++) results[at] = await call(list[at] as T);
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return results;
}

/**
 * Compares what is in the editor with the commit from which the branch has grown.
 * @param base name of the branch it will be merged into
 * @throws where Git or the server fails, or `token` is cancelled
 */
export async function compareBranch(
  client: BaseLanguageClient,
  repository: GitRepository,
  base: string,
  commit: string,
  token: vscode.CancellationToken,
): Promise<BranchComparison> {
  const all = await changedFiles(repository, commit);
  const changed = all.slice(0, MOST_FILES);
  const { siblings, tree } = await modules(repository, changed);
  const planned = plan(changed, siblings, tree);
  const unread = new Set<string>();

  const read = async ({ path, version, folder }: WantedText): Promise<ComparedText | undefined> => {
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    const uri = repository.rootUri.with({ path });
    const text = version === 'commit' ? await committed(repository, commit, path) : await working(uri);
    if (text === undefined) unread.add(path);
    return text === undefined ? undefined : { uri: client.code2ProtocolConverter.asUri(uri), text, folder };
  };
  const introduced: ComparedFinding[] = [];
  const fixed: ComparedFinding[] = [];
  let before = 0;
  for (const batch of batches(planned, BATCH)) {
    const templates = await each(batch, async ({ base, head }) => ({
      base: await each(base, read),
      head: await each(head, read),
    }));
    // With a part missing, findings would seem to come and go.
    const whole = templates.filter(({ base, head }) => ![...base, ...head].includes(undefined));
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    const params = { templates: whole } as CompareParams;
    const result = await client.sendRequest<Comparison>(COMPARE_REQUEST, params, token);
    introduced.push(...result.introduced);
    fixed.push(...result.fixed);
    before += result.before;
  }
  const files = new Map<string, ChangedFile>();
  for (const file of changed) for (const path of [file.before, file.after]) if (path) files.set(path, file);
  return { repository, base, commit, introduced, fixed, before, changed: all.length, unread: unread.size, files };
}
