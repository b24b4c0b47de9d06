/** Texts made to break a reader: each small to write down, and large, deep, cyclic or exponential to read. */

import type { Source } from '../../server/src/analysis/analyze.ts';
import { template, yamlOf } from '../bench/cloudformation-documents.ts';

export interface Attack {
  readonly name: string;
  readonly sources: () => readonly Source[];
}

type Texts = Readonly<Record<string, () => string>>;

/** Attacks of one file each. */
export function attacksOn(uri: string, texts: Texts): Attack[] {
  return Object.entries(texts).map(([name, text]) => ({
    name: `${uri}: ${name}`,
    sources: () => [{ uri, text: text() }],
  }));
}

export function times(count: number, make: (i: number) => string, between = ''): string {
  return Array.from({ length: count }, (_, i) => make(i)).join(between);
}

/** A template with one bucket whose name is the given value. */
export const bucketYaml = (value: string, more = ''): string =>
  `${more}Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: ${value}\n`;
export const bucketJson = (value: string, more = ''): string =>
  `{${more}"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":${value}}}}}`;
export const bucketHcl = (value: string, more = ''): string =>
  `${more}resource "aws_s3_bucket" "b" {\n  bucket = ${value}\n}\n`;

/** The number that an attack names with FUZZ; a part of it otherwise, which shows what blows up just as well. */
export const many = (count: number, otherwise = Math.ceil(count / (count > 2_000 ? 20 : 10))): number =>
  process.env.FUZZ ? count : otherwise;

const MB = many(1_000_000, 50_000);
const DEEP = many(20_000);
/** Ten of these are more than is read of a text. */
export const LARGE = many(1_000_000, 500_000);

/** A template as people write it. */
const ordinary = (resources: number): string => yamlOf(template(resources, 3));

/** `{"Fn::If": ["C", X, "b"]}` and the like, nested. */
const nest = (open: string, close: string, depth: number, core: string): string =>
  open.repeat(depth) + core + close.repeat(depth);

const CONDITIONS = times(30, (i) => `  C${i}: !Equals [!Ref P${i}, x]\n`);
const PARAMETERS = times(30, (i) => `  P${i}:\n    Type: String\n`);
const MANY_CONDITIONS = `Parameters:\n${PARAMETERS}Conditions:\n${CONDITIONS}`;

