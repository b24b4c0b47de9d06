/**
 * What the Allow statements of a document grant too broadly: one finding for each cause.
 *
 * The causes, and what each absorbs: `Action: "*"` and `svc:*` everything that they imply; an action that completes an
 * escalation path what else that action is; a sensitive action (credentials, permissions, data) that it also writes and
 * is on `*`; `s3:*` on every bucket the wildcard of a service. What is left of a statement on `*` is one finding at its Resource. A finding carries the concerns of all that
 * it absorbs, and with them the peers' ids (iam-aliases.ts).
 */

import { matchesPattern } from '../iam/actions.ts';
import {
  HOLE,
  type Item,
  isConditional,
  isKnown,
  isWildcard,
  type PolicyDocument,
  type Statement,
} from '../iam/document.ts';
import {
  type AllowedActions,
  CREDENTIALS_EXPOSURE,
  DATA_EXFILTRATION,
  RESOURCE_EXPOSURE,
  restrictableActions,
} from '../iam/escalation.ts';
import { coversAction } from '../iam/queries.ts';
import type { Node } from '../syntax/node.ts';
import type { Concern } from './iam-aliases.ts';
import {
  broadItem,
  effectivelyEverything,
  everythingItem,
  grantsPermissions,
  isEverything,
  isNarrow,
} from './iam-breadth.ts';
import { type BucketGap, bucketGaps } from './iam-bucket-gap.ts';
import { denials } from './iam-denials.ts';
import { type Escalation, escalatesAlone, escalationsOf } from './iam-escalation-paths.ts';
import { type ItemGrant, itemGrant, listed } from './iam-item-grants.ts';
import { grantsDataReads } from './iam-metadata.ts';
import { type Narrowing, narrowing } from './iam-narrowing.ts';
import { type PassedRole, passedRolesOf } from './iam-passed-roles.ts';
import { AGENT_CHANNELS, CONTROL, CRITICAL_SERVICES, LENDS_INTERFACES, WRITES_LOGS } from './iam-services.ts';
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
  /** Below the statement, without positions: `Action.s3:*`. */
  readonly path: string;
}

/** Everything that control over all of AWS, or all of IAM, implies. */
const EVERYTHING: readonly Concern[] = [
  'resource',
  'write',
  'escalation',
  'credentials',
  'exfiltration',
  'permissions',
  'passrole',
  'assumerole',
  'service',
];

const EVERY_ROLE = /^arn:[^:]*:iam::[^:]*:(role\/\*+|\*+)$/;
const EVERY_BUCKET = /^arn:[^:]*:s3:::\*+(\/\*+)?$/;
const cache = new WeakMap<PolicyDocument, readonly AccessFinding[]>();

/** The findings on a document; none for what is no identity policy. Computed once. */
export function accessFindings(policy: PolicyDocument): readonly AccessFinding[] {
  let found = cache.get(policy);
  if (!found) {
    found = grantsPermissions(policy) ? judge(policy) : [];
    cache.set(policy, found);
  }
  return found;
}

function judge(policy: PolicyDocument): AccessFinding[] {
  const denied = denials([policy]);
  const escalations = escalationsOf(policy.resource.template);
  const passed = passedRolesOf(policy.resource.template);
  const gaps = bucketGaps(policy);
  return policy.statements
    .filter((statement) => statement.effect === 'Allow')
    .flatMap((statement) => new StatementJudge(statement, denied, escalations, passed, gaps).run());
}

class StatementJudge {
  private readonly found: AccessFinding[] = [];
  private readonly narrowed: Narrowing;
  private readonly everything: Item | undefined;

  constructor(
    private readonly statement: Statement,
    private readonly denied: (action: string) => boolean,
    private readonly escalations: ReadonlyMap<Item, Escalation>,
    private readonly passed: ReadonlyMap<Item, PassedRole>,
    private readonly gaps: readonly BucketGap[],
  ) {
    this.narrowed = narrowing(statement);
    this.everything = everythingItem(statement);
  }

  run(): AccessFinding[] {
    this.notAction();
    this.notResource();
    const items = this.statement.actions.filter(isKnown);
    const wildcards = items.filter(isWildcard);
    for (const item of wildcards) this.wildcard(item);
    // Beside an unconditional wildcard every other action is a repetition.
    if (!wildcards.some((item) => !isConditional(item, this.statement))) {
      const rest = items.filter((item) => !wildcards.includes(item) && !this.serviceWildcard(item));
      this.named(rest);
    }
    return this.found;
  }

