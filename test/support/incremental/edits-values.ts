/** Edits of values: another one, a reference, a word that rules look for. */

import type { Operation, Text } from './editable.ts';
import { type Below, oneIn, pick } from './random.ts';
import type { Place } from './units.ts';

export function otherValue(below: Below, at: Text, { node, name, embedded }: Place): string {
  const written = at.text.slice(node.outerStart, node.end);
  if (embedded) return node.kind === 'boolean' ? String(node.value !== true) : otherWord(below, written);
  const known = at.pool.values.get(name);
  if (known && !oneIn(below, 3)) return pick(below, known);
  if (node.kind === 'boolean' && !oneIn(below, 3)) return String(node.value !== true);
  if (node.kind === 'number' && !oneIn(below, 3))
    return pick(below, ['0', '1', '-1', '7', '22', '443', '65535', '1000']);
  const { places } = at.offer;
  if (oneIn(below, 3)) {
    const other = pick(below, places);
    const text = at.text.slice(other.node.outerStart, other.node.end);
    if (!other.embedded && !text.includes('\n')) return text;
  }
  return at.names.length && !oneIn(below, 4) ? reference(below, at, written) : otherWord(below, written);
}

function otherWord(below: Below, written: string): string {
  const quote = /^["']/.exec(written)?.[0] ?? '';
  const word = pick(below, [
    '*',
    'true',
    'false',
    '',
    '0.0.0.0/0',
    's3:*',
    'arn:aws:s3:::x/*',
    'http',
    'password1',
    'x',
  ]);
  return quote + word + quote || '""';
}

/** A value that hangs on something declared elsewhere. */
function reference(below: Below, at: Text, written: string): string {
  const name = pick(below, at.names);
  const old = written.includes('\n') ? 'true' : written || 'true';
  if (at.language === 'hcl') {
    const id = name.includes('.') ? name : pick(below, [`var.${name}`, `local.${name}`]);
    return pick(below, [
      id,
      `${id}.id`,
      `${id}.arn`,
      `"\${${id}.arn}/*"`,
      `var.flag ? ${old} : ${id}`,
      `${id} == "x" ? null : ${old}`,
      `coalesce(${id}, ${old})`,
      `try(${id}.id, ${old})`,
      `[${old}, ${id}]`,
    ]);
  }
  if (!at.isCloudFormation) {
    const type = at.resources.length ? pick(below, at.resources).type : 'aws_s3_bucket';
    return pick(below, [
      `"\${${type}.${name}.id}"`,
      `"\${var.${name}}"`,
      `"\${local.${name}}"`,
      `"\${var.${name} ? true : false}"`,
    ]);
  }
  if (at.language === 'json')
    return pick(below, [
      `{ "Ref": "${name}" }`,
      `{ "Fn::GetAtt": ["${name}", "Arn"] }`,
      `{ "Fn::Sub": "\${${name}}-x" }`,
      `{ "Fn::If": ["${name}", ${old}, { "Ref": "AWS::NoValue" }] }`,
    ]);
  return pick(below, [
    `!Ref ${name}`,
    `!GetAtt ${name}.Arn`,
    `!Sub "\${${name}}-x"`,
    `!Sub "arn:aws:s3:::\${${name}}/*"`,
    `!If [${name}, ${old}, !Ref AWS::NoValue]`,
    `!If [${name}, !Ref AWS::NoValue, ${old}]`,
    `!FindInMap [${name}, a, b]`,
    `!Select [0, [${old}]]`,
  ]);
}

function mutate(below: Below, at: Text, places: readonly Place[]): string | undefined {
  if (!places.length) return undefined;
  const place = pick(below, places);
  return at.replaced(place.node.outerStart, place.node.end, otherValue(below, at, place));
}

/** A value anywhere. */
export const mutateValue: Operation = (below, at) => mutate(below, at, at.offer.places);

/** A value outside of the resources: a default, a mapping, a condition, a local, an argument, an output. */
export const mutateSection: Operation = (below, at) => {
  const inside = at.resources.filter(({ isData }) => !isData);
  const places = at.offer.places.filter(
    ({ node }) => !inside.some(({ body }) => body.start <= node.start && node.end <= body.end),
  );
  return mutate(below, at, places);
};

/** A value that a finding is about, or was found by. */
export const mutateFound: Operation = (below, at) => {
  const { findings } = at.analysis;
  if (!findings.length) return undefined;
  const { finding } = pick(below, findings);
  const nodes = [finding.node, ...finding.related.map(({ node }) => node)].filter(
    ({ document }) => document === at.document,
  );
  if (!nodes.length) return undefined;
  const node = pick(below, nodes);
  const places = at.offer.places.filter((place) => place.node.start >= node.start && place.node.end <= node.end);
  return mutate(below, at, places);
};
