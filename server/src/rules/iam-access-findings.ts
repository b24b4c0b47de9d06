/**
 * What the Allow statements of a document grant too broadly: one finding for each cause.
 *
 * The causes, and what each absorbs: `Action: "*"` and `svc:*` everything that they imply; an action that completes an
 * escalation path what else that action is; a sensitive action (credentials, permissions, data) that it also writes and
 * is on `*`; `s3:*` on every bucket the wildcard of a service. What is left of a statement on `*` is one finding at its
 * Resource. A finding carries the concerns of all that it absorbs, and with them the peers' ids (iam-aliases.ts).
 */

import { isConditional, isKnown, isWildcard, type PolicyDocument, type Statement } from '../iam/document.ts';
import { once } from '../template/tracking.ts';
import { NamedActions } from './iam-access-named.ts';
import { type AccessFinding, StatementView } from './iam-access-statement.ts';
import { notAction, notResource, serviceWildcard, wildcard } from './iam-access-wildcards.ts';
import { grantsPermissions } from './iam-breadth.ts';
import { bucketGaps } from './iam-bucket-gap.ts';
import { denials } from './iam-denials.ts';
import { escalationsIn } from './iam-escalation-paths.ts';
import { passedRolesIn } from './iam-passed-roles.ts';

/** The findings on a document; none for what is no identity policy. Computed once. */
export const accessFindings = once((policy: PolicyDocument): readonly AccessFinding[] =>
  grantsPermissions(policy) ? judge(policy) : [],
);

function judge(policy: PolicyDocument): AccessFinding[] {
  const denied = denials([policy]);
  const escalations = escalationsIn(policy);
  const passed = passedRolesIn(policy);
  const gaps = bucketGaps(policy);
  return policy.statements
    .filter((statement) => statement.effect === 'Allow')
    .flatMap((statement) => {
      const view = new StatementView(statement, denied);
      judgeStatement(statement, view, new NamedActions(view, escalations, passed, gaps));
      return view.found;
    });
}

function judgeStatement(statement: Statement, view: StatementView, named: NamedActions): void {
  notAction(view);
  notResource(view);
  const items = statement.actions.filter(isKnown);
  const wildcards = items.filter(isWildcard);
  for (const item of wildcards) wildcard(view, item);
  // Beside an unconditional wildcard every other action is a repetition.
  if (wildcards.some((item) => !isConditional(item, statement))) return;
  named.judge(items.filter((item) => !wildcards.includes(item) && !serviceWildcard(view, item)));
}
