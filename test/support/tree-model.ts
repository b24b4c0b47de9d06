/**
 * What a tree says, apart from how it is written: the oracle for edits. Edits applied to the model must equal
 * the tree of the edited text.
 */

import type { Data, Edit } from '../../server/src/syntax/edit.ts';
import { children } from '../../server/src/syntax/hcl-expression.ts';
import { expressionAt } from '../../server/src/syntax/hcl-source.ts';
import type { Entry, Node } from '../../server/src/syntax/node.ts';

interface Member {
  name: string;
  readonly value: Cell;
  /** The entry it was read from; undefined for what an edit adds. */
  readonly entry: Entry | undefined;
}

type Content =
  | { readonly kind: 'object'; members: Member[] }
  | { readonly kind: 'array'; items: Cell[] }
  | { readonly kind: 'scalar'; readonly type: string; readonly value: unknown; readonly node: Node | undefined }
  | { readonly kind: 'alias'; readonly of: Node; readonly name: string }
  /** A text or an expression with edits in it: the trees that are edited. */
  | { readonly kind: 'parts'; readonly roots: Cell[] };

interface Cell {
  content: Content;
  /** Where it is written; undefined for what an edit wrote. */
  node: Node | undefined;
}

/** The trees of a document as data that edits can be applied to. */
export class TreeModel {
  /** The cell of a node with its tag, and of what stands behind the tag. */
  private readonly outer = new Map<Node, Cell>();
  private readonly inner = new Map<Node, Cell>();
  readonly roots: readonly Cell[];

  constructor(roots: readonly Node[]) {
    this.roots = roots.map((root) => this.read(root));
  }

  private read(node: Node): Cell {
    const cell: Cell = { content: this.contentOf(node), node };
    this.inner.set(node, cell);
    const name = longName(node.tag);
    const whole: Cell = name && !node.aliasOf ? { content: wrap(name, cell), node: undefined } : cell;
    this.outer.set(node, whole);
    return whole;
  }

  private contentOf(node: Node): Content {
    if (node.aliasOf) return { kind: 'alias', of: node.aliasOf, name: node.document.text.slice(node.start, node.end) };
    if (node.kind === 'object') {
      const written = node.entries.filter((entry) => !entry.merged);
      return {
        kind: 'object',
        members: written.map((entry) => ({ name: entry.name, value: this.read(entry.value), entry })),
      };
    }
    if (node.kind === 'array') return { kind: 'array', items: node.items.map((item) => this.read(item)) };
    return { kind: 'scalar', type: node.kind, value: node.value, node };
  }

  /** Items that were put behind another one. */
  private readonly placed = new Map<Cell, Cell>();

  /** Applies edits; throws where one does not fit the tree. */
  apply(edits: readonly Edit[]): void {
    for (const edit of edits) this.one(edit);
  }

  private one(edit: Edit): void {
    switch (edit.kind) {
      case 'replace': {
        const cell = this.cell(edit.node, this.outer);
        cell.content = fromData(edit.data);
        cell.node = undefined;
        return;
      }
      case 'set':
        this.set(edit.in, edit.path, edit.data, edit.first === true);
        return;
      case 'remove': {
        const object = this.objectOf(edit.entry);
        object.members = object.members.filter((member) => member.entry !== edit.entry);
        return;
      }
      case 'removeItem': {
        const array = this.cell(edit.node.parent as Node, this.inner).content;
        const item = this.outer.get(edit.node);
        if (array.kind === 'array') array.items = array.items.filter((one) => one !== item);
        return;
      }
      case 'append': {
        const cell = this.cell(edit.to.aliasOf ?? edit.to, this.inner);
        // A block of HCL that stood alone.
        if (cell.content.kind === 'object' && cell.node?.style === 'block')
          cell.content = { kind: 'array', items: [{ content: cell.content, node: cell.node }] };
        if (cell.content.kind !== 'array') {
          cell.content = { kind: 'array', items: [] };
          cell.node = undefined;
        }
        const { items } = cell.content;
        const after = edit.after && this.outer.get(edit.after);
        // Behind what was put there before.
        let at = after ? items.indexOf(after) + 1 : items.length;
        if (after) while (items[at] && this.placed.get(items[at] as Cell) === after) at++;
        const item: Cell = { content: fromData(edit.data), node: undefined };
        if (after) this.placed.set(item, after);
        items.splice(at, 0, item);
        return;
      }
      case 'rename': {
        for (const member of this.objectOf(edit.entry).members)
          if (member.entry === edit.entry) member.name = edit.name;
        return;
      }
      case 'insertAfter': {
        const { members } = this.objectOf(edit.entry);
        const at = members.findIndex((member) => member.entry === edit.entry);
        const value: Cell = { content: fromData(edit.data), node: undefined };
        members.splice(at + 1, 0, { name: edit.name, value, entry: undefined });
      }
    }
  }

