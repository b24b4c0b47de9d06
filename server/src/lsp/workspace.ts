/** Open documents, the files beside them and their settings: all that decides on what is analysed. */

import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Analysis, analyzeInSteps, classify, type Source } from '../analysis/analyze.ts';
import { CONFIGURATION_NAMES, excluded, mergeSettings, parseConfiguration } from '../analysis/configuration.ts';
import { DEFAULT_SETTINGS, type Settings } from '../analysis/settings.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { Resource } from '../template/template.ts';
import { isModuleFile } from '../terraform/recognise.ts';
import { isValuesFile } from '../terraform/tfvars.ts';
import { Analyses, type RunReport, type State, type Wants } from './analyses.ts';
import { DiskTexts } from './disk-texts.ts';
import { OpenDocuments } from './documents.ts';
import { KnownModules } from './known-modules.ts';
import type { Memory } from './memory.ts';
import { isTerraform, type ModuleSources, Modules } from './modules.ts';
import { inSlices } from './turns.ts';
import { childOf, folderOf, innermost, inWorkspace, isWithin, keyOf, nameOf, pathBelow, schemeOf } from './uris.ts';

/** The file system as the server needs it. */
export interface Files {
  /** Names of the files in a folder, and of folders; empty where it cannot be read. On the disk, of folders `.git` only. */
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
  readonly memory?: Memory | undefined;
  /** An analysis was made. */
  analysed?(report: RunReport): void;
  /** How many messages of the client were dealt with. */
  messages?(): number;
  /** What a person may have to mend. */
  log(message: string): void;
  /** What should not have happened. */
  error(message: string): void;
}

/** Milliseconds that a client is given to say its settings. */
const SETTINGS_PATIENCE = 5000;

/** Folders whose names are remembered, and how many files of Terraform in each: more than are read. */
const MAX_LISTINGS = 200;
const MAX_LISTED = 5_000;
/** Settings that are kept with all that is prepared for them: some 100 KB each. */
const MAX_INTERNED = 8;

interface ConfigurationFile {
  readonly uri: string;
  readonly text: string;
}

/** Settings of a document, and what they were made of: the editor's, and a configuration file's where there is one. */
interface Merged extends Partial<ConfigurationFile> {
  readonly fromEditor: Partial<Settings> | undefined;
  readonly settings: Settings;
}

/** Names in a folder. */
interface Listing {
  readonly names: Promise<readonly string[]>;
  /** There is nothing, perhaps no folder: of one that is moved there, an editor need not tell what is in it. */
  isEmpty: boolean;
}

/** Whether a document is a configuration file by its name. */
export function isConfiguration(uri: string): boolean {
  return CONFIGURATION_NAMES.includes(nameOf(uri));
}

export class Workspace {
  readonly documents = new OpenDocuments((message) => this.host.log(message));
  readonly analyses: Analyses;
  /** Of each open document: where its analysis is kept. */
  private readonly places = new Map<string, string>();
  private readonly settingsIds = new WeakMap<Settings, number>();
  private lastSettingsId = 0;
  private readonly modules: Modules;
  private readonly knownModules: KnownModules;
  /** States of documents, until something changes, and their settings, until more than texts does. */
  private readonly states = new Map<string, { readonly today: string; readonly state: State }>();
  private readonly knownSettings = new Map<string, Settings>();
  /** Of what is on the disk: which version goes into a state. */
  private readonly versions = new WeakMap<Source, string>();
  private readonly editorSettings = new Map<string, Promise<Partial<Settings> | undefined>>();
  private readonly merged = new Map<string, Merged>();
  /** Equal settings are one object, so that what is prepared for them (active rules) is prepared once. */
  private readonly interned = new Map<string, Settings>();
  private readonly disk = new DiskTexts((uri) => this.host.files.read(uri));
  private readonly listings = new Map<string, Listing>();
  /** Configuration files by URI: each text is read, and its problems logged, once, and not once a document. */
  private readonly configurations = new Map<string, { readonly text: string; readonly settings: Partial<Settings> }>();
  private roots: readonly string[] = [];
  /** Counts whatever may change what is analysed with a document. */
  private generation = 0;
  /** The same, but for texts of documents that are no configuration. */
  private surroundings = 0;
  private edits = 0;
  private change: { readonly happened: Promise<void>; readonly tell: () => void } | undefined;
  /** Whether the client tells of changes on disk in its folders. */
  watches = false;

