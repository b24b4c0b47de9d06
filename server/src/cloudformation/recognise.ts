/** Tells a CloudFormation or SAM template from any other JSON or YAML, from the text alone. */

const KEYS = ['AWSTemplateFormatVersion', 'Resources', 'Transform'] as const;
type Key = (typeof KEYS)[number];

/** A resource type wherever `Type` is written: own line, flow mapping, quoted or not; third parties' have three parts. */
const RESOURCE_TYPE =
  /\bType["']?[ \t]*:[ \t\r\n]*["']?(?:(?:AWS|Custom|Alexa)::[A-Za-z0-9]|[A-Z][A-Za-z0-9]{1,63}::[A-Za-z0-9]{1,64}::[A-Z])/;
const TRANSFORM = /AWS::[A-Z][A-Za-z]+/;

/** Language ids under which other extensions register templates. */
const OWN_LANGUAGE = /cloudformation|\bcfn\b|\baws-?sam\b/i;
const OTHER_LANGUAGE = /^(?:terraform|hcl|opentofu|markdown|javascript|typescript|python)/i;
const OTHER_FILE = /\.(?:tf|tf\.json|tfvars|hcl|tofu|md|[cm]?[jt]sx?|py)$/i;

/**
 * Whether a text is a CloudFormation or SAM template, by its content: a top-level `AWSTemplateFormatVersion`, a top-level
 * `Transform` of AWS, or a top-level `Resources` with a resource's `Type` behind it.
 * Needs no parse and holds for half-typed text; a template quoted inside another document (a ConfigMap, the `Resources` of a
 * `serverless.yml`, the answer of `get-template`) is none. Language ids that name CloudFormation decide by themselves.
 */
export function looksLikeCloudFormation(text: string, languageId: string, uri: string): boolean {
  if (OTHER_LANGUAGE.test(languageId) || OTHER_FILE.test(uri)) return false;
  if (OWN_LANGUAGE.test(languageId)) return true;
  // Most files of these languages never name any of them, and are let go after a search.
  if (!KEYS.some((key) => text.includes(key))) return false;
  const first = firstCharacter(text);
  return first === '{' ? decide(text, jsonKeys(text)) || decide(text, linesOf(text)) : decide(text, linesOf(text));
}

interface TopLevelKey {
  readonly name: Key;
  /** Offset behind the colon. */
  readonly behind: number;
}

/** Reads keys only until one decides. */
function decide(text: string, keys: Iterable<TopLevelKey>): boolean {
  let searched = false;
  for (const { name, behind } of keys) {
    if (name === 'AWSTemplateFormatVersion') return true;
    if (name === 'Transform' && TRANSFORM.test(transformText(text, behind))) return true;
    if (name !== 'Resources' || searched) continue;
    if (RESOURCE_TYPE.test(text.slice(behind))) return true;
    // No type behind the first such key, none behind the next.
    searched = true;
  }
  return false;
}

/** What `Transform` is set to: one name, or a short list of them; ends at the next top-level key of YAML or the closing bracket. */
function transformText(text: string, behind: number): string {
  const near = text.slice(behind, behind + 1000);
  const end = near.search(/\n[^\s\-#\]}]|[\]}]|"[ \t\r\n]*,[ \t\r\n]*"[^"\n]*"[ \t]*:/);
  return end < 0 ? near : near.slice(0, end);
}

function firstCharacter(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 32 && c !== 0xfeff) return text.charAt(i);
  }
  return '';
}

/** Keys at depth one, by counting brackets outside of strings; a string ends at its line's end, as half-typed ones do. */
function* jsonKeys(text: string): Iterable<TopLevelKey> {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x7b || c === 0x5b) depth++;
    else if (c === 0x7d || c === 0x5d) depth--;
    else if (c === 0x22) {
      const start = i + 1;
      for (i = start; i < text.length; i++) {
        const d = text.charCodeAt(i);
        if (d === 0x5c) i++;
        else if (d === 0x22 || d === 10) break;
      }
      if (depth !== 1) continue;
      const name = KEYS.find((key) => key.length === i - start && text.startsWith(key, start));
      if (!name) continue;
      const behind = colonAfter(text, i + 1);
      if (behind !== undefined) yield { name, behind };
    }
  }
}

/**
 * Keys on lines indented as the first line with a key is: the top level of YAML, and of laid out JSON whose brackets
 * do not balance while somebody types.
 */
function* linesOf(text: string): Iterable<TopLevelKey> {
  let indent: number | undefined;
  for (let line = 0; line >= 0 && line < text.length; ) {
    let at = line;
    while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9 || text.charCodeAt(at) === 0xfeff) at++;
    const quote = text.charCodeAt(at) === 0x22 || text.charCodeAt(at) === 0x27 ? 1 : 0;
    const c = text.charCodeAt(at + quote);
    const isLetter = (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
    if (isLetter) {
      indent ??= at - line;
      if (at - line === indent) {
        const name = KEYS.find((key) => text.startsWith(key, at + quote));
        const behind = name && colonAfter(text, at + quote + name.length + quote);
        if (name && behind !== undefined) yield { name, behind };
      }
    }
    // A new YAML document may be indented otherwise.
    if (text.startsWith('---', line)) indent = undefined;
    const next = text.indexOf('\n', at);
    line = next < 0 ? -1 : next + 1;
  }
}

function colonAfter(text: string, at: number): number | undefined {
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return text.charCodeAt(at) === 0x3a ? at + 1 : undefined;
}
