/** Who does what in machine learning and generative AI: each row rests on the AWS pages that it names. */

import { CONFIGURATION, page, type ServiceResponsibility, type SettingTest } from '../model.ts';

const AGENTCORE_DEPLOYMENT = page(
  'Get started with Amazon Bedrock AgentCore Runtime direct code deployment',
  'bedrock-agentcore/latest/devguide/runtime-get-started-code-deploy.html',
);

/** An agent is code or a container image: told by the lack of code, as an image that is not known may be neither. */
const IN_A_CONTAINER: readonly SettingTest[] = [
  {
    types: ['AWS::BedrockAgentCore::Runtime'],
    path: 'AgentRuntimeArtifact.CodeConfiguration',
    absent: true,
  },
  {
    types: ['aws_bedrockagentcore_agent_runtime'],
    path: 'agent_runtime_artifact.code_configuration',
    absent: true,
  },
];

export const AI = {
  sagemaker: {
    name: 'Amazon SageMaker AI',
    kind: 'managed',
    types: ['SageMaker::', 'sagemaker_'],
    aws: 'the infrastructure of notebooks, training and endpoints, and patches for the software that it puts on them.',
    customer:
      'notebook and model code, images that you bring, execution roles, the VPC and internet access, encryption keys, training data.',
    shared: [
      {
        control: 'Patching',
        aws: 'releases patched software',
        customer: 'restart notebooks to get it, and keep endpoints fit to be updated',
      },
      CONFIGURATION,
    ],
    situations: [
      {
        label: 'as a notebook instance',
        when: [{ types: ['AWS::SageMaker::NotebookInstance', 'aws_sagemaker_notebook_instance'] }],
        aws: 'the host, and tested releases of kernels, security patches and SDKs, which a notebook gets when it is stopped and started.',
        customer:
          'stopping and starting the notebook to get updates, root access, direct internet access, the role, what is installed by hand.',
        shared: [
          {
            control: 'Patching',
            aws: 'tests and releases notebook software',
            customer: 'stop and start the notebook to receive it',
          },
        ],
        sources: [page('Notebook Instance Software Updates', 'sagemaker/latest/dg/nbi-software-updates.html')],
      },
      {
        label: 'as an endpoint',
        when: [
          {
            types: [
              'AWS::SageMaker::Endpoint',
              'AWS::SageMaker::EndpointConfig',
              'aws_sagemaker_endpoint',
              'aws_sagemaker_endpoint_configuration',
            ],
          },
        ],
        aws: 'the instances of the endpoint, which it patches automatically and replaces when they are unhealthy.',
        customer:
          'inference images and code, the model artifacts, and keeping model, role, image, subnets and keys in place so that patching works.',
        shared: [
          {
            control: 'Patching',
            aws: 'patches endpoints automatically',
            customer: 'keep everything that the endpoint depends on in place',
          },
        ],
        sources: [
          page(
            'Best practices for endpoint security and health with Amazon SageMaker AI',
            'sagemaker/latest/dg/best-practice-endpoint-security.html',
          ),
        ],
      },
      {
        label: 'as a HyperPod cluster',
        when: [{ types: ['AWS::SageMaker::Cluster'] }],
        aws: 'the instances and the platform software, for which it publishes security patches.',
        customer:
          'updating the cluster to them, with the downtime that takes; its roles, its network and the jobs on it.',
        shared: [
          {
            control: 'Patching',
            aws: 'publishes patched platform software',
            customer: 'update the cluster to it',
          },
        ],
        sources: [
          page(
            'UpdateClusterSoftware (Amazon SageMaker API Reference)',
            'sagemaker/latest/APIReference/API_UpdateClusterSoftware.html',
          ),
        ],
      },
    ],
    sources: [
      page('Configure security in Amazon SageMaker AI', 'sagemaker/latest/dg/security.html'),
      page('Data Protection in Amazon SageMaker AI', 'sagemaker/latest/dg/data-protection.html'),
    ],
  },
  bedrock: {
    name: 'Amazon Bedrock',
    kind: 'abstracted',
    types: ['Bedrock::', 'bedrock_', 'bedrockagent_'],
    aws: 'data centers, network and the service itself; the accounts that models run in, which model providers cannot enter.',
    customer:
      'your application, prompt injection and other attacks on it included: input validation, guardrails, what agents may do, logs and keys.',
    shared: [CONFIGURATION],
    sources: [
      page('Prompt injection security (Amazon Bedrock)', 'bedrock/latest/userguide/prompt-injection.html'),
      page('Data protection (Amazon Bedrock)', 'bedrock/latest/userguide/data-protection.html'),
    ],
  },
  agentcore: {
    name: 'Amazon Bedrock AgentCore',
    kind: 'serverless',
    types: ['BedrockAgentCore::', 'bedrockagentcore_'],
    aws: 'the infrastructure below agents and tools, its scaling and patches; sessions of a runtime have a microVM each, wiped afterwards.',
    customer:
      'agent code and its dependencies, roles and inbound authorization, which user a session belongs to, network mode, secrets.',
    shared: [
      { control: 'Patching', aws: 'patches what agents run on', customer: 'update agent code and dependencies' },
      CONFIGURATION,
    ],
    situations: [
      {
        label: 'as a container image',
        when: IN_A_CONTAINER,
        aws: 'the microVM of each session and the kernel under the container, and nothing that the image brings.',
        customer:
          'the whole image, language runtime included: rebuilding it on patched base images; roles, inbound authorization, network mode, secrets.',
        shared: [
          {
            control: 'Patching',
            aws: 'patches the kernel below the container',
            customer: 'rebuild the image regularly and deploy it',
          },
        ],
        sources: [AGENTCORE_DEPLOYMENT],
      },
      {
        label: 'as code',
        when: [
          {
            types: ['AWS::BedrockAgentCore::Runtime'],
            path: 'AgentRuntimeArtifact.ContainerConfiguration',
            absent: true,
          },
          {
            types: ['aws_bedrockagentcore_agent_runtime'],
            path: 'agent_runtime_artifact.container_configuration',
            absent: true,
          },
        ],
        aws: 'the microVM of each session and the language runtime, whose patches it applies to what is deployed.',
        customer:
          'agent code and its dependencies, moving off deprecated runtimes, roles, inbound authorization, network mode, secrets.',
        shared: [
          {
            control: 'Patching',
            aws: 'patches the language runtime',
            customer: 'update agent code and dependencies',
          },
        ],
        sources: [
          AGENTCORE_DEPLOYMENT,
          page(
            'Supported language runtimes and deprecation policy (Amazon Bedrock AgentCore)',
            'bedrock-agentcore/latest/devguide/runtime-code-deploy-supported-runtimes.html',
          ),
        ],
      },
    ],
    movers: [
      {
        concern: 'patching of the language runtime',
        from: 'aws',
        to: 'customer',
        when: IN_A_CONTAINER,
        text: 'Of an agent in a container image, AgentCore patches the kernel only; with code deployment also the language runtime.',
        rule: {
          id: 'moves-agentcore-container',
          title: 'Agent brings its own runtime in a container image',
          message: 'The agent is a container image: patching its language runtime moves from AWS to you',
          description:
            'Deployed as code, an agent runs on a language runtime that AgentCore patches by itself. A container image brings a runtime and an operating system of its own, which change only when you rebuild the image on a patched base and deploy it. An image is right for system packages or languages that code deployment does not offer; then rebuild it regularly.',
        },
        sources: [AGENTCORE_DEPLOYMENT],
      },
    ],
    sources: [
      page(
        'Security best practices for AgentCore Runtime',
        'bedrock-agentcore/latest/devguide/runtime-security-best-practices.html',
      ),
      AGENTCORE_DEPLOYMENT,
    ],
  },
  comprehend: {
    name: 'Amazon Comprehend',
    kind: 'abstracted',
    types: ['Comprehend::', 'comprehend_'],
    aws: 'the infrastructure of jobs and models, and encryption of custom models, with its own key unless you name one.',
    customer:
      'the documents you hand in, the data access role, keys for volumes, output and custom models, the VPC of jobs, model policies.',
    shared: [CONFIGURATION],
    sources: [
      page('Data protection in Amazon Comprehend', 'comprehend/latest/dg/comp-data-protection.html'),
      page('KMS encryption in Amazon Comprehend', 'comprehend/latest/dg/kms-in-comprehend.html'),
    ],
  },
  kendra: {
    name: 'Amazon Kendra',
    kind: 'abstracted',
    types: ['Kendra::', 'kendra_'],
    aws: 'patches, firewalls and recovery of the service; encryption of the index, with a key that AWS owns unless you choose one.',
    customer: 'the documents that are indexed, who may search them, roles and credentials of data sources, the key.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'Configuration and vulnerability analysis in AWS Identity and Access Management (Amazon Kendra)',
        'kendra/latest/dg/configuration-and-vulnerability-analysis.html',
      ),
      page('Encryption at rest (Amazon Kendra)', 'kendra/latest/dg/encryption-at-rest.html'),
    ],
  },
  lex: {
    name: 'Amazon Lex',
    kind: 'abstracted',
    types: ['Lex::', 'lex_', 'lexv2models_'],
    aws: 'the infrastructure of bots, and encryption of utterances and sessions that it stores.',
    customer:
      'what a bot asks for and hands to Lambda functions, conversation logs and their key, policies on bots, personal data you put in.',
    shared: [CONFIGURATION],
    situations: [
      {
        label: 'as Lex V1',
        when: [{ types: ['aws_lex_bot', 'aws_lex_bot_alias', 'aws_lex_intent', 'aws_lex_slot_type'] }],
        aws: 'nothing any more: support ended on 2025-09-15, and its bots can no longer be reached.',
        customer: 'building the bots anew in Lex V2, and taking these resources out of the configuration.',
        shared: [],
        sources: [page('End of support notice (Amazon Lex V1 Developer Guide)')],
      },
    ],
    sources: [
      page('Data protection in Amazon Lex V2', 'lexv2/latest/dg/data-protection.html'),
      page('Encryption at rest (Amazon Lex V2)', 'lexv2/latest/dg/encryption-at-rest.html'),
    ],
  },
  qbusiness: {
    name: 'Amazon Q Business',
    kind: 'abstracted',
    types: ['QBusiness::'],
    aws: 'the infrastructure, and encryption of the index, with a key that AWS owns unless you choose one.',
    customer: 'which data sources are connected, who may use the application and its plugins, the choice of key.',
    shared: [CONFIGURATION],
    sources: [page('Key management (Amazon Q Business)', 'amazonq/latest/qbusiness-ug/key-management.html')],
  },
  omics: {
    name: 'AWS HealthOmics',
    kind: 'abstracted',
    types: ['Omics::'],
    aws: 'the infrastructure, and encryption of stores, with keys that it owns by default, and of the temporary file systems of runs.',
    customer:
      'genomic data and who may read it, the key of a store, which cannot be changed later, roles of runs, the buckets they read and write.',
    shared: [CONFIGURATION],
    sources: [page('Data protection in AWS HealthOmics', 'omics/latest/dev/data-protection.html')],
  },
  aiops: {
    name: 'Amazon CloudWatch investigations',
    kind: 'abstracted',
    types: ['AIOps::'],
    aws: 'the service, and encryption of investigation data, with an AWS key unless you name one.',
    customer:
      'who may see investigations, what the role and cross-account roles let them read, how long data is kept, the key.',
    shared: [CONFIGURATION],
    sources: [
      page(
        'AWS::AIOps::InvestigationGroup (CloudFormation Template Reference)',
        'AWSCloudFormation/latest/TemplateReference/aws-resource-aiops-investigationgroup.html',
      ),
    ],
  },
  connect: {
    name: 'Amazon Connect',
    kind: 'abstracted',
    types: ['Connect::', 'connect_'],
    aws: 'the contact center platform, and encryption of contact data and recordings that it stores.',
    customer:
      'security profiles of agents, sign-in and MFA, where recordings and transcripts go, their keys and how long they are kept, contact flows.',
    shared: [
      CONFIGURATION,
      {
        control: 'Detection',
        aws: 'records calls of its APIs in CloudTrail',
        customer: 'log flows, set alarms on the logs and keep them',
      },
    ],
    sources: [
      page('Encryption at rest in Connect Customer', 'connect/latest/adminguide/encryption-at-rest.html'),
      page('Security Best Practices for Connect Customer', 'connect/latest/adminguide/security-best-practices.html'),
    ],
  },
} satisfies Record<string, ServiceResponsibility>;
