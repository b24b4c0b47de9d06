import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PolicyDocument } from '../../server/src/iam/document.ts';
import { policiesOf } from '../../server/src/iam/sites.ts';
import { checkTemplate } from '../../server/src/rules/engine.ts';
import { RULES } from '../../server/src/rules/index.ts';
import { textOf, texts } from './iam-support.ts';
import { moduleOf } from './terraform-support.ts';

/** Documents of a module in HCL, by address; text that a data source takes in by address and property. */
function documents(text: string): Record<string, PolicyDocument> {
  const policies = policiesOf(moduleOf({ 'main.tf': text }));
  return Object.fromEntries(
    policies.map((policy) => [
      policy.resource.address.replace('data.aws_iam_policy_document.', '') + (policy.site && ` ${policy.site}`),
      policy,
    ]),
  );
}

const sids = (statements: PolicyDocument['statements'] | undefined) =>
  (statements ?? []).map(({ sid, effect }) => `${sid?.text ?? '-'} ${effect}`);

const block = (sid: string, effect = 'Allow', action = 's3:GetObject') => `
  statement {
    sid       = "${sid}"
    effect    = "${effect}"
    actions   = ["${action}"]
    resources = ["*"]
  }`;

const data = (name: string, body: string) => `data "aws_iam_policy_document" "${name}" {${body}\n}\n`;
const json = (name: string) => `data.aws_iam_policy_document.${name}.json`;

