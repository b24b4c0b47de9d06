/** A template without resources: what a text stands for that is too large to be read. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Dialect, Template } from './template.ts';
import { Lineage } from './tracking.ts';
import type { Condition } from './value.ts';

export function emptyTemplate(dialect: Dialect, documents: readonly SyntaxDocument[]): Template {
  const template: Template = {
    dialect,
    documents,
    resources: [],
    outputs: [],
    parameters: [],
    providers: [],
    metadata: undefined,
    resource: () => undefined,
    ofType: () => [],
    assume: (assumed: readonly Condition[], condition: Condition) => [...assumed, condition],
    evaluate: (node) => ({ kind: 'unknown', why: 'is not read', node }),
    get lineage() {
      return lineage;
    },
  };
  const lineage = new Lineage<Template>(template);
  return template;
}
