/** The documents that are measured: of four sizes in three languages, and a module. Made here, the same in every run. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inTheMiddle, template, yamlOf } from './cloudformation-documents.ts';
import { configuration, modulePart, PART_BLOCKS, VARIABLES } from './terraform-documents.ts';

export type Language = 'yaml' | 'json' | 'terraform';

/** Where is typed. */
export interface Place {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly character: number;
  /** What is typed there, a keystroke each, and then taken back in the other order. */
  readonly words: readonly (readonly string[])[];
}

export interface BenchDocument {
  /** Also the name of its file, less the extension. */
  readonly id: string;
  readonly title: string;
  readonly language: Language;
  /** What the client opens as its workspace. */
  readonly folder: string;
  /** The first is opened at first. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly places: readonly Place[];
  /** Of the whole module, where it is one. */
  readonly lines: number;
  readonly bytes: number;
  readonly resources: number;
  /** One of the documents that the bars were set with. */
  readonly shared?: boolean;
}

const WORDS = ['order', 'bills', 'parts', 'north', 'cargo'].map((word) => [...word]);
/** What a new key begins with, behind its line break and indentation. */
const KEYS = ['Notes', 'Extra'];
const MB = 1_000_000;

const extension = { yaml: 'yaml', json: 'json', terraform: 'tf' } as const;
const number = (value: number) => value.toLocaleString('en');

/** The caret behind a text that stands behind others. */
function caret(path: string, text: string, name: string, behind: readonly string[], words = WORDS): Place[] {
  let at = 0;
  for (const one of behind) {
    const found = text.indexOf(one, at);
    if (found < 0) return [];
    at = found + one.length;
  }
  const before = text.slice(0, at).split('\n');
  return [{ name, path, line: before.length - 1, character: before.at(-1)?.length ?? 0, words }];
}

function newLine(indent: string, keys: readonly string[]): string[][] {
  return keys.map((key) => [`\n${indent}`, ...key]);
}

/** Small templates have no queue; then there is nothing to type there. */
function templatePlaces(path: string, text: string, resources: number, json: boolean): Place[] {
  const block = (id: string) => (json ? `"${id}": {` : `\n  ${id}:\n`);
  const [role, queue, database] = (['Role', 'Queue', 'Database'] as const).map((kind) => inTheMiddle(resources, kind));
  const value = caret(path, text, 'a value', [`-queue-${queue}`]);
  return [
    ...(value.length ? value : caret(path, text, 'a value', ['-bucket-0'])),
    ...caret(path, text, 'a parameter', ['Parameters', 'Default', 'shop']),
    ...caret(path, text, 'a policy', [block(`Role${role}`), 's3:GetObject']),
    ...caret(path, text, 'a reference', [block(`Database${database}`), 'MasterUsername', 'DatabaseUser']),
    ...caret(
      path,
      text,
      'a new key',
      [block(`Queue${queue}`), json ? 'VisibilityTimeout": 60,' : 'VisibilityTimeout: 60'],
      json
        ? newLine(
            '        ',
            KEYS.map((key) => `"${key.slice(1)}`),
          )
        : newLine('      ', KEYS),
    ),
  ];
}

function configurationPlaces(path: string, text: string, part: number): Place[] {
  return [
    ...caret(path, text, 'a value', [`"aws_s3_bucket" "part${part}"`, `-bucket-${part}`]),
    ...caret(path, text, 'a parameter', ['variable "prefix"', 'shop']),
    ...caret(path, text, 'a policy', [`"aws_iam_policy_document" "part${part}"`, 's3:GetObject']),
    ...caret(path, text, 'a reference', [`_public_access_block" "part${part}"`, `aws_s3_bucket.part${part}`]),
    ...caret(
      path,
      text,
      'a new key',
      [`"aws_sqs_queue" "part${part}"`, 'visibility_timeout_seconds = 60'],
      newLine(
        '  ',
        KEYS.map((key) => key.toLowerCase()),
      ),
    ),
  ];
}

/** The least count or weight that makes a text as long as is wanted. */
function grow(make: (size: number) => string, enough: (text: string) => boolean): { size: number; text: string } {
  let [low, high] = [1, 2];
  while (!enough(make(high))) high *= 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (enough(make(middle))) high = middle;
    else low = middle + 1;
  }
  return { size: low, text: make(low) };
}

const lineCount = (text: string) => text.split('\n').length - 1;
const longEnough = (lines: number) => (text: string) => lineCount(text) >= lines;

