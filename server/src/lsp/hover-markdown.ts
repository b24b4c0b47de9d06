/** Renders a hover model: for the client's hover (Markdown with icons and command links), and for editors without our client. */

import * as l10n from '@vscode/l10n';
import { codeBlock, codeSpan, escapeMarkdown, harmless, harmlessLines } from '../analysis/markdown.ts';
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
  /** Plain text, for editors that do not render Markdown. */
  readonly plain?: boolean;
  /** Theme icons (`$(shield)`). */
  readonly icons: boolean;
  /** The href of a link that explains a rule; left out where commands are not to be had. */
  readonly explainLink?: (ruleId: string) => string;
  /** The href of a link that opens the page of a service. */
  readonly serviceLink?: (serviceId: string) => string;
  /** Further links of a finding with a fix, as Markdown: where no lightbulb offers it. */
  readonly fixLinks?: (finding: FindingHover) => readonly string[];
}

/** How text is marked; all but `text`, `code` and `block` take what is marked already. */
interface Marks {
  readonly text: (text: string) => string;
  readonly code: (text: string) => string;
  readonly block: (language: string, text: string) => string;
  readonly strong: (inner: string) => string;
  readonly emphasis: (inner: string) => string;
  readonly link: (label: string, href: string) => string;
}

const MARKDOWN: Marks = {
  text: escapeMarkdown,
  code: codeSpan,
  block: codeBlock,
  strong: (inner) => `**${inner}**`,
  emphasis: (inner) => `*${inner}*`,
  link: (label, href) => `[${label}](${href})`,
};
const PLAIN: Marks = {
  text: harmless,
  code: harmless,
  block: (_, text) => harmlessLines(text),
  strong: (inner) => inner,
  emphasis: (inner) => inner,
  link: (label, href) => `${label} (${href})`,
};

const ICONS: Record<Side, string> = { customer: 'account', shared: 'organization', aws: 'cloud' };
const CHANGE_ICONS: Record<Change, string> = { introduced: 'diff-added', fixed: 'pass', before: 'history' };

/** Its frame is in the reader's language, where the client has configured one; what rules and the model say is English. */
class Renderer {
  private readonly marks: Marks;

