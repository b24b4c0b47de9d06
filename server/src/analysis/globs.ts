/**
 * Globs from a workspace's configuration. They are matched here, in time that grows with pattern times path, and never turned
 * into regular expressions: `*a*a*a*a*a*b` as a regular expression takes half a minute on a path of 200 characters.
 */

import { detached, matchesWildcard } from '../syntax/text.ts';

/** Alternatives that braces may unfold to; a pattern with more matches nothing. */
const MAX_ALTERNATIVES = 64;

/** Whether a path matches a pattern, both in segments; `**` stands for any number of segments. */
function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < path.length) {
    const segment = pattern[p];
    if (segment === '**') {
      star = p++;
      resume = t;
    } else if (segment !== undefined && matchesWildcard(segment, path[t] as string)) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '**') p++;
  return p === pattern.length;
}

/** `a/{b,c}` to `a/b` and `a/c`; undefined where it unfolds to too many. Braces without a comma are plain characters. */
function unfold(pattern: string): string[] | undefined {
  const done: string[] = [];
  const todo = [pattern];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const group = firstGroup(next);
    if (!group) done.push(next);
    else {
      const { open, close, commas } = group;
      const cuts = [open, ...commas, close];
      for (let i = 0; i + 1 < cuts.length; i++) {
        const choice = next.slice((cuts[i] as number) + 1, cuts[i + 1]);
        todo.push(next.slice(0, open) + choice + next.slice(close + 1));
      }
    }
    if (done.length + todo.length > MAX_ALTERNATIVES) return undefined;
  }
  return done;
}

/** The first brace group with a comma, its own commas only. */
function firstGroup(text: string): { open: number; close: number; commas: number[] } | undefined {
  const stack: { open: number; commas: number[] }[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') stack.push({ open: i, commas: [] });
    else if (text[i] === ',') stack[stack.length - 1]?.commas.push(i);
    else if (text[i] === '}') {
      const group = stack.pop();
      if (group?.commas.length) return { ...group, close: i };
    }
  }
  return undefined;
}

const compiled = new Map<string, readonly (readonly string[])[]>();

function compile(pattern: string): readonly (readonly string[])[] {
  let known = compiled.get(pattern);
  if (!known) {
    // Kept beyond the configuration file that it is cut out of, and so are its segments.
    const own = detached(pattern);
    known = (unfold(own) ?? []).flatMap((one) => {
      const segments = one.split('/').filter((segment) => segment !== '' && segment !== '.');
      if (!segments.length) return [];
      const folderOnly = one.endsWith('/');
      // As in .gitignore: without a slash in it, the name counts at any depth; a folder stands for all that is in it.
      const anywhere = segments.length === 1 && !one.startsWith('/') && !one.startsWith('./');
      return [[...(anywhere ? ['**'] : []), ...segments, ...(folderOnly ? ['*'] : []), '**']];
    });
    if (compiled.size > 500) compiled.clear();
    compiled.set(own, known);
  }
  return known;
}

/**
 * Whether a path (relative, `/` between segments) matches a glob: `*` and `?` within a segment, `**` across segments, `{a,b}`.
 * A pattern without a slash matches that name at any depth; a pattern that matches a folder matches all that is in it.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return compile(pattern).some((one) => matchesSegments(one, segments));
}