  private add(
    finding: Omit<AccessFinding, 'statement' | 'related' | 'concerns'> & {
      concerns: Iterable<Concern>;
      related?: readonly Related[];
    },
  ) {
    this.found.push({ related: [], ...finding, statement: this.statement, concerns: new Set(finding.concerns) });
  }

  private notAction(): void {
    const { NotAction: element, Action, Resource } = this.statement.elements;
    // Both at once are no policy at all.
    if (!element || Action) return;
    const narrow = isNarrow(this.statement);
    if (Resource && !narrow && !this.everything) return;
    if (!Resource && this.statement.openElements.has('Resource')) return;
    const open = this.narrowed === 'none' && this.everything !== undefined;
    const implied = open ? EVERYTHING.filter((concern) => this.notActionImplies(concern)) : [];
    this.add({
      rule: 'iam-not-action',
      variant: narrow ? 'narrow-resource' : this.narrowed === 'none' ? undefined : 'conditioned',
      node: element.key,
      item: undefined,
      message: narrow
        ? 'NotAction allows every action but those named, also those that AWS adds later, on these resources'
        : 'NotAction allows every action but those named, of every service, also those that AWS adds later',
      concerns: ['not-action', ...(this.everything ? (['resource'] as const) : []), ...implied],
      path: 'NotAction',
    });
  }

  private notActionImplies(concern: Concern): boolean {
    const all = (actions: readonly string[]) =>
      actions.some((action) => coversAction(this.statement, action) === true && !this.denied(action));
    switch (concern) {
      case 'escalation':
        return all(['iam:PutUserPolicy', 'iam:AttachRolePolicy', 'lambda:UpdateFunctionCode']);
      case 'credentials':
        return all(CREDENTIALS_EXPOSURE.filter((one) => one.peers).map((one) => one.action));
      case 'exfiltration':
        return all(DATA_EXFILTRATION.filter((one) => one.peers).map((one) => one.action));
      case 'permissions':
        return all(RESOURCE_EXPOSURE);
      case 'passrole':
        return all(['iam:PassRole']);
      case 'assumerole':
        return all(['sts:AssumeRole']);
      case 'write':
        return all(['ec2:RunInstances', 's3:PutObject']);
      default:
        return false;
    }
  }

  private notResource(): void {
    const { NotResource: element, Resource } = this.statement.elements;
    if (!element || Resource) return;
    const concerns = new Set<Concern>(['not-resource']);
    if (this.narrowed === 'none') {
      for (const item of this.statement.actions.filter(isKnown)) {
        if (isWildcard(item)) for (const concern of EVERYTHING) concerns.add(concern);
        else for (const concern of this.grant(item, () => true).concerns) concerns.add(concern);
      }
      concerns.delete('resource');
    }
    this.add({
      rule: 'iam-not-resource',
      variant: this.narrowed === 'none' ? undefined : 'conditioned',
      node: element.key,
      item: undefined,
      message: 'NotResource allows these actions on everything but what it names, also on what is created later',
      concerns,
      path: 'NotResource',
    });
  }

  private wildcard(item: Item): void {
    const open = this.narrowed === 'none';
    if (open && this.everything) {
      this.add({
        rule: 'iam-admin-star',
        node: item.node,
        item,
        message: 'Allows every action on every resource: the rights of an administrator',
        concerns: ['admin', 'action', 'full-iam', ...EVERYTHING],
        path: 'Action.*',
      });
      return;
    }
    this.add({
      rule: 'iam-wildcard-action',
      variant: this.narrowed === 'some' ? 'conditioned' : undefined,
      node: item.node,
      item,
      message: this.everything
        ? 'Allows every action of every service on every resource, if its condition holds'
        : this.statement.elements.NotResource
          ? 'Allows every action of every service on everything but what NotResource names'
          : 'Allows every action of every service that these resources take',
      concerns: ['action', 'service', ...(this.everything ? (['resource'] as const) : [])],
      path: 'Action.*',
    });
  }

