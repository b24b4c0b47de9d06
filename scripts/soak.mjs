// Ten thousand edits in one server: prints the curve of its heap and whether it leaks, and writes out/soak.json. `npm run soak`,
// after a build. Exits 1 where it leaks.
//   --edits N         others than 10,000
//   --every N         measures every N edits rather than 500
//   --resources N     of the templates, rather than 100
//   --seed N          other edits
//   --snapshots DIR   writes heap snapshots after the warm-up and at the end
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { load } from './load.mjs';

const { values } = parseArgs({
  options: {
    edits: { type: 'string', default: '10000' },
    every: { type: 'string', default: '500' },
    resources: { type: 'string', default: '100' },
    seed: { type: 'string', default: '7' },
    snapshots: { type: 'string' },
  },
});
const [edits, every, resources, seed] = [values.edits, values.every, values.resources, values.seed].map(Number);
if (![edits, every, resources, seed].every((one) => Number.isInteger(one) && one > 0)) {
  console.error('--edits, --every, --resources and --seed take whole numbers above 0.');
  process.exit(2);
}
if (!existsSync('dist/server.js')) {
  console.error('There is no dist/server.js: npm run build');
  process.exit(2);
}
const { judge, soak, soakTable, warmUp } = await load('test/bench/soak.ts');
if (values.snapshots) mkdirSync(values.snapshots, { recursive: true });
const result = await soak({
  edits,
  every,
  resources,
  seed,
  snapshots: values.snapshots,
  onPoint: ({ edits, heapUsed, rss }) =>
    console.error(
      `${edits} edits: heap ${(heapUsed / 2 ** 20).toFixed(1)} MiB, resident ${(rss / 2 ** 20).toFixed(0)} MiB`,
    ),
});
const verdict = judge(result.points, warmUp(edits, every));
writeFileSync('out/soak.json', `${JSON.stringify({ ...result, verdict }, null, 2)}\n`);
console.log(soakTable(result, verdict));
process.exitCode = verdict.leaks ? 1 : 0;