  constructor(private readonly host: Host) {
    const workspace = this;
    this.modules = new Modules({
      list: (folder) => this.list(folder),
      text: async (uri) => {
        const open = this.document(uri);
        const text = open ? open.getText() : await this.disk.read(uri);
        return text === undefined ? undefined : { text, languageId: open?.languageId };
      },
      open: () => this.documents.all().map(({ uri }) => uri),
      rootOf: (uri) => this.rootOf(uri),
      get folders() {
        return workspace.roots;
      },
    });
    this.knownModules = new KnownModules(this.modules, () => this.documents.all());
    this.analyses = new Analyses({
      stateOf: (uri) => this.stateOf(uri),
      revisionOf: (uri) => this.documents.revisionOf(uri),
      get generation() {
        return workspace.generation;
      },
      nextChange: () => this.nextChange(),
      messages: () => host.messages?.() ?? 0,
      get edits() {
        return workspace.edits;
      },
      today: () => host.today(),
      memory: host.memory,
      analysed: (report) => host.analysed?.(report),
      ruleFailed: this.reportRule,
      failed: (uri, error) => host.error(`${uri} cannot be analysed: ${textOf(error)}`),
    });
  }

  /**
   * Something changed: what was read of the state of a document is perhaps no longer so.
   * @param isText it was the text of a document that is no configuration
   */
  private changed(isText = false): void {
    this.generation++;
    this.states.clear();
    if (!isText) {
      this.surroundings++;
      this.knownSettings.clear();
    }
    this.change?.tell();
    this.change = undefined;
  }

  private nextChange(): Promise<void> {
    if (!this.change) {
      let tell = () => {};
      const happened = new Promise<void>((resolve) => {
        tell = resolve;
      });
      this.change = { happened, tell };
    }
    return this.change.happened;
  }

  get folders(): readonly string[] {
    return this.roots;
  }

  set folders(folders: readonly string[]) {
    this.roots = folders;
    // What is watched is another matter now, and what globs and settings are relative to.
    for (const key of this.disk.keys()) this.disk.forget(key);
    this.listings.clear();
    this.changedSettings();
  }

  /** Takes a `didOpen`. @returns the document, where the message can be understood */
  open(params: unknown): TextDocument | undefined {
    const document = this.documents.open(params);
    if (document) this.changed();
    return document;
  }

  /** Takes a `didChange`, as {@link open}. */
  edit(params: unknown): TextDocument | undefined {
    const document = this.documents.change(params);
    this.edits++;
    if (document) this.changed(!isConfiguration(document.uri));
    return document;
  }

  close(uri: string): void {
    this.documents.close(uri);
    const place = this.places.get(keyOf(uri));
    this.places.delete(keyOf(uri));
    this.drop(place);
    this.editorSettings.delete(uri);
    this.merged.delete(uri);
    this.knownModules.forget(uri);
    this.changed();
  }

  /** Forgets an analysis that no open document is part of any more. */
  private drop(place: string | undefined): void {
    if (place !== undefined && ![...this.places.values()].includes(place)) this.analyses.drop(place);
  }

  document(uri: string): TextDocument | undefined {
    return this.documents.get(uri);
  }

  /**
   * Files or folders changed on disk: forget what was read of them, of what is in them and of the folders that they are in.
   * @returns whether that may change what is told of open documents
   */
  changedOnDisk(uris: readonly string[]): boolean {
    const keys = new Set(uris.map(keyOf));
    const has = (key: string): boolean => keys.has(key) || (key.includes('/') && has(parentOf(key)));
    const read = this.disk.keys().filter(has);
    const listed = [...this.listings.keys()].filter(has);
    for (const key of read) this.disk.forget(key);
    for (const key of listed) this.listings.delete(key);
    const files = uris.filter((uri) => isTerraform(uri) || isConfiguration(uri));
    for (const uri of files) this.listings.delete(parentOf(keyOf(uri)));
    if (!files.length && !read.length && !listed.length) return false;
    this.changed();
    return true;
  }

  /** A good moment to look at the disk again where nobody watches it: a document was opened, saved or closed. */
  forgetUnwatched(): void {
    for (const key of this.disk.keys()) if (!this.isWatched(key)) this.disk.forget(key);
    for (const [key, { isEmpty }] of [...this.listings]) if (isEmpty || !this.isWatched(key)) this.listings.delete(key);
    this.changed();
  }

  private isWatched(uri: string): boolean {
    return this.watches && this.folders.some((folder) => isWithin(folder, uri));
  }

  /** What analyses rest upon changed: none is good any more, in any version. */
  forgetAnalyses(): void {
    this.analyses.forget();
    this.changed();
  }

  /** The client's settings changed: ask again. */
  changedSettings(): void {
    this.editorSettings.clear();
    this.merged.clear();
    this.changed();
  }

