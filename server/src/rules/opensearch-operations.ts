/** Amazon OpenSearch Service in operation: which logs a domain publishes, and how it outlives a zone. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString } from '../template/value.ts';
import { set } from './fixes.ts';
import { clusterBlock, DOMAINS, TF_DOMAINS } from './opensearch-types.ts';
import { atLeast, isTrue, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Reporter, Rule, Target } from './rule.ts';
import { isOn } from './shared.ts';

// ---- logs

interface LogKind {
  readonly name: string;
  readonly types: readonly string[];
  readonly aliases: readonly string[];
}

const AUDIT: LogKind = {
  name: 'audit logs',
  types: ['AUDIT_LOGS'],
  aliases: [
    'checkov:CKV_AWS_317',
    'trivy:AVD-AWS-0042',
    'guard:OPENSEARCH_AUDIT_LOGGING_ENABLED',
    'guard:ELASTICSEARCH_AUDIT_LOGGING_ENABLED',
  ],
};
const ERRORS: LogKind = {
  name: 'error logs',
  types: ['ES_APPLICATION_LOGS'],
  aliases: [
    'guard:OPENSEARCH_APPLICATION_LOGGING_ENABLED',
    'guard:ELASTICSEARCH_APPLICATION_LOGGING_ENABLED',
    'cdk-nag:OpenSearchErrorLogsToCloudWatch',
  ],
};
const SLOW: LogKind = {
  name: 'slow logs',
  types: ['SEARCH_SLOW_LOGS', 'INDEX_SLOW_LOGS'],
  aliases: ['cdk-nag:AwsSolutions-OS9', 'kics:ElasticSearch Without Slow Logs'],
};
const KINDS = [AUDIT, ERRORS, SLOW];
/** Where nothing is logged at all. */
const NO_LOG = ['checkov:CKV_AWS_84', 'guard:ELASTICSEARCH_LOGS_TO_CLOUDWATCH', 'kics:Elasticsearch Log Disabled'];

/** What a domain says of one type of log. */
interface LogState {
  /** It is published, or may be. */
  on: boolean;
  /** Switches that are off, and absent ones that mean it; and whether there is a log group that turning them on would fill. */
  readonly off: { readonly found: Found; readonly hasGroup: boolean }[];
  /** Logs that go nowhere: switched on without a log group. */
  readonly lost: Found[];
  /** Not mentioned: on the block that would hold it. */
  readonly missing: Found[];
}

const SHAPES = {
  cloudFormation: {
    block: 'LogPublishingOptions',
    enabled: 'Enabled',
    group: 'CloudWatchLogsLogGroupArn',
    default: false,
  },
  terraform: {
    block: 'log_publishing_options',
    enabled: 'enabled',
    group: 'cloudwatch_log_group_arn',
    default: true,
  },
} as const;

type Shape = (typeof SHAPES)[keyof typeof SHAPES];

/** Takes in what one block says of its log. */
function readLog(log: Found, shape: Shape, state: LogState): void {
  for (const enabled of below(log, shape.enabled)) {
    const on = enabled.value.kind === 'absent' ? shape.default : asBoolean(enabled.value);
    const groups = below(log, shape.group);
    const without = groups.filter(({ value }) => namesNoGroup(value));
    if (on === false) {
      state.off.push({ found: enabled, hasGroup: !without.length });
      continue;
    }
    const lost = on ? without : [];
    state.lost.push(...lost);
    if (lost.length < groups.length) state.on = true;
  }
}

function namesNoGroup(value: Found['value']): boolean {
  if (value.kind === 'absent' || value.kind === 'list') return true;
  return value.kind === 'known' && (typeof value.value !== 'string' || value.value === '');
}

