/** Words that the descriptions of policies share. A text between backticks is shown as code. */

import type { Node } from '../syntax/node.ts';
import { HOLE, type Item } from './document.ts';
import { ACCESS_LEVELS, type ActionInfo } from './reference.ts';
import { FIXED_TEXT, OWN_ACCOUNT } from './tokens.ts';

/** Text about a part of a policy: a sentence or two a line, the most telling first. Backticks mark code. */
export interface PolicyPart {
  readonly title: string;
  readonly lines: readonly string[];
  /** What it is about. */
  readonly node: Node;
}

/** How many names are listed one by one. */
const NAMED = 6;
/** Longer texts are cut where they are quoted. */
const QUOTED = 120;

/** Text of a template for people: what is not known in it is an ellipsis. */
export function plain(text: string): string {
  const shown = text.replaceAll(OWN_ACCOUNT, 'AccountId').replaceAll(HOLE, '…').replaceAll(FIXED_TEXT, '…');
  return shown.length > QUOTED ? `${shown.slice(0, QUOTED)}…` : shown;
}

/** The same as code. A backtick in it would end the code. */
export function code(text: string): string {
  return `\`${plain(text).replaceAll('`', "'")}\``;
}

/** `1 action`, `1,234 actions`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Names as code: all, or the first few and how many more there are. */
export function listed(names: readonly string[], most = NAMED): string {
  const shown = names.slice(0, names.length === most + 1 ? most + 1 : most).map(code);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more.toLocaleString('en-US')} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}` : shown.join('');
}

/** `2 Permissions management, 14 Write, 3 Read`: the most powerful first. */
export function byLevel(actions: Iterable<ActionInfo>): string {
  const counts = new Map<string, number>();
  for (const { accessLevel } of actions) counts.set(accessLevel, (counts.get(accessLevel) ?? 0) + 1);
  const levels = [...ACCESS_LEVELS].reverse().filter((level) => counts.has(level));
  // Where there is one level, their number has been told.
  const [only, ...others] = levels;
  if (only && !others.length) return counts.get(only) === 1 ? only : `all ${only}`;
  return levels.map((level) => `${(counts.get(level) ?? 0).toLocaleString('en-US')} ${level}`).join(', ');
}

/** Values of a clause or a list, as code; those that are not known at all left out. */
export function quoted(items: readonly Item[], most = 3): string {
  return listed(
    items.flatMap((item) => (item.text === undefined || item.text === HOLE ? [] : [item.text])),
    most,
  );
}
