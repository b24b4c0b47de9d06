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
const pages = ['rules.md', 'coverage.md', 'responsibility.md'].concat(
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
/**
 * The Node server is the browser's with another transport. What they share it takes from the browser's bundle beside it: a second
 * copy would add half a megabyte to the package. The protocol's classes are compared by identity, so they are shared as well.
 */
const sharedWithBrowser = {
  name: 'shared-with-browser',
  setup(bundle) {
    const library = (contents) => ({ contents, loader: 'js', resolveDir: 'dist' });
    bundle.onResolve({ filter: /^\.\/(lsp\/connection|iam\/reference)\.ts$/ }, () => ({
      path: 'own',
      namespace: 'shared',
    }));
    bundle.onResolve({ filter: /^\.\.\/common\/(api|server)$/ }, () => ({ path: 'protocol', namespace: 'shared' }));
    bundle.onResolve({ filter: /browser\/server\.js$/ }, ({ path }) => ({ path, external: true }));
    bundle.onLoad({ filter: /^own$/, namespace: 'shared' }, () =>
      library("module.exports = require('./browser/server.js')"),
    );
    bundle.onLoad({ filter: /^protocol$/, namespace: 'shared' }, () =>
      library("module.exports = require('./browser/server.js').protocol"),
    );
  },
};
await build({
  ...common,
  entryPoints: { server: 'server/src/server.ts' },
  outdir: 'dist',
  plugins: [sharedWithBrowser],
});
await build({
  ...common,
  entryPoints: { cli: 'server/src/cli/cli.ts' },
  outdir: 'dist',
  banner: { js: '#!/usr/bin/env node' },
});
chmodSync('dist/cli.js', 0o755);

const browser = {
  ...common,
  platform: 'browser',
  target: 'es2022',
  mainFields: ['browser', 'module', 'main'],
  outdir: 'dist/browser',
  metafile: true,
};
const { metafile: extension } = await build({
  ...browser,
  entryPoints: { extension: 'client/src/extension.web.ts' },
});
const { metafile: worker } = await build({
  ...browser,
  format: 'iife',
  globalName: 'demarc',
  footer: { js: "if (typeof module === 'object') module.exports = demarc;" },
  external: [],
  entryPoints: { server: 'server/src/server.web.ts' },
});
for (const { outputs } of [extension, worker])
  for (const [file, { imports }] of Object.entries(outputs))
    for (const { path } of imports)
      if (path !== 'vscode') throw new Error(`${file} needs ${path}, which a browser does not have`);

// The responsibility map's page.
await build({
  ...browser,
  format: 'iife',
  external: [],
  sourcemap: false,
  metafile: false,
  entryPoints: { map: 'client/src/map/view.ts' },
  outdir: 'dist',
});
await build({
  entryPoints: { map: 'client/src/map/map.css' },
  outdir: 'dist',
  minify: production,
  logLevel: 'warning',
});
