/** Completion in a large text reads the blocks that matter, and says what it says where nothing else is there. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { placeAt } from '../../server/src/iam/complete-place.ts';
import { Completer } from '../../server/src/lsp/completion.ts';
import { parseHcl } from '../../server/src/syntax/hcl.ts';

const ABILITIES = { snippets: true, markdown: true, descriptions: true, asksAgain: true };

/** Documents by reference, by locals, by data sources that take in others; boundaries; what is repeated. */
const MODULE = `variable "action" {
  default = "s3:GetObject"
}
locals {
  statement = { Effect = "Allow", Action = [var.action, "sqs:Send"], Resource = aws_s3_bucket.files.arn }
  document  = jsonencode({ Version = "2012-10-17", Statement = [local.statement] })
  base      = data.aws_iam_policy_document.base.json
}
locals {
  trust = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" } }] })
}
resource "aws_s3_bucket" "files" {
  bucket = "files"
}
resource "aws_sqs_queue" "many" {
  count = 2
}
resource "aws_sqs_queue" "one" {
  name = "one" # no count
}
data "aws_caller_identity" "me" {}
data "aws_iam_policy_document" "base" {
  statement {
    actions   = ["s3:GetObject"]
    resources = [aws_s3_bucket.files.arn]
  }
}
data "aws_iam_policy_document" "more" {
  source_policy_documents = [local.base]
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.one.arn]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["1"]
    }
  }
}
resource "aws_sns_topic" "news" {
  name = "news"
}
resource "aws_sqs_queue_policy" "one" {
  queue_url = aws_sqs_queue.one.url
  policy    = data.aws_iam_policy_document.more.json
}
resource "aws_iam_role" "role" {
  assume_role_policy   = local.trust
  permissions_boundary = aws_iam_policy.edge.arn
}
resource "aws_iam_policy" "edge" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "*" }] })
}
resource "aws_iam_policy" "other" {
  policy = local.document
}
resource "aws_s3_bucket_policy" "files" {
  bucket = aws_s3_bucket.files.id
  policy = <<-EOT
    { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "\${aws_s3_bucket.files.arn}/*" }] }
  EOT
}
`;

/** Blocks that say nothing of policies; large enough that a text with them is not read as a whole. */
function filler(name: string, count: number): string {
  return Array.from(
    { length: count },
    (_, i) => `resource "aws_route53_record" "${name}_${i}" {\n  name = "n${i}.example.com"\n  type = "A"\n}\n`,
  ).join('');
}

const BEFORE = filler('before', 600);
const AFTER = filler('after', 600);
const LINES = BEFORE.split('\n').length - 1;

/** Where words, texts and lines begin, and in them. */
function offsetsIn(text: string): number[] {
  return [...text.matchAll(/"[^"\n]*"|\n|[\w.]+/g)].flatMap(({ index, 0: { length } }) => [
    index,
    index + (length >> 1),
    index + length,
  ]);
}

function proposals(text: string, offset: number, lines = 0) {
  const document = TextDocument.create('file:///m/main.tf', 'terraform', 1, text);
  const list = new Completer().complete(document, { position: document.positionAt(offset) }, ABILITIES, (error) =>
    assert.fail(String(error)),
  );
  // Places are told from the sample's first line on.
  const json = JSON.stringify(list, (key, value) => (key === 'line' ? value - lines : value));
  return json === undefined ? undefined : JSON.parse(json);
}

describe('completion in large texts', () => {
  it('offers in HCL what it offers where nothing else is in the text', () => {
    let offered = 0;
    const compare = (sample: string, offset: number) => {
      const alone = proposals(sample, offset);
      if (alone) offered++;
      const large = proposals(BEFORE + sample + AFTER, BEFORE.length + offset, LINES);
      assert.deepEqual(large, alone, `${sample.slice(Math.max(0, offset - 80), offset)}|>`);
    };
    offsetsIn(MODULE).forEach((offset, i) => {
      compare(MODULE, offset);
      // Half-typed, each in another way.
      const typed = ['"', '"s3:', '[', '{', '\n  '][i % 5] as string;
      if (i % 4 === 0) compare(MODULE.slice(0, offset) + typed + MODULE.slice(offset), offset + typed.length);
    });
    assert.ok(offered > 100, `${offered} places`);
  });

  it('reads no blocks of HCL that have nothing to do with the one at hand', () => {
    const text = BEFORE + MODULE + AFTER;
    const offset = text.indexOf('sqs:SendMessage') + 4;
    const place = placeAt(text, offset, 'hcl', false);
    assert.ok(place);
    assert.match(place.marked, /aws_sqs_queue_policy/, 'what uses the document');
    assert.match(place.marked, /"aws_iam_policy_document" "base"/, 'what it takes in');
    assert.doesNotMatch(place.marked, /aws_route53_record|"role"/);
  });

  it('takes the blocks from the version that is parsed, or one before, which stays as it is', () => {
    const text = BEFORE + MODULE + AFTER;
    const known = parseHcl('file:///m/main.tf', text);
    const roots = known.roots[0]?.entries.map(({ name, value }) => [name, value.start, value.end]);
    const later = text.replace('"sqs:SendMessage"', '"sqs:SendMessage", ""');
    for (const one of [text, later]) {
      const offset = one.indexOf('sqs:SendMessage') + 4;
      const { encode: _, resources: own, ...place } = placeAt(one, offset, 'hcl', false, known) ?? {};
      const { encode: __, resources: other, ...alone } = placeAt(one, offset, 'hcl', false) ?? {};
      assert.deepEqual(place, alone);
      assert.deepEqual(
        own?.(() => true),
        other?.(() => true),
      );
    }
    assert.deepEqual(
      known.roots[0]?.entries.map(({ name, value }) => [name, value.start, value.end]),
      roots,
    );
  });

  it('reads all of the text where very much may take over what is written', () => {
    const locals = Array.from({ length: 300 }, (_, i) => `  l${i} = ${i}\n`).join('');
    const policy = '{ "Version": "2012-10-17", "Statement": [{ "Action": "s3:Get" }] }';
    const text = `${BEFORE}locals {\n${locals}  policy = <<EOT\n${policy}\nEOT\n}\n${AFTER}`;
    const place = placeAt(text, text.indexOf('s3:Get') + 3, 'hcl', false);
    assert.equal(place?.marked.match(/"aws_route53_record"/g)?.length, 1_200);
  });
});
