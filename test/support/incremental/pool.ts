/**
 * What edits write: values, properties and whole resources out of the golden cases of the rules, since these are what
 * rules look at.
 */

import { classify, parse, templateOf } from '../../../server/src/analysis/analyze.ts';
import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import type { Template } from '../../../server/src/template/template.ts';
import { allCases, type Case, fileName } from '../../rules/golden.ts';
import { jsonToHcl, NotConvertible } from '../json-to-hcl.ts';
import { occurrences, offerOf, reindented, unitOf, unitOfResource } from './units.ts';

/** A resource that can be put into another text. */
export interface Piece {
  /** As it is referred to: a logical id, the name of a block. */
  readonly name: string;
  readonly type: string;
  readonly text: string;
  /** Resources of its own text that it names. */
  readonly links: readonly { readonly name: string; readonly type: string }[];
}

/** By the language that it is written in. */
export interface Pool {
  readonly resources: readonly Piece[];
  /** Values that a member of that name has somewhere, each in one line. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Members that resources of that type have somewhere. */
  readonly properties: ReadonlyMap<string, readonly string[]>;
  readonly types: readonly string[];
}

/** A golden case in a language, as a file. */
export interface Golden {
  readonly test: Case;
  readonly uri: string;
  readonly text: string;
  readonly fixed: string | undefined;
}

const CASES = 'test/rules/cases';
let all: readonly Golden[] | undefined;

/** Every golden case; those in Terraform's JSON in HCL as well. */
export function goldens(): readonly Golden[] {
  all ??= allCases(CASES).flatMap((test): Golden[] => {
    const uri = fileName(test.language);
    const own = { test, uri, text: test.text, fixed: test.fixed };
    if (test.language !== 'tf-json') return [own];
    const text = inHcl(test.text);
    return text === undefined
      ? [own]
      : [own, { test, uri: 'main.tf', text, fixed: test.fixed === undefined ? undefined : inHcl(test.fixed) }];
  });
  return all;
}

function inHcl(text: string): string | undefined {
  try {
    return jsonToHcl(parse({ uri: 'main.tf.json', text }), 'jsonencode').text;
  } catch (error) {
    if (error instanceof NotConvertible) return undefined;
    throw error;
  }
}

let pools: ReadonlyMap<string, Pool> | undefined;
const NOTHING: Pool = { resources: [], values: new Map(), properties: new Map(), types: [] };

/**
 * What can be written in a language.
 * @param dialect what the text is: JSON of Terraform has other resources than that of CloudFormation
 */
export function poolOf(language: SyntaxDocument['language'], dialect: string): Pool {
  pools ??= collect();
  return pools.get(`${language} ${dialect}`) ?? NOTHING;
}

class Collector {
  private readonly resources: Piece[] = [];
  private readonly values = new Map<string, Set<string>>();
  private readonly properties = new Map<string, Set<string>>();

  take(template: Template, document: SyntaxDocument): void {
    const { text, language } = document;
    for (const { node, name, embedded } of offerOf(document).places) {
      const written = text.slice(node.outerStart, node.end);
      if (!embedded && written && written.length < 300 && !written.includes('\n')) add(this.values, name, written);
    }
    const linked = template.resources.map((one) => ({ name: nameOf(one.address, language), type: one.type }));
    for (const resource of template.resources) {
      const unit = unitOfResource(resource);
      if (!unit) continue;
      const piece = text.slice(unit.start, unit.end);
      const name = nameOf(resource.address, language);
      const links = linked.filter((one) => one.name !== name && occurrences(piece, one.name).length > 0);
      this.resources.push({ name, type: resource.type, text: reindented(piece, ''), links });
      const body = template.dialect === 'cloudformation' ? resource.body.get('Properties') : resource.body;
      for (const { key, value, merged } of body?.entries ?? []) {
        const { start, end } = unitOf(document, value, key);
        if (!merged && end - start < 2000) add(this.properties, resource.type, reindented(text.slice(start, end), ''));
      }
    }
  }

  get pool(): Pool {
    const lists = (sets: Map<string, Set<string>>) => new Map([...sets].map(([name, set]) => [name, [...set]]));
    const types = [...new Set(this.resources.map(({ type }) => type))];
    return { resources: this.resources, values: lists(this.values), properties: lists(this.properties), types };
  }
}

function collect(): ReadonlyMap<string, Pool> {
  const collectors = new Map<string, Collector>();
  for (const source of goldens()) {
    const dialect = classify(source);
    const document = parse(source);
    const template = dialect && templateOf(dialect, [document]);
    if (!template) continue;
    const family = `${document.language} ${dialect}`;
    const collector = collectors.get(family) ?? new Collector();
    collectors.set(family, collector);
    collector.take(template, document);
  }
  return new Map([...collectors].map(([family, collector]) => [family, collector.pool]));
}

function add(sets: Map<string, Set<string>>, name: string, text: string): void {
  const known = sets.get(name);
  if (known) known.add(text);
  else sets.set(name, new Set([text]));
}

/** How a resource is named in text: Terraform's by type and name, in JSON by the name of the member. */
export function nameOf(address: string, language: SyntaxDocument['language']): string {
  return language === 'json' && address.includes('.')
    ? (address.split('.').pop() ?? address)
    : address.replace(/^module\.[^.]+\./, '');
}
