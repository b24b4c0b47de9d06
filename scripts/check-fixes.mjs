// Proves the fixes: `npm run check:fixes`. Every fix of every finding in the other linters' cases and in real templates
// (../shared; skips what is missing) is applied alone and judged by test/support/fix-check.ts, then all safe ones together.
//   --all      prints every failure, not the first three of a kind and rule
//   TEXT       only files whose path contains it
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { load } from './load.mjs';

const SHARED = resolve(process.env.DEMARC_SHARED ?? '../shared');
const filter = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const shown = process.argv.includes('--all') ? Number.POSITIVE_INFINITY : 3;
const from = Date.now();

const { checkFixes, loadIamData } = await load('test/support/fix-check.ts');
loadIamData();

const seen = new Set();
const fixes = new Map();
const failures = [];
let files = 0;
let findings = 0;
for (const folder of ['corpus/files', 'realworld']) {
  if (!existsSync(join(SHARED, folder))) {
    console.log(`skipped: no ${folder}`);
    continue;
  }
  for (const name of globSync('**/*.{json,yaml,yml,template,tf}', { cwd: join(SHARED, folder), dot: true }).sort()) {
    if (filter && !name.includes(filter)) continue;
    const text = readFileSync(join(SHARED, folder, name), 'utf8');
    // The same text under the same kind of name is the same case.
    const key = `${/\.tf\.json$/.test(name) ? 'tf' : name.slice(name.lastIndexOf('.'))} ${text}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const checked = checkFixes(`${folder}/${name}`, text);
    if (!checked) continue;
    files++;
    findings += checked.findings;
    failures.push(...checked.failures);
    for (const [ruleId, count] of checked.fixes) fixes.set(ruleId, (fixes.get(ruleId) ?? 0) + count);
  }
}
if (!files) process.exit(0);

const rows = [...fixes].sort(([a], [b]) => (a < b ? -1 : 1));
const width = Math.max(...rows.map(([id]) => id.length), 10);
console.log(`${'rule'.padEnd(width)}  fixes  failed`);
for (const [id, count] of rows) {
  const failed = new Set(
    failures.filter((one) => one.ruleId === id).map((one) => `${one.uri}:${one.line}:${one.title}`),
  );
  console.log(`${id.padEnd(width)}  ${String(count).padStart(5)}  ${String(failed.size || '').padStart(6)}`);
}
const byKind = new Map();
for (const failure of failures) {
  const kind = `${failure.kind}: ${failure.ruleId}`;
  byKind.set(kind, [...(byKind.get(kind) ?? []), failure]);
}
for (const [kind, list] of [...byKind].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`\n${kind} (${list.length})`);
  for (const { uri, line, title, details } of list.slice(0, shown)) {
    console.log(`  ${uri}:${line} ${title}\n    ${details.replace(/\n/g, '\n    ').slice(0, 600)}`);
  }
}
const all = rows.reduce((sum, [, count]) => sum + count, 0);
const seconds = ((Date.now() - from) / 1000).toFixed(1);
console.log(`\n${files} files, ${findings} findings, ${all} fixes, ${failures.length} failures in ${seconds} s`);
process.exitCode = failures.length ? 1 : 0;
