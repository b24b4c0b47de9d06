// Runs suites inside VS Code's web worker extension host, with mocha's browser build. test/host/run-web.mjs bundles it with the suites
// of test/vscode that need nothing of Node.
/// <reference types="mocha" />
import 'mocha/mocha.js'; // sets the global of this name

declare const mocha: {
  setup(options: { ui: 'bdd'; reporter: 'spec'; timeout: number; grep?: string }): void;
  run(done: (failures: number) => void): Mocha.Runner;
};

interface Result {
  title: string;
  state: 'passed' | 'failed' | 'skipped';
}

/**
 * What VS Code calls.
 * @param load declares the suites
 * @param grep part of the titles of the tests that run; all where it is empty
 */
export function runner(load: () => void, grep: string): () => Promise<void> {
  return async () => {
    mocha.setup({ ui: 'bdd', reporter: 'spec', timeout: 60_000, grep: grep || undefined });
    load();
    const results: Result[] = [];
    const failures = await new Promise<number>((resolve) => {
      const run = mocha.run(resolve);
      run.on('pass', (test) => results.push({ title: test.fullTitle(), state: 'passed' }));
      run.on('pending', (test) => results.push({ title: test.fullTitle(), state: 'skipped' }));
      run.on('fail', (test) => results.push({ title: test.fullTitle(), state: 'failed' }));
    });
    // There is no file to write a report to; run-web.mjs reads the log.
    console.log(`demarc-report ${JSON.stringify(results)}`);
    if (failures > 0) throw new Error(`${failures} test(s) failed`);
  };
}
