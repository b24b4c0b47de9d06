/** What stands at the mark in a template: the element of a policy, with its statement, its siblings, and whose policy it is. */

import type { SyntaxDocument } from '../syntax/document.ts';
import type { Template } from '../template/template.ts';
import { asPattern, type ListValue, type ObjectValue, type Value } from '../template/value.ts';
import { MARK } from './complete-position.ts';
import { DATA_ELEMENTS, type PolicyDocument, type PolicyForm, type PolicyKind } from './document.ts';
import { dataValue } from './json-value.ts';
import { policiesOf } from './sites.ts';

export interface Spot {
  readonly form: PolicyForm;
  /** Undefined where nothing says yet what the policy is for. */
  readonly kind: PolicyKind | undefined;
  /** The service whose resource carries it. */
  readonly service: string | undefined;
  readonly template: Template | undefined;
  /** The address of the resource that carries it. */
  readonly address: string | undefined;
  /** Names from the document to the mark without list positions, elements by their names in JSON. */
  readonly path: readonly string[];
  /** The mark is a key; `path` leads to its object. */
  readonly isKey: boolean;
  /** Keys beside it. */
  readonly names: readonly string[];
  /** Texts beside it in its list. */
  readonly items: readonly string[];
  /** The statement it is in. */
  readonly statement: ObjectValue | undefined;
  /** The object it is in, or that the innermost name of the path belongs to. */
  readonly object: ObjectValue | undefined;
}

/** Bounds on the search in values. */
const MAX_DEPTH = 40;
const MAX_VALUES = 50_000;

interface Trail {
  readonly names: readonly string[];
  readonly objects: readonly ObjectValue[];
  readonly list: ListValue | undefined;
}

interface Sought extends Trail {
  readonly isKey: boolean;
}

class Search {
  private budget = MAX_VALUES;

  find(value: Value, trail: Trail, depth = 0): Sought | undefined {
    if (depth > MAX_DEPTH || --this.budget < 0) return undefined;
    switch (value.kind) {
      case 'known':
        return value.value === MARK ? { ...trail, isKey: false } : undefined;
      case 'text':
        return value.parts.length === 1 && value.parts[0] === MARK ? { ...trail, isKey: false } : undefined;
      case 'choice':
        for (const alternative of value.alternatives) {
          const found = this.find(alternative.value, trail, depth + 1);
          if (found) return found;
        }
        return undefined;
      case 'list':
        for (const item of value.items) {
          const found = this.find(item, { ...trail, list: value }, depth + 1);
          if (found) return found;
        }
        return undefined;
      case 'object': {
        const objects = [...trail.objects, value];
        if (value.names.includes(MARK)) {
          const inner = value.get(MARK);
          // Below a key that is being typed nothing else is.
          if (inner) return { names: trail.names, objects, list: undefined, isKey: true };
        }
        for (const name of value.names) {
          const member = value.get(name);
          const found =
            member && this.find(member.value, { names: [...trail.names, name], objects, list: undefined }, depth + 1);
          if (found) return found;
        }
        return undefined;
      }
      default:
        return undefined;
    }
  }
}

/**
 * The place of {@link MARK} in the policies of a template.
 * @param template undefined where the text holds no template yet: then its roots are taken for policies
 * @returns undefined where the mark is in no policy
 */
export function spotOf(template: Template | undefined, document: SyntaxDocument): Spot | undefined {
  if (!template) {
    for (const root of document.roots.flatMap((one) => (one.kind === 'array' ? one.items : [one]))) {
      const found = new Search().find(dataValue(root), { names: [], objects: [], list: undefined });
      if (found)
        return spot(found, { form: 'document', kind: undefined, service: undefined, template, address: undefined });
    }
    return undefined;
  }
  for (const policy of policiesOf(template)) {
    if (policy.resource.document !== document) continue;
    const found = policy.form === 'flat' ? inPermission(policy) : inPolicy(policy);
    if (!found) continue;
    // Documents without principals count as identity policies; one that is being written may get them yet.
    const open =
      policy.kind === 'identity' &&
      (template.dialect === 'policy' || (policy.form === 'data' && policy.consumers.length === 0));
    return spot(found, {
      form: policy.form,
      kind: open ? undefined : policy.kind,
      service: policy.service,
      template,
      address: policy.resource.address,
    });
  }
  return undefined;
}

