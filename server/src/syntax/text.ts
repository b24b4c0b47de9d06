/** Texts compared: wildcard patterns, and how far two texts are apart. Never by regular expressions made of what a user wrote. */

/**
 * Whether text matches a pattern of `*` (any run of characters) and `?` (one character), case-sensitively, as IAM
 * matches ARNs. Returns to the last `*` only, so the work is bounded by the product of the lengths; for the short names
 * matched here it is linear in the pattern.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const c = pattern[p];
    if (c === '*') {
      star = p++;
      resume = t;
    } else if (c !== undefined && (c === '?' || c === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/**
 * Whether wildcard pattern `a` matches everything that `b` matches, case-sensitively; as certain as `patternCovers`.
 */
export function wildcardCovers(a: string, b: string): boolean {
  // Most texts that are compared have nothing to do with each other.
  const first = a[0];
  if (first !== '*' && first !== '?' && first !== b[0]) return false;
  // The wildcards of `b` stand for any text, so only an equal or wider wildcard of `a` may take them:
  // `b` is matched as text in which '*' is taken by '*' alone and '?' by '?' or '*'.
  const outer = canonicalWildcards(a);
  const inner = canonicalWildcards(b);
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < inner.length) {
    const c = outer[p];
    const d = inner[t];
    if (c === '*') {
      star = p++;
      resume = t;
    } else if (c !== undefined && (c === '?' ? d !== '*' : c === d)) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (outer[p] === '*') p++;
  return p === outer.length;
}

/**
 * Whether some text matches both of two patterns of `*` and `?`, case-sensitively. Linear where both have a `*`, for then
 * only what stands before the first and behind the last has to agree; else bounded as `matchesWildcard`.
 */
export function wildcardsOverlap(a: string, b: string): boolean {
  const starA = a.indexOf('*');
  const starB = b.indexOf('*');
  if (starB < 0) return starA < 0 ? a.length === b.length && agree(a, 0, b, 0, a.length) : overlapsFixed(a, b);
  if (starA < 0) return overlapsFixed(b, a);
  if (!agree(a, 0, b, 0, Math.min(starA, starB))) return false;
  const tail = Math.min(a.length - a.lastIndexOf('*'), b.length - b.lastIndexOf('*')) - 1;
  return agree(a, a.length - tail, b, b.length - tail, tail);
}

/** Whether a stretch of two patterns without `*` has a text in common. */
function agree(a: string, fromA: number, b: string, fromB: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    const c = a[fromA + i];
    const d = b[fromB + i];
    if (c !== d && c !== '?' && d !== '?') return false;
  }
  return true;
}

/** As `matchesWildcard`, where a `?` of the text stands for any character. */
function overlapsFixed(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const c = pattern[p];
    if (c === '*') {
      star = p++;
      resume = t;
    } else if (c !== undefined && (c === '?' || text[t] === '?' || c === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** Each run of wildcards in one order without repeats of `*`: `*?*` and `?*` mean the same. */
export function canonicalWildcards(pattern: string): string {
  if (!pattern.includes('**') && !pattern.includes('*?')) return pattern;
  let result = '';
  let star = false;
  for (const c of pattern) {
    if (c === '*') star = true;
    else {
      if (star && c !== '?') {
        result += '*';
        star = false;
      }
      result += c;
    }
  }
  return star ? `${result}*` : result;
}

/**
 * Damerau-Levenshtein distance (insertion, deletion, substitution, swap of neighbours), in the variant that edits no
 * substring twice; limit + 1 as soon as it is known to be greater than the limit.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + (same ? 0 : 1));
      if (!same && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(before, j - 2) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    // A swap reaches two rows back and costs one, so a row above the limit cannot be mended by it.
    if (least > limit) return limit + 1;
    before = above;
    above = row;
  }
  return at(above, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

/**
 * The same text, in memory of its own. What is cut out of a text holds on to the whole of it; what is kept beyond the life of a
 * document must not.
 */
export function detached(text: string): string {
  // Engines join lazily, and make a new text of both where they cut the join.
  return ` ${text}`.slice(1);
}
