/** Where the text of a template speaks of something by its name: read generously, for what values do not show. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Template } from '../template/template.ts';

/** A place in a document; the offset is that of the name's first character. */
export interface Mention {
  readonly document: SyntaxDocument;
  readonly offset: number;
}

const IN_NAME = /[\w-]/;
const NAMES = /[\w-]+/g;

/** What is known of a document's words. Its text never changes, and of a large module one document does. */
interface Words {
  asked: number;
  index?: ReadonlyMap<string, readonly number[]>;
}

const words = new WeakMap<SyntaxDocument, Words>();

/** So many names are searched for before an index of all pays: a text that is typed into is another one with each key. */
const SEARCHES = 8;

/** Every run of name characters in a document's text, and where it stands. */
function indexOf({ text }: SyntaxDocument): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  for (const match of text.matchAll(NAMES)) {
    const [name] = match;
    const places = index.get(name);
    if (places) places.push(match.index);
    else index.set(name, [match.index]);
  }
  return index;
}

/** Where a run of name characters begins that is just this one. */
function* placesOf(document: SyntaxDocument, name: string): Generator<number> {
  const known = words.get(document) ?? { asked: 0 };
  words.set(document, known);
  if (!known.index && known.asked++ >= SEARCHES) known.index = indexOf(document);
  if (known.index) {
    yield* known.index.get(name) ?? [];
    return;
  }
  const { text } = document;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const isWhole = !IN_NAME.test(text.charAt(at - 1)) && !IN_NAME.test(text.charAt(at + name.length));
    if (isWhole) yield at;
  }
}

/** Every place where a name stands by itself, comments and its own declaration included; as part of a longer name it is none. */
export function* mentions(template: Template, name: string): Generator<Mention> {
  // `aws_vpc.main` is looked for by what it begins with.
  const first = /^[\w-]+/.exec(name)?.[0];
  if (first === undefined) return;
  for (const document of template.documents) {
    const { text } = document;
    for (const offset of placesOf(document, first)) {
      const isWhole =
        first === name || (text.startsWith(name, offset) && !IN_NAME.test(text.charAt(offset + name.length)));
      if (isWhole) yield { document, offset };
    }
  }
}
