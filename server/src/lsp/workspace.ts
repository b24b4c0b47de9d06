/** Open documents, the files beside them, their settings, and one analysis for each version: shared by all features. */

import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Analysis, analyze, classify, type Source } from '../analysis/analyze.ts';
import { excluded, mergeSettings, parseConfiguration } from '../analysis/configuration.ts';
import { DEFAULT_SETTINGS, type Settings } from '../analysis/settings.ts';
import type { SyntaxDocument } from '../syntax/document.ts';

/** The file system as the server needs it; a host without one (a browser) answers with nothing. */
export interface Files {
  /** Names of the files in a folder; empty where it cannot be read. */
  list(folderUri: string): Promise<readonly string[]>;
  /** Text of a file; undefined where it cannot be read. */
  read(uri: string): Promise<string | undefined>;
}

export interface Host {
  readonly files: Files;
  /** The editor's `demarc` settings for a document; undefined where the client has none to give. */
  settings(uri: string): Promise<Partial<Settings> | undefined>;
  /** The day, `2026-01-31`, for suppressions that expire. */
  today(): string;
  log(message: string): void;
}

interface Cached {
  /** Versions of all that went into it. */
  readonly key: string;
  readonly settings: Settings;
  readonly analysis: Analysis | undefined;
}

const CONFIGURATION_NAMES = ['.demarc.json', '.demarc.yaml', '.demarc.yml'];

export function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}

export class Workspace {
  private readonly open = new Map<string, TextDocument>();
  private readonly cache = new Map<string, Cached>();
  private readonly editorSettings = new Map<string, Promise<Partial<Settings> | undefined>>();
  private readonly merged = new Map<string, { readonly key: string; readonly settings: Settings }>();
  /** Equal settings are one object, so that what is prepared for them (active rules) is prepared once. */
  private readonly interned = new Map<string, Settings>();
  private readonly diskVersions = new Map<string, number>();
  /** Texts on disk, until a watcher says that they changed. */
  private readonly disk = new Map<string, Promise<string | undefined>>();
  private readonly listings = new Map<string, Promise<readonly string[]>>();
  folders: readonly string[] = [];

  constructor(private readonly host: Host) {}

  set(document: TextDocument): void {
    this.open.set(document.uri, document);
  }

  close(uri: string): void {
    this.open.delete(uri);
    this.cache.delete(uri);
    this.editorSettings.delete(uri);
    this.merged.delete(uri);
  }

  document(uri: string): TextDocument | undefined {
    return this.open.get(uri);
  }

  documents(): IterableIterator<TextDocument> {
    return this.open.values();
  }

  /** Files changed on disk: forget what was read of them and their folders. */
  changedOnDisk(uris: readonly string[]): void {
    for (const uri of uris) {
      this.disk.delete(uri);
      this.diskVersions.set(uri, (this.diskVersions.get(uri) ?? 0) + 1);
      this.listings.delete(folderOf(uri));
    }
  }

  /** The client's settings changed: ask again. */
  changedSettings(): void {
    this.editorSettings.clear();
    this.merged.clear();
  }

  private readFile(uri: string): Promise<string | undefined> {
    let text = this.disk.get(uri);
    if (!text) {
      text = this.host.files.read(uri);
      this.disk.set(uri, text);
    }
    return text;
  }

  private list(folder: string): Promise<readonly string[]> {
    let listing = this.listings.get(folder);
    if (!listing) {
      listing = this.host.files.list(folder);
      this.listings.set(folder, listing);
    }
    return listing;
  }

  /** The configuration file that holds for a document: the nearest one upward, within its workspace folder. */
  private async configurationOf(uri: string): Promise<{ uri: string; text: string } | undefined> {
    if (!uri.startsWith('file:')) return undefined;
    const root = this.folders.find((folder) => uri.startsWith(`${folder}/`)) ?? folderOf(uri);
    for (let folder = folderOf(uri); folder.length >= root.length; folder = folderOf(folder)) {
      const names = await this.list(folder);
      for (const name of CONFIGURATION_NAMES) {
        const candidate = `${folder}/${name}`;
        const open = this.open.get(candidate);
        if (!open && !names.includes(name)) continue;
        const text = open ? open.getText() : await this.readFile(candidate);
        if (text !== undefined) return { uri: candidate, text };
      }
    }
    return undefined;
  }

