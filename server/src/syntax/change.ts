/** What two versions of a text have in common. */

/** The earlier text up to `prefix` and from `behind` on stands in the later one, the latter moved by `shift`. */
export interface Change {
  readonly prefix: number;
  readonly behind: number;
  readonly shift: number;
}

/** Whole stretches are compared first: strings compare far faster than characters. */
const STRETCHES = [16_384, 512, 16, 1];

/** Compares two versions of a text from both ends. */
export function compareTexts(old: string, text: string): Change {
  const least = Math.min(old.length, text.length);
  let prefix = 0;
  for (const stretch of STRETCHES) {
    while (prefix + stretch <= least && old.slice(prefix, prefix + stretch) === text.slice(prefix, prefix + stretch))
      prefix += stretch;
  }
  const shift = text.length - old.length;
  const most = least - prefix;
  let suffix = 0;
  for (const stretch of STRETCHES) {
    const [before, now] = [old.length - stretch, text.length - stretch];
    while (
      suffix + stretch <= most &&
      old.slice(before - suffix, old.length - suffix) === text.slice(now - suffix, text.length - suffix)
    )
      suffix += stretch;
  }
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
