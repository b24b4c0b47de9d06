/** AWS Lambda: functions, their runtimes, environment and URLs. Permissions are in lambda-permissions.ts. */

import { awsDefaults } from '../responsibility/aws-defaults.ts';
import type { Edit } from '../syntax/edit.ts';
import { ownersOf } from '../template/companions.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asBoolean, asString, type Leaf } from '../template/value.ts';
import { judgeVariable } from './environment-secrets.ts';
import { remove, set } from './fixes.ts';
import { LAMBDA_OPTIONAL_RULES } from './lambda-optional.ts';
import { LAMBDA_PERMISSION_RULES } from './lambda-permissions.ts';
import { LAMBDA_ROLE_RULES } from './lambda-roles.ts';
import { DEPRECATED_RUNTIMES, RUNTIMES_AS_OF } from './lambda-runtimes.ts';
import { nameOrigin } from './list-fixes.ts';
import { noneOf, otherwise, scalar } from './predicates.ts';
import { aws } from './references.ts';
import type { FixMaker, Reporter, Rule, Verdict } from './rule.ts';
import { keepElsewhere } from './secret-fixes.ts';
import type { SecretKind } from './secrets.ts';

const FUNCTION = 'AWS::Lambda::Function';
const TF_FUNCTION = 'aws_lambda_function';

const RUNTIMES = aws('Lambda runtimes', 'lambda/latest/dg/lambda-runtimes.html');
const RUNTIME_UPDATES = aws(
  'Understanding the shared responsibility model for Lambda runtime management',
  'lambda/latest/dg/runtime-management-shared.html',
);
const URLS = aws('Control access to Lambda function URLs', 'lambda/latest/dg/urls-auth.html');
const ENVIRONMENT = aws('Working with Lambda environment variables', 'lambda/latest/dg/configuration-envvars.html');

// ---- environment variables

function checkEnvironment(resource: Resource, reporter: Reporter): void {
  const path = resource.type.startsWith('AWS::') ? 'Environment.Variables' : 'environment[].variables';
  for (const variables of select(resource, path)) {
    if (variables.value.kind !== 'object') continue;
    for (const name of variables.value.names) {
      if (name.includes('.') || name.endsWith('[]')) continue;
      for (const found of below(variables, name)) {
        judgeVariable(name, found, reporter, { keyId: 'key-id', resolved: 'resolved', fix: withoutSecret });
      }
    }
  }
}

/**
 * Keys of AWS make way for the function's role, and the default of a parameter for a value that is given. For other secrets
 * the code has to change: what is put into a variable is shown, wherever it comes from.
 */
function withoutSecret(found: Found, kind: SecretKind | 'resolved'): ReturnType<FixMaker> {
  const hop = found.via[found.via.length - 1];
  if (hop?.kind === 'parameter' || hop?.kind === 'variable') return keepElsewhere(found);
  if (hop || (kind !== 'access-key-id' && kind !== 'secret-access-key')) return undefined;
  const note = 'the function’s role must be allowed what the key was';
  return remove({ safe: false, note })(found);
}

// ---- runtimes

const runtimeInSupport = scalar((value: Leaf) => {
  const name = asString(value);
  return name === undefined ? undefined : !Object.hasOwn(DEPRECATED_RUNTIMES, name);
});

function runtimeMessage(found: Found): string | undefined {
  const facts = factsOf(found);
  if (!facts) return undefined;
  const blocked = facts.noCreate !== undefined && facts.noCreate <= RUNTIMES_AS_OF;
  const rest = blocked ? ', and no function can be created with it' : '';
  return `Runtime ${asString(found.value)} is deprecated since ${facts.deprecated}: AWS no longer patches it${rest}`;
}

function factsOf(found: Found) {
  const name = asString(found.value);
  return name !== undefined && Object.hasOwn(DEPRECATED_RUNTIMES, name) ? DEPRECATED_RUNTIMES[name] : undefined;
}

const newestRuntime: FixMaker = (found) => {
  const successor = factsOf(found)?.successor;
  return successor === undefined
    ? undefined
    : set(successor, { safe: false, note: 'test the code on it first' })(found);
};

/** Back to Auto; the version that is pinned goes with it. */
const updateByItself: FixMaker = (found) => {
  const fix = set('Auto', { title: 'Let AWS update the runtime (Auto)' })(found);
  if (!fix || !('edits' in fix)) return fix;
  const block = found.scopes[found.scopes.length - 1];
  const name = found.resource.type.startsWith('AWS::') ? 'RuntimeVersionArn' : 'runtime_version_arn';
  const entry = block?.get(name)?.key.entry;
  const pinned: Edit[] = entry ? [{ kind: 'remove', entry }] : [];
  return { ...fix, edits: [...fix.edits, ...pinned] };
};

// ---- function URLs

const FUNCTION_TYPES = [FUNCTION, 'AWS::Serverless::Function', TF_FUNCTION];