  private set(start: Node, path: readonly string[], data: Data, first: boolean): void {
    let cell = this.cell(start.aliasOf ?? start, this.inner);
    for (const name of path) {
      if (cell.content.kind === 'alias') cell = this.cell(cell.content.of, this.inner);
      if (cell.content.kind !== 'object') {
        cell.content = { kind: 'object', members: [] };
        cell.node = undefined;
      }
      const { members } = cell.content as Extract<Content, { kind: 'object' }>;
      // At the top level of HCL each block stands by itself.
      const isTop = cell.node?.style === 'block' && !cell.node.parent && isHcl(cell.node);
      let member = isTop ? undefined : members.findLast((one) => one.name === name);
      if (!member) {
        member = { name, value: { content: fromData(null), node: undefined }, entry: undefined };
        if (first && !members.some((one) => !one.entry)) members.unshift(member);
        else members.push(member);
      }
      cell = member.value;
    }
    cell.content = fromData(data);
    cell.node = undefined;
  }

  private objectOf(entry: Entry): Extract<Content, { kind: 'object' }> {
    const { content } = this.cell(entry.key.parent as Node, this.inner);
    if (content.kind !== 'object') throw new Error('an entry lies in no object');
    return content;
  }

  /** The cell of a node; for a node inside a string, the string is read first. */
  private cell(node: Node, cells: ReadonlyMap<Node, Cell>): Cell {
    if (!cells.has(node)) {
      let root = node;
      while (root.parent) root = root.parent;
      const host = node.origin.host ?? this.around(root);
      const cell = host && this.cell(host, this.inner);
      if (cell && cell.content.kind !== 'parts') cell.content = { kind: 'parts', roots: [] };
      if (cell?.content.kind === 'parts') cell.content.roots.push(this.read(root));
    }
    const found = cells.get(node);
    if (!found) throw new Error('an edit names a node that is not in the tree');
    return found;
  }

  /** The scalar of the tree that an expression of HCL is part of. */
  private around({ start, end, document }: Node): Node | undefined {
    for (const node of this.inner.keys())
      if (node.isScalar && node.document === document && node.start <= start && end <= node.end && !node.origin.host)
        return node;
    return undefined;
  }

  /**
   * Where this model differs from another one; the first few places.
   * @param within the trees that a string of the other one holds: several, where an expression in it chooses
   */
  differences(other: TreeModel, within: (host: Node) => readonly Node[]): string[] {
    const found: string[] = [];
    if (this.roots.length !== other.roots.length) return [`${this.roots.length} → ${other.roots.length} documents`];
    this.roots.forEach((root, index) => {
      compare(merged(root, 3), merged(other.roots[index] as Cell, 3), '', found, within);
    });
    return found;
  }

  /** Scalars and keys that no edit changed. */
  survivors(): Node[] {
    const nodes: Node[] = [];
    const visit = (cell: Cell): void => {
      const { content } = cell;
      if (content.kind === 'object') {
        for (const { name, value, entry } of content.members) {
          if (entry && entry.name === name && hasKey(value)) nodes.push(entry.key);
          visit(value);
        }
      } else if (content.kind === 'array') content.items.forEach(visit);
      else if (content.kind === 'parts') content.roots.forEach(visit);
      else if (cell.node && cell.node.kind !== 'missing') nodes.push(cell.node);
    };
    this.roots.forEach(visit);
    return nodes;
  }
}

