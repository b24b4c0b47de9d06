/** Whether resources with a policy refuse requests that do not come over TLS: for queues and topics, which take both. */

import type { PolicyDocument, Statement } from '../iam/document.ts';
import { identify } from '../iam/principals.ts';
import { policiesOn } from '../iam/sites.ts';
import { companions } from '../template/companions.ts';
import type { Resource } from '../template/template.ts';
import type { ResourceCheck } from './rule.ts';
import { has } from './shared.ts';

/** `undefined`: it cannot be told. */
function refusesHttp(statement: Statement): boolean | undefined {
  if (statement.effect === 'Allow') return false;
  const named = statement.conditions.some(
    (clause) =>
      clause.key.toLowerCase() === 'aws:securetransport' &&
      clause.operator.name === 'Bool' &&
      clause.values.some((item) => item.text?.toLowerCase() === 'false'),
  );
  if (statement.effect === undefined || !statement.complete) return undefined;
  if (!named) return false;
  const forms = statement.principals.map((principal) => identify(principal, statement.policy).form);
  if (forms.includes('everyone')) return true;
  return forms.includes('unknown') ? undefined : false;
}

function policyRefuses(policy: PolicyDocument): boolean | undefined {
  let result: boolean | undefined = policy.open === undefined ? false : undefined;
  for (const statement of [...policy.statements, ...policy.included]) {
    const refuses = refusesHttp(statement);
    if (refuses === true) return true;
    if (refuses === undefined) result = undefined;
  }
  return result;
}

/**
 * Reports each resource of the types for which no policy of its own, or of the companion types, denies plain HTTP. Silent
 * where a policy may do so: it is not known, or it is not known whose it is.
 */
export function refusesHttpCheck(types: readonly string[], policyTypes: readonly string[]): ResourceCheck {
  return {
    kind: 'resource',
    types,
    check(resource, reporter) {
      const carriers: Resource[] = [resource];
      for (const type of policyTypes) {
        const joined = companions(resource, type);
        if (joined.maybe) return;
        carriers.push(...joined.sure);
      }
      const policies = carriers.flatMap((carrier) => policiesOn(carrier));
      if (policies.some((policy) => policyRefuses(policy) !== false)) return;
      // A policy that could not be read at all still is one.
      if (policies.length < carriers.length - 1 || (has(resource, 'policy') !== false && !policiesOn(resource).length))
        return;
      reporter.report({
        node: resource.key,
        resource,
        related: policies.map((policy) => ({
          node: policy.key,
          message: 'This policy does not deny requests without TLS',
          resource: policy.resource,
        })),
      });
    },
  };
}
