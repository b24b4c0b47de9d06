/** What a rule is: data first, and one function where data does not reach. One rule, both languages. */

import type { PolicyDocument } from '../iam/document.ts';
import type { AwsFact } from '../responsibility/aws-defaults.ts';
import type { Side } from '../responsibility/model.ts';
import type { Node } from '../syntax/node.ts';
import type { Found } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import type { Condition, Leaf } from '../template/value.ts';
import type { Fix } from './fix.ts';

export type { AwsFact } from '../responsibility/aws-defaults.ts';

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
export type Category =
  | 'public-access'
  | 'encryption-at-rest'
  | 'encryption-in-transit'
  | 'iam'
  | 'network-exposure'
  | 'secrets'
  | 'logging'
  | 'backup-resilience'
  | 'patching'
  | 'responsibility'
  | 'other';
export type { Side } from '../responsibility/model.ts';

/** Whose side of the shared responsibility model owns the issue. */
export interface Owner {
  readonly side: Side;
  /** One true sentence that says why. */
  readonly why: string;
  /** For a setting that moves the line: from whom to whom. */
  readonly moves?: { readonly from: Side; readonly to: Side };
}

export interface Reference {
  /** The title of the page. */
  readonly title: string;
  readonly url: string;
}

/** A way in which a rule can be broken; what it leaves out is the rule's own. */
export interface Variant {
  readonly severity?: Severity;
  readonly message?: string;
  /** Peer ids of this very case; replaces the rule's. */
  readonly aliases?: readonly string[];
  /** Whose side this case is on, where that is another one than the rule's, or only this case moves the line. */
  readonly owner?: Owner;
}

/** What a predicate says of a leaf: satisfied, violated (optionally by variant name), or not known. */
export type Verdict = true | false | undefined | string;
export type Predicate = (value: Leaf, found: Found) => Verdict;

export interface Rule {
  /** The catalogue's key. */
  readonly id: string;
  /** Says what is wrong, in a few words: "Volume is not encrypted". */
  readonly title: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly tier: 'core' | 'opt-in';
  readonly owner: Owner;
  /** What can happen, and what to do: Markdown, two to five sentences. */
  readonly description: string;
  /** What AWS does here by itself. */
  readonly aws?: readonly AwsFact[];
  /** Peers' ids as `tool:id`; the variant's win. */
  readonly aliases: readonly string[];
  readonly variants?: Readonly<Record<string, Variant>>;
  readonly references: readonly Reference[];
  readonly checks: readonly Check[];
}

export type Check = PropertyCheck | ResourceCheck | PolicyCheck | TemplateCheck;

/** A property of a resource type; one for each language. */
export interface Target {
  /** CloudFormation types or Terraform resource types (`data.` prefix for data sources). */
  readonly type: string | readonly string[];
  /**
   * Path below the resource (see `select`); several are tried in order, the first that is set counts, and absence is that of the first.
   * `@type.path` walks a companion resource.
   */
  readonly path: string | readonly string[];
  /** Only inside each block that this path leads to: `BlockDeviceMappings[].Ebs`. No block, no finding. */
  readonly within?: string;
  /** Only where this holds for the resource (or the block of `within`): undefined means unknown, and an unknown guard reports nothing. */
  readonly where?: (resource: Resource, scope: Found | undefined) => boolean | undefined;
  /** What absence means here; the check's `absent` where left out. */
  readonly absent?: Verdict;
  /** Overrides the check's fix for this language. */
  readonly fix?: FixMaker;
}

/** Declares: this property must satisfy that predicate. */
export interface PropertyCheck {
  readonly kind: 'property';
  readonly targets: readonly Target[];
  readonly must: Predicate;
  /** What absence means: what AWS does today. */
  readonly absent: Verdict;
  readonly message?: string | ((found: Found) => string);
  readonly fix?: FixMaker;
}

export type FixMaker = (found: Found) => Fix | readonly Fix[] | undefined;

/** What a coded check reports. Never without a node. */
export interface Report {
  readonly node: Node;
  /** The resource that holds the node. */
  readonly resource: Resource;
  readonly variant?: string;
  readonly severity?: Severity;
  readonly message?: string;
  readonly conditions?: readonly Condition[];
  readonly related?: readonly Related[];
  /** Property path, for fingerprints. */
  readonly path?: string;
  /** Computed when asked for. */
  readonly fix?: () => Fix | readonly Fix[] | undefined;
  readonly aliases?: readonly string[];
}

export interface Related {
  readonly node: Node;
  readonly message: string;
  readonly resource?: Resource;
  /** The finding is decided there, by who calls the module that it lies in. */
  readonly decides?: boolean;
}

/** Judges a resource of the given types in code. `reportFound` takes node, conditions, hops and path from a leaf. */
export interface ResourceCheck {
  readonly kind: 'resource';
  readonly types: readonly string[];
  readonly check: (resource: Resource, reporter: Reporter) => void;
}

/** Judges every policy document of the given kinds, wherever it lives. */
export interface PolicyCheck {
  readonly kind: 'policy';
  readonly check: (policy: PolicyDocument, reporter: Reporter) => void;
}

/** Judges the template as a whole. */
export interface TemplateCheck {
  readonly kind: 'template';
  readonly check: (template: Template, reporter: Reporter) => void;
}

export interface Reporter {
  report(report: Report): void;
  reportFound(found: Found, more?: Partial<Report>): void;
}

/** A violation at a place. */
export interface Finding {
  readonly rule: Rule;
  readonly node: Node;
  readonly resource: Resource;
  readonly variant: string | undefined;
  readonly severity: Severity;
  readonly message: string;
  /** The variant's, else the rule's. */
  readonly owner: Owner;
  readonly aliases: readonly string[];
  readonly conditions: readonly Condition[];
  /** Who knows more of a finding's surroundings adds to it. */
  readonly related: Related[];
  readonly path: string;
  /** What the rule reported: the same object in every version of the template in which the rule need not be asked again. */
  readonly report: Report;
  /** Computed on first call, then kept. */
  fixes(): readonly Fix[];
}

/** The resource types that a check names, of either language; none where it looks at a whole template. */
export function typesOf(check: Check): readonly string[] {
  if (check.kind === 'property') return check.targets.flatMap(({ type }) => type);
  return check.kind === 'resource' ? check.types : [];
}
