/** What the rules on resource policies are made from: which documents concern a rule, its statements, and the words for them. */

import { allows, type Consumer, isKnown, isWildcard, type PolicyDocument, type Statement } from '../iam/document.ts';
import { aws } from './references.ts';
import type { Category, Owner, Reference, Related, Report, Reporter, Rule, Severity } from './rule.ts';

/** A rule on the policies of one kind of resource; what is left out has a default. */
export interface PolicyRule {
  readonly id: string;
  /** What the policy guards, as people call it: `bucket`, `queue`. */
  readonly thing: string;
  /** IAM prefixes of the services whose resource policies are judged. */
  readonly service: string | readonly string[];
  /** Resource types that carry the policy; all of the services' where left out. */
  readonly carriers?: readonly string[];
  /** Also judges policy files and data sources without a consumer that speak of the service's actions only. */
  readonly standalone?: boolean;
  /** Whether a document is judged at all. */
  readonly where?: (policy: PolicyDocument, carriers: readonly Consumer[]) => boolean | undefined;
  readonly aliases: readonly string[];
  readonly description?: string;
  readonly references?: readonly Reference[];
  readonly title?: string;
  readonly category?: Category;
  readonly severity?: Severity;
  readonly tier?: Rule['tier'];
  readonly owner?: Owner;
  readonly aws?: Rule['aws'];
}

const OWNER: Owner = {
  side: 'customer',
  why: 'AWS enforces a resource policy exactly as it is written; whom it lets in is your decision.',
};

const REFERENCES: readonly Reference[] = [
  aws(
    'Identity-based policies and resource-based policies',
    'IAM/latest/UserGuide/access_policies_identity-vs-resource.html',
  ),
];

export type Defaults = Pick<Rule, 'title' | 'category' | 'severity' | 'description' | 'references'>;

/** A rule from its description; what that leaves out is the default's. */
export function rule(spec: PolicyRule, defaults: Defaults, more: Pick<Rule, 'checks' | 'variants'>): Rule {
  return {
    id: spec.id,
    title: spec.title ?? defaults.title,
    category: spec.category ?? defaults.category,
    severity: spec.severity ?? defaults.severity,
    tier: spec.tier ?? 'core',
    owner: spec.owner ?? OWNER,
    description: spec.description ?? defaults.description,
    aws: spec.aws,
    aliases: spec.aliases,
    references: spec.references ?? [...defaults.references, ...REFERENCES],
    ...more,
  };
}

/** One rule that reports what several do; the first names it. Each finding keeps the title, severity and aliases of its own. */
export function merge(first: Rule, ...others: readonly Rule[]): Rule {
  const all = [first, ...others];
  return {
    ...first,
    aliases: [...new Set(all.flatMap((one) => one.aliases))],
    checks: all.flatMap((one) => one.checks),
  };
}

/** Those who carry the document as a resource policy of the rule's; undefined where the rule does not concern it. */
function carriersOf(policy: PolicyDocument, spec: PolicyRule): readonly Consumer[] | undefined {
  const services = typeof spec.service === 'string' ? [spec.service] : spec.service;
  const carriers = policy.consumers.filter(
    (consumer) =>
      consumer.kind === 'resource' &&
      consumer.service !== undefined &&
      services.includes(consumer.service) &&
      (!spec.carriers || consumer.resource.types.some((type) => spec.carriers?.includes(type))),
  );
  if (!carriers.length && !(spec.standalone && isStandalone(policy) && speaksOf(policy, services))) return undefined;
  return !spec.where || spec.where(policy, carriers) === true ? carriers : undefined;
}

/** Whether a rule judges the document. */
export function concerns(policy: PolicyDocument, spec: PolicyRule): boolean {
  return carriersOf(policy, spec) !== undefined;
}

/** A resource policy that no resource of the template carries: a policy file, a data source for use elsewhere. */
export function isStandalone(policy: PolicyDocument): boolean {
  if (policy.kind !== 'resource' || policy.service !== undefined) return false;
  return policy.consumers.every((consumer) => consumer.resource === policy.resource && consumer.service === undefined);
}

/** Whether all actions of a document are of the services, or else what it names as resources is. */
export function speaksOf(policy: PolicyDocument, services: readonly string[]): boolean {
  let named = 0;
  for (const statement of policy.statements) {
    for (const item of [...statement.actions, ...statement.notActions]) {
      if (item.text === undefined || isWildcard(item)) continue;
      const colon = item.text.indexOf(':');
      if (!services.includes(item.text.slice(0, Math.max(colon, 0)).toLowerCase())) return false;
      named++;
    }
    for (const item of [...statement.resources, ...statement.notResources]) {
      if (!item.text?.startsWith('arn:')) continue;
      if (!services.includes(item.text.split(':')[2] ?? '')) return false;
      named++;
    }
  }
  return named > 0;
}

/** Statements that the document consists of, those of documents it includes too. */
function statementsOf(policy: PolicyDocument): readonly Statement[] {
  return policy.included.length ? [...policy.statements, ...policy.included] : policy.statements;
}

/** Resources that put a document to use, where that is defined apart. */
function users(statement: Statement, carriers: readonly Consumer[]): Related[] {
  return carriers
    .filter((carrier) => carrier.resource !== statement.policy.resource)
    .map(({ resource }) => ({ node: resource.key, message: `Used by ${resource.address}`, resource }));
}

export type ReportInPolicy = (report: Omit<Report, 'resource'>) => void;

/** A check of each statement that certainly allows; `own` is what each finding says where the judge does not. */
export function allowCheck(
  spec: PolicyRule,
  own: Pick<Report, 'severity' | 'message'>,
  judge: (statement: Statement, carriers: readonly Consumer[], report: ReportInPolicy) => void,
): Rule['checks'] {
  const check = (policy: PolicyDocument, reporter: Reporter) => {
    const carriers = carriersOf(policy, spec);
    if (!carriers) return;
    for (const statement of statementsOf(policy)) {
      if (!allows(statement)) continue;
      judge(statement, carriers, (report) =>
        reporter.report({
          resource: statement.policy.resource,
          conditions: statement.templateConditions,
          aliases: spec.aliases,
          ...own,
          ...report,
          related: [...(report.related ?? []), ...users(statement, carriers)],
        }),
      );
    }
  };
  return [{ kind: 'policy', check }];
}

// ---- words

/** `s3:GetObject`, `s3:GetObject and 2 more actions`, `every action`. */
export function actionsText(statement: Statement): string {
  if (statement.elements.NotAction) return 'all actions but a few';
  if (statement.actions.some(isWildcard)) return 'every action';
  const texts = statement.actions.filter(isKnown).map((item) => item.text as string);
  const [first] = texts;
  if (first === undefined) return 'the actions of this statement';
  const more = statement.actions.length - 1;
  return more === 0 ? first : more === 1 ? `${first} and one more action` : `${first} and ${more} more actions`;
}

/** Path of an element for fingerprints. */
export function pathOf(statement: Statement, element: string): string {
  return [statement.policy.site, 'Statement', String(statement.index), element].filter(Boolean).join('.');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
