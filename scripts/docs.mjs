// Writes the documentation: docs/rules/<rule-id>.md, docs/rules.md, docs/coverage.md, docs/policy-checks.md,
// docs/services/<service>.md, docs/responsibility.md. `npm run docs`
//   --check   writes nothing; exits 1 and names the pages that are stale, missing or left over
//   --out DIR another folder than docs
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { load } from './load.mjs';

const { values } = parseArgs({ options: { check: { type: 'boolean' }, out: { type: 'string', default: 'docs' } } });
const { out } = values;
if (!existsSync('server/src/data/iam.generated.json'))
  execFileSync(process.execPath, ['scripts/iam-data.mjs'], { stdio: 'inherit' });
const { docs, compareDocs } = await load('test/support/rule-docs.ts');

const wanted = docs();
const present = new Map();
const FOLDERS = ['rules', 'services'];
const names = [
  'coverage.md',
  'policy-checks.md',
  'responsibility.md',
  'rules.md',
  ...FOLDERS.flatMap((folder) =>
    existsSync(join(out, folder)) ? readdirSync(join(out, folder)).map((name) => `${folder}/${name}`) : [],
  ),
];
for (const name of names) if (existsSync(join(out, name))) present.set(name, readFileSync(join(out, name), 'utf8'));
const { stale, missing, leftOver } = compareDocs(wanted, present);

if (values.check) {
  const named = (what, list) => list.map((name) => `${what}: ${join(out, name)}`);
  const lines = [...named('stale', stale), ...named('missing', missing), ...named('left over', leftOver)];
  if (lines.length) {
    lines.push('The documentation of rules does not match the rules: npm run docs, then look at the difference.');
    console.error(lines.join('\n'));
    // Not `process.exit`: it would cut off what a slow reader has not taken yet.
    process.exitCode = 1;
  } else console.log(`${wanted.size} pages are up to date`);
} else {
  for (const folder of FOLDERS) mkdirSync(join(out, folder), { recursive: true });
  for (const name of leftOver) rmSync(join(out, name), { recursive: true });
  for (const name of [...stale, ...missing]) writeFileSync(join(out, name), wanted.get(name));
  console.log(
    `${wanted.size} pages: ${missing.length} new, ${stale.length} changed, ${leftOver.length} removed (${out})`,
  );
}
