/** Policies that hold together for somebody: what is judged as one when rights add up. */

import { attachedPolicies } from '../iam/attached.ts';
import type { PolicyDocument } from '../iam/document.ts';
import { policiesOf } from '../iam/sites.ts';
import type { Template } from '../template/template.ts';
import { grantsPermissions } from './iam-breadth.ts';

type Group = readonly PolicyDocument[];

const groups = new WeakMap<Template, ReadonlyMap<PolicyDocument, readonly Group[]>>();

/**
 * What is judged together with this policy: the documents that take its statements in, and the policies of each principal
 * that has more than one. Computed once for a template.
 */
function sharedGroups(policy: PolicyDocument): readonly Group[] {
  const { template } = policy.resource;
  let index = groups.get(template);
  if (!index) {
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
    index = building;
    groups.set(template, index);
  }
  return index.get(policy) ?? [];
}

/**
 * What is found in a policy by itself and together with the others of each principal that has it.
 * @param judge adds what a group of policies gives to what was found before; a group is judged once
 * @returns for every policy the same object, as long as its template lives
 */
export function perGrantingGroup<T>(
  judge: (policies: Group) => T,
  merge: (found: readonly T[]) => T,
): (policy: PolicyDocument) => T {
  const byGroup = new WeakMap<Group, T>();
  const byPolicy = new WeakMap<PolicyDocument, T>();
  const judged = (group: Group): T => {
    let found = byGroup.get(group);
    if (found === undefined) {
      found = judge(group);
      byGroup.set(group, found);
    }
    return found;
  };
  return (policy) => {
    let found = byPolicy.get(policy);
    if (found === undefined) {
      const alone = grantsPermissions(policy) ? [judge([policy])] : [];
      found = merge([...alone, ...sharedGroups(policy).map(judged)]);
      byPolicy.set(policy, found);
    }
    return found;
  };
}
