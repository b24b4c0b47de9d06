/** What belongs to a module, for as long as nothing but texts of open documents changes: then nobody looks for its files again. */

import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Source } from '../analysis/analyze.ts';
import { isTerraform, MAX_LENGTH, type ModuleSources, type Modules } from './modules.ts';
import { keyOf } from './uris.ts';

/** An open document, as the module was found with it. */
interface Seen {
  readonly text: string;
  readonly calls: readonly string[];
  /** Where it is among the sources. */
  readonly place: number | undefined;
}

interface Known {
  /** All but texts of documents. */
  readonly generation: number;
  found: ModuleSources;
  readonly seen: Map<string, Seen>;
  /** Characters that were typed since. */
  growth: number;
}

export class KnownModules {
  /** By the document that the module was asked for with. */
  private readonly known = new Map<string, Known>();

  /** @param open gives the open documents */
  constructor(
    private readonly modules: Pick<Modules, 'sourcesOf' | 'callsOf'>,
    private readonly open: () => readonly TextDocument[],
  ) {}

  /**
   * As {@link Modules.sourcesOf}, of an open document. A source that did not change is the same object.
   * @param generation gives a number that is another one where more than texts of documents that are no configuration changed
   */
  async sourcesOf(own: Source, generation: () => number): Promise<ModuleSources> {
    const key = keyOf(own.uri);
    const known = this.known.get(key);
    const again = known?.generation === generation() ? this.again(known, own) : undefined;
    if (again) return again;
    this.known.delete(key);
    const before = generation();
    const documents = this.documents(own).map(({ uri, text }) => ({
      uri,
      text,
      calls: this.modules.callsOf(uri, text),
    }));
    const found = await this.modules.sourcesOf(own);
    // Near a limit it may be another answer with each letter.
    if (!found.hasRoom || generation() !== before) return found;
    const places = new Map(found.sources.map(({ uri }, i) => [keyOf(uri), i]));
    const seen = new Map(
      documents.map(({ uri, text, calls }) => [keyOf(uri), { text, calls, place: places.get(keyOf(uri)) }]),
    );
    const isAsRead = [...seen.values()].every(
      ({ place, text }) => place === undefined || found.sources[place]?.text === text,
    );
    if (isAsRead) this.known.set(key, { generation: before, found, seen, growth: 0 });
    return found;
  }

  /** The document was closed. */
  forget(uri: string): void {
    this.known.delete(keyOf(uri));
  }

  /** The same sources with the texts of now; undefined where these call other modules than before. */
  private again(known: Known, own: Source): ModuleSources | undefined {
    let sources: Source[] | undefined;
    for (const { uri, text } of this.documents(own)) {
      const before = known.seen.get(keyOf(uri));
      if (!before) return undefined;
      if (text === before.text) continue;
      const calls = this.modules.callsOf(uri, text);
      if (calls.length !== before.calls.length || calls.some((one, i) => one !== before.calls[i])) return undefined;
      known.growth += Math.max(text.length - before.text.length, 0);
      if (known.growth > MAX_LENGTH / 2) return undefined;
      known.seen.set(keyOf(uri), { ...before, text });
      if (before.place === undefined) continue;
      sources ??= [...known.found.sources];
      sources[before.place] = { ...(sources[before.place] as Source), text };
    }
    if (sources) known.found = { ...known.found, sources };
    return known.found;
  }

  /** Open documents that may be part of a module, or call one; the one at hand whatever its name. */
  private documents(own: Source): readonly Pick<Source, 'uri' | 'text'>[] {
    const key = keyOf(own.uri);
    const others = this.open().filter(({ uri }) => isTerraform(uri) && keyOf(uri) !== key);
    return [own, ...others.map((one) => ({ uri: one.uri, text: one.getText() }))];
  }
}