  /** Reports `svc:*`; whether the item is one. */
  private serviceWildcard(item: Item): boolean {
    const service = /^([a-z0-9-]+):\*+$/i.exec(item.text ?? '')?.[1]?.toLowerCase();
    if (service === undefined) return false;
    const open = this.narrowed === 'none';
    const control = CONTROL.get(service);
    const path = `Action.${service}:*`;
    if (open && this.everything && control !== undefined) {
      const implied: readonly Concern[] =
        service === 'iam' ? EVERYTHING.filter((one) => one !== 'exfiltration' && one !== 'assumerole') : [];
      this.add({
        rule: 'iam-full-iam',
        node: item.node,
        item,
        message: `Allows every action of ${service} on every resource: ${control}`,
        concerns: ['full-iam', 'service', ...(implied.length ? implied : this.grant(item, this.isBroad).concerns)],
        path,
      });
      return true;
    }
    const broad = this.everything !== undefined;
    const variant = AGENT_CHANNELS.has(service)
      ? 'agent-channel'
      : broad && open && CRITICAL_SERVICES.has(service)
        ? 'critical-service'
        : isNarrow(this.statement)
          ? 'narrow-resource'
          : undefined;
    const grant = open ? this.grant(item, this.isBroad) : undefined;
    const escalates = open && broad && escalatesAlone(item.text ?? '', this.denied);
    const everyBucket = service === 's3' && this.isOnEveryBucket();
    this.add({
      rule: everyBucket ? 's3-presigned-post-full-access' : 'iam-service-wildcard',
      variant: everyBucket ? undefined : variant,
      node: item.node,
      item,
      message: everyBucket
        ? `Allows ${item.text} on every bucket: all data, its deletion and every setting`
        : `Allows every action of ${service}${broad ? ' on every resource' : ''}, also those that AWS adds later`,
      concerns: [
        'service',
        ...(everyBucket ? (['every-bucket'] as const) : []),
        ...(grant?.concerns ?? (broad && this.canBeRestricted(item) ? (['resource'] as const) : [])),
        ...(escalates ? (['escalation'] as const) : []),
      ],
      path,
    });
    return true;
  }

  /** Whether nothing limits the buckets that the statement is about. */
  private isOnEveryBucket(): boolean {
    return (
      this.statement.hasCondition === false &&
      this.statement.resources.some(({ text = '' }) => isEverything(text) || EVERY_BUCKET.test(text))
    );
  }

  private readonly isBroad = (action: string): boolean => broadItem(this.statement, action) !== undefined;

  private canBeRestricted(item: Item): boolean {
    return restrictableActions(this.allowed(item), 1).length > 0;
  }

  private allowed(item: Item): AllowedActions {
    const pattern = item.text ?? '';
    return { patterns: [pattern], covers: (action) => matchesPattern(pattern, action) && !this.denied(action) };
  }

  private grant(item: Item, broad: (action: string) => boolean): ItemGrant {
    return itemGrant(item, (action) => broad(action) && !this.denied(action));
  }

  private readonly isGranted = (action: string): boolean => this.isBroad(action) && !this.denied(action);

  /** Actions that are neither `*` nor all of a service. */
  private named(items: readonly Item[]): void {
    if (this.statement.elements.NotResource) return;
    const rest = items.filter((item) => {
      const escalated = this.escalation(item);
      const passed = this.passRole(item, escalated);
      const assumed = this.assumeRole(item);
      return !escalated && !passed && !assumed;
    });
    if (this.narrowed !== 'none') {
      this.restricted(rest);
      return;
    }
    const grants = rest.map((item) => this.grant(item, this.isBroad));
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
    const names = escalation.others.flatMap((other) => other.text ?? []);
    const more = escalation.paths.length - 1;
    this.add({
      rule: 'iam-privilege-escalation',
      variant: worst.kind === 'existing-passrole' ? 'existing-role' : undefined,
      node: item.node,
      item,
      message: `${names.length ? `With ${listed(names)}, ${item.text}` : item.text} lets its holder ${worst.title}${more > 0 ? ` (and ${more} more ${more === 1 ? 'way' : 'ways'} to further rights)` : ''}`,
      concerns: ['escalation', ...this.grant(item, this.isBroad).concerns],
      related: escalation.others.map((other) => ({ node: other.node, message: `${other.text} is needed as well` })),
      path: `Action.${item.text}`,
    });
    return true;
  }

