/** What the package is made of: packages, licences, the bill of materials. `npm run build` first: facts are of the bundles. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import Ajv from 'ajv';

type Bundled = Record<string, string[]>;
interface Component {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
}
interface Bom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as unknown;
const bundled = json('dist/bundled.json') as Bundled;
const bom = json('demarc.cdx.json') as Bom;
const notices = readFileSync('ThirdPartyNotices.txt', 'utf8');
const packages = [...new Set(Object.values(bundled).flat())].map((path) => {
  const { name, version, license } = json(`${path}/package.json`) as { name: string; version: string; license: string };
  return { path, name, version, license };
});

const folder = mkdtempSync(join(tmpdir(), 'demarc-supply-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Checks the committed files against facts of a build. */
function check(facts: Bundled): { readonly code: number | null; readonly message: string } {
  const file = join(folder, 'bundled.json');
  writeFileSync(file, JSON.stringify(facts));
  const { status, stderr } = spawnSync(process.execPath, ['scripts/sbom.mjs', '--check', '--bundled', file], {
    encoding: 'utf8',
  });
  return { code: status, message: stderr };
}

describe('packages in the bundles', () => {
  it('are those that are allowed, with the licences that are allowed', () => {
    assert.deepEqual(check(bundled), { code: 0, message: '' });
    assert.ok(packages.length > 8);
    const [first = ''] = Object.keys(bundled);
    const creeps = check({ ...bundled, [first]: [...(bundled[first] ?? []), 'node_modules/ajv'] });
    assert.equal(creeps.code, 1);
    assert.match(creeps.message, /^ajv@[\d.]+ is in a bundle, and not on the list of scripts\/sbom\.mjs$/m);
    const gone = Object.fromEntries(
      Object.entries(bundled).map(([file, paths]) => [file, paths.filter((path) => !/\/yaml$/.test(path))]),
    );
    assert.match(check(gone).message, /^yaml is on the list of scripts\/sbom\.mjs, and in no bundle$/m);
  });

  it('are told again when they are others, alike from any folder', () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    for (const name of ['node_modules', 'package.json', 'package.nls.json', 'package-lock.json'])
      symlinkSync(join(process.cwd(), name), join(other, name), 'junction');
    const run = (...args: string[]) =>
      spawnSync(
        process.execPath,
        [join(process.cwd(), 'scripts/sbom.mjs'), '--bundled', join(process.cwd(), 'dist/bundled.json'), ...args],
        { cwd: other, encoding: 'utf8', env: { ...process.env, TZ: 'Asia/Tokyo' } },
      );
    writeFileSync(join(other, 'ThirdPartyNotices.txt'), notices.replace('MIT', 'GPL'));
    assert.match(run('--check').stderr, /ThirdPartyNotices\.txt is stale: npm run sbom/);
    assert.equal(run().status, 0);
    for (const name of ['ThirdPartyNotices.txt', 'demarc.cdx.json'])
      assert.deepEqual(readFileSync(join(other, name)), readFileSync(name), name);
  });

  it('are looked for in every bundle that is shipped', () => {
    const shipped = readFileSync('.vscodeignore', 'utf8').match(/(?<=^!)dist\/.*\.js$/gm) ?? [];
    assert.ok(shipped.length > 4);
    for (const file of [...shipped, 'dist/cli.js']) assert.ok(bundled[file], file);
  });

  it('have the texts of their licences in the package', () => {
    assert.match(readFileSync('.vscodeignore', 'utf8'), /^!ThirdPartyNotices\.txt$/m);
    const parts = notices.split(`\n${'-'.repeat(80)}\n`).slice(1);
    assert.deepEqual(
      parts.map((part) => part.split('\n')[0]),
      [...new Set(packages.map(({ name, version }) => `${name}@${version}`))].sort(),
    );
    for (const part of parts) {
      assert.match(part, /copyright|Blue Oak/i, part.slice(0, 80));
      assert.match(part, /without (?:restriction|fee)|No contributor can revoke/i, part.slice(0, 80));
    }
  });

  it('are none that is installed beside the extension', () => {
    assert.equal((json('package.json') as { dependencies?: object }).dependencies, undefined);
    assert.doesNotMatch(readFileSync('.vscodeignore', 'utf8'), /node_modules/);
  });
});

