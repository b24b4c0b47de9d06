/** What two versions of a text have in common. */

/** The earlier text up to `prefix` and from `behind` on stands in the later one, the latter moved by `shift`. */
export interface Change {
  readonly prefix: number;
  readonly behind: number;
  readonly shift: number;
}

const STRETCH = 1024;

/** Compares two versions of a text from both ends. */
export function compareTexts(old: string, text: string): Change {
  const least = Math.min(old.length, text.length);
  let prefix = 0;
  // Whole stretches first: strings compare far faster than characters.
  while (prefix + STRETCH <= least && old.slice(prefix, prefix + STRETCH) === text.slice(prefix, prefix + STRETCH))
    prefix += STRETCH;
  while (prefix < least && old.charCodeAt(prefix) === text.charCodeAt(prefix)) prefix++;
  const shift = text.length - old.length;
  const most = least - prefix;
  let suffix = 0;
  const same = (length: number): boolean =>
    old.slice(old.length - suffix - length, old.length - suffix) ===
    text.slice(text.length - suffix - length, text.length - suffix);
  while (suffix + STRETCH <= most && same(STRETCH)) suffix += STRETCH;
  while (suffix < most && same(1)) suffix++;
  return { prefix, behind: old.length - suffix, shift };
}

/** The same characters in memory of their own: a slice keeps the whole text of its version alive. */
export function ownCopy(text: string): string {
  let copy = '';
  for (let i = 0; i < text.length; i += 4096) {
    const codes: number[] = [];
    for (let j = i; j < Math.min(i + 4096, text.length); j++) codes.push(text.charCodeAt(j));
    copy += String.fromCharCode(...codes);
  }
  return copy;
}
