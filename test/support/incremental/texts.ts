/**
 * The templates that edits begin with: our own, rich in links; samples; real ones and those of other linters, where
 * they are there.
 */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { classify, type Source } from '../../../server/src/analysis/analyze.ts';
import { WRITTEN } from './written.ts';

/** What is analysed as one. */
export interface Target {
  /** A path, and what it is: filters match on it. */
  readonly name: string;
  /** Read when it is used. */
  readonly sources: () => readonly Source[];
}

const ENDINGS = '**/*.{json,yaml,yml,template,tf}';

/**
 * Every template below a folder, each file by itself and folders of HCL as modules. None where there is no such
 * folder.
 */
export function targetsBelow(folder: string, maxBytes: number): Target[] {
  if (!existsSync(folder)) return [];
  const paths = globSync(ENDINGS, { cwd: folder })
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).size <= maxBytes);
  const alone = paths.filter(isOurs).map((path): Target => ({ name: named(path), sources: () => [read(path)] }));
  return [...alone, ...grouped(paths)];
}

function isOurs(path: string): boolean {
  return classify({ uri: path, text: readFileSync(path, 'utf8') }) !== undefined;
}

function read(path: string): Source {
  return { uri: path, text: readFileSync(path, 'utf8') };
}

function named(path: string): string {
  const { uri, text } = read(path);
  const language = /\.tf$/.test(uri) ? 'hcl' : /^\ufeff?\s*[{[]/.test(text) ? 'json' : 'yaml';
  return `${path} ${language} ${classify({ uri, text })}`;
}

/** Folders with several files of HCL. */
function grouped(paths: readonly string[]): Target[] {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    if (!path.endsWith('.tf')) continue;
    const list = folders.get(dirname(path));
    if (list) list.push(path);
    else folders.set(dirname(path), [path]);
  }
  return [...folders]
    .filter(([, files]) => files.length > 1 && files.length <= 12)
    .map(([folder, files]) => ({ name: `${folder} hcl module`, sources: () => files.map(read) }));
}

/** The samples that the project shows itself with: modules with what they call, a plan with its configuration. */
export function samples(): Target[] {
  const module = (folder: string, pattern: string): Target => ({
    name: `${folder} module ${pattern.includes('json') ? 'json' : 'hcl'}`,
    sources: () =>
      globSync(pattern, { cwd: folder })
        .sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))
        .map((name) => {
          const within = dirname(name);
          return {
            uri: name,
            text: readFileSync(join(folder, name), 'utf8'),
            ...(within === '.' ? {} : { folder: within }),
          };
        }),
  });
  const plan = 'samples/plan/plan.json';
  return [
    module('samples/terraform', '**/*.{tf,tfvars}'),
    module('samples/terraform-json', '*.tf.json'),
    {
      name: `${plan} plan with configuration`,
      sources: () => [read(plan), ...module('samples/terraform', '*.tf').sources()],
    },
    ...globSync(['samples/**/*.{json,yaml}', '!samples/terraform-json/**'])
      .sort()
      .map((path): Target => ({ name: named(path), sources: () => [read(path)] })),
  ];
}

/** Our own, which are full of links. */
export function written(): Target[] {
  return Object.entries(WRITTEN).map(([name, files]) => ({
    name: `written ${name}`,
    sources: () =>
      Object.entries(files).map(([path, text]) => {
        const folder = dirname(path);
        return { uri: path, text, ...(folder === '.' ? {} : { folder }) };
      }),
  }));
}
