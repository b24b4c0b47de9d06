/** Actions that are neither `*` nor all of a service: what each gives on everything, and what is left of the statement. */

import type { Item } from '../iam/document.ts';
import { assumeRole, linkedRole, passRole } from './iam-access-roles.ts';
import type { AccessRule, StatementView } from './iam-access-statement.ts';
import type { Concern } from './iam-aliases.ts';
import { effectivelyEverything } from './iam-breadth.ts';
import type { BucketGap } from './iam-bucket-gap.ts';
import type { Escalation } from './iam-escalation-paths.ts';
import { type ItemGrant, listed } from './iam-item-grants.ts';
import { grantsDataReads, grantsTagging } from './iam-metadata.ts';
import type { PassedRole } from './iam-passed-roles.ts';
import { LENDS_INTERFACES, WRITES_LOGS } from './iam-services.ts';

export class NamedActions {
  constructor(
    private readonly view: StatementView,
    private readonly escalations: ReadonlyMap<Item, Escalation>,
    private readonly passed: ReadonlyMap<Item, PassedRole>,
    private readonly gaps: readonly BucketGap[],
  ) {}

  /** Actions that are neither `*` nor all of a service. */
  judge(items: readonly Item[]): void {
    if (this.view.statement.elements.NotResource) return;
    const rest = items.filter((item) => {
      const escalated = this.escalation(item);
      const passed = passRole(this.view, item, this.passed.get(item), escalated);
      const assumed = assumeRole(this.view, item);
      const linked = !escalated && !passed && linkedRole(this.view, item);
      return !escalated && !passed && !assumed && !linked;
    });
    if (this.view.narrowed !== 'none') {
      this.restricted(rest);
      return;
    }
    const grants = rest.map((item) => this.view.grant(item, this.view.isBroad));
    const taken = new Set<ItemGrant>();
    const take = (pick: (grant: ItemGrant) => readonly unknown[]): ItemGrant[] => {
      const picked = grants.filter((grant) => !taken.has(grant) && pick(grant).length);
      for (const grant of picked) taken.add(grant);
      return picked;
    };
    this.credentials(take((grant) => grant.credentials));
    this.permissions(take((grant) => grant.permissions));
    this.exfiltration(take((grant) => grant.exfiltration));
    this.onEverything(
      grants.filter((grant) => !taken.has(grant)),
      taken.size > 0,
    );
  }

  /** Whether the action completes a path of escalation; if so, it is reported as that. */
  private escalation(item: Item): boolean {
    const escalation = this.escalations.get(item);
    if (!escalation) return false;
    const [worst] = escalation.paths;
    if (!worst) return false;
    const others = escalation.needs.get(worst) ?? [];
    const names = others.flatMap((other) => other.text ?? []);
    const more = escalation.paths.length - 1;
    this.view.add({
      rule: 'iam-privilege-escalation',
      variant: worst.kind === 'existing-passrole' ? 'existing-role' : undefined,
      node: item.node,
      item,
      message: `${names.length ? `With ${listed(names)}, ${item.text}` : item.text} lets its holder ${worst.title}${more > 0 ? ` (and ${more} more ${more === 1 ? 'way' : 'ways'} to further rights)` : ''}`,
      concerns: ['escalation', ...this.view.grant(item, this.view.isBroad).concerns],
      related: others.map((other) => ({ node: other.node, message: `${other.text} is needed as well` })),
      path: `Action.${item.text}`,
    });
    return true;
  }

  private group(
    rule: AccessRule,
    grants: readonly ItemGrant[],
    yields: string,
    more: { readonly variant?: string; readonly concerns?: readonly Concern[] } = {},
  ): void {
    const [first, ...others] = grants;
    if (!first) return;
    const names = grants.flatMap((grant) => grant.item.text ?? []);
    this.view.add({
      rule,
      variant: more.variant,
      node: first.item.node,
      item: first.item,
      message: `Allows ${listed(names)} on every resource, which ${yields}`,
      concerns: [...(more.concerns ?? []), ...grants.flatMap((grant) => [...grant.concerns])],
      related: others.map((grant) => ({ node: grant.item.node, message: `${grant.item.text} as well` })),
      path: `Action.${first.item.text}`,
    });
  }

