/** A rule as a page of Markdown: the same words in the editor, in code scanning, on the command line and in docs/rules. */

import { factText } from '../responsibility/aws-defaults.ts';
import { aliasesOf } from '../rules/aliases.ts';
import { relatedControls } from '../rules/frameworks.ts';
import type { Rule, Side, Variant } from '../rules/rule.ts';
import { codeBlock, codeSpan, escapeProse } from './markdown.ts';

/** Languages that a rule is written for, in the order of a page. */
export type RuleLanguage = 'CloudFormation' | 'Terraform' | 'IAM policy';

/** A text that breaks the rule, and what it looks like mended. */
export interface RuleExample {
  readonly language: RuleLanguage;
  readonly syntax: 'yaml' | 'json' | 'hcl';
  readonly bad: string;
  /** Says where the finding is, where the text itself cannot bear a comment. Markdown. */
  readonly where?: string;
  readonly good?: string;
  /** `good` is a diff to `bad`. */
  readonly diff?: boolean;
  /** The first one is the preferred. */
  readonly fixes: readonly { readonly title: string; readonly safe: boolean }[];
}

export interface PageOptions {
  readonly examples?: readonly RuleExample[];
  /** Where the list of all rules is, seen from the page. */
  readonly indexLink?: string;
  /** Leaves out how to suppress the rule: where that is said elsewhere. */
  readonly brief?: boolean;
}

const SIDES: Record<Side, string> = {
  customer: 'yours (security *in* the cloud)',
  shared: 'shared (AWS provides it, you choose it)',
  aws: "AWS's (security *of* the cloud)",
};
const WHO: Record<Side, string> = { customer: 'you', shared: 'both', aws: 'AWS' };

/** How other tools' suppressions look that count for findings of ours with that id. */
const PEER_FORMS: readonly (readonly [tools: RegExp, form: (id: string) => string])[] = [
  [/^checkov$/, (id) => codeSpan(`checkov:skip=${id}`)],
  [/^(?:trivy|tfsec)$/, (id) => codeSpan(`trivy:ignore:${id}`)],
  [/^cfn[_-]nag$/, (id) => `cfn_nag ${codeSpan('rules_to_suppress')} (${codeSpan(id)})`],
  [/^cdk[_-]nag$/, (id) => `cdk-nag ${codeSpan('rules_to_suppress')} (${codeSpan(id)})`],
  [/^(?:cfn-)?guard$/, (id) => `cfn-guard ${codeSpan('SuppressedRules')} (${codeSpan(id)})`],
];

/** Types that are named before "and N more". */
const MOST_TYPES = 8;

/** A rule's page. Headings begin at level 1 with the rule's title. */
export function rulePage(rule: Rule, options: PageOptions = {}): { readonly title: string; readonly markdown: string } {
  const { examples = [], indexLink, brief = false } = options;
  const facts = [
    codeSpan(rule.id),
    rule.severity,
    words(rule.category),
    rule.tier === 'opt-in' ? `off by default (${codeSpan('"tier": "all"')} or by id)` : 'on by default',
    ...(indexLink ? [`[all rules](${indexLink})`] : []),
  ];
  const parts: string[] = [`# ${escapeProse(rule.title)}`, facts.join(' · '), rule.description];
  parts.push(...whoseSide(rule));
  if (rule.aws?.length) {
    const lines = rule.aws.map((fact) => `- ${escapeProse(factText(fact))} — *${escapeProse(fact.source)}*`);
    parts.push(`## What AWS does by default\n\n${lines.join('\n')}`);
  }
  parts.push(...variants(rule), ...whereItLooks(rule), ...examples.flatMap(example));
  if (!brief) parts.push(suppress(rule));
  const aliases = aliasesOf(rule);
  if (aliases.length) parts.push(`## The same check elsewhere\n\n${aliases.map(codeSpan).join(', ')}`);
  const related = relatedControls(rule.id);
  if (related.length) {
    parts.push(
      `## Related controls\n\n${related.map((one) => `- ${one}`).join('\n')}\n\nRelated, not equal: a control asks for more than one setting.`,
    );
  }
  if (rule.references.length) {
    parts.push(
      `## References\n\n${rule.references.map((one) => `- [${escapeProse(one.title)}](${one.url})`).join('\n')}`,
    );
  }
  return { title: rule.title, markdown: `${parts.join('\n\n')}\n` };
}

/** `encryption-at-rest` as words. */
function words(name: string): string {
  return name === 'iam' ? 'IAM' : name.replaceAll('-', ' ');
}

