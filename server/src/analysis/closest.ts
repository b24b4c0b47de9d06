/** "Did you mean": the nearest of some names. */

import { editDistance } from '../syntax/text.ts';

const LONGEST = 80;

/** The known name nearest to what was written, without regard to case; undefined where none is near. */
export function closest(written: string, names: Iterable<string>): string | undefined {
  const text = written.trim().toLowerCase();
  if (!text || text.length > LONGEST) return undefined;
  let limit = Math.max(1, Math.min(3, Math.floor(text.length / 3)));
  let found: string | undefined;
  for (const name of names) {
    const cost = editDistance(text, name.toLowerCase(), limit);
    if (cost > limit || (cost === limit && found !== undefined)) continue;
    found = name;
    limit = cost;
    if (cost === 0) break;
  }
  return found;
}

/** A text from a file, short enough for a message. */
export function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
