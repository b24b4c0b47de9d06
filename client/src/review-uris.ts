/** What the addresses of documents in a review say: the side of the change that they are, and the file that they are of. */

/** A URI, as far as it is read here. */
export interface Address {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
}

/** What a document is where nobody shows the change it belongs to. */
export type Side = 'base' | 'head' | 'history';

/** The query as the Git and GitHub extensions write it: a JSON object; empty for all others. */
function parameters(query: string): Readonly<Record<string, unknown>> {
  if (!query.startsWith('{')) return {};
  try {
    const value: unknown = JSON.parse(query);
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/**
 * The side that a document of a review scheme is, by its own address. The parameters are those of VS Code's Git extension
 * (`extensions/git/src/uri.ts`; an empty `ref` is the index, `~` is what the working tree is compared with) and of GitHub Pull
 * Requests (`src/common/uri.ts`: `base` of `review:`, `isBase` of `pr:`). All else is history.
 */
export function sideOf({ scheme, query }: Address): Side {
  const { ref, base, isBase } = parameters(query);
  if (scheme === 'git') return ref === '' ? 'head' : ref === '~' ? 'base' : 'history';
  const flag = scheme === 'review' ? base : scheme === 'pr' ? isBase : undefined;
  return typeof flag === 'boolean' ? (flag ? 'base' : 'head') : 'history';
}

/** Path of the file that a document shows a version of: Git appends `.git` or `.diff` where other tools shall leave it alone. */
export function filePath({ scheme, path, query }: Address): string {
  if (scheme !== 'git' && scheme !== 'review') return path;
  const added = /\.(?:git|diff)$/.exec(path)?.[0];
  if (!added) return path;
  const named = parameters(query).path;
  return typeof named === 'string' && named.endsWith(added) ? path : path.slice(0, -added.length);
}

/** Path of the file below its repository, where the address names one: GitHub's `fileName`, and a commit's path. */
export function pathInRepository({ scheme, path, query }: Address): string | undefined {
  const { fileName } = parameters(query);
  const named = scheme === 'githubcommit' ? path.slice(1) : fileName;
  if (typeof named !== 'string' || named === '' || named.length > 1000) return undefined;
  const parts = named.split(/[\\/]/);
  return parts.some((part) => part === '' || part === '.' || part === '..') ? undefined : parts.join('/');
}

/** The lines that a diff adds; undefined where it adds none, or was cut for display. */
export function addedLines(diff: string): string | undefined {
  const lines = diff.split('\n');
  if (lines.at(-1) === '@@ …') return undefined;
  const added = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1));
  if (!added.length || added.some((line) => line.startsWith('…') || line.endsWith('…'))) return undefined;
  return added.join('\n');
}

/**
 * The line of a text at which another version's line stands. Lines count from 0.
 * @param line what is looked for: its number in the other version, and its text
 * @param resource where the resource it belongs to begins, if that is known
 */
export function lineIn(
  lines: readonly string[],
  line: { readonly number: number; readonly text: string },
  resource: number | undefined,
): number {
  if (lines[line.number] === line.text) return line.number;
  const wanted = line.text.trim();
  const same = lines.flatMap((text, at) => (wanted && text.trim() === wanted ? [at] : []));
  const from = resource ?? line.number;
  // A resource's settings follow its name.
  const nearest = [...same].sort((a, b) => Math.abs(a - from) - Math.abs(b - from));
  const below = resource === undefined ? undefined : same.find((at) => at >= resource);
  return below ?? (resource === undefined ? nearest[0] : resource) ?? Math.min(line.number, lines.length - 1);
}
