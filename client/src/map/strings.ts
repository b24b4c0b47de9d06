/** The words of the map's view. They come from the extension, in the editor's language. */

import type { ServiceClass } from '../../../server/src/responsibility/model.ts';
import type { Category, Severity, Side } from '../../../server/src/rules/rule.ts';

/** Each is a whole phrase; `{0}` and `{1}` stand for numbers or names. */
export interface Strings {
  readonly title: string;
  readonly columns: { readonly resource: string } & Readonly<Record<Side, string>>;
  /** As the end of a move: `→ you`. */
  readonly ends: Readonly<Record<Side, string>>;
  readonly severities: Readonly<Record<Severity, string>>;
  /** One letter each, all different. */
  readonly letters: Readonly<Record<Severity, string>>;
  readonly categories: Readonly<Record<Category, string>>;
  readonly classes: Readonly<Record<ServiceClass, string>>;
  readonly dialects: Readonly<Record<string, string>>;
  readonly yours: string;
  readonly shared: string;
  readonly awsOpen: string;
  readonly awsDoes: string;
  readonly since: string;
  readonly inTerraform: string;
  readonly when: string;
  /** {0} a concern, {1} the end. */
  readonly movedTo: string;
  /** {0} and {1} are ends. */
  readonly movedFromTo: string;
  readonly goTo: string;
  readonly explainRule: string;
  /** Stands for the rule's id where there is little room. */
  readonly why: string;
  readonly explainService: string;
  readonly noService: string;
  readonly cleanOne: string;
  readonly cleanMany: string;
  readonly showMore: string;
  readonly nothingOpen: string;
  readonly nothingOpenOne: string;
  readonly nothingOpenMany: string;
  readonly noResources: string;
  readonly noMatch: string;
  readonly search: string;
  readonly filters: string;
  readonly allCategories: string;
  readonly category: string;
  readonly onlyMoved: string;
  readonly hiddenFindings: string;
  readonly hiddenResources: string;
  readonly clearFilters: string;
  readonly scope: string;
  readonly scopes: { readonly active: string; readonly pinned: string; readonly folder: string };
  readonly scopeHints: { readonly active: string; readonly pinned: string; readonly folder: string };
  readonly files: string;
}

/** Puts values in the places of `{0}`, `{1}` …; a place without a value stays. */
export function format(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (place, at: string) => String(values[Number(at)] ?? place));
}
