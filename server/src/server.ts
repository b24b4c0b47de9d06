/** The language server's Node entry: standard input and output, the file system, and data beside the bundle. */

import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import * as protocol from 'vscode-languageserver/node';
import { version } from '../../package.json';
import type * as Engine from './engine.ts';
import { answerEarly } from './lsp/initialize.ts';
import type { Files } from './lsp/workspace.ts';

/**
 * New objects get a megabyte and no more: what a keystroke leaves behind is dead by the time that is full. V8 would let it grow to
 * 16, which costs more memory than the document. In Electron flags may be frozen, and setting them ends the process: there the
 * client gives the process a flag of its own.
 */
const setsFlags = !process.versions.electron;
if (setsFlags) setFlagsFromString('--semi-space-growth-factor=1');

/** What new objects get where texts are large. Bytes. */
const ROOM = 8 * 2 ** 20;

/** A keystroke in a large text leaves more than that behind, and what is not dead yet is moved to where it is dear to collect. */
function makeRoom(): void {
  if (!setsFlags) return;
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  setFlagsFromString(`--semi-space-growth-factor=${(young?.space_size ?? ROOM) < ROOM ? 2 : 1}`);
}

/** Larger files are not templates that a person edits. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

const disk: Files = {
  async list(folderUri) {
    try {
      return await readdir(fileURLToPath(`${folderUri}/`));
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
      return content.length > MAX_FILE_BYTES ? undefined : content.toString('utf8');
    } catch {
      return undefined;
    }
  },
};

/** See scripts/build.mjs: the engine takes the protocol from here. */
const loadEngine = (): typeof Engine => require('./engine.js')(() => protocol);

const connection = answerEarly({
  connect: (options) => protocol.createConnection(protocol.ProposedFeatures.all, options),
  version,
  // The connection writes an answer in the turn after the one that gives it.
  soon: (load) => setImmediate(() => setImmediate(load)),
  load: (wired, asked) => {
    const { serve, setActionDataSource } = loadEngine();
    setActionDataSource(() => readFileSync(join(__dirname, 'iam.json'), 'utf8'));
    serve(wired, { version, disk, makeRoom }, asked);
  },
});
// Nothing but the protocol may be written to standard output: what libraries print goes to the log.
console.log = (...parts: unknown[]) => connection.console.log(parts.map(String).join(' '));
