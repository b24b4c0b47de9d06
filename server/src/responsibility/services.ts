/**
 * Which row of the shared responsibility model a resource falls under, and what its settings make of it. Services whose
 * documentation was not read are left out: a hover then says nothing of the service rather than something that is guessed.
 */

import { detached } from '../syntax/text.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { oncePer } from '../template/tracking.ts';
import type {
  Duties,
  LineMover,
  ServiceClass,
  ServiceResponsibility,
  SettingTest,
  Situation,
  Source,
} from './model.ts';
import { AI } from './services/ai.ts';
import { ANALYTICS } from './services/analytics.ts';
import { COMPUTE } from './services/compute.ts';
import { DATABASES } from './services/databases.ts';
import { DEVELOPER } from './services/developer.ts';
import { INTEGRATION } from './services/integration.ts';
import { MANAGEMENT } from './services/management.ts';
import { NETWORK } from './services/network.ts';
import { SECURITY } from './services/security.ts';
import { STORAGE } from './services/storage.ts';

const ROWS = {
  ...COMPUTE,
  ...DEVELOPER,
  ...DATABASES,
  ...STORAGE,
  ...ANALYTICS,
  ...AI,
  ...INTEGRATION,
  ...NETWORK,
  ...SECURITY,
  ...MANAGEMENT,
} satisfies Record<string, ServiceResponsibility>;

export type ServiceId = keyof typeof ROWS;

/** Every service by its id. */
export const SERVICES: Readonly<Record<ServiceId, ServiceResponsibility>> = ROWS;

/** Longest first: the start of a CloudFormation type (after `AWS::`) or of a Terraform type (after `aws_`). */
const PREFIXES: readonly (readonly [string, ServiceId])[] = Object.entries(SERVICES)
  .flatMap(([id, { types }]) => types.map((type) => [type, id as ServiceId] as const))
  .sort((a, b) => b[0].length - a[0].length);

/** Rules whose subject is another service than the resource's type says: the volumes of an instance are EBS. */
const BY_RULE: readonly (readonly [string, ServiceId])[] = [
  ['ebs-', 'ebs'],
  ['iam-', 'iam'],
];

const byType = new Map<string, ServiceId | undefined>();
/** A type that is being typed is another one with each key. */
const MAX_TYPES = 5_000;

/**
 * The service that a resource type belongs to: `AWS::S3::Bucket`, `aws_s3_bucket`, `data.aws_iam_policy_document`, `*` (a policy of
 * its own), `module:terraform-aws-modules/vpc/aws`. Undefined for services without a row.
 */
export function serviceIdOf(type: string): ServiceId | undefined {
  if (type === '*') return 'iam';
  if (byType.has(type)) return byType.get(type);
  if (byType.size >= MAX_TYPES) byType.clear();
  const service = findService(type);
  byType.set(detached(type), service);
  return service;
}

/**
 * What the modules of github.com/terraform-aws-modules that rules know are there to make, by name of the module; of a submodule,
 * with its path, where it makes something of the same service.
 */
const MADE_BY_MODULE: ReadonlyMap<string, string> = new Map([
  ['ecr', 'aws_ecr_repository'],
  ['eks', 'aws_eks_cluster'],
  ['iam//modules/iam-policy', 'aws_iam_policy'],
  ['kms', 'aws_kms_key'],
  ['lambda', 'aws_lambda_function'],
  ['rds', 'aws_db_instance'],
  ['rds//modules/db_instance', 'aws_db_instance'],
  ['rds-aurora', 'aws_rds_cluster'],
  ['s3-bucket', 'aws_s3_bucket'],
  ['security-group', 'aws_security_group'],
  ['vpc', 'aws_vpc'],
]);

/** The resource that a call of a registry module is there for; undefined for other types, and modules that are not known. */
function madeByModule(type: string): string | undefined {
  const name = /^module:terraform-aws-modules\/([\w-]+)\/aws(\/\/modules\/[\w-]+)?$/.exec(type);
  if (!name) return undefined;
  // Each named rule set of the security group module is a submodule of its own.
  return MADE_BY_MODULE.get(name[1] === 'security-group' ? name[1] : `${name[1]}${name[2] ?? ''}`);
}

function findService(type: string): ServiceId | undefined {
  const made = madeByModule(type);
  if (made !== undefined) return findService(made);
  const bare = type
    .replace(/^data\./, '')
    .replace(/^AWS::/, '')
    .replace(/^aws_/, '');
  return PREFIXES.find(
    ([prefix]) => bare.startsWith(prefix) && (/[A-Z]|_$/.test(prefix) || /^(?:_|$)/.test(bare.slice(prefix.length))),
  )?.[1];
}

