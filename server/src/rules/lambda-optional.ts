/** AWS Lambda: settings that some teams ask for of every function. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { declareCompanions } from '../template/companions.ts';
import { select } from '../template/select.ts';
import type { Resource, Template } from '../template/template.ts';
import { asNumber } from '../template/value.ts';
import { customerKeyRule } from './customer-keys.ts';
import { set } from './fixes.ts';
import { isPresent, oneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';
import { all, isCloudFormation, known, lacks } from './shared.ts';

declareCompanions('aws_lambda_function', { aws_lambda_function_event_invoke_config: 'function_name' });
declareCompanions('AWS::Lambda::Function', { 'AWS::Lambda::EventInvokeConfig': 'FunctionName' });

const FUNCTION = 'AWS::Lambda::Function';
const TF_FUNCTION = 'aws_lambda_function';
const FUNCTION_TYPES = [FUNCTION, 'AWS::Serverless::Function', TF_FUNCTION];

/** Whether the function has environment variables at all; undefined where that is not known. */
function hasVariables(resource: Resource): boolean | undefined {
  const path = resource.type.startsWith('AWS::') ? 'Environment.Variables' : 'environment[].variables';
  let result: boolean | undefined = false;
  for (const { value } of select(resource, path)) {
    if (value.kind === 'object' && value.names.length > 0) return true;
    if (value.kind !== 'absent' && (value.kind !== 'object' || value.open)) result = undefined;
  }
  return result;
}

/** Functions that run under one role: reported at each one's role but the first's. */
function checkRoles(template: Template, reporter: Reporter): void {
  const users = new Map<string, Resource>();
  for (const resource of template.ofType(...FUNCTION_TYPES)) {
    for (const found of select(resource, resource.type.startsWith('AWS::') ? 'Role' : 'role')) {
      const { value } = found;
      const role =
        value.kind === 'reference' && value.to === 'resource'
          ? value.target
          : value.kind === 'known'
            ? String(value.value)
            : undefined;
      if (role === undefined) continue;
      const first = users.get(role);
      if (!first) users.set(role, resource);
      else if (first !== resource) {
        reporter.reportFound(found, {
          message: `${resource.address} runs under the same role as ${first.address}`,
          related: [{ node: first.key, message: `${first.address} uses this role too`, resource: first }],
        });
      }
    }
  }
}

/** A package that can carry a signature: neither an image, which Lambda does not check, nor code that stands in the template. */
function isPackaged(lambda: Resource): boolean | undefined {
  const isCfn = isCloudFormation(lambda);
  const kind = lacks(lambda, isCfn ? 'PackageType' : 'package_type');
  const isZip = kind === false ? known(lambda, isCfn ? 'PackageType' : 'package_type') === 'Zip' : kind;
  return all(isZip, isCfn ? all(lacks(lambda, 'Code.ZipFile'), lacks(lambda, 'InlineCode')) : true);
}

