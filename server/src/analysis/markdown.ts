/** Text as Markdown: what a template, a message or a rule says stays text. */

/** Makes text inert in Markdown: no links, no HTML, no icons, no tables, one line. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$:@]/g, '\\$&').replace(/\r\n?|\n/g, ' ');
}

/** As {@link escapeMarkdown}, for a renderer without icons and bare links: marks that say nothing within a line stay readable. */
export function escapeProse(text: string): string {
  return text.replace(/[\\`*_[\]|<>~&]/g, '\\$&').replace(/\r\n?|\n/g, ' ');
}

/** Code span of any text: the fence is longer than any run of backticks in it. */
export function codeSpan(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text.replace(/\r\n?|\n/g, ' ')}${pad}${fence}`;
}

/** Fenced block of any text: the fence is longer than any run of backticks in it. */
export function codeBlock(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
