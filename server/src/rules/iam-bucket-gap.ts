/**
 * Policies by which a principal can rewrite who may use a bucket, and so give itself what its own policy does not.
 */

import { matchesPattern } from '../iam/actions.ts';
import { HOLE, type Item, isConditional, isKnown, type PolicyDocument, type Statement } from '../iam/document.ts';
import { grantsAction } from '../iam/queries.ts';
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

const cache = new WeakMap<PolicyDocument, readonly BucketGap[]>();

/** The gaps of an identity policy, one for each action as written. */
export function bucketGaps(policy: PolicyDocument): readonly BucketGap[] {
  let found = cache.get(policy);
  if (!found) {
    found = grantsPermissions(policy) ? judge(policy) : [];
    cache.set(policy, found);
  }
  return found;
}

function judge(policy: PolicyDocument): BucketGap[] {
  const statements = statementsOf(policy);
  const denied = denials([policy]);
  const gaps = new Map<Item, BucketGap>();
  for (const [action, effects] of LEVERS) {
    if (denied(action)) continue;
    const gains = effects.filter(
      (gain) => denied(gain) || statements.every((statement) => grantsAction(statement, gain) === false),
    );
    // A list that is not known may hold them.
    if (!gains.length || policy.open !== undefined) continue;
    for (const statement of policy.statements) {
      if (statement.effect !== 'Allow' || narrowing(statement) !== 'none' || !statement.resources.some(isBucket))
        continue;
      for (const item of statement.actions) {
        if (
          !isKnown(item) ||
          isConditional(item, statement) ||
          gaps.has(item) ||
          !matchesPattern(item.text ?? '', action)
        )
          continue;
        gaps.set(item, { item, statement, action, gains });
      }
    }
  }
  return [...gaps.values()];
}

/** Whether a text in Resource certainly can name a bucket, as opposed to objects in one. */
function isBucket(item: Item): boolean {
  const { text, value } = item;
  if (text === undefined) return false;
  if (text === HOLE) return value.kind === 'reference' && value.to === 'resource';
  return /^\*+$/.test(text) || (/^arn:[^:]*:(s3|\*):/.test(text) && !text.includes('/'));
}