function whoseSide({ owner }: Rule): string[] {
  const parts = [`## Whose side\n\n**${capital(SIDES[owner.side])}.** ${escapeProse(owner.why)}`];
  if (owner.moves) parts.push(`This setting moves the line: from ${WHO[owner.moves.from]} to ${WHO[owner.moves.to]}.`);
  return parts;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function variants(rule: Rule): string[] {
  const entries = Object.entries(rule.variants ?? {});
  if (!entries.length) return [];
  const rows = entries.map(([name, variant]) => [
    codeSpan(name),
    variant.severity ?? rule.severity,
    variant.message ? escapeProse(variant.message) : '',
    elsewhere(rule, variant),
  ]);
  // A column in which nothing is said is left out.
  const head = ['variant', 'severity', 'what is said', 'elsewhere'];
  const kept = head.flatMap((_, column) => (rows.some((row) => row[column]) ? [column] : []));
  const line = (cells: readonly string[]) => `| ${kept.map((column) => cells[column]).join(' | ')} |`;
  return [`## Variants\n\n${[line(head), `|${kept.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')}`];
}

/** The ids of other tools in which a variant differs from its rule. */
function elsewhere(rule: Rule, { aliases }: Variant): string {
  if (!aliases || (aliases.length === rule.aliases.length && aliases.every((one) => rule.aliases.includes(one))))
    return '';
  const spans = (ids: readonly string[]) => ids.map(codeSpan).join(', ').replaceAll('|', '\\|');
  if (!rule.aliases.length || !rule.aliases.every((one) => aliases.includes(one))) return spans(aliases) || 'none';
  return `also ${spans(aliases.filter((one) => !rule.aliases.includes(one)))}`;
}

/** Types (and properties, where they are declared) that the rule looks at. */
function whereItLooks(rule: Rule): string[] {
  const places = new Map<string, Set<string>>();
  const others = new Set<string>();
  for (const check of rule.checks) {
    if (check.kind === 'policy') others.add('every policy document, wherever it is written');
    else if (check.kind === 'template') others.add('the template as a whole');
    else if (check.kind === 'resource') for (const type of check.types) places.set(type, places.get(type) ?? new Set());
    else {
      for (const target of check.targets) {
        for (const type of [target.type].flat()) {
          const paths = places.get(type) ?? new Set<string>();
          places.set(type, paths);
          for (const path of [target.path].flat()) {
            // A setting of a companion resource (`@type.path`) is named with its type.
            const within = target.within ? `${target.within}.` : '';
            paths.add((path.startsWith('@') ? path.slice(1) : within + path).replaceAll('[]', ''));
          }
        }
      }
    }
  }
  const lines = [...others].map((one) => `- ${one}`);
  for (const [language, mine] of [
    ['CloudFormation', (type: string) => type.includes('::')],
    ['Terraform', (type: string) => !type.includes('::')],
  ] as const) {
    const types = [...places].filter(([type]) => mine(type));
    if (!types.length) continue;
    const shown = types.slice(0, MOST_TYPES).map(([type, paths]) => {
      const list = [...paths].filter(Boolean);
      return codeSpan(type) + (list.length ? ` (${list.slice(0, 3).map(codeSpan).join(', ')})` : '');
    });
    if (types.length > shown.length) shown.push(`and ${types.length - shown.length} more`);
    lines.push(`- ${language}: ${shown.join(', ')}`);
  }
  return lines.length ? [`## Where it looks\n\n${lines.join('\n')}`] : [];
}

function example(one: RuleExample): string[] {
  const parts = [`## ${one.language}\n\n${codeBlock(one.syntax, one.bad.trimEnd())}`];
  if (one.where) parts.push(one.where);
  if (one.good !== undefined) {
    parts.push(one.fixes.length ? fixLine(one.fixes) : 'Satisfies the rule:');
    parts.push(codeBlock(one.diff ? 'diff' : one.syntax, one.good.trimEnd()));
  } else if (one.fixes.length) parts.push(fixLine(one.fixes));
  return parts;
}

function fixLine(fixes: RuleExample['fixes']): string {
  const [first, ...others] = fixes;
  if (!first) return '';
  const more = others.length ? ` Also offered: ${others.map((fix) => escapeProse(fix.title)).join('; ')}.` : '';
  return `**Fix (${first.safe ? 'safe' : 'with care'}):** ${escapeProse(first.title)}.${more}`;
}

function suppress(rule: Rule): string {
  const { id } = rule;
  const lines = [
    `- YAML and HCL, on the line above or at its end: ${codeSpan(`# demarc-ignore ${id}: why this is accepted`)}`,
    `- CloudFormation JSON, in the resource: ${codeSpan(`"Metadata": {"Demarc": {"Ignore": [{"Rule": "${id}", "Reason": "…"}]}}`)}`,
    `- Terraform JSON, in the resource: ${codeSpan(`"//": "demarc-ignore ${id}: …"`)}`,
  ];
  const understood = PEER_FORMS.flatMap(([tools, form]) => {
    const alias = aliasesOf(rule).find((one) => tools.test(one.slice(0, one.indexOf(':'))));
    return alias ? [form(alias.slice(alias.indexOf(':') + 1))] : [];
  });
  if (understood.length) lines.push(`- Also understood: ${understood.join(', ')}`);
  return `## Suppress\n\n${lines.join('\n')}`;
}
