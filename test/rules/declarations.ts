/**
 * Makes resources from declarations: for each target of a property check, one resource that violates it and one that satisfies it,
 * written in each format of its language. The values are tried, not copied from the rule: plain ones first, then those that the
 * golden cases use at that place. What surrounds them (for guards) is taken from golden cases as well.
 */

import { stringify } from 'yaml';
import { parse } from '../../server/src/analysis/analyze.ts';
import { cloudFormationTemplate } from '../../server/src/cloudformation/template.ts';
import { checkTemplate, selectPath } from '../../server/src/rules/engine.ts';
import { RULES } from '../../server/src/rules/index.ts';
import type { Finding, PropertyCheck, Rule, Target } from '../../server/src/rules/rule.ts';
import type { Node } from '../../server/src/syntax/node.ts';
import { companionProperty } from '../../server/src/template/companions.ts';
import { blockKey, select } from '../../server/src/template/select.ts';
import type { Template } from '../../server/src/template/template.ts';
import type { Value } from '../../server/src/template/value.ts';
import { terraformModule } from '../../server/src/terraform/configuration.ts';
import { dataToHcl } from '../support/json-to-hcl.ts';
import { allCases, fileName } from './golden.ts';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type Members = { [name: string]: Json };

/** A generated source: one resource named Subject, and the companion that holds its setting where it has one. */
export interface Generated {
  readonly uri: string;
  readonly text: string;
  /** Where the judged value stands, or would stand: from the root, list positions as numbers. */
  readonly path: readonly (string | number)[];
}

export interface Declaration {
  readonly rule: Rule;
  readonly check: PropertyCheck;
  readonly target: Target;
  readonly type: string;
}

/** Every target of every property check, by its first type. */
export function declarations(): Declaration[] {
  return RULES.flatMap((rule) =>
    rule.checks.flatMap((check) =>
      check.kind === 'property'
        ? check.targets.map((target) => ({ rule, check, target, type: [target.type].flat()[0] as string }))
        : [],
    ),
  );
}

/** Tried at every place. */
const PLAIN: readonly Json[] = [
  true,
  false,
  'true',
  'false',
  'text',
  'off',
  '*',
  '0.0.0.0/0',
  '10.0.0.0/8',
  0,
  1,
  7,
  30,
  443,
  '111122223333',
  'rate(400 days)',
  'arn:aws:execute-api:us-east-1:111122223333:abcdef1234/*/*/*',
  'Image',
  'CUSTOMER_KMS',
];

function templateOf(source: { readonly uri: string; readonly text: string }): Template | undefined {
  const document = parse(source);
  return /\.tf(?:\.json)?$/.test(source.uri) ? terraformModule([document]) : cloudFormationTemplate(document);
}

/** What a value is, where all of it is known; some name in place of a reference or a parameter. */
function constant(value: Value): Json | undefined {
  if (value.kind === 'known') return value.value;
  if (value.kind === 'reference' || value.kind === 'text' || value.kind === 'unknown') return 'named-elsewhere';
  if (value.kind === 'list') {
    const items = value.items.map(constant);
    return value.open || items.includes(undefined) ? undefined : (items as Json[]);
  }
  if (value.kind !== 'object' || value.open) return undefined;
  const members: Members = {};
  for (const name of value.names) {
    const inner = value.get(name);
    const data = inner && constant(inner.value);
    if (data !== undefined) members[name] = data;
  }
  return members;
}

interface Known {
  readonly type: string;
  readonly properties: Members;
}

let harvested: Map<string, Known[]> | undefined;

