import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { longCondition } from '../../server/src/cloudformation/conditions.ts';
import type { Condition } from '../../server/src/template/value.ts';
import { ask, parse, templateOf } from './cloudformation-support.ts';

const HEAD = `
Parameters:
  Env: {Type: String, Default: dev}
  Tier: {Type: String, AllowedValues: [a, b, c], Default: a}
  Key: {Type: String, Default: ''}
  Subnets: {Type: CommaDelimitedList, Default: ''}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Equals [dev, !Ref Env]
  IsTest: !Equals [{Ref: Env}, test]
  InUs: !Equals [!Ref 'AWS::Region', us-east-1]
  NotProd: !Not [!Condition IsProd]
  NotProdLong: {Fn::Not: [{Condition: IsProd}]}
  ProdOrDev: !Or [!Condition IsProd, !Condition IsDev]
  ProdInUs: !And [!Condition IsProd, !Condition InUs]
  Nested: !And [!Not [!Or [!Condition IsProd, !Condition InUs]], !Condition Free]
  Free: !Equals [!Join ['', [!Ref Env, !Ref Tier]], x]
  Same: {Fn::Equals: [{Fn::Join: ['', [{Ref: Env}, {Ref: Tier}]]}, x]}
  TierA: !Equals [!Ref Tier, a]
  TierB: !Equals [!Ref Tier, b]
  TierC: !Equals [!Ref Tier, c]
  TierZ: !Equals [!Ref Tier, z]
  Always: !Equals [x, x]
  Never: !Equals ['1', 2]
  Itself: !Equals [!Ref Env, !Ref Env]
  Loop: !Not [!Condition Pool]
  Pool: !Condition Loop
  HasKey: !Not [!Equals [!Ref Key, '']]
  HasSubnets: !Not [!Equals [!Join ['', !Ref Subnets], '']]
  Typing: !Equals [!Ref Env]
  Empty:
Resources:
`;

const template = templateOf(`${HEAD}  R: {Type: T}\n`);

/** `A`, `!A` or `Symbol=text`. */
function condition(text: string): Condition {
  const [id, value] = text.split('=');
  if (id && value !== undefined) return { id, value, text };
  return text.startsWith('!') ? { id: text.slice(1), value: false, text } : { id: text, value: true, text };
}

function assumed(text: string): string | undefined {
  let conditions: readonly Condition[] | undefined = [];
  for (const part of text.split(' ')) conditions = conditions && template.assume(conditions, condition(part));
  return conditions?.map((c) => c.text).join(' ');
}

