/**
 * The model of a policy document, however it is written: as an object of a CloudFormation template, as JSON in a string,
 * as Terraform's `jsonencode()` or `data.aws_iam_policy_document`, as flat arguments of a permission resource, or as a
 * file of its own. All IAM and resource-policy rules stand on it. `sites.ts` finds documents, `statements.ts` reads them.
 *
 * Everything is three-valued as in template/value.ts. Text that is not known in full has {@link HOLE} where it is not.
 */

import type { SyntaxProblem } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import type { Resource } from '../template/template.ts';
import type { Condition, Leaf, Value, Via } from '../template/value.ts';

/** Stands in {@link Item.text} for each part that is not known. */
export const HOLE = '\u0000';

/**
 * What a document decides on. `identity`: permissions of a principal. `resource`: who may use a resource. `trust`: who may
 * assume a role. `session`: narrows a session. `boundary`: a permissions boundary. `scp`/`rcp`: guardrails of an
 * organization. `vpc-endpoint`: what passes an endpoint. `other`: a dialect of its own (RAM permission template).
 */
export type PolicyKind =
  | 'identity'
  | 'resource'
  | 'trust'
  | 'session'
  | 'boundary'
  | 'scp'
  | 'rcp'
  | 'vpc-endpoint'
  | 'other';

/**
 * How it is written. `document`: JSON or YAML with a Statement element, in place or inside a string. `statements`: one
 * statement or a list of them without a document around (`AWS::Events::EventBusPolicy`). `data`: the blocks of
 * `data.aws_iam_policy_document`. `flat`: properties of a permission resource (`AWS::Lambda::Permission`), to which no
 * rule of grammar applies.
 */
export type PolicyForm = 'document' | 'statements' | 'data' | 'flat';

/** The elements of a statement, by their name in JSON. */
export type ElementName =
  | 'Sid'
  | 'Effect'
  | 'Principal'
  | 'NotPrincipal'
  | 'Action'
  | 'NotAction'
  | 'Resource'
  | 'NotResource'
  | 'Condition';

