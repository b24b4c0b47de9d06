/** Which fixes may be applied unread: none that undoes a choice somebody wrote down. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { applyTextEdits, renderEdits } from '../../server/src/syntax/edit.ts';

/** The first fix of a rule's first finding: whether it is safe, what it is called, and what it leaves. */
function fixOf(uri: string, text: string, ruleId: string) {
  const found = analyze([{ uri, text }], DEFAULT_SETTINGS)?.findings.find(({ finding }) => finding.rule.id === ruleId);
  const [fix] = found?.finding.fixes() ?? [];
  assert.ok(fix, `${ruleId} offers no fix`);
  const edits = [...(renderEdits(fix.edits)?.values() ?? [])].flat();
  return { safe: fix.safe, title: fix.title, text: applyTextEdits(text, edits) };
}

const table = (protection: string, head = '') => `${head}Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }
      DeletionProtectionEnabled: ${protection}
`;
const RULE = 'dynamodb-deletion-protection';

describe('a fix is safe', () => {
  it('where the value is plainly written', () => {
    assert.equal(fixOf('t.yaml', table('false'), RULE).safe, true);
  });

  it('not on one arm of a condition', () => {
    const head = 'Conditions: { Prod: !Equals [!Ref AWS::Region, us-east-1] }\n';
    assert.equal(fixOf('t.yaml', table('!If [Prod, true, false]', head), RULE).safe, false);
    const module = JSON.stringify({
      variable: { prod: {} },
      resource: { aws_dynamodb_table: { t: { deletion_protection_enabled: '${var.prod ? true : false}' } } },
    });
    assert.equal(fixOf('main.tf.json', module, RULE).safe, false);
  });

  it('not at the default of a parameter', () => {
    const head = "Parameters: { Protect: { Type: String, Default: 'false' } }\n";
    const fix = fixOf('t.yaml', table('!Ref Protect', head), RULE);
    assert.equal(fix.safe, false);
    assert.match(fix.text, /Default: 'true'/);
  });

  it('and a parameter that decides more is left alone: the value is written at its use', () => {
    const head = `Parameters: { Production: { Type: String, Default: 'false' } }
Conditions: { Big: !Equals [!Ref Production, 'true'] }
`;
    const fix = fixOf('t.yaml', table('!Ref Production', head), RULE);
    assert.equal(fix.safe, false);
    assert.match(fix.text, /Default: 'false'/);
    assert.match(fix.text, /DeletionProtectionEnabled: true\n/);
    const module = JSON.stringify(
      {
        variable: { prod: { default: false } },
        resource: {
          aws_dynamodb_table: { t: { deletion_protection_enabled: '${var.prod}', name: 'orders-${var.prod}' } },
        },
      },
      null,
      2,
    );
    const terraform = fixOf('main.tf.json', module, RULE);
    assert.match(terraform.text, /"default": false/);
    assert.match(terraform.text, /"deletion_protection_enabled": true,/);
  });
});

describe('what a fix refers to', () => {
  const distribution = (bucket: string) => `resource "aws_cloudfront_distribution" "cdn" {
  enabled = true
}

resource "aws_s3_bucket" "logs" {
  acl = "log-delivery-write"
${bucket}}
`;

  it('is one resource: with count or for_each there is no one attribute', () => {
    const one = fixOf('main.tf', distribution(''), 'cloudfront-logging');
    assert.match(one.text, /bucket = aws_s3_bucket\.logs\.bucket_domain_name/);
    const several = fixOf('main.tf', distribution('  for_each = toset(["a", "b"])\n'), 'cloudfront-logging');
    assert.doesNotMatch(several.text, /aws_s3_bucket\.logs\.bucket_domain_name/);
  });
});