  private passRole(item: Item, escalated: boolean): boolean {
    if (!matchesPattern(item.text ?? '', 'iam:PassRole') || this.denied('iam:PassRole')) return false;
    const wide =
      this.everything ?? this.statement.resources.find(({ text }) => text !== undefined && EVERY_ROLE.test(text));
    if (!wide || this.statement.openElements.has('Condition')) return false;
    const guards = this.statement.conditions.filter((clause) =>
      /^iam:(passedtoservice|associatedresourcearn)$/i.test(clause.key),
    );
    const lent = this.passed.get(item);
    if (lent) {
      this.passRoleTo(item, wide, lent);
      return true;
    }
    if (guards.some((clause) => !clause.operator.ifExists || isConditional(clause, this.statement))) return false;
    // Keys that are not known may be those that guard it.
    if (this.statement.conditions.some((clause) => clause.key.includes(HOLE))) return false;
    if (escalated) return true;
    this.add({
      rule: 'iam-passrole-star',
      variant: guards.length ? 'if-exists' : undefined,
      node: item.node,
      item,
      message: guards.length
        ? `${item.text} allows to pass every role: the condition counts only if its key is in the request`
        : `${item.text} allows to pass every role of the account to any service`,
      concerns: ['passrole', ...(this.narrowed === 'none' ? this.grant(item, this.isBroad).concerns : [])],
      related: [{ node: wide.node, message: 'Stands for every role' }],
      path: `Action.${item.text}`,
    });
    return true;
  }

  /** The service is named, and the holder creates there what acts with the role. */
  private passRoleTo(item: Item, wide: Item, { service, creators }: PassedRole): void {
    const names = listed(creators.flatMap((one) => one.text ?? []));
    this.add({
      rule: 'iam-passrole-star',
      variant: 'to-service',
      node: item.node,
      item,
      message: `With ${names}, ${item.text} gives its holder the rights of every role that trusts ${service}`,
      concerns: ['passrole', ...(this.everything ? (['resource'] as const) : [])],
      related: [
        { node: wide.node, message: 'Stands for every role' },
        ...creators.map((one) => ({ node: one.node, message: `${one.text} creates what acts with the role` })),
      ],
      path: `Action.${item.text}`,
    });
  }

  private assumeRole(item: Item): boolean {
    if (this.narrowed !== 'none' || !matchesPattern(item.text ?? '', 'sts:AssumeRole') || this.denied('sts:AssumeRole'))
      return false;
    const wide =
      this.everything ?? this.statement.resources.find(({ text }) => text !== undefined && EVERY_ROLE.test(text));
    if (!wide) return false;
    this.add({
      rule: 'iam-assumerole-star',
      node: item.node,
      item,
      message: `${item.text} allows to assume every role that trusts this account`,
      concerns: [
        'assumerole',
        ...(this.everything ? (['escalation'] as const) : []),
        ...this.grant(item, this.isBroad).concerns,
      ],
      related: [{ node: wide.node, message: 'Stands for every role' }],
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
    this.add({
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
    const reads = grants.some((grant) => grantsDataReads(grant, this.isGranted));
    // As written: what a pattern stands for is a long list of names that nobody typed.
    const names = (...of: readonly ('write' | 'other')[]) =>
      listed(grants.filter((grant) => of.some((sort) => grant[sort].length)).flatMap((grant) => grant.item.text ?? []));
    if (!this.everything) {
      const item = all.map((action) => effectivelyEverything(this.statement, action)).find(Boolean);
      if (!item) return;
      this.add({
        rule: 'iam-wildcard-resource',
        variant: logs ? 'log-delivery' : write.length || reads ? 'in-effect' : 'metadata-in-effect',
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
      this.add({
        rule: 'iam-write-without-constraint',
        variant: logs ? 'log-delivery' : undefined,
        node: this.everything.node,
        item: this.everything,
        message: `Allows ${names('write')} on every resource, without a condition`,
        concerns,
        path: 'Resource.*',
      });
      return;
    }
    // What is worse on the same resource is reported already, and mended by the same change.
    if (blamed) return;
    this.add({
      rule: 'iam-wildcard-resource',
      variant: reads ? undefined : 'metadata',
      node: this.everything.node,
      item: this.everything,
      message: `Allows ${names('other')} on every resource`,
      concerns,
      path: 'Resource.*',
    });
  }

  /** Under a condition, or what may be one, only that it is everything is said. */
  private restricted(items: readonly Item[]): void {
    if (!this.everything) return;
    const wide = items.filter((item) => this.canBeRestricted(item));
    if (!wide.length) return;
    this.add({
      rule: 'iam-wildcard-resource',
      variant: 'conditioned',
      node: this.everything.node,
      item: this.everything,
      message: `Allows ${listed(wide.flatMap((item) => item.text ?? []))} on every resource; only the condition limits it`,
      concerns: ['resource'],
      path: 'Resource.*',
    });
  }
}
