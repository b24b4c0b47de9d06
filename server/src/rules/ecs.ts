/** Amazon ECS: what containers may do on their host, the secrets they are given, and their services and clusters. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Data, Edit } from '../syntax/edit.ts';
import { below, type Found, select, selectFrom } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString, type Leaf } from '../template/value.ts';
import { judgeVariable } from './environment-secrets.ts';
import { set } from './fixes.ts';
import { jsonContents } from './json-blocks.ts';
import { isFalse, isTrue, noneOf, oneOf } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Reporter, Rule } from './rule.ts';
import { keepElsewhere } from './secret-fixes.ts';
import { belowLacks } from './shared.ts';

export const TASK = 'AWS::ECS::TaskDefinition';
export const TF_TASK = 'aws_ecs_task_definition';

export const PARAMETERS = aws(
  'Amazon ECS task definition parameters',
  'AmazonECS/latest/developerguide/task_definition_parameters.html',
);

export function isCloudFormation(resource: Resource): boolean {
  return resource.type.startsWith('AWS::');
}

/** The containers of a task definition, which Terraform takes as JSON. Those that are not known are left out. */
export function containersOf(task: Resource): readonly Found[] {
  if (isCloudFormation(task)) return select(task, 'ContainerDefinitions[]').filter(isBlock);
  return select(task, 'container_definitions').flatMap((found) => {
    const { value } = found;
    const written = value.kind === 'list' || value.kind === 'object' ? value : jsonContents(value, task.template);
    if (!written) return [];
    const containers = selectFrom(task, written, '[]', found.conditions, found.key, found.scopes, found.via);
    return containers.filter(isBlock).map((one) => ({ ...one, path: `${found.path}.${one.path}` }));
  });
}

function isBlock({ value }: Found): boolean {
  return value.kind === 'object';
}

/** A property of a container: `Privileged`, in Terraform's JSON `privileged`. */
export function ofContainer(container: Found, name: string): readonly Found[] {
  const cased = (one: string) => one.charAt(0).toLowerCase() + one.slice(1);
  return below(container, isCloudFormation(container.resource) ? name : name.split('.').map(cased).join('.'));
}

// ---- secrets

function checkEnvironment(task: Resource, reporter: Reporter): void {
  for (const container of containersOf(task)) {
    for (const variable of ofContainer(container, 'Environment[]')) {
      if (variable.value.kind !== 'object') continue;
      const names = new Set(ofContainer(variable, 'Name').map(({ value }) => asString(value)));
      const [name] = names;
      if (names.size !== 1 || name === undefined) continue;
      for (const found of ofContainer(variable, 'Value')) {
        const fix = () => fromSecret(container, variable, name, found);
        judgeVariable(name, found, reporter, { resolved: 'resolved', fix });
      }
    }
  }
}

/** Has the agent put the secret into the variable: without the right ARN no container starts. */
function fromSecret(container: Found, variable: Found, name: string, found: Found): ReturnType<FixMaker> {
  const { resource } = container;
  const hop = found.via[found.via.length - 1];
  if (hop?.kind === 'parameter' || hop?.kind === 'variable') return keepElsewhere(found);
  const isCfn = isCloudFormation(resource);
  const [list, ofName, from] = isCfn ? ['Secrets', 'Name', 'ValueFrom'] : ['secrets', 'name', 'valueFrom'];
  const block = container.value.kind === 'object' ? container.value : undefined;
  const variables = variable.node.parent;
  const secrets = block?.get(list)?.value;
  const depends = found.conditions.length > container.conditions.length;
  // What is not seen may hold the list already.
  if (!secrets && block?.open !== undefined) return undefined;
  if (block?.node.kind !== 'object' || variables?.kind !== 'array' || hop || depends) return undefined;
  if (secrets && (secrets.kind !== 'list' || secrets.node.kind !== 'array')) return undefined;
  const arn = isCfn
    ? { 'Fn::Sub': 'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:SECRET_NAME' }
    : 'arn:aws:secretsmanager:REGION:ACCOUNT_ID:secret:SECRET_NAME';
  const secret: Data = { [ofName]: name, [from]: arn };
  const only = variables.items.length === 1 ? variables.entry : undefined;
  const edits: readonly Edit[] = [
    only ? { kind: 'remove', entry: only } : { kind: 'removeItem', node: variable.node },
    secrets
      ? { kind: 'append', to: secrets.node, data: secret }
      : { kind: 'set', in: block.node, path: [list], data: [secret] },
  ];
  const title =
    'Take it from Secrets Manager (put in the ARN of the secret; the execution role must be allowed to read it)';
  return { title, safe: false, edits };
}

// ---- isolation

const isHost = oneOf('host');
const ROOT = /^(?:root|0)(?::.*)?$/;