/** Each type of log; undefined where blocks cannot be told apart. */
function logsOf(domain: Resource): ReadonlyMap<string, LogState> | undefined {
  const states = new Map<string, LogState>(
    KINDS.flatMap(({ types }) => types).map((type) => [type, { on: false, off: [], lost: [], missing: [] }]),
  );
  if (domain.type.startsWith('AWS::')) {
    for (const [type, state] of states) {
      for (const log of select(domain, `LogPublishingOptions.${type}`)) {
        if (log.value.kind === 'absent') state.missing.push(log);
        else if (log.value.kind === 'object') readLog(log, SHAPES.cloudFormation, state);
        else state.on = true;
      }
    }
    return states;
  }
  for (const log of select(domain, 'log_publishing_options[]')) {
    if (log.value.kind === 'absent') continue;
    if (log.value.kind !== 'object') return undefined;
    const names = below(log, 'log_type').map(({ value }) => asString(value));
    for (const name of names) {
      const state = name === undefined ? undefined : states.get(name.toUpperCase());
      if (!state) return undefined;
      readLog(log, SHAPES.terraform, state);
    }
  }
  const [block] = select(domain, 'log_publishing_options');
  const node = block?.key ?? domain.key;
  for (const { on, off, lost, missing } of states.values()) {
    if (on || off.length || lost.length) continue;
    const absent = { kind: 'absent' as const, node, missing: [] };
    missing.push({
      value: absent,
      node,
      conditions: domain.conditions,
      via: [],
      scopes: [],
      resource: domain,
      path: 'log_publishing_options',
    });
  }
  return states;
}

function publish(kind: LogKind): FixMaker {
  const more = kind === AUDIT ? ', and the domain needs fine-grained access control' : '';
  return set(true, { safe: false, note: `the log group must let es.amazonaws.com write${more}` });
}

function checkLogs(domain: Resource, reporter: Reporter): void {
  const states = logsOf(domain);
  if (!states) return;
  const silent = ![...states.values()].some((state) => state.on);
  const missing = new Map<string, { readonly found: Found; readonly kinds: LogKind[] }>();
  for (const kind of KINDS) {
    const own = kind.types.map((type) => [type, states.get(type) as LogState] as const);
    for (const [type, { off, lost }] of own) {
      const variant = silent ? 'none' : kind === AUDIT ? 'audit' : 'other';
      const aliases = silent ? [...NO_LOG, ...kind.aliases] : kind.aliases;
      for (const { found, hasGroup } of off) {
        reporter.reportFound(found, {
          variant,
          aliases,
          message: `${type} is switched off`,
          fix: () => (hasGroup ? publish(kind)(found) : undefined),
        });
      }
      for (const found of lost) {
        reporter.reportFound(found, { variant, aliases, message: `${type} names no log group: nothing is published` });
      }
    }
    // Of the two slow logs one is enough.
    if (own.some(([, state]) => state.on || state.off.length || state.lost.length) && kind === SLOW) continue;
    for (const found of own[0]?.[1].missing ?? []) {
      const key = `${found.node.start} ${found.conditions.map(({ id, value }) => `${id}=${value}`).join()}`;
      const group = missing.get(key);
      if (group) group.kinds.push(kind);
      else missing.set(key, { found, kinds: [kind] });
    }
  }
  for (const { found, kinds } of missing.values()) {
    const none = silent || kinds.length === KINDS.length;
    reporter.reportFound(found, {
      variant: none ? 'none' : kinds.includes(AUDIT) ? 'audit' : 'other',
      aliases: [...(none ? NO_LOG : []), ...kinds.flatMap(({ aliases }) => aliases)],
      message:
        kinds.length === KINDS.length
          ? 'Domain publishes no logs'
          : `Domain publishes no ${kinds.map(({ name }) => name).join(' and no ')}`,
      path: domain.type.startsWith('AWS::') ? SHAPES.cloudFormation.block : SHAPES.terraform.block,
    });
  }
}

// ---- availability

function clusterTargets(
  cloudFormation: string,
  terraform: string,
  where?: (domain: Resource) => boolean | undefined,
): Target[] {
  return [
    ...DOMAINS.map((type) => ({
      type,
      path: `${type.includes('Elasticsearch') ? 'ElasticsearchClusterConfig' : 'ClusterConfig'}.${cloudFormation}`,
      where,
    })),
    { type: TF_DOMAINS, path: `cluster_config.${terraform}`, where },
  ];
}

function clusterSwitch(cloudFormation: string, terraform: string) {
  return (domain: Resource) =>
    isOn(domain, `${clusterBlock(domain)}.${domain.type.startsWith('AWS::') ? cloudFormation : terraform}`);
}

