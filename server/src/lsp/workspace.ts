/** Open documents, the files beside them, their settings, and one analysis for each version: shared by all features. */

import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Analysis, analyze, analyzeInSteps, classify, type Source } from '../analysis/analyze.ts';
import { CONFIGURATION_NAMES, excluded, mergeSettings, parseConfiguration } from '../analysis/configuration.ts';
import { DEFAULT_SETTINGS, type Settings } from '../analysis/settings.ts';
import type { Resource } from '../template/template.ts';
import { isTerraform, type ModuleSources, Modules } from './modules.ts';
import { childOf, folderOf, innermost, inWorkspace, isWithin, keyOf, nameOf, pathBelow, schemeOf } from './uris.ts';
import { warmUp } from './warm-up.ts';

/** The file system as the server needs it. */
export interface Files {
  /** Names of the files and folders in a folder; empty where it cannot be read. */
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
  /** More is known of documents than was reported before. */
  completed?(): void;
  log(message: string): void;
}

interface State {
  readonly place: string;
  /** Versions of all that goes into it. */
  readonly key: string;
  readonly sources: readonly Source[];
  readonly settings: Settings;
}

interface Cached {
  /** Versions of all that went into it. */
  readonly key: string;
  whole?: Analysis | undefined;
  /** Of a large module: analyses for one document each. */
  readonly own: Map<string, Analysis>;
  /** The last of them: what the next version takes over from. */
  latest?: Analysis | undefined;
  isNone?: boolean;
}

/** Modules with more resources are analysed for one document first. */
const LARGE_MODULE = 100;
/** Milliseconds without a change before the rest of a large module is analysed, and of work between two requests. */
const REST = 150;
const SLICE = 8;

/** Whether a document is a configuration file by its name. */
export function isConfiguration(uri: string): boolean {
  return CONFIGURATION_NAMES.includes(nameOf(uri));
}

export class Workspace {
  private readonly open = new Map<string, TextDocument>();
  /** Counts every text an open document had: versions of the client begin anew when a document is opened again. */
  private readonly revisions = new Map<string, number>();
  private revision = 0;
  /** Analyses by the module or file at their root, and settings. */
  private readonly cache = new Map<string, Cached>();
  /** Of each open document: where its analysis is kept. */
  private readonly places = new Map<string, string>();
  private readonly settingsIds = new Map<Settings, number>();
  private readonly modules: Modules;
  private readonly editorSettings = new Map<string, Promise<Partial<Settings> | undefined>>();
  private readonly merged = new Map<string, { readonly key: string; readonly settings: Settings }>();
  /** Equal settings are one object, so that what is prepared for them (active rules) is prepared once. */
  private readonly interned = new Map<string, Settings>();
  private readonly diskVersions = new Map<string, number>();
  /** Texts on disk, until a watcher says that they changed. */
  private readonly disk = new Map<string, Promise<string | undefined>>();
  private readonly listings = new Map<string, Promise<readonly string[]>>();
  /** Problems of configuration files that were logged, by URI and text: each once, not once a document. */
  private readonly logged = new Map<string, string>();
  folders: readonly string[] = [];
  /** Whether the client tells of changes on disk in its folders. */
  watches = false;

  constructor(private readonly host: Host) {
    const workspace = this;
    this.modules = new Modules({
      list: (folder) => this.list(folder),
      text: async (uri) => {
        const open = this.document(uri);
        const text = open ? open.getText() : await this.readFile(uri);
        return text === undefined ? undefined : { text, languageId: open?.languageId };
      },
      open: () => [...this.open.values()].map(({ uri }) => uri),
      rootOf: (uri) => this.rootOf(uri),
      get folders() {
        return workspace.folders;
      },
    });
  }

  /** A document was opened, or its text changed. */
  set(document: TextDocument): void {
    const key = keyOf(document.uri);
    this.open.set(key, document);
    this.revisions.set(key, ++this.revision);
  }

