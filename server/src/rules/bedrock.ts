/** Amazon Bedrock: agents, gateways and tools of AgentCore, and the log of model invocations. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { isPartial, type Resource, type Template } from '../template/template.ts';
import { asString, type Leaf } from '../template/value.ts';
import { type FixOptions, set } from './fixes.ts';
import { isPresent, noneOf, otherwise, scalar } from './predicates.ts';
import { aws } from './references.ts';
import type { Predicate, Reporter, Rule } from './rule.ts';
import { any, has } from './shared.ts';

/** Whether something else may judge the requests that a gateway lets through: a policy engine or an interceptor. */
function isGuarded(gateway: Resource): boolean | undefined {
  const paths =
    gateway.type === 'aws_bedrockagentcore_gateway'
      ? ['policy_engine_configuration', 'interceptor_configuration']
      : ['PolicyEngineConfiguration', 'InterceptorConfigurations'];
  return any(...paths.map((path) => has(gateway, path)));
}

const authorizes: Predicate = (value, found) => {
  const verdict = scalar((one: Leaf) => {
    const text = asString(one);
    return text === undefined ? undefined : text.toUpperCase() !== 'NONE';
  })(value, found);
  return verdict === false && isGuarded(found.resource) !== false ? 'offloaded' : verdict;
};

const SANDBOX: FixOptions = { safe: false, note: 'replaces the interpreter; its code then cannot reach the internet' };

/** Resources of Terraform that set Bedrock up in the account. */
const LOGGING = 'aws_bedrock_model_invocation_logging_configuration';

/** Reports on the first resource of Bedrock in a configuration that has no log of invocations. */
function checkLogging(template: Template, reporter: Reporter): void {
  if (template.dialect !== 'terraform' && template.dialect !== 'terraform-plan') return;
  const own = template.resources.filter(({ type, isData }) => !isData && /^aws_bedrock(agent)?_/.test(type));
  const [first] = own;
  if (!first || own.some(({ type }) => type === LOGGING) || isPartial(template)) return;
  reporter.report({ node: first.key, resource: first });
}

export const BEDROCK_RULES: readonly Rule[] = [
  {
    id: 'agentcore-public',
    title: 'Gateway answers everyone',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS asks callers for what the gateway’s authorizer demands; with none, keeping strangers out is left to you.',
    },
    description:
      'The address of a gateway is on the internet. Without inbound authorization, anyone who learns it can list the tools behind it and call them with the gateway’s own rights. Demand a token (`CUSTOM_JWT`) or AWS credentials (`AWS_IAM`).',
    aws: awsDefaults('agentcore-authorizer'),
    aliases: [],
    variants: {
      offloaded: {
        severity: 'low',
        message: 'The gateway checks nobody itself and leaves that to its policy engine or interceptor',
      },
      outbound: {
        severity: 'low',
        message: 'Code that the agent runs reaches the internet past your network',
      },
    },
    references: [
      aws(
        'Set up inbound authorization for your gateway',
        'bedrock-agentcore/latest/devguide/gateway-inbound-auth.html',
      ),
      aws('NetworkConfiguration', 'bedrock-agentcore-control/latest/APIReference/API_NetworkConfiguration.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::BedrockAgentCore::Gateway', path: 'AuthorizerType' },
          { type: 'aws_bedrockagentcore_gateway', path: 'authorizer_type' },
        ],
        must: authorizes,
        absent: undefined,
        fix: set('AWS_IAM', { safe: false, note: 'callers must sign their requests' }),
      },
      {
        kind: 'property',
        targets: [
          {
            type: ['AWS::BedrockAgentCore::Runtime', 'AWS::BedrockAgentCore::BrowserCustom'],
            path: 'NetworkConfiguration.NetworkMode',
          },
          {
            type: 'AWS::BedrockAgentCore::CodeInterpreterCustom',
            path: 'NetworkConfiguration.NetworkMode',
            fix: set('SANDBOX', SANDBOX),
          },
          {
            type: ['aws_bedrockagentcore_agent_runtime', 'aws_bedrockagentcore_browser'],
            path: 'network_configuration.network_mode',
          },
          {
            type: 'aws_bedrockagentcore_code_interpreter',
            path: 'network_configuration.network_mode',
            fix: set('SANDBOX', SANDBOX),
          },
        ],
        must: otherwise(noneOf('PUBLIC'), 'outbound'),
        absent: undefined,
      },
    ],
  },
  {
    id: 'bedrock-agent',
    title: 'Agent has no KMS key of its own',
    category: 'encryption-at-rest',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'shared',
      why: 'AWS encrypts the agent with a key that it owns; a key of yours, and a guardrail on what the model says, are optional.',
    },
    description:
      'The agent’s instructions and sessions are encrypted, with a key on which you see and decide nothing; with a customer managed key you do. A guardrail filters what users ask and what the agent answers: harmful content, personal data, attempts to talk it out of its instructions.',
    aws: awsDefaults('bedrock-agent-encryption'),
    aliases: ['checkov:CKV_AWS_373'],
    variants: {
      guardrail: { message: 'Agent has no guardrail', aliases: ['checkov:CKV_AWS_383'] },
    },
    references: [
      aws('Data encryption in Amazon Bedrock', 'bedrock/latest/userguide/data-encryption.html'),
      aws(
        'Implement safeguards for your application by associating a guardrail with your agent',
        'bedrock/latest/userguide/agents-guardrail.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Bedrock::Agent', path: 'CustomerEncryptionKeyArn' },
          { type: 'aws_bedrockagent_agent', path: 'customer_encryption_key_arn' },
        ],
        must: isPresent,
        absent: false,
      },
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Bedrock::Agent', path: 'GuardrailConfiguration.GuardrailIdentifier' },
          { type: 'aws_bedrockagent_agent', path: 'guardrail_configuration.guardrail_identifier' },
        ],
        must: otherwise(isPresent, 'guardrail'),
        absent: 'guardrail',
      },
    ],
  },
  {
    id: 'bedrock-logging',
    title: 'No log of model invocations is set up beside Bedrock',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'AWS records who calls Bedrock; what was asked and answered is recorded only where you set that up.',
    },
    description:
      'CloudTrail shows that a model was called, not with what. Without the log of invocations, abuse of stolen credentials and attacks by prompt cannot be followed up. It is one setting of each account and Region: add it here, or leave this rule off if another configuration has it.',
    aws: awsDefaults('bedrock-logging'),
    aliases: [],
    references: [
      aws(
        'Monitor model invocation using CloudWatch Logs and Amazon S3',
        'bedrock/latest/userguide/model-invocation-logging.html',
      ),
    ],
    checks: [{ kind: 'template', check: checkLogging }],
  },
];
