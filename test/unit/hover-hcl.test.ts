/** Hovers in HCL: what they are about and where they stand. The cursor is drawn as `‸`, what the hover marks as `«…»`. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { hoverAt } from '../../server/src/lsp/hover.ts';
import type { HoverModel } from '../../server/src/lsp/protocol.ts';
import { LineIndex } from '../../server/src/syntax/document.ts';
import { locate } from '../../server/src/template/locate.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();

const MARKS = /[‸«»]/g;

interface Drawn {
  readonly analysis: Analysis;
  readonly text: string;
  readonly offset: number;
}

function read(drawn: string, others: readonly { uri: string; text: string }[] = []): Drawn {
  const offset = drawn.replace(/[«»]/g, '').indexOf('‸');
  assert.ok(offset >= 0, 'no cursor');
  const text = drawn.replace(MARKS, '');
  const analysis = analyze([{ uri: 'main.tf', text }, ...others], DEFAULT_SETTINGS);
  assert.ok(analysis);
  return { analysis, text, offset };
}

/** The hover at the cursor; where a range is drawn, it is the hover's. */
function hover(drawn: string, others: readonly { uri: string; text: string }[] = []): HoverModel | undefined {
  const { analysis, text, offset } = read(drawn, others);
  const model = hoverAt(analysis, 'main.tf', offset);
  const marked = drawn.replace('‸', '');
  if (marked.includes('«')) {
    assert.ok(model, 'no hover');
    const lines = new LineIndex(text);
    const found = text.slice(lines.offsetAt(model.range.start), lines.offsetAt(model.range.end));
    assert.equal(found, marked.slice(marked.indexOf('«') + 1, marked.indexOf('»')));
  }
  return model;
}

/** A hover without findings: its title. */
function title(drawn: string, others: readonly { uri: string; text: string }[] = []): string | undefined {
  const model = hover(drawn, others);
  assert.deepEqual(model?.findings ?? [], []);
  return model?.subject?.title;
}

const QUEUE = (body: string) => `resource "aws_sqs_queue" "jobs" {\n${body}\n}\n`;
const GROUP = (body: string) => `resource "aws_security_group" "web" {\n  description = "web"\n${body}\n}\n`;
const rule = (header: string) =>
  `  ${header} {\n    description = "x"\n    from_port   = 443\n    to_port     = 443\n    protocol    = "tcp"\n    cidr_blocks = ["10.0.0.0/8"]\n  }\n`;

describe('hovers on resources in HCL', () => {
  it('tell about the service on every part of the header', () => {
    for (const header of [
      '«res‸ource "aws_sqs_queue" "jobs"»',
      '«resource "aws_s‸qs_queue" "jobs"»',
      '«resource "aws_sqs_queue" "jo‸bs"»',
    ]) {
      const model = hover(`${header} {\n  sqs_managed_sse_enabled = true\n}\n`);
      assert.equal(model?.subject?.isResource, true);
      assert.equal(model.subject.service?.name, 'Amazon SQS');
    }
  });

  it('tell about the service of what a registry module makes', () => {
    const call = (source: string) => `«module "d‸b"» {\n  source = "${source}"\n}\n`;
    const model = hover(call('terraform-aws-modules/rds/aws'));
    assert.equal(model?.subject?.service?.name, 'Amazon RDS');
    assert.match(model.subject.lines.join(), /^Made by the module\./);
    for (const source of ['terraform-aws-modules/rds/aws//modules/db_proxy', 'someone/rds/aws'])
      assert.equal(hover(call(source).replace(/[«»]/g, '')), undefined);
  });

  it('show what is missing there, and what is written where it is written', () => {
    const model = hover('«resource "aws_s3_bucket" "b‸"» {\n}\n');
    assert.ok(model?.findings.some((one) => one.ruleId === 's3-versioning'));
    const value = hover(QUEUE('  sqs_managed_sse_enabled = «fal‸se»'));
    assert.deepEqual(
      value?.findings.map((one) => one.ruleId),
      ['sqs-encryption-disabled'],
    );
  });

  it('tell who decides an argument, on its name', () => {
    assert.equal(title(QUEUE('  «sqs_managed‸_sse_enabled» = true')), 'sqs_managed_sse_enabled');
    assert.equal(title(QUEUE('  sqs_managed_sse_enabled = tr‸ue')), undefined);
    assert.equal(title(QUEUE('  tags = {\n    Na‸me = "jobs"\n  }')), undefined);
  });

  it('know each block of a name, also with others between', () => {
    const [one, two] = [rule('ingress'), rule('«ingr‸ess»')];
    assert.equal(title(GROUP(two)), 'ingress');
    assert.equal(title(GROUP(`${two}${one}`)), 'ingress');
    assert.equal(title(GROUP(`${one}${two}`)), 'ingress');
    const egress = rule('egress');
    assert.equal(title(GROUP(`${one}${egress}${two}${egress}`)), 'ingress');
    assert.equal(title(GROUP(`${egress}${one}${egress}${two}`)), 'ingress');
  });

  it('know the block that a loop makes by its own name', () => {
    const block = (header: string) =>
      GROUP(`  ${header} {\n    for_each = [443]\n    content {\n      from_port = 443\n    }\n  }`);
    assert.equal(title(block('«dyna‸mic "ingress"»')), 'ingress');
    assert.equal(title(block('«dynamic "ingr‸ess"»')), 'ingress');
  });

  it('find the resource in the file that is looked at', () => {
    const others = [{ uri: 'other.tf', text: 'resource "aws_sns_topic" "t" {\n}\n' }];
    const model = hover('«resource "aws_sqs_queue" "jo‸bs"» {\n  sqs_managed_sse_enabled = true\n}\n', others);
    assert.equal(model?.subject?.service?.name, 'Amazon SQS');
  });
});

