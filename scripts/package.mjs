// `npm run package`: demarc.vsix, the same bytes from the same tree, lockfile and Node, wherever, whenever and by whomever it is made.
//   --verify   packages a copy of the tree in another folder with other modes and times as well, and compares
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { sbom } from './sbom.mjs';

const require = createRequire(import.meta.url);
const FILE = 'demarc.vsix';
/** DESIGN: the package stays below 1.5 MB. */
const MAX_BYTES = 1_500_000;

/** vsce orders entries by locale and writes local times: both are given. With the epoch it sorts, and dates every entry alike. */
const env = { SOURCE_DATE_EPOCH: '315532800', ...process.env, TZ: 'UTC', LC_ALL: 'C' };
const node = (cwd, ...args) =>
  execFileSync(process.execPath, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });

/**
 * Gives every entry of a zip archive the same mode: those of files hang on the umask of who checked them out.
 * @returns names of the entries
 */
function normalise(file) {
  const zip = readFileSync(file);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const names = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error(`${file}: no central directory`);
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    zip.writeUInt32LE((0o100644 << 16) >>> 0, at + 38);
    names.push(zip.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  writeFileSync(file, zip);
  return names;
}

/** What .vscodeignore lets in, by the names that vsce gives: nothing more, nothing less. */
function expected() {
  const patterns = readFileSync('.vscodeignore', 'utf8').match(/(?<=^!).+$/gm) ?? [];
  const renamed = { 'README.md': 'readme.md', 'CHANGELOG.md': 'changelog.md', LICENSE: 'LICENSE.txt' };
  const files = globSync(patterns, { dot: true }).map((file) => `extension/${renamed[file] ?? file}`);
  return ['[Content_Types].xml', 'extension.vsixmanifest', ...files].sort();
}

function make() {
  node('.', 'scripts/build.mjs', '--production');
  sbom(JSON.parse(readFileSync('dist/bundled.json', 'utf8')), true);
  node('.', require.resolve('@vscode/vsce/vsce'), 'package', '--no-dependencies', '--out', FILE);
  const names = normalise(FILE).sort();
  if (names.join('\n') !== expected().join('\n')) throw new Error(`${FILE} holds other files:\n${names.join('\n')}`);
  if (statSync(FILE).size >= MAX_BYTES) throw new Error(`${FILE} has ${statSync(FILE).size} bytes`);
  return hashOf(FILE);
}

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Packages a copy of what git knows of, and of what is new, from another folder. */
function elsewhere() {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'demarc-package-'));
  const copy = join(folder, 'some where', 'else');
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      maxBuffer: 1 << 28,
    });
    for (const file of listed.toString('utf8').split('\0').filter(Boolean)) {
      if (!statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
      const to = join(copy, file);
      mkdirSync(dirname(to), { recursive: true });
      copyFileSync(file, to);
      chmodSync(to, 0o600);
    }
    symlinkSync(realpathSync('node_modules'), join(copy, 'node_modules'), 'junction');
    node(copy, 'scripts/package.mjs');
    return hashOf(join(copy, FILE));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const hash = make();
console.log(`sha256 ${hash}`);
if (process.argv.includes('--verify')) {
  const other = elsewhere();
  if (other !== hash) throw new Error(`Not reproducible: ${hash} here, ${other} in another folder`);
  console.log('The same bytes from another folder.');
}
