/** A map's answer as the server gives it, small; and words that name their own place. */

import type { NamedTemplate } from '../../client/src/map/messages.ts';
import type { Strings } from '../../client/src/map/strings.ts';
import type { MapFinding, MapResource } from '../../server/src/lsp/protocol.ts';

export function finding(ruleId: string, some: Partial<MapFinding> = {}): MapFinding {
  return {
    ruleId,
    message: `Message of ${ruleId}`,
    severity: 'medium',
    category: 'other',
    side: 'customer',
    range: { start: { line: 1, character: 2 }, end: { line: 1, character: 8 } },
    ...some,
  };
}

export function resource(address: string, some: Partial<MapResource> = {}): MapResource {
  return {
    address,
    type: 'AWS::Some::Thing',
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } },
    service: { id: 'some', name: 'Some', kind: 'managed' },
    aws: [],
    moved: [],
    findings: [],
    ...some,
  };
}

export function template(resources: readonly MapResource[], uri = 'file:///a.yaml'): NamedTemplate {
  return { uri, name: uri.replace('file:///', ''), dialect: 'cloudformation', resources };
}

/** Every word is its own name, with the places for numbers; deeper ones likewise. */
export const STRINGS = words('') as unknown as Strings;

function words(prefix: string): unknown {
  return new Proxy(
    {},
    {
      get: (_, name) => {
        const deeper = ['columns', 'ends', 'severities', 'letters', 'categories', 'classes', 'dialects', 'scopes'];
        if (!prefix && (deeper.includes(String(name)) || name === 'scopeHints')) return words(`${String(name)}.`);
        return `${prefix}${String(name)} {0} {1}`;
      },
    },
  );
}
