/** Text as Markdown: what a template, a message or a rule says stays text. */

/** What steers a terminal, turns text round, or is not to be seen: control characters, bidi controls, zero-width characters, tags. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** What pipelines take for a command, anywhere in a line of a log. */
const LOG_COMMAND = /##(?=\[|vso\[|teamcity\[)/g;

/** A text on one line, with a blank for each character that could deceive, and no command for a pipeline that logs it. */
export function harmless(text: string): string {
  return text.replace(/\r\n/g, ' ').replace(UNSEEN, ' ').replace(LOG_COMMAND, '# #');
}

/**
 * Makes text inert in Markdown, for renderers with icons (VS Code) and bare links: no links, no HTML, no icons, no tables, one line.
 * VS Code looks for `$(icon)` in what is rendered, where a backslash is gone: only an entity keeps the two apart.
 */
export function escapeMarkdown(text: string): string {
  return harmless(text)
    .replace(/[\\`*_{}[\]()#+\-.!|<>~&$:@]/g, '\\$&')
    .replaceAll('\\$\\(', '&dollar;\\(');
}

/** As {@link escapeMarkdown}, for a renderer without icons and bare links: marks that say nothing within a line stay readable. */
export function escapeProse(text: string): string {
  return harmless(text).replace(/[\\`*_[\]|<>~&]/g, '\\$&');
}

/** As {@link escapeProse}, for a paragraph of its own where the renderer makes links of bare addresses. */
export function escapeLine(text: string): string {
  return escapeProse(text)
    .replace(/:(?=\/\/)|@|\.(?=\p{L})/gu, '\\$&')
    .replace(/\$(?=\()/g, '&dollar;')
    .replace(/^\s*(?:[#+=-]|\d+(?=[.)]))/, (mark) => (/\d$/.test(mark) ? `${mark}\\` : mark.replace(/.$/, '\\$&')));
}

/** Code span of any text: the fence is longer than any run of backticks in it. Empty for an empty text. */
export function codeSpan(text: string): string {
  const shown = withoutIcons(harmless(text));
  if (!shown.trim()) return '';
  const fence = '`'.repeat(longestRun(shown) + 1);
  const pad = /^`|`$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** VS Code finds icons in code spans too, and knows no way to escape them there. */
function withoutIcons(text: string): string {
  return text.replace(/\$\((?=[\w-]+(?:~\w+)?\))/g, '$ (');
}

/** As {@link harmless}, of several lines, which may hold tabs. */
export function harmlessLines(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.split('\t').map(harmless).join('\t'))
    .join('\n');
}

/** Fenced block of any text: the fence is longer than any run of backticks in it. */
export function codeBlock(language: string, text: string): string {
  const shown = harmlessLines(text);
  const fence = '`'.repeat(Math.max(2, longestRun(shown)) + 1);
  return `${fence}${language}\n${shown}\n${fence}`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** A word of prose: letters, maybe joined, or a short number, within the marks of a sentence. */
const PLAIN_WORD =
  /^["'(“‘]{0,3}\p{L}+(?:['’/-]\p{L}+)*["')”’]{0,3}[.,;:!?…]?["')”’]{0,3}$|^(?:\d{1,6}%?|\(\d{1,6}%?\)?)[,;:]?$|^[–—·→…]$/u;
/** What a code host takes for the name of a commit. */
const HASH = /^[0-9a-f]{7,}$/i;
const OPENING = /^["'(“‘]*/;
/** What no word ends with that ends with a mark of a sentence. */
const INNER = /[^"')”’.,;:!?…]/;
const LETTER = /\p{L}/u;

/** Behind the last character of a kind: a search from the front would begin anew at each character. */
function endOf(word: string, kind: RegExp): number {
  const characters = [...word];
  let end = word.length;
  for (let i = characters.length - 1; i >= 0 && !kind.test(characters[i] as string); i--)
    end -= (characters[i] as string).length;
  return end;
}

/**
 * Text for a comment at a code host, which looks for mentions, issue numbers, commits, addresses and formulas in what is rendered,
 * where no escape helps: every word that is none of prose becomes code. One line, at most `most` characters of the text.
 */
export function commentText(text: string, most = 500): string {
  const words = shortened(harmless(text), most).split(' ').filter(Boolean);
  return words
    .map((word) => {
      if (PLAIN_WORD.test(word) && !HASH.test(word.slice(0, endOf(word, LETTER)))) return word;
      const before = OPENING.exec(word)?.[0] ?? '';
      const end = endOf(word, INNER);
      const inner = word.slice(before.length, end);
      return inner === '' ? codeSpan(word) : `${before}${codeSpan(inner)}${word.slice(end)}`;
    })
    .join(' ');
}

/** A text, cut behind so many characters, never through one. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…`;
}
