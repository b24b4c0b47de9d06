/** Where modules are: folders beside the caller, or the public registry. */

import { type Pieces, splitHcl } from '../syntax/hcl-split.ts';

/**
 * The type under which rules know the calls of a module from the public registry: `module:terraform-aws-modules/rds/aws`,
 * with `//modules/x` where one of its submodules is called. Undefined for other sources.
 */
export function registryType(source: string): string | undefined {
  const address = source.trim().replace(/^(?:registry\.terraform\.io|registry\.opentofu\.org)\//, '');
  return /^[\w-]+\/[\w-]+\/[\w-]+(?:\/\/[\w./-]+)?$/.test(address) ? `module:${address}` : undefined;
}

/**
 * The folder that a call means, relative to the root module's, as the caller's is: `modules/network`, `../shared`, `` for
 * the root itself. Undefined where the source is no local path (developer.hashicorp.com/terraform/language/modules/sources).
 */
export function folderOfCall(caller: string, source: string): string | undefined {
  if (!/^\.\.?(?:\/|$)/.test(source)) return undefined;
  const parts = caller === '' ? [] : caller.split('/');
  for (const part of source.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length && parts[parts.length - 1] !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

const SOURCE = /^"?source"?[ \t]*[=:][ \t]*"(\.\.?(?:\/[^"\\$%{}\r\n]*)?)"/;
const JSON_SOURCE = /"source"[ \t]*:[ \t]*"(\.\.?(?:\/[^"\\$%{}\r\n]*)?)"/g;
/** The header of a call; what has another form calls nothing. */
const CALL = /^module[ \t]*(?:"[^"\\$%\r\n]*"|[ \t][\w-]+)[ \t]*\{/;

/** What a text calls. */
export interface Calls {
  readonly text: string;
  /** As written: `./modules/network`. */
  readonly sources: readonly string[];
  /** Of HCL that may call something, so that the next version need not be split anew. */
  readonly pieces?: Pieces;
}

/** How a local source begins, for texts that have none: looked for as they are, they are found ten times as fast as by a pattern. */
const BEGINNINGS = ['"./', '"../', '"."', '".."'];

/**
 * Local sources that a text of a module calls, found without parsing all of it. A comment, a text or another block that looks like a
 * call is none: a module that nobody calls is judged by itself, so that one that only seems to be called would not be judged at all.
 * @param earlier those of an earlier version of the text
 */
export function callsIn(text: string, earlier?: Calls): Calls {
  if (!text.includes('module') || !BEGINNINGS.some((one) => text.includes(one))) return { text, sources: [] };
  if (/^\s*[{[]/.test(text)) return { text, sources: [...new Set(sourcesInJson(text))] };
  const pieces = splitHcl(text, earlier?.pieces && { text: earlier.text, pieces: earlier.pieces });
  return { text, sources: [...new Set(sourcesInHcl(text, pieces))], pieces };
}

/** The sources of {@link callsIn}. */
export function localSources(text: string): readonly string[] {
  return callsIn(text).sources;
}

function sourcesInHcl(text: string, { pieces }: Pieces): string[] {
  return pieces.flatMap(({ start, end }) => {
    if (!text.startsWith('module', start)) return [];
    const block = text.slice(start, end);
    const header = CALL.exec(block)?.[0];
    if (!header) return [];
    const body = block.slice(header.length, block.endsWith('}') ? -1 : undefined);
    return splitHcl(body).pieces.flatMap((piece) => SOURCE.exec(body.slice(piece.start, piece.end))?.[1] ?? []);
  });
}

function sourcesInJson(text: string): string[] {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    // While it is typed: rather too many, so that what a module is judged with does not come and go.
    return [...text.matchAll(JSON_SOURCE)].map((match) => match[1] as string);
  }
  return objects(root)
    .flatMap((one) => objects(one.module))
    .flatMap((calls) => Object.values(calls).flatMap(objects))
    .flatMap(({ source }) => (typeof source === 'string' && /^\.\.?(?:\/|$)/.test(source) ? [source] : []));
}

/** An object, or the objects of a list: Terraform's JSON takes both for blocks. */
function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return (Array.isArray(value) ? value : [value]).filter(
    (one): one is Record<string, unknown> => !!one && typeof one === 'object' && !Array.isArray(one),
  );
}
