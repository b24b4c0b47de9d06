/** The language server's Node entry: standard input and output, the file system, and data beside the bundle. */

import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { version } from '../../package.json';
import { setActionDataSource } from './iam/reference.ts';
import { serve } from './lsp/connection.ts';
import type { Files } from './lsp/workspace.ts';

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
      const content = await readFile(fileURLToPath(uri));
      return content.length > MAX_FILE_BYTES ? undefined : content.toString('utf8');
    } catch {
      return undefined;
    }
  },
};

setActionDataSource(() => readFileSync(join(__dirname, 'iam.json'), 'utf8'));
const connection = createConnection(ProposedFeatures.all);
// Nothing but the protocol may be written to standard output: what libraries print goes to the log.
console.log = (...parts: unknown[]) => connection.console.log(parts.map(String).join(' '));
serve(connection, { version, disk });