  /** Settings of a document: the workspace's configuration file, and the editor's settings where it is silent. */
  async settingsOf(uri: string): Promise<Settings> {
    let editor = this.editorSettings.get(uri);
    if (!editor) {
      editor = this.host.settings(uri).catch(() => undefined);
      this.editorSettings.set(uri, editor);
    }
    const [fromEditor, file] = await Promise.all([editor, this.configurationOf(uri)]);
    const key = JSON.stringify([fromEditor, file]);
    const known = this.merged.get(uri);
    if (known?.key === key) return known.settings;
    let settings = mergeSettings(DEFAULT_SETTINGS, fromEditor ?? {});
    if (file) {
      const { settings: own, problems } = parseConfiguration(file.uri, file.text);
      for (const problem of problems) this.host.log(`${file.uri}: ${problem.message}`);
      settings = mergeSettings(settings, own);
    }
    const base = file ? folderOf(file.uri) : this.folders.find((folder) => uri.startsWith(`${folder}/`));
    const path = decodeURIComponent(
      base && uri.startsWith(`${base}/`) ? uri.slice(base.length + 1) : uri.slice(uri.lastIndexOf('/') + 1),
    );
    if (excluded(settings, path)) settings = { ...settings, enable: false };
    const content = JSON.stringify(settings);
    const same = this.interned.get(content);
    if (same) settings = same;
    else this.interned.set(content, settings);
    this.merged.set(uri, { key, settings });
    return settings;
  }

  /** All texts of a Terraform module, the document's own first; just the document for everything else. */
  private async sourcesOf(document: TextDocument): Promise<Source[]> {
    const own: Source = { uri: document.uri, text: document.getText(), languageId: document.languageId };
    if (classify(own) !== 'terraform' || !document.uri.startsWith('file:')) return [own];
    const folder = folderOf(document.uri);
    const names = (await this.list(folder)).filter((name) => name.endsWith('.tf.json'));
    const others = new Set(names.map((name) => `${folder}/${encodeURIComponent(name)}`));
    for (const uri of this.open.keys()) if (uri.endsWith('.tf.json') && folderOf(uri) === folder) others.add(uri);
    others.delete(document.uri);
    const sources = [own];
    for (const uri of [...others].sort()) {
      const open = this.open.get(uri);
      const text = open ? open.getText() : await this.readFile(uri);
      if (text !== undefined) sources.push({ uri, text, languageId: open?.languageId });
    }
    return sources;
  }

  /**
   * The analysis of a document's newest version, computed at most once for each state of all that goes into it.
   * Undefined where the document is closed, excluded, or none of ours.
   */
  async analysis(uri: string): Promise<Analysis | undefined> {
    const before = this.open.get(uri);
    if (!before) return undefined;
    const settings = await this.settingsOf(uri);
    const sources = await this.sourcesOf(before);
    // Text may have changed while files were read: what is analysed is always the newest.
    const document = this.open.get(uri);
    if (!document) return undefined;
    sources[0] = { uri, text: document.getText(), languageId: document.languageId };
    const versions = sources.map(
      ({ uri: one }) => `${one}@${this.open.get(one)?.version ?? `disk${this.diskVersions.get(one) ?? 0}`}`,
    );
    const key = `${document.languageId}\n${versions.join('\n')}`;
    const cached = this.cache.get(uri);
    if (cached && cached.key === key && cached.settings === settings) return cached.analysis;
    const previous = new Map<string, SyntaxDocument>((cached?.analysis?.documents ?? []).map((one) => [one.uri, one]));
    const analysis = analyze(sources, settings, {
      previous,
      today: this.host.today(),
      onError: (ruleId, error) =>
        this.host.log(
          `rule ${ruleId} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        ),
    });
    this.cache.set(uri, { key, settings, analysis });
    return analysis;
  }
}
