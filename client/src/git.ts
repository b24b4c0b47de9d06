/**
 * The part of the built-in Git extension's API that is used here (`extensions/git/src/api/git.d.ts`, version 1), and how it is had.
 */

import * as vscode from 'vscode';

/** A file that differs. Of a renamed one, `originalUri` is where it was and `uri` where it is. */
export interface GitChange {
  readonly uri: vscode.Uri;
  readonly originalUri: vscode.Uri;
  readonly status: number;
}

/** Of the API's `Status`, what says on which side of a change a file is. Untracked files are not compared by Git. */
export const STATUS = { added: 1, indexDeleted: 2, deleted: 6, untracked: 7 } as const;

/** A branch or another ref. */
export interface GitRef {
  readonly name?: string;
  readonly commit?: string;
  readonly remote?: string;
  readonly upstream?: { readonly remote: string; readonly name: string };
}

export interface GitRepository {
  readonly rootUri: vscode.Uri;
  readonly state: {
    readonly HEAD: GitRef | undefined;
    readonly workingTreeChanges: readonly GitChange[];
    readonly untrackedChanges?: readonly GitChange[];
    readonly onDidChange: vscode.Event<void>;
  };
  readonly ui: { readonly selected: boolean };
  /** The text of a file in a commit; `path` is relative to the repository. Rejects where there is none. */
  show(ref: string, path: string): Promise<string>;
  getCommit(ref: string): Promise<{ readonly hash: string }>;
  /** The commit that both have grown from; undefined where there is none. */
  getMergeBase(ref1: string, ref2: string): Promise<string | undefined>;
  /** What differs between a commit and the working tree, without untracked files. */
  diffWith(ref: string): Promise<GitChange[]>;
  /** The branch that a branch was created from, where Git still knows. */
  getBranchBase?(name: string): Promise<GitRef | undefined>;
  getRefs?(query: { readonly sort?: 'alphabetically' | 'committerdate' }): Promise<GitRef[]>;
}

export interface GitApi {
  readonly state: 'uninitialized' | 'initialized';
  readonly repositories: readonly GitRepository[];
  readonly onDidChangeState: vscode.Event<unknown>;
  readonly onDidOpenRepository: vscode.Event<GitRepository>;
  readonly onDidCloseRepository: vscode.Event<GitRepository>;
  getRepository(uri: vscode.Uri): GitRepository | null;
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
}

interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

/** Why there is no Git: Restricted Mode keeps it off, it is switched off, or the folder is not on a disk. */
export type NoGit = 'restricted' | 'off' | 'virtual';

/** The API, started where it was not. */
export async function gitApi(): Promise<GitApi | NoGit> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (!vscode.workspace.isTrusted && !extension?.isActive) return 'restricted';
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length && folders.every(({ uri }) => uri.scheme !== 'file' && uri.scheme !== 'vscode-remote'))
    return 'virtual';
  try {
    const git = await extension?.activate();
    return git?.enabled ? git.getAPI(1) : 'off';
  } catch {
    return 'off';
  }
}

/** Whether a text may be given to Git as the name of a ref: never as an option. */
export function isRef(name: string): boolean {
  return /^[^\s\x00-\x1f\x7f:?*[\\-][^\s\x00-\x1f\x7f:?*[\\]{0,200}$/.test(name) && !name.includes('..');
}

const nameOf = ({ name, remote }: GitRef) =>
  name && remote && !name.startsWith(`${remote}/`) ? `${remote}/${name}` : name;

/**
 * The branch that the current one will be merged into: the upstream where that is another branch, where the branch was created
 * from, the default branch of the remote; the branch itself where nothing else is there.
 */
export async function defaultBase(repository: GitRepository): Promise<string | undefined> {
  const { HEAD } = repository.state;
  const candidates: (string | undefined)[] = [];
  if (HEAD?.upstream && HEAD.upstream.name !== HEAD.name)
    candidates.push(`${HEAD.upstream.remote}/${HEAD.upstream.name}`);
  if (HEAD?.name) {
    const created = await repository.getBranchBase?.(HEAD.name).catch(() => undefined);
    if (created && created.name !== HEAD.name) candidates.push(nameOf(created));
  }
  candidates.push('origin/HEAD', 'origin/main', 'origin/master', 'main', 'master', 'HEAD');
  for (const name of candidates) if (name && isRef(name) && (await exists(repository, name))) return name;
  return undefined;
}

/** Whether a ref leads to a commit. */
export async function exists(repository: GitRepository, ref: string): Promise<boolean> {
  return repository.getCommit(ref).then(
    () => true,
    () => false,
  );
}

/** Names of branches and tags, the newest first. */
export async function refNames(repository: GitRepository): Promise<readonly string[]> {
  const refs = (await repository.getRefs?.({ sort: 'committerdate' }).catch(() => [])) ?? [];
  return [...new Set(refs.map(nameOf))].filter((name): name is string => !!name && isRef(name));
}

/** The path of a file below a folder, with slashes; undefined where it is elsewhere. */
export function pathBelow(folder: vscode.Uri, uri: vscode.Uri): string | undefined {
  const root = `${folder.path.replace(/\/$/, '')}/`;
  return uri.path.startsWith(root) ? uri.path.slice(root.length) : undefined;
}