/** Blocks of HCL have a header each, which a list of them repeats, and labels go with the block they are of. */
function hasKey({ content, node }: Cell): boolean {
  if (!node || !isHcl(node) || node.style !== 'block' || node.document.text[node.start] === '{') return true;
  return content.kind === 'object' && content.members.some(({ value }) => hasKey(value));
}

/** Everything that an expression of HCL is made of. */
export function partsOf(node: Node): Node[] {
  const written = isHcl(node) ? expressionAt(node) : undefined;
  const parts: Node[] = [];
  const queue = written ? [written.expression] : [];
  for (let at = queue.shift(); at && written; at = queue.shift()) {
    parts.push(written.source.node(at));
    queue.push(...children(at));
  }
  return parts;
}

function isHcl(node: Node | undefined): boolean {
  return node?.document.language === 'hcl' && !node.origin.host;
}

/** The top level of HCL as Terraform's JSON has it: blocks of one keyword and type in one object. */
function merged(cell: Cell, levels: number): Cell {
  if (!levels || cell.content.kind !== 'object' || (cell.node && !isHcl(cell.node))) return cell;
  const members: Member[] = [];
  for (const { name, value, entry } of cell.content.members) {
    const known = members.find((one) => one.name === name);
    const objects = known?.value.content.kind === 'object' && value.content.kind === 'object' && levels > 1;
    if (known?.value.content.kind === 'object' && value.content.kind === 'object' && objects) {
      known.value.content.members.push(...value.content.members);
    } else if (value.content.kind === 'object' && levels > 1) {
      const copy: Content = { kind: 'object', members: [...value.content.members] };
      members.push({ name, value: { content: copy, node: value.node }, entry });
    } else members.push({ name, value, entry });
  }
  const all = members.map((member) => ({ ...member, value: merged(member.value, levels - 1) }));
  // Which block comes first means nothing here.
  const left = all.filter((one) => !isEmpty(one.value.content)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { content: { kind: 'object', members: left }, node: cell.node };
}

function wrap(name: string, value: Cell): Content {
  return { kind: 'object', members: [{ name, value, entry: undefined }] };
}

function longName(tag: string | undefined): string | undefined {
  if (!tag || tag.startsWith('!!') || tag.length < 2) return undefined;
  const name = tag.slice(1);
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}

function fromData(data: Data): Content {
  if (Array.isArray(data)) {
    return { kind: 'array', items: data.map((item: Data) => ({ content: fromData(item), node: undefined })) };
  }
  if (typeof data === 'object' && data !== null) {
    const members = Object.entries(data).map(([name, value]) => ({
      name,
      value: { content: fromData(value as Data), node: undefined },
      entry: undefined,
    }));
    return { kind: 'object', members };
  }
  return { kind: 'scalar', type: data === null ? 'null' : typeof data, value: data, node: undefined };
}

function isEmpty(content: Content): boolean {
  if (content.kind === 'object') return content.members.length === 0;
  if (content.kind === 'array') return content.items.length === 0;
  return content.kind === 'scalar' && (content.type === 'null' || content.type === 'missing');
}

/** `A.b` and `[A, b]` are the same `Fn::GetAtt`. */
function attribute(content: Content): string | undefined {
  if (content.kind === 'scalar') return String(content.value);
  if (content.kind !== 'array') return undefined;
  return content.items.map((item) => (item.content.kind === 'scalar' ? String(item.content.value) : '?')).join('.');
}

function compare(
  expected: Cell,
  actual: Cell,
  path: string,
  found: string[],
  within: (host: Node) => readonly Node[],
): void {
  if (found.length >= 5) return;
  const a = expected.content;
  const b = actual.content;
  if (isEmpty(a) && isEmpty(b)) return;
  if (a.kind === 'parts') {
    const nodes = b.kind === 'scalar' && b.node ? [...within(b.node), ...partsOf(b.node)] : [];
    const inner = new TreeModel(nodes).roots;
    for (const part of a.roots) {
      const differences = inner.map((root) => {
        const own: string[] = [];
        compare(part, root, `${path}<part>`, own, within);
        return own;
      });
      if (!inner.length) found.push(`${path}: holds no tree any more`);
      else if (differences.every((own) => own.length))
        found.push(...(differences.reduce((best, own) => (own.length < best.length ? own : best)) as string[]));
    }
    return;
  }
  const place = actual.node ?? (b.kind === 'scalar' ? b.node : undefined);
  if (isHcl(place) && a.kind !== b.kind) {
    // One block is a list of one; text that holds JSON is written as a call.
    if (a.kind === 'array' && a.items.length === 1 && b.kind === 'object') {
      compare(a.items[0] as Cell, actual, path, found, within);
      return;
    }
  }
  if (a.kind === 'scalar' && b.kind === 'scalar' && isHcl(b.node) && typeof a.value === 'string' && b.node) {
    const call = expressionAt(b.node);
    if (call?.expression.kind === 'call' && call.expression.name === 'jsonencode' && /^\s*[{[]/.test(a.value)) {
      const argument = call.source.node(call.expression.args[0] as (typeof call.expression.args)[0]);
      const root = new TreeModel([argument]).roots[0] as Cell;
      compare({ content: fromData(JSON.parse(a.value)), node: undefined }, root, `${path}<jsonencode>`, found, within);
      return;
    }
    const text = written(b.node);
    if (
      b.value === undefined &&
      [text, `\${${text}}`].includes(a.value.replace(/^\$\{\s*|\s*\}$/g, (part) => part.trim()))
    )
      return;
  }
  if (a.kind === 'object' && b.kind === 'object') {
    const names = (content: typeof a) => content.members.map((member) => member.name);
    const left = names(a);
    const right = names(b);
    if (left.length !== right.length || left.some((name) => !right.includes(name))) {
      found.push(`${path}: keys [${left}] expected, [${right}] found`);
      return;
    }
    const kept = a.members.filter((member) => member.entry).map((member) => member.name);
    const keptThere = right.filter((name) => kept.includes(name));
    if (kept.join('\0') !== keptThere.join('\0')) found.push(`${path}: keys change their order`);
    const taken = new Set<Member>();
    for (const member of a.members) {
      const partner = b.members.find((one) => one.name === member.name && !taken.has(one)) as Member;
      taken.add(partner);
      const [x, y] =
        member.name === 'Fn::GetAtt' ? [attribute(member.value.content), attribute(partner.value.content)] : [];
      if (x === undefined || x !== y) compare(member.value, partner.value, `${path}.${member.name}`, found, within);
    }
    return;
  }
  if (a.kind === 'array' && b.kind === 'array') {
    if (a.items.length !== b.items.length)
      found.push(`${path}: ${a.items.length} items expected, ${b.items.length} found`);
    else
      a.items.forEach((item, index) => {
        compare(item, b.items[index] as Cell, `${path}.${index}`, found, within);
      });
    return;
  }
  if (a.kind === 'alias' && b.kind === 'alias' && a.name === b.name) return;
  if (a.kind === 'scalar' && b.kind === 'scalar') {
    if (a.type === b.type && Object.is(a.value, b.value)) {
      if (a.value !== undefined || !a.node || !b.node || written(a.node) === written(b.node)) return;
    }
    // Holes of a text that holds a policy are blanked out in its tree.
    if (a.node?.origin.host && b.node && written(a.node) === written(b.node)) return;
  }
  found.push(`${path}: ${show(a)} expected, ${show(b)} found`);
}

function written(node: Node): string {
  return node.document.text.slice(node.start, node.end);
}

function show(content: Content): string {
  if (content.kind === 'scalar') return `${content.type} ${JSON.stringify(content.value)}`.slice(0, 120);
  return content.kind === 'alias' ? content.name : content.kind;
}
