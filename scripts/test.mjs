// Runs the unit, rule and server suites: bundled by esbuild, run by node's own test runner; all of them in parts, two of which run
// side by side, a selection in one.
// Arguments filter by part of a path: `node scripts/test.mjs golden cli`.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { build } from 'esbuild';
import { globSync } from 'tinyglobby';

const filters = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const files = globSync(['test/{unit,rules,lsp,fuzz}/**/*.test.ts'])
  .sort()
  .filter((file) => !filters.length || filters.some((part) => file.includes(part)));
if (!files.length) {
  console.error('no test file matches');
  process.exit(1);
}
mkdirSync('out', { recursive: true });
const selection = filters.length ? `-${filters.join('-').replace(/\W/g, '_')}` : '';
/** Parts take about a minute. */
const PARTS = 4;
const partsOf = (list) => Array.from({ length: PARTS }, (_, part) => list.filter((_, i) => i % PARTS === part));
const isOfRules = (file) => file.startsWith('test/rules/');
const [rules, others] = [files.filter(isOfRules), files.filter((file) => !isOfRules(file))];
// Those of rules take longest.
const shards = filters.length ? [files] : [...partsOf(rules), ...partsOf(others)];
const outfiles = await Promise.all(
  shards.map(async (shard, index) => {
    const outfile = `out/tests${selection}${shards.length > 1 ? index : ''}.mjs`;
    await bundle(shard, outfile);
    return outfile;
  }),
);
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', '--test', '--test-concurrency=2', ...options, ...outfiles],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;

function bundle(shard, outfile) {
  return build({
    stdin: { contents: shard.map((file) => `import './${file}';`).join('\n'), resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['vscode', 'esbuild', '@cdktf/hcl2json'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    sourcemap: 'inline',
    outfile,
    logLevel: 'warning',
  });
}
