/** What the Deny statements of policies take away for certain, or may. */

import type { PolicyDocument, Statement } from '../iam/document.ts';
import { coversAction } from '../iam/queries.ts';
import { everythingItem } from './iam-breadth.ts';

/** Statements of a document, those that it takes in included. */
export function statementsOf(policy: PolicyDocument): readonly Statement[] {
  return policy.included.length ? [...policy.statements, ...policy.included] : policy.statements;
}

/**
 * Tells whether an action may be denied on everything, so that nothing certain can be said of its being allowed. A
 * statement whose effect is not known may deny. Deny statements with conditions or with narrower resources do not count: what they leave is still broad.
 */
export function denials(policies: readonly PolicyDocument[]): (action: string) => boolean {
  const denying = policies
    .flatMap(statementsOf)
    .filter(
      (statement) =>
        statement.effect !== 'Allow' &&
        statement.hasCondition === false &&
        (everythingItem(statement) !== undefined || statement.openElements.has('Resource')),
    );
  if (!denying.length) return () => false;
  const known = new Map<string, boolean>();
  return (action) => {
    let denied = known.get(action);
    if (denied === undefined) {
      denied = denying.some((statement) => coversAction(statement, action) !== false);
      known.set(action, denied);
    }
    return denied;
  };
}