describe('places in HCL', () => {
  const place = (drawn: string) => {
    const { analysis, offset } = read(drawn);
    const at = locate(analysis.template, offset);
    return at && { address: at.resource.address, path: at.path.join('.') };
  };
  const address = 'aws_security_group.web';

  it('lead through blocks, lists and objects', () => {
    const [one, two] = [rule('ingress'), rule('ingress').replace('10.0', '‸10.0')];
    assert.deepEqual(place(GROUP(two)), { address, path: 'ingress.cidr_blocks.0' });
    assert.deepEqual(place(GROUP(`${one}${two}`)), { address, path: 'ingress.1.cidr_blocks.0' });
    assert.deepEqual(place(GROUP(`${one}${rule('egress')}${two}${rule('egress')}`)), {
      address,
      path: 'ingress.1.cidr_blocks.0',
    });
    assert.deepEqual(place(GROUP('  tags = {\n    Name = "‸web"\n  }')), { address, path: 'tags.Name' });
    assert.deepEqual(place(GROUP(`${one}  tags = { Name = "‸web" }\n${one}`)), { address, path: 'tags.Name' });
  });

  it('leave out what stands around a block that a loop makes', () => {
    const body = (of: string, content: string) =>
      `  dynamic "ingress" {\n    for_each = ${of}\n    content {\n      from_port = ${content}\n    }\n  }`;
    assert.deepEqual(place(GROUP(body('[443]', '‸443'))), { address, path: 'ingress.from_port' });
    assert.deepEqual(place(GROUP(body('[‸443]', '443'))), { address, path: 'ingress' });
    assert.deepEqual(place(GROUP(`${body('[1]', '1')}\n${body('[443]', '‸443')}`)), {
      address,
      path: 'ingress.from_port',
    });
  });
});

describe('hovers on variables and locals in HCL', () => {
  const lines = (drawn: string, others: readonly { uri: string; text: string }[] = []) =>
    hover(drawn, others)?.subject?.lines;
  const queue = (value: string) => QUEUE(`  sqs_managed_sse_enabled = ${value}`);

  it('say what they are, and where that is decided', () => {
    const variable = 'variable "encrypted" {\n  default = true\n}\n';
    assert.deepEqual(lines(`${queue('«var.encr‸ypted»')}${variable}`), [
      'It is `true`.',
      '`var.encrypted` is the default in `main.tf`, line 5.',
    ]);
    assert.deepEqual(lines(queue('«v‸ar.encrypted»'), [{ uri: 'file:///a/variables.tf', text: variable }]), [
      'It is `true`.',
      '`var.encrypted` is the default in `variables.tf`, line 2.',
    ]);
    const locals = 'locals {\n  encrypted = var.encrypted\n}\n';
    assert.deepEqual(lines(`${queue('«local.encrypted‸»')}${variable}${locals}`), [
      'It is `true`.',
      '`local.encrypted` is set by `locals` in `main.tf`, line 8.',
      '`var.encrypted` is the default in `main.tf`, line 5.',
    ]);
  });

  it('say it inside of texts, calls, conditions and lists', () => {
    const variable = 'variable "name" {\n  default = "jobs"\n}\n';
    for (const value of ['"a-${«var.na‸me»}"', 'upper(«var.na‸me»)', 'true ? «var.na‸me» : null']) {
      assert.deepEqual(lines(`${QUEUE(`  name = ${value}`)}${variable}`)?.[0], 'It is `"jobs"`.');
    }
    assert.equal(lines(`locals {\n  names = ["x", «var.na‸me»]\n}\n${variable}`)?.[0], 'It is `"jobs"`.');
  });

  it('say what is not known, and keep what is sensitive to themselves', () => {
    const variable = (body: string) => `variable "name" {\n${body}\n}\n`;
    const text = (body: string) => `${QUEUE('  name = «var.na‸me»')}${variable(body)}`;
    assert.deepEqual(lines(text('  type = string')), ['Not known: variable name has no default.']);
    const secret = lines(text('  default = "hunter2"\n  sensitive = true'));
    assert.equal(secret?.[0], 'Sensitive: its value is not shown.');
    assert.doesNotMatch(String(secret), /hunter2/);
    assert.deepEqual(lines(text('  default = null'))?.[0], 'It is `null`, as if it were not set.');
    assert.deepEqual(lines(text('  default = ["a", "b"]'))?.[0], 'It is a list of 2 items.');
    assert.deepEqual(lines(text('  default = { a = 1 }'))?.[0], 'It is an object with `a`.');
  });

  it('say each value of a condition', () => {
    const text = `${QUEUE('  name = «local.na‸me»')}locals {\n  name = var.prod ? "a" : "b"\n}\nvariable "prod" {\n  type = bool\n}\n`;
    assert.match(lines(text)?.[0] ?? '', /^It is `"a"` where `var\.prod`, `"b"` where `not var\.prod`\.$/);
  });

  it('are told for nothing else', () => {
    assert.equal(hover(queue('tr‸ue')), undefined);
    assert.equal(title(QUEUE('  kms_master_key_id = aws_kms_key.k‸.id')), undefined);
    assert.equal(title(QUEUE('  # var.na‸me\n  sqs_managed_sse_enabled = true')), undefined);
  });
});

