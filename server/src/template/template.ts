/** The model every rule sees, whatever language the template is written in. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import { CHANGING, type Lineage, note, once, type Read } from './tracking.ts';
import type { Condition, ObjectValue, Value } from './value.ts';

export type Dialect = 'cloudformation' | 'terraform' | 'terraform-plan' | 'policy';

/**
 * A resource or data source. Where nothing of it changed it is the same object in the next version of its template, which
 * `template` then names.
 */
export interface Resource extends Partial<Read> {
  /** Logical id, `type.name`, `data.type.name`, plan address, or `*` for a policy document of its own. */
  readonly address: string;
  readonly type: string;
  /** Types whose rules apply as well: a SAM function is also an `AWS::Lambda::Function`. Includes `type`. */
  readonly types: readonly string[];
  /** The key that names it: the logical id, the Terraform name. Findings on the resource as a whole go here. */
  readonly key: Node;
  /** The whole definition. */
  readonly body: Node;
  readonly properties: ObjectValue;
  /** What must hold for it to exist at all. */
  readonly conditions: readonly Condition[];
  /** CloudFormation attributes beside Properties (DeletionPolicy, Metadata, DependsOn …), Terraform meta-arguments (lifecycle, count …). */
  readonly attributes: ObjectValue;
  readonly document: SyntaxDocument;
  /** Its properties answer to CloudFormation's names but are written in the snake case of Terraform's Cloud Control provider. */
  readonly isMirrored?: boolean;
  /** Terraform data source. */
  readonly isData: boolean;
  /** Keys of the module calls that make it, outermost first; none in the root module. */
  readonly calls?: readonly Node[];
  /** Bodies in override files of Terraform, which are merged into its own. */
  readonly overrides?: readonly Node[];
  /** The template it is part of. */
  readonly template: Template;
  /**
   * As the template's, as it is for this resource: in a module that is called several times, variables differ. Left out where
   * the template's answer is that of every resource.
   */
  readonly evaluate?: ((node: Node) => Value) | undefined;
}

/** Whether types may be of that name. Tables of types are plain objects, which have members of their own: `constructor`. */
export function mayBeType(name: string): boolean {
  return !(name in Object.prototype);
}

export interface Template {
  readonly dialect: Dialect;
  /** Every document it is made of: one, or all files of a Terraform module. */
  readonly documents: readonly SyntaxDocument[];
  readonly resources: readonly Resource[];
  /** Outputs, parameters or variables, providers: name, key, evaluated body. */
  readonly outputs: readonly Section[];
  readonly parameters: readonly Section[];
  readonly providers: readonly Section[];
  /** Top-level Metadata (CloudFormation); empty object elsewhere. */
  readonly metadata: ObjectValue | undefined;
  resource(address: string): Resource | undefined;
  ofType(...types: string[]): readonly Resource[];
  /** See {@link resourcesWhere}. */
  readonly where?: (accepts: (resource: Resource) => boolean) => readonly Resource[];
  /** Adds a condition to what is assumed; undefined where that contradicts (`IsProd` and `not IsProd`, or by the conditions' definitions). */
  assume(assumed: readonly Condition[], condition: Condition): readonly Condition[] | undefined;
  /** Evaluates a node of this template that no resource property reaches. */
  evaluate(node: Node): Value;
  /** What a limit kept from becoming part of it: resources, or whole modules. Ask {@link isPartial} whether that is so. */
  readonly leftOut?: readonly { readonly node: Node; readonly message: string }[];
  /** What is known through all versions of it. */
  readonly lineage: Lineage<Template>;
}

/**
 * A function of a resource, computed at most once for each, and again when something else that it read has changed.
 * @returns the same as `compute`, remembered as long as the resource lives
 */
export const oncePerResource: <T>(compute: (resource: Resource) => T) => (resource: Resource) => T = once;

/**
 * The resources that a function accepts, in order; who asks has read which these are and no other resource.
 * @param accepts the same function each time; looks at nothing but types and address, which stay what they are
 */
export function resourcesWhere(template: Template, accepts: (resource: Resource) => boolean): readonly Resource[] {
  return template.where ? template.where(accepts) : template.resources.filter(accepts);
}

/** A function of a template, computed at most once for each version, and only when something that it read has changed. */
export function oncePerTemplate<T>(compute: (template: Template) => T): (template: Template) => T {
  const id = {};
  return ({ lineage }) => lineage.once(id, compute);
}

/**
 * Whether a limit kept resources from becoming part of a template: one that is not found may be there all the same, so that nothing
 * follows from its absence.
 */
export const isPartial: (template: Template) => boolean = oncePerTemplate((template) => {
  note(CHANGING);
  return Boolean(template.leftOut?.length) || template.documents.some(isCut);
});

/** Whether a text was not read at all, or not to its end. */
function isCut({ problems, roots, text }: SyntaxDocument): boolean {
  return problems.some(({ leftOut, end }) => leftOut && (!roots.length || end === text.length));
}

export interface Section {
  readonly name: string;
  readonly key: Node;
  readonly value: Value;
}
