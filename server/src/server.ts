/** The language server's Node entry: standard input and output, the file system, and data beside the bundle. */

import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as protocol from 'vscode-languageserver/node';
import { version } from '../../package.json';
import { CONFIGURATION_NAMES } from './analysis/settings.ts';
import type * as Engine from './engine.ts';
import { watchFaults } from './faults.ts';
import { keepSmall } from './heap.ts';
import { answerEarly } from './lsp/initialize.ts';
import type { Files } from './lsp/workspace.ts';
import { connect } from './stdio.ts';
import { isStrangers } from './strangers.ts';

const memory = keepSmall();

/** Larger files are not templates that a person edits. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Files that count for all that lies below them. */
const DECISIVE: ReadonlySet<string> = new Set([...CONFIGURATION_NAMES, '.git']);

const disk: Files = {
  async list(folderUri) {
    try {
      const folder = fileURLToPath(`${folderUri}/`);
      const entries = await readdir(folder, { withFileTypes: true });
      // A folder is no file of a module, whatever its name; that of a repository says where it begins.
      const names = entries.filter((one) => !one.isDirectory() || one.name === '.git').map(({ name }) => name);
      // What somebody else put into `/tmp` does not say what holds for files below it.
      return names.filter((name) => !DECISIVE.has(name) || !isStrangers(join(folder, name)));
    } catch {
      return [];
    }
  },
  async read(uri) {
    try {
      const path = fileURLToPath(uri);
      const found = await stat(path);
      // A link to a device or a pipe would never end.
      if (!found.isFile() || found.size > MAX_FILE_BYTES) return undefined;
      const content = await readFile(path);
      // Without the mark that some files begin with: editors have no character for it, and positions are theirs.
      return content.length > MAX_FILE_BYTES ? undefined : new TextDecoder().decode(content);
    } catch {
      return undefined;
    }
  },
};

/** See scripts/build.mjs: the engine takes the protocol from here. */
function loadEngine(): typeof Engine {
  try {
    return require('./engine.js')(() => protocol);
  } catch (error) {
    // What is said of failures elsewhere names no file; here one is missing.
    process.stderr.write(`engine.js, which belongs beside the server, cannot be loaded: ${error}\n`);
    throw error;
  }
}

const connection = answerEarly({
  connect,
  version,
  // The connection writes an answer in the turn after the one that gives it.
  soon: (load) => setImmediate(() => setImmediate(load)),
  load: (wired, asked) => {
    const { serve, setActionDataSource } = loadEngine();
    setActionDataSource(() => readFileSync(join(__dirname, 'iam.json'), 'utf8'));
    serve(wired, { version, disk, memory }, asked);
  },
});
// Nothing but the protocol may be written to standard output: what libraries print goes to the log.
console.log = (...parts: unknown[]) => connection.console.log(parts.map(String).join(' '));
watchFaults((message) => connection.console.error(message));