export const YAML: readonly Attack[] = attacksOn('hostile.yaml', {
  'billion laughs': () =>
    `AWSTemplateFormatVersion: "2010-09-09"\nMetadata:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n${times(
      30,
      (i) => `  a${i + 1}: &a${i + 1} [${times(9, () => `*a${i}`, ', ')}]\n`,
    )}${bucketYaml('*a30')}`,
  'billion laughs in a resource': () =>
    `Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      Tags:\n      - &a0 {Key: k, Value: v}\n${times(
      30,
      (i) => `      - &a${i + 1} [${times(9, () => `*a${i}`, ', ')}]\n`,
    )}`,
  'billion laughs by merge keys': () =>
    `x0: &m0 {${times(50, (i) => `k${i}: v`, ', ')}}\n${times(
      40,
      (i) => `x${i + 1}: &m${i + 1}\n  <<: [*m${i}, *m${i}, *m${i}]\n  a${i}: *m${i}\n  b${i}: *m${i}\n`,
    )}${bucketYaml('x')}      <<: *m40\n`,
  'a merge of many keys in many maps': () =>
    `x: &m {${times(many(2_000), (i) => `k${i}: v`, ', ')}}\nResources:\n${times(
      many(2_000),
      (i) => `  B${i}:\n    Type: AWS::S3::Bucket\n    Properties:\n      <<: *m\n`,
    )}`,
  'anchors that hold themselves': () =>
    `Resources: &r\n  B: &b\n    Type: AWS::S3::Bucket\n    Properties: &p\n      Tags: &t [*t, *p, *b, *r]\n      <<: *p\n      Other: *b\n`,
  'a merge with itself': () => `Resources: &r\n  <<: *r\n  B: &b\n    <<: *b\n    Type: AWS::S3::Bucket\n`,
  '100,000 aliases': () => `x: &a [b]\n${bucketYaml(`[${times(many(100_000), () => '*a', ',')}]`)}`,
  '100,000 anchors': () => bucketYaml(`[${times(many(100_000), (i) => `&a${i} x`, ',')}]`),
  '20,000 nested flow brackets': () => bucketYaml('['.repeat(DEEP)),
  '20,000 nested flow brackets, closed': () => bucketYaml(nest('[', ']', DEEP, 'x')),
  '20,000 nested flow braces': () => bucketYaml(nest('{a: ', '}', DEEP, 'x')),
  '20,000 nested flow braces, open': () => bucketYaml('{a: '.repeat(DEEP)),
  '20,000 closing brackets': () => bucketYaml(']'.repeat(DEEP)),
  '20,000 dashes': () => bucketYaml(`\n      ${'- '.repeat(DEEP)}`),
  '20,000 question marks': () => bucketYaml(`\n      ${'? '.repeat(DEEP)}`),
  '20,000 colons': () => bucketYaml('a: '.repeat(DEEP)),
  '5,000 nested block maps': () => `Resources:\n${times(many(3_000), (i) => `${' '.repeat(i + 1)}k${i}:\n`)}`,
  '20,000 tags': () => bucketYaml('!Ref '.repeat(DEEP)),
  '20,000 nested short functions': () => bucketYaml(nest('!Base64 [', ']', DEEP, 'x')),
  '10 MB on one line': () => bucketYaml('x'.repeat(10 * LARGE)),
  '10 MB of flow on one line': () => bucketYaml(`[${'x,'.repeat(5 * LARGE)}]`),
  '10 MB of line breaks': () => bucketYaml('x') + '\n'.repeat(10 * LARGE),
  '10 MB of blanks': () => bucketYaml('x') + ' '.repeat(10 * LARGE),
  '10 MB of tabs': () => bucketYaml('x') + '\t'.repeat(10 * LARGE),
  '10 MB of hashes': () => `${bucketYaml('x')}${'#'.repeat(10 * LARGE)}`,
  '10 MB of comments': () => bucketYaml('x') + ' #\n'.repeat(3 * LARGE),
  '10 MB of documents': () => bucketYaml('x') + '---\n'.repeat(2.5 * LARGE),
  '1 MB on one line': () => bucketYaml('x'.repeat(MB)),
  '1 MB of flow on one line': () => bucketYaml(`[${'x,'.repeat(MB / 2)}]`),
  '1 MB of line breaks': () => bucketYaml('x') + '\n'.repeat(MB),
  '1 MB of blanks': () => bucketYaml('x') + ' '.repeat(MB),
  '1 MB of documents': () => bucketYaml('x') + '---\n'.repeat(MB / 4),
  '1 MB of comments': () => bucketYaml('x') + ' #\n'.repeat(MB / 3),
  '1 MB of words': () => bucketYaml('x') + 'a\n'.repeat(MB / 2),
  '1 MB of dashes': () => bucketYaml('x') + '-\n'.repeat(MB / 2),
  '1 MB of opening quotes': () => bucketYaml('x') + '"\n'.repeat(MB / 2),
  '1 MB of quotes on one line': () => bucketYaml('"'.repeat(MB)),
  '1 MB of single quotes on one line': () => bucketYaml("'".repeat(MB)),
  '1 MB of quotes on indented lines': () => bucketYaml('x') + '      "\n'.repeat(MB / 8),
  '1 MB of quoted items': () => bucketYaml(`[${'"",'.repeat(MB / 3)}]`),
  '1 MB of quoted keys, left open': () => bucketYaml('x') + '      "a: b\n'.repeat(MB / 12),
  '1 MB of escapes': () => bucketYaml(`"${'\\x41'.repeat(MB / 4)}"`),
  '1 MB of escapes that are none': () => bucketYaml(`"${'\\q'.repeat(MB / 2)}"`),
  '1 MB of nested flow brackets': () => bucketYaml('['.repeat(MB)),
  '1 MB of nested flow brackets, closed': () => bucketYaml(nest('[', ']', MB / 2, '')),
  '1 MB of flow brackets on lines': () => bucketYaml('x') + '      a: [\n'.repeat(MB / 11),
  '1 MB of lines of hashes': () => bucketYaml('x') + '#\n'.repeat(MB / 2),
  '1 MB of comments behind keys': () => bucketYaml('x') + times(MB / 25, (i) => `      K${i}: v # comment\n`),
  '1 MB of text in lines': () => bucketYaml(`a\n${'        some text here\n'.repeat(MB / 23)}`),
  '1 MB of carriage returns': () => bucketYaml('x') + '\r'.repeat(MB),
  '1 MB of lone surrogates': () => bucketYaml('\ud800'.repeat(MB)),
  '1 MB of bars': () => bucketYaml('x') + 'a: |\n'.repeat(MB / 5),
  '100,000 keys': () => bucketYaml('x') + times(many(100_000, 60_000), (i) => `      k${i}: v\n`),
  '100,000 keys of the top level': () => times(many(100_000), (i) => `k${i}: v\n`) + bucketYaml('x'),
  '100,000 duplicates': () => bucketYaml('x') + '      BucketName: v\n'.repeat(many(100_000)),
  '100,000 duplicate resources': () => `Resources:\n${'  B:\n    Type: AWS::S3::Bucket\n'.repeat(many(50_000))}`,
  '30,000 resources': () => `Resources:\n${times(many(30_000), (i) => `  B${i}:\n    Type: AWS::S3::Bucket\n`)}`,
  '5,000 resources, all in braces': () =>
    `Resources:\n${times(many(5_000), (i) => `  B${i}: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead}}\n`)}`,
  '500 resources of several kinds': () => ordinary(many(500)),
  '500 resources with both characters at each line end': () => ordinary(many(500)).replaceAll('\n', '\r\n'),
  '500 resources with lone surrogates everywhere': () =>
    ordinary(many(500)).replaceAll('a', '\ud800').replaceAll('e', '\udc00e'),
  '2,000 parameters that refer to each other': () =>
    `Parameters:\n${times(
      many(2_000),
      (i) =>
        `  P${i}:\n    Type: String\n    Default: !Ref P${(i + 1) % many(2_000)}\n    AllowedValues: [!Ref P${(i + 2) % many(2_000)}, !Sub "\${P${i}}"]\n`,
    )}Resources:\n${times(
      many(2_000),
      (i) =>
        `  B${i}:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub "\${P${i}}-\${P${(i + 1) % many(2_000)}}"\n`,
    )}`,
  'a policy of 5,000 statements': () =>
    `Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n${times(
      many(5_000),
      (i) => `        - Effect: Allow\n          Action: s3:*${i}\n          Resource: '*'\n`,
    )}`,
  '10,000 multi-line keys': () =>
    `Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n${'      a b\n'.repeat(many(50_000))}`,
  '5,000 nested Fn::If': () => bucketYaml(nest('{"Fn::If": [C, ', ', b]}', many(5_000), 'x')),
  '100 nested Fn::If': () =>
    `Conditions:\n${times(100, (i) => `  C${i}: !Equals [!Ref P${i}, x]\n`)}${bucketYaml(
      `${times(100, (i) => `!If [C${i}, "a${i}", `)}x${']'.repeat(100)}`,
    )}`,
  'both branches of 100 nested Fn::If': () =>
    `${MANY_CONDITIONS}${bucketYaml(`&x0 !If [C0, a, b]`)}      A:\n${times(
      29,
      (i) => `      - &x${i + 1} !If [C${i + 1}, [*x${i}], [*x${i}]]\n`,
    )}      Tags: *x29\n`,
  '30 conditions in one text': () =>
    MANY_CONDITIONS + bucketYaml(`!Join ["", [${times(30, (i) => `!If [C${i}, a, b]`, ', ')}]]`),
  '30 conditions in one substitution': () =>
    MANY_CONDITIONS +
    bucketYaml(
      `\n        Fn::Sub:\n        - "${times(30, (i) => `\${v${i}}`)}"\n        - {${times(30, (i) => `v${i}: !If [C${i}, a, b]`, ', ')}}`,
    ),
  'long form functions nested 5,000': () => bucketYaml(nest('{"Fn::Sub": ["${x}", {x: ', '}]}', many(5_000), 'x')),
  '80 nested substitutions': () => bucketYaml(nest('{"Fn::Sub": ["${x}${x}", {x: ', '}]}', 80, 'x')),
  '80 nested joins': () => bucketYaml(nest('{"Fn::Join": ["", [', ', a]]}', 80, 'x')),
  'a substitution of 100,000 holes': () => bucketYaml(`!Sub "${'${A}'.repeat(many(100_000))}"`),
  'a substitution of 500,000 openings': () => bucketYaml(`!Sub "${'${'.repeat(many(500_000))}"`),
  'a join that doubles': () =>
    bucketYaml(`&j0 !Join ["", [x, y]]`) + times(40, (i) => `      A${i}: &j${i + 1} !Join ["", [*j${i}, *j${i}]]\n`),
  'cyclic conditions': () =>
    `Conditions:\n${times(many(1_000), (i) => `  C${i}: !And [!Condition C${(i + 1) % many(1_000)}, !Not [!Condition C${(i + 7) % many(1_000)}]]\n`)}${bucketYaml('!If [C0, a, b]')}`,
  'conditions that double': () =>
    `Parameters:\n  P:\n    Type: String\nConditions:\n  C0: !Equals [!Ref P, x]\n${times(
      60,
      (i) => `  C${i + 1}: !Or [!Condition C${i}, !And [!Condition C${i}, !Not [!Condition C${i}]]]\n`,
    )}${bucketYaml('!If [C60, a, b]')}`,
  'conditions over 25 others': () =>
    `${MANY_CONDITIONS}  D: !Or [${times(25, (i) => `!And [!Condition C${i}, !Condition C${(i + 3) % 25}]`, ', ')}]\nResources:\n${times(
      200,
      (i) =>
        `  B${i}:\n    Type: AWS::S3::Bucket\n    Condition: D\n    Properties:\n      BucketName: !If [C${i % 30}, !If [C${(i + 1) % 30}, !If [D, a, b], c], d]\n`,
    )}`,
  'cyclic mappings': () =>
    `Mappings:\n  M:\n    a: &a\n      b: !FindInMap [M, a, b]\n      c: !FindInMap [M, !FindInMap [M, a, c], b]\n${bucketYaml('!FindInMap [M, a, b]')}`,
  'a mapping of 300 × 300 with open keys': () =>
    `Parameters:\n  P:\n    Type: String\nMappings:\n  M:\n${times(
      many(300, 100),
      (i) => `    a${i}:\n${times(many(300, 100), (j) => `      b${j}: v\n`)}`,
    )}${bucketYaml('!FindInMap [M, !Ref P, !Ref P]')}`,
  '10,000 parameters with 200 values each': () =>
    `Parameters:\n${times(many(2_000), (i) => `  P${i}:\n    Type: String\n    AllowedValues: [${times(100, (j) => `v${j}`, ', ')}]\n`)}${bucketYaml(
      `!Sub "${times(50, (i) => `\${P${i}}`)}"`,
    )}`,
  'names of the prototype': () =>
    `Parameters:\n  __proto__: {Type: String, Default: x}\n  constructor: {Type: String}\nConditions:\n  __proto__: !Equals [!Ref __proto__, x]\n  toString: !Not [!Condition __proto__]\nMappings:\n  __proto__: {constructor: {hasOwnProperty: x}}\nGlobals: {__proto__: {x: y}, Function: {constructor: a}}\nMetadata: {__proto__: {Demarc: {Ignore: [{Rule: __proto__}]}}}\nResources:\n  __proto__:\n    Type: AWS::S3::Bucket\n    Condition: __proto__\n    Properties: {__proto__: {x: y}, BucketName: !If [toString, !Ref __proto__, !FindInMap [__proto__, constructor, hasOwnProperty]]}\n  constructor:\n    Type: constructor\n    Properties: {hasOwnProperty: !GetAtt __proto__.constructor}\n  toString:\n    Type: __proto__\n    Metadata: {Demarc: {Ignore: [{Rule: constructor, Reason: x}]}}\n  hasOwnProperty: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {__proto__: x, Statement: {Effect: __proto__, Action: constructor, Condition: {__proto__: {constructor: x}, toString: {__proto__: [y]}}, Principal: {__proto__: '*'}}}}}\nOutputs:\n  __proto__: {Value: !Ref constructor}\n`,
  'numbers of all kinds': () =>
    bucketYaml(
      `[${'NaN .nan .inf -.inf Infinity 1e999 -1e999 0x1F 0o17 0b1 017 1_000 190:20:30 +1 -0 9007199254740993 1e-999 .5 5. 0x 1e'.split(' ').join(', ')}]`,
    ),
  'lone surrogates and controls': () =>
    bucketYaml('"a\ud800b\udc00\u0000\u202e\u2066\u001b[31m\u0085\u2028\u2029\ufeff"') +
    '\ufeff\u0000\ud800: \udfff\n\u202e: x\n',
  'only carriage returns': () => bucketYaml('x', '# demarc-ignore all: x\n').replaceAll('\n', '\r').repeat(200),
  'mixed line ends': () =>
    times(many(3_000), (i) => `k${i}: v${['\n', '\r', '\r\n', '\n\r', '\u2028\n'][i % 5]}`) + bucketYaml('x'),
  'marks of byte order everywhere': () => `\ufeff\ufeff${bucketYaml('\ufeffx').split('\n').join('\n\ufeff')}`,
  '100,000 ignore comments': () => `${bucketYaml('x')}${'# demarc-ignore s3-versioning: why\n'.repeat(many(100_000))}`,
  'an ignore comment of 1 MB': () =>
    `# demarc-ignore-file ${'s3-versioning,'.repeat(many(70_000))}: why\n${bucketYaml('x')}`,
  'an ignore comment of unknown rules': () =>
    `${bucketYaml('x')}# demarc-ignore ${times(many(70_000), (i) => `s3-versionin${i}`, ', ')}: why\n`,
  'other tools’ comments without end': () =>
    `${bucketYaml('x')}#${'checkov:skip='.repeat(many(50_000))}\n#${'checkov:skip=CKV_AWS_1'.repeat(many(30_000))}\n# cfn_nag${' '.repeat(many(200_000))}x\n#${' kics-scan ignore-line'.repeat(many(20_000))}\n# trivy:ignore:${'a'.repeat(many(200_000))}\n# nosec${' \t'.repeat(many(100_000))}\n# tfsec:ignore:${'a-'.repeat(many(200_000))}[\n`,
  'a metadata ignore list of 20,000': () =>
    `Metadata:\n  Demarc:\n    Ignore:\n${times(many(20_000), (i) => `    - {Rule: s3-versionin${i}, Reason: x}\n`)}${bucketYaml('x')}`,
  'globals over 300 functions': () =>
    `Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    Environment:\n      Variables:\n${times(many(500), (i) => `        V${i}: x\n`)}Resources:\n${times(
      300,
      (i) =>
        `  F${i}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Environment:\n        Variables: {A: b}\n`,
    )}`,
  'foreach nested': () =>
    `Transform: AWS::LanguageExtensions\nResources:\n${times(100, (i) => `${'  '.repeat(i + 1)}Fn::ForEach::L${i}:\n${'  '.repeat(i + 1)}- x\n${'  '.repeat(i + 1)}- [${times(50, (j) => `v${j}`, ', ')}]\n${'  '.repeat(i + 1)}-\n`)}`,
  'references in a ring': () =>
    `Resources:\n${times(
      many(3_000),
      (i) =>
        `  Q${i}:\n    Type: AWS::SQS::Queue\n    DependsOn: Q${(i + 1) % many(3_000)}\n    Properties:\n      QueueName: !Ref Q${(i + 1) % many(3_000)}\n      KmsMasterKeyId: !GetAtt Q${(i + 2) % many(3_000)}.Arn\n`,
    )}`,
  'a bucket policy for each of 1,000 buckets': () =>
    `Resources:\n${times(
      many(1_000),
      (i) =>
        `  B${i}:\n    Type: AWS::S3::Bucket\n  P${i}:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref B${i}\n      PolicyDocument: {Statement: {Effect: Allow, Principal: '*', Action: s3:GetObject, Resource: !Sub '\${B${i}.Arn}/*'}}\n`,
    )}`,
  '2,000 bucket policies for one bucket': () =>
    `Resources:\n  B:\n    Type: AWS::S3::Bucket\n${times(
      many(2_000),
      (i) =>
        `  P${i}:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref B\n      PolicyDocument: {Statement: {Effect: Allow, Principal: '*', Action: s3:GetObject, Resource: !Sub '\${B.Arn}/*'}}\n`,
    )}`,
  '5,000 security groups in a ring, 5,000 rules in one': () =>
    `Resources:\n${times(
      many(3_000),
      (i) =>
        `  G${i}:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: g\n      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0, SourceSecurityGroupId: !Ref G${(i + 1) % many(3_000)}}]\n`,
    )}  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: g\n      SecurityGroupIngress:\n${times(
      many(5_000),
      (i) => `      - {IpProtocol: tcp, FromPort: ${i}, ToPort: ${i + 5}, CidrIp: 0.0.0.0/0}\n`,
    )}`,
  '5,000 network ACL entries': () =>
    `Resources:\n  A:\n    Type: AWS::EC2::NetworkAcl\n    Properties: {VpcId: v}\n${times(
      many(5_000),
      (i) =>
        `  E${i}:\n    Type: AWS::EC2::NetworkAclEntry\n    Properties: {NetworkAclId: !Ref A, RuleNumber: ${i}, Protocol: 6, RuleAction: allow, CidrBlock: 0.0.0.0/0, PortRange: {From: ${i}, To: ${i + 9}}}\n`,
    )}`,
  '20,000 strings of user data': () =>
    `Resources:\n  I:\n    Type: AWS::EC2::Instance\n    Properties:\n      UserData:\n        Fn::Base64: !Join ["", [${times(many(20_000), (i) => `export PASSWORD=x${i}`, ', ')}]]\n`,
  '1 MB of user data': () =>
    `Resources:\n  I:\n    Type: AWS::EC2::Instance\n    Properties:\n      UserData:\n        Fn::Base64: !Sub |\n${'          export AWS_SECRET_ACCESS_KEY=abcdefghijklmnopqrstuvwxyz0123456789ABCD password=\n'.repeat(many(12_000))}`,
  '1 MB that looks like a secret': () =>
    `Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Environment:\n        Variables:\n          PASSWORD: ${'aB3'.repeat(many(300_000))}\n          TOKEN: ${'eyJ'.repeat(many(300_000))}\n          KEY: "${'-----BEGIN '.repeat(many(60_000))}"\n          URL: ${'postgres://a:'.repeat(many(50_000))}\n          SECRET: ${'AKIA'.repeat(many(200_000))}\n`,
  '20,000 environment variables': () =>
    `Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Environment:\n        Variables:\n${times(many(20_000), (i) => `          PASSWORD_${i}: hunter${i}\n`)}`,
});

