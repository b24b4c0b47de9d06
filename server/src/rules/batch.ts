/** AWS Batch: what the containers of jobs may do on their host. */

import { readJsonText, surroundingsOf } from '../iam/json-value.ts';
import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { type Found, select, selectFrom } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { set } from './fixes.ts';
import { isFalse, isTrue } from './predicates.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';

const JOB = 'AWS::Batch::JobDefinition';
const TF_JOB = 'aws_batch_job_definition';

/** Arguments that Terraform takes as JSON, and where it speaks of privileged containers. */
const AS_JSON: readonly (readonly [argument: string, path: string])[] = [
  ['container_properties', 'privileged'],
  ['node_properties', 'nodeRangeProperties[].container.privileged'],
  ['ecs_properties', 'taskProperties[].containers[].privileged'],
];

const unprivileged = set(false, { safe: false, note: 'the container loses its access to the host' });

/** What an argument says, as JSON text or built by `jsonencode`. */
function inJson(job: Resource, argument: string, path: string): readonly Found[] {
  return select(job, argument).flatMap((found) => {
    const { value } = found;
    const isBlock = value.kind === 'list' || value.kind === 'object';
    const written = isBlock ? value : readJsonText(value, surroundingsOf(job))?.value;
    if (!written) return [];
    const leaves = selectFrom(job, written, path, found.conditions, found.key, found.scopes, found.via);
    return leaves.map((leaf) => ({ ...leaf, path: `${argument}.${leaf.path}` }));
  });
}

function checkJson(job: Resource, reporter: Reporter): void {
  for (const [argument, path] of AS_JSON) {
    for (const found of inJson(job, argument, path)) {
      if (found.value.kind !== 'absent' && isTrue(found.value, found) === true) {
        reporter.reportFound(found, { fix: () => unprivileged(found) });
      }
    }
  }
}

export const BATCH_RULES: readonly Rule[] = [
  {
    id: 'batch-privileged',
    title: 'Batch job runs in a privileged container',
    category: 'iam',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS runs the containers of a job unprivileged; lifting the walls between them and their host is your choice.',
    },
    description:
      'A privileged container has the rights of root on its host: whoever breaks into the job takes over the instance, its role and every other job on it. Leave privileged mode off, and add the single Linux capability or device that the job needs.',
    aws: awsDefaults('batch-privileged'),
    aliases: [
      'checkov:CKV_AWS_210',
      'cfn_nag:W34',
      'guard:BATCH_JOB_CONTAINER_PROPERTIES_PRIVILEGED_RULE',
      'kics:Batch Job Definition With Privileged Container Properties',
    ],
    references: [
      aws(
        'AWS::Batch::JobDefinition ContainerProperties',
        'AWSCloudFormation/latest/UserGuide/aws-properties-batch-jobdefinition-containerproperties.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          ...[
            'ContainerProperties.Privileged',
            'NodeProperties.NodeRangeProperties[].Container.Privileged',
            'EcsProperties.TaskProperties[].Containers[].Privileged',
            'EksProperties.PodProperties.Containers[].SecurityContext.Privileged',
          ].map((path) => ({ type: JOB, path })),
          { type: TF_JOB, path: 'eks_properties.pod_properties.containers[].security_context.privileged' },
        ],
        must: isFalse,
        absent: true,
        fix: unprivileged,
      },
      { kind: 'resource', types: [TF_JOB], check: checkJson },
    ],
  },
];
