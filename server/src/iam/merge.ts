/**
 * How a data source merges the documents that it takes in. Statements of `source_policy_documents` come first, then its
 * own, then those of `override_policy_documents`; a later one takes the place of an earlier one with the same Sid.
 * Source: terraform-provider-aws, internal/service/iam/policy_document_data_source.go and policy_model.go.
 */

import type { Condition } from '../template/value.ts';
import { isKnown, type Statement } from './document.ts';

/** A document that others may be merged into. */
export interface Merging {
  readonly conditions: readonly Condition[];
  /** Statements written in it. */
  readonly written: readonly Statement[];
  readonly sources: readonly Merging[];
  readonly overrides: readonly Merging[];
}

/** Links from document to document that are followed. */
const MAX_LINKS = 100;

/** The statements that are left where a document has taken in all others; circles of documents end. */
export function merged(document: Merging): ReadonlySet<Statement> {
  const seen = new Set<Merging>();
  const statementsOf = (from: Merging): readonly Statement[] => {
    if (seen.has(from) || seen.size >= MAX_LINKS) return [];
    seen.add(from);
    let all: readonly Statement[] = [];
    for (const source of from.sources) all = joined(all, statementsOf(source), document.conditions);
    all = joined(all, from.written, document.conditions);
    for (const override of from.overrides) all = joined(all, statementsOf(override), document.conditions);
    return all;
  };
  return new Set(statementsOf(document));
}

function joined(
  before: readonly Statement[],
  more: readonly Statement[],
  conditions: readonly Condition[],
): readonly Statement[] {
  const replaced = new Set<string>();
  for (const statement of more) {
    const sid = sidOf(statement);
    // One that is there only under a condition of the template leaves the earlier one in force without it.
    if (sid !== undefined && holdsUnder(statement.templateConditions, conditions)) replaced.add(sid);
  }
  const kept = replaced.size ? before.filter((statement) => !replaced.has(sidOf(statement) ?? '')) : before;
  return [...kept, ...more];
}

function sidOf({ sid }: Statement): string | undefined {
  return sid && isKnown(sid) ? sid.text || undefined : undefined;
}

function holdsUnder(needed: readonly Condition[], given: readonly Condition[]): boolean {
  return needed.every((one) => given.some((other) => other.id === one.id && other.value === one.value));
}
