/** Renders a hover model as Markdown: for the client's hover (icons, command links) and for editors without our client (plain). */

import * as l10n from '@vscode/l10n';
import { codeBlock, codeSpan, escapeMarkdown } from '../analysis/markdown.ts';
import type { Side } from '../rules/rule.ts';
import type {
  Change,
  FactHover,
  FindingHover,
  HoverModel,
  MovedHover,
  OpenHover,
  RemovedHover,
  ServiceHover,
  SubjectHover,
} from './protocol.ts';

export interface RenderOptions {
  /** Theme icons (`$(shield)`). */
  readonly icons: boolean;
  /** The href of a link that explains a rule; left out where commands are not to be had. */
  readonly explainLink?: (ruleId: string) => string;
  /** The href of a link that opens the page of a service. */
  readonly serviceLink?: (serviceId: string) => string;
  /** Further links of a finding with a fix, as Markdown: where no lightbulb offers it. */
  readonly fixLinks?: (finding: FindingHover) => readonly string[];
}

const ICONS: Record<Side, string> = { customer: 'account', shared: 'organization', aws: 'cloud' };
const CHANGE_ICONS: Record<Change, string> = { introduced: 'diff-added', fixed: 'pass', before: 'history' };

/** Its frame is in the reader's language, where the client has configured one; what rules and the model say is English. */
class Renderer {
  constructor(private readonly options: RenderOptions) {}

  icon(name: string): string {
    return this.options.icons ? `$(${name}) ` : '';
  }

  /** Whose side, in two words. */
  private sideTitle(side: Side): string {
    if (side === 'customer') return l10n.t('Your side');
    return side === 'shared' ? l10n.t('Shared') : l10n.t("AWS's side");
  }

  private sideLine(side: Side): string {
    if (side === 'customer') return l10n.t('security in the cloud');
    return side === 'shared' ? l10n.t('AWS provides it, you choose it') : l10n.t('security of the cloud');
  }

  private who(side: Side): string {
    if (side === 'customer') return l10n.t('you');
    return side === 'shared' ? l10n.t('both') : l10n.t('AWS');
  }

  private change(change: Change): string {
    if (change === 'introduced') return l10n.t('introduced here');
    return change === 'fixed' ? l10n.t('fixed here') : l10n.t('was there before');
  }

  private changeMark(change: Change | undefined): string {
    return change ? ` · ${this.icon(CHANGE_ICONS[change])}**${this.change(change)}**` : '';
  }

  /** Class, AWS, you, shared: at one glance. */
  service(service: ServiceHover): string {
    return [
      `**${escapeMarkdown(service.name)}** ${l10n.t('is {0}', escapeMarkdown(service.serviceClass))}`,
      `- ${this.icon('cloud')}**${l10n.t('AWS')}:** ${escapeMarkdown(service.aws)}`,
      `- ${this.icon('account')}**${l10n.t('You')}:** ${escapeMarkdown(service.customer)}`,
      ...(service.shared
        ? [`- ${this.icon('organization')}**${l10n.t('Shared')}:** ${escapeMarkdown(service.shared)}`]
        : []),
      ...service.moved.map((moved) => `- ${this.moved(moved)}`),
      ...(service.dependsOn
        ? [`- ${l10n.t('How far AWS goes depends on {0}, which is not known here.', codeSpan(service.dependsOn))}`]
        : []),
    ].join('\n');
  }

  private moved({ concern, from, to, text }: MovedHover): string {
    const subject = concern.charAt(0).toUpperCase() + concern.slice(1);
    const line = l10n.t('{0} moved from {1} to {2}', subject, this.who(from), this.who(to));
    return `${this.icon('arrow-swap')}**${escapeMarkdown(line)}:** ${escapeMarkdown(text)}`;
  }

  /** The service in one line, and where its page is. */
  serviceLine(service: ServiceHover): string {
    const link = this.serviceLink(service);
    const is = l10n.t('is {0}', escapeMarkdown(service.serviceClass));
    return `**${escapeMarkdown(service.name)}** ${is}${link ? ` · ${link}` : ''}`;
  }