/** The functions of the template that a URL leads to. */
function functionsOf(url: Resource): readonly Resource[] {
  if (url.type === 'AWS::Serverless::Function') return [];
  return ownersOf(url, url.type.startsWith('AWS::') ? 'TargetFunctionArn' : 'function_name', ...FUNCTION_TYPES);
}

/** Whether a permission certainly opens the function of this URL to everyone. */
function isOpened(url: Resource): boolean {
  const cloudFormation = url.type.startsWith('AWS::');
  const functions = url.type === 'AWS::Serverless::Function' ? [url] : functionsOf(url);
  const type = cloudFormation ? 'AWS::Lambda::Permission' : 'aws_lambda_permission';
  return url.template.ofType(type).some((permission) => {
    const is = (path: string, test: (text: string) => boolean) => {
      const found = select(permission, path);
      return found.length > 0 && found.every(({ value }) => value.kind === 'known' && test(String(value.value)));
    };
    const action = cloudFormation ? 'Action' : 'action';
    if (!is(cloudFormation ? 'Principal' : 'principal', (text) => text === '*')) return false;
    if (!is(action, (text) => /^lambda:(invokefunctionurl|\*)$/i.test(text))) return false;
    const named = ownersOf(permission, cloudFormation ? 'FunctionName' : 'function_name', ...FUNCTION_TYPES);
    return named.some((one) => functions.includes(one));
  });
}

function authenticates(value: Leaf, found: Found): Verdict {
  const verdict = noneOf('NONE')(value, found);
  return verdict === false && isOpened(found.resource) ? 'open' : verdict;
}

/** Allowed origins of a function URL: where its CORS settings lie, by the type that has them. */
const CORS: Readonly<Record<string, string>> = {
  'AWS::Lambda::Url': 'Cors',
  'AWS::Serverless::Function': 'FunctionUrlConfig.Cors',
  aws_lambda_function_url: 'cors[]',
};

function checkCors(resource: Resource, reporter: Reporter): void {
  const path = CORS[resource.type];
  if (path === undefined) return;
  const cloudFormation = resource.type.startsWith('AWS::');
  for (const cors of select(resource, path)) {
    if (cors.value.kind !== 'object') continue;
    const credentials = below(cors, cloudFormation ? 'AllowCredentials' : 'allow_credentials');
    const methods = below(cors, cloudFormation ? 'AllowMethods[]' : 'allow_methods[]');
    const withCredentials = credentials.length > 0 && credentials.every(({ value }) => asBoolean(value) === true);
    const anyMethod = methods.some(({ value }) => asString(value) === '*');
    for (const origin of below(cors, cloudFormation ? 'AllowOrigins[]' : 'allow_origins[]')) {
      // Everyone's origin, alone or with a scheme.
      if (!/^(?:https?:\/\/)?\*$/.test(asString(origin.value) ?? '')) continue;
      reporter.reportFound(origin, {
        variant: withCredentials ? 'credentials' : anyMethod ? 'methods' : undefined,
        related: functionsOf(resource).map((one) => ({
          node: one.key,
          message: `URL of ${one.address}`,
          resource: one,
        })),
        fix: () => nameOrigin(origin),
      });
    }
  }
}

const ANY_METHOD = ['checkov:CKV2_AWS_75'];

