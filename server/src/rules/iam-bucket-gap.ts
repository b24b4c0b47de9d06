/**
 * Policies by which a principal can rewrite who may use a bucket, and so give itself what its own policy does not.
 */

import { matchesPattern } from '../iam/actions.ts';
import { HOLE, type Item, isConditional, isKnown, type PolicyDocument, type Statement } from '../iam/document.ts';
import { grantsAction } from '../iam/queries.ts';
import { once } from '../template/tracking.ts';
import { grantsPermissions } from './iam-breadth.ts';
import { denials, statementsOf } from './iam-denials.ts';
import { narrowing } from './iam-narrowing.ts';

export interface BucketGap {
  readonly item: Item;
  readonly statement: Statement;
  /** The action on the bucket's configuration. */
  readonly action: string;
  /** What it brings that the policy does not allow. */
  readonly gains: readonly string[];
}

/** Actions on a bucket, and what they let their holder do to its objects. */
const LEVERS: readonly (readonly [action: string, gains: readonly string[]])[] = [
  ['s3:PutBucketPolicy', ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']],
  ['s3:PutBucketAcl', ['s3:ListBucket', 's3:PutObject', 's3:DeleteObject']],
  ['s3:PutLifecycleConfiguration', ['s3:DeleteObject']],
];

/** The gaps of an identity policy, one for each action as written. */
export const bucketGaps = once((policy: PolicyDocument): readonly BucketGap[] =>
  grantsPermissions(policy) ? judge(policy) : [],
);

function judge(policy: PolicyDocument): BucketGap[] {
  // A list that is not known may hold what is gained.
  if (policy.open !== undefined) return [];
  const gaps = new Map<Item, BucketGap>();
  for (const [action, effects] of LEVERS) {
    const held = policy.statements.flatMap((statement) => leversOf(statement, action));
    if (!held.length) continue;
    const denied = denials([policy]);
    if (denied(action)) continue;
    const statements = statementsOf(policy);
    const gains = effects.filter(
      (gain) => denied(gain) || statements.every((statement) => grantsAction(statement, gain) === false),
    );
    if (!gains.length) continue;
    for (const { item, statement } of held) {
      if (!gaps.has(item)) gaps.set(item, { item, statement, action, gains });
    }
  }
  return [...gaps.values()];
}

/** The items of a statement that certainly give an action on a bucket. */
function leversOf(statement: Statement, action: string): readonly Pick<BucketGap, 'item' | 'statement'>[] {
  if (statement.effect !== 'Allow') return [];
  const items = statement.actions.filter(
    (item) => isKnown(item) && matchesPattern(item.text ?? '', action) && !isConditional(item, statement),
  );
  if (!items.length || narrowing(statement) !== 'none' || !statement.resources.some(isBucket)) return [];
  return items.map((item) => ({ item, statement }));
}

/** Whether a text in Resource certainly can name a bucket, as opposed to objects in one. */
function isBucket(item: Item): boolean {
  const { text, value } = item;
  if (text === undefined) return false;
  if (text === HOLE) return value.kind === 'reference' && value.to === 'resource';
  return /^\*+$/.test(text) || (/^arn:[^:]*:(s3|\*):/.test(text) && !text.includes('/'));
}