  private serviceLink({ id }: ServiceHover): string {
    const href = this.options.serviceLink?.(id);
    return href ? `[${l10n.t('who does what')}](${href})` : '';
  }

  facts(title: string, facts: readonly FactHover[]): string {
    const lines = facts.map((fact) => {
      const terraform = fact.terraform ? ` ${l10n.t('In Terraform:')} ${escapeMarkdown(fact.terraform)}` : '';
      const since = fact.since ? ` (${l10n.t('since {0}', escapeMarkdown(fact.since))})` : '';
      return `- ${escapeMarkdown(fact.text)}${terraform}${since} — *${escapeMarkdown(fact.source)}*`;
    });
    return `${this.icon('cloud')}**${title}**\n${lines.join('\n')}`;
  }

  /** One finding; `brief` where several share a place: what, whose and the fix, the rest is a click away. */
  finding(finding: FindingHover, brief: boolean): string {
    const { side, fix } = finding;
    const parts: string[] = [];
    parts.push(
      `${this.icon(ICONS[side])}**${this.sideTitle(side)}** (${this.sideLine(side)}) — **${escapeMarkdown(finding.message)}** · ${finding.severity}${this.changeMark(finding.change)}`,
    );
    if (finding.condition) parts.push(l10n.t('Holds when {0}.', codeSpan(finding.condition)));
    if (finding.suppressed !== undefined)
      parts.push(`${this.icon('bell-slash')}${l10n.t('Suppressed:')} ${escapeMarkdown(finding.suppressed)}`);
    if (finding.moves) {
      const line = l10n.t(
        'This setting moves the line: from {0} to {1}.',
        this.who(finding.moves.from),
        this.who(finding.moves.to),
      );
      parts.push(`${this.icon('arrow-swap')}${line}`);
    }
    // Whose it is and why, and what AWS will not do about it: one paragraph.
    parts.push([finding.why, (!brief && finding.awsWillNot) || ''].filter(Boolean).map(escapeMarkdown).join(' '));
    if (!brief) parts.push(firstSentences(finding.description));
    // What the change mends needs no mending.
    if (fix && finding.change !== 'fixed') {
      const caution = fix.safe ? '' : ` — ${l10n.t('read before applying')}`;
      const links = this.options.fixLinks?.(finding) ?? [];
      const title = `${this.icon('lightbulb')}**${l10n.t('Fix:')}** ${escapeMarkdown(fix.title)}${caution}`;
      const short = !brief || fix.diff.split('\n').length <= BRIEF_DIFF_LINES;
      parts.push([title, ...links].join(' · ') + (short ? `\n\n${codeBlock('diff', fix.diff)}` : ''));
    }
    if (!brief) {
      if (finding.aws.length) parts.push(this.facts(l10n.t('What AWS does'), finding.aws.slice(0, FACTS_OF_FINDING)));
      if (finding.frameworks.length)
        parts.push(`*${l10n.t('Related:')}* ${escapeMarkdown(finding.frameworks.join(' · '))}`);
    }
    const explain = this.options.explainLink?.(finding.ruleId);
    const links = [
      explain ? `[${escapeMarkdown(finding.ruleId)}: ${l10n.t('explain')}](${explain})` : codeSpan(finding.ruleId),
      ...(brief ? [] : finding.references.slice(0, 2)).map(({ title, url }) => `[${escapeMarkdown(title)}](${url})`),
    ];
    parts.push(links.join(' · '));
    return parts.join('\n\n');
  }

  /** On a resource: what is open, by side. */
  private open(open: readonly OpenHover[]): string {
    if (!open.length) return l10n.t('Nothing is open on this resource.');
    const sides = (['customer', 'shared', 'aws'] as const).flatMap((side) => {
      const own = open.filter((one) => one.side === side);
      return own.length ? [`${this.icon(ICONS[side])}${this.sideTitle(side)}: ${own.length}`] : [];
    });
    const lines = open.slice(0, MOST_OPEN).map((one) => `- ${this.line(one)}`);
    if (open.length > lines.length) lines.push(`- ${l10n.t('and {0} more', open.length - lines.length)}`);
    return `**${l10n.t('Open here:')}** ${sides.join(' · ')}\n${lines.join('\n')}`;
  }

