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

const indexes = new WeakMap<Template, ReadonlyMap<string, readonly Mention[]>>();

/** Every run of name characters in a template's text, and where it stands. */
function indexOf(template: Template): ReadonlyMap<string, readonly Mention[]> {
  const known = indexes.get(template);
  if (known) return known;
  const index = new Map<string, Mention[]>();
  for (const document of template.documents) {
    for (const match of document.text.matchAll(NAMES)) {
      const [name] = match;
      const places = index.get(name);
      if (places) places.push({ document, offset: match.index });
      else index.set(name, [{ document, offset: match.index }]);
    }
  }
  indexes.set(template, index);
  return index;
}

/** Every place where a name stands by itself, comments and its own declaration included; as part of a longer name it is none. */
export function* mentions(template: Template, name: string): Generator<Mention> {
  // `aws_vpc.main` is looked for by what it begins with.
  const first = /^[\w-]+/.exec(name)?.[0];
  if (first === undefined) return;
  for (const mention of indexOf(template).get(first) ?? []) {
    const { text } = mention.document;
    const isWhole =
      first === name ||
      (text.startsWith(name, mention.offset) && !IN_NAME.test(text.charAt(mention.offset + name.length)));
    if (isWhole) yield mention;
  }
}
