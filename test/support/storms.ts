/** What happens in a storm over the protocol: documents as people write them, edits of every kind, and nonsense. */

import fc from 'fast-check';

const MANY = Array.from(
  { length: 130 },
  (_, i) => `resource "aws_sqs_queue" "q${i}" {\n  sqs_managed_sse_enabled = ${i % 9 ? 'true' : 'var.encrypt'}\n}\n`,
).join('');

/** By name, below the folder of the test; in two workspace folders, beside them, and nowhere on disk. */
export const FILES: Readonly<Record<string, string>> = {
  'one/template.yaml': `AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Encrypt: { Type: String, Default: 'false' }
Conditions:
  IsDev: !Equals [!Ref AWS::AccountId, '123456789012']
Resources:
  Jobs: # demarc-ignore sqs-dead-letter: none is needed
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: !Ref Encrypt
  Logs:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: !If [IsDev, false, true]
        RestrictPublicBuckets: false
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: { Effect: Allow, Principal: '*', Action: 'sts:AssumeRole' }
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: ['s3:*', iam:PassRole]
                Resource: '*'
`,
  'two/main.tf': `variable "encrypt" {
  default = false
}

module "net" {
  source = "./net"
  cidr   = "0.0.0.0/0"
}

resource "aws_sqs_queue" "jobs" {
  sqs_managed_sse_enabled = var.encrypt
}

resource "aws_s3_bucket_acl" "logs" {
  bucket = "logs"
  acl    = "public-read"
}
`,
  'two/net/main.tf': `variable "cidr" {}

resource "aws_security_group_rule" "in" {
  type        = "ingress"
  from_port   = 22
  to_port     = 22
  protocol    = "tcp"
  cidr_blocks = [var.cidr]
}
`,
  'one/policy.json': `{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "iam:*", "Resource": "*" },
    { "Effect": "Allow", "Action": ["s3:GetObjet", "kms:Decrypt"], "Resource": "arn:aws:s3:::b/*" }
  ]
}
`,
  'one/stack.json': `{
  "Resources": {
    "Db": {
      "Type": "AWS::RDS::DBInstance",
      "Properties": { "StorageEncrypted": false, "PubliclyAccessible": true, "DBInstanceClass": "db.t3.micro" }
    },
    "Disk": { "Type": "AWS::EC2::Volume", "Properties": { "AvailabilityZone": "a", "Encrypted": "false" } }
  }
}
`,
  'two/variables.tf.json': '{"variable": {"other": {"default": true}}}\n',
  'two/terraform.tfvars': 'encrypt = false\n',
  'two/many/main.tf': `variable "encrypt" {\n  default = false\n}\n${MANY}`,
  'two/many/more.tf': 'resource "aws_sqs_queue" "last" {\n  sqs_managed_sse_enabled = var.encrypt\n}\n',
  'beside/main.tf': 'module "net" {\n  source = "../two/net"\n  cidr   = "10.0.0.0/8"\n}\n',
  'untitled:new.yaml':
    'Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false\n',
  'one/notes.yaml': 'kind: Pod\nmetadata: { name: x }\n',
};

export interface TextChange {
  readonly range?: { readonly start: Position; readonly end: Position };
  readonly text: string;
}

interface Position {
  readonly line: number;
  readonly character: number;
}

const LINE_END = /\r\n|\r|\n/g;

function startsOf(text: string): number[] {
  return [0, ...[...text.matchAll(LINE_END)].map((found) => found.index + found[0].length)];
}

/** The place of an offset that is given as a part of the text. */
export function positionIn(text: string, part: number): Position {
  const offset = Math.floor(part * (text.length + 1));
  const starts = startsOf(text).filter((start) => start <= offset);
  return { line: starts.length - 1, character: offset - (starts.at(-1) ?? 0) };
}

