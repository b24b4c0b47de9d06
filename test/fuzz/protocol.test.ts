/**
 * Storms over the protocol: edits of every kind, documents that come, go and are renamed, folders, settings and files that change
 * meanwhile, requests that are cancelled or make no sense. The server never dies, never fails inside, names no place outside of a
 * document; and after every storm its diagnostics are those of a server that begins anew.
 * `FUZZ=5 node scripts/test.mjs protocol` runs it for five minutes with a new seed.
 */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import {
  CancellationTokenSource,
  type Diagnostic,
  ErrorCodes,
  type ResponseError,
} from 'vscode-languageserver-protocol';
import { Client } from '../lsp/client.ts';
import { type Action, applyChange, FILES, nonsenseOf, positionIn, rewritten, storm } from '../support/storms.ts';

const MINUTES = Number(process.env.FUZZ ?? 0);
/** An answer takes no longer, also on a machine that is busy. Milliseconds. */
const LATE = 20_000;
/** Storms that one server goes through. */
const STORMS = 8;

const root = realpathSync(mkdtempSync(join(tmpdir(), 'demarc-storm-')));
after(() => rmSync(root, { recursive: true, force: true }));
const NAMES = Object.keys(FILES);
const ROOTS = ['one', 'two'].map((name) => pathToFileURL(join(root, name)).href);
const languageOf = (name: string) =>
  /\.tf$/.test(name) ? 'terraform' : /tfvars$/.test(name) ? 'terraform-vars' : /json$/.test(name) ? 'json' : 'yaml';

