/** The report for programs; its shape is held stable. */

import type { Range } from '../../syntax/document.ts';
import type { Found, Item, Result } from '../result.ts';
import { jsonText } from './words.ts';

/**
 * One object: `{ version, findings, errors }`, positions as in the language server protocol. With a base, each finding has its
 * `change`, and `fixed` has the findings of the base that are gone.
 */
export function jsonReport({ findings, errors, comparison }: Result, version: string): string {
  const report = {
    version,
    findings: findings.map(finding),
    fixed: comparison?.fixed.map(found),
    errors: errors.map(({ file, message, range }) => ({ file, message, range: range && plain(range) })),
  };
  return jsonText(report);
}

/** `undefined` members are left out by JSON. */
function found({ rule, owner, severity, file, resource, path, range, message, condition }: Found) {
  return {
    ruleId: rule.id,
    title: rule.title,
    category: rule.category,
    severity,
    owner: owner.side,
    file,
    resource,
    path,
    range: plain(range),
    message,
    condition,
  };
}

function finding(item: Item) {
  const { change, aliases, related, fixes } = item;
  return {
    ...found(item),
    change,
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