function checkIsolation(task: Resource, reporter: Reporter): void {
  const cloudFormation = isCloudFormation(task);
  const containers = containersOf(task);
  for (const container of containers) {
    for (const found of ofContainer(container, 'Privileged')) {
      if (found.value.kind !== 'absent' && isTrue(found.value, found) === true) {
        reporter.reportFound(found, { fix: () => unprivileged(found) });
      }
    }
  }
  for (const found of select(task, cloudFormation ? 'PidMode' : 'pid_mode')) {
    if (found.value.kind !== 'absent' && isHost(found.value, found) === true) {
      reporter.reportFound(found, { variant: 'pid', fix: () => taskProcesses(found) });
    }
  }
  for (const mode of select(task, cloudFormation ? 'NetworkMode' : 'network_mode')) {
    if (mode.value.kind !== 'absent' && isHost(mode.value, mode) === true && containers.some(runsAsRoot)) {
      reporter.reportFound(mode, { variant: 'network' });
    }
  }
}

const unprivileged = set(false, { safe: false, note: 'the container loses its access to the host' });
const taskProcesses = set('task', { safe: false, note: 'containers no longer see processes of the host' });

/** Root by its number or name, or because nothing else is said: then the image decides. A privileged container is reported anyway. */
function runsAsRoot(container: Found): boolean {
  if (
    ofContainer(container, 'Privileged').some((one) => one.value.kind !== 'absent' && isFalse(one.value, one) !== true)
  )
    return false;
  return ofContainer(container, 'User').some(
    ({ value }) => value.kind === 'absent' || ROOT.test(asString(value) ?? ''),
  );
}

// ---- roles

function checkRoles(task: Resource, reporter: Reporter): void {
  const cloudFormation = isCloudFormation(task);
  const executions = select(task, cloudFormation ? 'ExecutionRoleArn' : 'execution_role_arn');
  for (const role of select(task, cloudFormation ? 'TaskRoleArn' : 'task_role_arn')) {
    const name = roleName(role.value);
    if (name === undefined || !executions.every(({ value }) => roleName(value) === name)) continue;
    reporter.reportFound(role);
  }
}

/** What tells a role from others: its address or its written name. */
function roleName(value: Leaf): string | undefined {
  if (value.kind === 'reference') return value.to === 'resource' ? `@${value.target}` : undefined;
  return value.kind === 'known' && value.value !== '' ? String(value.value) : undefined;
}

// ---- ECS Exec

function checkExec(cluster: Resource, reporter: Reporter): void {
  const cloudFormation = isCloudFormation(cluster);
  const [block, logging, logs, encrypted] = cloudFormation
    ? ['Configuration.ExecuteCommandConfiguration[]', 'Logging', 'LogConfiguration[]', LOG_ENCRYPTION.cloudFormation]
    : ['configuration.execute_command_configuration[]', 'logging', 'log_configuration[]', LOG_ENCRYPTION.terraform];
  for (const scope of select(cluster, block)) {
    if (scope.value.kind !== 'object') continue;
    const modes = below(scope, logging);
    const none = modes.find(({ value }) => asString(value)?.toUpperCase() === 'NONE');
    if (none) {
      reporter.reportFound(none, { fix: () => set('DEFAULT')(none) });
      continue;
    }
    // The key of the session may encrypt the logs, too: only if that is asked for.
    if (belowLacks(scope, cloudFormation ? 'KmsKeyId' : 'kms_key_id') !== false) continue;
    for (const log of below(scope, logs)) {
      if (log.value.kind !== 'object') continue;
      const states = encrypted.map((name) => below(log, name));
      const off = states.every((leaves) =>
        leaves.every((one) => one.value.kind === 'absent' || isFalse(one.value, one) === true),
      );
      if (off) reporter.reportFound(log, { node: log.key ?? log.node, variant: 'unencrypted' });
    }
  }
}

const LOG_ENCRYPTION = {
  cloudFormation: ['CloudWatchEncryptionEnabled', 'S3EncryptionEnabled'],
  terraform: ['cloud_watch_encryption_enabled', 's3_bucket_encryption_enabled'],
};

