/** Policy documents in a file of their own, as a template: one pseudo resource `*` for each document. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import type { Resource, Template } from '../template/template.ts';
import { Lineage } from '../template/tracking.ts';
import type { Condition, ObjectValue } from '../template/value.ts';
import { dataValue } from './json-value.ts';

const MAX_DOCUMENTS = 500;

/**
 * The template of a policy file: a JSON object, each document of a YAML stream, or each item of a list of documents.
 * @returns undefined where nothing in it is a document
 */
export function policyTemplate(document: SyntaxDocument): Template | undefined {
  const roots = document.roots
    .flatMap((root) => (root.kind === 'array' ? root.items : [root]))
    .filter((root) => root.kind === 'object' && (root.get('Statement') !== undefined || isBegun(root)))
    .slice(0, MAX_DOCUMENTS);
  if (!roots.length) return undefined;
  const resources: Resource[] = [];
  let lineage: Lineage<Template> | undefined;
  const template: Template = {
    dialect: 'policy',
    documents: [document],
    resources,
    outputs: [],
    parameters: [],
    providers: [],
    metadata: undefined,
    resource: (address) => (address === '*' ? resources[0] : undefined),
    ofType: (...types) => (types.includes('*') ? resources : []),
    assume: (assumed: readonly Condition[], condition: Condition) => [...assumed, condition],
    evaluate: dataValue,
    get lineage() {
      lineage ??= new Lineage<Template>(template);
      return lineage;
    },
  };
  for (const root of roots) {
    const properties = dataValue(root);
    if (properties.kind === 'object') resources.push(resourceOf(root, properties, template));
  }
  return template;
}

/** A document of which only the head is written: the language's Version, and no Statement yet. */
function isBegun(root: Node): boolean {
  const version = root.get('Version')?.value;
  return (
    (version === '2012-10-17' || version === '2008-10-17') &&
    root.entries.every(({ name }) => name === 'Version' || name === 'Id')
  );
}

function resourceOf(root: Node, properties: ObjectValue, template: Template): Resource {
  return {
    address: '*',
    type: '*',
    types: ['*'],
    // A document has no name: its first key stands for it.
    key: root.entries[0]?.key ?? root,
    body: root,
    properties,
    conditions: [],
    attributes: { kind: 'object', node: root, names: [], get: () => undefined },
    document: root.document,
    isData: false,
    template,
  };
}
