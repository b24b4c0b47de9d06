import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { select } from '../../server/src/template/select.ts';
import { ask, resourceOf, templateOf } from './cloudformation-support.ts';

const HEAD = {
  Parameters: {
    Env: { Type: 'String', Default: 'dev', AllowedValues: ['dev', 'prod'] },
    Free: { Type: 'String' },
    Pick: { Type: 'String', AllowedValues: ['a', 'b'] },
    Size: { Type: 'Number', Default: '20' },
    Secret: { Type: 'String', NoEcho: true, Default: 'hunter2' },
    Hidden: { Type: 'String', NoEcho: 'true' },
    Subnets: { Type: 'List<AWS::EC2::Subnet::Id>', Default: 'subnet-1, subnet-2' },
    Names: { Type: 'CommaDelimitedList', Default: 'x,y' },
    Ami: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/aws/ami' },
  },
  Mappings: {
    M: {
      dev: { Open: true, List: ['p', 'q'], 'us-east-1': 'd1' },
      prod: { Open: false, List: ['r'], 'us-east-1': 'p1' },
    },
    Regions: { 'us-east-1': { Ami: 'ami-1' }, 'eu-west-1': { Ami: 'ami-2' } },
  },
  Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] }, Other: { 'Fn::Equals': [{ Ref: 'Free' }, 'x'] } },
};

/** The same expression short, long and in JSON. */
interface Case {
  readonly name: string;
  readonly short?: string;
  readonly json: unknown;
  readonly is: string[];
}

