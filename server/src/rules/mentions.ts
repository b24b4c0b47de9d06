/** Where the text of a template speaks of something by its name: read generously, for what values do not show. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Template } from '../template/template.ts';

/** A place in a document; the offset is that of the name's first character. */
export interface Mention {
  readonly document: SyntaxDocument;
  readonly offset: number;
}

const IN_NAME = /[\w-]/;

/** Every place where a name stands by itself, comments and its own declaration included; as part of a longer name it is none. */
export function* mentions({ documents }: Template, name: string): Generator<Mention> {
  if (!name) return;
  for (const document of documents) {
    const { text } = document;
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
      const isWhole = !IN_NAME.test(text.charAt(at - 1)) && !IN_NAME.test(text.charAt(at + name.length));
      if (isWhole) yield { document, offset: at };
    }
  }
}
