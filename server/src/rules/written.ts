/** What is written, in the one form that edits of Terraform are given in: as its JSON syntax would have it. */

import type { Node } from '../syntax/node.ts';

/**
 * The text of a scalar as it would stand in Terraform's JSON syntax: an expression of HCL is `${…}`.
 * @returns undefined for what is no text
 */
export function writtenTemplate(node: Node): string | undefined {
  if (node.kind !== 'string') return undefined;
  if (typeof node.value === 'string') return node.value;
  return node.document.language === 'hcl' && node.style === 'plain' ? `\${${node.source}}` : undefined;
}
