/** The regular expressions that are written in TypeScript sources, found by a scanner of its tokens. */

import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';

export interface WrittenRegex {
  readonly source: string;
  readonly flags: string;
  /** `file:line`. */
  readonly place: string;
}

/** A slash behind one of these begins a regular expression; behind everything else it divides. */
const BEFORE = new Set('(,=:[!&|?{};+-*%<>~^'.split(''));
const WORDS = new Set(['return', 'case', 'typeof', 'in', 'of', 'yield', 'await', 'else', 'do']);

/** All regular expressions of the files that the globs match, each text once. */
export function writtenRegexes(globs: readonly string[]): WrittenRegex[] {
  const found = new Map<string, WrittenRegex>();
  for (const file of globSync([...globs]).sort()) {
    for (const one of regexesOf(readFileSync(file, 'utf8'), file)) {
      const key = `/${one.source}/${one.flags}`;
      if (!found.has(key)) found.set(key, one);
    }
  }
  return [...found.values()];
}

function regexesOf(text: string, file: string): WrittenRegex[] {
  const found: WrittenRegex[] = [];
  /** Of each template around: how many braces are open in its hole. */
  const holes: number[] = [];
  let last = '';
  let word = '';
  let i = 0;
  const template = (from: number): number => {
    for (let at = from; at < text.length; at++) {
      if (text[at] === '\\') at++;
      else if (text[at] === '`') return at + 1;
      else if (text[at] === '$' && text[at + 1] === '{') {
        holes.push(0);
        last = '{';
        return at + 2;
      }
    }
    return text.length;
  };
  while (i < text.length) {
    const c = text[i] as string;
    if (c === '/' && text[i + 1] === '/') {
      const end = text.indexOf('\n', i);
      i = end < 0 ? text.length : end;
    } else if (c === '/' && text[i + 1] === '*') i = text.indexOf('*/', i) + 2;
    else if (c === '"' || c === "'") {
      for (i++; text[i] !== c && i < text.length; i++) if (text[i] === '\\') i++;
      i++;
      last = c;
    } else if (c === '`') {
      last = '`';
      i = template(i + 1);
    } else if (c === '}' && holes.length && holes[holes.length - 1] === 0) {
      holes.pop();
      last = '`';
      i = template(i + 1);
    } else if (c === '/' && (BEFORE.has(last) || WORDS.has(word) || last === '')) {
      let at = i + 1;
      for (let inClass = false; at < text.length && (inClass || text[at] !== '/'); at++) {
        if (text[at] === '\\') at++;
        else if (text[at] === '[') inClass = true;
        else if (text[at] === ']') inClass = false;
      }
      const flags = /^[a-z]*/.exec(text.slice(at + 1, at + 9))?.[0] ?? '';
      found.push({
        source: text.slice(i + 1, at),
        flags,
        place: `${file}:${text.slice(0, i).split('\n').length}`,
      });
      i = at + 1 + flags.length;
      last = '/';
      word = '';
    } else {
      const name = /^[\w$]+/.exec(text.slice(i, i + 60))?.[0];
      if (name) {
        word = name;
        last = name;
        i += name.length;
      } else {
        if (c.trim()) {
          last = c;
          word = '';
          const open = holes.length - 1;
          if (c === '{' && open >= 0) holes[open] = (holes[open] as number) + 1;
          else if (c === '}' && open >= 0) holes[open] = (holes[open] as number) - 1;
        }
        i++;
      }
    }
  }
  return found;
}
