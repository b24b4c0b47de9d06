/** `demarc rules` and `demarc explain`. */

import { createColors } from 'picocolors';
import { SIDE_NAMES } from '../analysis/present.ts';
import { rulePage } from '../analysis/rule-page.ts';
import { unknownRule } from '../analysis/suggest.ts';
import { factText } from '../responsibility/aws-defaults.ts';
import { aliasesOf, rulesByAlias } from '../rules/aliases.ts';
import { frameworksOf, relatedControls } from '../rules/frameworks.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import type { Format } from './arguments.ts';
import { compare } from './files.ts';

function plain(rule: Rule) {
  const { id, title, category, severity, tier, owner, description, aws, references } = rule;
  return {
    id,
    title,
    category,
    severity,
    tier,
    owner,
    description,
    aws,
    aliases: aliasesOf(rule),
    frameworks: frameworksOf(id),
    references,
  };
}

/** The rules by id, a line each; `json`: with all that is known of them. */
export function listRules(format: Format, tier: 'core' | 'all', color: boolean): string {
  const rules = RULES.filter((rule) => tier === 'all' || rule.tier === 'core').sort((a, b) => compare(a.id, b.id));
  if (format === 'json') return `${JSON.stringify(rules.map(plain), null, 2)}\n`;
  const c = createColors(color);
  const width = Math.max(0, ...rules.map((rule) => rule.id.length));
  const side = Math.max(...Object.values(SIDE_NAMES).map((name) => name.length));
  const lines = rules.map(
    (rule) =>
      `${c.bold(rule.id.padEnd(width))}  ${rule.severity.padEnd(8)}  ${rule.tier.padEnd(6)}  ${SIDE_NAMES[rule.owner.side].padEnd(side)}  ${rule.title}\n`,
  );
  return lines.join('');
}

/** All that is known of a rule, or of the rules that another tool's id stands for. */
export function explainRule(
  name: string,
  format: Format,
  color: boolean,
): { readonly text: string } | { readonly error: string } {
  const rules = rulesByAlias(name);
  if (!rules.length) return { error: unknownRule(name) };
  if (format === 'json') return { text: `${JSON.stringify(rules.map(plain), null, 2)}\n` };
  if (format === 'markdown') return { text: rules.map((rule) => rulePage(rule).markdown).join('\n---\n\n') };
  const c = createColors(color);
  const texts = rules.map((rule) => {
    const { owner } = rule;
    const moves = owner.moves
      ? ` (moves the line: ${SIDE_NAMES[owner.moves.from]} → ${SIDE_NAMES[owner.moves.to]})`
      : '';
    const lines = [
      `${c.bold(rule.id)}  ${rule.title}`,
      `${rule.severity} · ${rule.category} · ${rule.tier}`,
      '',
      `Whose side: ${c.bold(SIDE_NAMES[owner.side])}${moves}. ${owner.why}`,
      '',
      rule.description,
    ];
    for (const fact of rule.aws ?? []) lines.push('', `AWS: ${factText(fact)}`, c.dim(`     ${fact.source}`));
    if (aliasesOf(rule).length) lines.push('', `Also known as: ${aliasesOf(rule).join(', ')}`);
    const related = relatedControls(rule.id);
    if (related.length) lines.push('', `Related: ${related.join('; ')}`);
    if (rule.references.length) lines.push('', ...rule.references.map((one) => `${one.title}\n  ${c.dim(one.url)}`));
    return `${lines.join('\n')}\n`;
  });
  return { text: texts.join('\n') };
}
