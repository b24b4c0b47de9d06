/** What a run found, free of trees and texts: all that the reports need. */

import type { SuppressionForm } from '../analysis/suppressions.ts';
import type { Rule, Severity, Side } from '../rules/rule.ts';
import type { Range } from '../syntax/document.ts';
import type { Excerpt } from './excerpt.ts';

export interface Place {
  readonly file: string;
  readonly range: Range;
}

export interface ItemFix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly (Place & { readonly newText: string })[];
  /** The lines that it changes, as a diff for people; left out where the report did not ask for it. */
  readonly diff?: string;
}

/** What reports say of a rule at its findings; the catalogue has the rest, by id. */
export type RuleName = Pick<Rule, 'id' | 'title' | 'category'>;

/** What a finding is, wherever it was read. */
export interface Found extends Place {
  readonly rule: RuleName;
  readonly owner: { readonly side: Side };
  readonly severity: Severity;
  readonly resource: string;
  /** Property path, for fingerprints. */
  readonly path: string;
  readonly message: string;
  readonly condition?: string;
}

/** How a finding stands to the change that is looked at. */
export type Change = 'introduced' | 'before';

/** A finding. */
export interface Item extends Found {
  /** Only where a base is compared with. */
  readonly change?: Change;
  readonly aliases: readonly string[];
  readonly related: readonly (Place & { readonly resource?: string; readonly message: string })[];
  readonly fixes: readonly ItemFix[];
  /** The line it begins on; left out where a finding is known from a report. */
  readonly excerpt?: Excerpt;
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

/** What the change did, seen from the base. */
export interface Comparison {
  /** What the base is, for people: `main (1a2b3c4)`, or the name of a report. */
  readonly base: string;
  /** Findings of the base that are gone; their places are of the base's text. */
  readonly fixed: readonly Found[];
  /** How many findings of the base are suppressed now. */
  readonly silenced: number;
}

/** A setting that moves the line, at its resource. */
export interface MovedLine extends Place {
  readonly resource: string;
  readonly ruleId?: string;
  /** What changes hands: `runtime patching`. */
  readonly concern: string;
  readonly from: Side;
  readonly to: Side;
  readonly text: string;
}

/** What AWS does by itself at a resource. */
export interface AwsPart extends Place {
  readonly resource: string;
  readonly type: string;
  readonly facts: readonly { readonly text: string; readonly source: string }[];
}

/** What is to be told of a file, each list in the order of its places. */
export interface FileResult {
  readonly file: string;
  readonly findings: readonly Item[];
  readonly suppressed: readonly SuppressedItem[];
  readonly errors: readonly Problem[];
  /** Suppressions that name no rule, suppress nothing or give no reason; named files that hold nothing to lint. */
  readonly notes: readonly Problem[];
}

/** What a run found, but for what is told file by file. */
export interface Totals {
  readonly fixed: readonly { readonly file: string; readonly ruleId: string; readonly title: string }[];
  /** Ids of the rules that ran, in order. */
  readonly rules: readonly string[];
  /** Files that were linted. */
  readonly files: number;
  /** Files that were not judged whole, or with others that were not: what is not found in them may be there all the same. */
  readonly unsure: readonly string[];
  /** Only where a base is compared with. */
  readonly comparison?: Comparison;
  /** For reviews: settings that move the line (with a base: that moved it by the change, or moved it back). */
  readonly moved: readonly MovedLine[];
  /** For reviews: the resources that have findings (with a base: that the change touched). */
  readonly aws: readonly AwsPart[];
}

export type Result = Totals & Omit<FileResult, 'file'>;
