/** Texts of files on disk, until somebody says that they changed; those that were not asked for longest go first. */

import { keyOf } from './uris.ts';

/** Characters that are kept in all. */
const MAX_KEPT = 64_000_000;

interface Kept {
  readonly text: Promise<string | undefined>;
  /** 0 until it is read. */
  length: number;
}

export class DiskTexts {
  private readonly kept = new Map<string, Kept>();
  private readonly versions = new Map<string, number>();
  private length = 0;

  /** @param load reads a file; undefined where it cannot be read. Never fails. */
  constructor(
    private readonly load: (uri: string) => Promise<string | undefined>,
    private readonly most = MAX_KEPT,
  ) {}

  /** Keys of the files whose texts are kept. */
  keys(): readonly string[] {
    return [...this.kept.keys()];
  }

  /** A number that is another one when the text may have become another one. */
  versionOf(key: string): number {
    return this.versions.get(key) ?? 0;
  }

  /** The text of a file; undefined where it cannot be read. */
  read(uri: string): Promise<string | undefined> {
    const key = keyOf(uri);
    const known = this.kept.get(key);
    if (known) {
      // The last one asked for is the last one to go.
      this.kept.delete(key);
      this.kept.set(key, known);
      return known.text;
    }
    const one: Kept = { text: this.load(uri), length: 0 };
    this.kept.set(key, one);
    void one.text.then((text) => {
      if (this.kept.get(key) !== one) return;
      one.length = text?.length ?? 0;
      this.length += one.length;
      for (const oldest of this.kept.keys()) {
        if (this.length <= this.most || oldest === key) break;
        this.forget(oldest);
      }
    });
    return one.text;
  }

  /** The file may have changed, or nobody would say so if it did. */
  forget(key: string): void {
    this.length -= this.kept.get(key)?.length ?? 0;
    this.kept.delete(key);
    this.versions.set(key, this.versionOf(key) + 1);
  }
}
