// The main job in a minute: lints samples/, says whose side each finding is on, and shows what the fixes change.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { load } from './load.mjs';

if (!existsSync('dist/cli.js') || process.argv.includes('--build')) {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
const cli = resolve('dist/cli.js');
const say = (text) => process.stdout.write(`${text}\n`);

say('$ demarc lint samples\n');
const { status } = spawnSync(process.execPath, [cli, 'lint', 'samples'], { stdio: 'inherit' });
if (status === 2) process.exit(2);

const copy = mkdtempSync(join(tmpdir(), 'demarc-demo-'));
try {
  cpSync('samples', join(copy, 'samples'), { recursive: true });
  say('\n$ demarc lint samples --fix      (on a copy; only fixes that cannot break a deployment)\n');
  const fixed = spawnSync(process.execPath, [cli, 'lint', 'samples', '--fix', '--quiet'], {
    cwd: copy,
    encoding: 'utf8',
  });
  if (fixed.status === 2) {
    process.stderr.write(fixed.stderr);
    process.exit(2);
  }
  const { lineDiff } = await load('server/src/analysis/present.ts');
  const files = (folder) =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? files(path) : [path];
    });
  for (const path of files('samples')) {
    const before = readFileSync(path, 'utf8');
    const after = readFileSync(join(copy, path), 'utf8');
    if (before === after) continue;
    say(`--- ${relative('.', path)}\n+++ ${relative('.', path)} (fixed)`);
    say(`${lineDiff(before, after)}\n`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
say('Open samples/ in VS Code with the extension: npm run editor');