export const LAMBDA_RULES: readonly Rule[] = [
  ...LAMBDA_PERMISSION_RULES,
  {
    id: 'lambda-url-auth-none',
    title: 'Function URL asks for no authentication',
    category: 'public-access',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS checks signatures for URLs with AWS_IAM; without it, whoever calls is for your code to check.',
    },
    description:
      'With the authentication type `NONE` Lambda lets every request through to the function, as far as its resource policy allows. Use `AWS_IAM`, behind CloudFront with origin access control for browsers, or be sure that the function authenticates its callers itself.',
    aws: awsDefaults('lambda-url-authentication'),
    aliases: ['checkov:CKV_AWS_258'],
    variants: {
      open: {
        severity: 'critical',
        message:
          'Anyone on the internet may call this URL: it asks for no authentication and a permission lets everyone in',
      },
    },
    references: [URLS],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: 'AWS::Lambda::Url', path: 'AuthType' },
          { type: 'AWS::Serverless::Function', within: 'FunctionUrlConfig', path: 'AuthType' },
          { type: 'aws_lambda_function_url', path: 'authorization_type' },
        ],
        must: authenticates,
        absent: true,
        fix: set('AWS_IAM', { safe: false, note: 'callers must sign their requests' }),
      },
    ],
  },
  {
    id: 'lambda-url-cors-open',
    title: 'Function URL lets every website call it',
    category: 'public-access',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS answers browsers with the CORS headers that you configure; which websites may read the answers is your decision.',
    },
    description:
      'With `*` as allowed origin, scripts of any website may call the function from the browsers of your users and read what it answers. List the origins that need it.',
    aliases: [],
    variants: {
      credentials: {
        severity: 'high',
        message: 'CORS lets every website call the function with the credentials of its visitors',
        aliases: ANY_METHOD,
      },
      methods: { message: 'CORS lets every website call the function with every method', aliases: ANY_METHOD },
    },
    references: [aws('Creating and managing Lambda function URLs', 'lambda/latest/dg/urls-configuration.html')],
    checks: [
      {
        kind: 'resource',
        types: Object.keys(CORS),
        check: checkCors,
      },
    ],
  },
  {
    id: 'lambda-env-secret',
    title: 'Environment variable holds a secret',
    category: 'secrets',
    severity: 'critical',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS encrypts environment variables at rest and shows them to all who may read the function; what you put there is yours.',
    },
    description:
      'Everyone who can read the template, its history or the function’s configuration reads the secret. Give the function the name of a secret and let its code fetch the value from Secrets Manager or Parameter Store; for access to AWS give its role the permission. Replace the secret: it has been exposed.',
    aws: awsDefaults('lambda-encryption', 'lambda-environment'),
    aliases: ['checkov:CKV_AWS_45', 'kics:Hardcoded AWS Access Key In Lambda'],
    variants: {
      'key-id': { severity: 'medium' },
      resolved: {
        severity: 'info',
        message:
          'The secret stays out of the template, but is written to the function’s configuration at deployment, where all who may read the function see it',
        aliases: [],
      },
    },
    references: [
      ENVIRONMENT,
      aws('Use Secrets Manager secrets in Lambda functions', 'lambda/latest/dg/with-secrets-manager.html'),
    ],
    checks: [{ kind: 'resource', types: [FUNCTION, TF_FUNCTION], check: checkEnvironment }],
  },
  {
    id: 'lambda-runtime-deprecated',
    title: 'Runtime is deprecated',
    category: 'patching',
    severity: 'medium',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'AWS patches runtimes for as long as they are supported; moving a function off one that is not is your part.',
    },
    description:
      'The function keeps running, but its runtime gets no security patches and no support any more, and in time can be neither created nor updated. Move to a current runtime of the language and test the code on it.',
    aws: [
      {
        text: `Dates of deprecation as published on ${RUNTIMES_AS_OF}.`,
        source: 'Lambda runtimes (AWS Lambda Developer Guide)',
      },
    ],
    aliases: ['checkov:CKV_AWS_363', 'cdk-nag:AwsSolutions-L1'],
    references: [RUNTIMES],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: FUNCTION, path: 'Runtime' },
          { type: TF_FUNCTION, path: 'runtime' },
        ],
        must: runtimeInSupport,
        absent: true,
        message: (found) => runtimeMessage(found) ?? 'Runtime is deprecated',
        fix: newestRuntime,
      },
    ],
  },
  {
    id: 'moves-lambda-runtime-update',
    title: 'Runtime patches wait for you',
    category: 'responsibility',
    severity: 'info',
    tier: 'core',
    owner: {
      side: 'shared',
      why: 'In mode Auto AWS applies runtime updates by itself; in any other mode, and in a container image, they wait for something that you do.',
      moves: { from: 'aws', to: 'customer' },
    },
    description:
      'AWS publishes patched runtime versions and, unless told otherwise, moves functions to them. In mode `FunctionUpdate` that happens only when you update the function, in mode `Manual` only when you name another version, and in a container image when you rebuild it. AWS recommends `Manual` only to roll back for a while.',
    aws: awsDefaults('lambda-runtime-updates'),
    aliases: [],
    variants: {
      manual: { message: 'The runtime version is pinned: applying security patches moves from AWS to you' },
      update: {
        owner: {
          side: 'shared',
          why: 'In mode Auto AWS applies runtime updates by itself; in mode FunctionUpdate it does so when you update the function.',
          moves: { from: 'aws', to: 'shared' },
        },
        message: 'The runtime is patched only when the function is updated: doing that regularly moves from AWS to you',
      },
      image: {
        message: 'A container image brings its own runtime: rebuilding it on patched base images moves from AWS to you',
      },
    },
    references: [
      RUNTIME_UPDATES,
      aws('Understanding how Lambda manages runtime version updates', 'lambda/latest/dg/runtimes-update.html'),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: FUNCTION, path: 'RuntimeManagementConfig.UpdateRuntimeOn' },
          { type: 'aws_lambda_runtime_management_config', path: 'update_runtime_on' },
        ],
        must: (value, found) => {
          const pinned = otherwise(noneOf('Manual'), 'manual')(value, found);
          return pinned === true ? otherwise(noneOf('FunctionUpdate'), 'update')(value, found) : pinned;
        },
        absent: true,
        fix: updateByItself,
      },
      {
        kind: 'property',
        targets: [
          { type: FUNCTION, path: 'PackageType' },
          { type: TF_FUNCTION, path: 'package_type' },
        ],
        must: otherwise(noneOf('Image'), 'image'),
        absent: true,
      },
    ],
  },
  ...LAMBDA_ROLE_RULES,
  ...LAMBDA_OPTIONAL_RULES,
];
