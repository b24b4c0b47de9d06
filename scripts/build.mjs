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
import { bundledPackages } from './sbom.mjs';

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
  // The package carries them all in one file: scripts/sbom.mjs.
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};
const { metafile: desktop } = await build({
  ...common,
  entryPoints: { extension: 'client/src/extension.ts' },
  outdir: 'dist',
});
const { metafile: server } = await build({
  ...common,
  entryPoints: { server: 'server/src/server.ts' },
  outdir: 'dist',
  external: ['./engine.js'],
});
const { metafile: cli } = await build({
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
};
const { metafile: extension } = await build({
  ...browser,
  entryPoints: { extension: 'client/src/extension.web.ts' },
});
const { metafile: worker } = await build({
  ...browser,
  format: 'iife',
  external: [],
  entryPoints: { server: 'server/src/server.web.ts' },
});
/**
 * What both servers load after their first answer, once in the package: a script that makes a function of whoever gives it the
 * protocol. The brackets around it have V8 compile it at once and not read it twice.
 */
const { metafile: engine } = await build({
  ...browser,
  outdir: 'dist',
  banner: { js: '"use strict"; var demarcEngine = ((require) => { const module = {};' },
  footer: { js: "return module.exports;\n});\nif (typeof module === 'object') module.exports = demarcEngine;" },
  external: ['vscode-languageserver'],
  entryPoints: { engine: 'server/src/engine.ts' },
});
for (const { outputs } of [extension, worker, engine])
  for (const [file, { imports }] of Object.entries(outputs))
    for (const { path } of imports)
      if (!(file === 'dist/engine.js' ? /^vscode-languageserver$/ : /^vscode$/).test(path))
        throw new Error(`${file} needs ${path}, which a browser does not have`);
// Without production, comments are left.
const outside = production && /[^\0-\x7f]+/.exec(readFileSync('dist/engine.js', 'latin1'));
if (outside)
  throw new Error(`dist/engine.js is not ASCII, for which V8 keeps it in twice the memory: escape ${outside}`);

// The responsibility map's page.
const { metafile: map } = await build({
  ...browser,
  format: 'iife',
  external: [],
  sourcemap: false,
  entryPoints: { map: 'client/src/map/view.ts' },
  outdir: 'dist',
});
await build({
  entryPoints: { map: 'client/src/map/map.css' },
  outdir: 'dist',
  minify: production,
  logLevel: 'warning',
});
writeFileSync(
  'dist/bundled.json',
  `${JSON.stringify(bundledPackages([desktop, server, cli, extension, worker, engine, map]), null, 2)}\n`,
);
