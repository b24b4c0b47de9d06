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

// A document's text never changes, and of a large module one document does.
const indexes = new WeakMap<SyntaxDocument, ReadonlyMap<string, readonly number[]>>();

/** Every run of name characters in a document's text, and where it stands. */
function indexOf(document: SyntaxDocument): ReadonlyMap<string, readonly number[]> {
  const known = indexes.get(document);
  if (known) return known;
  const index = new Map<string, number[]>();
  for (const match of document.text.matchAll(NAMES)) {
    const [name] = match;
    const places = index.get(name);
    if (places) places.push(match.index);
    else index.set(name, [match.index]);
  }
  indexes.set(document, index);
  return index;
}

/** Every place where a name stands by itself, comments and its own declaration included; as part of a longer name it is none. */
export function* mentions(template: Template, name: string): Generator<Mention> {
  // `aws_vpc.main` is looked for by what it begins with.
  const first = /^[\w-]+/.exec(name)?.[0];
  if (first === undefined) return;
  for (const document of template.documents) {
    const { text } = document;
    for (const offset of indexOf(document).get(first) ?? []) {
      const isWhole =
        first === name || (text.startsWith(name, offset) && !IN_NAME.test(text.charAt(offset + name.length)));
      if (isWhole) yield { document, offset };
    }
  }
}
