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

interface MutableBlock extends Block {
  readonly bodies: Node[];
}

class Collector implements Blocks {
  readonly resources: MutableBlock[] = [];
  readonly data: MutableBlock[] = [];
  readonly variables: MutableBlock[] = [];
  readonly outputs: MutableBlock[] = [];
  readonly modules: MutableBlock[] = [];
  readonly providers: MutableBlock[] = [];
  readonly settings: Node[] = [];
  readonly locals: Entry[] = [];

  read(document: SyntaxDocument, overrides: boolean): void {
    // A list of objects is read as if it were one object, at this level as at every other.
    for (const root of document.roots) {
      for (const object of objectsOf(root)) {
        for (const { name, key, value } of object.entries) this.section(name, key, value, document, overrides);
      }
    }
  }

  private section(name: string, key: Node, value: Node, document: SyntaxDocument, overrides: boolean): void {
    const kinds: Readonly<Record<string, readonly [MutableBlock[], number]>> = {
      resource: [this.resources, 2],
      data: [this.data, 2],
      variable: [this.variables, 1],
      output: [this.outputs, 1],
      module: [this.modules, 1],
      provider: [this.providers, 1],
    };
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind) this.labelled(kind[0], value, kind[1], [], key, document, overrides);
    else if (name === 'terraform') {
      for (const object of objectsOf(value)) this.settings.push(object);
    } else if (name === 'locals') {
      for (const object of objectsOf(value)) {
        for (const entry of object.entries) if (entry.name !== '//') this.locals.push(entry);
      }
    }
  }

  private labelled(
    into: MutableBlock[],
    value: Node,
    depth: number,
    labels: readonly string[],
    key: Node,
    document: SyntaxDocument,
    overrides: boolean,
  ): void {
    for (const object of objectsOf(value)) {
      if (depth === 0) this.add(into, { labels, key, bodies: [object], document }, overrides);
      else {
        for (const entry of object.entries) {
          if (entry.name === '//') continue;
          this.labelled(into, entry.value, depth - 1, [...labels, entry.name], entry.key, document, overrides);
        }
      }
    }
  }

  private add(into: MutableBlock[], block: MutableBlock, overrides: boolean): void {
    const base = overrides && into !== this.providers ? into.find((other) => sameLabels(other, block)) : undefined;
    if (base) base.bodies.push(...block.bodies);
    else into.push(block);
  }
}

function sameLabels(a: Block, b: Block): boolean {
  return a.labels.length === b.labels.length && a.labels.every((label, i) => label === b.labels[i]);
}
