/** A service of the responsibility model as a page of Markdown, and all of them as a table: the same words in the editor and in docs/. */

import { AWS_DEFAULTS, type AwsDefault, factText } from '../responsibility/aws-defaults.ts';
import {
  CLASS_WORDS,
  INHERITED,
  type LineMover,
  ruleOfMover,
  type ServiceResponsibility,
  type SettingTest,
  type Side,
  type Situation,
  type Source,
  sharedText,
} from '../responsibility/model.ts';
import { SERVICES, type ServiceId, serviceIdOf } from '../responsibility/services.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { codeSpan, escapeProse } from './markdown.ts';

const WHO: Record<Side, string> = { customer: 'you', shared: 'both', aws: 'AWS' };

/** Every service by name, the prefix of its owner aside: `ECS` before `EKS`, whoever puts Amazon or AWS in front. */
export function serviceIds(): readonly ServiceId[] {
  return (Object.keys(SERVICES) as ServiceId[]).sort((a, b) =>
    bare(SERVICES[a].name).localeCompare(bare(SERVICES[b].name), 'en'),
  );
}

function bare(name: string): string {
  return name.replace(/^(?:Amazon|AWS) /, '');
}

/** The page of a service; undefined for an id that does not exist. */
export function servicePage(id: string): { readonly title: string; readonly markdown: string } | undefined {
  if (!Object.hasOwn(SERVICES, id)) return undefined;
  const service: ServiceResponsibility = SERVICES[id as ServiceId];
  const title = `${service.name}: who does what`;
  const parts = [
    `# ${escapeProse(title)}`,
    `${escapeProse(service.name)} is ${CLASS_WORDS[service.kind]}. [All services](../responsibility.md)`,
    duties(service),
    ...situations(service),
    ...movers(service.movers ?? []),
    ...defaults(id as ServiceId),
    ...rules(id as ServiceId),
    `## Sources\n\n${allSources(service).map(source).join('\n')}`,
  ];
  return { title, markdown: `${parts.join('\n\n')}\n` };
}

function duties({ aws, customer, shared }: ServiceResponsibility): string {
  return [
    `**AWS** (security of the cloud): ${escapeProse(aws)}`,
    `**You** (security in the cloud): ${escapeProse(customer)}`,
    `**Shared**, each in its own layer:\n\n${shared.map((control) => `- ${escapeProse(sharedText(control))}`).join('\n')}`,
    `**Inherited** from AWS whole: ${escapeProse(INHERITED)}`,
  ].join('\n\n');
}

function situations({ name, situations: all = [] }: ServiceResponsibility): string[] {
  return all.map((one) => {
    const lines = [`## ${escapeProse(`${name}, ${one.label}`)}`, `Holds where ${when(one.when)}.`];
    if (one.kind) lines.push(`There it is ${CLASS_WORDS[one.kind]}.`);
    if (one.aws) lines.push(`**AWS:** ${escapeProse(one.aws)}`);
    if (one.customer) lines.push(`**You:** ${escapeProse(one.customer)}`);
    if (one.shared?.length)
      lines.push(`**Shared:**\n\n${one.shared.map((control) => `- ${escapeProse(sharedText(control))}`).join('\n')}`);
    return lines.join('\n\n');
  });
}

function movers(all: readonly LineMover[]): string[] {
  if (!all.length) return [];
  const lines = all.map((mover) => {
    const rule = ruleOfMover(mover);
    const link = rule ? ` [${rule}](../rules/${rule}.md)` : '';
    return `- **${escapeProse(mover.concern)}: ${WHO[mover.from]} → ${WHO[mover.to]}** where ${when(mover.when)}. ${escapeProse(mover.text)}${link}`;
  });
  return [`## Settings that move the line\n\n${lines.join('\n')}`];
}

/** Tests in words: `PackageType is Image (AWS::Lambda::Function)`. */
function when(tests: readonly SettingTest[]): string {
  return tests.map((test) => `${settingText(test)} (${test.types.map(codeSpan).join(', ')})`).join(', or ');
}