/** The elements of a statement, in the order of the grammar. */
export const ELEMENT_NAMES: readonly ElementName[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

/** Arguments of a `statement` block of `data.aws_iam_policy_document`, by the elements that they stand for. */
export const DATA_ELEMENTS: Readonly<Record<string, ElementName>> = Object.assign(Object.create(null), {
  sid: 'Sid',
  effect: 'Effect',
  principals: 'Principal',
  not_principals: 'NotPrincipal',
  actions: 'Action',
  not_actions: 'NotAction',
  resources: 'Resource',
  not_resources: 'NotResource',
  condition: 'Condition',
});

/** A member of a document or statement as written. */
export interface Element {
  /** As written: `Action`, `action`, or in a data source `actions`. */
  readonly name: string;
  /** Its key: what to report for the element as a whole. */
  readonly key: Node;
  /** May be a Choice. For a repeated Terraform block: the first block. */
  readonly value: Value;
}

/** Who uses a document that is defined apart: the resource with the property that refers to it, and what it is there. */
export interface Consumer {
  readonly resource: Resource;
  /** Path of the property: `assume_role_policy`. */
  readonly site: string;
  readonly kind: PolicyKind;
  readonly service: string | undefined;
}

export interface PolicyDocument {
  /** Decided by where it lives; for a data source by who uses it, unused by its content (principals: resource). */
  readonly kind: PolicyKind;
  /**
   * Prefix of the service whose resource carries a resource policy: `s3`, `sqs`, `kms` … (`sts` for trust). Identity
   * policies of AWS IoT, which have a grammar of their own, carry `iot`. Undefined where unknown or not one.
   */
  readonly service: string | undefined;
  readonly form: PolicyForm;
  /** The resource (or data source) that holds the text. */
  readonly resource: Resource;
  /** Path of the property in the resource, list positions included: `Policies.0.PolicyDocument`; `''` for the whole. */
  readonly site: string;
  /** Key of that property; the resource's for a data source or a policy file. */
  readonly key: Node;
  /** The object that has Statement (the data block, the resource's body for flat ones); the string if it is no JSON. */
  readonly node: Node;
  /** The string that the JSON is written in. */
  readonly host: Node | undefined;
  /** Where the JSON in `host` is broken. */
  readonly problems: readonly SyntaxProblem[];
  /** Every member of the document; empty for `statements`, `data` and `flat`. */
  readonly elements: readonly Element[];
  readonly version: Element | undefined;
  readonly id: Element | undefined;
  /** The element `Statement` itself. */
  readonly statement: Element | undefined;
  /**
   * The statements written here. One written statement whose Effect or Condition is a choice stands here once for each
   * alternative, with the same `node` and contradicting `templateConditions`.
   */
  readonly statements: readonly Statement[];
  /** Statements of other data sources that `source_policy_documents` and `override_policy_documents` bring in. */
  readonly included: readonly Statement[];
  /** Members of Statement that are no statement: a string, a list in the list. */
  readonly malformed: readonly Leaf[];
  /** Why statements that are not listed may exist. */
  readonly open: string | undefined;
  /** What a limit kept from being read; set when its statements are read. */
  leftOut?: string;
  /** What must hold in the template for this document to be in force, the resource's own conditions included. */
  readonly conditions: readonly Condition[];
  /** Hops from the property to the text: a local, a parameter's default. */
  readonly via: readonly Via[];
  /** Who uses it, for `data.aws_iam_policy_document`; else its own resource. Empty for an unused data source. */
  readonly consumers: readonly Consumer[];
}

export type Effect = 'Allow' | 'Deny';

export interface Statement {
  readonly policy: PolicyDocument;
  /** Its object (the block in a data source). */
  readonly node: Node;
  /** Position in the policy as written. */
  readonly index: number;
  readonly sid: Item | undefined;
  /** Undefined where it is not known, missing (JSON: no default) or misspelt. A data source defaults to Allow. */
  readonly effect: Effect | undefined;
  /** The value of Effect; where absent, undefined. */
  readonly effectNode: Node | undefined;
  readonly principals: readonly Principal[];
  readonly notPrincipals: readonly Principal[];
  readonly actions: readonly Item[];
  readonly notActions: readonly Item[];
  readonly resources: readonly Item[];
  readonly notResources: readonly Item[];
  /** One for each operator and key. */
  readonly conditions: readonly ConditionClause[];
  /**
   * Whether any clause narrows it: `unknown` if Condition is not known, or every clause hangs on a condition of the
   * template. An empty block is false.
   */
  readonly hasCondition: boolean | 'unknown';
  /** What must hold in the template for this statement, those of the policy included. */
  readonly templateConditions: readonly Condition[];
  /** What is written, by canonical name: keys to report. Never holds what is absent by `AWS::NoValue` or `null`. */
  readonly elements: Readonly<Partial<Record<ElementName, Element>>>;
  /** Members by no name of the grammar, mis-cased ones included; these are also not read. */
  readonly unknownElements: readonly Element[];
  /** Elements that may hold more than is listed here: an unknown list, an element that may hide in an open block. */
  readonly openElements: ReadonlySet<ElementName>;
  /** No element is open. Items may still have holes. */
  readonly complete: boolean;
}

/** A text in a statement: an action, an ARN, a value of a condition. */
export interface Item {
  readonly value: Leaf;
  /** The text with {@link HOLE} for each unknown part; a hole alone may also stand for a list. Undefined: no text at all. */
  readonly text: string | undefined;
  readonly node: Node;
  /** What must hold in the template for it to be there, the statement's included: ready for a report. */
  readonly conditions: readonly Condition[];
  readonly via: readonly Via[];
}

export interface Principal extends Item {
  /**
   * The key it stands under: `AWS`, `Service`, `Federated`, `CanonicalUser`, or whatever is written; `*` for the bare
   * string `"*"` (in a data source `type = "*"`); `''` for any other bare string or list. {@link HOLE} where unknown.
   */
  readonly type: string;
  /** The key node, where there is one. */
  readonly typeNode: Node | undefined;
}

export interface Operator {
  /** As written, without qualifier and `IfExists`. */
  readonly base: string;
  /** The base in the spelling of the reference (`StringEquals`); undefined where no such operator exists. */
  readonly name: string | undefined;
  readonly qualifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  /** `Not` operators. */
  readonly negated: boolean;
}

export interface ConditionClause {
  readonly operator: Operator;
  /** As written, whole: `ForAnyValue:StringLikeIfExists`. {@link HOLE} where unknown. */
  readonly operatorText: string;
  readonly operatorNode: Node;
  /** Condition key as written; compare case-insensitively. {@link HOLE} where unknown. */
  readonly key: string;
  readonly keyNode: Node;
  readonly values: readonly Item[];
  /** The value or list. */
  readonly valueNode: Node;
  /** No more values than these exist. */
  readonly complete: boolean;
  /** What must hold in the template for it to be there, the statement's included. */
  readonly conditions: readonly Condition[];
}

const OPERATORS: ReadonlyMap<string, string> = new Map(
  [
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
    'DateEquals',
    'DateNotEquals',
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
    'Bool',
    'BinaryEquals',
    'IpAddress',
    'NotIpAddress',
    'ArnEquals',
    'ArnLike',
    'ArnNotEquals',
    'ArnNotLike',
    'Null',
  ].map((name) => [name.toLowerCase(), name]),
);

/** The names of all condition operators, for suggestions. */
export const OPERATOR_NAMES: readonly string[] = [...OPERATORS.values()];

/**
 * Takes a condition operator apart. IAM reads operators in any letter case.
 * Source: IAM user guide, "IAM JSON policy elements: Condition operators".
 */
export function parseOperator(text: string): Operator {
  let rest = text;
  let qualifier: Operator['qualifier'];
  const colon = rest.indexOf(':');
  if (colon >= 0) {
    const prefix = rest.slice(0, colon).toLowerCase();
    if (prefix === 'forallvalues') qualifier = 'ForAllValues';
    else if (prefix === 'foranyvalue') qualifier = 'ForAnyValue';
    if (qualifier) rest = rest.slice(colon + 1);
  }
  const ifExists = rest.length > 8 && rest.slice(-8).toLowerCase() === 'ifexists';
  if (ifExists) rest = rest.slice(0, -8);
  const name = OPERATORS.get(rest.toLowerCase());
  return { base: rest, name, qualifier, ifExists, negated: name?.includes('Not') === true };
}

/** Whether it certainly allows. */
export function allows(statement: Statement): boolean {
  return statement.effect === 'Allow';
}

/** Whether the text is known to the last character. */
export function isKnown(item: Item): boolean {
  return item.text !== undefined && !item.text.includes(HOLE);
}

/** Whether an action or resource is everything: `*` (or a run of it), and for actions `*:*`. */
export function isWildcard(item: Item): boolean {
  return item.text !== undefined && /^\*+(?::\*+)?$/.test(item.text);
}

/** Whether a member of a statement is there only under a condition of the template that the statement is not under. */
export function isConditional(member: Item | ConditionClause, statement: Statement): boolean {
  return member.conditions.length > statement.templateConditions.length;
}