  private line({ message, severity, ruleId, change }: OpenHover): string {
    const link = this.options.explainLink?.(ruleId);
    const rule = link ? `[${escapeMarkdown(ruleId)}](${link})` : codeSpan(ruleId);
    return `${escapeMarkdown(message)} · ${severity} · ${rule}${this.changeMark(change)}`;
  }

  /** What a change opens by taking this away. */
  removes(removes: readonly RemovedHover[]): string {
    const lines = removes.slice(0, MOST_OPEN).map(({ resource, side, ...one }) => {
      const { change: _, ...plain } = one;
      return `- ${this.icon(ICONS[side])}${this.sideTitle(side)}: ${this.line({ ...plain, side })} (${codeSpan(resource)})`;
    });
    return `${this.icon('diff-removed')}**${l10n.t('This change removes this protection.')}**\n${lines.join('\n')}`;
  }

  subject(subject: SubjectHover): string {
    const head = `**${codeSpan(subject.title)}**`;
    // A resource that has a service is named by it: its type is what the mouse is on.
    const isNamed = subject.isResource && subject.service;
    const parts = [
      isNamed
        ? ''
        : subject.decision
          ? `${head} — ${this.icon(ICONS[subject.decision])}${this.decision(subject.decision)}`
          : head,
      ...subject.lines.map(prose),
    ];
    if (subject.service && subject.isResource) parts.push(this.service(subject.service));
    if (subject.open) parts.push(this.open(subject.open));
    if (subject.aws.length) {
      const title = subject.isResource
        ? l10n.t('What AWS does here by itself')
        : l10n.t('What AWS does where it is left out');
      parts.push(this.facts(title, subject.aws));
    }
    if (subject.rules.length) {
      const rules = subject.rules.map(({ ruleId, title }) => {
        const link = this.options.explainLink?.(ruleId);
        return `- ${link ? `[${escapeMarkdown(ruleId)}](${link})` : codeSpan(ruleId)}: ${escapeMarkdown(title)}`;
      });
      parts.push(`${l10n.t('Watched here:')}\n${rules.join('\n')}`);
    }
    if (subject.service)
      parts.push(subject.isResource ? this.serviceLink(subject.service) : this.serviceLine(subject.service));
    return parts.filter(Boolean).join('\n\n');
  }

  private decision(side: Side): string {
    if (side === 'customer') return l10n.t('your decision');
    return side === 'shared' ? l10n.t('shared: AWS provides it, you choose it') : l10n.t("AWS's part");
  }
}

/** Facts of a finding in a hover; its page has them all. */
const FACTS_OF_FINDING = 2;
/** Longer diffs are left out where several findings share a place. */
const BRIEF_DIFF_LINES = 6;
/** Findings of a resource that are named. */
const MOST_OPEN = 5;

/** The beginning of a rule's description: what could happen. The page has the rest. */
function firstSentences(description: string): string {
  const end = /[.!?](?= +[A-Z`*])/.exec(description);
  return end ? description.slice(0, end.index + 1) : description;
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

/** So many findings at one place are told briefly. */
const SEVERAL = 3;

/** The whole hover as Markdown; one service's line is said once, below its findings. */
export function renderHover(model: HoverModel, options: RenderOptions): string {
  const renderer = new Renderer(options);
  const brief = model.findings.length >= SEVERAL;
  const parts = model.removes?.length ? [renderer.removes(model.removes)] : [];
  parts.push(...model.findings.map((finding) => renderer.finding(finding, brief)));
  const services = new Map(
    model.findings.flatMap((finding) => (finding.service ? [[finding.service.name, finding.service] as const] : [])),
  );
  const subject = model.subject && renderer.subject(model.subject);
  // What stands there comes before what is said of the service as a whole.
  if (subject && model.subject?.isPolicy) parts.push(subject);
  // A resource says it all below its findings.
  if (model.subject?.service) services.delete(model.subject.service.name);
  for (const service of services.values()) parts.push(renderer.serviceLine(service));
  if (subject && !model.subject?.isPolicy) parts.push(subject);
  return parts.join('\n\n---\n\n');
}