const CASES: Case[] = [
  { name: 'Ref to a default', short: '!Ref Env', json: { Ref: 'Env' }, is: ['"dev" <parameter Env>'] },
  { name: 'Ref to a number', short: '!Ref Size', json: { Ref: 'Size' }, is: ['20 <parameter Size>'] },
  { name: 'Ref without default', short: '!Ref Free', json: { Ref: 'Free' }, is: ['unknown(Free)'] },
  { name: 'Ref with allowed values', short: '!Ref Pick', json: { Ref: 'Pick' }, is: ['unknown(Pick "a"|"b")'] },
  { name: 'Ref to NoEcho', short: '!Ref Secret', json: { Ref: 'Secret' }, is: ['secret "hunter2" <parameter Secret>'] },
  {
    name: 'Ref to NoEcho without default',
    short: '!Ref Hidden',
    json: { Ref: 'Hidden' },
    is: ['secret unknown(Hidden)'],
  },
  {
    name: 'Ref to a list',
    short: '!Ref Subnets',
    json: { Ref: 'Subnets' },
    is: ['["subnet-1", "subnet-2"] <parameter Subnets>'],
  },
  { name: 'Ref to an SSM parameter', short: '!Ref Ami', json: { Ref: 'Ami' }, is: ['unknown(Ami)'] },
  { name: 'Ref to a resource', short: '!Ref Bucket', json: { Ref: 'Bucket' }, is: ['resource Bucket'] },
  {
    name: 'Ref to a pseudo parameter',
    short: '!Ref AWS::Region',
    json: { Ref: 'AWS::Region' },
    is: ['pseudo AWS::Region'],
  },
  { name: 'Ref to NoValue', short: '!Ref AWS::NoValue', json: { Ref: 'AWS::NoValue' }, is: ['nothing'] },
  { name: 'Ref to nothing declared', short: '!Ref Nobody', json: { Ref: 'Nobody' }, is: ['unknown()'] },
  { name: 'Ref half-typed', short: '!Ref', json: { Ref: '' }, is: ['unknown()'] },

  {
    name: 'GetAtt with a dot',
    short: '!GetAtt Bucket.Arn',
    json: { 'Fn::GetAtt': 'Bucket.Arn' },
    is: ['resource Bucket.Arn'],
  },
  {
    name: 'GetAtt as a list',
    short: '!GetAtt [Bucket, Arn]',
    json: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
    is: ['resource Bucket.Arn'],
  },
  {
    name: 'GetAtt of a nested stack',
    short: '!GetAtt Bucket.Outputs.Key',
    json: { 'Fn::GetAtt': ['Bucket', 'Outputs.Key'] },
    is: ['resource Bucket.Outputs.Key'],
  },
  { name: 'GetAtt half-typed', short: '!GetAtt Bucket.', json: { 'Fn::GetAtt': ['Bucket'] }, is: ['unknown()'] },

  {
    name: 'Sub with a parameter',
    short: "!Sub 'a-${Env}'",
    json: { 'Fn::Sub': 'a-${Env}' },
    is: ['"a-dev" <parameter Env>'],
  },
  {
    name: 'Sub with a resource',
    short: "!Sub 'arn:${Bucket}/*'",
    json: { 'Fn::Sub': 'arn:${Bucket}/*' },
    is: ['text("arn:" resource Bucket "/*")'],
  },
  {
    name: 'Sub with an attribute',
    short: "!Sub '${Bucket.Arn}/*'",
    json: { 'Fn::Sub': '${Bucket.Arn}/*' },
    is: ['text(resource Bucket.Arn "/*")'],
  },
  {
    name: 'Sub of one name',
    short: "!Sub '${Bucket.Arn}'",
    json: { 'Fn::Sub': '${Bucket.Arn}' },
    is: ['resource Bucket.Arn'],
  },
  {
    name: 'Sub with a literal',
    short: "!Sub '${!Env}-${Env}'",
    json: { 'Fn::Sub': '${!Env}-${Env}' },
    is: ['"${Env}-dev" <parameter Env>'],
  },
  { name: 'Sub with nothing to fill in', short: "!Sub 'plain'", json: { 'Fn::Sub': 'plain' }, is: ['"plain"'] },
  { name: 'Sub with an open brace', short: "!Sub 'a${Env'", json: { 'Fn::Sub': 'a${Env' }, is: ['"a${Env"'] },
  {
    name: 'Sub with variables',
    short: "!Sub ['${V}-${AWS::Region}', {V: !Ref Env}]",
    json: { 'Fn::Sub': ['${V}-${AWS::Region}', { V: { Ref: 'Env' } }] },
    is: ['text("dev-" pseudo AWS::Region) <parameter Env>'],
  },
  {
    name: 'Sub with an unknown',
    short: "!Sub 'x${Free}'",
    json: { 'Fn::Sub': 'x${Free}' },
    is: ['text("x" unknown(Free))'],
  },
  {
    name: 'Sub with a secret',
    short: "!Sub 'x${Hidden}'",
    json: { 'Fn::Sub': 'x${Hidden}' },
    is: ['secret text("x" secret unknown(Hidden))'],
  },
  {
    name: 'Sub with a branch',
    short: "!Sub ['${V}!', {V: !If [IsProd, a, b]}]",
    json: { 'Fn::Sub': ['${V}!', { V: { 'Fn::If': ['IsProd', 'a', 'b'] } }] },
    is: ['IsProd: "a!"', 'not IsProd: "b!"'],
  },

  {
    name: 'Join of known texts',
    short: "!Join ['-', [a, !Ref Env, 1]]",
    json: { 'Fn::Join': ['-', ['a', { Ref: 'Env' }, 1]] },
    is: ['"a-dev-1" <parameter Env>'],
  },
  {
    name: 'Join with a reference',
    short: "!Join ['', ['arn:', !Ref Bucket]]",
    json: { 'Fn::Join': ['', ['arn:', { Ref: 'Bucket' }]] },
    is: ['text("arn:" resource Bucket)'],
  },
  {
    name: 'Join of a list parameter',
    short: "!Join [',', !Ref Names]",
    json: { 'Fn::Join': [',', { Ref: 'Names' }] },
    is: ['"x,y" <parameter Names>'],
  },
  {
    name: 'Join with an item left out',
    short: "!Join ['-', [a, !If [IsProd, b, !Ref AWS::NoValue], c]]",
    json: { 'Fn::Join': ['-', ['a', { 'Fn::If': ['IsProd', 'b', { Ref: 'AWS::NoValue' }] }, 'c']] },
    is: ['IsProd: "a-b-c"', 'not IsProd: "a-c"'],
  },
  {
    name: 'Join of one question asked twice',
    short: "!Join ['', [!If [IsProd, a, b], !If [IsProd, c, d]]]",
    json: { 'Fn::Join': ['', [{ 'Fn::If': ['IsProd', 'a', 'b'] }, { 'Fn::If': ['IsProd', 'c', 'd'] }]] },
    is: ['IsProd: "ac"', 'not IsProd: "bd"'],
  },

  { name: 'Select', short: '!Select [1, [a, b]]', json: { 'Fn::Select': [1, ['a', 'b']] }, is: ['"b"'] },
  {
    name: 'Select by text',
    short: "!Select ['0', !Ref Names]",
    json: { 'Fn::Select': ['0', { Ref: 'Names' }] },
    is: ['"x" <parameter Names>'],
  },
  {
    name: 'Select behind the end',
    short: '!Select [7, [a, b]]',
    json: { 'Fn::Select': [7, ['a', 'b']] },
    is: ['unknown()'],
  },
  {
    name: 'Select of availability zones',
    short: "!Select [0, !GetAZs '']",
    json: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
    is: ['unknown()'],
  },
  { name: 'Split', short: "!Split [',', 'a,b']", json: { 'Fn::Split': [',', 'a,b'] }, is: ['["a", "b"]'] },
  {
    name: 'Select of a Split',
    short: "!Select [1, !Split ['-', !Sub 'x-${Env}']]",
    json: { 'Fn::Select': [1, { 'Fn::Split': ['-', { 'Fn::Sub': 'x-${Env}' }] }] },
    is: ['"dev" <parameter Env>'],
  },
  {
    name: 'Split of what deployment tells',
    short: "!Split [':', !GetAtt Bucket.Arn]",
    json: { 'Fn::Split': [':', { 'Fn::GetAtt': ['Bucket', 'Arn'] }] },
    is: ['unknown()'],
  },

  {
    name: 'If',
    short: '!If [IsProd, a, b]',
    json: { 'Fn::If': ['IsProd', 'a', 'b'] },
    is: ['IsProd: "a"', 'not IsProd: "b"'],
  },
  {
    name: 'If with nothing',
    short: '!If [IsProd, a, !Ref AWS::NoValue]',
    json: { 'Fn::If': ['IsProd', 'a', { Ref: 'AWS::NoValue' }] },
    is: ['IsProd: "a"', 'not IsProd: nothing'],
  },
  {
    name: 'If within itself',
    short: '!If [IsProd, !If [IsProd, a, b], !If [Other, c, d]]',
    json: { 'Fn::If': ['IsProd', { 'Fn::If': ['IsProd', 'a', 'b'] }, { 'Fn::If': ['Other', 'c', 'd'] }] },
    is: ['IsProd: "a"', 'not IsProd & Other: "c"', 'not IsProd & not Other: "d"'],
  },
  {
    name: 'If half-typed',
    short: '!If [IsProd, a]',
    json: { 'Fn::If': ['IsProd', 'a'] },
    is: ['IsProd: "a"', 'not IsProd: unknown()'],
  },
  { name: 'If of nothing', short: '!If []', json: { 'Fn::If': [] }, is: ['unknown()'] },
  {
    name: 'If on a condition that nobody declared',
    short: '!If [Nope, a, b]',
    json: { 'Fn::If': ['Nope', 'a', 'b'] },
    is: ['Nope: "a"', 'not Nope: "b"'],
  },

  {
    name: 'FindInMap with known keys',
    short: '!FindInMap [M, prod, Open]',
    json: { 'Fn::FindInMap': ['M', 'prod', 'Open'] },
    is: ['false <mapping M.prod.Open>'],
  },
  {
    name: 'FindInMap by a default',
    short: '!FindInMap [M, !Ref Env, Open]',
    json: { 'Fn::FindInMap': ['M', { Ref: 'Env' }, 'Open'] },
    is: ['true <parameter Env> <mapping M.dev.Open>'],
  },
  {
    name: 'FindInMap by region',
    short: '!FindInMap [Regions, !Ref AWS::Region, Ami]',
    json: { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'Ami'] },
    is: [
      'AWS::Region is us-east-1: "ami-1" <mapping Regions.us-east-1.Ami>',
      'AWS::Region is eu-west-1: "ami-2" <mapping Regions.eu-west-1.Ami>',
    ],
  },
  {
    name: 'FindInMap by an unset parameter',
    short: '!FindInMap [M, !Ref Free, !Ref AWS::Region]',
    json: { 'Fn::FindInMap': ['M', { Ref: 'Free' }, { Ref: 'AWS::Region' }] },
    is: [
      'Free is dev & AWS::Region is Open: true <mapping M.dev.Open>',
      'Free is dev & AWS::Region is List: ["p", "q"] <mapping M.dev.List>',
      'Free is dev & AWS::Region is us-east-1: "d1" <mapping M.dev.us-east-1>',
      'Free is prod & AWS::Region is Open: false <mapping M.prod.Open>',
      'Free is prod & AWS::Region is List: ["r"] <mapping M.prod.List>',
      'Free is prod & AWS::Region is us-east-1: "p1" <mapping M.prod.us-east-1>',
    ],
  },
  {
    name: 'FindInMap of a list',
    short: '!FindInMap [M, dev, List]',
    json: { 'Fn::FindInMap': ['M', 'dev', 'List'] },
    is: ['["p", "q"] <mapping M.dev.List>'],
  },
  {
    name: 'FindInMap without such a key',
    short: '!FindInMap [M, test, Open]',
    json: { 'Fn::FindInMap': ['M', 'test', 'Open'] },
    is: ['unknown()'],
  },
  {
    name: 'FindInMap with a fallback',
    short: '!FindInMap [M, test, Open, {DefaultValue: 7}]',
    json: { 'Fn::FindInMap': ['M', 'test', 'Open', { DefaultValue: 7 }] },
    is: ['7'],
  },
  {
    name: 'FindInMap by region with a fallback',
    short: '!FindInMap [Regions, !Ref AWS::Region, Ami, {DefaultValue: no}]',
    json: { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'Ami', { DefaultValue: false }] },
    is: [
      'AWS::Region is us-east-1: "ami-1" <mapping Regions.us-east-1.Ami>',
      'AWS::Region is eu-west-1: "ami-2" <mapping Regions.eu-west-1.Ami>',
      'AWS::Region is another: false',
    ],
  },

  { name: 'ImportValue', short: '!ImportValue x', json: { 'Fn::ImportValue': 'x' }, is: ['unknown()'] },
  { name: 'Base64', short: '!Base64 hello', json: { 'Fn::Base64': 'hello' }, is: ['"hello"'] },
  {
    name: 'Base64 of a Sub',
    short: "!Base64 {Fn::Sub: 'x ${Env}'}",
    json: { 'Fn::Base64': { 'Fn::Sub': 'x ${Env}' } },
    is: ['"x dev" <parameter Env>'],
  },
  { name: 'Cidr', short: '!Cidr [10.0.0.0/16, 4, 8]', json: { 'Fn::Cidr': ['10.0.0.0/16', 4, 8] }, is: ['unknown()'] },
  { name: 'GetAZs', short: "!GetAZs ''", json: { 'Fn::GetAZs': '' }, is: ['unknown()'] },
  {
    name: 'Transform',
    short: '!Transform {Name: AWS::Include, Parameters: {Location: s3://x}}',
    json: { 'Fn::Transform': { Name: 'AWS::Include' } },
    is: ['unknown()'],
  },
  { name: 'Length', short: '!Length [a, b, c]', json: { 'Fn::Length': ['a', 'b', 'c'] }, is: ['3'] },
  {
    name: 'Length of a parameter',
    short: '!Length {Ref: Subnets}',
    json: { 'Fn::Length': { Ref: 'Subnets' } },
    is: ['2 <parameter Subnets>'],
  },
  { name: 'ToJsonString', short: '!ToJsonString {a: 1}', json: { 'Fn::ToJsonString': { a: 1 } }, is: ['{a: 1}'] },
  {
    name: 'a function that nobody knows',
    short: '!Frobnicate [a]',
    json: { 'Fn::Frobnicate': ['a'] },
    is: ['unknown()'],
  },
  {
    name: 'a dynamic reference',
    short: "'{{resolve:ssm:x:1}}'",
    json: '{{resolve:ssm:x:1}}',
    is: ['"{{resolve:ssm:x:1}}"'],
  },
  { name: 'null', short: 'null', json: null, is: ['nothing'] },
];

