/** Renders a hover model as Markdown: for the client's hover (icons, command links) and for editors without our client (plain). */

import { codeBlock, codeSpan, escapeMarkdown } from '../analysis/markdown.ts';
import type { Side } from '../rules/rule.ts';
import type { FactHover, FindingHover, HoverModel, ServiceHover, SubjectHover } from './protocol.ts';

export interface RenderOptions {
  /** Theme icons (`$(shield)`). */
  readonly icons: boolean;
  /** The href of a link that explains a rule; left out where commands are not to be had. */
  readonly explainLink?: (ruleId: string) => string;
}

const SIDES: Record<Side, { icon: string; title: string; line: string }> = {
  customer: { icon: 'account', title: 'Your side', line: 'security in the cloud' },
  shared: { icon: 'organization', title: 'Shared', line: 'AWS provides it, you choose it' },
  aws: { icon: 'cloud', title: "AWS's side", line: 'security of the cloud' },
};

const SIDE_WORDS: Record<Side, string> = { customer: 'you', shared: 'both', aws: 'AWS' };

function icon(name: string, options: RenderOptions): string {
  return options.icons ? `$(${name}) ` : '';
}

function serviceLines(service: ServiceHover, options: RenderOptions): string {
  return [
    `**${escapeMarkdown(service.name)}** is ${escapeMarkdown(service.serviceClass)}`,
    `- ${icon('cloud', options)}**AWS:** ${escapeMarkdown(service.aws)}`,
    `- ${icon('account', options)}**You:** ${escapeMarkdown(service.customer)}`,
    ...(service.shared ? [`- ${icon('organization', options)}**Shared:** ${escapeMarkdown(service.shared)}`] : []),
  ].join('\n');
}

function factLines(title: string, facts: readonly FactHover[], options: RenderOptions): string {
  const lines = facts.map((fact) => {
    const terraform = fact.terraform ? ` In Terraform: ${escapeMarkdown(fact.terraform)}` : '';
    const since = fact.since ? ` (since ${escapeMarkdown(fact.since)})` : '';
    return `- ${escapeMarkdown(fact.text)}${terraform}${since} — *${escapeMarkdown(fact.source)}*`;
  });
  return `${icon('cloud', options)}**${title}**\n${lines.join('\n')}`;
}

/** One finding; `brief` where several share a place: what, whose and the fix, the rest is a click away. */
function renderFinding(finding: FindingHover, options: RenderOptions, brief: boolean): string {
  const side = SIDES[finding.side];
  const parts: string[] = [];
  parts.push(
    `${icon(side.icon, options)}**${side.title}** (${side.line}) — **${escapeMarkdown(finding.message)}** · ${finding.severity}`,
  );
  if (finding.condition) parts.push(`Holds when ${codeSpan(finding.condition)}.`);
  if (finding.suppressed !== undefined)
    parts.push(`${icon('bell-slash', options)}Suppressed: ${escapeMarkdown(finding.suppressed)}`);
  parts.push(escapeMarkdown(finding.why));
  if (finding.moves) {
    parts.push(
      `${icon('arrow-swap', options)}This setting moves the line: from ${SIDE_WORDS[finding.moves.from]} to ${SIDE_WORDS[finding.moves.to]}.`,
    );
  }
  if (finding.fix) {
    const caution = finding.fix.safe ? '' : ' — read before applying';
    parts.push(
      `${icon('lightbulb', options)}**Fix:** ${escapeMarkdown(finding.fix.title)}${caution}\n\n${codeBlock('diff', finding.fix.diff)}`,
    );
  }
  if (!brief) {
    parts.push(finding.description);
    if (finding.aws.length) parts.push(factLines('What AWS does', finding.aws, options));
    if (finding.frameworks.length) parts.push(`*Related:* ${escapeMarkdown(finding.frameworks.join(' · '))}`);
  }
  const links: string[] = [];
  const explain = options.explainLink?.(finding.ruleId);
  links.push(explain ? `[${escapeMarkdown(finding.ruleId)}: explain](${explain})` : codeSpan(finding.ruleId));
  for (const reference of brief ? [] : finding.references.slice(0, 2))
    links.push(`[${escapeMarkdown(reference.title)}](${reference.url})`);
  parts.push(links.join(' · '));
  return parts.join('\n\n');
}

/** A line in which backticks mark code; one without its counterpart is text. */
function prose(line: string): string {
  const pieces = line.split('`');
  return pieces
    .map((piece, at) => {
      if (at % 2 === 0) return escapeMarkdown(piece);
      if (at === pieces.length - 1) return escapeMarkdown(`\`${piece}`);
      return piece === '' ? '' : codeSpan(piece);
    })
    .join('');
}

function renderSubject(subject: SubjectHover, options: RenderOptions): string {
  const parts = [`**${codeSpan(subject.title)}**`, ...subject.lines.map(prose)];
  if (subject.aws.length) {
    const title = subject.isResource ? 'What AWS does here by itself' : 'What AWS does by default';
    parts.push(factLines(title, subject.aws, options));
  }
  if (subject.rules.length) {
    const rules = subject.rules.map((rule) => {
      const link = options.explainLink?.(rule.ruleId);
      return link
        ? `- [${escapeMarkdown(rule.ruleId)}](${link}): ${escapeMarkdown(rule.title)}`
        : `- ${codeSpan(rule.ruleId)}: ${escapeMarkdown(rule.title)}`;
    });
    parts.push(`Watched here:\n${rules.join('\n')}`);
  }
  if (subject.service) parts.push(serviceLines(subject.service, options));
  return parts.join('\n\n');
}

/** So many findings at one place are told briefly. */
const SEVERAL = 3;

/** The whole hover as Markdown; one service's lines are said once, below its findings. */
export function renderHover(model: HoverModel, options: RenderOptions): string {
  const brief = model.findings.length >= SEVERAL;
  const parts = model.findings.map((finding) => renderFinding(finding, options, brief));
  const services = new Map(
    model.findings.flatMap((finding) => (finding.service ? [[finding.service.name, finding.service] as const] : [])),
  );
  const subject = model.subject && renderSubject(model.subject, options);
  // What stands there comes before what is said of the service as a whole.
  if (subject && model.subject?.isPolicy) parts.push(subject);
  for (const service of services.values()) parts.push(serviceLines(service, options));
  if (subject && !model.subject?.isPolicy) parts.push(subject);
  return parts.join('\n\n---\n\n');
}