/** The constant part of every resource of the golden cases, by type. */
function surroundings(type: string): readonly Known[] {
  if (!harvested) {
    harvested = new Map();
    for (const { language, text } of allCases('test/rules/cases')) {
      if (language === 'tf-plan' || language.startsWith('policy')) continue;
      const template = templateOf({ uri: fileName(language), text });
      for (const resource of template?.resources ?? []) {
        const properties = constant(resource.properties) as Members | undefined;
        if (!properties) continue;
        const known = { type: resource.type, properties };
        const list = harvested.get(resource.type);
        if (list) list.push(known);
        else harvested.set(resource.type, [known]);
      }
    }
  }
  return harvested.get(type) ?? [];
}

function steps(path: string): string[] {
  return path
    .split('.')
    .flatMap((part) => (part.endsWith('[]') ? [part.slice(0, -2), '[]'] : [part]))
    .filter(Boolean);
}

/**
 * Puts a value at a path into members, making what is missing; with `undefined` takes it away.
 * @returns the path with list positions, or undefined where something else is in the way
 */
function put(members: Members, path: readonly string[], value: Json | undefined): (string | number)[] | undefined {
  let at: Json = members;
  const taken: (string | number)[] = [];
  for (let index = 0; index < path.length; index++) {
    const name = path[index] as string;
    const last = path.slice(index + 1).every((next) => next === '[]');
    if (typeof at !== 'object' || at === null) return undefined;
    if (Array.isArray(at)) {
      // One item: what the others say is not this declaration's.
      at[0] ??= {};
      at.length = 1;
      taken.push(0);
      at = at[0] as Json;
      if (name === '[]') continue;
      if (typeof at !== 'object' || at === null || Array.isArray(at)) return undefined;
    } else if (name === '[]') continue;
    taken.push(name);
    if (last) {
      const inList = path[index + 1] === '[]';
      if (value === undefined) delete (at as Members)[name];
      else (at as Members)[name] = inList ? [value] : value;
      if (inList && value !== undefined) taken.push(0);
      return taken;
    }
    const next: Json | undefined = (at as Members)[name];
    if (next === undefined) {
      if (value === undefined) return taken;
      (at as Members)[name] = path[index + 1] === '[]' ? [{}] : {};
    }
    at = (at as Members)[name] as Json;
  }
  return taken;
}

interface Shape {
  /** Below the properties of the resource that holds the setting. */
  readonly path: readonly string[];
  /** Where the setting is another resource's: its type, and the property that names the owner. */
  readonly companion: { readonly type: string; readonly property: string } | undefined;
}

function shapeOf({ target, type }: Declaration): Shape | undefined {
  const first = [target.path].flat()[0] as string;
  const whole = target.within ? `${target.within}${target.within.endsWith('[]') ? '' : '[]'}.${first}` : first;
  if (!whole.startsWith('@')) return { path: steps(whole), companion: undefined };
  const dot = whole.indexOf('.');
  const companion = whole.slice(1, dot).split('|')[0] as string;
  const property = companionProperty(type, companion);
  return property === undefined
    ? undefined
    : { path: steps(whole.slice(dot + 1)), companion: { type: companion, property } };
}

