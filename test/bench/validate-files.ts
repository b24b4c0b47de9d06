/**
 * Validates files by `@aws/cloudformation-validate`, one after the other, as a command line of it would: it has none for Node.
 *
 *   node validate-files.js PACKAGE LIST    LIST: a file that names the files, one a line
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Library {
  readonly CelEngine: new () => { validateStandard(template: object): { readonly diagnostics: readonly unknown[] } };
  readonly TemplateFile: new (path: string) => object;
}

const [, , folder = '', list = ''] = process.argv;
const { CelEngine, TemplateFile } = createRequire(`${process.cwd()}/`)(folder) as Library;
const engine = new CelEngine();
let found = 0;
let refused = 0;
for (const path of readFileSync(list, 'utf8').split('\n').filter(Boolean)) {
  try {
    found += engine.validateStandard(new TemplateFile(path)).diagnostics.length;
  } catch {
    refused++;
  }
}
process.stdout.write(`${found} diagnostics, ${refused} files not validated\n`);
