import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { looksLikeTerraform } from '../../server/src/terraform/recognise.ts';

describe('recognising terraform', () => {
  const content: [string, unknown, string | undefined][] = [
    ['resource', { resource: { aws_s3_bucket: { b: {} } } }, 'terraform'],
    ['lists', { resource: [{ aws_s3_bucket: [{ b: [{}] }] }] }, 'terraform'],
    ['data', { '//': 'note', data: { aws_ami: { a: {} } } }, 'terraform'],
    ['variables and locals', { variable: { v: {} }, locals: { a: 1 } }, 'terraform'],
    ['a web answer', { data: { user: { id: 1 } } }, undefined],
    ['another web answer', { data: { some_user: { id: 1 } } }, undefined],
    ['data as a list', { data: [{ id: 1 }] }, undefined],
    ['outputs alone', { output: { x: {} } }, undefined],
    ['package.json', { name: 'x', version: '1', resource: { aws_x: { y: {} } } }, undefined],
    ['another key', { resource: { aws_x: { y: {} } }, other: {} }, undefined],
    ['CloudFormation', { Resources: { B: { Type: 'AWS::S3::Bucket' } } }, undefined],
    ['a policy', { Version: '2012-10-17', Statement: [] }, undefined],
    ['resource as text', { resource: 'aws' }, undefined],
    ['bodies as text', { resource: { aws_x: { y: 'z' } } }, undefined],
    ['a list', [{ resource: {} }], undefined],
    ['nothing', {}, undefined],
    ['plan', { format_version: '1.1', planned_values: {} }, 'terraform-plan'],
    ['plan, sorted', { configuration: {}, format_version: '1.1', resource_changes: [] }, 'terraform-plan'],
    ['state', { format_version: '1.0', terraform_version: '1.5.0', values: { root_module: {} } }, 'terraform-plan'],
    ['another format', { format_version: '1.1', values: { root_module: {} } }, undefined],
    ['words in other places', { a: { format_version: '1', planned_values: {} } }, undefined],
  ];
  for (const [name, data, expected] of content) {
    it(name, () => {
      for (const text of [JSON.stringify(data), `\ufeff \n${JSON.stringify(data, null, 2)}`]) {
        assert.equal(looksLikeTerraform(text, 'json', 'file:///x/some.json'), expected);
      }
    });
  }

  it('goes by name where the name says it', () => {
    assert.equal(looksLikeTerraform('', 'json', 'file:///x/main.tf.json'), 'terraform');
    assert.equal(looksLikeTerraform('{"a', 'terraform', 'main.tf.json'), 'terraform');
    const text = JSON.stringify({ resource: { aws_x: { y: {} } } });
    for (const name of ['a.tfvars.json', 'prod.tfvars', 'a.yaml', 'a.hcl', 'a.tftest.json', 'a.tftest.hcl'])
      assert.equal(looksLikeTerraform(text, '', name), undefined, name);
    assert.equal(looksLikeTerraform(text, 'terraform', 'untitled:1'), 'terraform');
    assert.equal(looksLikeTerraform(text, 'yaml', 'untitled:1'), undefined);
  });

  it('reads past comments, escapes and what is not written to its end', () => {
    assert.equal(
      looksLikeTerraform('{ // "x": {}\n/* "y": 1 */ "resource": {"aws_x": {"y": {"a": "\\"}', 'jsonc', 'x.json'),
      'terraform',
    );
    for (const text of ['{', '{"', '{"resource', '{"resource":', '{"resource": {"aws_x"', '{/*', '{//', '"', '']) {
      assert.equal(looksLikeTerraform(text, 'json', 'x.json'), undefined, text);
    }
  });
});
