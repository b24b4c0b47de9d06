// Collects the texts of the client and of its hovers for translators: l10n/bundle.l10n.json. `npm run l10n`
//   --check   writes nothing; exits 1 where the file is stale
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getL10nJson } from '@vscode/l10n-dev';
import { globSync } from 'tinyglobby';

const OUT = 'l10n/bundle.l10n.json';
const files = globSync(['client/src/**/*.ts', 'server/src/lsp/hover-markdown.ts']).sort();
const found = await getL10nJson(files.map((file) => ({ extension: '.ts', contents: readFileSync(file, 'utf8') })));
const sorted = Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
const text = `${JSON.stringify(sorted, null, 2)}\n`;
const present = existsSync(OUT) ? readFileSync(OUT, 'utf8') : '';
if (process.argv.includes('--check')) {
  if (present !== text) {
    console.error(`${OUT} does not hold the texts of the client: npm run l10n`);
    process.exit(1);
  }
  console.log(`${Object.keys(sorted).length} texts are up to date`);
} else {
  mkdirSync('l10n', { recursive: true });
  writeFileSync(OUT, text);
  console.log(`${Object.keys(sorted).length} texts in ${OUT}`);
}
