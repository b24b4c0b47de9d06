/** Tells Terraform's files from all others, JSON by its content, without parsing it. */

import { isValuesFile } from './tfvars.ts';

/** Top-level keys of a configuration in JSON syntax; `//` is a comment. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'resource',
  'data',
  'variable',
  'locals',
  'output',
  'module',
  'provider',
  'terraform',
  'moved',
  'import',
  'check',
  'removed',
  'ephemeral',
  '//',
]);

/** Blocks with a type and a name, then a body. */
const TYPED: ReadonlySet<string> = new Set(['resource', 'data']);
const NAMED: ReadonlySet<string> = new Set(['variable', 'output', 'module', 'provider']);

/**
 * What a text is to Terraform: a configuration in JSON syntax, a plan (or state) as `terraform show -json` prints it,
 * or neither. Cheap for texts that are neither: most are left at their first key.
 */
export function looksLikeTerraform(
  text: string,
  languageId: string,
  uri: string,
): 'terraform' | 'terraform-plan' | undefined {
  if (isModuleFile(uri) || isValuesFile(uri)) return 'terraform';
  if (
    /\.(?:ya?ml|hcl|(?:tfvars|(?:tf|tofu)(?:test|query))(?:\.json)?)$/i.test(uri) ||
    /yaml|dockerfile/i.test(languageId)
  )
    return undefined;
  if (isHclLanguage(languageId)) return 'terraform';
  const start = contentStart(text);
  if (text[start] !== '{') return undefined;
  // Formatted and minified alike: the words must be there before anything is looked at closely.
  if (text.includes('"format_version"') && isPlan(text, start)) return 'terraform-plan';
  return isConfiguration(text, start) ? 'terraform' : undefined;
}

/** Whether a file is part of a module by its name; its URI's query is no part of that. */
export function isModuleFile(uri: string): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/i.test(uri);
}

/** Names of a module's files without those that OpenTofu leaves alone: `x.tf` beside `x.tofu`. */
export function withoutReplaced(names: readonly string[]): string[] {
  const all = new Set(names);
  return names.filter((name) => {
    const other = name.replace(/\.tf((?:\.json)?)$/, '.tofu$1');
    return other === name || !all.has(other);
  });
}

/** Whether an editor's language id says that a text is HCL. */
export function isHclLanguage(languageId: string): boolean {
  return /^(?:terraform|opentofu|tofu)$/i.test(languageId);
}

/** Whether a text is written in HCL, by the name of its file, else by the editor's language id. */
export function isHcl(uri: string, languageId = ''): boolean {
  if (/\.(?:json|jsonc|ya?ml)$/i.test(uri)) return false;
  return /\.(?:tf|tofu|tfvars|hcl)$/i.test(uri) || isHclLanguage(languageId);
}

function contentStart(text: string): number {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isPlan(text: string, start: number): boolean {
  if (!text.includes('"planned_values"') && !text.includes('"resource_changes"') && !text.includes('"root_module"'))
    return false;
  let version = false;
  let body = false;
  scan(text, start, 1, (path) => {
    const name = path[0] as string;
    if (name === 'format_version') version = true;
    else if (name === 'planned_values' || name === 'resource_changes') body = true;
    // State: `values` beside the version of Terraform that wrote it.
    else if (name === 'values' && text.includes('"terraform_version"')) body = true;
    return !(version && body);
  });
  return version && body;
}

function isConfiguration(text: string, start: number): boolean {
  let fits = true;
  let typed = 0;
  const sections = new Set<string>();
  scan(text, start, 4, (path, opener) => {
    const [section, type] = path as [string, string | undefined];
    if (path.length === 1) {
      fits = KEYWORDS.has(section) && (section === '//' || opener === '{' || opener === '[');
      if (section !== '//') sections.add(section);
    } else if (TYPED.has(section) && type !== '//') {
      // Types are lower case with their provider's name in front; names and bodies are objects or lists of them.
      if (path.length === 2) fits = /^[a-z][a-z0-9_-]*$/.test(type as string) && (opener === '{' || opener === '[');
      else if (path.length === 3) {
        fits = opener === '{' || opener === '[';
        if (fits && (type as string).includes('_')) typed++;
      }
    } else if (NAMED.has(section) && path.length === 2 && type !== '//') fits = opener === '{' || opener === '[';
    return fits;
  });
  if (!fits) return false;
  // `{"data": {…}}` alone is what half of all web services answer: it takes a typed block, or two kinds of blocks.
  return typed > 0 || sections.size > 1;
}

/**
 * Calls `visit` with each key's path and the first character of its value, down to a depth, in order; stops where it
 * returns false. List brackets do not count as levels. In broken text, whatever is found before the break counts.
 */
function scan(
  text: string,
  start: number,
  depth: number,
  visit: (path: readonly string[], opener: string) => boolean,
): void {
  const path: string[] = [];
  // `{` levels we are in; inside deeper ones nothing is looked at.
  let level = 0;
  for (let at = start; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 34) {
      const end = stringEnd(text, at);
      if (level <= depth) {
        let next = end + 1;
        while (next < text.length && isSpace(text.charCodeAt(next))) next++;
        if (text[next] === ':') {
          next++;
          while (next < text.length && isSpace(text.charCodeAt(next))) next++;
          const key = text.slice(at + 1, end);
          path.length = level - 1;
          path.push(key);
          if (!visit(path, text[next] ?? '')) return;
          at = next - 1;
          continue;
        }
      }
      at = end;
    } else if (c === 123) level++;
    else if (c === 125) {
      if (--level <= 0) return;
    } else if (c === 47 && text[at + 1] === '/') {
      const end = text.indexOf('\n', at);
      if (end < 0) return;
      at = end;
    } else if (c === 47 && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) return;
      at = end + 1;
    }
  }
}

/** Offset of the quote that closes the string opened at `at`; the text's length where none does. */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) return i;
    if (c === 92) i++;
  }
  return text.length;
}

function isSpace(c: number): boolean {
  return c === 32 || (c >= 9 && c <= 13);
}
