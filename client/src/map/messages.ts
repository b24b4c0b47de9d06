/** What the map's panel and its view say to each other. The view shows hostile text, so nothing it says is taken on trust. */

import type { MapTemplate } from '../../../server/src/lsp/protocol.ts';
import type { Range } from '../../../server/src/syntax/document.ts';
import type { Strings } from './strings.ts';

/** `active` follows the editor in front. */
export const SCOPES = ['active', 'pinned', 'folder'] as const;
export type Scope = (typeof SCOPES)[number];

/** What there is to see. */
export interface MapContent {
  readonly scope: Scope;
  /** URI of the template or the folder; absent where there is none. */
  readonly uri?: string;
  /** Name of the template or the folder. */
  readonly name?: string;
  /** A sentence that stands in for the templates: nothing is open, the server starts. */
  readonly empty?: string;
  /** Sentences about what is left out. */
  readonly notes: readonly string[];
  readonly templates: readonly NamedTemplate[];
}

export interface NamedTemplate extends MapTemplate {
  /** Its path below the workspace folder. */
  readonly name: string;
}

export type ToView =
  | { readonly type: 'setup'; readonly strings: Strings }
  | { readonly type: 'map'; readonly content: MapContent }
  /** Shows a resource, opened up. */
  | { readonly type: 'show'; readonly uri: string; readonly address: string };

export type FromView =
  | { readonly type: 'ready' }
  | { readonly type: 'open'; readonly uri: string; readonly range: Range }
  | { readonly type: 'rule'; readonly ruleId: string }
  | { readonly type: 'service'; readonly serviceId: string }
  | { readonly type: 'scope'; readonly scope: Scope };

const ID = /^[\w.-]{1,100}$/;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isPosition(value: unknown): value is Range['start'] {
  return (
    isRecord(value) &&
    [value.line, value.character].every((number) => Number.isSafeInteger(number) && Number(number) >= 0)
  );
}

/** A place in one text, to compare places by. */
export function placeKey(uri: string, { start, end }: Range): string {
  return `${start.line}:${start.character}-${end.line}:${end.character} ${uri}`;
}

/** The places and ids in a map: all that a view may ask for. */
export interface Known {
  readonly places: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

export function knownOf(templates: readonly MapTemplate[]): Known {
  const places = new Set<string>();
  const rules = new Set<string>();
  const services = new Set<string>();
  for (const { uri, resources } of templates) {
    for (const { range, service, findings } of resources) {
      places.add(placeKey(uri, range));
      if (service) services.add(service.id);
      for (const finding of findings) {
        places.add(placeKey(uri, finding.range));
        rules.add(finding.ruleId);
      }
    }
  }
  return { places, rules, services };
}

/** A message of the view, rebuilt from its known fields; undefined for anything else, or what names a thing that was not sent. */
export function fromView(message: unknown, known: Known): FromView | undefined {
  if (!isRecord(message)) return undefined;
  switch (message.type) {
    case 'ready':
      return { type: 'ready' };
    case 'open': {
      const { uri, range } = message;
      if (typeof uri !== 'string' || !isRecord(range)) return undefined;
      const { start, end } = range;
      if (!isPosition(start) || !isPosition(end)) return undefined;
      const place: Range = {
        start: { line: start.line, character: start.character },
        end: { line: end.line, character: end.character },
      };
      return known.places.has(placeKey(uri, place)) ? { type: 'open', uri, range: place } : undefined;
    }
    case 'rule': {
      const { ruleId } = message;
      return typeof ruleId === 'string' && ID.test(ruleId) && known.rules.has(ruleId)
        ? { type: 'rule', ruleId }
        : undefined;
    }
    case 'service': {
      const { serviceId } = message;
      return typeof serviceId === 'string' && ID.test(serviceId) && known.services.has(serviceId)
        ? { type: 'service', serviceId }
        : undefined;
    }
    case 'scope': {
      const scope = SCOPES.find((one) => one === message.scope);
      return scope && { type: 'scope', scope };
    }
    default:
      return undefined;
  }
}

/** Which map a kept view showed, for one that is restored after a reload. */
export function keptScope(state: unknown): { readonly scope: Scope; readonly uri?: string } {
  if (!isRecord(state)) return { scope: 'active' };
  const scope = SCOPES.find((one) => one === state.scope) ?? 'active';
  return typeof state.uri === 'string' && state.uri.length <= 4096 ? { scope, uri: state.uri } : { scope: 'active' };
}
