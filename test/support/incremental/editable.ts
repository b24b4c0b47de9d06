/** A text that can be edited: its tree, its resources, and the names that it declares. */

import type { Analysis } from '../../../server/src/analysis/analyze.ts';
import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import type { Resource } from '../../../server/src/template/template.ts';
import { nameOf, type Pool, poolOf } from './pool.ts';
import { type Below, pick } from './random.ts';
import { type Offer, offerOf, type Unit, unitOfResource } from './units.ts';

/** A text that can be edited. */
export class Text {
  readonly text: string;
  readonly language: SyntaxDocument['language'];
  readonly resources: readonly Resource[];
  readonly pool: Pool;
  private offered: Offer | undefined;

  constructor(
    readonly analysis: Analysis,
    readonly document: SyntaxDocument,
  ) {
    this.text = document.text;
    this.language = document.language;
    this.resources = analysis.template.resources.filter((one) => one.document === document && one.address !== '*');
    this.pool = poolOf(document.language, analysis.dialect);
  }

  get offer(): Offer {
    this.offered ??= offerOf(this.document);
    return this.offered;
  }

  get isCloudFormation(): boolean {
    return this.analysis.dialect === 'cloudformation';
  }

  name({ address }: Resource): string {
    return nameOf(address, this.language);
  }

  /** Names that can be referred to: parameters, conditions, locals, anything that is declared by a key. */
  get names(): readonly string[] {
    const { template } = this.analysis;
    const roots = this.document.roots.flatMap(({ entries }) => entries);
    const sections = roots.filter(({ name }) => /^(?:Parameters|Conditions|Mappings|Rules|locals)$/.test(name));
    return [
      ...template.parameters.map(({ name }) => name),
      ...sections.flatMap(({ value }) => value.entries.map(({ name }) => name)),
      ...this.resources.map((one) => this.name(one)),
    ];
  }

  replaced(start: number, end: number, by: string): string {
    return this.text.slice(0, start) + by + this.text.slice(end);
  }
}

/** What an edit makes of a text; undefined where there is nothing of its kind. */
export type Operation = (below: Below, at: Text) => string | undefined;

/** A resource with the piece of text that it is. */
export function someResource(below: Below, at: Text): { resource: Resource; unit: Unit } | undefined {
  if (!at.resources.length) return undefined;
  const resource = pick(below, at.resources);
  const unit = unitOfResource(resource);
  return unit && { resource, unit };
}
