/** Reads suppressions out of comments: ours and those of other tools. Text in, directives out. */

import { isRuleName } from './suggest.ts';

/** Which form a suppression is written in; the last ones are other tools'. */
export type SuppressionForm = 'comment' | 'metadata' | '//' | 'checkov' | 'trivy' | 'cfn_nag' | 'cdk_nag' | 'guard';

/** A rule as a suppression names it. Offsets are the document's. */
export interface RuleName {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** One suppression in a comment. */
export interface Directive {
  readonly form: 'comment' | 'checkov' | 'trivy';
  /** `demarc-ignore-file`. */
  readonly wholeFile: boolean;
  readonly names: readonly RuleName[];
  readonly reason?: string;
  readonly start: number;
  /** Behind its last character, white space left out. */
  readonly end: number;
  /** Last day it counts, `2026-01-31` (trivy's `exp:`). */
  readonly until?: string;
  /** What is wrong with it as a whole. */
  readonly problem?: string;
}

export const KEYWORD = 'demarc-ignore';
/** Names of tools that may stand before an id: `checkov:CKV_AWS_20`. */
const TOOLS = new Set([
  'checkov',
  'cfn_nag',
  'cfn-nag',
  'trivy',
  'tfsec',
  'guard',
  'cfn-guard',
  'cdk-nag',
  'cdk_nag',
  'kics',
  'parliament',
]);
/** Rules that one comment may name; there are not as many. */
const MAX_NAMES = 2_000;
const CHECKOV = /\b(?:checkov|bridgecrew):skip=[ \t]*(\w+(?:[ \t]*,[ \t]*\w+)*)(?:[ \t]*:([^\r\n]*))?/gi;
const TRIVY = /\b(?:trivy|tfsec|cfsec):ignore:(\S+)/gi;

/**
 * The suppressions in a comment.
 * @param text the comment as written, with its marker
 * @param base document offset of its first character
 */
export function readDirectives(text: string, base: number): Directive[] {
  const directives: Directive[] = [];
  if (text.includes(KEYWORD)) {
    let at = 0;
    for (const line of text.split(/\r\n|\n|\r/)) {
      const own = readOwn(line.replace(/\*\/\s*$/, ''), base + at);
      if (own) directives.push(own);
      at += line.length + (text.startsWith('\r\n', at + line.length) ? 2 : 1);
    }
  }
  if (text.includes(':skip=')) {
    for (const match of text.matchAll(CHECKOV)) {
      const [whole, ids = '', reason] = match;
      const start = base + match.index;
      let from = match.index + whole.indexOf('=') + 1;
      const written = ids.split(',', MAX_NAMES);
      const names = written.map((id): RuleName => {
        from = text.indexOf(id.trim(), from);
        return { id: id.trim(), start: base + from, end: base + from + id.trim().length };
      });
      directives.push({
        form: 'checkov',
        wholeFile: false,
        names,
        reason: cleaned(reason),
        start,
        end: start + whole.trimEnd().length,
      });
    }
  }
  if (text.includes(':ignore:')) {
    for (const match of text.matchAll(TRIVY)) {
      const written = readTrivy(match[1] as string);
      if (!written) continue;
      const start = base + match.index;
      const from = start + match[0].length - (match[1] as string).length;
      const names = [{ id: written.id, start: from, end: from + written.id.length }];
      directives.push({
        form: 'trivy',
        wholeFile: false,
        names,
        until: written.until,
        start,
        end: start + match[0].length,
      });
    }
  }
  return directives;
}

function cleaned(reason: string | undefined): string | undefined {
  return reason?.replace(/\*\/\s*$/, '').trim() || undefined;
}

/**
 * `AVD-AWS-0086:exp:2026-01-31`. One that holds only in some workspace or for some value of an attribute is left alone, as
 * what it depends on is not known here.
 */
function readTrivy(token: string): { id: string; until?: string } | undefined {
  if (token.includes('[')) return undefined;
  const [id = '', ...rest] = token.split(':');
  let until: string | undefined;
  for (let i = 0; i + 1 < rest.length; i += 2) {
    if (rest[i] === 'ws') return undefined;
    if (rest[i] === 'exp') until = rest[i + 1];
  }
  if (!id || (until !== undefined && !/^\d{4}-\d\d-\d\d$/.test(until))) return undefined;
  return { id, until };
}

/** `demarc-ignore a, b: reason`, at the beginning of a comment's line. */
function readOwn(line: string, base: number): Directive | undefined {
  const at = line.indexOf(KEYWORD);
  if (at < 0) return undefined;
  const lead = line.slice(0, at).trimEnd();
  if (lead && !'#/*'.includes(lead[lead.length - 1] as string)) return undefined;
  const suffix = /^-?[\w-]*/.exec(line.slice(at + KEYWORD.length, at + KEYWORD.length + 80))?.[0] ?? '';
  const start = base + at;
  const end = base + line.trimEnd().length;
  const names: RuleName[] = [];
  if (suffix !== '' && suffix !== '-file') {
    const problem = `"${KEYWORD}${suffix}" is not known. Write "${KEYWORD}" or "${KEYWORD}-file".`;
    return { form: 'comment', wholeFile: false, names, start, end: start + KEYWORD.length + suffix.length, problem };
  }
  let i = skipBlanks(line, at + KEYWORD.length + suffix.length);
  let reason: string | undefined;
  let problem: string | undefined;
  for (let separated = true; i < line.length; ) {
    const stop = nameEnd(line, i);
    const id = line.slice(i, stop);
    if (!id || !(separated || isRuleName(id))) {
      reason = line.slice(i);
      break;
    }
    if (names.length === MAX_NAMES) {
      problem = `More than ${MAX_NAMES} rules in one comment: those behind are not read.`;
      break;
    }
    names.push({ id, start: base + i, end: base + stop });
    i = skipBlanks(line, stop);
    separated = line[i] === ',';
    if (separated) i = skipBlanks(line, i + 1);
  }
  reason = reason?.replace(/^[\s:\u2013\u2014-]+/, '').trim() || undefined;
  return { form: 'comment', wholeFile: suffix === '-file', names, reason, start, end, problem };
}

function skipBlanks(line: string, from: number): number {
  let i = from;
  while (line[i] === ' ' || line[i] === '\t') i++;
  return i;
}

/** Where a rule's name ends: at white space, a comma, or a colon that is not behind the name of a tool. */
function nameEnd(line: string, from: number): number {
  let i = from;
  for (; i < line.length; i++) {
    const c = line[i] as string;
    if (c === ',' || c === ' ' || c === '\t') break;
    if (c === ':' && !(TOOLS.has(line.slice(from, i).toLowerCase()) && /\S/.test(line[i + 1] ?? ' '))) break;
  }
  return i;
}
