/**
 * Golden cases of rules: `test/rules/cases/<rule-id>.md`.
 *
 * A case is a heading `## <language>: <kinds>` (kinds out of violates, satisfies, unknown, conditional, quiet; free text may follow
 * behind ` - `) and a fenced block with the source, in which `«rule-id»text«/»` marks a finding of exactly that range
 * (`«rule-id severity»` demands the severity as well). A second fenced block, introduced by a line `fixed`, is what the preferred
 * fix of every finding of the rule leaves; `no fix` instead says that none is offered.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const LANGUAGES = [
  'cfn-yaml',
  'cfn-json',
  'tf-json',
  'tf-hcl',
  'tf-plan',
  'policy-json',
  'policy-yaml',
] as const;
export type Language = (typeof LANGUAGES)[number];

export interface Mark {
  readonly ruleId: string;
  readonly severity?: string;
  readonly start: number;
  readonly end: number;
}

export interface Case {
  readonly ruleId: string;
  readonly file: string;
  readonly line: number;
  readonly title: string;
  readonly language: Language;
  readonly kinds: readonly string[];
  /** Without markers. */
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly fixed: string | undefined;
  readonly noFix: boolean;
}

const FILE_NAMES: Record<Language, string> = {
  'cfn-yaml': 'template.yaml',
  'cfn-json': 'template.json',
  'tf-json': 'main.tf.json',
  'tf-hcl': 'main.tf',
  'tf-plan': 'plan.json',
  'policy-json': 'policy.json',
  'policy-yaml': 'policy.yaml',
};

export function fileName(language: Language): string {
  return FILE_NAMES[language];
}

/** Takes the markers out of a source. Ranges nest; `«a, b»` marks one range for two rules. */
export function unmark(source: string): { text: string; marks: Mark[] } {
  const marks: Mark[] = [];
  const open: { labels: string[]; start: number }[] = [];
  let text = '';
  for (let i = 0; i < source.length; ) {
    if (source[i] !== '«') {
      text += source[i++];
      continue;
    }
    const close = source.indexOf('»', i);
    if (close < 0) throw new Error('a marker is not closed with »');
    const label = source.slice(i + 1, close);
    i = close + 1;
    if (label !== '/') {
      open.push({ labels: label.split(',').map((one) => one.trim()), start: text.length });
      continue;
    }
    const top = open.pop();
    if (!top) throw new Error('«/» without a marker before it');
    for (const one of top.labels) {
      const [ruleId = '', severity] = one.split(/\s+/);
      marks.push({ ruleId, severity, start: top.start, end: text.length });
    }
  }
  if (open.length) throw new Error(`marker «${open[0]?.labels.join()}» has no «/»`);
  marks.sort((a, b) => a.start - b.start || a.end - b.end || (a.ruleId < b.ruleId ? -1 : 1));
  return { text, marks };
}

/** Reads one golden file. Errors name the file and line. */
export function readCases(path: string, ruleId: string): Case[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const cases: Case[] = [];
  let heading: { title: string; line: number; language: Language; kinds: string[] } | undefined;
  let source: string | undefined;
  let fixed: string | undefined;
  let noFix = false;
  let expectFixed = false;
  const flush = () => {
    if (!heading) return;
    if (source === undefined) throw new Error(`${path}:${heading.line}: no source block`);
    try {
      cases.push({ ruleId, file: path, ...heading, ...unmark(source), fixed, noFix });
    } catch (error) {
      throw new Error(`${path}:${heading.line}: ${(error as Error).message}`);
    }
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const head = /^## ([\w-]+): ([^-]*)(?: - .*)?$/.exec(line);
    if (line.startsWith('## ')) {
      flush();
      if (!head || !LANGUAGES.includes(head[1] as Language))
        throw new Error(`${path}:${i + 1}: not a case heading: ${line}`);
      const kinds = (head[2] as string).split(',').map((kind) => kind.trim());
      heading = { title: line.slice(3), line: i + 1, language: head[1] as Language, kinds };
      source = fixed = undefined;
      noFix = expectFixed = false;
    } else if (line.startsWith('```') && heading) {
      const body: string[] = [];
      for (i++; i < lines.length && !(lines[i] as string).startsWith('```'); i++) body.push(lines[i] as string);
      const block = `${body.join('\n')}\n`;
      if (expectFixed) fixed = block;
      else source = block;
      expectFixed = false;
    } else if (line.trim() === 'fixed') expectFixed = true;
    else if (line.trim() === 'no fix') noFix = true;
  }
  flush();
  return cases;
}

export function allCases(folder: string): Case[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .flatMap((name) => readCases(join(folder, name), name.slice(0, -3)));
}
