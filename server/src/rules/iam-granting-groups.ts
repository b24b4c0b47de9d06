/** Policies that hold together for somebody: what is judged as one when rights add up. */

import { attachedPolicies } from '../iam/attached.ts';
import type { PolicyDocument } from '../iam/document.ts';
import { policiesOf } from '../iam/sites.ts';
import { oncePerTemplate } from '../template/template.ts';
import { entryIn, once } from '../template/tracking.ts';
import { grantsPermissions } from './iam-breadth.ts';

type Group = readonly PolicyDocument[];

const groupsOf = oncePerTemplate((template): ReadonlyMap<PolicyDocument, readonly Group[]> => {
  const building = new Map<PolicyDocument, Group[]>();
  const put = (group: Group) => {
    // A document's statements may be written in others that it takes in.
    const written = group.flatMap((one) => one.included.map((statement) => statement.policy));
    for (const one of new Set([...group, ...written])) {
      const known = building.get(one);
      if (known) known.push(group);
      else building.set(one, [group]);
    }
  };
  for (const one of policiesOf(template)) if (grantsPermissions(one) && one.included.length) put([one]);
  for (const { policies, inherited } of attachedPolicies(template)) {
    const group = [...new Set([...policies, ...inherited])].filter(grantsPermissions);
    if (group.length > 1) put(group);
  }
  return building;
});

/**
 * What is judged together with this policy: the documents that take its statements in, and the policies of each principal
 * that has more than one.
 */
const sharedGroups = entryIn((policy: PolicyDocument) => groupsOf(policy.resource.template), [] as readonly Group[]);

/**
 * What is found in a policy by itself and together with the others of each principal that has it.
 * @param judge adds what a group of policies gives to what was found before; a group is judged once
 * @returns for every policy the same object, as long as its template lives
 */
export function perGrantingGroup<T>(
  judge: (policies: Group) => T,
  merge: (found: readonly T[]) => T,
): (policy: PolicyDocument) => T {
  const judged = once(judge);
  return once((policy: PolicyDocument) => {
    const alone = grantsPermissions(policy) ? [judge([policy])] : [];
    return merge([...alone, ...sharedGroups(policy).map(judged)]);
  });
}
