/** Which settings hold for a file: the nearest configuration file upward, or the one named on the command line. */

import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CONFIGURATION_NAMES, DEFAULT_SETTINGS, excluded, mergeSettings, type Settings } from '../analysis/settings.ts';
import { isStrangers } from '../strangers.ts';
import { LineIndex } from '../syntax/document.ts';
import { isBelow, isRepository, repositoryOf } from './boundary.ts';
import type { Cache } from './cache.ts';
import { displayPath, readText, rootOf } from './files.ts';
import type { Problem } from './result.ts';

interface Loaded {
  readonly settings: Settings;
  /** The folder that globs are relative to. */
  readonly base: string;
}

/** What a configuration file says. */
interface Read {
  readonly settings: Partial<Settings>;
  readonly problems: readonly Problem[];
}

export class Configurations {
  /** What was wrong in the configuration files that were read. */
  readonly problems: Problem[] = [];
  /** By path. */
  private readonly files = new Map<string, Loaded>();
  /** The configuration file of a folder; none where undefined. */
  private readonly folders = new Map<string, string | undefined>();
  private readonly named: string | undefined;
  private readonly plain: Loaded;
  /** The working folder and what the command line names: outside of a repository nothing above them counts. */
  private readonly roots: readonly string[];

  /**
   * @param options `config`: a file that overrides the nearest one; `tier` overrides that of any file; `paths` that are linted
   * @param cache knows what files of configuration said
   */
  constructor(
    private readonly cwd: string,
    private readonly options: {
      readonly config?: string;
      readonly tier?: Settings['tier'];
      readonly paths?: readonly string[];
    },
    private readonly cache?: Cache,
  ) {
    this.plain = { settings: mergeSettings(DEFAULT_SETTINGS, { tier: options.tier }), base: cwd };
    this.roots = [cwd, ...(options.paths ?? []).map((path) => rootOf(path, cwd))];
    this.named = options.config === undefined ? undefined : resolve(cwd, options.config);
  }

  /** Reads the configuration of files, before their settings are asked for. */
  async load(paths: Iterable<string>): Promise<void> {
    if (this.named !== undefined) await this.read(this.named);
    else
      for (const folder of new Set([...paths].map(dirname))) {
        const path = this.nearest(folder);
        if (path !== undefined) await this.read(path);
      }
  }

  /** Settings of a file; undefined where they exclude it. The same file of settings gives the same object. */
  settingsOf(path: string): Settings | undefined {
    const file = this.named ?? this.nearest(dirname(path));
    const { settings, base } = (file !== undefined && this.files.get(file)) || this.plain;
    if (!settings.enable) return undefined;
    const below = relative(base, path).split(sep).join('/');
    return isBelow(base, path) && excluded(settings, below) ? undefined : settings;
  }

  /**
   * Upward to the root of the repository; outside of one to the working folder, or to the folder that was named. What somebody else
   * put where anybody may write counts for nothing.
   */
  private nearest(folder: string): string | undefined {
    const passed: string[] = [];
    let found: string | undefined;
    if (this.folders.has(folder)) return this.folders.get(folder);
    const inRepository = repositoryOf(folder) !== undefined;
    // None of them lies above a file that was named by itself.
    const root = this.roots.filter((one) => isBelow(one, folder)).sort((a, b) => a.length - b.length)[0] ?? folder;
    for (let at = folder; ; at = dirname(at)) {
      if (this.folders.has(at)) {
        found = this.folders.get(at);
        break;
      }
      passed.push(at);
      const names = namesIn(at);
      found = CONFIGURATION_NAMES.filter((one) => names.has(one))
        .map((one) => join(at, one))
        .find((path) => this.isTrusted(path));
      if (found !== undefined || dirname(at) === at || (inRepository ? isRepository(at) : at === root)) break;
    }
    for (const one of passed) this.folders.set(one, found);
    return found;
  }

  private isTrusted(path: string): boolean {
    if (!isStrangers(path)) return true;
    const message = 'Left alone: somebody else put it into a folder where anybody may write.';
    this.problems.push({ file: displayPath(path, this.cwd), message });
    return false;
  }

  private async read(path: string): Promise<void> {
    if (this.files.has(path)) return;
    const file = displayPath(path, this.cwd);
    const read = readText(path);
    if ('error' in read) {
      this.problems.push({ file, message: read.error, fatal: true });
      this.files.set(path, this.plain);
      return;
    }
    const key = this.cache?.key(['configuration', this.cwd, path], [read.text]);
    const known = key === undefined ? undefined : this.cache?.get(key);
    const { settings, problems } =
      known === undefined ? await parsed(path, file, read.text) : (JSON.parse(known) as Read);
    if (key !== undefined && known === undefined) this.cache?.put(key, JSON.stringify({ settings, problems }));
    this.problems.push(...problems);
    const { tier } = this.options;
    this.files.set(path, {
      settings: mergeSettings(DEFAULT_SETTINGS, tier ? { ...settings, tier } : settings),
      base: dirname(path),
    });
  }
}

async function parsed(path: string, file: string, text: string): Promise<Read> {
  const { parseConfiguration } = await import('../analysis/configuration.ts');
  const { settings, problems } = parseConfiguration(path, text);
  const lines = new LineIndex(text);
  return {
    settings,
    problems: problems.map(({ start, end, message }) => ({
      file,
      message,
      range: lines.range(start, end),
      fatal: true,
    })),
  };
}

/** Names of a folder's files; empty where it cannot be read. */
function namesIn(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder));
  } catch {
    return new Set();
  }
}
