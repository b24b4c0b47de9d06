/**
 * The place of a cursor in text that is being typed: the word there, what may be written around it, and the text with
 * that word replaced by a mark, so that it parses and the model says what stands at the mark.
 */

import type { SyntaxDocument } from '../syntax/document.ts';
import { hclPlace } from './complete-hcl.ts';
import { type Layer, type Place, scannedPlace } from './complete-position.ts';
import { bracketEnd, scan } from './complete-scan.ts';
import { yamlPlace } from './complete-yaml.ts';

/** Larger texts are no templates that a person edits. */
const MAX_LENGTH = 8_000_000;
/** Smaller texts are read as a whole: what is broken elsewhere is recovered best then. */
const SMALL = 50_000;

/**
 * The place at an offset of a text.
 * @param language what the text is written in
 * @param cuts whether a resource may be read without the rest of the document: in CloudFormation
 * @param known the document of the text, or of a version before, where it is at hand; it stays as it is
 * @returns undefined where nothing can be completed: in comments, behind punctuation, in texts of an unlikely size
 */
export function placeAt(
  text: string,
  offset: number,
  language: 'json' | 'yaml' | 'hcl',
  cuts: boolean,
  known?: SyntaxDocument,
): Place | undefined {
  if (text.length > MAX_LENGTH || offset < 0 || offset > text.length) return undefined;
  if (language === 'hcl') return hclPlace(text, offset, text.length > SMALL, known);
  if (language === 'yaml') return yamlPlace(text, offset, cuts);
  const part = cuts && text.length > SMALL ? resourceAround(text, offset) : undefined;
  const { from, to, head, tail } = part ?? { from: 0, to: text.length, head: '', tail: '' };
  const own = text.slice(from, to);
  const layer: Layer = { text: own, at: (at) => at + from, encode: (piece) => piece };
  return scannedPlace(layer, 0, offset - from, 'json', (start, end, piece) =>
    [head, own.slice(0, start - from), piece, own.slice(end - from), tail].join(''),
  );
}

/** The resource of a CloudFormation template in JSON that an offset lies in, as a template of its own. */
function resourceAround(text: string, offset: number) {
  const scanned = scan(text, 0, offset, 'json');
  const from = scanned?.brackets[2];
  if (from === undefined || scanned?.path[0] !== 'Resources') return undefined;
  const to = bracketEnd(text, from);
  // Where brackets are missing, this may be no resource.
  if (to < offset || !/"Type"\s*:/.test(text.slice(from, to))) return undefined;
  return { from, to, head: '{"Resources":{"Resource":', tail: '}}' };
}