  private credentials(grants: readonly ItemGrant[]): void {
    const exposed = grants.flatMap((grant) => grant.credentials[0]?.exposes ?? []);
    this.group('iam-credentials-exposure', grants, `hands out ${listed(exposed)}`);
  }

  private exfiltration(grants: readonly ItemGrant[]): void {
    const exposed = grants.flatMap((grant) => grant.exfiltration[0]?.exposes ?? []);
    this.group('iam-data-exfiltration', grants, `gives access to ${listed(exposed)}`);
  }

  private permissions(grants: readonly ItemGrant[]): void {
    const lends = grants.every((grant) => grant.permissions.every(({ full }) => LENDS_INTERFACES.has(full)));
    this.group('iam-permissions-management', grants, 'changes who may use what is there', {
      variant: lends ? 'network-interface' : undefined,
      // What iam-resource-policy-privesc would say of the same action.
      concerns: this.gaps.some((gap) => grants.some((grant) => grant.item === gap.item)) ? ['bucket-policy'] : [],
    });
  }

  /** What is left on everything: writes, reads and lists that could be limited. Reported at Resource. */
  private onEverything(grants: readonly ItemGrant[], blamed: boolean): void {
    const concerns = grants.flatMap((grant) => [...grant.concerns]);
    const write = grants.flatMap((grant) => grant.write);
    const other = grants.flatMap((grant) => grant.other);
    const all = [...write, ...other];
    const [first] = all;
    if (!first) return;
    const logs = all.every(({ full }) => WRITES_LOGS.has(full));
    const reads = grants.some((grant) => grantsDataReads(grant, this.view.isGranted));
    const tagging = grants.filter((grant) => grantsTagging(grant, this.view.isGranted));
    // As written: what a pattern stands for is a long list of names that nobody typed.
    const names = (...of: readonly ('write' | 'other')[]) =>
      listed(grants.filter((grant) => of.some((sort) => grant[sort].length)).flatMap((grant) => grant.item.text ?? []));
    if (!this.view.everything) {
      const item = all.map((action) => effectivelyEverything(this.view.statement, action)).find(Boolean);
      if (!item) return;
      this.view.add({
        rule: 'iam-wildcard-resource',
        variant: logs ? 'log-delivery' : write.length || reads || tagging.length ? 'in-effect' : 'metadata-in-effect',
        node: item.node,
        item,
        message: `Stands for all that ${names('write', 'other')} can be used on, as * would`,
        concerns: ['effective-resource'],
        path: `Resource.${item.text}`,
      });
      return;
    }
    // Log events beside reads change nothing that the reads' finding does not say.
    if (logs || write.some(({ full }) => !WRITES_LOGS.has(full))) {
      this.view.add({
        rule: 'iam-write-without-constraint',
        variant: logs ? 'log-delivery' : undefined,
        node: this.view.everything.node,
        item: this.view.everything,
        message: `Allows ${names('write')} on every resource, without a condition`,
        concerns,
        path: 'Resource.*',
      });
      return;
    }
    // What is worse on the same resource is reported already, and mended by the same change.
    if (blamed) return;
    this.view.add({
      rule: 'iam-wildcard-resource',
      variant: tagging.length ? 'tagging' : reads ? undefined : 'metadata',
      node: this.view.everything.node,
      item: this.view.everything,
      message: tagging.length
        ? `Allows ${listed(tagging.flatMap(({ item }) => item.text ?? []))} on every resource: permissions that rest on tags can be had by it`
        : `Allows ${names('other')} on every resource`,
      concerns,
      path: 'Resource.*',
    });
  }

  /** Under a condition, or what may be one, only that it is everything is said. */
  private restricted(items: readonly Item[]): void {
    if (!this.view.everything) return;
    const wide = items.filter((item) => this.view.canBeRestricted(item));
    if (!wide.length) return;
    this.view.add({
      rule: 'iam-wildcard-resource',
      variant: 'conditioned',
      node: this.view.everything.node,
      item: this.view.everything,
      message: `Allows ${listed(wide.flatMap((item) => item.text ?? []))} on every resource; only the condition limits it`,
      concerns: ['resource'],
      path: 'Resource.*',
    });
  }
}
