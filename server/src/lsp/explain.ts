/** A rule's explanation as a page of Markdown. */

import { normaliseAlias, rulesByAlias } from '../rules/aliases.ts';
import { ruleById } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { codeSpan, escapeMarkdown } from './hover-markdown.ts';

const SIDES = {
  customer: 'You (security in the cloud)',
  shared: 'Shared',
  aws: 'AWS (security of the cloud)',
} as const;

function aliasesOf(rule: Rule): string[] {
  const all = [...rule.aliases, ...Object.values(rule.variants ?? {}).flatMap((variant) => variant.aliases ?? [])];
  return [...new Map(all.map((alias) => [normaliseAlias(alias), alias])).values()];
}

/** Title and Markdown of a rule, or of all that another tool's id stands for; undefined for an id that does not exist. */
export function explain(name: string): { title: string; markdown: string } | undefined {
  const own = ruleById(name);
  const pages = (own ? [own] : rulesByAlias(name)).map(page);
  const [first] = pages;
  return first && { title: first.title, markdown: pages.map((one) => one.markdown).join('\n---\n\n') };
}

function page(rule: Rule): { title: string; markdown: string } {
  const { owner } = rule;
  const parts = [
    `# ${escapeMarkdown(rule.title)}`,
    `${codeSpan(rule.id)} · ${rule.category} · ${rule.severity}${rule.tier === 'opt-in' ? ' · off by default' : ''}`,
    rule.description,
    `## Whose side\n\n**${SIDES[owner.side]}**. ${escapeMarkdown(owner.why)}`,
  ];
  if (owner.moves)
    parts.push(`This setting moves the line: from ${SIDES[owner.moves.from]} to ${SIDES[owner.moves.to]}.`);
  if (rule.aws?.length) {
    const facts = rule.aws.map(
      (fact) =>
        `- ${escapeMarkdown(fact.text)}${fact.since ? ` (since ${fact.since})` : ''} — *${escapeMarkdown(fact.source)}*`,
    );
    parts.push(`## What AWS does\n\n${facts.join('\n')}`);
  }
  parts.push(
    `## Suppress\n\nIn YAML, on the line above: \`# demarc-ignore ${rule.id}: why this is accepted\`. In CloudFormation JSON, in the resource: \`"Metadata": {"Demarc": {"Ignore": [{"Rule": "${rule.id}", "Reason": "…"}]}}\`. In Terraform JSON, in the resource: \`"//": "demarc-ignore ${rule.id}: …"\`.`,
  );
  const aliases = aliasesOf(rule);
  if (aliases.length) parts.push(`## The same check elsewhere\n\n${aliases.map(codeSpan).join(', ')}`);
  if (rule.references.length) {
    parts.push(
      `## References\n\n${rule.references.map((one) => `- [${escapeMarkdown(one.title)}](${one.url})`).join('\n')}`,
    );
  }
  return { title: rule.title, markdown: `${parts.join('\n\n')}\n` };
}