  close(uri: string): void {
    this.open.delete(keyOf(uri));
    this.revisions.delete(keyOf(uri));
    const place = this.places.get(keyOf(uri));
    this.places.delete(keyOf(uri));
    this.drop(place);
    this.editorSettings.delete(uri);
    this.merged.delete(uri);
  }

  /** Forgets an analysis that no open document is part of any more. */
  private drop(place: string | undefined): void {
    if (place !== undefined && ![...this.places.values()].includes(place)) this.cache.delete(place);
  }

  document(uri: string): TextDocument | undefined {
    return this.open.get(keyOf(uri));
  }

  /** Files changed on disk: forget what was read of them and their folders. */
  changedOnDisk(uris: readonly string[]): void {
    for (const key of uris.map(keyOf)) {
      this.disk.delete(key);
      this.diskVersions.set(key, (this.diskVersions.get(key) ?? 0) + 1);
      this.listings.delete(key.slice(0, key.lastIndexOf('/')));
    }
  }

  /** A good moment to look at the disk again where nobody watches it: a document was opened, saved or closed. */
  forgetUnwatched(): void {
    const read = [...this.disk.keys()].filter((key) => !this.isWatched(key));
    for (const key of read) {
      this.disk.delete(key);
      this.diskVersions.set(key, (this.diskVersions.get(key) ?? 0) + 1);
    }
    for (const key of [...this.listings.keys()]) if (!this.isWatched(key)) this.listings.delete(key);
  }

  private isWatched(uri: string): boolean {
    return this.watches && this.folders.some((folder) => isWithin(folder, uri));
  }

  /** What analyses rest upon changed: none is good any more, in any version. */
  forgetAnalyses(): void {
    this.cache.clear();
  }

  /** The client's settings changed: ask again. */
  changedSettings(): void {
    this.editorSettings.clear();
    this.merged.clear();
  }

  private readFile(uri: string): Promise<string | undefined> {
    const key = keyOf(uri);
    let text = this.disk.get(key);
    if (!text) {
      text = this.host.files.read(uri);
      this.disk.set(key, text);
    }
    return text;
  }

  private list(folder: string): Promise<readonly string[]> {
    const key = keyOf(folder);
    let listing = this.listings.get(key);
    if (!listing) {
      listing = this.host.files.list(folder);
      this.listings.set(key, listing);
    }
    return listing;
  }

  /** The workspace folder that a document lies in, the innermost where they are nested. */
  private rootOf(uri: string): string | undefined {
    return innermost(this.folders.filter((folder) => isWithin(folder, uri)));
  }

