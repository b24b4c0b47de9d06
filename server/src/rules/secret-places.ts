/** Where in a template a secret is written that a value turned out to hold: its own characters wherever they can be found. */

import { decodeScalar } from '../syntax/embedded.ts';
import { Node, Origin } from '../syntax/node.ts';
import { asPattern, type Leaf } from '../template/value.ts';
import { type SecretInText, secretInVariable, secretsInText } from './secrets.ts';

interface PlacedSecret {
  readonly secret: SecretInText;
  /** The characters of the secret; the whole value where they are not written in one piece. */
  readonly node: Node;
  /** The value is base64. */
  readonly encoded: boolean;
}

/** Scalars looked through for the characters of a secret. */
const MAX_SCALARS = 500;
/** Shorter text is no encoded script. */
const MIN_ENCODED = 24;

/**
 * The secrets in a value's text, and where each is written. Base64 is read as what it encodes. An access key id is left out
 * where its secret key is found as well.
 * @param name the variable or key that holds the value: it tells that a bare value is a secret
 */
export function placedSecrets(value: Leaf, name?: string): readonly PlacedSecret[] {
  const text = asPattern(value);
  if (text === undefined) return [];
  const decoded = fromBase64(text);
  if (decoded !== undefined) {
    const inside = secretsInText(decoded);
    if (inside.length) return withoutKeyIds(inside).map((secret) => ({ secret, node: value.node, encoded: true }));
  }
  const named = name === undefined ? undefined : secretInVariable(name, text);
  const found = named ? [named] : secretsInText(text);
  return withoutKeyIds(found).map((secret) => ({
    secret,
    node: locate(text.slice(secret.start, secret.end), value.node),
    encoded: false,
  }));
}

function withoutKeyIds(secrets: readonly SecretInText[]): readonly SecretInText[] {
  return secrets.some((one) => one.kind === 'secret-access-key')
    ? secrets.filter((one) => one.kind !== 'access-key-id')
    : secrets;
}

/** The text that base64 stands for; undefined where it is none, or no text. */
function fromBase64(text: string): string | undefined {
  const compact = text.replace(/\s+/g, '');
  if (compact.length < MIN_ENCODED || compact.length > 100_000 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact))
    return undefined;
  try {
    const bytes = Uint8Array.from(atob(compact), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The place of a text among the scalars of a node; the node where it is not found in one of them. */
function locate(text: string, node: Node): Node {
  let budget = MAX_SCALARS;
  const search = (at: Node): Node | undefined => {
    if (budget-- <= 0) return undefined;
    if (at.kind === 'object' || at.kind === 'array') {
      for (const child of at.kind === 'array' ? at.items : at.entries.map((entry) => entry.value)) {
        const place = search(child);
        if (place) return place;
      }
      return undefined;
    }
    if (at.kind !== 'string') return undefined;
    const decoded = decodeScalar(at);
    const from = decoded.text.indexOf(text);
    if (from < 0) return undefined;
    // A value that is nothing but the secret stays itself.
    if (text === decoded.text) return at;
    return new Node('string', 'plain', new Origin(at.document, 0, decoded.map, at), from, from + text.length);
  };
  return search(node) ?? node;
}
