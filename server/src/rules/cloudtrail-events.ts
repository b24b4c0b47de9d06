/** AWS CloudTrail: events of objects in S3, and alarms on what a trail sends to CloudWatch Logs. */

import type { Data } from '../syntax/edit.ts';
import { companions, declareCompanions, ownersOf } from '../template/companions.ts';
import { below, blockKey, type Found, select } from '../template/select.ts';
import { isPartial, type Resource, type Template } from '../template/template.ts';
import { asPattern, asString, type Leaf } from '../template/value.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { aws } from './references.ts';
import type { Related, Reporter, Rule } from './rule.ts';

const TRAIL = 'AWS::CloudTrail::Trail';
const TF_TRAIL = 'aws_cloudtrail';
const TRAILS = [TRAIL, TF_TRAIL];

declareCompanions('AWS::Logs::LogGroup', { 'AWS::Logs::MetricFilter': 'LogGroupName' });
declareCompanions('aws_cloudwatch_log_group', { aws_cloudwatch_log_metric_filter: 'log_group_name' });

// ---- events of S3 objects

/** How each language writes selectors; event data stores of CloudTrail Lake have the advanced kind only. */
interface Names {
  readonly basic: string;
  readonly advanced: string;
  readonly resources: string;
  readonly readWrite: string;
  readonly fields: string;
  readonly field: string;
  readonly equals: string;
}
const CLOUDFORMATION: Names = {
  basic: 'EventSelectors',
  advanced: 'AdvancedEventSelectors',
  resources: 'DataResources[].Type',
  readWrite: 'ReadWriteType',
  fields: 'FieldSelectors[]',
  field: 'Field',
  equals: 'Equals[]',
};
const TERRAFORM: Names = {
  basic: 'event_selector',
  advanced: 'advanced_event_selector',
  resources: 'data_resource[].type',
  readWrite: 'read_write_type',
  fields: 'field_selector[]',
  field: 'field',
  equals: 'equals[]',
};
const S3_OBJECT = 'AWS::S3::Object';

function namesOf(resource: Resource): Names {
  return resource.type.startsWith('AWS::') ? CLOUDFORMATION : TERRAFORM;
}

/** Which events of S3 objects a selector takes: undefined where that is not known. */
interface Recorded {
  readonly reads: boolean;
  readonly writes: boolean;
  /** What leaves the others out. */
  readonly limit?: Found;
}
const NONE: Recorded = { reads: false, writes: false };

function texts(found: readonly Found[]): readonly string[] | undefined {
  const all = found.filter(({ value }) => value.kind !== 'absent').map(({ value }) => asString(value));
  return all.includes(undefined) ? undefined : (all as string[]);
}

function ofBasic(selector: Found, names: Names): Recorded | undefined {
  const types = texts(below(selector, names.resources));
  if (!types) return undefined;
  if (!types.includes(S3_OBJECT)) return NONE;
  const [limit] = below(selector, names.readWrite);
  if (!limit || limit.value.kind === 'absent') return { reads: true, writes: true };
  const text = asString(limit.value)?.toLowerCase();
  if (text === undefined) return undefined;
  return { reads: text !== 'writeonly', writes: text !== 'readonly', limit };
}

function ofAdvanced(selector: Found, names: Names): Recorded | undefined {
  let isS3 = false;
  let result: Recorded = { reads: true, writes: true };
  for (const block of below(selector, names.fields)) {
    const [field] = below(block, names.field);
    const name = field && asString(field.value);
    const values = texts(below(block, names.equals));
    if (name === undefined || values === undefined) return undefined;
    if (name === 'resources.type') isS3 = values.includes(S3_OBJECT);
    else if (name === 'readOnly' && values.length === 1) {
      const reads = values[0]?.toLowerCase() === 'true';
      result = { reads, writes: !reads, limit: block };
    }
  }
  return isS3 ? result : NONE;
}

/** What all selectors of a trail or event data store take. */
function recorded(resource: Resource): { readonly parts: readonly Recorded[]; readonly unknown: boolean } {
  const names = namesOf(resource);
  const parts: Recorded[] = [];
  let unknown = false;
  for (const [path, judge] of [
    [names.basic, ofBasic],
    [names.advanced, ofAdvanced],
  ] as const) {
    for (const selector of select(resource, `${path}[]`)) {
      if (selector.value.kind === 'absent') continue;
      const part = selector.value.kind === 'object' ? judge(selector, names) : undefined;
      if (part) parts.push(part);
      else unknown = true;
    }
  }
  return { parts, unknown };
}

