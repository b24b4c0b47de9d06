/** Which settings hold for a file: the nearest configuration file upward, or the one named on the command line. */

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CONFIGURATION_NAMES, excluded, mergeSettings, parseConfiguration } from '../analysis/configuration.ts';
import { DEFAULT_SETTINGS, type Settings } from '../analysis/settings.ts';
import { LineIndex } from '../syntax/document.ts';
import { displayPath, readText } from './files.ts';
import type { Problem } from './result.ts';

interface Loaded {
  readonly settings: Settings;
  /** The folder that globs are relative to. */
  readonly base: string;
}

export class Configurations {
  /** What was wrong in the configuration files that were read. */
  readonly problems: Problem[] = [];
  private readonly files = new Map<string, Loaded>();
  private readonly folders = new Map<string, Loaded>();
  private readonly named: Loaded | undefined;
  private readonly plain: Loaded;

  /** @param options `config`: a file that overrides the nearest one; `tier` overrides that of any file. */
  constructor(
    private readonly cwd: string,
    private readonly options: { readonly config?: string; readonly tier?: Settings['tier'] },
  ) {
    this.plain = { settings: mergeSettings(DEFAULT_SETTINGS, { tier: options.tier }), base: cwd };
    this.named = options.config === undefined ? undefined : this.load(resolve(cwd, options.config));
  }

  /** Settings of a file; undefined where they exclude it. The same file of settings gives the same object. */
  settingsOf(path: string): Settings | undefined {
    const { settings, base } = this.named ?? this.nearest(dirname(path));
    if (!settings.enable) return undefined;
    const below = relative(base, path).split(sep).join('/');
    return !below.startsWith('../') && excluded(settings, below) ? undefined : settings;
  }

  /** Upward to the root of the repository; outside of one to the working folder. */
  private nearest(folder: string): Loaded {
    const passed: string[] = [];
    let found: Loaded | undefined;
    const inRepository = repositoryOf(folder) !== undefined;
    for (let at = folder; ; at = dirname(at)) {
      found = this.folders.get(at);
      if (found) break;
      passed.push(at);
      const name = CONFIGURATION_NAMES.find((one) => namesIn(at).has(one));
      if (name) {
        found = this.load(join(at, name));
        break;
      }
      if (dirname(at) === at || (inRepository ? existsSync(join(at, '.git')) : at === this.cwd)) break;
    }
    found ??= this.plain;
    for (const one of passed) this.folders.set(one, found);
    return found;
  }

  private load(path: string): Loaded {
    const known = this.files.get(path);
    if (known) return known;
    const file = displayPath(path, this.cwd);
    const read = readText(path);
    let loaded = this.plain;
    if ('error' in read) this.problems.push({ file, message: read.error, fatal: true });
    else {
      const { settings, problems } = parseConfiguration(path, read.text);
      const lines = new LineIndex(read.text);
      for (const { start, end, message } of problems)
        this.problems.push({ file, message, range: lines.range(start, end), fatal: true });
      const { tier } = this.options;
      loaded = {
        settings: mergeSettings(DEFAULT_SETTINGS, tier ? { ...settings, tier } : settings),
        base: dirname(path),
      };
    }
    this.files.set(path, loaded);
    return loaded;
  }
}

/** Names of a folder's files; empty where it cannot be read. */
function namesIn(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder));
  } catch {
    return new Set();
  }
}

function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}
