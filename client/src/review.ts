/** Documents in a review: which side of a change each one is, and what is shown of it. */

import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { DiffSide } from '../../server/src/lsp/protocol.ts';
import { isEditable, onDidChangeSelector, selector } from './languages.ts';
import { filePath, sideOf } from './review-uris.ts';
import type { Supervisor } from './supervisor.ts';

/** `working` is edited where it is shown; `head` is the text after a change, `base` the text before it. */
export type Role = 'working' | 'base' | 'head' | 'history';

/** Two documents side by side in a tab. */
interface Diff {
  readonly original: vscode.Uri;
  readonly modified: vscode.Uri;
  /** The tab is in front, in the group that has the focus or in another one. */
  readonly shown: 'focused' | 'visible' | 'hidden';
}

/** A tab of many diffs: VS Code hands them out, its published types do not name them. */
interface MultiDiff {
  readonly textDiffs: readonly { readonly original?: vscode.Uri; readonly modified?: vscode.Uri }[];
}

function isMultiDiff(input: unknown): input is MultiDiff {
  return !!input && typeof input === 'object' && 'textDiffs' in input && Array.isArray(input.textDiffs);
}

/** All diffs in tabs; those in front come first. */
function diffs(): readonly Diff[] {
  const found: Diff[] = [];
  for (const group of vscode.window.tabGroups.all) {
    for (const { input, isActive } of group.tabs) {
      const shown = !isActive ? 'hidden' : group.isActive ? 'focused' : 'visible';
      const pairs = input instanceof vscode.TabInputTextDiff ? [input] : isMultiDiff(input) ? input.textDiffs : [];
      for (const { original, modified } of pairs) if (original && modified) found.push({ original, modified, shown });
    }
  }
  const order = ['focused', 'visible', 'hidden'];
  return found.sort((a, b) => order.indexOf(a.shown) - order.indexOf(b.shown));
}

const same = (one: vscode.Uri, other: vscode.Uri) => one.toString() === other.toString();

/** What a document is: by the diffs that it is a side of, else by its own address. */
export function roleOf(uri: vscode.Uri): Role {
  if (isEditable(uri.scheme)) return 'working';
  const mine = diffs().find(({ original, modified }) => same(original, uri) || same(modified, uri));
  if (mine) return same(mine.modified, uri) ? 'head' : 'base';
  return sideOf(uri);
}

/**
 * The diff that a document stands in, for its hovers: a working file only where the diff is in front, all others in any tab.
 * Undefined too where the other side is not known to the server, being of another language.
 */
export function diffSideOf(client: BaseLanguageClient, uri: vscode.Uri): DiffSide | undefined {
  const mine = diffs().find(
    ({ original, modified, shown }) =>
      (same(original, uri) || same(modified, uri)) && (shown !== 'hidden' || !isEditable(uri.scheme)),
  );
  if (!mine || same(mine.original, mine.modified)) return undefined;
  const [role, other] = same(mine.modified, uri)
    ? (['head', mine.original] as const)
    : (['base', mine.modified] as const);
  const document = vscode.workspace.textDocuments.find((one) => same(one.uri, other));
  if (!document || !vscode.languages.match(selector(), document)) return undefined;
  return { role, other: client.code2ProtocolConverter.asUri(other) };
}

/**
 * Whether a document's findings belong into the list of problems: those of what is edited, and of the new side of a change, unless
 * the working file that they would be mended in is open and tells them itself.
 */
export function hasProblems(uri: vscode.Uri): boolean {
  const role = roleOf(uri);
  if (role !== 'head') return role === 'working';
  if (diffs().some(({ original, modified }) => same(modified, uri) && isEditable(original.scheme))) return false;
  const path = filePath(uri);
  return !shown().some((one) => isEditable(one.scheme) && one.path === path);
}

/** Documents whose problems are asked for: those with a tab, and those in a peek. */
function shown(): readonly vscode.Uri[] {
  const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  return [
    ...inputs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : [])),
    ...diffs().map(({ modified }) => modified),
    ...vscode.window.visibleTextEditors.map(({ document }) => document.uri),
  ];
}

/** Milliseconds that tabs and documents rest before problems are asked for again: opening a diff is many events. */
const DELAY = 50;

/** Keeps problems in step with the roles of documents, and the documents that are looked at in step with the settings. */
export function registerReview(client: BaseLanguageClient, server: Supervisor): vscode.Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const state = () =>
    vscode.workspace.textDocuments
      .filter(({ uri }) => !isEditable(uri.scheme) && hasProblems(uri))
      .map(({ uri }) => uri.toString())
      .sort()
      .join('\n');
  let last = state();
  const look = () => {
    const now = state();
    if (now === last) return;
    last = now;
    if (server.isRunning()) client.getFeature('textDocument/diagnostic')?.refresh();
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(look, DELAY);
  };
  return vscode.Disposable.from(
    { dispose: () => clearTimeout(timer) },
    vscode.window.tabGroups.onDidChangeTabs(later),
    vscode.window.onDidChangeVisibleTextEditors(later),
    vscode.workspace.onDidOpenTextDocument(later),
    vscode.workspace.onDidCloseTextDocument(later),
    onDidChangeSelector(() => {
      client.clientOptions.documentSelector = selector();
      // One that ended by itself takes the selector when it is started again.
      if (server.health === 'running' || server.health === 'starting') void server.restart();
    }),
  );
}
