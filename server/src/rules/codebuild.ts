/** AWS CodeBuild: the secrets and powers that builds are given, who may see them, and whether output is encrypted. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asPattern, asString } from '../template/value.ts';
import { CODEBUILD_WEBHOOK_RULE } from './codebuild-webhooks.ts';
import { judgeVariable } from './environment-secrets.ts';
import type { Fix } from './fix.ts';
import { set } from './fixes.ts';
import { isFalse, noneOf, oneOf, otherwise } from './predicates.ts';
import { aws } from './references.ts';
import type { Reporter, Rule } from './rule.ts';
import { isCloudFormation, not } from './shared.ts';

const PROJECT = 'AWS::CodeBuild::Project';
const TF_PROJECT = 'aws_codebuild_project';
const REPORTS = 'AWS::CodeBuild::ReportGroup';
const TF_REPORTS = 'aws_codebuild_report_group';

const ENVIRONMENT = aws(
  'Environment variables in build environments',
  'codebuild/latest/userguide/build-env-ref-env-vars.html',
);

// ---- secrets

/** The variables by which SDKs take credentials; a build gets its own from the service role. */
const AWS_CREDENTIALS = /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/;
const isPlain = oneOf('PLAINTEXT');

function checkVariables(project: Resource, reporter: Reporter): void {
  const cloudFormation = isCloudFormation(project);
  const named = (name: string) => (cloudFormation ? name : name.toLowerCase());
  const path = cloudFormation ? 'Environment.EnvironmentVariables[]' : 'environment.environment_variable[]';
  for (const variable of select(project, path)) {
    if (variable.value.kind !== 'object') continue;
    const plain = below(variable, named('Type')).every(
      (type) => type.value.kind === 'absent' || isPlain(type.value, type) === true,
    );
    const names = new Set(below(variable, named('Name')).map(({ value }) => asString(value)));
    const [name] = names;
    if (!plain || names.size !== 1 || name === undefined) continue;
    for (const found of below(variable, named('Value'))) judgeBuildVariable(name, found, reporter);
  }
}

function judgeBuildVariable(name: string, found: Found, reporter: Reporter): void {
  const text = asString(found.value);
  if (AWS_CREDENTIALS.test(name) && text && !text.includes('{{resolve:')) {
    reporter.reportFound(found, {
      variant: name === 'AWS_ACCESS_KEY_ID' ? 'key-id' : 'credentials',
      message: `${name} is written in plain text; builds get credentials from the service role`,
    });
    return;
  }
  judgeVariable(name, found, reporter, { keyId: 'variable-key-id', resolved: 'resolved' });
}

/** `https://user:password@host`, or a token in the place of the user. */
const USER_INFO = /^(https?:\/\/)([^/@\s:]*)(?::([^/@\s]*))?@(?=([^/\s]*))/i;

function checkSources(project: Resource, reporter: Reporter): void {
  const paths = isCloudFormation(project)
    ? ['Source.Location', 'SecondarySources[].Location']
    : ['source.location', 'secondary_sources[].location'];
  for (const found of paths.flatMap((path) => select(project, path))) {
    const text = asPattern(found.value);
    const match = text === undefined ? null : USER_INFO.exec(text);
    if (!match || text === undefined) continue;
    const [whole, scheme = '', user = '', password, host = ''] = match;
    // Bitbucket puts the name of the user into the address it offers; at GitHub a lone user is a token.
    const secret = password ?? (/github/i.test(host) && user !== 'git' ? user : '');
    if (!secret.replaceAll('\u0000', '')) continue;
    reporter.reportFound(found, {
      variant: 'source',
      fix: () => withoutUserInfo(found, scheme + text.slice(whole.length)),
    });
  }
}

function withoutUserInfo(found: Found, address: string): Fix | undefined {
  if (found.value.kind !== 'known') return undefined;
  const title = 'Take the credentials out of the address';
  const note = 'CodeBuild needs a connection or source credentials instead';
  return set(address, { safe: false, note, title })(found);
}

// ---- logs

