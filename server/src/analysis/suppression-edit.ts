/** Writes suppressions: what the editor's "suppress" actions insert. */

import type { Finding } from '../rules/rule.ts';
import type { Comment, SyntaxDocument } from '../syntax/document.ts';
import { type Data, type Edit, renderEdits, type TextEdit } from '../syntax/edit.ts';
import type { Node } from '../syntax/node.ts';
import { withoutQuery } from '../syntax/uri.ts';
import { type Directive, KEYWORD, readDirectives } from './suppression-comments.ts';
import { CommentPlaces, startInDocument } from './suppression-places.ts';

/**
 * Edits of the finding's own document that suppress it.
 * YAML, HCL and JSON with comments get a comment (one that is there is joined), CloudFormation JSON gets Metadata, Terraform JSON a
 * `"//"` key. In the latter two, `here` means the whole resource.
 * @param scope `here`: this place; `file`: the whole file
 * @param languageId the editor's; `jsonc` allows comments
 * @returns undefined where the language has no room for a suppression (a policy in plain JSON, a plan)
 */
export function suppressionEdit(
  finding: Finding,
  scope: 'here' | 'file',
  reason: string,
  languageId = '',
): readonly TextEdit[] | undefined {
  const { document } = finding.node;
  const { dialect } = finding.resource.template;
  const why = reason.replace(/\s+/g, ' ').trim();
  if (dialect === 'terraform-plan') return undefined;
  if (document.language !== 'json') return commentEdit(finding, scope, why, '#');
  if (languageId === 'jsonc' || /\.jsonc$/i.test(withoutQuery(document.uri)))
    return commentEdit(finding, scope, why, '//');
  if (dialect === 'cloudformation') return metadataEdit(finding, scope, why);
  if (dialect === 'terraform') return slashEdit(finding, scope, why);
  // JSON that has comments already will bear another one.
  return document.comments().length ? commentEdit(finding, scope, why, '//') : undefined;
}

function commentEdit(
  finding: Finding,
  scope: 'here' | 'file',
  reason: string,
  marker: string,
): readonly TextEdit[] | undefined {
  const { document } = finding.node;
  const { lines, text } = document;
  const id = finding.rule.id;
  const line = scope === 'file' ? 0 : lines.lineAt(startInDocument(finding.node));
  const existing = existingDirective(document, scope, line);
  if (existing) return join(existing, id, reason);
  const start = scope === 'file' && text.charCodeAt(0) === 0xfeff ? 1 : (lines.start(line) as number);
  const indent = scope === 'file' ? '' : (/^[ \t]*/.exec(lines.lineText(line))?.[0] ?? '');
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const word = scope === 'file' ? `${KEYWORD}-file` : KEYWORD;
  return [{ start, end: start, newText: `${indent}${marker} ${word} ${id}: ${reason}${lineBreak}` }];
}

/** A comment of ours that speaks of the line already, or the one for the file. */
function existingDirective(document: SyntaxDocument, scope: 'here' | 'file', line: number): Directive | undefined {
  const comments = document
    .comments()
    .filter((comment) => document.text.slice(comment.start, comment.end).includes(KEYWORD));
  if (!comments.length) return undefined;
  const places = new CommentPlaces(document, []);
  const speaks = (comment: Comment) =>
    scope === 'file' ? places.isTop(comment) : places.target(comment).line === line;
  return comments
    .filter(speaks)
    .flatMap((comment) => readDirectives(document.text.slice(comment.start, comment.end), comment.start))
    .find(
      (one) => one.form === 'comment' && !one.problem && one.names.length > 0 && one.wholeFile === (scope === 'file'),
    );
}

function join(directive: Directive, id: string, reason: string): readonly TextEdit[] {
  const last = directive.names[directive.names.length - 1];
  if (!last || directive.names.some((name) => name.id === id)) return [];
  const added = `, ${id}`;
  const edits: TextEdit[] = [{ start: last.end, end: last.end, newText: added }];
  if (!reason || directive.reason === reason) return edits;
  if (directive.reason) return [...edits, { start: directive.end, end: directive.end, newText: `; ${reason}` }];
  // Nothing but perhaps a bare colon stands behind the names.
  return [{ start: last.end, end: directive.end, newText: `${added}: ${reason}` }];
}

function render(document: SyntaxDocument, edit: Edit): readonly TextEdit[] | undefined {
  const rendered = renderEdits([edit]);
  return rendered?.size === 1 ? rendered.get(document) : undefined;
}

function metadataEdit(finding: Finding, scope: 'here' | 'file', reason: string): readonly TextEdit[] | undefined {
  const { node, resource } = finding;
  const inside =
    node.document === resource.document && node.start >= resource.key.start && node.start <= resource.body.end;
  // What a resource inherits (SAM Globals) is not its own to suppress.
  const holder = scope === 'here' && inside ? resource.body : node.document.roots[0];
  if (holder?.kind !== 'object') return undefined;
  const item: Data = { Rule: finding.rule.id, Reason: reason };
  let at: Node = holder;
  for (const name of ['Metadata', 'Demarc']) {
    const next = at.get(name);
    if (!next) break;
    if (next.kind !== 'object') return undefined;
    at = next;
  }
  const list = holder.get('Metadata')?.get('Demarc')?.get('Ignore');
  if (list && list.kind !== 'array') return undefined;
  const edit: Edit = list
    ? { kind: 'append', to: list, data: item }
    : { kind: 'set', in: holder, path: ['Metadata', 'Demarc', 'Ignore'], data: [item] };
  return render(node.document, edit);
}

function slashEdit(finding: Finding, scope: 'here' | 'file', reason: string): readonly TextEdit[] | undefined {
  const { node, resource } = finding;
  const { document } = node;
  const body = resource.body.kind === 'array' ? resource.body.items[0] : resource.body;
  const here =
    scope === 'here' &&
    resource.document === document &&
    node.start >= resource.key.start &&
    node.start <= resource.body.end;
  const holder = here ? body : document.roots[0];
  if (holder?.kind !== 'object') return undefined;
  const data = `${here ? KEYWORD : `${KEYWORD}-file`} ${finding.rule.id}: ${reason}`;
  const old = holder.get('//');
  if (!old) return render(document, { kind: 'set', in: holder, path: ['//'], data });
  if (old.kind === 'array') return render(document, { kind: 'append', to: old, data });
  if (typeof old.value !== 'string') return undefined;
  return render(document, { kind: 'replace', node: old, data: [old.value, data] });
}
