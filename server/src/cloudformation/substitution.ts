/** The text of `Fn::Sub`, taken apart. */

/** A hole of a text: `${Name}`, `${Resource.Attribute}`. */
export interface Hole {
  readonly name: string;
}

/** Splits at `${…}`. `${!Literal}` stands for `${Literal}` itself; a brace that never closes is plain text. */
export function splitSubstitution(text: string): readonly (string | Hole)[] {
  const parts: (string | Hole)[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${', at);
    const close = open < 0 ? -1 : text.indexOf('}', open);
    if (close < 0) break;
    plain += text.slice(at, open);
    const inner = text.slice(open + 2, close);
    if (inner.startsWith('!')) plain += `\${${inner.slice(1)}}`;
    else {
      if (plain) parts.push(plain);
      plain = '';
      parts.push({ name: inner.trim() });
    }
    at = close + 1;
  }
  plain += text.slice(at);
  if (plain || !parts.length) parts.push(plain);
  return parts;
}