/** The model of a service, in the form in which a resource uses it. */
export interface ServiceView extends Duties {
  readonly id: ServiceId;
  /** `Amazon ECS, on Fargate`. */
  readonly name: string;
  readonly kind: ServiceClass;
  readonly sources: readonly Source[];
  /** The setting that decides the form, where it is not known: the row then holds for all forms. */
  readonly dependsOn?: string;
  /** Settings of the resource that move the line, in the order of the model. */
  readonly moved: readonly LineMover[];
}

/**
 * What the model says of a resource, as its settings stand. A setting that is not known decides nothing: the service's own
 * row then holds, which is true of all its forms.
 * @param ruleId a rule whose subject may be another service than the resource's
 */
export function serviceOf(resource: Resource, ruleId = ''): ServiceView | undefined {
  const other = BY_RULE.find(([prefix]) => ruleId.startsWith(prefix))?.[1];
  const id = other ?? resource.types.map(serviceIdOf).find((one) => one !== undefined) ?? serviceIdOf(resource.type);
  if (!id) return undefined;
  return viewOf(resource, id);
}

const viewOf = oncePer((resource: Resource, id: ServiceId): ServiceView => {
  const service = SERVICES[id];
  const { situation, dependsOn } = resource.isData ? {} : situationOf(service.situations ?? [], resource);
  return {
    id,
    dependsOn,
    name: situation ? `${service.name}, ${situation.label}` : service.name,
    kind: situation?.kind ?? service.kind,
    aws: situation?.aws ?? service.aws,
    customer: situation?.customer ?? service.customer,
    shared: situation?.shared ?? service.shared,
    sources: [...(situation?.sources ?? []), ...service.sources],
    moved: resource.isData
      ? []
      : (service.movers ?? []).filter(
          ({ when, except }) => holds(when, resource) && !(except && mayHold(except, resource)),
        ),
  };
});

/** The first form that certainly holds; none where an earlier one may. */
function situationOf(
  situations: readonly Situation[],
  resource: Resource,
): { readonly situation?: Situation; readonly dependsOn?: string } {
  for (const situation of situations) {
    const verdict = judge(situation.when, resource);
    if (verdict.holds) return { situation };
    if (verdict.holds === undefined) return { dependsOn: verdict.path?.replaceAll('[]', '') };
  }
  return {};
}

/** Whether one of the tests certainly holds for a resource: in every branch, with nothing unknown. */
export function holds(tests: readonly SettingTest[], resource: Resource): boolean {
  return judge(tests, resource).holds === true;
}

/** Whether one of the tests may hold for a resource: in some branch, or for all that is known. */
export function mayHold(tests: readonly SettingTest[], resource: Resource): boolean {
  return judge(tests, resource).holds !== false;
}

/** Whether one of the tests holds; undefined where that is not known or branches differ, with the setting that decides. */
function judge(
  tests: readonly SettingTest[],
  resource: Resource,
): { readonly holds?: boolean; readonly path?: string } {
  let open: string | undefined;
  for (const test of tests) {
    if (!test.types.some((type) => resource.types.includes(type))) continue;
    if (test.path === undefined) return { holds: true };
    const found = select(resource, test.path);
    if (!found.length && test.absent) return { holds: true };
    const verdicts = new Set(found.map((one) => passes(test, one)));
    if (verdicts.size === 1 && verdicts.has(true)) return { holds: true };
    if (verdicts.size > 1 || verdicts.has(undefined)) open ??= test.path;
  }
  return open === undefined ? { holds: false } : { path: open };
}

/** Whether a value is one that the test names; undefined where that is not known. */
export function passes(test: SettingTest, { value, path }: Pick<Found, 'value' | 'path'>): boolean | undefined {
  if (value.kind === 'absent') return test.absent === true;
  // A variable may hold null; of a block that is not known, nothing in it is known to be there.
  const doubtful = value.kind === 'unknown' && (value.parameter !== undefined || depth(path) < depth(test.path));
  if (test.present) return doubtful ? undefined : true;
  if (value.kind !== 'known') return test.values ? undefined : false;
  const text = String(value.value).toLowerCase();
  return (test.values ?? []).some((one) => {
    const wanted = one.toLowerCase();
    return wanted.endsWith('*') ? text.startsWith(wanted.slice(0, -1)) : text === wanted;
  });
}

/** How many names a path has, positions in lists aside. */
function depth(path = ''): number {
  return path.split('.').filter((name) => !/^(?:\d+|\[\])$/.test(name)).length;
}
