/**
 * URIs of documents, whatever their scheme: `file:///a/b.json`, `vscode-vfs://github/owner/repo/b.json`, `untitled:b.json`,
 * `git:/a/b.json?{"path":"/a/b.json","ref":"HEAD"}`. Folders have no slash at their end; the query is kept, and where it holds
 * the file's path as well, as in the schemes of source control, that follows. Nothing here throws.
 */

import { withoutQuery } from '../syntax/uri.ts';

interface Parts {
  /** Scheme and authority: `file://`, `git:`. */
  readonly start: string;
  /** Still percent-encoded. */
  readonly path: string;
  /** With its `?`; empty where there is none. */
  readonly query: string;
}

function partsOf(uri: string): Parts {
  const [, start = '', path = '', query = ''] =
    /^([a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?)?([^?#]*)(\?[^#]*)?/i.exec(uri) ?? [];
  return { start, path, query };
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Half of a surrogate pair, which no URI can hold. */
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

function encoded(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd'));
}

/** A URI as a key: editors disagree on which characters to percent-encode. */
export function keyOf(uri: string): string {
  return decoded(uri);
}

/** `git` of `git:/a/b.json`. */
export function schemeOf(uri: string): string {
  return uri.slice(0, Math.max(uri.indexOf(':'), 0));
}

/** The last part of the path, decoded: `main.tf.json`. */
export function nameOf(uri: string): string {
  const bare = withoutQuery(uri);
  return decoded(bare.slice(Math.max(bare.lastIndexOf('/'), bare.indexOf(':')) + 1));
}

/** The folder of a file, or of a folder; undefined where there is none: above a root, or of an untitled document. */
export function folderOf(uri: string): string | undefined {
  const { start, path, query } = partsOf(uri);
  const slash = path.lastIndexOf('/');
  if (slash < 0) return undefined;
  return start + path.slice(0, slash) + queryWith(query, (own) => own.slice(0, Math.max(lastSeparator(own), 0)));
}

/** What has this name in a folder. */
export function childOf(folder: string, name: string): string {
  const { start, path, query } = partsOf(folder);
  const own = (parent: string) => `${parent}${parent.includes('\\') ? '\\' : '/'}${name}`;
  return `${start}${path}/${encoded(name)}${queryWith(query, own)}`;
}

/** The folder that a relative path leads to: `../shared` from `file:///a/b` is `file:///a/shared`. */
export function relativeFolder(folder: string, path: string): string {
  let at = folder;
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    at = part === '..' ? (folderOf(at) ?? at) : childOf(at, part);
  }
  return at;
}

/** Whether something lies in a folder, at any depth, or is it. */
export function isWithin(folder: string, uri: string): boolean {
  return pathBelow(folder, uri) !== undefined;
}

/** The path from a folder to what lies in it, decoded: `modules/main.tf.json`; undefined where it lies elsewhere. */
export function pathBelow(folder: string, uri: string): string | undefined {
  const outer = partsOf(folder);
  const inner = partsOf(uri);
  if (decoded(outer.start) !== decoded(inner.start)) return undefined;
  return remainder(outer.path, inner.path);
}

/**
 * Where a document lies in the workspace. One of another scheme is a version of the file of the same path there: the other side of
 * a diff belongs to the folder that it was committed from. What lies nowhere in the workspace stays what it is.
 */
export function inWorkspace(uri: string, folders: readonly string[]): string {
  if (schemeOf(uri) === 'file' || folders.some((folder) => isWithin(folder, uri))) return uri;
  const { path } = partsOf(uri);
  const around = folders.filter((folder) => remainder(partsOf(folder).path, path) !== undefined);
  const home = innermost(around);
  return home === undefined ? uri : partsOf(home).start + path;
}

/** Of folders around something, the one that it lies in directly. */
export function innermost(folders: readonly string[]): string | undefined {
  return [...folders].sort((a, b) => partsOf(b).path.length - partsOf(a).path.length)[0];
}

function remainder(outer: string, inner: string): string | undefined {
  const folder = decoded(outer);
  const path = decoded(inner);
  if (path === folder) return '';
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

/** A query that is JSON with the file's path in it, of either kind of separator, with that path changed; any other as it is. */
function queryWith(query: string, change: (path: string) => string): string {
  if (!query) return '';
  try {
    const value = JSON.parse(decodeURIComponent(query.slice(1)));
    if (typeof value?.path !== 'string') return query;
    return `?${encoded(JSON.stringify({ ...value, path: change(value.path) }))}`;
  } catch {
    return query;
  }
}

function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
}
