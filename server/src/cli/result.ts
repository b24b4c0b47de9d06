/** What a run found, free of trees and texts: all that the reports need. */

import type { SuppressionForm } from '../analysis/suppressions.ts';
import type { Rule, Severity } from '../rules/rule.ts';
import type { Range } from '../syntax/document.ts';

export interface Place {
  readonly file: string;
  readonly range: Range;
}

export interface ItemFix {
  readonly title: string;
  readonly safe: boolean;
  /** Empty where the report did not ask for edits. */
  readonly edits: readonly (Place & { readonly newText: string })[];
}

/** A finding. */
export interface Item extends Place {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly resource: string;
  /** Property path, for fingerprints. */
  readonly path: string;
  readonly message: string;
  readonly condition?: string;
  readonly aliases: readonly string[];
  readonly related: readonly (Place & { readonly resource?: string; readonly message: string })[];
  readonly fixes: readonly ItemFix[];
  /** The line it begins on. */
  readonly excerpt: string;
}

export interface SuppressedItem extends Item {
  readonly suppression: Place & { readonly form: SuppressionForm; readonly reason?: string };
}

/** Something that could not be done or read. `fatal`: the run counts as failed. */
export interface Problem {
  readonly file: string;
  readonly message: string;
  readonly range?: Range;
  readonly fatal?: boolean;
}

export interface Result {
  readonly findings: readonly Item[];
  readonly suppressed: readonly SuppressedItem[];
  readonly errors: readonly Problem[];
  /** Suppressions that name no rule, suppress nothing or give no reason; named files that hold nothing to lint. */
  readonly notes: readonly Problem[];
  readonly fixed: readonly { readonly file: string; readonly ruleId: string; readonly title: string }[];
  /** Rules that ran, by id. */
  readonly rules: readonly Rule[];
  /** Files that were linted. */
  readonly files: number;
}