function checkDataEvents(template: Template, reporter: Reporter): void {
  const sources = template.ofType(...TRAILS, 'AWS::CloudTrail::EventDataStore', 'aws_cloudtrail_event_data_store');
  const trails = template.ofType(...TRAILS);
  if (!trails.length) return;
  const all = sources.map((resource) => ({ resource, ...recorded(resource) }));
  if (all.some(({ unknown }) => unknown) || isPartial(template)) return;
  const parts = all.flatMap((one) => one.parts);
  const reads = parts.some((part) => part.reads);
  const writes = parts.some((part) => part.writes);
  if (reads && writes) return;
  const limit = parts.find((part) => part.limit && (part.reads || part.writes))?.limit;
  if (limit) {
    reporter.reportFound(limit, {
      node: limit.value.kind === 'object' ? blockKey(limit.node) : limit.node,
      variant: reads ? 'reads-only' : 'writes-only',
      fix: () => (limit.value.kind === 'object' ? undefined : set('All', COST)(limit)),
    });
    return;
  }
  // One of several is enough: the first, which is what a template is likely to be about.
  const [trail] = trails;
  if (!trail) return;
  const names = namesOf(trail);
  const [found] = [names.basic, names.advanced]
    .flatMap((path) => select(trail, path))
    .filter(({ value }) => value.kind !== 'absent');
  if (found) reporter.reportFound(found, { node: found.key ?? found.node });
  else reporter.report({ node: trail.key, resource: trail, path: names.advanced, fix: () => addSelectors(trail) });
}

const COST = { safe: false, note: 'data events are charged for' } as const;

/** Selectors that keep the management events, which are all there are without selectors, and add those of objects. */
function addSelectors(trail: Resource): Fix | readonly Fix[] | undefined {
  const isCloudFormation = trail.type === TRAIL;
  const selector = (name: string, fields: readonly (readonly [string, string])[]): Data =>
    isCloudFormation
      ? { Name: name, FieldSelectors: fields.map(([field, value]) => ({ Field: field, Equals: [value] })) }
      : { name, field_selector: fields.map(([field, value]) => ({ field, equals: [value] })) };
  const [absent] = select(trail, namesOf(trail).advanced);
  return (
    absent &&
    set(
      [
        selector('Management events', [['eventCategory', 'Management']]),
        selector('S3 objects', [
          ['eventCategory', 'Data'],
          ['resources.type', S3_OBJECT],
        ]),
      ],
      { ...COST, title: 'Record the events of S3 objects' },
    )(absent)
  );
}

// ---- alarms

/** What the CIS benchmark wants to be told of, trivy's id, and how a filter pattern that looks for it reads. */
interface Alarm {
  readonly about: string;
  readonly id: string;
  readonly pattern: RegExp;
}
const ALARMS: readonly Alarm[] = [
  { about: 'unauthorized calls', id: 'AVD-AWS-0147', pattern: /UnauthorizedOperation|AccessDenied/i },
  { about: 'sign-in without MFA', id: 'AVD-AWS-0148', pattern: /MFAUsed/i },
  { about: 'use of the root user', id: 'AVD-AWS-0149', pattern: /userIdentity\.type[^&|]{0,100}Root/i },
  {
    about: 'IAM policies',
    id: 'AVD-AWS-0150',
    pattern: /(Put|Delete|Attach|Detach)\w{0,30}(Role|User|Group)\w{0,30}Policy/i,
  },
  { about: 'CloudTrail', id: 'AVD-AWS-0151', pattern: /StopLogging|DeleteTrail/i },
  { about: 'failed sign-in', id: 'AVD-AWS-0152', pattern: /Failed authentication/i },
  { about: 'deletion of KMS keys', id: 'AVD-AWS-0153', pattern: /ScheduleKeyDeletion|DisableKey/i },
  { about: 'bucket policies', id: 'AVD-AWS-0154', pattern: /(Put|Delete)Bucket(Policy|Acl)/i },
  { about: 'AWS Config', id: 'AVD-AWS-0155', pattern: /StopConfigurationRecorder|DeleteDeliveryChannel/i },
  { about: 'security groups', id: 'AVD-AWS-0156', pattern: /SecurityGroup(Ingress|Egress)?\b/i },
  { about: 'network ACLs', id: 'AVD-AWS-0157', pattern: /NetworkAcl/i },
  { about: 'gateways', id: 'AVD-AWS-0158', pattern: /(Internet|Customer)Gateway/i },
  { about: 'route tables', id: 'AVD-AWS-0159', pattern: /(Create|Replace|Delete)Route/i },
  { about: 'VPCs', id: 'AVD-AWS-0160', pattern: /(Create|Delete)Vpc|ModifyVpcAttribute/i },
  { about: 'AWS Organizations', id: 'AVD-AWS-0174', pattern: /organizations\.amazonaws\.com/i },
];
const KICS = ['kics:CloudWatch Unauthorized Access Alarm Missing'];
const GROUPS: Readonly<Record<string, { readonly type: string; readonly property: string }>> = {
  [TRAIL]: { type: 'AWS::Logs::LogGroup', property: 'CloudWatchLogsLogGroupArn' },
  [TF_TRAIL]: { type: 'aws_cloudwatch_log_group', property: 'cloud_watch_logs_group_arn' },
};
const ALARM_TYPES = ['AWS::CloudWatch::Alarm', 'aws_cloudwatch_metric_alarm'];
/** Where alarms name their metric: one, or several in an expression. */
const METRICS: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudWatch::Alarm': ['MetricName', 'Metrics[].MetricStat.Metric.MetricName'],
  aws_cloudwatch_metric_alarm: ['metric_name', 'metric_query[].metric[].metric_name'],
};