describe('conditions assumed together', () => {
  const table: [question: string, answer: string | undefined][] = [
    ['IsProd', 'IsProd'],
    ['IsProd IsProd', 'IsProd'],
    ['IsProd !IsProd', undefined],
    ['IsProd InUs', 'IsProd InUs'],
    ['IsProd IsDev', undefined],
    ['IsProd !IsDev', 'IsProd'],
    ['!IsProd IsDev', '!IsProd IsDev'],
    ['IsProd NotProd', undefined],
    ['NotProd IsProd', undefined],
    ['IsProd !NotProdLong', 'IsProd'],
    ['ProdOrDev IsTest', undefined],
    ['ProdOrDev !IsDev !IsProd', undefined],
    ['ProdOrDev !IsDev', 'ProdOrDev !IsDev'],
    ['!ProdOrDev IsProd', undefined],
    ['!ProdOrDev !IsDev', '!ProdOrDev'],
    ['IsTest ProdOrDev', undefined],
    ['ProdInUs !InUs', undefined],
    ['ProdInUs IsDev', undefined],
    ['!ProdInUs InUs IsProd', undefined],
    ['!ProdInUs InUs !IsProd', '!ProdInUs InUs'],
    ['Nested IsProd', undefined],
    ['Nested !Free', undefined],
    ['Nested !InUs', 'Nested'],
    ['Free !Same', undefined],
    ['Free Same', 'Free'],
    ['!TierA !TierB !TierC', undefined],
    ['!TierA !TierB TierC', '!TierA !TierB'],
    ['TierZ', undefined],
    ['Always', ''],
    ['!Always', undefined],
    ['Never', undefined],
    ['!Itself', undefined],
    ['Loop', 'Loop'],
    ['!Loop', '!Loop'],
    ['Typing', 'Typing'],
    ['Empty !Empty', undefined],
    ['Undeclared', 'Undeclared'],
    ['Undeclared !Undeclared', undefined],
    ['AWS::Region=us-east-1 !InUs', undefined],
    ['AWS::Region=us-east-1 InUs', 'AWS::Region=us-east-1'],
    ['InUs AWS::Region=eu-west-1', undefined],
    ['AWS::Region=us-east-1 AWS::Region=eu-west-1', undefined],
    ['Env=prod IsDev', undefined],
    ['IsDev Env=dev', 'IsDev'],
  ];
  for (const [question, answer] of table) it(question, () => assert.equal(assumed(question), answer));

  it('by conditions that were put together elsewhere', () => {
    const elsewhere = [condition('IsProd')];
    assert.equal(template.assume(elsewhere, condition('IsDev')), undefined);
    assert.deepEqual(template.assume(elsewhere, condition('!IsDev')), elsewhere);
    assert.equal(template.assume([condition('IsProd'), condition('IsDev')], condition('InUs')), undefined);
  });

  it('without losing time on many that build on each other', () => {
    const lines = ['  C0: !Equals [!Ref "AWS::Region", x]'];
    for (let i = 1; i < 400; i++)
      lines.push(`  C${i}: !Or [!Condition C${i - 1}, !And [!Condition C${i - 1}, !Condition C${i - 1}]]`);
    const text = `Conditions:\n${lines.join('\n')}\nResources:\n  R:\n    Type: T\n    Properties: {P: !If [C399, a, b], Q: !If [C50, !If [C0, a, b], c]}\n`;
    const built = templateOf(text);
    const start = performance.now();
    assert.deepEqual(ask(built, 'P'), ['C399: "a"', 'not C399: "b"']);
    assert.deepEqual(ask(built, 'Q'), ['C50: "a"', 'not C50: "c"']);
    assert.ok(performance.now() - start < 1000);
  });

  it('tells the long form of a condition from a plain key', () => {
    assert.equal(longCondition(parse('{"Condition": "A"}').roots[0] as never)?.name, 'Condition');
    assert.equal(longCondition(parse('{"Condition": "A", "Effect": "Allow"}').roots[0] as never), undefined);
  });
});

