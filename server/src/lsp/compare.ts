/** What a change introduces and fixes, over texts that the client sends: a branch against its merge base. */

import { type Analysis, analyze, type ReportedFinding } from '../analysis/analyze.ts';
import { compare, type Comparison as FoundComparison } from '../analysis/compare.ts';
import type { Settings } from '../analysis/settings.ts';
import { findingOnMap } from './map.ts';
import type { ComparedFinding, CompareParams, Comparison } from './protocol.ts';

/** Lets requests in between two templates: a branch may have hundreds. */
const pause = () => new Promise<void>((resume) => setTimeout(resume, 0));

/**
 * Compares templates one by one.
 * @param settingsOf of a document by its URI
 * @returns what was found until then, where it was cancelled
 */
export async function compareTexts(
  { templates }: CompareParams,
  settingsOf: (uri: string) => Promise<Settings>,
  { today, cancelled }: { readonly today: string; readonly cancelled: () => boolean },
): Promise<Comparison> {
  const introduced: ComparedFinding[] = [];
  const fixed: ComparedFinding[] = [];
  let before = 0;
  for (const { base, head } of templates) {
    if (cancelled()) break;
    const uri = (head[0] ?? base[0])?.uri;
    if (uri === undefined) continue;
    const settings = await settingsOf(uri);
    const found = compare(analyze(base, settings, { today }), analyze(head, settings, { today }));
    introduced.push(...found.introduced.map(compared));
    fixed.push(...found.fixed.map(compared));
    before += found.before.size;
    await pause();
  }
  return { introduced, fixed, before };
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
