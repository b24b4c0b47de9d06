/** What a variable or a local of Terraform stands for, where an expression of HCL names it. */

import { code, listed, plain } from '../iam/describe-text.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { children, type Expression } from '../syntax/hcl-expression.ts';
import { expressionAt } from '../syntax/hcl-source.ts';
import type { Node } from '../syntax/node.ts';
import { withoutQuery } from '../syntax/uri.ts';
import { nodesAt } from '../template/locate.ts';
import type { Template } from '../template/template.ts';
import { asPattern, type Value, type Via } from '../template/value.ts';

/** Hops to where a value is decided, alternatives and names that are told. */
const MOST = 4;
/** Longer texts are cut. */
const LONGEST = 80;

interface ReferenceHover {
  /** As written: `var.encrypted`. */
  readonly title: string;
  /** Backticks mark code. */
  readonly lines: readonly string[];
  readonly node: Node;
}

/**
 * The variable or local at an offset of a document of the template: what it is, and where that is decided. Undefined where
 * none is named there.
 */
export function referenceAt(template: Template, document: SyntaxDocument, offset: number): ReferenceHover | undefined {
  if (template.dialect !== 'terraform' || document.language !== 'hcl') return undefined;
  const written = expressionAt(nodesAt(document, offset).at(-1) ?? (document.roots[0] as Node));
  if (!written) return undefined;
  const { source } = written;
  const holds = ({ from, to }: Expression) => source.origin.at(from) <= offset && offset <= source.origin.at(to);
  let found: Expression | undefined;
  for (let at: Expression | undefined = written.expression; at && holds(at); at = children(at).find(holds)) {
    if (at.kind === 'traversal' && at.root.kind === 'name' && /^(?:var|local)$/.test(at.root.name)) found = at;
  }
  if (!found) return undefined;
  const value = template.evaluate(source.node(found));
  const node = source.span(found.from, found.to);
  return { title: node.source, lines: [whatItIs(value), ...hops(value)], node };
}

function whatItIs(value: Value): string {
  if (value.sensitive) return 'Sensitive: its value is not shown.';
  if (value.kind === 'unknown') return `Not known: ${plain(value.why)}.`;
  if (value.kind !== 'choice') return `It is ${inWords(value)}.`;
  const ways = value.alternatives.map((one) => `${inWords(one.value)} where ${code(one.condition.text)}`);
  return `It is ${ways.slice(0, MOST).join(', ')}${ways.length > MOST ? ' …' : ''}.`;
}

function inWords(value: Value): string {
  switch (value.kind) {
    case 'known':
      return code(clipped(typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value)));
    case 'text':
      return code(clipped(asPattern(value) ?? '…'));
    case 'reference':
      return code(value.attribute ? `${value.target}.${value.attribute}` : value.target);
    case 'list':
      return value.open ? 'a list' : `a list of ${value.items.length} ${value.items.length === 1 ? 'item' : 'items'}`;
    case 'object':
      return value.names.length ? `an object with ${listed(value.names, MOST)}` : 'an empty object';
    case 'absent':
      return '`null`, as if it were not set';
    case 'choice':
      return 'one of several';
    case 'unknown':
      return 'not known';
  }
}

function clipped(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const DECIDED: Readonly<Partial<Record<Via['kind'], string>>> = {
  variable: 'is the default',
  local: 'is set by `locals`',
  argument: 'is set by the call of the module',
  output: 'is an output of the module',
};

/** Where the value is decided, hop by hop; of alternatives, the first one's. */
function hops(value: Value): string[] {
  const leaf = value.kind === 'choice' && !value.via?.length ? value.alternatives[0]?.value : value;
  return (leaf?.via ?? []).slice(0, MOST).map(({ kind, name, node }) => {
    const { document, start } = node;
    const file = withoutQuery(document.uri).split(/[\\/]/).at(-1) ?? '';
    const line = document.lines.lineAt(start) + 1;
    return `${code(shown(kind, name))} ${DECIDED[kind] ?? 'is set'} in ${code(file)}, line ${line}.`;
  });
}

function shown(kind: Via['kind'], name: string): string {
  if (kind === 'output') return name;
  return `${kind === 'local' ? 'local' : 'var'}.${name}`;
}
