/** Settings of one resource that another holds: whose they are, where names are variables. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';

/** Resources in which a rule finds something. */
function found(rule: string, text: string): string[] {
  const analysis = analyze([{ uri: 'file:///m/main.tf', text }], { ...DEFAULT_SETTINGS, tier: 'all' });
  assert.ok(analysis);
  return analysis.findings
    .map(({ finding }) => finding)
    .flatMap((one) => (one.rule.id === rule ? [one.resource.address] : []));
}

const BUCKETS = `
variable "name" {}
variable "other" {}
resource "aws_s3_bucket" "named" {
  bucket = var.name
}
resource "aws_s3_bucket" "plain" {
  bucket = "example"
}
`;

const versioning = (bucket: string, status = 'Enabled') => `
resource "aws_s3_bucket_versioning" "v" {
  bucket = ${bucket}
  versioning_configuration {
    status = "${status}"
  }
}
`;

describe('companions', () => {
  it('belong to the resource whose name is the same variable, and to no other', () => {
    assert.deepEqual(found('s3-versioning', BUCKETS + versioning('var.name')), ['aws_s3_bucket.plain']);
    assert.deepEqual(found('s3-versioning', BUCKETS + versioning('var.name', 'Suspended')), [
      'aws_s3_bucket.plain',
      'aws_s3_bucket_versioning.v',
    ]);
  });

  it('may belong to any resource while nothing says to which', () => {
    assert.deepEqual(found('s3-versioning', BUCKETS + versioning('var.other')), []);
  });

  it('may belong to another under a condition', () => {
    const bucket = 'var.other == "a" ? var.name : var.other';
    assert.deepEqual(found('s3-versioning', BUCKETS + versioning(bucket)), []);
  });
});

describe('a value that is being typed', () => {
  it('is neither there nor left out', () => {
    const user = (rest: string) => `resource "aws_iam_user_policy" "p" {\n  user${rest}`;
    assert.deepEqual(found('iam-user-policy-attached', user(' = "ann"\n}\n')), ['aws_iam_user_policy.p']);
    assert.deepEqual(found('iam-user-policy-attached', user(' =')), []);
    const entry = (rest: string) => `resource "aws_network_acl_rule" "r" {
  network_acl_id = aws_network_acl.a.id
  rule_number    = 1
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "0.0.0.0/0"
${rest}`;
    assert.deepEqual(found('nacl-all-ports', entry('}\n')), ['aws_network_acl_rule.r']);
    assert.deepEqual(found('nacl-all-ports', entry('  from_port =')), []);
  });
});
