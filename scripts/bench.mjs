// Measures the bundled server beside an empty one, both in this run: `npm run bench`. Compare ratios, not milliseconds.
// The policy engine is measured in process first (`--policies` stops there), then typing in a large Terraform module. The probe of the servers is lsp-bench.mjs of
// the shared benches; without it they are skipped.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import { packIamData } from './iam-data.mjs';
import { load } from './load.mjs';

const data = packIamData();
const { measurePolicies } = await load('test/bench/policies.ts');
console.log(`IAM data: ${(deflateRawSync(data, { level: 9 }).length / 1000).toFixed(1)} KB compressed (bar 160)`);
console.log(`policy engine                                   median     p95     cpu   (ms)`);
for (const { name, median, p95, cpu } of measurePolicies(data)) {
  console.log(
    `${name.padEnd(44)}${median.toFixed(2).padStart(10)}${p95.toFixed(2).padStart(8)}${cpu.toFixed(2).padStart(8)}`,
  );
}
if (process.argv.includes('--policies')) process.exit(0);

const quick = process.argv.includes('--quick');
execFileSync(process.execPath, ['scripts/build.mjs', '--production'], { stdio: 'inherit' });
const { measureModule } = await load('test/bench/modules.ts');
const module = await measureModule(100, quick ? 40 : 80);
console.log(
  `Terraform module, 101 files, ${module.lines} lines       median     p95   (ms, change to diagnostics; bar 16)`,
);
for (const { name, median, p95 } of module.times)
  console.log(`${name.padEnd(44)}${median.toFixed(1).padStart(10)}${p95.toFixed(1).padStart(8)}`);

const BENCH = resolve(process.env.DEMARC_SHARED ?? '../shared', 'bench');
if (!existsSync(join(BENCH, 'lsp-bench.mjs'))) {
  console.log('servers skipped: no bench');
  process.exit(0);
}
mkdirSync('out/bench', { recursive: true });
await build({
  entryPoints: ['test/bench/empty-server.ts'],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  outfile: 'out/bench/empty.js',
});
const SERVERS = { empty: 'out/bench/empty.js', demarc: 'dist/server.js' };
const DOCUMENTS = ['small.yaml', 'medium.yaml', 'medium.json', 'big.yaml', 'big.json'];
const rows = [];
for (const name of DOCUMENTS) {
  const results = {};
  for (const [label, server] of Object.entries(SERVERS)) {
    const output = execFileSync(
      process.execPath,
      [
        join(BENCH, 'lsp-bench.mjs'),
        '--server',
        `node ${resolve(server)} --stdio`,
        '--doc',
        join(BENCH, 'docs', name),
        '--label',
        label,
        '--runs',
        quick ? '1' : '3',
        '--edits',
        quick ? '10' : '20',
        '--quiet',
        '250',
      ],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    results[label] = JSON.parse(output);
    writeFileSync(`out/bench/${name}.${label}.json`, output);
  }
  rows.push([name, results]);
}
const METRICS = ['initialize', 'openFirst', 'changeFirst', 'changeCpu', 'stall', 'hover', 'rssEnd'];
console.log(`document     server  ${METRICS.map((metric) => metric.padStart(12)).join('')}   (medians; ms, MiB)`);
for (const [name, results] of rows) {
  for (const [label, result] of Object.entries(results)) {
    const cells = METRICS.map((metric) => {
      const stat = result.ms_and_MiB?.[metric];
      return (stat?.median === undefined ? '-' : stat.median.toFixed(1)).padStart(12);
    });
    console.log(`${name.padEnd(13)}${label.padEnd(8)}${cells.join('')}`);
  }
}
