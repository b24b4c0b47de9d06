/**
 * The first keystrokes in a language cost several times what later ones do, until V8 has compiled what they run through.
 * Behind the first analysis of a text of each language, letters are therefore typed into a copy of it, all over its resources,
 * and taken back, in slices between which requests are answered.
 */

import { type Analysis, analyzeInSteps, type Source } from '../analysis/analyze.ts';
import type { Settings } from '../analysis/settings.ts';
import type { Node } from '../syntax/node.ts';
import { diagnosticsOf, reportOf } from './diagnostics.ts';
import { giveWay, inSlices } from './turns.ts';

/** Milliseconds of work at most, and letters at most. Measured at 1,000 lines: more of it gains nothing. */
const BUDGET = 700;
const MAX_LETTERS = 250;
/** Of large texts the beginning shows as much as all of it. Characters, of all files of a module. */
const EXCERPT = 40_000;
/** Scalars of a resource in which letters are typed, at most. */
const MAX_SCALARS = 200;

/**
 * Analyses keystrokes in a copy of the sources until the budget is spent; trees of open documents are not touched. Never fails.
 * @param messages how many were dealt with so far: requests go first
 * @param goesOn false as soon as a person types, which serves as well
 * @returns whether nobody typed meanwhile
 */
export async function warmUp(
  sources: readonly Source[],
  settings: Settings,
  messages: () => number,
  goesOn: () => boolean,
): Promise<boolean> {
  const copy = excerptOf(sources);
  let left = BUDGET;
  let previous: Analysis | undefined;
  const analyse = async (texts: readonly Source[]): Promise<Analysis | undefined> => {
    const onTemplate = (unjudged: Analysis) => {
      previous = unjudged;
    };
    const worked = await inSlices(analyzeInSteps(texts, settings, { previous, onTemplate }), messages, goesOn);
    if (!worked?.value) return undefined;
    left -= worked.spent;
    previous = worked.value;
    for (const { uri } of texts) reportOf(diagnosticsOf(previous, uri));
    await giveWay(messages);
    return previous;
  };
  try {
    const first = await analyse(copy);
    const places = first ? placesIn(first, copy) : [];
    for (let letters = 0; places.length && letters < MAX_LETTERS && left > 0 && goesOn(); letters++) {
      const { file, offset } = places[letters % places.length] as Place;
      if (!(await analyse(copy.map((source, i) => (i === file ? withLetter(source, offset) : source))))) break;
      if (!(await analyse(copy))) break;
    }
  } catch {
    // What fails here fails for the document itself, too, and is told there.
  }
  return goesOn();
}

/** Where a letter is typed: which of the sources, and the offset in its text. */
interface Place {
  readonly file: number;
  readonly offset: number;
}

function withLetter(source: Source, offset: number): Source {
  return { ...source, text: `${source.text.slice(0, offset)}x${source.text.slice(offset)}` };
}

/** The files from the first on, the last of them cut where a line begins. */
function excerptOf(sources: readonly Source[]): readonly Source[] {
  const taken: Source[] = [];
  let left = EXCERPT;
  for (const source of sources) {
    if (left <= 0) break;
    const { text } = source;
    const end = text.length <= left ? text.length : text.lastIndexOf('\n', left) + 1;
    taken.push(end === text.length ? source : { ...source, text: text.slice(0, end) });
    left -= text.length;
  }
  return taken;
}

/** Places within scalars: the first one of each resource and parameter, then the second one of each. */
function placesIn({ template }: Analysis, sources: readonly Source[]): readonly Place[] {
  const files = new Map(sources.map(({ uri }, i) => [uri, i]));
  const lists = [
    ...template.resources.map(({ body }) => body),
    ...template.parameters.map(({ value }) => value.node),
  ].map((body) => {
    const file = files.get(body.document.uri);
    return file === undefined ? [] : scalarsIn(body).map((node): Place => ({ file, offset: node.start + 1 }));
  });
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const places: Place[] = [];
  for (let i = 0; i < longest; i++) places.push(...lists.flatMap((list) => list[i] ?? []));
  return places;
}

/** Strings and the like below a node, in order, without what stands elsewhere (aliases) and what is text within text. */
function scalarsIn(body: Node): readonly Node[] {
  const found: Node[] = [];
  const look = (node: Node) => {
    if (found.length >= MAX_SCALARS || node.aliasOf || node.origin.host) return;
    if (node.isScalar && node.kind !== 'missing' && node.end > node.start + 1) found.push(node);
    for (const { value, merged } of node.entries) if (!merged) look(value);
    for (const item of node.items) look(item);
  };
  look(body);
  return found;
}