const component = {
  type: 'object',
  required: ['type', 'bom-ref', 'name', 'licenses'],
  additionalProperties: false,
  properties: {
    type: { enum: ['library', 'data', 'application'] },
    'bom-ref': { type: 'string', minLength: 1 },
    name: { type: 'string', minLength: 1 },
    version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+' },
    description: { type: 'string' },
    purl: { type: 'string', pattern: '^pkg:npm/(?:%40[\\w.-]+/)?[\\w.-]+@[\\d.]+$' },
    hashes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['alg', 'content'],
        additionalProperties: false,
        properties: { alg: { const: 'SHA-512' }, content: { type: 'string', pattern: '^[0-9a-f]{128}$' } },
      },
    },
    licenses: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['license'],
        additionalProperties: false,
        properties: {
          license: {
            type: 'object',
            required: ['id'],
            additionalProperties: false,
            properties: { id: { enum: ['Apache-2.0', 'BlueOak-1.0.0', 'ISC', 'MIT'] } },
          },
        },
      },
    },
    externalReferences: { type: 'array' },
    properties: { type: 'array' },
  },
};

describe('the bill of materials', () => {
  it('has the shape of CycloneDX 1.6, and nothing that changes from build to build', () => {
    const validate = new Ajv({ allErrors: true }).compile<object>({
      type: 'object',
      required: ['bomFormat', 'specVersion', 'version', 'metadata', 'components', 'dependencies'],
      additionalProperties: false,
      properties: {
        $schema: { const: 'http://cyclonedx.org/schema/bom-1.6.schema.json' },
        bomFormat: { const: 'CycloneDX' },
        specVersion: { const: '1.6' },
        version: { const: 1 },
        metadata: {
          type: 'object',
          required: ['component'],
          additionalProperties: false,
          properties: { lifecycles: { const: [{ phase: 'build' }] }, component },
        },
        components: { type: 'array', items: component },
        dependencies: { type: 'array' },
      },
    });
    const valid: boolean = validate(bom);
    assert.ok(valid, JSON.stringify(validate.errors));
    const refs = [bom.metadata.component, ...bom.components].map((one) => one['bom-ref']);
    assert.equal(new Set(refs).size, refs.length);
    assert.deepEqual(bom.dependencies.map(({ ref }) => ref).sort(), [...refs].sort());
    const { dependencies } = bom;
    for (const { dependsOn = [] } of dependencies) for (const ref of dependsOn) assert.ok(refs.includes(ref), ref);
    // Each is reached from the product.
    const reached = new Set([refs[0]]);
    for (const ref of reached)
      for (const next of bom.dependencies.find((one) => one.ref === ref)?.dependsOn ?? []) reached.add(next);
    assert.deepEqual([...reached].sort(), [...refs].sort());
  });

  it('names what is bundled, with the hashes that the lockfile pins, and the data', () => {
    const lock = (json('package-lock.json') as { packages: Record<string, { integrity: string }> }).packages;
    const libraries = bom.components.filter(({ type }) => type === 'library');
    assert.deepEqual(
      new Set(libraries.map(({ name, version }) => `${name}@${version}`)),
      new Set(packages.map(({ name, version }) => `${name}@${version}`)),
    );
    for (const { path, name, version, license } of packages) {
      const own = libraries.find((one) => one.name === name && one.version === version);
      const hash = Buffer.from(own?.hashes?.[0]?.content ?? '', 'hex').toString('base64');
      assert.equal(`sha512-${hash}`, lock[path]?.integrity, path);
      assert.equal(own?.licenses[0]?.license.id, license, path);
    }
    const notice = readFileSync('NOTICE', 'utf8').toLowerCase();
    const data = bom.components.filter(({ type }) => type === 'data');
    assert.equal(data.length, 3);
    for (const { name } of data) assert.ok(notice.includes(name.toLowerCase()), name);
  });
});