const DATA_NODES = ['guard:OPENSEARCH_DATA_NODE_FAULT_TOLERANCE', 'guard:ELASTICSEARCH_DATA_NODE_FAULT_TOLERANCE'];
const PRIMARY_NODES = 'guard:ELASTICSEARCH_PRIMARY_NODE_FAULT_TOLERANCE';

export const OPENSEARCH_OPERATION_RULES: readonly Rule[] = [
  {
    id: 'opensearch-logging',
    title: 'Domain publishes no logs',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'OpenSearch Service can publish its logs to CloudWatch Logs; which of them it does is your setting.',
    },
    description:
      'Failed logins, requests that were refused and changes of permissions leave no trace without audit logs, and errors of the cluster none without error logs. Publish both to CloudWatch Logs, in a log group whose resource policy lets `es.amazonaws.com` write. Audit logs need fine-grained access control.',
    aws: awsDefaults('opensearch-logs'),
    aliases: [...NO_LOG, ...KINDS.flatMap(({ aliases }) => aliases)],
    variants: {
      none: {},
      audit: { aliases: AUDIT.aliases },
      other: { severity: 'info', aliases: [...ERRORS.aliases, ...SLOW.aliases] },
    },
    references: [
      aws(
        'Monitoring OpenSearch logs with Amazon CloudWatch Logs',
        'opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html',
      ),
      aws(
        'Monitoring audit logs in Amazon OpenSearch Service',
        'opensearch-service/latest/developerguide/audit-logs.html',
      ),
    ],
    checks: [{ kind: 'resource', types: [...DOMAINS, ...TF_DOMAINS], check: checkLogs }],
  },
  {
    id: 'opensearch-ha',
    title: 'Domain does not outlive the loss of a zone',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS replaces nodes that fail; in how many zones there are nodes, and how many, is your setting.',
    },
    description:
      'With all nodes in one zone the domain is gone while the zone is. Spread at least three data nodes over zones, and let three dedicated master nodes keep the cluster together.',
    aliases: [
      'checkov:CKV_AWS_318',
      'checkov:CKV2_AWS_59',
      ...DATA_NODES,
      PRIMARY_NODES,
      'cdk-nag:AwsSolutions-OS4',
      'cdk-nag:AwsSolutions-OS7',
    ],
    variants: {
      zones: {
        message: 'All data nodes are in one zone',
        aliases: ['checkov:CKV_AWS_318', ...DATA_NODES, 'cdk-nag:AwsSolutions-OS7'],
      },
      nodes: { message: 'The domain has fewer than three data nodes', aliases: DATA_NODES },
      masters: {
        message: 'The domain has no dedicated master nodes',
        aliases: ['checkov:CKV2_AWS_59', PRIMARY_NODES, 'cdk-nag:AwsSolutions-OS4'],
      },
      'few-masters': {
        message: 'The domain has fewer than three dedicated master nodes',
        aliases: ['checkov:CKV_AWS_318', PRIMARY_NODES],
      },
    },
    references: [
      aws(
        'Configuring a multi-AZ domain in Amazon OpenSearch Service',
        'opensearch-service/latest/developerguide/managedomains-multiaz.html',
      ),
      aws(
        'Dedicated master nodes in Amazon OpenSearch Service',
        'opensearch-service/latest/developerguide/managedomains-dedicatedmasternodes.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: clusterTargets('ZoneAwarenessEnabled', 'zone_awareness_enabled'),
        must: otherwise(isTrue, 'zones'),
        absent: 'zones',
      },
      {
        kind: 'property',
        targets: clusterTargets(
          'InstanceCount',
          'instance_count',
          clusterSwitch('ZoneAwarenessEnabled', 'zone_awareness_enabled'),
        ),
        must: otherwise(atLeast(3), 'nodes'),
        absent: 'nodes',
      },
      {
        kind: 'property',
        targets: clusterTargets('DedicatedMasterEnabled', 'dedicated_master_enabled'),
        must: otherwise(isTrue, 'masters'),
        absent: 'masters',
      },
      {
        kind: 'property',
        targets: clusterTargets(
          'DedicatedMasterCount',
          'dedicated_master_count',
          clusterSwitch('DedicatedMasterEnabled', 'dedicated_master_enabled'),
        ),
        must: otherwise(atLeast(3), 'few-masters'),
        absent: true,
      },
    ],
  },
];
