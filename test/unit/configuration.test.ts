import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Ajv from 'ajv';
import { excluded, mergeSettings, parseConfiguration } from '../../server/src/analysis/configuration.ts';
import { matchesGlob } from '../../server/src/analysis/globs.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { closest } from '../../server/src/analysis/suggest.ts';
import { RULES } from '../../server/src/rules/index.ts';

const SQS = 'sqs-encryption-disabled';

/** Problems with the text they point at. */
function problems(uri: string, text: string): [string, string][] {
  return parseConfiguration(uri, text).problems.map(({ start, end, message }) => [text.slice(start, end), message]);
}

describe('configuration file', () => {
  it('reads every setting from JSON, with comments', () => {
    const text = `{
      // why
      "$schema": "x", "enable": false, "tier": "all",
      "rules": { "${SQS}": "critical", "CKV_AWS_27": "off" }, "exclude": ["cdk.out/**"]
    }`;
    const { settings, problems: found } = parseConfiguration('/w/.demarc.json', text);
    assert.deepEqual(found, []);
    assert.deepEqual(settings, {
      enable: false,
      tier: 'all',
      rules: { [SQS]: 'critical', CKV_AWS_27: 'off' },
      exclude: ['cdk.out/**'],
    });
  });

  it('reads YAML, where off and on are booleans', () => {
    const { settings, problems: found } = parseConfiguration(
      '/w/.demarc.yaml',
      `rules:\n  ${SQS}: off\n  CKV_AWS_27: on\nexclude: a.json\n`,
    );
    assert.deepEqual(found, []);
    assert.deepEqual(settings, { rules: { [SQS]: 'off', CKV_AWS_27: 'on' }, exclude: ['a.json'] });
  });

  it('an empty file sets nothing', () => {
    for (const [uri, text] of [
      ['.demarc.json', ''],
      ['.demarc.yml', '# nothing yet\n'],
      ['.demarc.json', '{}'],
    ] as const) {
      assert.deepEqual(parseConfiguration(uri, text).settings, {}, text);
    }
    assert.deepEqual(problems('.demarc.yml', ''), []);
  });

  it('points at what is wrong and says what may have been meant', () => {
    assert.deepEqual(problems('.demarc.json', '{"teir": "all"}'), [
      ['"teir"', 'Unknown setting "teir". Did you mean "tier"?'],
    ]);
    assert.deepEqual(problems('.demarc.json', '{"tier": "most"}'), [['"most"', '"tier" must be "core" or "all".']]);
    assert.deepEqual(problems('.demarc.json', '{"rules": {"sqs-encrypton-disabled": "off"}}'), [
      ['"sqs-encrypton-disabled"', `Unknown rule "sqs-encrypton-disabled". Did you mean "${SQS}"?`],
    ]);
    assert.deepEqual(problems('.demarc.yaml', 'rules:\n  CKV_AWS_72727272: off\n'), [
      ['CKV_AWS_72727272', 'Unknown rule "CKV_AWS_72727272".'],
    ]);
    assert.deepEqual(problems('.demarc.json', `{"rules": {"${SQS}": "hihg"}}`), [
      ['"hihg"', 'Must be "off", "on" or a severity (critical, high, medium, low, info). Did you mean "high"?'],
    ]);
    assert.deepEqual(
      problems('.demarc.json', '{"exclude": ["!a", 3]}').map(([at]) => at),
      ['"!a"', '3'],
    );
    assert.deepEqual(problems('.demarc.json', '[]').length, 1);
  });

  it('keeps what is right beside what is wrong', () => {
    const { settings } = parseConfiguration(
      '.demarc.json',
      `{"rules": {"nope": "off", "${SQS}": "low"}, "tier": 3, "exclude": ["a", 1]}`,
    );
    assert.deepEqual(settings, { rules: { [SQS]: 'low' }, exclude: ['a'] });
  });

  it('reports broken text and does not throw', () => {
    for (const text of ['{"rules": {', '{"tier": ]', '\u0000', '{{{{', '"', 'a: [', '- - -\n\t: x']) {
      for (const uri of ['.demarc.json', '.demarc.yaml']) parseConfiguration(uri, text);
    }
    assert.ok(parseConfiguration('.demarc.json', '{"rules": {').problems.length > 0);
  });

  it('is quick with very many unknown rules', () => {
    const rules = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`unknown-rule-${i}`, 'off']));
    const from = performance.now();
    const { problems } = parseConfiguration('.demarc.json', JSON.stringify({ rules }));
    assert.ok(performance.now() - from < 3000);
    assert.equal(problems.length, 201);
    assert.equal(problems.at(-1)?.message, 'Problems are not told from here on: more than 200.');
  });
});

