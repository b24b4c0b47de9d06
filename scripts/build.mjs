// Builds what runs: the extension, the language server and the command line, each one file, and the data they load lazily.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { build } from 'esbuild';
import { checkEscalationData } from './escalation-check.mjs';

const production = process.argv.includes('--production');

/** Data that the server loads on first use, as files of their own: never at start. */
const DATA = [['server/src/data/iam.generated.json', 'dist/iam.json', 'scripts/iam-data.mjs']];

if (production) rmSync('dist', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });
for (const [made, shipped, script] of DATA) {
  if (production || !existsSync(made)) execFileSync(process.execPath, [script], { stdio: 'inherit' });
  copyFileSync(made, shipped);
}
await checkEscalationData();
execFileSync(process.execPath, ['scripts/schema.mjs'], { stdio: 'inherit' });
// The pages of docs/ (npm run docs) in one file: hundreds of small ones would pack to three times the size.
const pages = ['rules.md', 'coverage.md'].concat(
  readdirSync('docs/rules')
    .sort()
    .map((name) => `rules/${name}`),
);
const bundle = Object.fromEntries(pages.map((name) => [name, readFileSync(`docs/${name}`, 'utf8')]));
writeFileSync('dist/pages.json', JSON.stringify(bundle));
const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Without this, jsonc-parser's UMD build keeps a dynamic require and the bundle dies at start.
  mainFields: ['module', 'main'],
  external: ['vscode'],
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
};
await build({ ...common, entryPoints: { extension: 'client/src/extension.ts' }, outdir: 'dist' });
await build({ ...common, entryPoints: { server: 'server/src/server.ts' }, outdir: 'dist' });
await build({
  ...common,
  entryPoints: { cli: 'server/src/cli/cli.ts' },
  outdir: 'dist',
  banner: { js: '#!/usr/bin/env node' },
});
chmodSync('dist/cli.js', 0o755);
