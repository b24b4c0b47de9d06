// The entry that VS Code calls inside its extension host, desktop and server alike.
/// <reference types="mocha" />
import * as fs from 'node:fs';
import * as path from 'node:path';
import Mocha from 'mocha';

interface Result {
  title: string;
  state: 'passed' | 'failed' | 'skipped';
  ms?: number;
  error?: string;
}

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: false, grep: process.env.MOCHA_GREP || undefined });
  for (const file of suitesFor(process.env.DEMARC_TEST_WINDOW ?? 'folder')) mocha.addFile(path.join(__dirname, file));

  const results: Result[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => results.push({ title: test.fullTitle(), state: 'passed', ms: test.duration }));
    runner.on('pending', (test) => results.push({ title: test.fullTitle(), state: 'skipped' }));
    runner.on('fail', (test, error) =>
      results.push({ title: test.fullTitle(), state: 'failed', error: error?.stack ?? String(error) }),
    );
  });
  if (process.env.DEMARC_TEST_REPORT)
    fs.writeFileSync(process.env.DEMARC_TEST_REPORT, JSON.stringify(results, null, 1));
  if (failures > 0) throw new Error(`${failures} test(s) failed`);
}

/** `hover.test.js` runs in the window with a folder, `trust.restricted.test.js` in the window called restricted. */
function suitesFor(window: string): string[] {
  return fs
    .readdirSync(__dirname)
    .filter((file) => file.endsWith('.test.js'))
    .filter((file) => (/\.(\w+)\.test\.js$/.exec(file)?.[1] ?? 'folder') === window)
    .sort();
}
