/** What client and server say to each other beyond the language server protocol. Types and names only. */

import type { ServiceClass } from '../responsibility/model.ts';
import type { Category, Severity, Side } from '../rules/rule.ts';
import type { Range } from '../syntax/document.ts';

/** `initializationOptions` of the client. */
export interface InitializationOptions {
  /**
   * It is our own client: it renders hovers itself from {@link HOVER_REQUEST}, so that the server offers none, and it has
   * {@link EXPLAIN_COMMAND}.
   */
  readonly clientHovers?: boolean;
  /** The client answers {@link LIST_FOLDER_REQUEST}, {@link READ_FILE_REQUEST} and {@link READ_DATA_REQUEST}. */
  readonly clientFiles?: boolean;
  /** In a browser: the address of the engine's script, which a worker loads after its answer. It does not know its own address. */
  readonly engine?: string;
}

/** The client's command that explains a rule: its argument is the rule's id. */
export const EXPLAIN_COMMAND = 'demarc.explainRule';

/** The client's command that opens the page of a service: its argument is the service's id. */
export const EXPLAIN_SERVICE_COMMAND = 'demarc.explainService';

/** What stands at a position, for the client's hover: params HoverParams, result HoverModel or null. */
export const HOVER_REQUEST = 'demarc/hover';
/** A rule's explanation as Markdown: params {ruleId} (or another tool's id), result Explanation or null. */
export const EXPLAIN_REQUEST = 'demarc/explain';
/** How many findings the document has, for the status item: params {uri}, result DocumentStatus or null. */
export const STATUS_REQUEST = 'demarc/status';

/** The page of a service in the responsibility model as Markdown: params {serviceId}, result Explanation or null. */
export const EXPLAIN_SERVICE_REQUEST = 'demarc/explainService';
/** Asked by the server. Names of what is in a folder of the workspace: params {uri}, result string[], empty where it cannot be read. */
export const LIST_FOLDER_REQUEST = 'demarc/listFolder';
/** Asked by the server. Text of a file: params {uri}, result string, or null where it cannot be read. */
export const READ_FILE_REQUEST = 'demarc/readFile';
/** Asked by the server. Data that the extension carries: params {name}, result string, or null where there is none. */
export const READ_DATA_REQUEST = 'demarc/readData';

/** Resources on both sides of the line: params MapParams, result ResponsibilityMap. */
export const MAP_REQUEST = 'demarc/map';
/** What a change introduces and fixes, over any number of files: params CompareParams, result Comparison. */
export const COMPARE_REQUEST = 'demarc/compare';

export interface HoverParams {
  readonly textDocument: { readonly uri: string };
  readonly position: { readonly line: number; readonly character: number };
  /** The document is one side of a diff; both sides are open. */
  readonly diff?: DiffSide;
}

/** A side of a diff, and the document on the other side. */
export interface DiffSide {
  /** `base`: the text before the change. */
  readonly role: 'base' | 'head';
  /** URI of the other side. */
  readonly other: string;
}

/** How a finding stands to a change. */
export type Change = 'introduced' | 'fixed' | 'before';

export interface MapParams {
  /** Open documents, or files; what is no template is left out of the answer. */
  readonly uris: readonly string[];
}

export interface ResponsibilityMap {
  readonly templates: readonly MapTemplate[];
}

/** A file with its resources in the order in which they are written. Text is plain. */
export interface MapTemplate {
  readonly uri: string;
  readonly dialect: string;
  readonly resources: readonly MapResource[];
}

export interface MapResource {
  /** `Bucket`, `aws_s3_bucket.logs`; `*` for a policy file of its own. */
  readonly address: string;
  /** `AWS::S3::Bucket`, `aws_s3_bucket`; empty for what is no resource. */
  readonly type: string;
  /** Of its name. */
  readonly range: Range;
  readonly service?: MapService;
  /** What AWS does there by itself. */
  readonly aws: readonly FactHover[];
  /** Settings that move the line. */
  readonly moved: readonly MovedHover[];
  readonly findings: readonly MapFinding[];
}

export interface MapService {
  /** Names its page: see {@link EXPLAIN_SERVICE_COMMAND}. */
  readonly id: string;
  /** `Amazon ECS, on Fargate`. */
  readonly name: string;
  readonly kind: ServiceClass;
}

export interface MapFinding {
  readonly ruleId: string;
  readonly message: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly side: Side;
  /** It is about a setting that moves the line. */
  readonly moves?: { readonly from: Side; readonly to: Side };
  readonly range: Range;
  readonly condition?: string;
}

export interface CompareParams {
  /** Each template before and after: a file, or all files of a Terraform module, the first named decides. */
  readonly templates: readonly {
    readonly base: readonly ComparedText[];
    readonly head: readonly ComparedText[];
  }[];
}

/** A text on one side of a change. */
export interface ComparedText {
  /** Where the file is in the workspace: what is found in it is told of that place, on either side. */
  readonly uri: string;
  readonly text: string;
  readonly languageId?: string;
  /** Of a Terraform module that is called: its folder, relative to the root's; see the analysis's `Source`. */
  readonly folder?: string;
}

export interface Comparison {
  /** In the order of the files, then of the text. */
  readonly introduced: readonly ComparedFinding[];
  /** Ranges are of the text before. */
  readonly fixed: readonly ComparedFinding[];
  /** Findings on both sides. */
  readonly before: number;
}

export interface ComparedFinding extends MapFinding {
  readonly uri: string;
  readonly resource: string;
}

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
  /** On the old side of a diff: what the change opens by taking away what stands here. */
  readonly removes?: readonly RemovedHover[];
}

/** A finding that is there because something was taken away. */
export interface RemovedHover extends OpenHover {
  readonly resource: string;
}

/** A finding in one line. */
export interface OpenHover {
  readonly ruleId: string;
  readonly message: string;
  readonly severity: Severity;
  readonly side: Side;
  /** In a diff: how it stands to the change. */
  readonly change?: Change;
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
  /** In a diff: how it stands to the change. */
  readonly change?: Change;
  /** What AWS does not do about it, in one sentence. */
  readonly awsWillNot?: string;
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
  /** Names its page: see {@link EXPLAIN_SERVICE_COMMAND}. */
  readonly id: string;
  /** `Amazon ECS, on Fargate`. */
  readonly name: string;
  /** What kind of service it is, in the model's terms. */
  readonly serviceClass: string;
  readonly aws: string;
  readonly customer: string;
  readonly shared: string;
  /** Titles of the pages that say so. */
  readonly source: string;
  /** The setting that decides in which form the service is used, where it is not known. */
  readonly dependsOn?: string;
  /** Settings of the resource that move the line. */
  readonly moved: readonly MovedHover[];
}

/** A setting that moves the line. */
export interface MovedHover {
  /** What changes hands: `runtime patching`. */
  readonly concern: string;
  readonly from: Side;
  readonly to: Side;
  readonly text: string;
  /** The rule whose finding says so. */
  readonly ruleId?: string;
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
  /** On a property: who decides it. */
  readonly decision?: Side;
  /** On a resource: what is open on it. */
  readonly open?: readonly OpenHover[];
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
