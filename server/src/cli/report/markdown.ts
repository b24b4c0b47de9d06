/** The report for a pull request's comment or a job's summary: what is yours, shared, AWS's, and what a change introduced. */

import { codeBlock, codeSpan, commentText, escapeProse, shortened } from '../../analysis/markdown.ts';
import { ruleById } from '../../rules/index.ts';
import type { Side } from '../../rules/rule.ts';
import { SEVERITIES } from '../arguments.ts';
import type { AwsPart, Found, Item, ItemFix, MovedLine, Place, Problem, Result } from '../result.ts';
import { count, isFixable, severityCounts, sideCounts } from './words.ts';

/** GitHub takes 65,536 characters of a comment, GitLab and Bitbucket more. */
const MOST_CHARACTERS = 60_000;
/** Kept free for headings, closing tags and what is said of the rest. */
const RESERVE = 3_000;
const MOST_NAME = 200;
const MOST_ERRORS = 20;
/** Longer diffs are left to the editor and to `--fix`. */
const MOST_DIFF_LINES = 30;
const MOST_DIFF_CHARACTERS = 2_000;

const GROUPS: readonly (readonly [Side, string])[] = [
  ['customer', 'Yours'],
  ['shared', 'Shared'],
  ['aws', "AWS's"],
];
const WHO: Record<Side, string> = { customer: 'you', shared: 'both', aws: 'AWS' };

/** Writes a comment: the first line is the verdict. */
export function markdownReport(result: Result): string {
  const { findings, comparison, errors, moved, aws } = result;
  const page = new Page();
  page.line(`**${verdict(result)}**`);
  const more = asides(result);
  if (more) page.line('', more);
  if (comparison) {
    const introduced = findings.filter(({ change }) => change === 'introduced');
    if (introduced.length) {
      page.line('', '### Introduced by this change');
      bySides(page, introduced);
    }
  } else bySides(page, findings);
  lineMoved(page, moved);
  if (comparison?.fixed.length) {
    page.line('', '### Fixed by this change', '');
    page.list(gravestFirst(comparison.fixed).map((one) => [bullet(one)]));
  }
  problems(page, errors);
  whatAwsDoes(page, aws, comparison !== undefined);
  if (comparison) {
    const before = gravestFirst(findings.filter(({ change }) => change === 'before'));
    if (before.length) {
      const lines = before.map((one) => [bullet(one)]);
      page.folded(`Was there before (${before.length})`, (inner) => inner.list(lines));
    }
  }
  return page.text();
}

/** What is written so far, and what still fits. */
class Page {
  private readonly lines: string[] = [];
  private length = 0;

  line(...lines: string[]): void {
    for (const one of lines) {
      this.lines.push(one);
      this.length += one.length + 1;
    }
  }

  /** Items in their forms, the fullest first: each takes the first form that fits; what does not fit at all is counted. */
  list(items: readonly (readonly string[])[]): void {
    let left = 0;
    for (const forms of items) {
      const form = left ? undefined : forms.find((one) => this.length + one.length < MOST_CHARACTERS - RESERVE);
      if (form === undefined) left++;
      else this.line(form);
    }
    if (left)
      this.line('', `*${left} more ${left === 1 ? 'is' : 'are'} left out here: the report is too long for a comment.*`);
  }

  /** A part that is unfolded by a click, and stands there as it is where that is not known. `title` is HTML. */
  folded(title: string, write: (page: Page) => void): void {
    this.line('', '<details>', `<summary>${title}</summary>`, '');
    write(this);
    this.line('', '</details>');
  }

