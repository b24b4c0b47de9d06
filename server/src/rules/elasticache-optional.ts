/** Amazon ElastiCache: settings that some teams ask for of every cache. */

import { select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asNumber, asString } from '../template/value.ts';
import { CLUSTER, engineOf, GROUP, isMemcached, isPrimary, TF_CLUSTER, TF_GROUP } from './elasticache.ts';
import { type FixOptions, set } from './fixes.ts';
import { isPresent, isTrue, noneOf, oneOf, otherwise, textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Predicate, Reporter, Rule } from './rule.ts';
import { all, isOn, known, lacks } from './shared.ts';

const GROUPS = [GROUP, TF_GROUP];

function isCloudFormation(cache: Resource): boolean {
  return cache.type.startsWith('AWS::');
}

/** A cache of its own, not a node of a replication group, which takes its settings from there. */
function isOwn(cache: Resource): boolean | undefined {
  if (GROUPS.includes(cache.type)) return isPrimary(cache);
  return cache.type === CLUSTER ? true : lacks(cache, 'replication_group_id');
}

// ---- availability

/** A count that is written out. */
function countOf(cache: Resource, path: string): number | undefined {
  const text = known(cache, path);
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

/** The number of nodes of a shard, where it is said. */
function nodesOf(group: Resource): number | undefined {
  const [nodes, replicas] = isCloudFormation(group)
    ? ['NumCacheClusters', 'ReplicasPerNodeGroup']
    : ['num_cache_clusters', 'replicas_per_node_group'];
  const besides = countOf(group, replicas);
  return countOf(group, nodes) ?? (besides === undefined ? undefined : besides + 1);
}

/** Sets a switch that needs a replica: none is offered for a group that is known to have one node only. */
function withReplica(options: FixOptions = {}): FixMaker {
  const fix = set(true, { safe: false, note: 'needs a replica in another zone', ...options });
  return (found) => ((nodesOf(found.resource) ?? 2) < 2 ? undefined : fix(found));
}

const ZONES: Readonly<Record<'cloudFormation' | 'terraform', readonly [failover: string, zones: string]>> = {
  cloudFormation: ['AutomaticFailoverEnabled', 'MultiAZEnabled'],
  terraform: ['automatic_failover_enabled', 'multi_az_enabled'],
};

function checkZones(group: Resource, reporter: Reporter): void {
  if (isPrimary(group) !== true) return;
  const [failover, zones] = isCloudFormation(group) ? ZONES.cloudFormation : ZONES.terraform;
  for (const found of select(group, failover)) {
    if (found.value.kind !== 'absent' && isTrue(found.value, found) !== false) continue;
    reporter.reportFound(found, { variant: 'failover', fix: () => withReplica({ also: { [zones]: true } })(found) });
  }
  // Without failover there is no other zone to fail over to.
  if (isOn(group, failover) !== true) return;
  for (const found of select(group, zones)) {
    if (found.value.kind !== 'absent' && isTrue(found.value, found) !== false) continue;
    reporter.reportFound(found, { variant: 'zones', fix: () => withReplica()(found) });
  }
}

/** Memcached nodes of which there are several. */
function isSpreadable(cluster: Resource): boolean | undefined {
  const nodes = countOf(cluster, isCloudFormation(cluster) ? 'NumCacheNodes' : 'num_cache_nodes');
  return all(isMemcached(cluster), nodes === undefined ? undefined : nodes > 1);
}

// ---- ports and versions

const PORTS: Readonly<Record<string, number>> = Object.assign(Object.create(null), {
  redis: 6379,
  valkey: 6379,
  memcached: 11211,
});

function defaultPort(cache: Resource): number | undefined {
  return PORTS[engineOf(cache) ?? ''];
}

function hasPort(cache: Resource): boolean | undefined {
  return all(isOwn(cache), defaultPort(cache) === undefined ? undefined : true);
}

const otherPort: Predicate = (value, found) => {
  const port = asNumber(value);
  return port === undefined ? undefined : port === defaultPort(found.resource) ? 'port' : true;
};

function isRedis(cache: Resource): boolean | undefined {
  const engine = engineOf(cache);
  return all(isOwn(cache), engine === undefined ? undefined : engine === 'redis');
}

/** Standard support ended on 2023-01-13 (2.x), 2023-07-31 (3.x) and 2026-01-31 (4.x, 5.x). */
const supported: Predicate = textThat((text) => {
  const major = /^(\d{1,2})\./.exec(text)?.[1];
  return major === undefined ? undefined : Number(major) >= 6 ? true : 'version';
});

const ownSubnets: Predicate = (value, found) => {
  const present = isPresent(value, found);
  return present === true && asString(value)?.toLowerCase() === 'default'
    ? 'subnets'
    : otherwise(isPresent, 'subnets')(value, found);
};

export const ELASTICACHE_OPTIONAL_RULES: readonly Rule[] = [
  {
    id: 'elasticache-misc',
    title: 'Cache leaves optional protections out',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS replaces nodes that fail and offers patched versions; zones, subnets, versions and ports of a node-based cache are your setting.',
    },
    description:
      'With a replica in another Availability Zone and automatic failover a cache survives the loss of a zone. A subnet group of your own keeps it out of the default VPC. Current versions get security fixes, and minor ones come by themselves unless that is switched off.',
    aliases: [],
    variants: {
      upgrade: {
        message: 'Minor version upgrades are switched off',
        aliases: ['checkov:CKV_AWS_322'],
        owner: {
          side: 'shared',
          why: 'AWS upgrades minor versions by itself where that is allowed; switched off, they wait for you.',
          moves: { from: 'aws', to: 'shared' },
        },
      },
      failover: {
        message: 'No replica takes over by itself when the primary node fails',
        aliases: ['checkov:CKV2_AWS_50', 'cdk-nag:AwsSolutions-AEC4'],
      },
      zones: {
        message: 'Replicas may all be in one Availability Zone: Multi-AZ is not enabled',
        aliases: ['cdk-nag:AwsSolutions-AEC4'],
      },
      nodes: {
        message: 'All nodes of the Memcached cluster are in one Availability Zone',
        aliases: ['kics:ElastiCache Nodes Not Created Across Multi AZ'],
      },
      subnets: {
        message: 'The cache is in the default subnets, not in a subnet group of your own',
        aliases: ['checkov:CKV_AWS_323'],
      },
      port: {
        severity: 'info',
        message: 'The cache listens on the default port of its engine, which scanners try first',
        aliases: ['cdk-nag:AwsSolutions-AEC5', 'kics:ElastiCache Using Default Port'],
      },
      version: {
        message: 'Standard support for this version of Redis OSS has ended',
        aliases: ['kics:Redis Not Compliant'],
      },
      memcached: {
        severity: 'info',
        message:
          'Nodes of Memcached have no encryption at rest, no replicas and no backups, unlike Valkey and Redis OSS',
        aliases: ['kics:Redis Disabled'],
      },
    },
    references: [
      aws(
        'Minimizing downtime in ElastiCache by using Multi-AZ with Valkey and Redis OSS',
        'AmazonElastiCache/latest/dg/AutoFailover.html',
      ),
      aws('Subnets and subnet groups', 'AmazonElastiCache/latest/dg/SubnetGroups.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: [GROUP, CLUSTER], path: 'AutoMinorVersionUpgrade' },
          { type: [TF_GROUP, TF_CLUSTER], path: 'auto_minor_version_upgrade' },
        ],
        must: otherwise(isTrue, 'upgrade'),
        absent: true,
        fix: set(true),
      },
      { kind: 'resource', types: GROUPS, check: checkZones },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'AZMode', where: isSpreadable },
          { type: TF_CLUSTER, path: 'az_mode', where: isSpreadable },
        ],
        must: otherwise(oneOf('cross-az'), 'nodes'),
        absent: 'nodes',
        fix: set('cross-az', { safe: false, note: 'of a running cluster only new nodes are placed so' }),
      },
      {
        kind: 'property',
        targets: [
          { type: [GROUP, CLUSTER], path: 'CacheSubnetGroupName', where: isOwn },
          { type: [TF_GROUP, TF_CLUSTER], path: 'subnet_group_name', where: isOwn },
        ],
        must: ownSubnets,
        absent: 'subnets',
      },
      {
        kind: 'property',
        targets: [
          { type: [GROUP, CLUSTER], path: 'Port', where: hasPort },
          { type: [TF_GROUP, TF_CLUSTER], path: 'port', where: hasPort },
        ],
        must: otherPort,
        absent: 'port',
      },
      {
        kind: 'property',
        targets: [
          { type: [GROUP, CLUSTER], path: 'EngineVersion', where: isRedis },
          { type: [TF_GROUP, TF_CLUSTER], path: 'engine_version', where: isRedis },
        ],
        must: supported,
        absent: true,
        message: (found) => `Standard support for Redis OSS ${asString(found.value)} has ended`,
      },
      {
        kind: 'property',
        targets: [
          { type: CLUSTER, path: 'Engine' },
          { type: TF_CLUSTER, path: 'engine' },
        ],
        must: otherwise(noneOf('memcached'), 'memcached'),
        absent: true,
      },
    ],
  },
];