function sources(type: string, shape: Shape, properties: Members, at: readonly (string | number)[]): Generated[] {
  const { companion } = shape;
  const companionMembers = (reference: Json): Members | undefined =>
    companion && {
      ...properties,
      [companion.property.replace(/\[\]$/, '')]: companion.property.endsWith('[]') ? [reference] : reference,
    };
  if (type.startsWith('AWS::')) {
    const subject = { Type: type, Properties: companion ? {} : properties };
    const template = {
      AWSTemplateFormatVersion: '2010-09-09',
      ...(type.startsWith('AWS::Serverless::') ? { Transform: 'AWS::Serverless-2016-10-31' } : {}),
      Resources: companion
        ? { Subject: subject, Setting: { Type: companion.type, Properties: companionMembers({ Ref: 'Subject' }) } }
        : { Subject: subject },
    } as Json;
    const path = ['Resources', companion ? 'Setting' : 'Subject', 'Properties', ...at];
    return [
      { uri: 'template.yaml', text: stringify(template, { version: '1.1' }), path },
      { uri: 'template.json', text: `${JSON.stringify(template, null, 2)}\n`, path },
    ];
  }
  if (type.startsWith('module:')) {
    // A call of a registry module: its arguments stand beside its source.
    const call = { source: type.slice('module:'.length), ...properties };
    const text = `${JSON.stringify({ module: { Subject: call } }, null, 2)}\n`;
    return [{ uri: 'main.tf.json', text, path: ['module', 'Subject', ...at] }];
  }
  const data = type.startsWith('data.');
  const label = data ? type.slice(5) : type;
  const kind = data ? 'data' : 'resource';
  const module: Json = companion
    ? {
        [kind]: {
          [label]: { Subject: {} },
          [companion.type]: { Setting: companionMembers(`\${${type}.Subject.id}`) as Json },
        },
      }
    : { [kind]: { [label]: { Subject: properties } } };
  const path = companion ? [kind, companion.type, 'Setting', ...at] : [kind, label, 'Subject', ...at];
  return [
    { uri: 'main.tf.json', text: `${JSON.stringify(module, null, 2)}\n`, path },
    { uri: 'main.tf', text: dataToHcl(module), path },
  ];
}

/** The findings of one rule in a source. */
export function findingsOf(rule: Rule, { uri, text }: { uri: string; text: string }): readonly Finding[] {
  const template = templateOf({ uri, text });
  if (!template) throw new Error(`not recognised: ${uri}\n${text}`);
  return checkTemplate(template, [rule], {
    onError: (ruleId, error) => {
      throw new Error(`${ruleId} threw`, { cause: error });
    },
  });
}

export interface Pair {
  readonly violating: readonly Generated[];
  readonly satisfying: readonly Generated[];
}

/** Where a guard of the declaration holds, and where it is judged, for a generated source. */
function judged(declaration: Declaration, source: Generated): 'violates' | 'satisfies' | undefined {
  const { rule, target, type } = declaration;
  const template = templateOf(source);
  const subject = template?.resources.find(({ address }) => /(^|\.)Subject$/.test(address));
  if (!template || !subject || subject.type !== type) return undefined;
  if (!target.within && target.where && target.where(subject, undefined) !== true) return undefined;
  if (target.within && !target.within.startsWith('@')) {
    const scopes = select(subject, target.within.endsWith('[]') ? target.within : `${target.within}[]`);
    if (
      !scopes.some((scope) => scope.value.kind === 'object' && (!target.where || target.where(subject, scope) === true))
    )
      return undefined;
  }
  // Only this declaration: another check of the rule may see the same resource otherwise.
  const alone: Rule = { ...rule, checks: [{ ...declaration.check, targets: [target] }] };
  if (findingsOf(alone, source).length) return 'violates';
  // Silence may also mean that nothing can be told.
  const first = [target.path].flat()[0] as string;
  const within = target.within && (target.within.endsWith('[]') ? target.within : `${target.within}[]`);
  const leaves = selectPath(subject, within ? `${within}.${first}` : first);
  const verdicts = leaves.map((leaf) =>
    leaf.value.kind === 'absent'
      ? 'absent' in target
        ? target.absent
        : declaration.check.absent
      : declaration.check.must(leaf.value, leaf),
  );
  return verdicts.length && verdicts.every((verdict) => verdict === true) ? 'satisfies' : undefined;
}

