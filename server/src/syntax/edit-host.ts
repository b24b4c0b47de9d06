/** Carries edits of a text inside a string over to the string as it is written. */

import type { TextEdit } from './edit.ts';
import { escaped } from './edit-hcl-write.ts';
import { decodeScalar, rawText } from './embedded.ts';
import { expressionAt } from './hcl-source.ts';
import type { Node } from './node.ts';

/** Turns an edit of a scalar's decoded text into one of the document, escaped as the scalar demands. */
export function hostEdit(edit: TextEdit, host: Node): TextEdit {
  const { map } = decodeScalar(host);
  const start = map[edit.start] ?? host.from;
  const outer = { start, end: Math.max(start, map[edit.end] ?? host.to), newText: escapeFor(edit.newText, host) };
  const { origin } = host;
  // A string inside text that is itself inside a string.
  if (origin.host) return hostEdit(outer, origin.host);
  return { start: origin.at(outer.start), end: origin.at(outer.end), newText: outer.newText };
}

function escapeFor(text: string, host: Node): string {
  if (host.document.language === 'hcl' && !host.origin.host) return escapeForHcl(text, host);
  switch (host.style) {
    case 'double':
      return JSON.stringify(text).slice(1, -1);
    case 'single':
      return unbroken(text).replaceAll("'", "''");
    case 'literal':
    case 'folded': {
      const raw = rawText(host);
      const indent = /\n( +)[^ \t\r\n]/.exec(raw)?.[1] ?? '';
      return text.replace(/\r?\n/g, (raw.includes('\r\n') ? '\r\n' : '\n') + indent);
    }
    default:
      return unbroken(text);
  }
}

/** Text for a template of HCL: between quotes it is escaped, a heredoc has it as it is. */
function escapeForHcl(text: string, host: Node): string {
  if (host.style !== 'literal') return escaped(text);
  const raw = rawText(host);
  const eol = raw.includes('\r\n') ? '\r\n' : '\n';
  return text.replace(/\r?\n/g, eol + droppedIndent(raw, host));
}

/** The indentation that `<<-` takes off each line. */
function droppedIndent(raw: string, host: Node): string {
  const written = expressionAt(host)?.expression;
  const columns = written?.kind === 'template' ? (written.indent ?? 0) : 0;
  const line = /\n([ \t]+)\S/.exec(raw)?.[1] ?? '';
  return line.length >= columns ? line.slice(0, columns) : ' '.repeat(columns);
}

/** Line breaks as blanks: between JSON's tokens they mean the same, and single quotes and plain scalars fold them. */
function unbroken(text: string): string {
  const [first, ...others] = text.split('\n');
  const last = others.pop();
  if (first === undefined || last === undefined) return text;
  const between = others.map((line) => line.trim()).filter((line) => line !== '');
  return [first.trimEnd(), ...between, last.trimStart()].join(' ');
}