describe('conditions on resources and values', () => {
  const of = (resources: string) => `${HEAD}${resources}`;

  it('a resource carries its condition, and branches on it are decided', () => {
    const text = of(
      '  R:\n    Type: T\n    Condition: IsProd\n    Properties: {P: !If [IsProd, a, b], Q: !If [IsDev, a, b], S: !If [InUs, a, b]}\n',
    );
    assert.deepEqual(
      templateOf(text)
        .resource('R')
        ?.conditions.map((c) => c.text),
      ['IsProd'],
    );
    assert.deepEqual(ask(text, 'P'), ['IsProd: "a"']);
    assert.deepEqual(ask(text, 'Q'), ['IsProd: "b"']);
    assert.deepEqual(ask(text, 'S'), ['IsProd & InUs: "a"', 'IsProd & not InUs: "b"']);
  });

  it('a resource that can never be is left out; one that always is carries nothing', () => {
    const built = templateOf(
      of(
        '  N: {Type: T, Condition: Never}\n  A: {Type: T, Condition: Always}\n  R:\n    Type: T\n    Properties: {P: !Ref N}\n',
      ),
    );
    assert.deepEqual(
      built.resources.map((r) => [r.address, r.conditions.length]),
      [
        ['A', 0],
        ['R', 0],
      ],
    );
    assert.deepEqual(ask(built, 'P'), ['resource N']);
  });

  it('constant conditions leave one branch; defaults decide nothing', () => {
    const text = of(
      '  R:\n    Type: T\n    Properties: {P: !If [Always, a, b], Q: !If [Never, a, b], S: !If [IsDev, a, b]}\n',
    );
    assert.deepEqual(ask(text, 'P'), ['"a"']);
    assert.deepEqual(ask(text, 'Q'), ['"b"']);
    assert.deepEqual(ask(text, 'S'), ['IsDev: "a"', 'not IsDev: "b"']);
  });

  it('conditions that lead back to themselves leave both branches', () => {
    assert.deepEqual(ask(of('  R: {Type: T, Properties: {P: !If [Loop, a, b]}}\n'), 'P'), [
      'Loop: "a"',
      'not Loop: "b"',
    ]);
  });

  it('a default is no value where the condition rules it out', () => {
    const text = of(
      '  R:\n    Type: T\n    Properties:\n      P: !If [HasKey, !Ref Key, !Ref AWS::NoValue]\n      Q: !Ref Key\n      S: !If [HasSubnets, !Ref Subnets, !Ref Subnets]\n',
    );
    assert.deepEqual(ask(text, 'P'), ['HasKey: unknown(Key)', 'not HasKey: nothing']);
    assert.deepEqual(ask(text, 'Q'), ['"" <parameter Key>']);
    assert.deepEqual(ask(text, 'S'), ['HasSubnets: unknown(Subnets)', 'not HasSubnets: [] <parameter Subnets>']);
  });

  it('definitions that ask for themselves in forbidden places do no harm', () => {
    const long = 'x'.repeat(400);
    const inner = [`!Join ['', [${long}, !If [A, b, c]]]`, '!If [A, x, y]', '!Base64 {Fn::If: [A, x, y]}'];
    const deep = `${"!Join ['', [".repeat(30)}!If [A, x, y]${']]'.repeat(30)}`;
    for (const operand of [...inner, deep, '!FindInMap [M, a, !If [A, x, y]]']) {
      const text = `Mappings: {M: {a: {x: x}}}\nConditions:\n  A: !Equals [${operand}, x]\nResources:\n  R: {Type: T, Properties: {P: !If [A, 1, 2]}}\n`;
      assert.deepEqual(ask(text, 'P'), ['A: 1', 'not A: 2'], operand);
    }
  });

  it('what is left of allowed values counts there', () => {
    const text = of(
      '  R:\n    Type: T\n    Condition: TierB\n    Properties: {P: !Ref Tier, Q: !If [TierA, x, y]}\n  S: {Type: T, Properties: {P: !If [TierA, x, !Ref Tier]}}\n',
    );
    assert.deepEqual(ask(text, 'P'), ['TierB: unknown(Tier "b")']);
    assert.deepEqual(ask(text, 'Q'), ['TierB: "y"']);
    assert.deepEqual(ask(text, 'P', 'S'), ['TierA: "x"', 'not TierA: unknown(Tier "b"|"c")']);
  });

  it('a map is read by the same question once', () => {
    const text = `Mappings:
  M: {us-east-1: {A: 1, B: 2}, eu-west-1: {A: 3, B: 4}}
Conditions: {InUs: !Equals [!Ref AWS::Region, us-east-1]}
Resources:
  R:
    Type: T
    Properties:
      P: !Join ['', [!FindInMap [M, !Ref AWS::Region, A], !FindInMap [M, !Ref AWS::Region, B]]]
      Q: !If [InUs, !FindInMap [M, !Ref AWS::Region, A], x]
`;
    assert.deepEqual(
      ask(text, 'P').map((line) => line.split(' <')[0]),
      ['AWS::Region is us-east-1: "12"', 'AWS::Region is eu-west-1: "34"'],
    );
    assert.deepEqual(
      ask(text, 'Q').map((line) => line.split(' <')[0]),
      ['InUs: 1', 'not InUs: "x"'],
    );
  });
});