export const JSON_TEXTS: readonly Attack[] = attacksOn('hostile.json', {
  '20,000 nested brackets': () => bucketJson('['.repeat(DEEP)),
  '20,000 nested brackets, closed': () => bucketJson(nest('[', ']', DEEP, '1')),
  '20,000 nested brackets on lines': () => bucketJson(nest('[\n', ']\n', DEEP, '1')),
  '20,000 nested brackets on lines, one open': () => bucketJson(nest('[\n', ']\n', DEEP, '1')).slice(0, -1),
  '20,000 nested braces': () => bucketJson('{"a":'.repeat(DEEP)),
  '20,000 nested braces, closed': () => bucketJson(nest('{"a":', '}', DEEP, '1')),
  '20,000 closing brackets': () => bucketJson(']'.repeat(DEEP)),
  '1,000,000 closing brackets': () => bucketJson(']'.repeat(MB)),
  '1,000,000 opening brackets': () => bucketJson('['.repeat(MB)),
  'brackets of both kinds, crossed': () => bucketJson('[{]}'.repeat(many(100_000))),
  'crossed brackets on lines': () => bucketJson('[\n{\n]\n}\n'.repeat(many(50_000))),
  '200 open objects and closers': () => bucketJson('{"a":'.repeat(200) + ']\n'.repeat(many(100_000))),
  '10 MB on one line': () => bucketJson(`"${'x'.repeat(10 * LARGE)}"`),
  '10 MB of numbers on one line': () => bucketJson(`[${'1,'.repeat(5 * LARGE)}1]`),
  '10 MB of line breaks': () => bucketJson('1') + '\n'.repeat(10 * LARGE),
  '10 MB of blanks': () => ' '.repeat(10 * LARGE) + bucketJson('1'),
  '10 MB of quotes': () => bucketJson('"'.repeat(10 * LARGE)),
  '10 MB of commas': () => bucketJson(`[${','.repeat(10 * LARGE)}]`),
  '10 MB of backslashes': () => bucketJson(`"${'\\'.repeat(10 * LARGE)}"`),
  '10 MB of slashes': () => bucketJson('1') + '/'.repeat(10 * LARGE),
  '1 MB on one line': () => bucketJson(`"${'x'.repeat(MB)}"`),
  '1 MB of numbers on one line': () => bucketJson(`[${'1,'.repeat(MB / 2)}1]`),
  '1 MB of quotes': () => bucketJson('"'.repeat(MB)),
  '1 MB of quotes on lines': () => bucketJson('"\n'.repeat(MB / 2)),
  '1 MB of escapes': () => bucketJson(`"${'\\u0041'.repeat(MB / 6)}"`),
  '1 MB of empty objects': () => bucketJson(`[${'{},'.repeat(MB / 3)}1]`),
  '500 resources of several kinds': () => JSON.stringify(template(many(500), 3), null, 2),
  '500 resources with both characters at each line end': () =>
    JSON.stringify(template(many(500), 3), null, 2).replaceAll('\n', '\r\n'),
  '500 resources with lone surrogates everywhere': () =>
    JSON.stringify(template(many(500), 3), null, 2).replaceAll('a', '\ud800'),
  '1 MB of open comments': () => bucketJson('1') + '/*'.repeat(MB / 2),
  '1 MB of colons': () => bucketJson(`{${':'.repeat(MB)}}`),
  '1 MB of words': () => bucketJson(`{${'a '.repeat(MB / 2)}}`),
  '1 MB of keys without values': () => bucketJson(`{${'"a" '.repeat(MB / 4)}}`),
  '1 MB of keys without values on lines': () => bucketJson(`{${'"a"\n'.repeat(MB / 4)}`),
  'blanks before colons that never come': () => bucketJson(`[${`"a"${' '.repeat(many(1_000))}`.repeat(many(1_000))}]`),
  '100,000 keys': () => bucketJson(`{${times(many(100_000), (i) => `"k${i}":1`, ',')}}`),
  '100,000 keys of the top level': () =>
    bucketJson(
      '1',
      times(many(100_000), (i) => `"k${i}":1,`),
    ),
  '100,000 duplicates': () => bucketJson(`{${times(many(100_000), () => '"k":1', ',')}}`),
  '100,000 resources': () =>
    `{"Resources":{${times(many(100_000, 1_000), (i) => `"B${i}":{"Type":"AWS::S3::Bucket"}`, ',')}}}`,
  '5,000 nested Fn::If': () => bucketJson(nest('{"Fn::If":["C",', ',"b"]}', many(5_000), '"x"')),
  '80 nested Fn::If': () => bucketJson(nest('{"Fn::If":["C",', ',"b"]}', 80, '"x"')),
  '5,000 nested Fn::Join': () => bucketJson(nest('{"Fn::Join":["",[', ',"b"]]}', many(5_000), '"x"')),
  '5,000 nested Fn::Sub': () => bucketJson(nest('{"Fn::Sub":["${x}",{"x":', '}]}', many(5_000), '"x"')),
  '80 nested Fn::Sub': () => bucketJson(nest('{"Fn::Sub":["${x}${x}",{"x":', '}]}', 80, '"x"')),
  '80 nested Fn::Select over Fn::Split': () =>
    bucketJson(nest('{"Fn::Select":[0,{"Fn::Split":[",",', ']}]}', 60, '"a,b,c"')),
  '60 nested Fn::FindInMap': () =>
    bucketJson(nest('{"Fn::FindInMap":["M",', ',"b"]}', 60, '"a"'), '"Mappings":{"M":{"a":{"b":"a"}}},'),
  'Fn::If of lists in Fn::Join': () =>
    bucketJson(
      `{"Fn::Join":["",[${times(40, (i) => `{"Fn::If":["C${i}",{"Fn::Join":["",["a",{"Fn::If":["D${i}","x","y"]}]]},"b"]}`, ',')}]]}`,
    ),
  'a policy in a string in a string': () => {
    let text = '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}';
    for (let i = 0; i < 14; i++)
      text = JSON.stringify({ Statement: text, PolicyDocument: text.length < 100_000 ? text : '' });
    return `{"Resources":{"P":{"Type":"AWS::Logs::ResourcePolicy","Properties":{"PolicyDocument":${JSON.stringify(text)}}}}}`;
  },
  'a policy string of 20,000 brackets': () =>
    `{"Resources":{"P":{"Type":"AWS::Logs::ResourcePolicy","Properties":{"PolicyName":"p","PolicyDocument":${JSON.stringify(
      `{"Statement":${'['.repeat(DEEP)}`,
    )}}}}}`,
  'names of the prototype': () =>
    '{"Parameters":{"__proto__":{"Type":"String","Default":"x"}},"Resources":{"__proto__":{"Type":"AWS::S3::Bucket","Properties":{"__proto__":{"a":1},"BucketName":{"Ref":"__proto__"}}},"constructor":{"Type":"toString","Properties":{"__proto__":{"Fn::GetAtt":["__proto__","constructor"]}}}},"Outputs":{"hasOwnProperty":{"Value":{"Fn::Sub":"${__proto__}${constructor.prototype}"}}}}',
  'numbers of all kinds': () => bucketJson('[1e999,-1e999,NaN,Infinity,-Infinity,0x1F,017,+1,.5,5.,1e,-,--1,1_000]'),
  'lone surrogates and controls': () => bucketJson('"\\ud800 \ud800 \udc00 \\u0000 \u0000 \u202e \u001b[2J \u2028"'),
  'marks of byte order everywhere': () => `\ufeff\ufeff${bucketJson('"\ufeff"').split(':').join('\ufeff:\ufeff')}`,
  'only carriage returns': () => JSON.stringify(JSON.parse(bucketJson('"x"')), null, 2).replaceAll('\n', '\r'),
  '5,000 resources, one bracket open': () =>
    `{\n  "Resources": {\n${times(many(5_000), (i) => `    "B${i}": {\n      "Type": "AWS::S3::Bucket",\n      "Properties": {\n        "BucketName": "b"\n      }\n    }`, ',\n')}\n`,
  '20,000 lines of one open array': () =>
    `{\n  "Resources": {\n    "B": {\n      "Type": "AWS::S3::Bucket",\n      "Properties": {\n        "Tags": [\n${times(many(20_000), (i) => `          { "Key": "k${i}", "Value": "v"\n`)}`,
});
