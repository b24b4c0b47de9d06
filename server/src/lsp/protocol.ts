/** What client and server say to each other beyond the language server protocol. Types and names only. */

import type { Severity, Side } from '../rules/rule.ts';
import type { Range } from '../syntax/document.ts';

/** `initializationOptions` of the client. */
export interface InitializationOptions {
  /**
   * It is our own client: it renders hovers itself from {@link HOVER_REQUEST}, so that the server offers none, and it has
   * {@link EXPLAIN_COMMAND}.
   */
  readonly clientHovers?: boolean;
}

/** The client's command that explains a rule: its argument is the rule's id. */
export const EXPLAIN_COMMAND = 'demarc.explainRule';

/** What stands at a position, for the client's hover: params {textDocument, position}, result HoverModel or null. */
export const HOVER_REQUEST = 'demarc/hover';
/** A rule's explanation as Markdown: params {ruleId} (or another tool's id), result Explanation or null. */
export const EXPLAIN_REQUEST = 'demarc/explain';
/** How many findings the document has, for the status item: params {uri}, result DocumentStatus or null. */
export const STATUS_REQUEST = 'demarc/status';

export interface Explanation {
  readonly title: string;
  readonly markdown: string;
  /** The rules that are explained: one for an id of ours, one or several for another tool's. */
  readonly ruleIds: readonly string[];
}

/** Everything a hover shows. Text is plain unless a field says Markdown; the renderer escapes it. */
export interface HoverModel {
  readonly range: Range;
  readonly findings: readonly FindingHover[];
  /** The resource or property hovered, where no finding stands there (or beside them). */
  readonly subject?: SubjectHover;
}

export interface FindingHover {
  readonly ruleId: string;
  readonly title: string;
  readonly message: string;
  readonly severity: Severity;
  readonly side: Side;
  readonly why: string;
  readonly moves?: { readonly from: Side; readonly to: Side };
  readonly condition?: string;
  /** Markdown of the rule's description. */
  readonly description: string;
  /** What AWS does here, each with its source. */
  readonly aws: readonly FactHover[];
  readonly service?: ServiceHover;
  readonly fix?: { readonly title: string; readonly safe: boolean; readonly diff: string };
  /** Related controls, one text a framework. */
  readonly frameworks: readonly string[];
  readonly references: readonly { readonly title: string; readonly url: string }[];
  readonly resource: string;
  readonly suppressed?: string;
}

/** Something that AWS does, and which page says so. */
export interface FactHover {
  readonly text: string;
  /** What Terraform's provider does instead: only where the template is for it. */
  readonly terraform?: string;
  readonly since?: string;
  readonly source: string;
}

/** The shared responsibility model of the service at hand. */
export interface ServiceHover {
  readonly name: string;
  /** What kind of service it is, in the model's terms. */
  readonly serviceClass: string;
  readonly aws: string;
  readonly customer: string;
  readonly shared: string;
  /** Title of the page that says so. */
  readonly source: string;
}

export interface SubjectHover {
  /** `AWS::S3::Bucket`, `StorageEncrypted`, `s3:GetObject`, `Principal *`, `Trust policy`. */
  readonly title: string;
  /** Plain text, in which backticks mark code. */
  readonly lines: readonly string[];
  readonly service?: ServiceHover;
  /** Rules that look at this property, with their titles. */
  readonly rules: readonly { readonly ruleId: string; readonly title: string }[];
  /** What AWS does at a property where nothing is said, or at a resource that leaves it alone. */
  readonly aws: readonly FactHover[];
  /** It is a resource, not one of its properties. */
  readonly isResource?: boolean;
  /** It is a policy, or a part of one. */
  readonly isPolicy?: boolean;
}

export interface DocumentStatus {
  /** What the document was read as; absent where it is none of ours. */
  readonly dialect?: string;
  /** The settings leave the document alone. */
  readonly off?: boolean;
  readonly findings: number;
  readonly bySide: Readonly<Record<Side, number>>;
  readonly suppressed: number;
  readonly rules: number;
}
