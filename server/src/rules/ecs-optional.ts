/** Amazon ECS: settings that some teams ask for of every cluster, service and container. */

import type { Data } from '../syntax/edit.ts';
import { below, blockKey, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { containersOf, isCloudFormation, ofContainer, PARAMETERS, TASK, TF_TASK } from './ecs.ts';
import type { Fix } from './fix.ts';
import { appendItem, set, setEdits } from './fixes.ts';
import { isPresent, isTrue, oneOf, textThat } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Reporter, Rule } from './rule.ts';
import { has, known } from './shared.ts';

// ---- containers

/** Windows needs to write to the root file system. Undefined where the platform is not known. */
function runsWindows(task: Resource): boolean | undefined {
  const path = isCloudFormation(task)
    ? 'RuntimePlatform.OperatingSystemFamily'
    : 'runtime_platform.operating_system_family';
  if (has(task, path) === false) return false;
  const family = known(task, path)?.toUpperCase();
  return family === undefined ? undefined : family.startsWith('WINDOWS');
}

/** Where something is missing in a container: its name, or whichever key comes first. */
function anchor(container: Found, found: Found): Found['node'] {
  if (found.value.kind !== 'absent' || found.node !== container.node) return found.node;
  return blockKey(container.node);
}

const readOnly = set(true, { safe: false, note: 'what the container writes outside its volumes fails' });

function checkRoot(task: Resource, reporter: Reporter): void {
  if (runsWindows(task) !== false) return;
  for (const container of containersOf(task)) {
    for (const found of ofContainer(container, 'ReadonlyRootFilesystem')) {
      const writable = found.value.kind === 'absent' || isTrue(found.value, found) === false;
      if (writable) reporter.reportFound(found, { node: anchor(container, found), fix: () => readOnly(found) });
    }
  }
}

function checkContainers(task: Resource, reporter: Reporter): void {
  for (const container of containersOf(task)) {
    for (const [name, variant] of [
      ['LogConfiguration', 'logs'],
      ['HealthCheck', 'health'],
    ] as const) {
      for (const found of ofContainer(container, name)) {
        if (isPresent(found.value, found) !== false) continue;
        reporter.reportFound(found, { node: anchor(container, found), variant });
      }
    }
  }
}

// ---- clusters

const isWatched = oneOf('enabled', 'enhanced');

/** Adds or mends the setting for Container Insights. */
function watch(list: Found, value: Found | undefined): Fix | undefined {
  const data: Data = isCloudFormation(list.resource)
    ? { Name: 'containerInsights', Value: 'enabled' }
    : { name: 'containerInsights', value: 'enabled' };
  const edits = value ? setEdits(value, 'enabled') : appendItem(list, data);
  return edits && { title: 'Turn on Container Insights (its metrics cost extra)', safe: false, edits };
}

function checkInsights(cluster: Resource, reporter: Reporter): void {
  const [path, name, value] = isCloudFormation(cluster)
    ? ['ClusterSettings', 'Name', 'Value']
    : ['setting', 'name', 'value'];
  const values: Found[] = [];
  for (const setting of select(cluster, `${path}[]`)) {
    if (setting.value.kind === 'absent') continue;
    // Another one may be it.
    if (setting.value.kind !== 'object') return;
    for (const key of below(setting, name)) {
      const text = asString(key.value);
      if (text === undefined) return;
      if (text === 'containerInsights') values.push(...below(setting, value));
    }
  }
  for (const found of values) {
    if (found.value.kind === 'absent' || isWatched(found.value, found) !== false) continue;
    reporter.reportFound(found, { variant: 'insights', fix: () => watch(found, found) });
  }
  if (values.length) return;
  for (const list of select(cluster, path)) {
    const fix = () => watch(list, undefined);
    reporter.reportFound(list, { node: list.key ?? cluster.key, variant: 'insights', fix });
  }
}

// ---- services