export const LAMBDA_OPTIONAL_RULES: readonly Rule[] = [
  customerKeyRule({
    id: 'lambda-env-cmk',
    data: 'Environment variables',
    title: 'Environment variables have no KMS key of their own',
    always: true,
    advice: 'Whoever reads the function’s configuration then sees its variables only with `kms:Decrypt` on the key.',
    aws: awsDefaults('lambda-encryption'),
    references: [
      aws('Securing Lambda environment variables', 'lambda/latest/dg/configuration-envvars-encryption.html'),
    ],
    places: [
      {
        name: 'function',
        thing: 'The environment of the function',
        by: 'a key that AWS owns or manages',
        at: [`${FUNCTION}.KmsKeyArn`, `${TF_FUNCTION}.kms_key_arn`],
        where: hasVariables,
        aliases: ['checkov:CKV_AWS_173', 'kics:Serverless Function Environment Variables Not Encrypted'],
      },
    ],
  }),
  {
    id: 'lambda-role-shared',
    title: 'Functions share a role',
    category: 'iam',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS runs each function with the role that you give it; how many share one is your choice.',
    },
    description:
      'A role that several functions use has the permissions of all of them, so a flaw in one reaches what the others may do. Give each function a role of its own.',
    aliases: ['kics:Lambda Functions Without Unique IAM Roles', 'kics:Serverless Function Without Unique IAM Role'],
    references: [
      aws(
        'Defining Lambda function permissions with an execution role',
        'lambda/latest/dg/lambda-intro-execution-role.html',
      ),
    ],
    checks: [{ kind: 'template', check: checkRoles }],
  },
  {
    id: 'lambda-in-vpc',
    title: 'Function is not attached to a VPC',
    category: 'network-exposure',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS runs every function isolated in a VPC that it manages; one of yours is needed only to reach private resources or to control egress.',
    },
    description:
      'The function can reach the internet and not your private subnets. Attach it to a VPC where your rules ask for control over where it connects to.',
    aliases: ['checkov:CKV_AWS_117', 'cfn_nag:W89', 'guard:LAMBDA_INSIDE_VPC', 'cdk-nag:LambdaInsideVPC'],
    references: [
      aws('Giving Lambda functions access to resources in an Amazon VPC', 'lambda/latest/dg/configuration-vpc.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: FUNCTION, path: 'VpcConfig' },
          { type: TF_FUNCTION, path: 'vpc_config' },
        ],
        must: isPresent,
        absent: false,
      },
    ],
  },
  {
    id: 'lambda-code-signing',
    title: 'Function takes code that is not signed',
    category: 'other',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS verifies signatures for functions with a code signing configuration; asking for them is up to you.',
    },
    description:
      'Whoever may update the function may run any code in it. With a code signing configuration Lambda takes only packages that your signing profiles have signed.',
    aliases: ['checkov:CKV_AWS_272'],
    references: [
      aws('Using code signing to verify code integrity with Lambda', 'lambda/latest/dg/configuration-codesigning.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: FUNCTION, path: 'CodeSigningConfigArn', where: isPackaged },
          { type: TF_FUNCTION, path: 'code_signing_config_arn', where: isPackaged },
        ],
        must: isPresent,
        absent: false,
      },
    ],
  },
  {
    id: 'lambda-dlq-concurrency',
    title: 'Failed events of the function are dropped',
    category: 'backup-resilience',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS retries asynchronous events and then drops them; where they go instead is your setting.',
    },
    description:
      'Name a dead-letter queue or a destination for events that fail, and reserve concurrency for a function that must neither starve nor exhaust the others of the account.',
    aliases: [],
    variants: {
      dlq: {
        aliases: [
          'checkov:CKV_AWS_116',
          'guard:LAMBDA_DLQ_CHECK',
          'cdk-nag:LambdaDLQ',
          'kics:Lambda Function Without Dead Letter Queue',
          'kics:Serverless Function Without Dead Letter Queue',
        ],
      },
      concurrency: {
        message: 'No concurrency is reserved for the function',
        aliases: ['checkov:CKV_AWS_115', 'cfn_nag:W92', 'guard:LAMBDA_CONCURRENCY_CHECK', 'cdk-nag:LambdaConcurrency'],
      },
    },
    references: [
      aws(
        'Capturing records of Lambda asynchronous invocations',
        'lambda/latest/dg/invocation-async-retain-records.html',
      ),
      aws('Configuring reserved concurrency for a function', 'lambda/latest/dg/configuration-concurrency.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: FUNCTION,
            path: [
              'DeadLetterConfig',
              'EventInvokeConfig.DestinationConfig.OnFailure',
              '@AWS::Lambda::EventInvokeConfig.DestinationConfig.OnFailure',
            ],
          },
          {
            type: TF_FUNCTION,
            path: ['dead_letter_config', '@aws_lambda_function_event_invoke_config.destination_config.on_failure'],
          },
        ],
        must: otherwise(isPresent, 'dlq'),
        absent: 'dlq',
      },
      {
        kind: 'property',
        targets: [
          { type: FUNCTION, path: 'ReservedConcurrentExecutions' },
          { type: TF_FUNCTION, path: 'reserved_concurrent_executions' },
        ],
        // Terraform's -1 reserves nothing.
        must: (value, found) =>
          otherwise(asNumber(value) === -1 ? () => false : isPresent, 'concurrency')(value, found),
        absent: 'concurrency',
      },
    ],
  },
  {
    id: 'lambda-tracing-logs',
    title: 'Function is not traced',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS records traces with X-Ray where a function asks for it; left out, it traces only what its callers trace.',
    },
    description:
      'Traces show which request took which path and what it called, also when something must be reconstructed afterwards. Set the tracing mode to `Active`.',
    aliases: [
      'checkov:CKV_AWS_50',
      'trivy:AVD-AWS-0066',
      'cdk-nag:LambdaTracing',
      'kics:Lambda Functions Without X-Ray Tracing',
      'kics:Serverless Function Without X-Ray Tracing',
    ],
    variants: {
      'pass-through': {
        message: 'The function is traced only where its caller is',
        aliases: [
          'cdk-nag:LambdaTracing',
          'kics:Lambda Functions Without X-Ray Tracing',
          'kics:Serverless Function Without X-Ray Tracing',
        ],
      },
    },
    references: [aws('Visualize Lambda function invocations using AWS X-Ray', 'lambda/latest/dg/services-xray.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: FUNCTION, path: 'TracingConfig.Mode' },
          { type: TF_FUNCTION, path: 'tracing_config.mode' },
        ],
        must: otherwise(oneOf('Active'), 'pass-through'),
        absent: false,
        fix: set('Active', { safe: false, note: 'the function’s role needs permission to write traces' }),
      },
    ],
  },
];