function document(value: unknown): string {
  const bucket = { Type: 'AWS::S3::Bucket' };
  return JSON.stringify({ ...HEAD, Resources: { Bucket: bucket, R: { Type: 'AWS::X::Y', Properties: { P: value } } } });
}

/** The JSON document as YAML, with `P` written as given. */
function yaml(written: string): string {
  const text = document('@@');
  return `Parameters: ${JSON.stringify(HEAD.Parameters)}
Mappings: ${JSON.stringify(HEAD.Mappings)}
Conditions: ${JSON.stringify(HEAD.Conditions)}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  R:
    Type: AWS::X::Y
    Properties:
      P: ${text.includes('@@') ? written : ''}
`;
}

describe('intrinsic functions', () => {
  for (const { name, short, json, is } of CASES) {
    it(`${name}, JSON`, () => assert.deepEqual(ask(document(json), 'P'), is));
    it(`${name}, YAML long`, () => assert.deepEqual(ask(yaml(JSON.stringify(json)), 'P'), is));
    if (short) it(`${name}, YAML short`, () => assert.deepEqual(ask(yaml(short), 'P'), is));
  }

  it('says a value where it is used and names where it is decided', () => {
    const text = yaml('!Ref Env');
    const [found] = select(resourceOf(templateOf(text), 'R'), 'P');
    assert.ok(found);
    assert.equal(text.slice(found.value.node.outerStart, found.value.node.end), '!Ref Env');
    const hop = found.via[0];
    assert.ok(hop);
    assert.equal(text.slice(hop.node.start, hop.node.end), '"dev"');
  });

  it('says a mapped list at its use, and knows each item', () => {
    const text = document({ 'Fn::FindInMap': ['M', 'dev', 'List'] });
    const found = select(resourceOf(templateOf(text), 'R'), 'P[]');
    assert.deepEqual(
      found.map((leaf) => text.slice(leaf.node.start, leaf.node.end)),
      ['{"Fn::FindInMap":["M","dev","List"]}', '{"Fn::FindInMap":["M","dev","List"]}'],
    );
    const last = found.map((leaf) => leaf.via[leaf.via.length - 1]?.node);
    assert.deepEqual(
      last.map((node) => node && text.slice(node.start, node.end)),
      ['"p"', '"q"'],
    );
  });
});

