/** What a change introduces and fixes, over texts that the client sends: a branch against its merge base. */

import { type Analysis, analyzeInSteps, type ReportedFinding } from '../analysis/analyze.ts';
import { compare, type Comparison as FoundComparison } from '../analysis/compare.ts';
import type { Settings } from '../analysis/settings.ts';
import { findingOnMap } from './map.ts';
import type { ComparedFinding, CompareParams, Comparison } from './protocol.ts';
import { giveWay, inSlices } from './turns.ts';

export interface CompareOptions {
  /** The day, for suppressions that expire. */
  readonly today: string;
  readonly cancelled: () => boolean;
  /** How many messages were dealt with so far. */
  readonly messages: () => number;
}

/**
 * Compares templates one by one.
 * @param settingsOf of a document by its URI
 * @returns what was found until then, where it was cancelled
 */
export async function compareTexts(
  { templates }: CompareParams,
  settingsOf: (uri: string) => Promise<Settings>,
  { today, cancelled, messages }: CompareOptions,
): Promise<Comparison> {
  const analysed = async (texts: CompareParams['templates'][number]['base'], settings: Settings) =>
    (await inSlices(analyzeInSteps(texts, settings, { today }), messages, () => !cancelled()))?.value;
  const introduced: ComparedFinding[] = [];
  const fixed: ComparedFinding[] = [];
  let before = 0;
  for (const { base, head } of templates) {
    if (cancelled()) break;
    const uri = (head[0] ?? base[0])?.uri;
    if (uri === undefined) continue;
    const settings = await settingsOf(uri);
    const sides = [await analysed(base, settings), await analysed(head, settings)] as const;
    if (cancelled()) break;
    const found = compare(...sides);
    introduced.push(...found.introduced.map(compared));
    fixed.push(...found.fixed.map(compared));
    before += (sides[1]?.findings.length ?? 0) - found.introduced.length;
    await giveWay(messages);
  }
  return { introduced, fixed, before };
}

/** Whether parameters are what they should be. */
export function isComparable(params: CompareParams | null | undefined): params is CompareParams {
  const isSide = (side: unknown) =>
    Array.isArray(side) && side.every((one) => typeof one?.uri === 'string' && typeof one?.text === 'string');
  const templates: unknown = params?.templates;
  return Array.isArray(templates) && templates.every((one) => isSide(one?.base) && isSide(one?.head));
}

function compared(reported: ReportedFinding): ComparedFinding {
  const { node, resource } = reported.finding;
  return { ...findingOnMap(reported), uri: node.document.uri, resource: resource.address };
}

const known = new WeakMap<Analysis, { readonly base: Analysis | undefined; readonly found: FoundComparison }>();

/** Compares the two sides of a diff, once for each pair of versions: hovers ask again and again. */
export function compareOnce(base: Analysis | undefined, head: Analysis | undefined): FoundComparison {
  const last = head && known.get(head);
  if (last && last.base === base) return last.found;
  const found = compare(base, head);
  if (head) known.set(head, { base, found });
  return found;
}
