/**
 * Files of values for variables: those that Terraform reads by itself
 * (developer.hashicorp.com/terraform/language/values/variables, "Variable Definitions (.tfvars) Files").
 */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import { withoutQuery } from '../syntax/uri.ts';

/** Whether Terraform reads a file's values for the module it lies beside: `terraform.tfvars`, `*.auto.tfvars`, and as JSON. */
export function isValuesFile(uri: string): boolean {
  return /(?:^|[/\\])(?:terraform|[^/\\]+\.auto)\.tfvars(?:\.json)?$/i.test(withoutQuery(uri));
}

/** What the values files among a module's documents set each variable to: later files win, those named `*.auto` last. */
export function assignmentsOf(documents: readonly SyntaxDocument[]): ReadonlyMap<string, Node> {
  const files = documents.filter(({ uri }) => isValuesFile(uri));
  const assigned = new Map<string, Node>();
  for (const { roots } of files.sort((a, b) => rank(a.uri) - rank(b.uri) || (a.uri < b.uri ? -1 : 1))) {
    for (const entry of roots[0]?.entries ?? []) if (!entry.duplicate) assigned.set(entry.name, entry.value);
  }
  return assigned;
}

function rank(uri: string): number {
  const name = withoutQuery(uri);
  if (/\.auto\.tfvars(?:\.json)?$/i.test(name)) return 2;
  return /\.json$/i.test(name) ? 1 : 0;
}
