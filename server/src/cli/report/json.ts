/** The report for programs; its shape is held stable. */

import type { Range } from '../../syntax/document.ts';
import type { Item, Result } from '../result.ts';

/** One object: `{ version, findings, errors }`, positions as in the language server protocol. */
export function jsonReport({ findings, errors }: Result, version: string): string {
  const report = {
    version,
    findings: findings.map(finding),
    errors: errors.map(({ file, message, range }) => ({ file, message, range: range && plain(range) })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** `undefined` members are left out by JSON. */
function finding({ rule, severity, file, resource, range, message, condition, aliases, related, fixes }: Item) {
  return {
    ruleId: rule.id,
    title: rule.title,
    category: rule.category,
    severity,
    owner: rule.owner.side,
    file,
    resource,
    range: plain(range),
    message,
    condition,
    aliases,
    related: related.length
      ? related.map((one) => ({
          resource: one.resource,
          message: one.message,
          file: one.file,
          range: plain(one.range),
        }))
      : undefined,
    fixes: fixes.map(({ title, safe, edits }) => ({
      title,
      safe,
      edits: edits.map((edit) => ({ file: edit.file, range: plain(edit.range), newText: edit.newText })),
    })),
  };
}

function plain({ start, end }: Range): Range {
  return { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } };
}
