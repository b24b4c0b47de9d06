/** A statement that allows, with what its judges ask of it and the findings that they make. */

import { matchesPattern } from '../iam/actions.ts';
import type { Item, Statement } from '../iam/document.ts';
import { type AllowedActions, restrictableActions } from '../iam/escalation.ts';
import type { Node } from '../syntax/node.ts';
import type { Condition } from '../template/value.ts';
import type { Concern } from './iam-aliases.ts';
import { broadItem, everythingItem } from './iam-breadth.ts';
import { type ItemGrant, itemGrant } from './iam-item-grants.ts';
import { type Narrowing, narrowing } from './iam-narrowing.ts';
import type { Related } from './rule.ts';

export type AccessRule =
  | 'iam-admin-star'
  | 'iam-wildcard-action'
  | 'iam-service-wildcard'
  | 'iam-full-iam'
  | 'iam-wildcard-resource'
  | 'iam-write-without-constraint'
  | 'iam-privilege-escalation'
  | 'iam-credentials-exposure'
  | 'iam-data-exfiltration'
  | 'iam-permissions-management'
  | 'iam-passrole-star'
  | 'iam-assumerole-star'
  | 'iam-create-service-linked-role-star'
  | 'iam-not-action'
  | 'iam-not-resource'
  | 's3-presigned-post-full-access';

export interface AccessFinding {
  readonly rule: AccessRule;
  readonly variant?: string;
  readonly node: Node;
  readonly statement: Statement;
  /** The item at the node: where it comes from, and under which conditions it is there. */
  readonly item: Item | undefined;
  readonly message: string;
  readonly concerns: ReadonlySet<Concern>;
  readonly related: readonly Related[];
  /** What must hold in the template for it: of the item, and of what stands for everything. */
  readonly conditions: readonly Condition[];
  /** Below the statement, without positions: `Action.s3:*`. */
  readonly path: string;
}

/** What a judge says of a finding. */
type Draft = Omit<AccessFinding, 'statement' | 'related' | 'concerns' | 'conditions'> & {
  concerns: Iterable<Concern>;
  related?: readonly Related[];
  /** What stands for everything, where that is not the statement's own. */
  wide?: Item;
};
/** These hold on less than everything too. */
const HOLD_ANYWHERE: ReadonlySet<AccessRule> = new Set([
  'iam-not-action',
  'iam-not-resource',
  'iam-service-wildcard',
  'iam-wildcard-action',
]);

/** Everything that control over all of AWS, or all of IAM, implies. */
export const EVERYTHING: readonly Concern[] = [
  'resource',
  'write',
  'escalation',
  'credentials',
  'exfiltration',
  'permissions',
  'passrole',
  'assumerole',
  'linked-role',
  'service',
];

export class StatementView {
  readonly found: AccessFinding[] = [];
  readonly narrowed: Narrowing;
  readonly everything: Item | undefined;

  /** @param denied whether an action may be denied on everything */
  constructor(
    readonly statement: Statement,
    readonly denied: (action: string) => boolean,
  ) {
    this.narrowed = narrowing(statement);
    this.everything = everythingItem(statement);
  }

  /** Takes a finding; not one that never is in force, because its item and what stands for everything exclude each other. */
  add({ wide = this.everything, ...finding }: Draft): void {
    const { statement } = this;
    const { template } = statement.policy.resource;
    const own = finding.item?.conditions ?? statement.templateConditions;
    let conditions: readonly Condition[] | undefined = own;
    for (const condition of wide && wide !== finding.item ? wide.conditions : []) {
      conditions = conditions && template.assume(conditions, condition);
    }
    if (!conditions && !HOLD_ANYWHERE.has(finding.rule)) return;
    const concerns = new Set(finding.concerns);
    this.found.push({ related: [], ...finding, statement, concerns, conditions: conditions ?? own });
  }

  readonly isBroad = (action: string): boolean => broadItem(this.statement, action) !== undefined;

  canBeRestricted(item: Item): boolean {
    return restrictableActions(this.allowed(item), 1).length > 0;
  }

  allowed(item: Item): AllowedActions {
    const pattern = item.text ?? '';
    return { patterns: [pattern], covers: (action) => matchesPattern(pattern, action) && !this.denied(action) };
  }

  grant(item: Item, broad: (action: string) => boolean): ItemGrant {
    return itemGrant(item, (action) => broad(action) && !this.denied(action));
  }

  readonly isGranted = (action: string): boolean => this.isBroad(action) && !this.denied(action);
}
