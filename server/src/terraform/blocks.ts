/**
 * Which blocks a file declares, in HCL or in Terraform's JSON syntax
 * (developer.hashicorp.com/terraform/language/syntax/json). Override files are merged into what they override.
 */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Entry, Node } from '../syntax/node.ts';
import { withoutQuery } from '../syntax/uri.ts';
import { objectsOf } from './shapes.ts';

/** A block with its labels. */
export interface Block {
  /** `aws_s3_bucket`, `b` for a resource; one label for most; none for `terraform`. */
  readonly labels: readonly string[];
  /** The last label as written, or the keyword where there is none. */
  readonly key: Node;
  /** The body, followed by those of override files. */
  readonly bodies: readonly Node[];
  readonly document: SyntaxDocument;
  /** What `count` and `for_each` are set to. */
  readonly count: Node | undefined;
  readonly forEach: Node | undefined;
}

/** A module's blocks by kind. */
export interface Blocks {
  readonly resources: readonly Block[];
  readonly data: readonly Block[];
  readonly variables: readonly Block[];
  readonly outputs: readonly Block[];
  readonly modules: readonly Block[];
  readonly providers: readonly Block[];
  /** Bodies of `terraform` blocks. */
  readonly settings: readonly Node[];
  /** Locals: name, key and value. */
  readonly locals: readonly Entry[];
}

/** Whether a file overrides the rest of its module (`override.tf.json`, `x_override.tf.json`). */
function isOverride(uri: string): boolean {
  return /(?:^|[/\\_])override\.(?:tf|tofu)(?:\.json)?$/i.test(withoutQuery(uri));
}

/** The blocks of all documents of a module. */
export function blocksOf(documents: readonly SyntaxDocument[]): Blocks {
  const collector = new Collector();
  for (const document of documents) if (!isOverride(document.uri)) collector.read(document, false);
  for (const document of documents) if (isOverride(document.uri)) collector.read(document, true);
  return collector;
}

type Kind = 'resources' | 'data' | 'variables' | 'outputs' | 'modules' | 'providers';

/** Kinds of blocks with labels, by keyword, and how many labels they have. */
const LABELLED: ReadonlyMap<string, readonly [Kind, number]> = new Map([
  ['resource', ['resources', 2]],
  ['data', ['data', 2]],
  ['variable', ['variables', 1]],
  ['output', ['outputs', 1]],
  ['module', ['modules', 1]],
  ['provider', ['providers', 1]],
]);

/** What one document declares. Of a large module one document changes at a time. */
interface Declared {
  readonly blocks: readonly (readonly [Kind, Block])[];
  readonly settings: readonly Node[];
  readonly locals: readonly Entry[];
}

const declared = new WeakMap<SyntaxDocument, Declared>();

function declaredIn(document: SyntaxDocument): Declared {
  const known = declared.get(document);
  if (known) return known;
  const blocks: (readonly [Kind, Block])[] = [];
  const settings: Node[] = [];
  const locals: Entry[] = [];
  const labelled = (kind: Kind, value: Node, depth: number, labels: readonly string[], key: Node) => {
    for (const object of objectsOf(value)) {
      if (depth === 0) {
        const [count, forEach] = [object.get('count'), object.get('for_each')];
        blocks.push([kind, { labels, key, bodies: [object], document, count, forEach }]);
      } else {
        for (const entry of object.entries) {
          if (entry.name !== '//') labelled(kind, entry.value, depth - 1, [...labels, entry.name], entry.key);
        }
      }
    }
  };
  // A list of objects is read as if it were one object, at this level as at every other.
  for (const root of document.roots) {
    for (const object of objectsOf(root)) {
      for (const { name, key, value } of object.entries) {
        const kind = LABELLED.get(name);
        if (kind) labelled(kind[0], value, kind[1], [], key);
        else if (name === 'terraform') {
          for (const one of objectsOf(value)) settings.push(one);
        } else if (name === 'locals') {
          for (const one of objectsOf(value))
            for (const entry of one.entries) if (entry.name !== '//') locals.push(entry);
        }
      }
    }
  }
  const found = { blocks, settings, locals };
  declared.set(document, found);
  return found;
}

class Collector implements Blocks {
  readonly resources: Block[] = [];
  readonly data: Block[] = [];
  readonly variables: Block[] = [];
  readonly outputs: Block[] = [];
  readonly modules: Block[] = [];
  readonly providers: Block[] = [];
  readonly settings: Node[] = [];
  readonly locals: Entry[] = [];
  /** Where the first block of each name stands, by kind: as far as override files ask. */
  private readonly places = new Map<Kind, { readonly first: Map<string, number>; read: number }>();

  read(document: SyntaxDocument, overrides: boolean): void {
    const { blocks, settings, locals } = declaredIn(document);
    for (const [kind, block] of blocks) this.add(kind, block, overrides);
    // There may be too many of them for the arguments of one call.
    for (const one of settings) this.settings.push(one);
    for (const one of locals) this.locals.push(one);
  }

  private add(kind: Kind, block: Block, overrides: boolean): void {
    const into = this[kind];
    const index = overrides && kind !== 'providers' ? this.placeOf(kind, block) : undefined;
    const base = index === undefined ? undefined : into[index];
    if (base && index !== undefined) {
      const bodies = [...base.bodies, ...block.bodies];
      into[index] = { ...base, bodies, count: block.count ?? base.count, forEach: block.forEach ?? base.forEach };
    } else into.push(block);
  }

  private placeOf(kind: Kind, block: Block): number | undefined {
    const places = this.places.get(kind) ?? { first: new Map(), read: 0 };
    this.places.set(kind, places);
    const into = this[kind];
    for (; places.read < into.length; places.read++) {
      const name = JSON.stringify(into[places.read]?.labels);
      if (!places.first.has(name)) places.first.set(name, places.read);
    }
    return places.first.get(JSON.stringify(block.labels));
  }
}
