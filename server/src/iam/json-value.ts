/** Values of JSON: in a file of its own, or in a string of a template, where the text may have holes. */

import type { SyntaxProblem } from '../syntax/document.ts';
import { decodeScalar, parseEmbeddedJson } from '../syntax/embedded.ts';
import { readJson } from '../syntax/json-reader.ts';
import { type Entry, Node, Origin } from '../syntax/node.ts';
import type { Resource, Template } from '../template/template.ts';
import { asPattern, type ListValue, type ObjectValue, type Property, type Value } from '../template/value.ts';
import { HOLE } from './document.ts';

/** JSON read out of a string. */
export interface JsonText {
  /** The string it is written in. */
  readonly host: Node;
  /** Undefined where there is no JSON at all. */
  readonly value: Value | undefined;
  readonly problems: readonly SyntaxProblem[];
  /** Why members may be there that are not seen. */
  readonly open: string | undefined;
}

/** How the scalars of a tree are turned into values, and the keys of its objects into names. */
interface Reading {
  readonly text: (node: Node) => Value;
  /** The name that a key stands for, with {@link HOLE} for what is not known of it. */
  readonly name: (entry: Entry) => string;
}

class TreeObject implements ObjectValue {
  readonly kind = 'object';
  readonly names: readonly string[];
  readonly open: string | undefined;
  private readonly entries = new Map<string, Entry>();
  private readonly done = new Map<string, Property>();

  constructor(
    readonly node: Node,
    private readonly reading: Reading,
  ) {
    for (const entry of node.entries) {
      const name = reading.name(entry);
      const before = this.entries.get(name);
      if (!before || !entry.merged || before.merged) this.entries.set(name, entry);
    }
    this.names = [...this.entries.keys()];
    // It may be the name of any member.
    if (this.names.some((name) => name.includes(HOLE))) this.open = 'a name is not known';
  }

  get(name: string): Property | undefined {
    const ready = this.done.get(name);
    if (ready) return ready;
    const entry = this.entries.get(name);
    if (!entry) return undefined;
    const property = { name, key: entry.key, value: treeValue(entry.value, this.reading) };
    this.done.set(name, property);
    return property;
  }
}

function treeValue(node: Node, reading: Reading): Value {
  // A tag is an intrinsic function of some template language: not for us to evaluate here.
  if (node.tag !== undefined && node.tag !== '!!str')
    return { kind: 'unknown', why: `${node.tag} is not evaluated`, node };
  switch (node.kind) {
    case 'object':
      return new TreeObject(node, reading);
    case 'array': {
      const items = node.items.map((item) => treeValue(item, reading));
      // A hole where items stand may bring any number of them.
      const hole = items.find((item) => item.kind === 'unknown' && item.node.style === 'plain');
      const list: ListValue = { kind: 'list', items, node, open: hole?.kind === 'unknown' ? hole.why : undefined };
      return list;
    }
    case 'string':
      return reading.text(node);
    case 'number': {
      // An account id keeps the zero it begins with.
      const same = String(node.value) === node.source;
      return { kind: 'known', value: same ? (node.value as number) : node.source, node };
    }
    case 'boolean':
      return { kind: 'known', value: node.value === true, node };
    case 'null':
      return { kind: 'absent', missing: [], node, written: node };
    case 'missing':
      return { kind: 'unknown', why: 'nothing is written yet', node };
  }
}

const plainText = (node: Node): Value => ({ kind: 'known', value: String(node.value ?? node.source), node });
const PLAIN: Reading = { text: plainText, name: (entry) => entry.name };

/** The value of a tree that is data alone: a policy file, JSON in a string without holes. */
export function dataValue(node: Node): Value {
  return treeValue(node, PLAIN);
}

/** What evaluates the holes of a text: a template, or one resource of it. */
export type Surroundings = Pick<Template, 'dialect' | 'evaluate'>;

/** What holes mean in a text of a resource: in a module that is called several times, each call has its own answer. */
export function surroundingsOf({ template, evaluate }: Resource): Surroundings {
  return evaluate ? { dialect: template.dialect, evaluate } : template;
}

/**
 * Reads the JSON that a value's text is. Where the text has holes (`Fn::Sub`, a Terraform template), these are evaluated
 * by the template or the resource, inside JSON strings and in place of JSON values.
 * @param value a text of the template, known or with holes
 * @returns undefined where it is not written as one string
 */
export function readJsonText(value: Value, template: Surroundings): JsonText | undefined {
  const written = writtenString(value);
  if (!written) return undefined;
  const { scalar, substitutes, variables } = written;
  const isTemplate = template.dialect === 'terraform' ? hasHoles(scalar) : substitutes;
  if (!isTemplate) {
    const parsed = parseEmbeddedJson(scalar);
    if (!parsed) return { host: scalar, value: undefined, problems: [], open: undefined };
    return {
      host: scalar,
      value: parsed.root && dataValue(parsed.root),
      get problems() {
        return parsed.problems;
      },
      open: undefined,
    };
  }
  return readTemplateText(scalar, variables, substitutes, template);
}

interface WrittenString {
  readonly scalar: Node;
  /** It is the text of an Fn::Sub. */
  readonly substitutes: boolean;
  /** The map of an Fn::Sub in its long form. */
  readonly variables: Node | undefined;
}

/** The scalar in which a text is written: at its definition, where it is only referred to at its use. */
function writtenString(value: Value): WrittenString | undefined {
  const node = definingNode(value);
  if (node.kind === 'object') {
    const [entry] = node.entries;
    return node.entries.length === 1 && entry?.name === 'Fn::Sub' ? substitution(entry.value) : undefined;
  }
  if (node.tag === '!Sub') return substitution(node);
  if (node.kind !== 'string' || (node.tag !== undefined && node.tag !== '!!str')) return undefined;
  return { scalar: node, substitutes: false, variables: undefined };
}

