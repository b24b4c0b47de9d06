/** Tells a policy document of its own from all other JSON and YAML, by its text alone. */

/** Longer texts are no policies: AWS accepts none above 32 KB, and a file may list several. */
const MAX_LENGTH = 2_000_000;

/** Keys at the top of files that may hold policies deep inside, but are none. */
const OTHER_FILES: ReadonlySet<string> = new Set([
  'AWSTemplateFormatVersion',
  'Resources',
  'Transform',
  'apiVersion',
  'functions',
  'openapi',
  'planned_values',
  'provider',
  'resource',
  'service',
  'swagger',
]);

/** The versions of the policy language. */
const VERSION = /["']?Version["']?[ \t]*:[ \t\r\n]*["']?20(12|08)-10-17/;
const EFFECT = /["']?Effect["']?[ \t]*:/;
/** CloudFormation's stack policies and the data protection policies of SNS and CloudWatch Logs are languages of their own. */
const OTHER_LANGUAGE = /["'](Update:(\*|Modify|Replace|Delete)|DataIdentifier|DataDirection)["']/;

/** All that may stand at the top of a policy document. */
const ELEMENTS: ReadonlySet<string> = new Set(['Version', 'Id', 'Statement']);

/**
 * Whether a text is a policy document, or a list of them: it has `Statement` at the top, and a statement's `Effect` or the
 * language's `Version` somewhere. Half-typed documents count: the language's `Version` alone, beside nothing that is not of
 * a policy. Reads the text once and does not parse it.
 * @param languageId the editor's; anything but JSON and YAML is none. Where it is empty, the name decides
 * @param uri only its ending is looked at
 */
export function looksLikePolicy(text: string, languageId: string, uri: string): boolean {
  if (text.length > MAX_LENGTH || !(text.includes('Statement') || VERSION.test(text))) return false;
  if (languageId !== '' && !/^(json|jsonc|json5|yaml|plaintext)$/.test(languageId)) return false;
  if (languageId === '' && !/\.(json|jsonc|ya?ml|policy|template)$/i.test(uri)) return false;
  if (!VERSION.test(text) && !EFFECT.test(text)) return false;
  if (OTHER_LANGUAGE.test(text)) return false;
  const keys = /^\ufeff?\s*[{[/]/.test(text) ? jsonKeys(text) : yamlKeys(text);
  if (keys.has('Statement')) return ![...keys].some((key) => OTHER_FILES.has(key));
  return keys.has('Version') && VERSION.test(text) && [...keys].every((key) => ELEMENTS.has(key));
}

const [QUOTE, BACKSLASH, SLASH, STAR, COLON, NEWLINE] = [0x22, 0x5c, 0x2f, 0x2a, 0x3a, 0x0a];

/** Keys of the top object, or of the objects in the top array. Looks at every character once, and keeps none but the keys. */
function jsonKeys(text: string): Set<string> {
  const keys = new Set<string>();
  let depth = 0;
  let top = 1;
  let at = 0;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (c === SLASH && text.charCodeAt(at + 1) === SLASH) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
      continue;
    }
    if (c === SLASH && text.charCodeAt(at + 1) === STAR) {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
      continue;
    }
    if (c === QUOTE) {
      const from = at + 1;
      at = endOfString(text, from);
      if (depth === top) {
        let next = at + 1;
        while (next < text.length && text.charCodeAt(next) <= 0x20) next++;
        if (text.charCodeAt(next) === COLON) keys.add(text.slice(from, at));
      }
    } else if (c === 0x7b || c === 0x5b) {
      if (depth === 0 && c === 0x5b) top = 2;
      depth++;
    } else if (c === 0x7d || c === 0x5d) depth--;
    at++;
  }
  return keys;
}

/** A string ends at its line's end at the latest: a quote that is not typed yet hides no more than that. */
function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (c === QUOTE || c === NEWLINE) return at;
    at += c === BACKSLASH ? 2 : 1;
  }
  return at;
}

/** Keys at the first column, and in the items of a list that begins there. */
function yamlKeys(text: string): Set<string> {
  const keys = new Set<string>();
  for (const [, key] of text.matchAll(/^(?:-[ ]+|[ ]{2})?["']?([A-Za-z]\w*)["']?[ \t]*:(?=[ \t\r\n]|$)/gm)) {
    if (key) keys.add(key);
  }
  // Indented keys count only in a list of documents.
  if (/^-[ ]/m.test(text) && !/^[A-Za-z"']/m.test(text)) return keys;
  const top = new Set<string>();
  for (const [, key] of text.matchAll(/^["']?([A-Za-z]\w*)["']?[ \t]*:(?=[ \t\r\n]|$)/gm)) if (key) top.add(key);
  return top;
}