describe('documents that a data source merges', () => {
  it('its own statements override those of sources by Sid', () => {
    const found = documents(
      data('base', block('Same') + block('Other')) +
        data('top', `\n  source_policy_documents = [${json('base')}]${block('Same', 'Deny')}`) +
        `resource "aws_iam_policy" "p" {\n  policy = ${json('top')}\n}`,
    );
    assert.deepEqual(sids(found.top?.statements), ['Same Deny']);
    assert.deepEqual(sids(found.top?.included), ['Other Allow']);
    assert.deepEqual(sids(found.base?.statements), ['Other Allow'], 'what is in force nowhere is not judged');
    assert.deepEqual([found.base?.kind, found.top?.open], ['identity', undefined]);
  });

  it('overriding documents override its own, the last one wins', () => {
    const found = documents(
      data('one', block('A', 'Allow', 's3:One')) +
        data('two', block('A', 'Deny', 's3:Two')) +
        data('top', `${block('A')}${block('B')}\n  override_policy_documents = [${json('one')}, ${json('two')}]`),
    );
    assert.deepEqual(sids(found.top?.statements), ['B Allow']);
    assert.deepEqual(sids(found.top?.included), ['A Deny']);
    assert.deepEqual(sids(found.one?.statements), []);
    assert.deepEqual(sids(found.two?.statements), ['A Deny']);
  });

  it('a document that is also used by itself stays as it is', () => {
    const found = documents(
      data('base', block('Same')) +
        data('top', `\n  source_policy_documents = [${json('base')}]${block('Same', 'Deny')}`) +
        `resource "aws_iam_policy" "p" {\n  policy = ${json('base')}\n}`,
    );
    assert.deepEqual(sids(found.base?.statements), ['Same Allow']);
    assert.deepEqual(sids(found.top?.included), []);
  });

  it('statements without a Sid never override, nor do those that are there at times', () => {
    const found = documents(
      'variable "on" {}\n' +
        data('base', block('') + block('Same')) +
        data(
          'top',
          `\n  source_policy_documents = [${json('base')}]${block('', 'Deny')}
  dynamic "statement" {
    for_each = var.on ? [1] : []
    content {
      sid       = "Same"
      effect    = "Deny"
      actions   = ["s3:*"]
      resources = ["*"]
    }
  }`,
        ),
    );
    assert.deepEqual(sids(found.top?.included), [' Allow', 'Same Allow']);
    assert.deepEqual(sids(found.top?.statements), [' Deny', 'Same Deny']);
  });

  it('through several steps, and the older arguments', () => {
    const found = documents(
      data('a', block('A') + block('X')) +
        data('b', `\n  source_json = ${json('a')}${block('A', 'Deny')}`) +
        data(
          'c',
          `\n  source_policy_documents = [${json('b')}]\n  override_json = jsonencode({
    Statement = [{ Sid = "X", Effect = "Deny", Action = "*", Resource = "*" }]
  })`,
        ),
    );
    assert.deepEqual(sids(found.c?.included).sort(), ['A Deny', 'X Deny']);
    assert.deepEqual(sids(found.a?.statements), ['X Allow'], 'the older b still has it');
  });

  it('what is taken in and not known leaves a document open', () => {
    const open = (argument: string) =>
      documents(`variable "x" {}\nvariable "on" {}\n${data('a', block('A'))}${data('top', `\n  ${argument}`)}`).top
        ?.open !== undefined;
    assert.ok(open('source_policy_documents = var.x'));
    assert.ok(open('source_policy_documents = [file("p.json")]'));
    assert.ok(open('override_policy_documents = [templatefile("p.json", {})]'));
    assert.ok(open(`source_policy_documents = concat([${json('a')}], var.x)`));
    assert.ok(open(`override_policy_documents = [replace(${json('a')}, "a", "b")]`));
    assert.ok(open(`override_policy_documents = var.on ? [${json('a')}] : []`));
    assert.ok(!open(`source_policy_documents = compact([${json('a')}])`));
    assert.ok(!open(`source_policy_documents = flatten([[${json('a')}], []])`));
  });

  it('circles of documents end', () => {
    const found = documents(
      data('a', `\n  source_policy_documents = [${json('b')}]${block('A')}`) +
        data('b', `\n  override_policy_documents = [${json('a')}]${block('A')}`),
    );
    assert.equal(Object.keys(found).length, 2);
    for (const policy of Object.values(found)) assert.doesNotThrow(() => [policy.statements, policy.included]);
  });

  it('one cause is one finding, where the statement is written', () => {
    const template = moduleOf({
      'main.tf':
        data('base', block('Admin', 'Allow', '*')) +
        data('top', `\n  source_policy_documents = [${json('base')}]${block('Own')}`) +
        `resource "aws_iam_policy" "p" {\n  policy = ${json('top')}\n}
resource "aws_iam_policy" "q" {\n  policy = ${json('top')}\n}`,
    });
    const stars = checkTemplate(template, RULES).filter(({ node }) => textOf(node) === '"*"');
    const places = stars.map(({ rule, node }) => `${rule.id} ${node.start}`);
    assert.deepEqual(places, [...new Set(places)]);
    assert.ok(
      stars.some(({ rule }) => rule.id === 'iam-admin-star'),
      places.join(),
    );
    const overridden = moduleOf({
      'main.tf':
        data('base', block('Admin', 'Allow', '*')) +
        data('top', `\n  source_policy_documents = [${json('base')}]${block('Admin')}`) +
        `resource "aws_iam_policy" "p" {\n  policy = ${json('top')}\n}`,
    });
    assert.ok(!checkTemplate(overridden, RULES).some(({ rule }) => rule.id === 'iam-admin-star'));
  });
});