describe('where functions stand', () => {
  const conditions = 'Conditions: {A: !Equals [!Ref AWS::Region, us-east-1]}\n';
  it('in place of Properties', () => {
    const text = `${conditions}Resources:\n  R:\n    Type: T\n    Properties: !If [A, {P: 1, Q: 2}, {P: 3}]\n`;
    assert.deepEqual(ask(text, 'P'), ['A: 1', 'not A: 3']);
    assert.deepEqual(ask(text, 'Q'), ['A: 2', 'not A: absent(Q)']);
    assert.deepEqual(ask(text, 'Z'), ['absent(Z)']);
  });

  it('as list items, which vanish where they are nothing', () => {
    const text = `${conditions}Resources:\n  R:\n    Type: T\n    Properties:\n      L:\n        - P: 1\n        - !If [A, {P: 2}, !Ref AWS::NoValue]\n        - !Ref AWS::NoValue\n        - !If [A, !Ref AWS::NoValue, {P: 3}]\n`;
    assert.deepEqual(ask(text, 'L[].P'), ['1', 'A: 2', 'not A: 3']);
  });

  it('as a whole list', () => {
    const text = `${conditions}Resources:\n  R:\n    Type: T\n    Properties:\n      L: !If [A, [{P: 1}, {P: 2}], []]\n`;
    assert.deepEqual(ask(text, 'L[].P'), ['A: 1', 'A: 2']);
  });

  it('as a policy statement', () => {
    const text = `${conditions}Resources:\n  R:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: a\n          - Fn::If:\n              - A\n              - {Effect: Allow, Action: b}\n              - {Effect: Deny, Action: c}\n`;
    assert.deepEqual(ask(text, 'PolicyDocument.Statement[].Action'), ['"a"', 'A: "b"', 'not A: "c"']);
  });

  it('as members that nobody can name', () => {
    const text = '{"Resources":{"R":{"Type":"T","Properties":{"P":1,"Fn::Transform":{"Name":"AWS::Include"}}}}}';
    assert.deepEqual(ask(text, 'P'), ['1']);
    assert.deepEqual(ask(text, 'Q'), ['unknown()']);
    assert.deepEqual(ask('{"Resources":{"R":{"Type":"T","Fn::Transform":{"Name":"AWS::Include"}}}}', 'Q'), [
      'unknown()',
    ]);
  });

  it('as a loop over members or resources, of which nothing is said', () => {
    const text = `Resources:
  'Fn::ForEach::Topics':
    - Id
    - [A, B]
    - Topic\${Id}: {Type: AWS::SNS::Topic}
  R:
    Type: T
    Properties:
      'Fn::ForEach::P':
        - X
        - [a, b]
        - \${X}: 1
`;
    const template = templateOf(text);
    assert.deepEqual(
      template.resources.map((resource) => resource.address),
      ['R'],
    );
    assert.deepEqual(ask(template, 'a'), ['unknown()']);
  });
});

