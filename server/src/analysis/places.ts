/** Where a finding is shown. */

import type { Finding } from '../rules/rule.ts';
import type { Node } from '../syntax/node.ts';

/**
 * The places of a finding in a document: its own node, and what decides it there, the argument of a call whose module
 * lies in another file.
 * @param uri the document's
 */
export function placesIn(finding: Finding, uri: string): readonly Node[] {
  const { node, related } = finding;
  if (node.document.uri === uri) return [node];
  return related.flatMap((one) => (one.decides && one.node.document.uri === uri ? [one.node] : []));
}