function settingText({ path, values = [], present, absent }: SettingTest): string {
  if (path === undefined) return 'the resource is there';
  const property = codeSpan(path);
  const is = values.map((value) =>
    value.endsWith('*') ? `begins with ${codeSpan(value.slice(0, -1))}` : `is ${codeSpan(value)}`,
  );
  if (present) is.push('is set');
  if (absent) is.push('is left out');
  return `${property} ${is.join(' or ')}`;
}

/** What AWS does by itself, of the types that belong to the service. */
function defaults(id: ServiceId): string[] {
  const facts = Object.values<AwsDefault>(AWS_DEFAULTS).filter(
    (fact) => fact.done && fact.types.some((type) => serviceIdOf(type) === id),
  );
  if (!facts.length) return [];
  const lines = facts.map((fact) => `- ${escapeProse(factText(fact))} — *${escapeProse(fact.source)}*`);
  return [`## What AWS does by itself\n\n${lines.join('\n')}`];
}

/** Rules that look at types of the service. */
function rules(id: ServiceId): string[] {
  const own = RULES.filter((rule) => typesOf(rule).some((type) => serviceIdOf(type) === id));
  if (!own.length) return [];
  const lines = [...own]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((rule) => `- [${rule.id}](../rules/${rule.id}.md): ${escapeProse(rule.title)} (${WHO[rule.owner.side]})`);
  return [`## Rules that look at it\n\n${lines.join('\n')}`];
}

function typesOf(rule: Rule): readonly string[] {
  return rule.checks.flatMap((check) => {
    if (check.kind === 'resource') return check.types;
    return check.kind === 'property' ? check.targets.flatMap(({ type }) => type) : [];
  });
}

function allSources(service: ServiceResponsibility): readonly Source[] {
  const parts: readonly (Situation | LineMover)[] = [...(service.situations ?? []), ...(service.movers ?? [])];
  const all = new Map<string, Source>();
  for (const one of [...service.sources, ...parts.flatMap(({ sources = [] }) => sources)]) {
    if (!all.get(one.title)?.url) all.set(one.title, one);
  }
  return [...all.values()];
}

function source({ title, url }: Source): string {
  return url ? `- [${escapeProse(title)}](${url})` : `- ${escapeProse(title)}`;
}

/** The table of all services: class, AWS, you, shared, what moves the line, source pages. */
export function responsibilityPage(): string {
  const rows = serviceIds().map((id) => {
    const service: ServiceResponsibility = SERVICES[id];
    const moves = [
      ...(service.situations ?? []).map(({ label, kind }) => label + (kind ? ` (${kind})` : '')),
      ...(service.movers ?? []).map(({ concern, from, to }) => `${concern}: ${WHO[from]} → ${WHO[to]}`),
    ];
    return [
      `[${escapeProse(service.name)}](services/${id}.md)`,
      service.kind,
      escapeProse(service.aws),
      escapeProse(service.customer),
      service.shared.map((control) => escapeProse(sharedText(control))).join(' '),
      moves.map(escapeProse).join('; '),
      service.sources.map((one) => source(one).slice(2)).join('; '),
    ];
  });
  const head = ['service', 'class', 'AWS', 'you', 'shared', 'what moves the line', 'source page'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    '# Who does what, by service',
    'AWS answers for the security *of* the cloud, you for security *in* the cloud, and in shared controls each side acts in its own layer. ' +
      'How far AWS reaches depends on the service, on how it is used, and on single settings.',
    (Object.keys(CLASS_WORDS) as (keyof typeof CLASS_WORDS)[])
      .map((kind) => `- **${kind}**: ${CLASS_WORDS[kind].replace(/^an? \w+ service: /, '')}`)
      .join('\n'),
    `**Inherited** from AWS whole, in every service: ${escapeProse(INHERITED)}`,
    [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n'),
  ].join('\n\n');
}