describe('hovers on policies in HCL', () => {
  const policies: readonly (readonly [string, (element: string) => string, (word: string) => string])[] = [
    [
      'jsonencode',
      (element) =>
        `resource "aws_iam_policy" "p" {\n  policy = jsonencode({\n    Statement = [{\n      Effect = "Allow"\n      ${element}\n    }]\n  })\n}\n`,
      (word) => `${word} = `,
    ],
    [
      'a heredoc',
      (element) =>
        `resource "aws_iam_policy" "p" {\n  policy = <<-EOT\n    {\n      "Statement": [{\n      "Effect": "Allow",\n        ${element}\n      }]\n    }\n  EOT\n}\n`,
      (word) => `"${word}": `,
    ],
  ];
  for (const [form, policy, key] of policies) {
    it(`tell about each part in ${form}`, () => {
      const rest =
        form === 'jsonencode' ? '\n      Resource = "arn:aws:s3:::b/*"' : ',\n "Resource": "arn:aws:s3:::b/*"';
      assert.equal(title(policy(`${key('Action')}["s3:GetObject", «"s3:Put‸Object"»]${rest}`)), 's3:PutObject');
      assert.equal(title(policy(`${key('Act‸ion')}["s3:GetObject"]${rest}`)), 'Action');
      const resource = policy(
        `${key('Action')}"s3:GetObject"${rest}`.replace('"arn:aws:s3:::b/*"', '«"arn:aws:s3:::b‸/*"»'),
      );
      assert.equal(title(resource), 'arn:aws:s3:::b/*');
    });
  }

  it('tell about each part of a data source, in each statement', () => {
    const source = (second: string) =>
      `data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["s3:ListBucket"]\n    resources = ["arn:aws:s3:::b"]\n  }\n  version = "2012-10-17"\n  statement {\n${second}\n  }\n}\nresource "aws_s3_bucket_policy" "p" {\n  bucket = "b"\n  policy = data.aws_iam_policy_document.d.json\n}\n`;
    const all = (name: string, drawn: string) => {
      const lines: Record<string, string> = {
        actions: '    actions = ["s3:GetObject"]',
        resources: '    resources = ["arn:aws:s3:::b/*"]',
        principals: '    principals {\n      type = "Service"\n      identifiers = ["logging.s3.amazonaws.com"]\n    }',
        condition:
          '    condition {\n      test = "StringEquals"\n      variable = "aws:SourceAccount"\n      values = ["123456789012"]\n    }',
      };
      return source(Object.values({ ...lines, [name]: drawn }).join('\n'));
    };
    assert.equal(title(all('actions', '    actions = [«"s3:Get‸Object"»]')), 's3:GetObject');
    assert.equal(title(all('actions', '    «act‸ions» = ["s3:GetObject"]')), 'actions');
    assert.equal(title(all('resources', '    resources = [«"arn:aws:s3:::b‸/*"»]')), 'arn:aws:s3:::b/*');
    const principals = (header: string, name: string) =>
      all('principals', `    ${header} {\n      type = "Service"\n      identifiers = [${name}]\n    }`);
    assert.equal(title(principals('«princ‸ipals»', '"logging.s3.amazonaws.com"')), 'principals');
    assert.equal(
      title(principals('principals', '«"logging.s‸3.amazonaws.com"»')),
      'Principal logging.s3.amazonaws.com',
    );
    const condition = (test: string, variable: string, value: string) =>
      all(
        'condition',
        `    condition {\n      test = ${test}\n      variable = ${variable}\n      values = [${value}]\n    }`,
      );
    const [test, variable, value] = ['"StringEquals"', '"aws:SourceAccount"', '"123456789012"'];
    assert.equal(title(condition('«"String‸Equals"»', variable, value)), 'StringEquals');
    assert.equal(title(condition(test, '«"aws:Source‸Account"»', value)), 'aws:SourceAccount');
    assert.equal(title(condition(test, variable, '«"1234‸56789012"»')), 'aws:SourceAccount StringEquals 123456789012');
    assert.match(title(source('').replace('"d" {', '‸"d" {')) ?? '', /policy/i);
  });
});