function write(name: string, text: string | undefined): void {
  const path = join(root, name);
  if (text === undefined) {
    rmSync(path, { force: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

interface Open {
  readonly languageId: string;
  text: string;
  version: number;
}

/** A client that causes storms, and what it knows. */
class Editor {
  /** By URI, in the order in which they were opened. */
  readonly open = new Map<string, Open>();
  readonly folders: string[] = [...ROOTS];
  /** Every text that a document had, newest last. */
  private readonly history = new Map<string, string[]>();
  /** Requests that are not answered yet, with what they ask for. */
  private readonly pending = new Map<Promise<void>, string>();
  readonly problems: string[] = [];
  private resultId: string | undefined;
  requests = 0;

  private constructor(
    readonly client: Client,
    readonly pushes: boolean,
  ) {
    client.process.stderr?.on('data', (text) => this.problems.push(`standard error: ${text}`));
    client.process.once('exit', (code, signal) => {
      if (!this.isEnding) this.problems.push(`the server ended: ${code} ${signal}`);
    });
    client.connection.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
      // What the library says of messages without sense.
      if (type === 1 && !/^Notification handler|defines? .*param/.test(message)) this.problems.push(`log: ${message}`);
    });
    client.connection.onNotification(
      'textDocument/publishDiagnostics',
      ({ uri, version, diagnostics }: { uri: string; version?: number; diagnostics: Diagnostic[] }) => {
        this.published.set(uri, { version, diagnostics });
        this.inside(uri, 0, diagnostics, 'published');
        if (!this.open.has(uri) && diagnostics.length && !this.history.has(uri))
          this.problems.push(`diagnostics for ${uri}, which was never open`);
      },
    );
  }

  readonly published = new Map<string, { version: number | undefined; diagnostics: Diagnostic[] }>();
  private isEnding = false;

  static async start(pushes: boolean): Promise<Editor> {
    return new Editor(await Client.start({ folders: ROOTS, push: pushes, clientHovers: true }), pushes);
  }

  uriOf(name: string): string {
    return name.includes(':') ? name : pathToFileURL(join(root, name)).href;
  }

  private notify(method: string, params: unknown): void {
    this.client.connection.sendNotification(method, params as object).catch((error) => this.problems.push(`${error}`));
  }

  private remember(uri: string, text: string): void {
    const known = this.history.get(uri);
    if (known) known.push(text);
    else this.history.set(uri, [text]);
  }

  /** Whether places lie in a text that the document had since. */
  private inside(uri: string, since: number, diagnostics: readonly Pick<Diagnostic, 'range'>[], what: string): void {
    const texts = this.history.get(uri)?.slice(Math.max(0, since)) ?? [];
    const isIn = (text: string) =>
      diagnostics.every(({ range: { start, end } }) => {
        const lines = text.split(/\r\n|\r|\n/);
        const from = lines[start.line];
        const to = lines[end.line];
        if (from === undefined || to === undefined) return false;
        const isOrdered = start.line < end.line || (start.line === end.line && start.character <= end.character);
        return isOrdered && start.character <= from.length && end.character <= to.length;
      });
    if (!texts.some(isIn)) this.problems.push(`${what} for ${uri}: a place outside of every text it had`);
  }

  /** @param check of an answer, given how many texts the document had when it was asked for */
  ask(method: string, params: unknown, cancelAfter?: number, check?: (answer: never, since: number) => void): void {
    const uri = (params as { textDocument?: { uri?: string } } | null)?.textDocument?.uri ?? '';
    const since = (this.history.get(uri)?.length ?? 0) - 1;
    const source = new CancellationTokenSource();
    this.requests++;
    const asked = this.client.connection
      .sendRequest(method, params as object, source.token)
      .then(
        (answer) => check?.(answer as never, since),
        (error: ResponseError) => {
          if (error.code === ErrorCodes.InternalError) this.problems.push(`${method}: ${error.message}`);
        },
      )
      .catch((error) => void this.problems.push(`${method}: ${error}`));
    this.pending.set(asked, `${method} ${JSON.stringify(params)}`);
    asked.finally(() => this.pending.delete(asked));
    if (cancelAfter === 0) source.cancel();
    else if (cancelAfter !== undefined) setTimeout(() => source.cancel(), cancelAfter);
  }

  openDocument(uri: string, languageId: string, text: string, version: number): void {
    this.open.set(uri, { languageId, text, version });
    this.remember(uri, text);
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  close(uri: string): void {
    this.open.delete(uri);
    this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  /** The document that an action is about: one that is open, mostly. */
  private target(action: Action): string {
    const uris = [...this.open.keys()];
    return uris[Math.floor(action.where * uris.length)] ?? this.uriOf(NAMES[action.name % NAMES.length] ?? '');
  }

  async act(action: Action): Promise<void> {
    const name = NAMES[action.name % NAMES.length] ?? '';
    const uri = this.target(action);
    const textDocument = { uri };
    const known = this.open.get(uri);
    const position = positionIn(known?.text ?? '', action.at);
    const cancelAfter = action.odd % 3 === 0 ? action.odd % 7 : undefined;
    switch (action.kind) {
      case 'open':
        return this.openDocument(this.uriOf(name), languageOf(name), FILES[name] ?? '', action.odd % 5);
      case 'close':
        return this.close(uri);
      case 'rename': {
        if (!known) return;
        this.close(uri);
        const other = uri.replace(
          /([^/:]*)(\.[^/]*)$/,
          (_, stem, ending) => `${stem.length > 8 ? 'x' : stem}y${ending}`,
        );
        return this.openDocument(other, known.languageId, known.text, known.version);
      }
      case 'edit': {
        const version = action.odd % 4 ? (known?.version ?? 0) + 1 : (known?.version ?? 0) - (action.odd % 3);
        const contentChanges = action.changes.map((change) => change.of(known?.text ?? ''));
        if (known) {
          for (const change of contentChanges) known.text = applyChange(known.text, change);
          known.version = version;
          this.remember(uri, known.text);
        }
        return this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
      }
      case 'save':
        return this.notify('textDocument/didSave', { textDocument });
      case 'settings':
        this.client.settings = action.settings;
        return this.notify('workspace/didChangeConfiguration', { settings: null });
      case 'write': {
        write(name, action.odd % 4 ? rewritten(action, FILES[name] ?? '') : undefined);
        return this.changed(name);
      }
      case 'configure': {
        const file = `${action.odd % 2 ? 'one' : 'two'}/.demarc.json`;
        write(file, action.odd % 5 ? JSON.stringify(action.settings) : undefined);
        return this.changed(file);
      }
      case 'folders': {
        const folder = ROOTS[action.odd % 2] ?? '';
        const at = this.folders.indexOf(folder);
        const event = { added: at < 0 ? [folder] : [], removed: at < 0 ? [] : [folder] };
        if (at < 0) this.folders.push(folder);
        else this.folders.splice(at, 1);
        const named = (uris: readonly string[]) => uris.map((one) => ({ uri: one, name: 'ws' }));
        return this.notify('workspace/didChangeWorkspaceFolders', {
          event: { added: named(event.added), removed: named(event.removed) },
        });
      }
      case 'diagnostic':
        return this.ask(
          'textDocument/diagnostic',
          { textDocument, previousResultId: action.odd % 2 ? this.resultId : undefined },
          cancelAfter,
          ({ items, resultId }: { items?: Diagnostic[]; resultId: string }, since) => {
            this.resultId = resultId;
            if (items?.length) this.inside(uri, since, items, 'diagnostics');
          },
        );
      case 'hover':
        return this.ask(
          'demarc/hover',
          {
            textDocument,
            position,
            diff: action.odd % 5 ? undefined : { role: action.odd % 2 ? 'base' : 'head', other: this.uriOf(name) },
          },
          cancelAfter,
          (model: Pick<Diagnostic, 'range'> | null, since) => model && this.inside(uri, since, [model], 'hover'),
        );
      case 'completion':
        return this.ask('textDocument/completion', { textDocument, position }, cancelAfter);
      case 'action': {
        const end = positionIn(known?.text ?? '', action.where);
        const only = action.odd % 2 ? ['source.fixAll'] : undefined;
        return this.ask(
          'textDocument/codeAction',
          { textDocument, range: { start: position, end }, context: { diagnostics: [], only } },
          cancelAfter,
        );
      }
      case 'map':
        return this.ask('demarc/map', { uris: [...this.open.keys(), this.uriOf(name)] }, cancelAfter);
      case 'status':
        return this.ask('demarc/status', { uri }, cancelAfter);
      case 'compare': {
        const text = FILES[name] ?? '';
        const side = (one: string) => [{ uri: this.uriOf(name), text: one, languageId: languageOf(name) }];
        const templates = [{ base: side(text), head: side(rewritten(action, text)) }];
        return this.ask('demarc/compare', { templates }, cancelAfter);
      }
      case 'nonsense': {
        const [method, params] = nonsenseOf(action, uri);
        if (action.odd % 2) return this.ask(method, params, cancelAfter);
        // What changes texts is said as it should be, or there is nothing to compare with.
        return method.startsWith('textDocument/did') && known ? undefined : this.notify(method, params);
      }
      case 'wait':
        return new Promise((resolve) => setTimeout(resolve, action.odd));
    }
  }

  /** A file changed on disk: a client tells of those in its folders. */
  private changed(name: string): void {
    const uri = this.uriOf(name);
    if (!this.folders.some((folder) => uri.startsWith(`${folder}/`))) return;
    this.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
  }

  async settled(): Promise<void> {
    const late = setTimeout(() => this.problems.push(`no answer: ${[...this.pending.values()].join(', ')}`), LATE);
    while (this.pending.size) {
      await Promise.race([...this.pending.keys(), new Promise((go) => setTimeout(go, LATE))]);
      if (this.problems.length) break;
    }
    clearTimeout(late);
    assert.deepEqual(this.problems, []);
    // Of files that nobody watches the server learns when something is saved.
    const [uri] = this.open.keys();
    if (uri) this.notify('textDocument/didSave', { textDocument: { uri } });
  }

  /** Of each open document, in a form in which two servers can be compared. */
  async diagnostics(): Promise<Record<string, readonly Diagnostic[]>> {
    const all = [...this.open.keys()].map(async (uri) => [uri, await this.client.diagnostics(uri)] as const);
    return Object.fromEntries(await Promise.all(all));
  }

  /** Everything as it was in the beginning. */
  reset(): void {
    for (const uri of [...this.open.keys()]) this.close(uri);
    this.client.settings = {};
    this.notify('workspace/didChangeConfiguration', { settings: null });
    for (const folder of ROOTS) {
      if (this.folders.includes(folder)) continue;
      this.folders.push(folder);
      this.notify('workspace/didChangeWorkspaceFolders', {
        event: { added: [{ uri: folder, name: 'ws' }], removed: [] },
      });
    }
    for (const name of [...NAMES, 'one/.demarc.json', 'two/.demarc.json']) {
      if (name.includes(':')) continue;
      write(name, FILES[name]);
      this.changed(name);
    }
  }

  /** Ends in the middle of things. */
  async end(): Promise<void> {
    this.isEnding = true;
    for (const uri of this.open.keys())
      this.client.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } }).catch(() => undefined);
    await this.client.stop();
    assert.equal(this.client.process.exitCode, 0, 'an orderly end');
    assert.deepEqual(this.client.errors, [], 'nothing but the protocol on standard output');
    assert.deepEqual(this.problems, []);
  }
}

/** What a server says that is started now, of the same folders, settings and documents. */
async function anew({ open, folders, client: { settings } }: Editor): Promise<Record<string, readonly Diagnostic[]>> {
  const fresh = await Client.start({ folders, settings, clientHovers: true });
  try {
    for (const [uri, { languageId, text, version }] of open) await fresh.open(uri, text, languageId, version);
    const all = [...open.keys()].map(async (uri) => [uri, await fresh.diagnostics(uri)] as const);
    return Object.fromEntries(await Promise.all(all));
  } finally {
    await fresh.stop();
  }
}

/** What was pushed last, once it is what it should be: nobody says when the last one has come. */
async function pushed(editor: Editor, wanted: Record<string, readonly Diagnostic[]>): Promise<void> {
  const last = () =>
    Object.fromEntries([...editor.open.keys()].map((uri) => [uri, editor.published.get(uri)?.diagnostics]));
  const isThere = () => JSON.stringify(last()) === JSON.stringify(wanted);
  for (const end = Date.now() + 10_000; !isThere() && Date.now() < end; ) await new Promise((go) => setTimeout(go, 20));
  assert.deepEqual(last(), wanted, 'what was pushed last');
  for (const [uri, { version }] of editor.open) assert.equal(editor.published.get(uri)?.version, version, uri);
  for (const [uri, { diagnostics }] of editor.published)
    assert.ok(editor.open.has(uri) || !diagnostics.length, `${uri} is closed, and has diagnostics`);
}

async function storms(pushes: boolean, runs: number, seconds: number): Promise<void> {
  const counts = { storms: 0, actions: 0, requests: 0, diagnostics: 0 };
  let editor: Editor | undefined;
  const property = fc.asyncProperty(storm, async (actions) => {
    editor ??= await Editor.start(pushes);
    editor.reset();
    for (const name of NAMES.slice(0, 4))
      editor.openDocument(editor.uriOf(name), languageOf(name), FILES[name] ?? '', 1);
    for (const action of actions) await editor.act(action);
    await editor.settled();
    const wanted = await anew(editor);
    if (pushes) await pushed(editor, wanted);
    assert.deepEqual(await editor.diagnostics(), wanted, 'as a server that begins anew');
    assert.deepEqual(editor.problems, []);
    counts.storms++;
    counts.actions += actions.length;
    counts.diagnostics += Object.values(wanted).flat().length;
    if (counts.storms % STORMS) return;
    counts.requests += editor.requests;
    await editor.end();
    editor = undefined;
  });
  try {
    await fc.assert(property, {
      numRuns: MINUTES ? 1_000_000 : runs,
      ...(MINUTES ? {} : { seed: 20_261_122 }),
      interruptAfterTimeLimit: 1000 * (MINUTES ? MINUTES * 30 : seconds),
      markInterruptAsFailure: false,
      // Timing is part of a storm: a smaller one proves nothing.
      endOnFailure: true,
      includeErrorInReport: true,
    });
    await editor?.end();
  } finally {
    editor?.client.process.kill();
  }
  if (MINUTES) console.log(JSON.stringify(counts));
  assert.ok(counts.diagnostics > counts.storms, `${counts.diagnostics} diagnostics in ${counts.storms} storms`);
}

describe('storms over the protocol', () => {
  it('leave a server that says what a new one says, to a client that asks', () => storms(false, 16, 40));
  it('leave a server that says what a new one says, to a client that is told', () => storms(true, 8, 25));
});