/** A permission resource holds its action and its principal in properties. */
function inPermission({ statements }: PolicyDocument): Sought | undefined {
  const [statement] = statements;
  const holds = (items: readonly { readonly text: string | undefined }[] = []) =>
    items.some(({ text }) => text === MARK);
  const name = holds(statement?.actions) ? 'Action' : holds(statement?.principals) ? 'Principal' : undefined;
  return name && { names: ['Statement', name], objects: [], list: undefined, isKey: false };
}

function inPolicy(policy: PolicyDocument): Sought | undefined {
  const search = new Search();
  const start: Trail = { names: [], objects: [], list: undefined };
  if (policy.host?.value === MARK) return { ...start, isKey: false };
  if (policy.form === 'document') {
    const names = policy.elements.map((element) => element.name);
    if (names.includes(MARK)) return { ...start, objects: [namesOnly(names, policy)], isKey: true };
    for (const element of policy.elements) {
      const found = search.find(element.value, { ...start, names: [element.name] });
      if (found) return found;
    }
    return undefined;
  }
  if (policy.form === 'data') {
    const { properties } = policy.resource;
    if (properties.names.includes(MARK)) return { ...start, objects: [properties], isKey: true };
    return policy.statement && search.find(policy.statement.value, { ...start, names: ['Statement'] });
  }
  for (const statement of policy.statements) {
    const all = [...Object.values(statement.elements), ...statement.unknownElements];
    const object = objectOf(all);
    if (object.names.includes(MARK)) return { names: ['Statement'], objects: [object], list: undefined, isKey: true };
    for (const element of all) {
      const found = search.find(element.value, {
        names: ['Statement', element.name],
        objects: [object],
        list: undefined,
      });
      if (found) return found;
    }
  }
  const isMarked = policy.malformed.some((leaf) => leaf.kind === 'known' && leaf.value === MARK);
  return isMarked ? { ...start, names: ['Statement'], isKey: false } : undefined;

  function namesOnly(names: readonly string[], { node }: PolicyDocument): ObjectValue {
    return { kind: 'object', node, names, get: () => undefined };
  }

  function objectOf(elements: PolicyDocument['elements']): ObjectValue {
    return {
      kind: 'object',
      node: policy.node,
      names: elements.map((element) => element.name),
      get: (name) => elements.find((element) => element.name === name),
    };
  }
}

function spot(found: Sought, whose: Pick<Spot, 'form' | 'kind' | 'service' | 'template' | 'address'>): Spot {
  const path = found.names.map((name, i) => (whose.form === 'data' && i === 1 ? (DATA_ELEMENTS[name] ?? name) : name));
  const object = found.objects[found.objects.length - 1];
  // Elements of a document are not reached through its object.
  const root = whose.template && found.names[0] === 'Statement' ? 0 : 1;
  const inStatement = path[0] === 'Statement' && (path.length > 1 || found.isKey);
  return {
    ...whose,
    path,
    isKey: found.isKey,
    names: (found.isKey ? (object?.names ?? []) : []).filter((name) => name !== MARK),
    items: (found.list?.items ?? []).flatMap((item) => asPattern(item) ?? []).filter((text) => text !== MARK),
    statement: inStatement ? found.objects[root] : undefined,
    object,
  };
}

/** Texts of an element of a statement, by its name in JSON or in a data source: those that are known. */
export function textsOf(statement: ObjectValue | undefined, ...names: readonly string[]): string[] {
  const texts: string[] = [];
  const take = (value: Value, depth: number): void => {
    if (texts.length >= 500 || depth > 10) return;
    if (value.kind === 'known') texts.push(String(value.value));
    else if (value.kind === 'list') for (const item of value.items) take(item, depth + 1);
    else if (value.kind === 'choice') for (const one of value.alternatives) take(one.value, depth + 1);
  };
  for (const name of names) {
    const member = statement?.get(name);
    if (member) take(member.value, 0);
  }
  return texts.filter((text) => text !== MARK);
}

/** Texts of a statement's principals, with holes where they are not known. */
export function principalTexts(statement: ObjectValue | undefined): string[] {
  const texts: string[] = [];
  const take = (value: Value, depth: number): void => {
    if (texts.length >= 100 || depth > 5) return;
    const text = asPattern(value);
    if (text !== undefined) texts.push(text);
    else if (value.kind === 'list') for (const item of value.items) take(item, depth + 1);
    else if (value.kind === 'object') {
      for (const name of value.names) {
        const member = value.get(name);
        if (member) take(member.value, depth + 1);
      }
    }
  };
  for (const name of ['Principal', 'principals']) {
    const member = statement?.get(name);
    if (member) take(member.value, 0);
  }
  return texts;
}