describe('merged settings', () => {
  it('replace, merge and add', () => {
    const base = { enable: true, tier: 'core', rules: { a: 'off', b: 'low' }, exclude: ['x'] } as const;
    assert.deepEqual(mergeSettings(base, { tier: 'all', rules: { b: 'high' }, exclude: ['y'] }), {
      enable: true,
      tier: 'all',
      rules: { a: 'off', b: 'high' },
      exclude: ['x', 'y'],
    });
  });

  it('leave out what an editor passes on of the wrong type', () => {
    const typed = { enable: 'yes', tier: 'x', rules: { a: 'bogus', b: 'off', c: 3 }, exclude: 'nope' } as never;
    assert.deepEqual(mergeSettings(DEFAULT_SETTINGS, typed), { ...DEFAULT_SETTINGS, rules: { b: 'off' } });
    assert.deepEqual(mergeSettings(DEFAULT_SETTINGS, { rules: null, exclude: null } as never), DEFAULT_SETTINGS);
  });
});

describe('globs', () => {
  const cases: [string, string, boolean][] = [
    ['a.json', 'a.json', true],
    ['a.json', 'sub/a.json', true],
    ['/a.json', 'sub/a.json', false],
    ['./a.json', 'sub/a.json', false],
    ['*.json', 'deep/er/x.json', true],
    ['*.json', 'x.yaml', false],
    ['cdk.out', 'cdk.out/stack.template.json', true],
    ['cdk.out', 'app/cdk.out/stack.template.json', true],
    ['cdk.out/', 'cdk.out', false],
    ['cdk.out/', 'cdk.out/x', true],
    ['cdk.out/**', 'cdk.out/a/b.json', true],
    ['app/cdk.out', 'app/cdk.out/a', true],
    ['app/cdk.out', 'other/app/cdk.out/a', false],
    ['**/test/**', 'a/test/b', true],
    ['**/test/**', 'test/b', true],
    ['a/*/c', 'a/b/c', true],
    ['a/*/c', 'a/b/b/c', false],
    ['a/**/c', 'a/b/b/c', true],
    ['a/**/c', 'a/c', true],
    ['*.{yaml,yml}', 'x.yml', true],
    ['*.{yaml,yml}', 'x.json', false],
    ['{a,b/{c,d}}/x', 'b/d/x', true],
    ['{a,b/{c,d}}/x', 'c/x', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['[id].json', '[id].json', true],
    ['a.json', 'aXjson', false],
    ['(a|b)', 'a', false],
    ['', 'a', false],
    ['/', 'a', false],
  ];
  for (const [pattern, path, expected] of cases) {
    it(`${JSON.stringify(pattern)} ${expected ? 'matches' : 'does not match'} ${path}`, () => {
      assert.equal(matchesGlob(pattern, path), expected);
    });
  }

  it('of a hostile workspace cost little', () => {
    const from = performance.now();
    assert.equal(matchesGlob(`${'*a'.repeat(60)}b`, 'a'.repeat(250)), false);
    assert.equal(matchesGlob(`${'**/a/'.repeat(60)}b`, 'a/'.repeat(400)), false);
    assert.equal(matchesGlob('{a,b}'.repeat(200), 'a'), false);
    assert.equal(matchesGlob('{'.repeat(50_000), 'a'), false);
    assert.ok(performance.now() - from < 500);
  });

  it('exclude files by settings', () => {
    assert.equal(excluded({ exclude: ['gen', '*.tmp.json'] }, 'gen/x.yaml'), true);
    assert.equal(excluded({ exclude: ['gen', '*.tmp.json'] }, 'src/x.tmp.json'), true);
    assert.equal(excluded({ exclude: ['gen', '*.tmp.json'] }, 'src/x.json'), false);
    assert.equal(excluded({ exclude: [] }, 'a'), false);
  });
});

describe('did you mean', () => {
  it('finds the nearest name, and none where nothing is near', () => {
    assert.equal(closest('formt', ['format', 'output']), 'format');
    assert.equal(closest('ofrmat', ['output', 'format']), 'format');
    assert.equal(closest('LINT', ['rules', 'lint']), 'lint');
    assert.equal(closest('zebra', ['format', 'output']), undefined);
    assert.equal(closest('', ['a']), undefined);
    assert.equal(closest('x'.repeat(100_000), ['x']), undefined);
  });
});

describe('schema of the configuration file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demarc-schema-'));
  const file = join(folder, 'schema.json');
  execFileSync(process.execPath, ['scripts/schema.mjs', file], { stdio: 'inherit' });
  const schema = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true });
  const validate = new Ajv({ strict: false }).compile(schema);

  it('names every rule with its title', () => {
    assert.deepEqual(Object.keys(schema.properties.rules.properties), RULES.map((rule) => rule.id).sort());
    for (const rule of RULES)
      assert.ok(schema.properties.rules.properties[rule.id].description.startsWith(rule.title), rule.id);
  });

  it('agrees with the reader', () => {
    const texts = [
      '{}',
      '{"tier": "all"}',
      '{"tier": "some"}',
      '{"enable": 1}',
      `{"rules": {"${SQS}": "off"}}`,
      `{"rules": {"${SQS}": true, "CKV_AWS_27": "info"}}`,
      `{"rules": {"${SQS}": "loud"}}`,
      '{"rules": []}',
      '{"exclude": "a"}',
      '{"exclude": ["a", "b/**"]}',
      '{"exclude": ["!a"]}',
      '{"exclude": [""]}',
      '{"unknown": 1}',
      '[]',
    ];
    for (const text of texts)
      assert.equal(validate(JSON.parse(text)), problems('.demarc.json', text).length === 0, text);
  });
});