function substitution(node: Node): WrittenString | undefined {
  const scalar = node.kind === 'array' ? node.items[0] : node;
  if (scalar?.kind !== 'string') return undefined;
  return { scalar, substitutes: true, variables: node.kind === 'array' ? node.items[1] : undefined };
}

/** Where a value is written: behind parameters and locals. */
export function definingNode(value: Value): Node {
  return value.via?.[value.via.length - 1]?.node ?? value.node;
}

function hasHoles(scalar: Node): boolean {
  return typeof scalar.value === 'string' && (scalar.value.includes('${') || scalar.value.includes('%{'));
}

function readTemplateText(
  scalar: Node,
  variables: Node | undefined,
  substitutes: boolean,
  template: Surroundings,
): JsonText {
  const decoded = decodeScalar(scalar);
  const { text, holes, directives } = maskHoles(decoded.text, substitutes);
  if (!/^\s*[{["]/.test(text)) return { host: scalar, value: undefined, problems: [], open: 'is not known in full' };
  const origin = new Origin(scalar.document, 0, decoded.map, scalar);
  const { root, problems } = readJson(text, origin);
  const evaluate = (node: Node): Value => {
    if (!substitutes) return template.evaluate(node);
    if (!variables) {
      node.tag = '!Sub';
      const value = template.evaluate(node);
      // The function is around the whole text, not around this part of it.
      node.tag = undefined;
      return value;
    }
    const call = new Node('array', 'flow', node.origin, node.from, node.to);
    call.tag = '!Sub';
    call.items = [node, variables];
    return template.evaluate(call);
  };
  const isPlain = (node: Node) => {
    const raw = decoded.text.slice(node.from, node.to);
    return !raw.includes('${') && !raw.includes('%{');
  };
  const read = (node: Node): Value => {
    const bare = holes.has(node.from);
    if (!bare && isPlain(node)) return plainText(node);
    const written = unmasked(node, bare ? 'plain' : 'double');
    const value = evaluate(written);
    if (!bare || value.kind === 'object' || value.kind === 'list') return value;
    // Text put in place of JSON is JSON itself, of any kind.
    if (value.kind === 'known' && typeof value.value !== 'string') return value;
    return { kind: 'unknown', why: 'is computed', node: written };
  };
  const name = (entry: Entry) => (isPlain(entry.key) ? entry.name : (asPattern(read(entry.key), HOLE) ?? HOLE));
  return {
    host: scalar,
    value: root && treeValue(root, { text: read, name }),
    // Where they are now: the text may have moved since it was read.
    get problems() {
      return problems.map(({ from, to, ...said }) => ({ start: origin.at(from), end: origin.at(to), ...said }));
    },
    open: directives ? 'a template directive' : undefined,
  };
}

/** Puts a node of what is written in the place of one of masked text, so that edits find it in the tree. */
function unmasked(node: Node, style: 'plain' | 'double'): Node {
  const written = new Node('string', style, node.origin, node.from, node.to);
  const { parent, entry } = node;
  written.parent = parent;
  written.entry = entry;
  written.value = decodeScalar(written).text;
  written.source = written.value;
  if (entry?.value === node) entry.value = written;
  else if (parent?.items.includes(node)) parent.items = parent.items.map((item) => (item === node ? written : item));
  return written;
}

/** Text of the same length that reads as JSON: holes outside of strings become strings, those inside lose their quotes. */
interface Masked {
  readonly text: string;
  /** Offsets of the holes that stand in place of a value. */
  readonly holes: ReadonlySet<number>;
  /** `%{ if }` and the like stand between values. */
  readonly directives: boolean;
}

function maskHoles(text: string, substitutes: boolean): Masked {
  const holes = new Set<number>();
  let directives = false;
  let masked = '';
  let inString = false;
  let at = 0;
  let from = 0;
  while (at < text.length) {
    const c = text[at];
    if (c === '"') {
      inString = !inString;
      at++;
    } else if (c === '\\' && inString) at += 2;
    else if (opensHole(text, at, substitutes)) {
      const end = substitutes ? closingBrace(text, at) : endOfHole(text, at);
      if (end < 0) break;
      masked += text.slice(from, at);
      const length = end - at;
      if (inString) masked += 'x'.repeat(length);
      else if (c === '%') {
        directives = true;
        masked += ' '.repeat(length);
      } else {
        holes.add(at);
        masked += `"${'x'.repeat(length - 2)}"`;
      }
      at = end;
      from = end;
    } else at++;
  }
  return { text: masked + text.slice(from), holes, directives };
}

function opensHole(text: string, at: number, substitutes: boolean): boolean {
  const c = text[at];
  if ((c !== '$' && c !== '%') || text[at + 1] !== '{') return false;
  if (substitutes) return c === '$';
  // `$${` is `${` itself.
  return text[at - 1] !== c;
}

function closingBrace(text: string, at: number): number {
  return text.indexOf('}', at) + 1 || -1;
}

/** Behind the brace that closes a Terraform hole; braces and quotes within it nest. -1 where it is not closed. */
function endOfHole(text: string, at: number): number {
  const open: string[] = ['{'];
  let i = at + 2;
  while (i < text.length) {
    const c = text[i];
    const inText = open[open.length - 1] === '"';
    if (c === '\\' && inText) i++;
    else if (c === '"') {
      if (inText) open.pop();
      else open.push('"');
    } else if ((c === '$' || c === '%') && inText && text[i + 1] === '{') {
      open.push('{');
      i++;
    } else if (c === '{' && !inText) open.push('{');
    else if (c === '}' && !inText) {
      open.pop();
      if (!open.length) return i + 1;
    }
    i++;
  }
  return -1;
}
