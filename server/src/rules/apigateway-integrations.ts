/** Amazon API Gateway: how an API reaches its backends. */

import type { Node } from '../syntax/node.ts';
import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asPattern, asString } from '../template/value.ts';
import { definitionsOf, operationsOf } from './apigateway-openapi.ts';
import type { Fix } from './fix.ts';
import { setEdits } from './fixes.ts';
import { isTrue } from './predicates.ts';
import type { Reporter } from './rule.ts';
import { member } from './shared.ts';

const PLAIN = /^http:/i;

/** The string in which a text is written, also within `Fn::Sub`. */
function textNode(node: Node): Node | undefined {
  const [entry] = node.entries;
  const inner = node.entries.length === 1 && entry?.name === 'Fn::Sub' ? entry.value : node;
  const text = inner.kind === 'array' ? inner.items[0] : inner;
  return text?.kind === 'string' ? text : undefined;
}

/** Writes `https:` for `http:`. */
export function secureScheme(found: Found): Fix | undefined {
  const node = found.via.length ? undefined : textNode(found.node);
  const text = node && String(node.value);
  if (!node || text === undefined || !PLAIN.test(text)) return undefined;
  const secured = text.replace(PLAIN, 'https:');
  // `!Sub` is written again with the text.
  const data = node.tag === '!Sub' ? { 'Fn::Sub': secured } : secured;
  return {
    title: 'Call the backend over HTTPS (it must serve HTTPS with a certificate that API Gateway trusts)',
    safe: false,
    edits: [{ kind: 'replace', node, data }],
  };
}

/** Judges the integrations in the OpenAPI definition of an API. */
export function checkOperations(api: Resource, reporter: Reporter): void {
  for (const definition of definitionsOf(api)) {
    for (const operation of operationsOf(definition)) {
      for (const integration of member(operation.found, 'x-amazon-apigateway-integration')) {
        const [connection] = member(integration, 'connectionType');
        const type = connection && connection.value.kind !== 'absent' ? asString(connection.value) : 'INTERNET';
        for (const found of member(integration, 'uri')) {
          const uri = asPattern(found.value, '…');
          if (type === undefined || type === 'VPC_LINK' || uri === undefined || !PLAIN.test(uri)) continue;
          reporter.reportFound(found, {
            message: `API Gateway calls ${uri} without TLS`,
            fix: () => secureScheme(found),
          });
        }
        for (const config of member(integration, 'tlsConfig')) {
          for (const found of member(config, 'insecureSkipVerification')) {
            if (isTrue(found.value, found) !== true) continue;
            reporter.reportFound(found, { variant: 'unverified', fix: () => verify(found) });
          }
        }
      }
    }
  }
}

function verify(found: Found): Fix | undefined {
  const edits = setEdits(found, false);
  return (
    edits && {
      title: 'Check the certificate of the backend (it needs one that API Gateway trusts)',
      safe: false,
      edits,
    }
  );
}