/** Of 1 MB: 500 resources; of the rest as many as fill the lines. */
function sized(folder: string, language: Language, lines: number | '1MB'): BenchDocument {
  const write = (resources: number, weight: number): string => {
    if (language === 'terraform') return `${VARIABLES}\n${configuration(resources, weight)}`;
    const value = template(resources, weight);
    return language === 'json' ? `${JSON.stringify(value, null, 2)}\n` : yamlOf(value);
  };
  // Nine resources and a data source in eight blocks.
  const wanted = language === 'terraform' ? Math.floor((500 / 9) * PART_BLOCKS) : 500;
  const { size, text } =
    lines === '1MB'
      ? grow(
          (weight) => write(wanted, weight),
          (made) => made.length >= MB,
        )
      : grow((count) => write(count, lines < 100 ? 1 : 3), longEnough(lines));
  const units = lines === '1MB' ? wanted : size;
  const id = `${language}-${lines}`;
  const path = join(folder, id, `${id}.${extension[language]}`);
  const resources = language === 'terraform' ? text.match(/^resource /gm)?.length : units;
  const places =
    language === 'terraform'
      ? configurationPlaces(path, text, Math.floor((units - 1) / PART_BLOCKS / 2))
      : templatePlaces(path, text, units, language === 'json');
  const names = { yaml: 'CloudFormation, YAML', json: 'CloudFormation, JSON', terraform: 'Terraform' };
  return {
    id,
    title: `${names[language]}, ${lines === '1MB' ? '1 MB' : `${number(lines)} lines`}`,
    language,
    folder: join(folder, id),
    files: [{ path, text }],
    places,
    lines: lineCount(text),
    bytes: Buffer.byteLength(text),
    resources: resources ?? 0,
  };
}

/** A module of so many files and one of variables; typed in one in the middle and in the variables. */
function module(folder: string, count: number): BenchDocument {
  const own = join(folder, 'module');
  const files = Array.from({ length: count }, (_, i) => ({ path: join(own, `part${i}.tf`), text: modulePart(i) }));
  const middle = files[count >> 1] as (typeof files)[number];
  const variables = { path: join(own, 'variables.tf'), text: VARIABLES };
  const all = [middle, variables, ...files.filter((file) => file !== middle)];
  const text = all.map((file) => file.text).join('');
  return {
    id: 'module',
    title: `Terraform, module of ${count} files`,
    language: 'terraform',
    folder: own,
    files: all,
    places: [
      ...configurationPlaces(middle.path, middle.text, count >> 1),
      ...configurationPlaces(variables.path, variables.text, 0),
    ],
    lines: lineCount(text),
    bytes: Buffer.byteLength(text),
    resources: text.match(/^resource /gm)?.length ?? 0,
  };
}

/**
 * Documents of the shared benches, which the bars were set with. Typed is in a value and in a policy of the middle.
 * @param folder where they are
 */
function shared(folder: string, quick: boolean): BenchDocument[] {
  const names = quick ? ['medium.yaml', 'big.yaml'] : ['medium.yaml', 'medium.json', 'big.yaml', 'big.json'];
  return names.flatMap((name) => {
    const path = join(folder, name);
    if (!existsSync(path)) return [];
    const text = readFileSync(path, 'utf8');
    const middle = text.slice(text.length >> 1);
    const from = text.slice(0, text.length >> 1);
    const value = /\bvalue-[\w-]+|\b(?:Ref|Value|Name)"?: "?\w+/.exec(middle)?.[0];
    const places = (title: string, behind: string | undefined) =>
      behind === undefined ? [] : caret(path, text, title, [from, behind]);
    return [
      {
        id: `shared-${name.replace('.', '-')}`,
        shared: true,
        title: `The bar's ${name}`,
        language: name.endsWith('.json') ? ('json' as const) : ('yaml' as const),
        folder,
        files: [{ path, text }],
        places: [...places('a value', value), ...places('a policy', /s3:\w+/.exec(middle)?.[0])],
        lines: lineCount(text),
        bytes: Buffer.byteLength(text),
        resources:
          text.match(/^ {4}"?Type"?: "?AWS::/gm)?.length ?? text.match(/"Type": "AWS::\w+::\w+"/g)?.length ?? 0,
      },
    ];
  });
}

/**
 * Writes the documents.
 * @param folder emptied before
 * @param sharedDocuments where the documents of the shared benches are, if anywhere
 * @param quick only those of 1,000 lines, of 1 MB and the module
 */
export function writeDocuments(folder: string, sharedDocuments: string, quick: boolean): BenchDocument[] {
  const own = resolve(folder);
  rmSync(own, { recursive: true, force: true });
  const sizes = quick ? ([1000, '1MB'] as const) : ([50, 1000, 10_000, '1MB'] as const);
  const documents = [
    ...(['yaml', 'json', 'terraform'] as const).flatMap((language) => sizes.map((size) => sized(own, language, size))),
    module(own, 100),
  ];
  for (const { folder: its, files } of documents) {
    mkdirSync(its, { recursive: true });
    for (const { path, text } of files) writeFileSync(path, text);
  }
  return [...documents, ...shared(resolve(sharedDocuments), quick)];
}