describe('scalars', () => {
  it('keep their type, and leading zeros', () => {
    const text =
      'Resources:\n  R:\n    Type: T\n    Properties: {A: 012345678901, B: 5, C: "5", D: yes, E: "true", F: 1.5, G: ~, H: }\n';
    assert.deepEqual(ask(text, 'A'), ['"012345678901"']);
    assert.deepEqual(ask(text, 'B'), ['5']);
    assert.deepEqual(ask(text, 'C'), ['"5"']);
    assert.deepEqual(ask(text, 'D'), ['true']);
    assert.deepEqual(ask(text, 'E'), ['"true"']);
    assert.deepEqual(ask(text, 'F'), ['1.5']);
    assert.deepEqual(ask(text, 'G'), ['nothing']);
    assert.deepEqual(ask(text, 'H'), ['unknown()']);
  });

  it('of a parameter of type String are text', () => {
    const text =
      'Parameters: {P: {Type: String, Default: true}, Q: {Type: String, Default: 0123}}\nResources:\n  R:\n    Type: T\n    Properties: {A: !Ref P, B: !Ref Q}\n';
    assert.deepEqual(ask(text, 'A'), ['"true" <parameter P>']);
    assert.deepEqual(ask(text, 'B'), ['"0123" <parameter Q>']);
  });
});

