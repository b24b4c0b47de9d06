/** AWS Step Functions: what state machines log and trace. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { set } from './fixes.ts';
import { isTrue, noneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Rule } from './rule.ts';

const MACHINE = 'AWS::StepFunctions::StateMachine';

export const STATES_RULES: readonly Rule[] = [
  {
    id: 'stepfunctions-logging',
    title: 'State machine does not log its executions',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS keeps the history of standard executions for a while; logs in CloudWatch and traces in X-Ray are off until you ask for them.',
    },
    description:
      'Logs outlive the history that Step Functions keeps of standard executions, and are all there is of express ones. Log at least errors to CloudWatch Logs. Traces show which step of an execution is slow or fails.',
    aws: awsDefaults('states-logging'),
    aliases: [
      'checkov:CKV_AWS_284',
      'checkov:CKV_AWS_285',
      'trivy:AVD-AWS-0117',
      'trivy:AVD-AWS-0119',
      'cdk-nag:AwsSolutions-SF1',
      'cdk-nag:AwsSolutions-SF2',
    ],
    variants: {
      off: { aliases: ['checkov:CKV_AWS_285', 'trivy:AVD-AWS-0119', 'cdk-nag:AwsSolutions-SF1'] },
      tracing: {
        message: 'Executions are not traced',
        aliases: ['checkov:CKV_AWS_284', 'trivy:AVD-AWS-0117', 'cdk-nag:AwsSolutions-SF2'],
      },
    },
    references: [
      aws('Using CloudWatch Logs to log execution history in Step Functions', 'step-functions/latest/dg/cw-logs.html'),
      aws('Trace Step Functions request data in AWS X-Ray', 'step-functions/latest/dg/concepts-xray-tracing.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: MACHINE, path: 'LoggingConfiguration.Level' },
          { type: 'aws_sfn_state_machine', path: 'logging_configuration.level' },
        ],
        // YAML 1.1 reads a bare OFF as false.
        must: otherwise(noneOf('OFF', 'false'), 'off'),
        absent: 'off',
      },
      {
        kind: 'property',
        targets: [
          { type: MACHINE, path: 'TracingConfiguration.Enabled' },
          { type: 'aws_sfn_state_machine', path: 'tracing_configuration.enabled' },
        ],
        must: otherwise(isTrue, 'tracing'),
        absent: 'tracing',
        fix: set(true, { safe: false, note: 'the role needs the permissions of X-Ray' }),
      },
    ],
  },
];
