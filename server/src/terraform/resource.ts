/** A block of a module as the resource that rules see. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Node } from '../syntax/node.ts';
import { detached } from '../syntax/text.ts';
import { mirroredProperties } from '../template/cloud-control.ts';
import type { Resource, Template } from '../template/template.ts';
import { note, type Read } from '../template/tracking.ts';
import type { Condition, ObjectValue, Value } from '../template/value.ts';
import type { Block } from './blocks.ts';
import type { ModuleScope } from './module-scope.ts';
import { speaksOf } from './names-used.ts';

const NOTHING: readonly never[] = [];
const lists = new Map<string, readonly string[]>();
const MAX_LISTS = 2_000;

/** The list of one type: the same for all resources of it. */
function typesOf(type: string): readonly string[] {
  const known = lists.get(type) ?? [detached(type)];
  // A type that is being typed is another one with each key.
  if (lists.size > MAX_LISTS) lists.clear();
  lists.set(known[0] ?? type, known);
  return known;
}

/** A block as rules see it: its arguments are evaluated when asked for. */
export class TerraformResource implements Resource, Read {
  readonly address: string;
  readonly type: string;
  readonly types: readonly string[];
  /** Its body. */
  readonly text: Node;
  isOutdated = false;
  document: SyntaxDocument;
  readonly isMirrored: boolean;
  readonly isData: boolean;
  readonly calls: readonly Node[];
  readonly overrides: readonly Node[];
  readonly evaluate: ((node: Node) => Value) | undefined;
  private own: ObjectValue | undefined;
  private meta: ObjectValue | undefined;
  private names: ReadonlySet<string> | undefined;

  constructor(
    private readonly scope: ModuleScope,
    private block: Block,
    private readonly facts: {
      readonly address: string;
      readonly type: string;
      readonly isMirrored: boolean;
      readonly isData: boolean;
      readonly conditions: readonly Condition[];
      /** Arguments that are no properties. */
      readonly meta: ReadonlySet<string>;
    },
  ) {
    this.address = facts.address;
    this.type = facts.type;
    this.types = typesOf(facts.type);
    this.text = block.bodies[0] as Node;
    this.document = block.document;
    this.isMirrored = facts.isMirrored;
    this.isData = facts.isData;
    this.calls = scope.calls;
    this.overrides = block.bodies.length > 1 ? block.bodies.slice(1) : NOTHING;
    this.evaluate = scope.call && ((node) => scope.evaluateFrom(node));
  }

  isCurrent(): boolean {
    return !this.isOutdated;
  }

  /**
   * Whether it is the same in the next version of its module.
   * @param isData the block is a data source now: in JSON it may have been under another name
   */
  goesOn(block: Block, isData: boolean, changed: ReadonlySet<string>): boolean {
    if (isData !== this.isData || !isSameBlock(this.block, block)) return false;
    if (!changed.size) return true;
    this.names ??= this.scope.namesUsedBy(this.block);
    return !speaksOf(this.names, changed);
  }

  /** Goes on as that block of the next version, and holds on to nothing of the one before. */
  moveTo(block: Block): void {
    this.block = block;
    this.document = block.document;
  }

  /** Comes after one of the version before that could not go on: of the same text, the names that it speaks of are known. */
  follow(before: TerraformResource): void {
    if (isSameBlock(before.block, this.block)) this.names = before.names;
  }

  get template(): Template {
    return this.scope.template;
  }

  get key(): Node {
    note(this);
    return this.block.key;
  }

  get body(): Node {
    note(this);
    return this.text;
  }

  get conditions(): readonly Condition[] {
    note(this);
    return this.facts.conditions;
  }

  get properties(): ObjectValue {
    note(this);
    if (!this.own) {
      const { meta, isMirrored } = this.facts;
      const names = this.scope.namesIn(this.block);
      const written = this.scope.evaluator.block(this.block.bodies, names, (key) => !meta.has(key));
      this.own = isMirrored ? mirroredProperties(written) : written;
    }
    return this.own;
  }

  get attributes(): ObjectValue {
    note(this);
    const { meta } = this.facts;
    this.meta ??= this.scope.evaluator.block(this.block.bodies, undefined, (key) => meta.has(key));
    return this.meta;
  }
}

/** Whether two blocks are the very nodes of one version. */
export function isSameBlock(a: Block, b: Block): boolean {
  return (
    a.key === b.key &&
    a.bodies.length === b.bodies.length &&
    a.bodies.every((body, i) => body === b.bodies[i]) &&
    a.labels.every((label, i) => label === b.labels[i])
  );
}

/** As {@link isSameBlock}, of lists in their order. */
export function areSameBlocks(a: readonly Block[], b: readonly Block[]): boolean {
  return a.length === b.length && a.every((block, i) => isSameBlock(block, b[i] as Block));
}