describe('limits', () => {
  it('holds on deep nesting', () => {
    const deep = `${'{"Fn::Join":["",["a",'.repeat(400)}"x"${']]}'.repeat(400)}`;
    assert.deepEqual(ask(`{"Resources":{"R":{"Type":"T","Properties":{"P":${deep}}}}}`, 'P').length, 1);
  });

  it('holds on aliases that double', () => {
    const lines = ['a0: &a0 !Join ["", [x, x]]'];
    for (let i = 1; i < 60; i++) lines.push(`a${i}: &a${i} !Join ["", [*a${i - 1}, *a${i - 1}]]`);
    const text = `Metadata:\n  ${lines.join('\n  ')}\nResources:\n  R:\n    Type: T\n    Properties: {P: *a59}\n`;
    assert.equal(ask(text, 'P').length, 1);
  });

  it('holds on branches that double', () => {
    const names = Array.from({ length: 40 }, (_, i) => `C${i}`);
    const conditions = names.map((name) => `  ${name}: !Equals [!Ref AWS::Region, r${name}]`).join('\n');
    const items = names.map((name) => `!If [${name}, a, b]`).join(', ');
    const text = `Conditions:\n${conditions}\nResources:\n  R:\n    Type: T\n    Properties: {P: !Join ["", [${items}]]}\n`;
    const [said, ...more] = ask(text, 'P');
    assert.ok(said?.startsWith('text(choice('));
    assert.equal(more.length, 0);
  });
});
