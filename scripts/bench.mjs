// Measures Demarc beside an empty language server, yaml-language-server and @aws/cloudformation-validate, all in this run, and
// writes docs/performance.md. Everything is in test/bench; here is only what it is run with.
//   --quick           one round, fewer documents
//   --only PART       policies, start, typing or commands; several by commas; docs/performance.md stays as it is
//   --policies        the same as --only policies
//   --documents IDS   typing only in documents whose id holds one of these (yaml-1MB, terraform, module); the page stays as it is
//   --peers           the command lines of checkov, cfn-lint, cfn-guard and trivy, too, where they can be had
//   --no-write        docs/performance.md stays as it is
//   --no-build        measures dist as it is
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import { packIamData } from './iam-data.mjs';
import { load } from './load.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    policies: { type: 'boolean', default: false },
    documents: { type: 'string' },
    peers: { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
  },
});
const { PARTS, runBench } = await load('test/bench/run.ts');
const { page } = await load('test/bench/report.ts');
const only = values.policies ? 'policies' : values.only;
const parts = only ? only.split(',') : PARTS;
const unknown = parts.find((part) => !PARTS.includes(part));
if (unknown !== undefined) {
  console.error(`No part "${unknown}"; there are ${PARTS.join(', ')}.`);
  process.exit(2);
}

const FOLDER = 'out/bench';
mkdirSync(FOLDER, { recursive: true });
const data = packIamData();
const dist = `${FOLDER}/dist`;
let packageBytes;
if (parts.some((part) => part !== 'policies')) {
  if (!values['no-build']) packageBytes = only ? production() : packaged();
  // Its own copy: a build meanwhile does not change what is measured.
  rmSync(dist, { recursive: true, force: true });
  cpSync('dist', dist, { recursive: true });
}

function production() {
  execFileSync(process.execPath, ['scripts/build.mjs', '--production'], { stdio: 'inherit' });
}

/** Builds and packages. A package that is refused, for its size say, is measured all the same if it is there. */
function packaged() {
  const began = Date.now();
  try {
    execFileSync(process.execPath, ['scripts/package.mjs'], { stdio: 'inherit' });
  } catch {
    console.error('npm run package fails; the servers are measured nevertheless');
    production();
  }
  const made = statSync('demarc.vsix', { throwIfNoEntry: false });
  return made && made.mtimeMs >= began - 1000 ? made.size : undefined;
}

const results = await runBench({
  quick: values.quick,
  parts,
  peers: values.peers,
  documents: values.documents?.split(',') ?? [],
  dist,
  build: values['no-build'] ? 'the build as it was' : 'the production build',
  folder: FOLDER,
  shared: resolve(process.env.DEMARC_SHARED ?? '../shared'),
  data,
  dataBytes: deflateRawSync(data, { level: 9 }).length,
  packageBytes,
  bundle: async (entry) => {
    const outfile = resolve(FOLDER, entry.replace(/\.ts$/, '.js'));
    await build({
      entryPoints: [`test/bench/${entry}`],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      minify: true,
      outfile,
      logLevel: 'warning',
    });
    return outfile;
  },
  progress: (text) => console.error(text),
});
writeFileSync(`${FOLDER}/results.json`, JSON.stringify(results, null, 1));
const text = page(results);
console.log(text);
if (!only && !values.documents && !values['no-write']) {
  writeFileSync('docs/performance.md', text);
  console.error('docs/performance.md is written');
}