describe('statements as they are written in HCL', () => {
  it('repeated blocks, principals, conditions, what is excepted', () => {
    const found = documents(
      data(
        'd',
        `
  statement {
    not_actions   = ["iam:*"]
    not_resources = [aws_s3_bucket.b.arn, "\${aws_s3_bucket.b.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
    condition {
      test     = "StringLike"
      variable = "aws:username"
      values   = ["&{aws:username}", "x"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
  }
  statement {
    effect  = "Deny"
    actions = ["s3:*"]
    not_principals {
      type        = "*"
      identifiers = ["*"]
    }
  }`,
      ),
    );
    const [first, second] = found.d?.statements ?? [];
    assert.ok(first && second);
    assert.deepEqual(texts(first.notActions), ['iam:*']);
    assert.deepEqual(texts(first.notResources), ['?', '?/*']);
    assert.deepEqual(
      first.principals.map(({ type, text }) => `${type} ${text}`),
      ['AWS arn:aws:iam::111122223333:root', 'Service ec2.amazonaws.com'],
    );
    assert.deepEqual(
      first.conditions.map(({ operatorText, key, values }) => `${operatorText} ${key} ${texts(values)}`),
      ['StringLike aws:username ${aws:username},x', 'Bool aws:SecureTransport true'],
    );
    assert.ok(first.complete && second.complete);
    assert.deepEqual([second.effect, second.notPrincipals[0]?.type], ['Deny', '*']);
  });

  it('dynamic blocks of known and unknown lists', () => {
    const found = documents(`
variable "open" {}
variable "on" { default = true }
${data(
  'known',
  `
  dynamic "statement" {
    for_each = { Read = ["s3:GetObject"], Write = ["s3:PutObject", "s3:DeleteObject"] }
    iterator = it
    content {
      sid       = it.key
      actions   = it.value
      resources = ["*"]
      dynamic "principals" {
        for_each = it.key == "Read" ? ["*"] : []
        content {
          type        = "AWS"
          identifiers = [principals.value]
        }
      }
    }
  }`,
)}${data(
  'unknown',
  `${block('Fixed')}
  dynamic "statement" {
    for_each = var.open
    content {
      actions = statement.value
    }
  }`,
)}${data(
  'choice',
  `
  dynamic "statement" {
    for_each = var.on ? ["s3:*"] : []
    content {
      actions   = [statement.value]
      resources = ["*"]
    }
  }`,
)}`);
    assert.deepEqual(
      found.known?.statements.map(({ sid, actions, principals }) => [sid?.text, texts(actions), principals.length]),
      [
        ['Read', ['s3:GetObject'], 1],
        ['Write', ['s3:PutObject', 's3:DeleteObject'], 0],
      ],
    );
    assert.equal(found.known?.open, undefined);
    assert.deepEqual(sids(found.unknown?.statements), ['Fixed Allow']);
    assert.ok(found.unknown?.open);
    assert.deepEqual(
      found.choice?.statements.map(({ actions, templateConditions }) => [
        texts(actions),
        templateConditions.map((condition) => condition.text),
      ]),
      [[['s3:*'], ['var.on']]],
    );
  });

  it('what refers to documents, in each of the ways', () => {
    const use = (expression: string, more = '') => {
      const found = documents(`
locals {
  policy = { Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] }
  doc    = ${json('d')}
}
${data('d', block('A'))}
${more}
resource "aws_s3_bucket_policy" "p" {
  policy = ${expression}
}`);
      return Object.entries(found)
        .filter(([, policy]) => policy.consumers.some(({ resource }) => resource.type === 'aws_s3_bucket_policy'))
        .map(([name, policy]) => [name, policy.kind, policy.statements.flatMap(({ actions }) => texts(actions))]);
    };
    const ofData = [['d', 'resource', ['s3:GetObject']]];
    assert.deepEqual(use(json('d')), ofData);
    assert.deepEqual(use('data.aws_iam_policy_document.d[0].json'), ofData);
    assert.deepEqual(use('data.aws_iam_policy_document.d["k"].json'), ofData);
    assert.deepEqual(use('data.aws_iam_policy_document.d.minified_json'), ofData);
    assert.deepEqual(use('one(data.aws_iam_policy_document.d[*].json)'), ofData);
    assert.deepEqual(use('try(data.aws_iam_policy_document.d[0].json, "{}")'), ofData);
    assert.deepEqual(use('local.doc'), ofData);
    assert.deepEqual(use(`"\${${json('d')}}"`), ofData);
    assert.deepEqual(use('jsonencode(local.policy)'), [['aws_s3_bucket_policy.p policy', 'resource', ['s3:*']]]);
    assert.deepEqual(use('file("policy.json")'), []);
    assert.deepEqual(use('templatefile("policy.json", { a = 1 })'), []);
    assert.deepEqual(use(`replace(${json('d')}, "a", "b")`), []);
  });

  it('names the instance that a statement is of', () => {
    const found = documents(
      data(
        'd',
        `
  for_each = { read = "s3:GetObject", all = "s3:*" }
  statement {
    actions   = [each.value]
    resources = ["arn:aws:s3:::\${each.key}/*"]
  }`,
      ),
    );
    const [statement] = found.d?.statements ?? [];
    assert.deepEqual(
      statement?.actions.map(({ text, conditions }) => [text, conditions.map((condition) => condition.text)]),
      [
        ['s3:*', ['each.key = "all"']],
        ['s3:GetObject', ['each.key = "read"']],
      ],
    );
    assert.deepEqual(texts(statement?.resources ?? []), ['arn:aws:s3:::all/*', 'arn:aws:s3:::read/*']);
  });
});
