// Scores the command line against the test cases of other linters: `npm run conformance`.
// Prints the score by peer and category and writes test/conformance/result.md; reads ../shared/corpus and skips without it.
//   --justified   leaves out test/conformance/justified.jsonl, each disagreement with its reason
//   --details     prints the scorer's whole output for the claimed rules
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from './load.mjs';

const CORPUS = resolve(process.env.DEMARC_SHARED ?? '../shared', 'corpus');
const OUT = resolve('out/conformance');
const JUSTIFIED = 'test/conformance/justified.jsonl';
const RESULT = 'test/conformance/result.md';
const details = process.argv.includes('--details');

if (!existsSync(join(CORPUS, 'dev.jsonl'))) {
  console.log('skipped: no corpus');
  process.exit(0);
}
if (!existsSync('dist/cli.js')) execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
mkdirSync(OUT, { recursive: true });

const run = (file, args, options = {}) => {
  try {
    return execFileSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 30, ...options });
  } catch (error) {
    // Findings are exit code 1; only a code of 2 is an error of ours.
    if (error.status === 1) return error.stdout;
    throw error;
  }
};
const findings = join(OUT, 'findings.json');
const cli = resolve('dist/cli.js');
run(process.execPath, [cli, 'lint', 'files', '--format', 'json', '--tier', 'all', '--output', findings], {
  cwd: CORPUS,
});

const { RULES } = await load('server/src/rules/index.ts');
const { normaliseAlias } = await load('server/src/rules/aliases.ts');
const map = Object.fromEntries(
  RULES.map((rule) => [
    rule.id,
    [...new Set([...rule.aliases, ...Object.values(rule.variants ?? {}).flatMap((one) => one.aliases ?? [])])],
  ]),
);
writeFileSync(join(OUT, 'map.json'), JSON.stringify(map));

// The cases of the rules that we claim.
const PEERS = new Set(['checkov', 'cfn_nag', 'guard', 'parliament', 'cloudsplaining']);
const claimed = new Set();
for (const aliases of Object.values(map)) {
  for (const alias of aliases) {
    const [, peer, id] = /^([a-z_-]+):(.+)$/.exec(alias) ?? [];
    if (PEERS.has(peer)) claimed.add(`${peer}|${normaliseAlias(id)}`);
  }
}
const cases = readFileSync(join(CORPUS, 'dev.jsonl'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const isClaimed = (one) => claimed.has(`${one.peer}|${normaliseAlias(one.rule)}`);
const write = (name, list) => {
  const path = join(OUT, name);
  writeFileSync(path, list.map((one) => JSON.stringify(one)).join('\n'));
  return path;
};
const ours = write('claimed.jsonl', cases.filter(isClaimed));
const all = write('all.jsonl', cases);

function score(name, casesFile, extra = []) {
  const json = join(OUT, `${name}.json`);
  const text = run(process.execPath, [
    join(CORPUS, 'score.mjs'),
    findings,
    casesFile,
    '--rules',
    join(CORPUS, 'rules.jsonl'),
    '--map',
    join(OUT, 'map.json'),
    '--root',
    CORPUS,
    '--json',
    json,
    '--list',
    'fn',
    join(OUT, `${name}.fn.jsonl`),
    '--list',
    'fp',
    join(OUT, `${name}.fp.jsonl`),
    '--worst',
    '40',
    ...extra,
  ]);
  return { text, result: JSON.parse(readFileSync(json, 'utf8')) };
}

const justified = existsSync(JUSTIFIED) ? ['--justified', resolve(JUSTIFIED)] : [];
const parts = [
  ['Rules that we claim, as it stands', score('claimed', ours)],
  ['Rules that we claim, justified disagreements left out', score('claimed-justified', ours, justified)],
  ['All cases in scope, as it stands', score('all', all, ['--scope', 'in-scope'])],
  [
    'All cases in scope, justified disagreements left out',
    score('all-justified', all, ['--scope', 'in-scope', ...justified]),
  ],
];
if (details) console.log(parts[process.argv.includes('--justified') ? 1 : 0][1].text);

const percent = (value) => (value == null ? '–' : `${(100 * value).toFixed(1)} %`);
const table = (title, groups) => {
  const rows = Object.entries(groups).map(
    ([name, g]) =>
      `| ${name} | ${g.cases} | ${g.tp} | ${g.fn} | ${g.fp} | ${percent(g.recall)} | ${percent(g.precision)} |`,
  );
  return [
    `| ${title} | cases | found | missed | wrong | recall | precision |`,
    '|---|---|---|---|---|---|---|',
    ...rows.sort(),
  ].join('\n');
};
const sections = parts.map(([title, { result }]) =>
  [
    `## ${title}`,
    table('', result.overall),
    table('peer', result.peer),
    table('category', result.scope),
    table('format', result.format),
  ].join('\n\n'),
);

// Which controls of the catalogue have no rule yet.
const CONTROLS = resolve(CORPUS, '../catalogue/controls.tsv');
let missing = '';
if (existsSync(CONTROLS)) {
  const ids = new Set(RULES.map((rule) => rule.id));
  const rows = readFileSync(CONTROLS, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  const core = rows.filter((row) => row[10]?.trim() === 'core');
  const without = core.filter((row) => !ids.has(row[0])).map((row) => row[0]);
  missing = `## Controls\n\n${core.length - without.length} of ${core.length} core controls have a rule. Without one yet: ${without.map((id) => `\`${id}\``).join(', ') || 'none'}.`;
}
const markdown = `# Agreement with other linters' own test cases\n\nMade by \`npm run conformance\`. Disagreements are listed one by one in \`justified.jsonl\`.\n\n${[...sections, missing].join('\n\n')}\n`;
mkdirSync('test/conformance', { recursive: true });
writeFileSync(RESULT, markdown);
console.log(markdown);