/** An offset as the protocol has it: beyond a line is its end, beyond the text the text's end, below zero the start. */
function offsetOf(text: string, { line, character }: Position): number {
  const starts = startsOf(text);
  if (line < 0) return 0;
  const start = starts[line];
  if (start === undefined) return text.length;
  const next = starts[line + 1];
  const end = next === undefined ? text.length : start + text.slice(start, next).replace(/[\r\n]+$/, '').length;
  return Math.min(end, start + Math.max(0, character));
}

/** What a change makes of a text, told a second time: not by the code of the server. */
export function applyChange(text: string, { range, text: inserted }: TextChange): string {
  if (!range) return inserted;
  const [start, end] = [offsetOf(text, range.start), offsetOf(text, range.end)].sort((a, b) => a - b);
  return text.slice(0, start) + inserted + text.slice(end);
}

const FRAGMENTS = [
  ...[
    'false',
    'true',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '- ',
    '  ',
    '\n',
    '\r\n',
    '\r',
    '\t',
    '#',
    '/*',
    '*/',
    '<<E\n',
  ],
  ...[
    '\ud83d',
    '\ude00',
    '😀',
    '\u0000',
    '\ufeff',
    'é',
    '!Ref X',
    '!If [A, b, !Ref AWS::NoValue]',
    '&a ',
    '*a',
    '<<: *a',
    '${',
  ],
  ...[
    '${var.encrypt}',
    'var.encrypt',
    'module "x" {\n  source = "./net"\n}\n',
    '"Statement": [',
    'Statement:\n',
    '"*"',
    '0.0.0.0/0',
  ],
  ...['# demarc-ignore sqs-encryption-disabled: so', 'Resources:\n', 'Type: AWS::S3::Bucket\n', 'iam:*', '...\n---\n'],
];

const part = fc.nat(99_999).map((one) => one / 100_000);
const beyond = fc.constantFrom(-1, 0, 7, 1000, 2 ** 31 - 1);

/** A change, made for the text that is there when it comes. */
export class Edit {
  constructor(
    private readonly kind: string,
    private readonly from: number,
    private readonly length: number,
    private readonly fragment: string,
    private readonly wild: readonly [number, number, number, number],
  ) {}

  of(text: string): TextChange {
    const start = positionIn(text, this.from);
    const span = (length: number) => ({
      start,
      end: positionIn(text, Math.min(this.from + length / (text.length + 1), 1)),
    });
    switch (this.kind) {
      case 'toggle': {
        const at = /\b(?:true|false)\b/.exec(text.slice(Math.floor(this.from * text.length)));
        if (!at) return { range: span(0), text: this.fragment };
        const offset = (Math.floor(this.from * text.length) + at.index) / (text.length + 1);
        const found = positionIn(text, offset + 1e-9);
        const end = { line: found.line, character: found.character + at[0].length };
        return { range: { start: found, end }, text: at[0] === 'true' ? 'false' : 'true' };
      }
      case 'insert':
        return { range: span(0), text: this.fragment };
      case 'delete':
        return { range: span(this.length), text: '' };
      case 'replace':
        return { range: span(this.length), text: this.fragment };
      case 'backwards': {
        const { start: one, end: other } = span(this.length);
        return { range: { start: other, end: one }, text: this.fragment };
      }
      case 'wild': {
        const [line, character, toLine, to] = this.wild;
        return { range: { start: { line, character }, end: { line: toLine, character: to } }, text: this.fragment };
      }
      case 'lines':
        return { text: text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('\n', '\r\n') };
      default:
        return { text: text.slice(0, Math.floor((1 - this.from / 10) * text.length)) };
    }
  }

  toString(): string {
    return JSON.stringify([this.kind, this.from, this.length, this.fragment, this.wild]);
  }
}

const KINDS = [
  ...['toggle', 'toggle', 'toggle', 'toggle', 'insert', 'insert', 'insert', 'insert', 'insert', 'delete', 'delete'],
  ...['replace', 'replace', 'backwards', 'backwards', 'wild', 'lines', 'cut'],
];
const edit = fc
  .tuple(
    fc.constantFrom(...KINDS),
    part,
    fc.integer({ min: 1, max: 60 }),
    fc.constantFrom(...FRAGMENTS),
    fc.tuple(beyond, beyond, beyond, beyond),
  )
  .map(([kind, from, length, fragment, wild]) => new Edit(kind, from, length, fragment, wild));