/** Whether the build writes its log to S3; undefined where that is not known. */
function logsToS3(project: Resource): boolean | undefined {
  const path = isCloudFormation(project) ? 'LogsConfig.S3Logs.Status' : 'logs_config.s3_logs.status';
  const verdicts = select(project, path).map((found) =>
    found.value.kind === 'absent' ? false : oneOf('ENABLED')(found.value, found),
  );
  if (verdicts.every((verdict) => verdict === false)) return false;
  return verdicts.every((verdict) => verdict === true) ? true : undefined;
}

/**
 * Whether CodeBuild itself stores artifacts in S3; taken for granted where that is not known. The switch is valid for no
 * other type: a build without artifacts has none, and what a pipeline carries on CodePipeline encrypts.
 * Source: AWS CodeBuild API Reference, ProjectArtifacts.
 */
function storesArtifacts(_: Resource, scope: Found | undefined): boolean {
  if (!scope) return true;
  const types = below(scope, isCloudFormation(scope.resource) ? 'Type' : 'type');
  return !types.every((type) => oneOf('NO_ARTIFACTS', 'CODEPIPELINE')(type.value, type) === true);
}

export const CODEBUILD_RULES: readonly Rule[] = [
  {
    id: 'codebuild-encryption-disabled',
    title: 'Build output is stored without encryption by CodeBuild',
    category: 'encryption-at-rest',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'aws',
      why: 'CodeBuild encrypts what builds leave behind unless it is told not to; this template tells it not to.',
    },
    description:
      'CodeBuild writes artifacts, logs or reports to S3 without the KMS key of the project, so that whoever may read the bucket needs no permission on a key. S3 still encrypts every new object with a key of its own. Leave the setting out.',
    aws: awsDefaults('codebuild-encryption', 'codebuild-key', 's3-encryption'),
    aliases: ['checkov:CKV_AWS_78', 'trivy:AVD-AWS-0018'],
    variants: {
      logs: { message: 'Build logs go to S3 without encryption by CodeBuild', aliases: ['checkov:CKV_AWS_311'] },
      reports: { message: 'Test reports go to S3 without encryption by CodeBuild', aliases: [] },
    },
    references: [aws('Data encryption', 'codebuild/latest/userguide/security-encryption.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          ...['Artifacts', 'SecondaryArtifacts[]'].map((within) => ({
            type: PROJECT,
            within,
            path: 'EncryptionDisabled',
            where: storesArtifacts,
          })),
          ...['artifacts', 'secondary_artifacts[]'].map((within) => ({
            type: TF_PROJECT,
            within,
            path: 'encryption_disabled',
            where: storesArtifacts,
          })),
        ],
        must: isFalse,
        absent: true,
        fix: set(false),
      },
      {
        kind: 'property',
        targets: [
          { type: PROJECT, path: 'LogsConfig.S3Logs.EncryptionDisabled' },
          { type: TF_PROJECT, path: 'logs_config.s3_logs.encryption_disabled' },
        ],
        must: otherwise(isFalse, 'logs'),
        absent: true,
        fix: set(false),
      },
      {
        kind: 'property',
        targets: [
          { type: REPORTS, path: 'ExportConfig.S3Destination.EncryptionDisabled' },
          { type: TF_REPORTS, path: 'export_config.s3_destination.encryption_disabled' },
        ],
        must: otherwise(isFalse, 'reports'),
        absent: true,
        fix: set(false),
      },
    ],
  },
  {
    id: 'codebuild-secret-env',
    title: 'Build project holds a secret',
    category: 'secrets',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS shows plain variables and the address of the source to all who may read the project; what you write there is yours.',
    },
    description:
      'Whoever may read the template, the project or a build’s log reads the secret. Store it in Secrets Manager or Parameter Store and give the variable the type `SECRETS_MANAGER` or `PARAMETER_STORE`; give access to AWS to the service role, and access to the repository to a connection. Replace the secret: it has been exposed.',
    aws: awsDefaults('codebuild-variables'),
    aliases: [],
    variants: {
      credentials: {
        aliases: ['guard:CODEBUILD_PROJECT_ENVVAR_AWSCRED_CHECK', 'cdk-nag:CodeBuildProjectEnvVarAwsCred'],
      },
      'key-id': {
        severity: 'medium',
        aliases: ['guard:CODEBUILD_PROJECT_ENVVAR_AWSCRED_CHECK', 'cdk-nag:CodeBuildProjectEnvVarAwsCred'],
      },
      'variable-key-id': { severity: 'medium' },
      resolved: {
        severity: 'medium',
        message:
          'The secret is resolved into the project at deployment, where all who may read it see it; variables of type SECRETS_MANAGER or PARAMETER_STORE are read by the build itself',
      },
      source: {
        message: 'The address of the source holds credentials',
        aliases: ['guard:CODEBUILD_PROJECT_SOURCE_REPO_URL_CHECK', 'cdk-nag:CodeBuildProjectSourceRepoUrl'],
      },
    },
    references: [
      ENVIRONMENT,
      aws('Access your source provider in CodeBuild', 'codebuild/latest/userguide/access-tokens.html'),
    ],
    checks: [
      { kind: 'resource', types: [PROJECT, TF_PROJECT], check: checkVariables },
      { kind: 'resource', types: [PROJECT, TF_PROJECT], check: checkSources },
    ],
  },
  {
    id: 'codebuild-privileged',
    title: 'Builds run in privileged mode',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS runs builds without privileges unless the project asks for them; asking is your setting.',
    },
    description:
      'The build container has the powers of root on its host, which building Docker images needs and nothing else does. Keep it for projects that build images, and build only sources that you trust with it.',
    aws: awsDefaults('codebuild-privileged'),
    aliases: ['checkov:CKV_AWS_316'],
    references: [
      aws('Docker in custom image sample for CodeBuild', 'codebuild/latest/userguide/sample-docker-custom-image.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: PROJECT, path: 'Environment.PrivilegedMode' },
          { type: TF_PROJECT, path: 'environment.privileged_mode' },
        ],
        must: isFalse,
        absent: true,
        fix: set(false, { safe: false, note: 'builds of Docker images fail' }),
      },
    ],
  },
  {
    id: 'codebuild-public',
    title: 'Builds are public',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'Builds are private until the project makes them public; making them public is your setting.',
    },
    description:
      'Anyone on the internet sees the results, logs and artifacts of all builds of the project, earlier ones included, and with them whatever a build printed. Make the project private unless it builds an open source whose logs you have looked through.',
    aws: awsDefaults('codebuild-public'),
    aliases: [],
    references: [aws('Get public build project URLs', 'codebuild/latest/userguide/public-builds.html')],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: PROJECT, path: 'Visibility' },
          { type: TF_PROJECT, path: 'project_visibility' },
        ],
        must: noneOf('PUBLIC_READ'),
        absent: true,
        fix: set('PRIVATE', { safe: false, note: 'closes the public page of the builds' }),
      },
    ],
  },
  CODEBUILD_WEBHOOK_RULE,
  {
    id: 'codebuild-logging',
    title: 'Builds leave no log',
    category: 'logging',
    severity: 'low',
    tier: 'opt-in',
    owner: {
      side: 'customer',
      why: 'CodeBuild writes logs to CloudWatch Logs unless it is told not to; this template tells it not to.',
    },
    description:
      'What a build did, and what an intruder had it do, cannot be told afterwards. Leave logs to CloudWatch Logs on, or send them to S3.',
    aws: awsDefaults('codebuild-logs'),
    aliases: ['checkov:CKV_AWS_314'],
    references: [
      aws(
        'AWS::CodeBuild::Project LogsConfig',
        'AWSCloudFormation/latest/TemplateReference/aws-properties-codebuild-project-logsconfig.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          {
            type: PROJECT,
            path: 'LogsConfig.CloudWatchLogs.Status',
            where: (project) => not(logsToS3(project)),
          },
          {
            type: TF_PROJECT,
            path: 'logs_config.cloudwatch_logs.status',
            where: (project) => not(logsToS3(project)),
          },
        ],
        must: noneOf('DISABLED'),
        absent: true,
        fix: set('ENABLED'),
      },
    ],
  },
];