/** What LATEST stands for today on Linux and on Windows. Source: ECS Developer Guide, "Fargate platform versions for Amazon ECS". */
const LATEST_PLATFORMS = ['1.4.0', '1.0.0'];

const follows: Predicate = textThat((text) =>
  /^latest$/i.test(text) ? true : LATEST_PLATFORMS.includes(text) ? 'pinned' : 'platform',
);

const INSIGHTS = [
  'checkov:CKV_AWS_65',
  'trivy:AVD-AWS-0034',
  'cdk-nag:AwsSolutions-ECS4',
  'kics:ECS Cluster with Container Insights Disabled',
];

export const ECS_OPTIONAL_RULES: readonly Rule[] = [
  {
    id: 'ecs-readonly-root',
    title: 'Container may write to its root file system',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS gives the container a root file system of its own; whether it may be written to is your setting.',
    },
    description:
      'Whoever breaks into the container can change its programs and leave tools in it. Make the root file system read-only, and give the paths that need writing a volume. ECS Exec needs to write as well.',
    aliases: ['checkov:CKV_AWS_336'],
    references: [PARAMETERS],
    checks: [{ kind: 'resource', types: [TASK, TF_TASK], check: checkRoot }],
  },
  {
    id: 'ecs-other',
    title: 'ECS leaves optional monitoring or updates out',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS runs the control plane and patches Fargate; logs, metrics and health of containers are yours to ask for.',
    },
    description:
      'Container Insights collects metrics of tasks and containers. Without a log configuration what a container writes stays on its host, or is lost on Fargate. A health check lets ECS replace a container that runs but no longer works.',
    aws: [
      {
        text: 'Without a setting of its own a cluster follows the account setting `containerInsights`.',
        source: 'Amazon ECS API Reference: ClusterSetting',
      },
    ],
    aliases: [],
    variants: {
      insights: {
        message: 'Container Insights is not turned on for the cluster',
        aliases: INSIGHTS,
      },
      logs: { message: 'The container has no log configuration', aliases: ['cdk-nag:AwsSolutions-ECS7'] },
      health: {
        severity: 'info',
        message: 'The container has no health check',
        aliases: ['kics:ECS Task Definition HealthCheck Missing'],
      },
    },
    references: [
      aws(
        'Monitor Amazon ECS containers using Container Insights with enhanced observability',
        'AmazonECS/latest/developerguide/cloudwatch-container-insights.html',
      ),
      PARAMETERS,
    ],
    checks: [
      { kind: 'resource', types: ['AWS::ECS::Cluster', 'aws_ecs_cluster'], check: checkInsights },
      { kind: 'resource', types: [TASK, TF_TASK], check: checkContainers },
    ],
  },
  {
    id: 'moves-fargate-platform-version',
    title: 'Fargate tasks are held on one platform version',
    category: 'responsibility',
    severity: 'info',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS patches each platform version by new revisions; a service that names a version does not move to the next one by itself.',
      moves: { from: 'aws', to: 'customer' },
    },
    description:
      'A platform version is the kernel and container runtime below the tasks. New tasks run on the latest revision of the version that the service names, and AWS retires tasks on vulnerable revisions. The next version, and what only it offers, comes when you name it or `LATEST` and deploy.',
    aliases: ['checkov:CKV_AWS_332'],
    variants: {
      platform: {
        severity: 'low',
        message: 'The service stays on a platform version that is not the latest: moving up is yours',
      },
      pinned: { message: 'The platform version is named: moving to the next one passes from AWS to you' },
    },
    references: [
      aws('Fargate platform versions for Amazon ECS', 'AmazonECS/latest/developerguide/platform-fargate.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: ['AWS::ECS::Service', 'AWS::ECS::TaskSet'], path: 'PlatformVersion' },
          { type: ['aws_ecs_service', 'aws_ecs_task_set'], path: 'platform_version' },
        ],
        must: follows,
        absent: true,
        fix: set('LATEST', { safe: false, note: 'replaces the tasks' }),
      },
    ],
  },
];
