/** Terraform's conversions of types, encodings and names ("Encoding" and "Type conversion functions"). */

import type { Node } from '../syntax/node.ts';
import { parseYaml } from '../syntax/yaml.ts';
import { asBoolean, asNumber, type Value } from '../template/value.ts';
import { type Evaluate, onText, text } from './functions-base.ts';
import { joinText } from './functions-text.ts';
import {
  absent,
  failure,
  isFailure,
  known,
  LazyObject,
  list,
  MAX_ITEMS,
  MAX_TEXT,
  type Member,
  unknown,
} from './values.ts';

/** The value itself: conversions that change nothing a rule looks at. */
const same: Evaluate = ([value]) => value;

const toBoolean: Evaluate = ([value], node) => {
  if (value?.kind !== 'known') return value;
  const truth = asBoolean(value);
  return truth === undefined ? failure('is no boolean', node) : { ...known(truth, node), via: value.via };
};

const toNumber: Evaluate = ([value], node) => {
  if (value?.kind !== 'known') return value;
  const number = asNumber(value);
  return number === undefined ? failure('is no number', node) : { ...known(number, node), via: value.via };
};

const toText: Evaluate = ([value], node) => {
  if (value?.kind !== 'known') return value;
  return { ...known(String(value.value), node), via: value.via };
};

const base64decode: Evaluate = ([value], node) => {
  const encoded = text(value);
  if (encoded === undefined || encoded.length > MAX_TEXT || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
    return known(new TextDecoder('utf-8', { fatal: true }).decode(bytes), node);
  } catch {
    return failure('is no text in base64', node);
  }
};

const jsondecode: Evaluate = ([value], node) => {
  // jsonencode() left its argument as it was.
  if (value?.kind === 'object' || value?.kind === 'list') return value;
  const json = text(value);
  if (json === undefined || json.length > MAX_TEXT) return undefined;
  try {
    return fromData(JSON.parse(json), node, 0);
  } catch {
    return failure('is no JSON', node);
  }
};

/** Plain data as a value; all of it is said to be at one node. */
function fromData(data: unknown, node: Node, depth: number): Value {
  if (depth > 50) return unknown('is nested too deeply', node);
  if (data === null) return absent(node);
  if (typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean') return known(data, node);
  if (Array.isArray(data)) {
    return list(
      data.map((item) => fromData(item, node, depth + 1)),
      node,
    );
  }
  const members = new Map<string, Member>();
  for (const [name, member] of Object.entries(data as object)) {
    members.set(name, { key: node, value: () => fromData(member, node, depth + 1) });
  }
  return new LazyObject(node, members);
}

const yamldecode: Evaluate = ([value], node) => {
  // yamlencode() left its argument as it was.
  if (value?.kind === 'object' || value?.kind === 'list') return value;
  const yaml = text(value);
  if (yaml === undefined || yaml.length > MAX_TEXT / 10) return undefined;
  const { roots, problems } = parseYaml('', yaml);
  const [root] = roots;
  if (problems.length || roots.length !== 1 || !root) return undefined;
  const budget = { left: MAX_ITEMS };
  return fromTree(root, node, budget, 0);
};

/** What editions of YAML read differently: as a truth value or text, with base 8 or 10. */
const AMBIGUOUS = /^(?:y|n|yes|no|on|off|[-+]?0[\d_o].*|.*[\d]_.*)$/i;

function fromTree(tree: Node, node: Node, budget: { left: number }, depth: number): Value {
  if (depth > 50 || budget.left-- <= 0) return unknown('is nested too deeply', node);
  if (tree.tag !== undefined) return unknown('has a tag', node);
  switch (tree.kind) {
    case 'object': {
      const members = new Map<string, Member>();
      for (const entry of tree.entries) {
        const value = fromTree(entry.value, node, budget, depth + 1);
        if (!entry.duplicate) members.set(entry.name, { key: node, value: () => value });
      }
      return new LazyObject(node, members);
    }
    case 'array':
      return list(
        tree.items.map((item) => fromTree(item, node, budget, depth + 1)),
        node,
      );
    case 'null':
    case 'missing':
      return absent(node);
    default: {
      const plain = tree.style === 'plain' && AMBIGUOUS.test(tree.source);
      return plain || tree.value === undefined || tree.value === null
        ? unknown('is read differently by editions of YAML', node)
        : known(tree.value, node);
    }
  }
}

/** Plain text as the query of an address. */
function urlEncoded(value: string): string {
  const escaped = encodeURIComponent(value.replace(/[\uD800-\uDFFF]/gu, '\ufffd')).replace(/%20/g, '+');
  return escaped.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

const ARN_PARTS = ['partition', 'service', 'region', 'account_id', 'resource'] as const;

/** `provider::aws::arn_build(partition, service, region, account_id, resource)`. */
const arnBuild: Evaluate = (args, node) => {
  if (args.length !== ARN_PARTS.length) return undefined;
  const colon = known(':', node);
  return joinText([known('arn', node), ...args.flatMap((arg) => [colon, arg])], node);
};

/** `provider::aws::arn_parse(arn)`: an object of the parts. */
const arnParse: Evaluate = ([value], node) => {
  const arn = text(value);
  if (arn === undefined) return undefined;
  const [start, ...parts] = arn.split(':');
  if (start !== 'arn' || parts.length < ARN_PARTS.length) return failure('is no ARN', node);
  const found = ARN_PARTS.map((name, i): [string, Member] => {
    const part = i === 4 ? parts.slice(4).join(':') : (parts[i] as string);
    return [name, { key: node, value: () => known(part, node) }];
  });
  return new LazyObject(node, new Map(found));
};

const can: Evaluate = ([value], node) => {
  if (!value || (value.kind === 'unknown' && !isFailure(value))) return undefined;
  return known(!isFailure(value), node);
};

export const ENCODING_FUNCTIONS: readonly (readonly [string, Evaluate])[] = [
  ['base64decode', base64decode],
  ['can', can],
  ['jsondecode', jsondecode],
  ['provider::aws::arn_build', arnBuild],
  ['provider::aws::arn_parse', arnParse],
  ['tobool', toBoolean],
  ['tomap', same],
  ['tonumber', toNumber],
  ['tostring', toText],
  ['urlencode', onText(urlEncoded)],
  ['yamldecode', yamldecode],
];