/** The metrics that alarms watch; undefined where one is not known. */
function watched(template: Template): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const alarm of template.ofType(...ALARM_TYPES)) {
    for (const { value } of (METRICS[alarm.type] ?? []).flatMap((path) => select(alarm, path))) {
      if (value.kind === 'absent') continue;
      const name = metricOf(value);
      if (name === undefined) return undefined;
      names.add(name);
    }
  }
  return names;
}

/** A metric by its name, or by the filter that a reference takes it from. */
function metricOf(value: Leaf): string | undefined {
  if (value.kind === 'reference') return value.to === 'resource' ? `\u0000${value.target}` : undefined;
  return value.kind === 'known' ? String(value.value) : undefined;
}

/** Whether an alarm watches the metric of a filter. */
function isWatched(filter: Resource, names: ReadonlySet<string>): boolean | undefined {
  if (names.has(`\u0000${filter.address}`)) return true;
  const path = filter.type.startsWith('AWS::') ? 'MetricTransformations[].MetricName' : 'metric_transformation[].name';
  const metrics = select(filter, path).map(({ value }) => metricOf(value));
  if (metrics.some((name) => name !== undefined && names.has(name))) return true;
  return metrics.includes(undefined) ? undefined : false;
}

function checkAlarms(trail: Resource, reporter: Reporter): void {
  const place = GROUPS[trail.type];
  if (!place) return;
  const [found] = select(trail, place.property);
  const [group] = ownersOf(trail, place.property, place.type);
  const { template } = trail;
  const filterType =
    place.type === 'AWS::Logs::LogGroup' ? 'AWS::Logs::MetricFilter' : 'aws_cloudwatch_log_metric_filter';
  if (!found || !group) return;
  const { sure, maybe } = companions(group, filterType);
  const names = watched(template);
  // Where nothing is made of the log here, alarms are another template's.
  if (maybe || !sure.length || !names) return;
  const patterns: string[] = [];
  const silent: Related[] = [];
  for (const filter of sure) {
    const isSeen = isWatched(filter, names);
    const [pattern] = select(filter, filter.type.startsWith('AWS::') ? 'FilterPattern' : 'pattern');
    const text = pattern && asPattern(pattern.value);
    if (isSeen === undefined || text === undefined || text.includes('\u0000')) return;
    if (isSeen) patterns.push(text);
    else silent.push({ node: filter.key, message: 'No alarm watches this metric', resource: filter });
  }
  const missing = ALARMS.filter((alarm) => !patterns.some((text) => alarm.pattern.test(text)));
  if (!missing.length) return;
  reporter.reportFound(found, {
    message: `No alarm on ${listed(missing.map((alarm) => alarm.about))}`,
    aliases: [...missing.map((alarm) => `trivy:${alarm.id}`), ...KICS],
    related: silent,
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4);
  const more = names.length - shown.length;
  return more ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

export const CLOUDTRAIL_EVENT_RULES: readonly Rule[] = [
  {
    id: 's3-data-events',
    title: 'Trail records no events of S3 objects',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'CloudTrail records who changes a bucket by itself; who reads and writes the objects in it, only where you ask for it.',
    },
    description:
      'After a theft nobody can tell which objects were read, or by whom. Record data events of S3, at least of the buckets that hold what must not get out; they are charged for by their number, so leave busy buckets of no interest out.',
    aws: [
      {
        text: 'A trail without selectors records management events alone.',
        source: 'AWS CloudTrail API Reference: PutEventSelectors',
      },
    ],
    aliases: [
      'trivy:AVD-AWS-0171',
      'trivy:AVD-AWS-0172',
      'guard:CLOUDTRAIL_S3_DATAEVENTS_ENABLED',
      'kics:S3 Bucket Object Level CloudTrail Logging Disabled',
    ],
    variants: {
      'reads-only': {
        message: 'Trail leaves out who writes and deletes S3 objects',
        aliases: ['trivy:AVD-AWS-0171'],
      },
      'writes-only': { message: 'Trail leaves out who reads S3 objects', aliases: ['trivy:AVD-AWS-0172'] },
    },
    references: [aws('Logging data events', 'awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html')],
    checks: [{ kind: 'template', check: checkDataEvents }],
  },
  {
    id: 'cis-metric-alarms',
    title: 'No alarm on changes that matter',
    category: 'logging',
    severity: 'info',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'CloudTrail writes down what happens; to be told of it in time is for your filters and alarms, or for GuardDuty and Security Hub.',
    },
    description:
      'The CIS benchmark asks for an alarm on each of fifteen kinds of events: use of the root user, sign-in without MFA, changes to policies, keys, trails and the network. The log group of this trail has metric filters, but none with an alarm for those named. Add filters and alarms, or leave the rule off where EventBridge or Security Hub tells you.',
    aliases: [...ALARMS.map(({ id }) => `trivy:${id}`), ...KICS],
    references: [
      aws(
        'Creating CloudWatch alarms for CloudTrail events: examples',
        'awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html',
      ),
    ],
    checks: [{ kind: 'resource', types: TRAILS, check: checkAlarms }],
  },
];
