/** What a review is told of resources: where settings move the line, and what AWS does by itself. */

import type { Analysis } from '../analysis/analyze.ts';
import { doneByAws, isOfTerraform } from '../analysis/aws-part.ts';
import { type LineMover, ruleOfMover } from '../responsibility/model.ts';
import { serviceOf } from '../responsibility/services.ts';
import type { Resource } from '../template/template.ts';
import type { AwsPart, MovedLine, Place } from './result.ts';

/** The lines that settings of a template move; with a base, the difference, `from` and `to` turned round where a line moved back. */
export function movedLines(
  head: Analysis,
  base: Analysis | undefined,
  isCompared: boolean,
  placeOf: (resource: Resource) => Place | undefined,
): MovedLine[] {
  return head.template.resources.flatMap((resource): MovedLine[] => {
    const place = placeOf(resource);
    if (!place || resource.isData) return [];
    const now = serviceOf(resource)?.moved ?? [];
    const old = isCompared ? base?.template.resource(resource.address) : undefined;
    const then = (old && serviceOf(old)?.moved) ?? [];
    const ofConcern = (list: readonly LineMover[], { concern }: LineMover) =>
      list.find((one) => one.concern === concern);
    const line = (mover: LineMover): MovedLine => ({
      ...place,
      resource: resource.address,
      ruleId: ruleOfMover(mover),
      concern: mover.concern,
      from: mover.from,
      to: mover.to,
      text: mover.text,
    });
    return [
      // It moves from where it was: another setting may have moved it before.
      ...now
        .map((one) => ({ ...line(one), from: ofConcern(then, one)?.to ?? one.from }))
        .filter(({ from, to }) => from !== to),
      ...then
        .filter((one) => !ofConcern(now, one))
        .map((one) => ({ ...line(one), from: one.to, to: one.from, text: 'The setting that moved it is gone.' })),
    ];
  });
}

/** What AWS does by itself at resources that the change touched; without a base, at those that have findings. */
export function awsParts(
  head: Analysis,
  base: Analysis | undefined,
  isCompared: boolean,
  placeOf: (resource: Resource) => Place | undefined,
): AwsPart[] {
  const found = new Set(head.findings.map(({ finding }) => finding.resource));
  return head.template.resources.flatMap((resource): AwsPart[] => {
    const place = placeOf(resource);
    if (!place || resource.isData) return [];
    const old = base?.template.resource(resource.address);
    if (isCompared ? old !== undefined && written(old) === written(resource) : !found.has(resource)) return [];
    const facts = doneByAws(resource).map(({ text, terraform, since, source }) => ({
      text: `${text}${terraform && isOfTerraform(resource) ? ` In Terraform: ${terraform}` : ''}${since ? ` (since ${since})` : ''}`,
      source,
    }));
    return facts.length ? [{ ...place, resource: resource.address, type: resource.type, facts }] : [];
  });
}

function written({ body }: Resource): string {
  return body.document.text.slice(body.start, body.end).replace(/\s+/g, ' ');
}