  text(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

/** `1 high, 2 low: 2 yours, 1 shared` */
function told(list: readonly Item[]): string {
  const counts = <T>(keys: readonly T[]) =>
    keys.reduce((map, key) => map.set(key, (map.get(key) ?? 0) + 1), new Map<T, number>());
  const severities = severityCounts(counts(list.map(({ severity }) => severity)));
  return `${severities}: ${sideCounts(counts(list.map(({ owner }) => owner.side)))}`;
}

/** One sentence. */
function verdict({ findings, comparison, files }: Result): string {
  if (!comparison) {
    if (!findings.length) return files ? `No findings in ${count(files, 'file')}.` : 'Nothing to lint was found.';
    const where = count(new Set(findings.map(({ file }) => file)).size, 'file');
    return `${count(findings.length, 'finding')} in ${where} (${told(findings)}).`;
  }
  const introduced = findings.filter(({ change }) => change === 'introduced');
  const before = findings.length - introduced.length;
  const parts = [
    introduced.length
      ? `This change introduces ${count(introduced.length, 'finding')} (${told(introduced)})`
      : 'This change introduces no findings',
    ...(comparison.fixed.length ? [`it fixes ${comparison.fixed.length}`] : []),
    ...(before ? [`${before} ${before === 1 ? 'was' : 'were'} there before`] : []),
  ];
  return `${parts.join('; ')}.`;
}

function asides(result: Result): string {
  const { comparison, fixed, suppressed, findings, moved, errors } = result;
  const parts: string[] = [];
  if (comparison) parts.push(`Compared with ${codeSpan(shortened(comparison.base, MOST_NAME))}`);
  // What was not read may hold what the verdict does not count.
  const unread = new Set(errors.map(({ file }) => file)).size;
  if (unread) parts.push(`**${count(unread, 'file')} could not be read whole**`);
  if (comparison && moved.length) parts.push(`the line moved in ${count(moved.length, 'place')}`);
  if (fixed.length) parts.push(`${count(fixed.length, 'finding')} fixed by ${codeSpan('--fix')}`);
  const shown = comparison ? findings.filter(({ change }) => change === 'introduced') : findings;
  const safe = shown.filter(isFixable).length;
  if (safe) parts.push(`${safe} can be fixed with ${codeSpan('demarc lint --fix')}`);
  if (comparison?.silenced) parts.push(`${comparison.silenced} suppressed by this change`);
  else if (suppressed.length) parts.push(`${suppressed.length} suppressed`);
  return parts.length ? `${parts.join(' · ')}.` : '';
}

function gravestFirst<T extends Found>(list: readonly T[]): readonly T[] {
  const rank = ({ severity }: Found) => SEVERITIES.indexOf(severity);
  return [...list].sort((a, b) => rank(a) - rank(b));
}

function bySides(page: Page, items: readonly Item[]): void {
  for (const [side, title] of GROUPS) {
    const own = gravestFirst(items.filter(({ owner }) => owner.side === side));
    if (!own.length) continue;
    page.line('', `**${title}** (${own.length})`, '');
    page.list(
      own.map((item) => {
        const short = bullet(item);
        const fix = item.fixes[0] && fixPart(item.fixes[0]);
        return fix ? [`${short}\n${fix}`, short] : [short];
      }),
    );
  }
}

/** A finding in one line of a list. */
function bullet({ rule, severity, message, condition, resource, ...place }: Found): string {
  const [reference] = ruleById(rule.id)?.references ?? [];
  const facts = [
    `**${severity}**`,
    commentText(message) + (condition ? ` (when ${codeSpan(shortened(condition, MOST_NAME))})` : ''),
    ...(resource === '*' ? [] : [codeSpan(shortened(resource, MOST_NAME))]),
    where(place),
    reference ? `[${rule.id}](${reference.url})` : codeSpan(rule.id),
  ];
  return `- ${facts.filter(Boolean).join(' · ')}`;
}

function where({ file, range }: Place): string {
  return codeSpan(`${shortened(file, MOST_NAME)}:${range.start.line + 1}`);
}

/** How a finding is mended, folded, inside its item of the list. */
function fixPart({ title, safe, diff }: ItemFix): string {
  const isShort =
    diff !== undefined && diff.length <= MOST_DIFF_CHARACTERS && diff.split('\n').length <= MOST_DIFF_LINES;
  const lines = [
    '',
    '<details>',
    `<summary>Fix (${safe ? 'safe' : 'read before applying'})</summary>`,
    '',
    `How: ${commentText(title)}.`,
    ...(isShort ? ['', ...codeBlock('diff', diff).split('\n')] : []),
    '',
    '</details>',
    '',
  ];
  return lines.map((line) => (line ? `  ${line}` : '')).join('\n');
}

function lineMoved(page: Page, moved: readonly MovedLine[]): void {
  if (!moved.length) return;
  page.line('', '### The line moved', '');
  page.list(
    moved.map(({ concern, from, to, resource, text, ...place }) => [
      `- **${escapeProse(concern)}: ${WHO[from]} → ${WHO[to]}** · ${codeSpan(shortened(resource, MOST_NAME))} · ${where(place)}. ${escapeProse(text)}`,
    ]),
  );
}

function problems(page: Page, errors: readonly Problem[]): void {
  if (!errors.length) return;
  page.line('', '### Could not be read whole', '');
  const all = errors.map(({ file, range, message }) => {
    const place = range ? where({ file, range }) : codeSpan(shortened(file, MOST_NAME));
    return `- ${place}: ${commentText(message)}`;
  });
  const lines = [...new Set(all)];
  page.list(lines.slice(0, MOST_ERRORS).map((line) => [line]));
  if (lines.length > MOST_ERRORS) page.line(`- and ${lines.length - MOST_ERRORS} more`);
}

/** Resources of which the same is true are told together. */
function whatAwsDoes(page: Page, parts: readonly AwsPart[], isChange: boolean): void {
  if (!parts.length) return;
  const groups = new Map<string, AwsPart[]>();
  for (const part of parts) {
    const key = JSON.stringify([part.type, part.facts]);
    groups.set(key, [...(groups.get(key) ?? []), part]);
  }
  const lines = [...groups.values()].map((own) => {
    const [first] = own as [AwsPart];
    const names = own.slice(0, 8).map(({ resource }) => codeSpan(shortened(resource, MOST_NAME)));
    if (own.length > names.length) names.push(`${own.length - names.length} more`);
    const facts = first.facts.map(({ text, source }) => `  - ${escapeProse(text)} — *${escapeProse(source)}*`);
    return [[`- ${names.join(', ')} (${codeSpan(shortened(first.type, MOST_NAME))})`, ...facts].join('\n')];
  });
  const title = `What AWS does by itself for the resources ${isChange ? 'that this change touches' : 'with findings'}`;
  page.folded(`${title} (${parts.length})`, (inner) => inner.list(lines));
}