  private list(folder: string): Promise<readonly string[]> {
    const key = keyOf(folder);
    const known = this.listings.get(key);
    if (known) return known.names;
    const names = this.host.files.list(folder).then((all) => {
      listing.isEmpty = all.length === 0;
      return namesOfConcern(all);
    });
    const listing: Listing = { names, isEmpty: false };
    if (this.listings.size >= MAX_LISTINGS) this.listings.clear();
    this.listings.set(key, listing);
    return names;
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
  private async configurationOf(uri: string): Promise<ConfigurationFile | undefined> {
    const root = this.rootOf(uri) ?? folderOf(uri) ?? '';
    let found: ConfigurationFile | undefined;
    for (let folder = folderOf(uri); folder !== undefined; folder = folderOf(folder)) {
      const names = await this.list(folder);
      for (const name of found ? [] : CONFIGURATION_NAMES) {
        const candidate = childOf(folder, name);
        const open = this.document(candidate);
        if (!open && !names.includes(name)) continue;
        const text = open ? open.getText() : await this.disk.read(candidate);
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

  /** The editor's settings. A client that does not answer has none until it does. */
  private askSettings(uri: string): Promise<Partial<Settings> | undefined> {
    const asked = this.host.settings(uri).catch(() => undefined);
    const given = new Promise<Partial<Settings> | undefined>((resolve) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        this.host.log(`The client does not say its settings for ${uri}: the defaults hold until it does`);
        resolve(undefined);
      }, SETTINGS_PATIENCE);
      asked.then((settings) => {
        clearTimeout(timer);
        resolve(settings);
        // Closed meanwhile, or asked anew: that answer holds, whichever comes first.
        if (!isLate || this.editorSettings.get(uri) !== given) return;
        this.editorSettings.set(uri, asked);
        this.merged.delete(uri);
        this.changed();
        this.host.completed?.();
      });
    });
    return given;
  }

  /** Settings of a document: the workspace's configuration file, and the editor's settings where it is silent. */
  async settingsOf(uri: string): Promise<Settings> {
    let editor = this.editorSettings.get(uri);
    if (!editor) {
      editor = this.askSettings(uri);
      this.editorSettings.set(uri, editor);
    }
    const place = inWorkspace(uri, this.folders);
    const [fromEditor, file] = await Promise.all([editor, this.configurationOf(place)]);
    const isOpen = this.document(uri) !== undefined;
    // Of a folder's files there are many, and nobody says when one of them is of no more concern.
    if (!isOpen) this.editorSettings.delete(uri);
    const known = this.merged.get(uri);
    if (known && known.fromEditor === fromEditor && known.uri === file?.uri && known.text === file?.text)
      return known.settings;
    let settings = mergeSettings(DEFAULT_SETTINGS, fromEditor ?? {});
    // Globs of the editor are relative to the workspace folder, those of a configuration file to its own folder.
    let leftAlone = excluded(settings, pathFor(this.rootOf(place), place));
    if (file) {
      const own = this.configured(file);
      leftAlone ||= excluded({ exclude: own.exclude ?? [] }, pathFor(folderOf(file.uri), place));
      settings = mergeSettings(settings, own);
    }
    if (leftAlone) settings = { ...settings, enable: false };
    const content = JSON.stringify(settings);
    settings = this.interned.get(content) ?? settings;
    // The last used are kept: while a configuration file is being typed, each of its texts is another one.
    this.interned.delete(content);
    this.interned.set(content, settings);
    for (const oldest of this.interned.keys()) {
      if (this.interned.size <= MAX_INTERNED) break;
      this.interned.delete(oldest);
    }
    if (isOpen) this.merged.set(uri, { fromEditor, ...file, settings });
    return settings;
  }

  /** What a configuration file sets. */
  private configured({ uri, text }: ConfigurationFile): Partial<Settings> {
    const known = this.configurations.get(uri);
    if (known?.text === text) return known.settings;
    const { settings, problems } = parseConfiguration(uri, text);
    for (const problem of problems) this.host.log(`${uri}: ${problem.message}`);
    this.configurations.set(uri, { text, settings });
    return settings;
  }

  /** All texts that are analysed with a document: a Terraform module, or just the document. */
  private async sourcesOf(document: TextDocument): Promise<Omit<ModuleSources, 'hasRoom'>> {
    const own: Source = { uri: document.uri, text: document.getText(), languageId: document.languageId };
    const folder = folderOf(document.uri);
    const dialect = classify(own);
    if (folder === undefined || schemeOf(folder) === 'untitled') return { root: document.uri, sources: [own] };
    if (dialect === 'terraform')
      return this.document(own.uri) === document
        ? this.knownModules.sourcesOf(own, () => this.surroundings)
        : this.modules.sourcesOf(own);
    // The configuration beside a plan is perhaps what it was made of.
    const beside = dialect === 'terraform-plan' ? await this.modules.below(folder, own) : [];
    return { root: document.uri, sources: [own, ...beside.filter((source) => source !== own)] };
  }

  /** Whether what is reported for one document may hang on the text of the other. */
  dependsOn(uri: string, other: string): boolean {
    if (isConfiguration(other)) return true;
    // Any module may come to call another, or to be called; where nothing changed, nothing is analysed again.
    return isTerraform(other) && (isTerraform(uri) || this.latestOf(uri)?.dialect === 'terraform-plan');
  }

  /** What was last analysed of a document, as far as that got. */
  private latestOf(uri: string): Analysis | undefined {
    const place = this.places.get(keyOf(uri));
    return place === undefined ? undefined : this.analyses.latest(place);
  }

  /** A document as it was last parsed: at its newest version, or one before. */
  lastParsed(uri: string): SyntaxDocument | undefined {
    return this.latestOf(uri)?.documents.find((one) => keyOf(one.uri) === keyOf(uri));
  }

  /** Resources in the other files of a Terraform module, as they were when it was last analysed: nothing is waited for. */
  resourcesBeside(uri: string): readonly Resource[] {
    const template = this.latestOf(uri)?.template;
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
  async analysisOfFile(uri: string, token?: Wants['token']): Promise<Analysis | undefined> {
    if (this.document(uri)) return this.analysis(uri, { token });
    const settings = await this.settingsOf(uri);
    const text = settings.enable ? await this.host.files.read(uri) : undefined;
    if (text === undefined || !classify({ uri, text })) return undefined;
    const { sources } = await this.sourcesOf(TextDocument.create(uri, '', 0, text));
    const steps = analyzeInSteps(sources, settings, { today: this.host.today(), onError: this.reportRule });
    const messages = () => this.host.messages?.() ?? 0;
    return (await inSlices(steps, messages, () => !token?.isCancellationRequested))?.value;
  }

  private readonly reportRule = (ruleId: string, error: unknown): void =>
    this.host.error(`rule ${ruleId} failed: ${textOf(error)}`);

  /** The analysis of a document's newest version: see {@link Analyses.of}. */
  analysis(uri: string, wants?: Wants): Promise<Analysis | undefined> {
    return this.analyses.of(uri, wants);
  }

  /** All that decides on a document's analysis, and where it is kept; undefined where it is not open. */
  private async stateOf(uri: string): Promise<State | undefined> {
    for (;;) {
      const document = this.document(uri);
      if (!document) return undefined;
      const { generation } = this;
      const today = this.host.today();
      const key = keyOf(uri);
      const known = this.states.get(key);
      if (known?.today === today) return known.state;
      const settings = this.knownSettings.get(key) ?? (await this.settingsOf(uri));
      const { root, sources } = await this.sourcesOf(document);
      // Something changed while files were read: what was read may be of before, and the rest of after.
      if (this.generation !== generation) continue;
      const versions = sources.map((source) => this.versionOf(source));
      // A module's files share one analysis; the other side of a diff is a module of its own.
      const side = schemeOf(uri) === 'file' || sources.length === 1 ? '' : uri;
      const place = `${root}\n${side}\n${this.idOf(settings)}`;
      const last = this.places.get(key);
      this.places.set(key, place);
      if (last !== place) this.drop(last);
      const state = {
        place,
        // With the day: suppressions expire.
        key: `${today} ${sources.length === 1 ? document.languageId : ''}\n${versions.join('\n')}`,
        sources,
        settings,
      };
      this.knownSettings.set(key, settings);
      this.states.set(key, { today, state });
      return state;
    }
  }

  /** What is on the disk is another object when it is read anew. */
  private versionOf(source: Source): string {
    const { uri, folder, unread } = source;
    const known = this.versions.get(source);
    if (known !== undefined) return known;
    const revision = this.documents.revisionOf(uri);
    const version = `${uri}@${unread ?? revision ?? `disk${this.disk.versionOf(keyOf(uri))}`} ${folder ?? ''}`;
    if (revision === undefined) this.versions.set(source, version);
    return version;
  }

  private idOf(settings: Settings): number {
    const known = this.settingsIds.get(settings) ?? ++this.lastSettingsId;
    this.settingsIds.set(settings, known);
    return known;
  }
}

/** Of the names in a folder, those that anything is asked of; of a folder with very many, the first. */
function namesOfConcern(names: readonly string[]): readonly string[] {
  const module = names.filter((name) => isModuleFile(name) || isValuesFile(name));
  const others = names.filter((name) => name === '.git' || CONFIGURATION_NAMES.includes(name));
  return [...others, ...(module.length > MAX_LISTED ? module.sort().slice(0, MAX_LISTED) : module)];
}

/** The key of the folder around what a key names. */
function parentOf(key: string): string {
  return key.slice(0, Math.max(key.lastIndexOf('/'), 0));
}

/** Path of a document for globs: below a folder, or just its name where it lies elsewhere. */
function pathFor(folder: string | undefined, uri: string): string {
  return (folder === undefined ? undefined : pathBelow(folder, uri)) ?? nameOf(uri);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