/** A violating and a satisfying resource of a declaration; what could not be made is empty. */
export function generate(declaration: Declaration): Pair {
  const shape = shapeOf(declaration);
  if (!shape) return { violating: [], satisfying: [] };
  const holder = shape.companion?.type ?? declaration.type;
  const known = dedupe(surroundings(holder).map(({ properties }) => properties)) as Members[];
  const used = dedupe(declaration.check.targets.flatMap((target) => valuesUsed({ ...declaration, target })));
  const values: (Json | undefined)[] = [...PLAIN, ...used, undefined];
  const found: { violates?: readonly Generated[]; satisfies?: readonly Generated[] } = {};
  const take = (made: readonly Generated[]): void => {
    const verdict = made[0] && judged(declaration, made[0]);
    if (verdict && !found[verdict] && made.every((source) => judged(declaration, source) === verdict))
      found[verdict] = made;
  };
  if (shape.companion) take(sources(declaration.type, { ...shape, companion: undefined }, {}, []));
  let tries = 0;
  for (const base of [{}, ...known, ...borrowed(declaration, shape)]) {
    for (const value of values) {
      if ((found.violates && found.satisfies) || tries++ > MAX_TRIES) break;
      const properties = structuredClone(base) as Members;
      const at = put(properties, shape.path, value);
      if (at) take(sources(declaration.type, shape, properties, at));
    }
  }
  return { violating: found.violates ?? [], satisfying: found.satisfies ?? [] };
}

const MAX_TRIES = 3000;

/** Surroundings from the check's other targets in the language: their blocks at this one's place, and whole resources. */
function borrowed(declaration: Declaration, shape: Shape): Members[] {
  const { check, target } = declaration;
  const isCloudFormation = declaration.type.startsWith('AWS::');
  const others = check.targets.flatMap((other) =>
    [other.type]
      .flat()
      .flatMap((type) =>
        type.startsWith('AWS::') === isCloudFormation && !other.within?.startsWith('@') ? [{ other, type }] : [],
      ),
  );
  const within = target.within && !shape.companion ? steps(target.within) : undefined;
  return dedupe(
    others.flatMap(({ other, type }) =>
      surroundings(type).flatMap(({ properties }) => {
        if (!within) return [properties];
        return valuesAt(properties, steps(other.within ?? '')).flatMap((block) => {
          return [block].flat().flatMap((item) => {
            const base: Members = {};
            return put(base, within, structuredClone(item)) ? [base] : [];
          });
        });
      }),
    ),
  ).map((base) => structuredClone(base) as Members);
}

/** The constants that golden cases have at the place of a target, whichever of its types they are of. */
function valuesUsed(declaration: Declaration): Json[] {
  return [declaration.target.type].flat().flatMap((type) => {
    const shape = shapeOf({ ...declaration, type });
    const holder = shape?.companion?.type ?? type;
    return shape ? surroundings(holder).flatMap(({ properties }) => valuesAt(properties, shape.path)) : [];
  });
}

function valuesAt(properties: Json, path: readonly string[]): Json[] {
  let at: Json[] = [properties];
  for (const name of path) {
    at = at.flatMap((one) => {
      if (Array.isArray(one)) return name === '[]' ? one : one.flatMap((item) => member(item, name));
      return name === '[]' ? [one] : member(one, name);
    });
  }
  return at;
}

function member(value: Json, name: string): Json[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return value[name] === undefined ? [] : [value[name]];
}

function dedupe(values: readonly Json[]): Json[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** The node that a finding belongs on: the value, or the key of the nearest enclosing block where it is not there. */
export function expectedNode(root: Node, path: readonly (string | number)[]): Node {
  let at = root;
  let key: Node | undefined;
  for (const step of path) {
    const entry = typeof step === 'string' ? at.entryOf(step) : undefined;
    // A resource is named by its logical id.
    const named = step === 'Properties' ? key : entry?.key;
    // A block of HCL that stands alone is no list.
    const isAlone = typeof step === 'number' && at.kind === 'object';
    const next = isAlone ? at : typeof step === 'number' ? at.items[step] : entry?.value;
    if (!next) return key ?? at;
    key = named ?? blockKey(next);
    at = next;
  }
  const own = path[0] === 'module' ? 2 : 3;
  // A block of HCL is named by its header.
  const isBlock = at.style === 'block' && at.document.language === 'hcl';
  return path.length > own && path.at(-1) !== 'Properties' && !isBlock ? at : (key ?? at);
}
