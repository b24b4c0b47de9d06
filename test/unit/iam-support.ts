/** Shared by the tests of policy documents. */

import assert from 'node:assert/strict';
import { cloudFormationTemplate } from '../../server/src/cloudformation/template.ts';
import type { PolicyDocument, Statement } from '../../server/src/iam/document.ts';
import { policiesOf } from '../../server/src/iam/sites.ts';
import { parseJson } from '../../server/src/syntax/json.ts';
import type { Node } from '../../server/src/syntax/node.ts';
import { parseYaml } from '../../server/src/syntax/yaml.ts';
import type { Template } from '../../server/src/template/template.ts';
import { terraformModule } from '../../server/src/terraform/configuration.ts';

/** A CloudFormation template of YAML text, or of resources as data. */
export function cloudFormation(source: string | Readonly<Record<string, unknown>>, rest: object = {}): Template {
  const document =
    typeof source === 'string'
      ? parseYaml('template.yaml', source)
      : parseJson(
          'template.json',
          JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', ...rest, Resources: source }, null, 2),
        );
  const template = cloudFormationTemplate(document);
  assert.ok(template);
  return template;
}

/** A Terraform module of one JSON file. */
export function terraform(content: object): Template {
  return terraformModule([parseJson('main.tf.json', JSON.stringify(content, null, 2))]);
}

/** The one document of a template. */
export function onlyPolicy(template: Template): PolicyDocument {
  const policies = policiesOf(template);
  assert.equal(policies.length, 1, policies.map((policy) => `${policy.resource.address} ${policy.site}`).join(', '));
  return policies[0] as PolicyDocument;
}

export function onlyStatement(template: Template): Statement {
  const { statements } = onlyPolicy(template);
  assert.equal(statements.length, 1);
  return statements[0] as Statement;
}

/** The text that a node covers. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.document.text.slice(node.start, node.end);
}

/** Texts of items, with `?` for what is not known. */
export function texts(items: readonly { readonly text: string | undefined }[]): string[] {
  return items.map((item) => (item.text ?? '-').replaceAll('\u0000', '?'));
}