const settings = fc.constantFrom(
  {},
  { tier: 'all' },
  { enable: false },
  { rules: { 'sqs-encryption-disabled': 'off' } },
  { rules: { CKV_AWS_27: 'critical', nothing: 'off' } },
  { exclude: ['**/*.json'] },
  { exclude: ['one/**', 'net/*.tf'], tier: 'core' },
  { tier: 7, rules: [], exclude: 'x', enable: 'no' },
);

const GARBAGE: readonly unknown[] = [
  null,
  7,
  'x',
  [],
  {},
  { line: -1, character: 1e9 },
  { line: 0.5 },
  { uri: 3 },
  '\ud83d',
];
const METHODS = [
  ...[
    'textDocument/hover',
    'textDocument/completion',
    'textDocument/codeAction',
    'textDocument/diagnostic',
    'demarc/hover',
  ],
  ...[
    'demarc/map',
    'demarc/compare',
    'demarc/status',
    'demarc/explain',
    'demarc/explainService',
    'completionItem/resolve',
  ],
  ...['textDocument/didOpen', 'textDocument/didChange', 'textDocument/didClose', 'textDocument/didSave'],
  ...['workspace/didChangeWatchedFiles', 'workspace/symbol', 'textDocument/formatting', 'no/such', '$/no', ''],
];

const nonsense = fc.record({
  method: fc.constantFrom(...METHODS),
  one: fc.constantFrom(...GARBAGE),
  other: fc.constantFrom(...GARBAGE),
  shape: fc.nat(4),
});

/** A message without sense: its parameters are half right. */
export function nonsenseOf({ nonsense: { method, one, other, shape } }: Action, uri: string): [string, unknown] {
  const textDocument = { uri };
  const shapes: unknown[] = [
    { textDocument: one, position: other },
    { textDocument, position: one, range: other, context: one },
    { textDocument, position: { line: 0, character: 0 }, diff: { role: one, other } },
    { uris: [uri, one], templates: [{ base: [one], head: other }], ruleId: one, serviceId: other, changes: [one] },
    { textDocument, range: { start: one, end: other }, context: { diagnostics: [one], only: other } },
  ];
  return [method, shapes[shape]];
}

/** A text with the changes of an action. */
export function rewritten({ changes }: Action, text: string): string {
  return changes.reduce((now, change) => applyChange(now, change.of(now)), text);
}

const WHAT = [
  ...[
    'open',
    'open',
    'close',
    'rename',
    'edit',
    'edit',
    'edit',
    'edit',
    'edit',
    'edit',
    'edit',
    'edit',
    'save',
    'settings',
  ],
  ...[
    'write',
    'configure',
    'folders',
    'diagnostic',
    'diagnostic',
    'diagnostic',
    'hover',
    'hover',
    'completion',
    'action',
  ],
  ...['map', 'status', 'compare', 'nonsense', 'wait', 'wait'],
] as const;

export interface Action {
  readonly kind: (typeof WHAT)[number];
  /** Which file. */
  readonly name: number;
  /** Which open document, and where: parts of the whole. */
  readonly where: number;
  readonly at: number;
  /** For small decisions. */
  readonly odd: number;
  readonly changes: readonly Edit[];
  readonly settings: object;
  readonly nonsense: {
    readonly method: string;
    readonly one: unknown;
    readonly other: unknown;
    readonly shape: number;
  };
}

const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom(...WHAT),
  name: fc.nat(99),
  where: part,
  at: part,
  odd: fc.nat(29),
  changes: fc.array(edit, { minLength: 1, maxLength: 3 }),
  settings,
  nonsense,
});

/** What happens in one storm. */
export const storm = fc.array(action, { minLength: 30, maxLength: 200, size: 'max' });
