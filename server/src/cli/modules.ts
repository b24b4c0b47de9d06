/** Which files on disk form Terraform modules, and which modules call which. */

import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Source } from '../analysis/analyze.ts';
import { localSources } from '../terraform/module-source.ts';
import { isModuleFile, withoutReplaced } from '../terraform/recognise.ts';
import { isValuesFile } from '../terraform/tfvars.ts';
import { compare as compareNames, type InputFile, readText } from './files.ts';

/** Paths of a module's files, with those of values for its variables where asked for. */
export function moduleFiles(folder: string, values: boolean): string[] {
  try {
    const names = readdirSync(folder).filter((name) => isModuleFile(name) || (values && isValuesFile(name)));
    return withoutReplaced(names)
      .sort(compareNames)
      .map((name) => resolve(join(folder, name)));
  } catch {
    return [];
  }
}

/** A file that is read for what it says to others; none where it cannot be read. */
export function contextOf(path: string): Source[] {
  const read = readText(path);
  return 'text' in read ? [{ uri: path, text: read.text }] : [];
}

/** Texts of a module of the base, the first of its own folder, with the folders of those that it calls. */
export function inFolders(sources: readonly Source[]): readonly Source[] {
  const root = sources[0] && dirname(sources[0].uri);
  return sources.map((source) => {
    const folder = root === undefined ? '' : relative(root, dirname(source.uri)).split(sep).join('/');
    return folder && isModuleFile(source.uri) ? { ...source, folder } : source;
  });
}

/** Folders of modules that no other of them calls; where they call each other in a circle, all that no root reaches. */
export function rootModules(modules: ReadonlyMap<string, readonly InputFile[]>): string[] {
  const calls = new Map<string, string[]>();
  for (const [folder, files] of modules) {
    const texts = files.flatMap(({ path }) => contextOf(path));
    const sources = texts.flatMap(({ text }) => localSources(text));
    calls.set(
      folder,
      sources.map((source) => resolve(folder, source)).filter((one) => one !== folder && modules.has(one)),
    );
  }
  const called = new Set([...calls.values()].flat());
  const roots = [...modules.keys()].filter((folder) => !called.has(folder));
  const reached = new Set<string>();
  const visit = (folder: string) => {
    if (reached.has(folder)) return;
    reached.add(folder);
    for (const next of calls.get(folder) ?? []) visit(next);
  };
  for (const root of roots) visit(root);
  for (const folder of modules.keys()) {
    if (reached.has(folder)) continue;
    roots.push(folder);
    visit(folder);
  }
  return roots;
}
