/** A rule's explanation as a page of Markdown, by our id or another tool's. */

import { rulePage } from '../analysis/rule-page.ts';
import { servicePage } from '../analysis/service-page.ts';
import { rulesByAlias } from '../rules/aliases.ts';
import { ruleById } from '../rules/index.ts';
import type { Explanation } from './protocol.ts';

/** The pages of a rule, or of all that another tool's id stands for; undefined for an id that does not exist. */
export function explain(name: string): Explanation | undefined {
  const own = ruleById(name);
  const rules = own ? [own] : rulesByAlias(name);
  const pages = rules.map((rule) => rulePage(rule));
  const [first] = pages;
  return (
    first && {
      title: first.title,
      markdown: pages.map((one) => one.markdown).join('\n---\n\n'),
      ruleIds: rules.map((rule) => rule.id),
    }
  );
}

/** The page of a service in the responsibility model; undefined for an id that does not exist. */
export function explainService(id: string): Explanation | undefined {
  const page = servicePage(id);
  return page && { ...page, ruleIds: [] };
}
