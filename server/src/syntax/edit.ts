/** Edits on nodes, rendered in the document's own indent, quotes, flow or block style, line ends and comma habits. */

import type { SyntaxDocument } from './document.ts';
import { alignHcl, hclPieces } from './edit-hcl.ts';
import { hostEdit } from './edit-host.ts';
import { jsonPieces } from './edit-json.ts';
import { type Plan, planEdits, settle } from './edit-plan.ts';
import { yamlPieces } from './edit-yaml.ts';
import { parseEmbeddedJson } from './embedded.ts';
import type { Entry, Node } from './node.ts';

/** What an edit writes. CloudFormation intrinsics are written as in JSON (`{ Ref: 'X' }`, `{ 'Fn::Sub': '…' }`); YAML renders their short form. */
export type Data = string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data };

/** One change to a tree. `in`/`of` nodes know their document, so a fix may span files. */
export type Edit =
  /** Replaces a value. */
  | { readonly kind: 'replace'; readonly node: Node; readonly data: Data }
  /**
   * Sets `path` inside an object, creating blocks on the way, replacing what is there. What is new stands behind the
   * object's other members; with `first`, before them.
   */
  | {
      readonly kind: 'set';
      readonly in: Node;
      readonly path: readonly string[];
      readonly data: Data;
      readonly first?: true;
    }
  /** Removes a key with its value. */
  | { readonly kind: 'remove'; readonly entry: Entry }
  /** Removes an item of an array. */
  | { readonly kind: 'removeItem'; readonly node: Node }
  /** Adds an item to an array: at its end, or behind one of its items. */
  | { readonly kind: 'append'; readonly to: Node; readonly data: Data; readonly after?: Node }
  /** Renames a key. */
  | { readonly kind: 'rename'; readonly entry: Entry; readonly name: string }
  /** Adds an entry behind another one of the same object: a sibling resource. */
  | { readonly kind: 'insertAfter'; readonly entry: Entry; readonly name: string; readonly data: Data };

/** Offsets of the document. Edits of one call never overlap and come sorted by start. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/**
 * Renders edits to text edits by document. Edits of one call are combined: two that set members of the same object, or
 * need the same missing block, write it once; edits inside what another one removes or replaces are dropped.
 * @returns undefined where one of them cannot be rendered: its node lies in broken text, or two contradict each other
 */
export function renderEdits(edits: readonly Edit[]): ReadonlyMap<SyntaxDocument, readonly TextEdit[]> | undefined {
  const plans = planEdits(edits);
  if (!plans) return undefined;
  const pieces = new Map<SyntaxDocument, TextEdit[]>();
  for (const plan of plans) {
    const { surface } = plan;
    const { document, host } = surface;
    const render = RENDERERS[surface.language];
    const rendered = render(
      plan,
      host ? [parseEmbeddedJson(host)?.root].filter((root) => root !== undefined) : document.roots,
    );
    const settled = rendered && settle(rendered);
    if (!settled) return undefined;
    const outer = host ? settled.map((edit) => hostEdit(edit, host)) : settled;
    pieces.set(document, [...(pieces.get(document) ?? []), ...outer]);
  }
  const result = new Map<SyntaxDocument, readonly TextEdit[]>();
  for (const [document, found] of pieces) {
    const settled = settle(found);
    if (!settled) return undefined;
    result.set(document, document.language === 'hcl' ? alignHcl(document, settled) : settled);
  }
  return result;
}

const RENDERERS: Readonly<
  Record<SyntaxDocument['language'], (plan: Plan, roots: readonly Node[]) => TextEdit[] | undefined>
> = {
  json: jsonPieces,
  yaml: yamlPieces,
  hcl: hclPieces,
};

/** Applies text edits (any order, not overlapping) to a text. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, newText } of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + newText;
    at = end;
  }
  return result + text.slice(at);
}
