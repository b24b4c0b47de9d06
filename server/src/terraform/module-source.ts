/** Where modules are: folders beside the caller, or the public registry. */

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

const SOURCE = /["']?\bsource["']?[ \t]*[=:][ \t]*"(\.\.?(?:\/[^"\\$%{}\r\n]*)?)"/g;

/**
 * Local sources that a text of a module seems to call, found without parsing it: perhaps more than there are.
 * @returns as written: `./modules/network`
 */
export function localSources(text: string): readonly string[] {
  return text.includes('module') ? [...new Set([...text.matchAll(SOURCE)].map((match) => match[1] as string))] : [];
}
