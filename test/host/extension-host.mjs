// What the extension host of a window in Chromium says: the tests' log, and how they ended.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';

// VS Code's own log shares the channel of the tests' console.log; this is the chatter of every start.
const CHATTER = new RegExp(
  `^(${[
    '%c',
    '\\[?(ChatModelSelection|AccountPolicyGate|AgentHost|RemoteAgentHost)',
    '\\[(reconnection-grace|Service Worker)',
    'Creating a socket|Creation of workbench|Invoking resolve|Resolv(ing|ed) connection token',
    'Updating additional builtin|Ignoring fetching additional builtin',
    'Auto updating|Settings sync|Started local extension host',
    '(Error: )?Timed out waiting for auth',
    'ENOPRO|Canceled$|Failed to resolve files at location|Ignoring the error while validating workspace folder',
    'Loading development extension|vscode-test-web-support|Request to .* failed with status code 404',
  ].join('|')})`,
);

/**
 * Listens to a page before it is opened.
 * @param {import('playwright-core').Page} page
 * @param {object} options
 * @param {number} options.limit gives up after so many milliseconds, with a screenshot in out/
 * @param {boolean} options.verbose lets through everything that VS Code says
 * @param {(line: string) => boolean} [options.take] is given each line first; what it takes is not printed
 * @returns {Promise<{ code: Promise<number> }>} the host's exit code, some day
 */
export async function exitOf(page, { limit, verbose, take = () => false }) {
  let end;
  const code = new Promise((resolve) => {
    end = resolve;
  });
  page.on('crash', () => end(70));
  setTimeout(async () => {
    const shot = path.resolve('out/host-timeout.png');
    mkdirSync(path.dirname(shot), { recursive: true });
    await page.screenshot({ path: shot }).catch(() => {});
    console.error(`the extension host did not end within ${limit} ms, its window: ${shot}`);
    end(124);
  }, limit).unref();
  await page.exposeFunction('codeAutomationExit', (status) => end(status));
  await page.exposeFunction('codeAutomationLog', (type, args) => {
    const text = format(...args);
    if (take(text) || (!verbose && CHATTER.test(text))) return;
    (type === 'error' || type === 'warn' ? process.stderr : process.stdout).write(`${text}\n`);
  });
  return { code };
}