  /**
   * The configuration file that holds for a document, as for the command line: the nearest one upward to the root of the
   * repository; outside of a repository, and where nothing above it can be read, to the workspace folder.
   * @param uri in the workspace: the other side of a diff takes the configuration of the working tree
   */
  private async configurationOf(uri: string): Promise<{ uri: string; text: string } | undefined> {
    const root = this.rootOf(uri) ?? folderOf(uri) ?? '';
    let found: { uri: string; text: string } | undefined;
    for (let folder = folderOf(uri); folder !== undefined; folder = folderOf(folder)) {
      const names = await this.list(folder);
      for (const name of found ? [] : CONFIGURATION_NAMES) {
        const candidate = childOf(folder, name);
        const open = this.document(candidate);
        if (!open && !names.includes(name)) continue;
        const text = open ? open.getText() : await this.readFile(candidate);
        if (text === undefined) continue;
        found = { uri: candidate, text };
        break;
      }
      if (found && folder.length >= root.length) return found;
      // Above the workspace folder only what belongs to the same repository counts.
      if (names.includes('.git') || (schemeOf(uri) !== 'file' && keyOf(folder) === keyOf(root))) return found;
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
    const place = inWorkspace(uri, this.folders);
    const [fromEditor, file] = await Promise.all([editor, this.configurationOf(place)]);
    const key = JSON.stringify([fromEditor, file]);
    const known = this.merged.get(uri);
    if (known?.key === key) return known.settings;
    let settings = mergeSettings(DEFAULT_SETTINGS, fromEditor ?? {});
    // Globs of the editor are relative to the workspace folder, those of a configuration file to its own folder.
    let leftAlone = excluded(settings, pathFor(this.rootOf(place), place));
    if (file) {
      const { settings: own, problems } = parseConfiguration(file.uri, file.text);
      if (this.logged.get(file.uri) !== file.text) {
        this.logged.set(file.uri, file.text);
        for (const problem of problems) this.host.log(`${file.uri}: ${problem.message}`);
      }
      leftAlone ||= excluded({ exclude: own.exclude ?? [] }, pathFor(folderOf(file.uri), place));
      settings = mergeSettings(settings, own);
    }
    if (leftAlone) settings = { ...settings, enable: false };
    const content = JSON.stringify(settings);
    const same = this.interned.get(content);
    if (same) settings = same;
    else this.interned.set(content, settings);
    this.merged.set(uri, { key, settings });
    return settings;
  }

  /** All texts that are analysed with a document: a Terraform module, or just the document. */
  private async sourcesOf(document: TextDocument): Promise<ModuleSources> {
    const own: Source = { uri: document.uri, text: document.getText(), languageId: document.languageId };
    const folder = folderOf(document.uri);
    const dialect = classify(own);
    if (folder === undefined || schemeOf(folder) === 'untitled') return { root: document.uri, sources: [own] };
    if (dialect === 'terraform') return this.modules.sourcesOf(own);
    // The configuration beside a plan is perhaps what it was made of.
    const beside = dialect === 'terraform-plan' ? await this.modules.below(folder, own) : [];
    return { root: document.uri, sources: [own, ...beside.filter((source) => source !== own)] };
  }

  /** Whether what is reported for one document may hang on the text of the other. */
  dependsOn(uri: string, other: string): boolean {
    if (isConfiguration(other)) return true;
    // Any module may come to call another, or to be called; where nothing changed, nothing is analysed again.
    return isTerraform(uri) && isTerraform(other);
  }

  /** Resources in the other files of a Terraform module, as they were when it was last analysed: nothing is waited for. */
  resourcesBeside(uri: string): readonly Resource[] {
    const place = this.places.get(keyOf(uri));
    const template = place === undefined ? undefined : this.cache.get(place)?.latest?.template;
    if (template?.dialect !== 'terraform') return [];
    const folder = keyOf(folderOf(uri) ?? '');
    const beside = template.documents.filter(
      (one) => keyOf(one.uri) !== keyOf(uri) && keyOf(folderOf(one.uri) ?? '') === folder,
    );
    const files = new Set(beside);
    return files.size ? template.resources.filter(({ document }) => files.has(document)) : [];
  }

  /**
   * As {@link analysis}, of a file that may be closed: its text is read anew, and nothing is kept.
   * Undefined where it cannot be read, is excluded, or is none of ours.
   */
  async analysisOfFile(uri: string): Promise<Analysis | undefined> {
    if (this.document(uri)) return this.analysis(uri);
    const settings = await this.settingsOf(uri);
    const text = settings.enable ? await this.host.files.read(uri) : undefined;
    if (text === undefined || !classify({ uri, text })) return undefined;
    const { sources } = await this.sourcesOf(TextDocument.create(uri, '', 0, text));
    return analyze(sources, settings, { today: this.host.today(), onError: this.reportRule });
  }

  private readonly reportRule = (ruleId: string, error: unknown): void =>
    this.host.log(`rule ${ruleId} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);

  private isWarm = false;

  /**
   * The analysis of a document's newest version, computed at most once for each state of all that goes into it.
   * Undefined where the document is closed, excluded, or none of ours.
   * @param whole false: of a large module only the document's own findings are needed, the rest follows when typing rests
   */
  async analysis(uri: string, whole = true): Promise<Analysis | undefined> {
    const state = await this.stateOf(uri);
    if (!state) return undefined;
    const { place, key, sources, settings } = state;
    const cached = this.cache.get(place);
    if (cached?.key === key) {
      const done = cached.whole ?? (whole ? undefined : cached.own.get(uri));
      if (done || cached.isNone) return done;
    }
    const entry: Cached = cached?.key === key ? cached : { key, own: new Map(), latest: cached?.latest };
    const isLarge = (entry.latest?.template.resources.length ?? 0) > LARGE_MODULE;
    const focus = whole || !isLarge ? undefined : uri;
    const analysis = analyze(sources, settings, {
      previous: entry.latest,
      focus,
      today: this.host.today(),
      onError: this.reportRule,
    });
    this.cache.set(place, entry);
    entry.latest = analysis;
    entry.isNone = !analysis;
    if (analysis?.focus !== undefined) {
      entry.own.set(uri, analysis);
      this.completeLater(uri, place);
    } else entry.whole = analysis;
    if (analysis && !this.isWarm) {
      this.isWarm = true;
      warmUp(sources, settings);
    }
    return analysis;
  }

  /** By place: several large modules may wait at the same time. */
  private readonly completing = new Map<string, ReturnType<typeof setTimeout>>();

  /** When typing rests: the whole module, in slices between which requests are answered, and the client is told to look. */
  private completeLater(uri: string, place: string): void {
    clearTimeout(this.completing.get(place));
    const timer = setTimeout(() => {
      this.completing.delete(place);
      this.complete(uri).catch((error) => this.host.log(String(error)));
    }, REST);
    this.completing.set(place, timer);
  }

  private async complete(uri: string): Promise<void> {
    const state = await this.stateOf(uri);
    const entry = state && this.cache.get(state.place);
    if (!state || !entry || entry.key !== state.key || entry.whole) return;
    const run = analyzeInSteps(state.sources, state.settings, {
      previous: entry.latest,
      today: this.host.today(),
      onError: this.reportRule,
    });
    for (;;) {
      const until = performance.now() + SLICE;
      let step = run.next();
      while (!step.done && performance.now() < until) step = run.next();
      // A newer version has taken over the documents; or somebody needed all of it at once.
      if (this.cache.get(state.place) !== entry || entry.whole) return;
      if (step.done) {
        entry.whole = step.value;
        entry.latest = step.value;
        this.host.completed?.();
        return;
      }
      await new Promise<void>((resume) => setTimeout(resume, 0));
      if (this.cache.get(state.place) !== entry || entry.whole) return;
    }
  }

  /** All that decides on a document's analysis, and where it is kept. */
  private async stateOf(uri: string): Promise<State | undefined> {
    const before = this.document(uri);
    if (!before) return undefined;
    const settings = await this.settingsOf(uri);
    const { root, sources: read } = await this.sourcesOf(before);
    // Text may have changed while files were read: what is analysed is always the newest.
    const document = this.document(uri);
    if (!document) return undefined;
    const sources = read.map((source): Source => {
      const now = this.document(source.uri);
      if (!now) return source;
      return { uri: source.uri, text: now.getText(), languageId: now.languageId, folder: source.folder };
    });
    const versions = sources.map(({ uri: one, folder }) => {
      const at = keyOf(one);
      const revision = this.revisions.get(at);
      return `${one}@${revision ?? `disk${this.diskVersions.get(at) ?? 0}`} ${folder ?? ''}`;
    });
    // A module's files share one analysis; the other side of a diff is a module of its own.
    const side = schemeOf(uri) === 'file' || sources.length === 1 ? '' : uri;
    const place = `${root}\n${side}\n${this.idOf(settings)}`;
    const last = this.places.get(keyOf(uri));
    this.places.set(keyOf(uri), place);
    if (last !== place) this.drop(last);
    return {
      place,
      key: `${sources.length === 1 ? document.languageId : ''}\n${versions.join('\n')}`,
      sources,
      settings,
    };
  }

  private idOf(settings: Settings): number {
    const known = this.settingsIds.get(settings) ?? this.settingsIds.size;
    this.settingsIds.set(settings, known);
    return known;
  }
}

/** Path of a document for globs: below a folder, or just its name where it lies elsewhere. */
function pathFor(folder: string | undefined, uri: string): string {
  return (folder === undefined ? undefined : pathBelow(folder, uri)) ?? nameOf(uri);
}