  constructor(private readonly options: RenderOptions) {
    this.marks = options.plain ? PLAIN : MARKDOWN;
  }

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
    return change ? ` · ${this.icon(CHANGE_ICONS[change])}${this.marks.strong(this.change(change))}` : '';
  }

  /** Class, AWS, you, shared: at one glance. */
  service(service: ServiceHover): string {
    return [
      `${this.marks.strong(this.marks.text(service.name))} ${l10n.t('is {0}', this.marks.text(service.serviceClass))}`,
      `- ${this.icon('cloud')}${this.marks.strong(`${l10n.t('AWS')}:`)} ${this.marks.text(service.aws)}`,
      `- ${this.icon('account')}${this.marks.strong(`${l10n.t('You')}:`)} ${this.marks.text(service.customer)}`,
      ...(service.shared
        ? [
            `- ${this.icon('organization')}${this.marks.strong(`${l10n.t('Shared')}:`)} ${this.marks.text(service.shared)}`,
          ]
        : []),
      ...service.moved.map((moved) => `- ${this.moved(moved)}`),
      ...(service.dependsOn
        ? [
            `- ${l10n.t('How far AWS goes depends on {0}, which is not known here.', this.marks.code(service.dependsOn))}`,
          ]
        : []),
    ].join('\n');
  }

  private moved({ concern, from, to, text }: MovedHover): string {
    const subject = concern.charAt(0).toUpperCase() + concern.slice(1);
    const line = l10n.t('{0} moved from {1} to {2}', subject, this.who(from), this.who(to));
    return `${this.icon('arrow-swap')}${this.marks.strong(`${this.marks.text(line)}:`)} ${this.marks.text(text)}`;
  }

  /** The service in one line, and where its page is. */
  serviceLine(service: ServiceHover): string {
    const link = this.serviceLink(service);
    const is = l10n.t('is {0}', this.marks.text(service.serviceClass));
    return `${this.marks.strong(this.marks.text(service.name))} ${is}${link ? ` · ${link}` : ''}`;
  }

  private serviceLink({ id }: ServiceHover): string {
    const href = this.options.serviceLink?.(id);
    return href ? this.marks.link(l10n.t('who does what'), href) : '';
  }

  facts(title: string, facts: readonly FactHover[]): string {
    const lines = facts.map((fact) => {
      const terraform = fact.terraform ? ` ${l10n.t('In Terraform:')} ${this.marks.text(fact.terraform)}` : '';
      const since = fact.since ? ` (${l10n.t('since {0}', this.marks.text(fact.since))})` : '';
      return `- ${this.marks.text(fact.text)}${terraform}${since} — ${this.marks.emphasis(this.marks.text(fact.source))}`;
    });
    return `${this.icon('cloud')}${this.marks.strong(title)}\n${lines.join('\n')}`;
  }

  /** One finding; `brief` where several share a place: what, whose and the fix, the rest is a click away. */
  finding(finding: FindingHover, brief: boolean): string {
    const { side, fix } = finding;
    const parts: string[] = [];
    parts.push(
      `${this.icon(ICONS[side])}${this.marks.strong(this.sideTitle(side))} (${this.sideLine(side)}) — ${this.marks.strong(this.marks.text(finding.message))} · ${finding.severity}${this.changeMark(finding.change)}`,
    );
    if (finding.condition) parts.push(l10n.t('Holds when {0}.', this.marks.code(finding.condition)));
    if (finding.suppressed !== undefined)
      parts.push(`${this.icon('bell-slash')}${l10n.t('Suppressed:')} ${this.marks.text(finding.suppressed)}`);
    if (finding.moves) {
      const line = l10n.t(
        'This setting moves the line: from {0} to {1}.',
        this.who(finding.moves.from),
        this.who(finding.moves.to),
      );
      parts.push(`${this.icon('arrow-swap')}${line}`);
    }
    // Whose it is and why, and what AWS will not do about it: one paragraph.
    parts.push([finding.why, (!brief && finding.awsWillNot) || ''].filter(Boolean).map(this.marks.text).join(' '));
    if (!brief) parts.push(firstSentences(finding.description));
    // What the change mends needs no mending.
    if (fix && finding.change !== 'fixed') {
      const caution = fix.safe ? '' : ` — ${l10n.t('read before applying')}`;
      const links = this.options.fixLinks?.(finding) ?? [];
      const title = `${this.icon('lightbulb')}${this.marks.strong(l10n.t('Fix:'))} ${this.marks.text(fix.title)}${caution}`;
      const short = !brief || fix.diff.split('\n').length <= BRIEF_DIFF_LINES;
      parts.push([title, ...links].join(' · ') + (short ? `\n\n${this.marks.block('diff', fix.diff)}` : ''));
    }
    if (!brief) {
      if (finding.aws.length) parts.push(this.facts(l10n.t('What AWS does'), finding.aws.slice(0, FACTS_OF_FINDING)));
      if (finding.frameworks.length)
        parts.push(`${this.marks.emphasis(l10n.t('Related:'))} ${this.marks.text(finding.frameworks.join(' · '))}`);
    }
    const explain = this.options.explainLink?.(finding.ruleId);
    const links = [
      explain
        ? this.marks.link(`${this.marks.text(finding.ruleId)}: ${l10n.t('explain')}`, explain)
        : this.marks.code(finding.ruleId),
      ...(brief ? [] : finding.references.slice(0, 2)).map(({ title, url }) =>
        this.marks.link(this.marks.text(title), url),
      ),
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
    return `${this.marks.strong(l10n.t('Open here:'))} ${sides.join(' · ')}\n${lines.join('\n')}`;
  }

  private line({ message, severity, ruleId, change }: OpenHover): string {
    const link = this.options.explainLink?.(ruleId);
    const rule = link ? this.marks.link(this.marks.text(ruleId), link) : this.marks.code(ruleId);
    return `${this.marks.text(message)} · ${severity} · ${rule}${this.changeMark(change)}`;
  }

  /** What a change opens by taking this away. */
  removes(removes: readonly RemovedHover[]): string {
    const lines = removes.slice(0, MOST_OPEN).map(({ resource, side, ...one }) => {
      const { change: _, ...plain } = one;
      return `- ${this.icon(ICONS[side])}${this.sideTitle(side)}: ${this.line({ ...plain, side })} (${this.marks.code(resource)})`;
    });
    return `${this.icon('diff-removed')}${this.marks.strong(l10n.t('This change removes this protection.'))}\n${lines.join('\n')}`;
  }

  subject(subject: SubjectHover): string {
    const head = this.marks.strong(this.marks.code(subject.title));
    // A resource that has a service is named by it: its type is what the mouse is on.
    const isNamed = subject.isResource && subject.service;
    const parts = [
      isNamed
        ? ''
        : subject.decision
          ? `${head} — ${this.icon(ICONS[subject.decision])}${this.decision(subject.decision)}`
          : head,
      ...subject.lines.map((line) => prose(line, this.marks)),
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
        return `- ${link ? this.marks.link(this.marks.text(ruleId), link) : this.marks.code(ruleId)}: ${this.marks.text(title)}`;
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
function prose(line: string, marks: Marks): string {
  const pieces = line.split('`');
  return pieces
    .map((piece, at) => {
      if (at % 2 === 0) return marks.text(piece);
      if (at === pieces.length - 1) return marks.text(`\`${piece}`);
      return piece === '' ? '' : marks.code(piece);
    })
    .join('');
}

/** So many findings at one place are told briefly. */
const SEVERAL = 3;

/** The whole hover; one service's line is said once, below its findings. */
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