export const ECS_RULES: readonly Rule[] = [
  {
    id: 'ecs-task-secret-env',
    title: 'Environment variable of a container holds a secret',
    category: 'secrets',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS stores the task definition and shows it to all who may describe it; what you write into it is yours.',
    },
    description:
      'Whoever may read the template or describe the task definition reads the secret, and every revision keeps it. Store it in Secrets Manager or as a SecureString parameter, and name it under `secrets` of the container.',
    aliases: ['trivy:AVD-AWS-0036', 'cdk-nag:AwsSolutions-ECS2'],
    variants: {
      resolved: {
        severity: 'medium',
        message: 'The secret is resolved into the task definition, where all who may describe it can read it',
      },
    },
    references: [
      aws(
        'Pass sensitive data to an Amazon ECS container',
        'AmazonECS/latest/developerguide/specifying-sensitive-data.html',
      ),
    ],
    checks: [{ kind: 'resource', types: [TASK, TF_TASK], check: checkEnvironment }],
  },
  {
    id: 'ecs-privileged',
    title: 'Container is privileged',
    category: 'iam',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS runs containers with the isolation that the task definition asks for; giving it up is your decision.',
    },
    description:
      'A privileged container has the powers of root on its host: whoever breaks into it has the host, its credentials and the other tasks on it. Run without privileges, as a user other than root, and add single Linux capabilities where they are needed.',
    aliases: ['checkov:CKV_AWS_334'],
    variants: {
      pid: {
        severity: 'medium',
        message: 'Containers see, and may signal, all processes of the host',
        aliases: ['checkov:CKV_AWS_335'],
      },
      network: {
        severity: 'medium',
        message: 'A container on the network of the host runs as root, or as whom its image says',
        aliases: [
          'guard:ECS_TASK_DEFINITION_USER_FOR_HOST_MODE_CHECK',
          'cdk-nag:ECSTaskDefinitionUserForHostMode',
          'kics:ECS Task Definition Network Mode Not Recommended',
        ],
      },
    },
    references: [PARAMETERS],
    checks: [{ kind: 'resource', types: [TASK, TF_TASK], check: checkIsolation }],
  },
  {
    id: 'ecs-efs-transit',
    title: 'Traffic to the EFS file system is not encrypted',
    category: 'encryption-in-transit',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS encrypts the mount if the volume asks for it; the setting is off when nothing is said.',
    },
    description:
      'Files that the task reads and writes travel through the network in the clear. Turn on transit encryption for the volume; IAM authorization for the mount requires it.',
    aws: awsDefaults('ecs-efs-transit'),
    aliases: [
      'checkov:CKV_AWS_97',
      'trivy:AVD-AWS-0035',
      'kics:ECS Task Definition Volume Not Encrypted',
      'kics:EFS Volume With Disabled Transit Encryption',
    ],
    references: [aws('Use Amazon EFS volumes with Amazon ECS', 'AmazonECS/latest/developerguide/efs-volumes.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: TASK, within: 'Volumes[].EFSVolumeConfiguration', path: 'TransitEncryption' },
          { type: TF_TASK, within: 'volume[].efs_volume_configuration', path: 'transit_encryption' },
        ],
        must: oneOf('ENABLED'),
        absent: false,
        fix: set('ENABLED'),
      },
    ],
  },
  {
    id: 'ecs-public-ip',
    title: 'Tasks get a public IP address',
    category: 'network-exposure',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS gives tasks the address that the service asks for; who can reach them is your part.',
    },
    description:
      'Each task can be reached from the internet as far as its security groups let it. Run tasks in private subnets behind a load balancer, and let them out through a NAT gateway or VPC endpoints.',
    aws: awsDefaults('ecs-public-ip'),
    aliases: ['checkov:CKV_AWS_333'],
    references: [
      aws(
        'Amazon ECS task networking options for Fargate',
        'AmazonECS/latest/developerguide/fargate-task-networking.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: 'AWS::ECS::Service',
            path: 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp',
            fix: set('DISABLED', { safe: false, note: 'the tasks then need another way to pull their images' }),
          },
        ],
        must: noneOf('ENABLED'),
        absent: true,
      },
      {
        kind: 'property',
        targets: [
          {
            type: 'aws_ecs_service',
            path: 'network_configuration.assign_public_ip',
            fix: set(false, { safe: false, note: 'the tasks then need another way to pull their images' }),
          },
        ],
        must: isFalse,
        absent: true,
      },
    ],
  },
  {
    id: 'ecs-exec-logging',
    title: 'Commands run with ECS Exec are not logged',
    category: 'logging',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS carries the session over TLS and logs it where you say; switching the log off is your decision.',
    },
    description:
      'Nobody can tell afterwards what was done in a container through ECS Exec. Leave the logging as it is by default, or send it to a log group or bucket of its own.',
    aws: awsDefaults('ecs-exec-logging'),
    aliases: ['checkov:CKV_AWS_223'],
    variants: {
      unencrypted: {
        severity: 'info',
        message: 'Sessions of ECS Exec are encrypted with a key of yours, but nothing asks that of their logs',
        aliases: ['checkov:CKV_AWS_224'],
      },
    },
    references: [aws('Monitor Amazon ECS containers with ECS Exec', 'AmazonECS/latest/developerguide/ecs-exec.html')],
    checks: [{ kind: 'resource', types: ['AWS::ECS::Cluster', 'aws_ecs_cluster'], check: checkExec }],
  },
  {
    id: 'ecs-role-same',
    title: 'Task and agent share one role',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS keeps the role of the containers and that of the agent apart; what each may do is up to you.',
    },
    description:
      'The execution role pulls images and reads the secrets of the task; the containers need none of that at run time. Whoever breaks into one gets both. Give the containers a role of their own.',
    aliases: ['checkov:CKV_AWS_249'],
    references: [
      aws('Amazon ECS task IAM role', 'AmazonECS/latest/developerguide/task-iam-roles.html'),
      aws('Amazon ECS task execution IAM role', 'AmazonECS/latest/developerguide/task_execution_IAM_role.html'),
    ],
    checks: [{ kind: 'resource', types: [TASK, TF_TASK], check: checkRoles }],
  },
];
