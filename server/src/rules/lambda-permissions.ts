/** AWS Lambda: who may call a function, or use a layer, by its resource policy. */

import type { PolicyDocument } from '../iam/document.ts';
import { principalVerdicts } from '../iam/public.ts';
import { type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { set, setEdits } from './fixes.ts';
import { narrowToRoute } from './lambda-permission-fixes.ts';
import { oneOf, textThat } from './predicates.ts';
import { aws } from './references.ts';
import { merge, ownAccount, type PolicyRule, publicPolicyRule } from './resource-policies.ts';
import type { Reporter, Rule } from './rule.ts';
import { known } from './shared.ts';

const PERMISSION = 'AWS::Lambda::Permission';
const TF_PERMISSION = 'aws_lambda_permission';

const RESOURCE_POLICIES = aws(
  'Viewing resource-based IAM policies in Lambda',
  'lambda/latest/dg/access-control-resource-based.html',
);
const SERVICES = aws(
  'Granting Lambda function access to AWS services',
  'lambda/latest/dg/permissions-function-services.html',
);
const DEPUTY = aws('The confused deputy problem', 'IAM/latest/UserGuide/confused-deputy.html');

const FUNCTIONS: Omit<PolicyRule, 'id' | 'aliases'> = {
  thing: 'function',
  service: 'lambda',
  carriers: [PERMISSION, 'AWS::Lambda::ResourcePolicy', TF_PERMISSION],
  references: [RESOURCE_POLICIES],
};

const PUBLIC_ALIASES = [
  'checkov:CKV_AWS_301',
  'cfn_nag:F13',
  'guard:LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED',
  'guard:LAMBDA_NO_WILDCARD_PRINCIPALS',
  'cdk-nag:LambdaFunctionPublicAccessProhibited',
  'kics:Lambda With Vulnerable Policy',
  'kics:Lambda Permission Principal Is Wildcard',
];

/** Services that tell Lambda for which account they act. Source: "Granting Lambda function access to AWS services". */
const TELLS_ACCOUNT: ReadonlySet<string> = new Set(['s3.amazonaws.com', 'logs.amazonaws.com', 'config.amazonaws.com']);

/** The properties that would say it, by their names in the template's language. */
function unsaid({ type, isMirrored }: Resource): string {
  return type.startsWith('aws_') || isMirrored
    ? 'neither source_arn nor source_account'
    : 'neither SourceArn nor SourceAccount';
}

function checkSource(policy: PolicyDocument, reporter: Reporter): void {
  if (policy.service !== 'lambda') return;
  for (const statement of policy.statements) {
    if (statement.effect !== 'Allow') continue;
    for (const { verdict, principal, identity } of principalVerdicts(statement)) {
      if (!principal || identity?.form !== 'service') continue;
      const { resource } = policy;
      const service = identity.name ?? 'The service';
      if (verdict === 'SERVICE-UNBOUNDED') {
        reporter.report({
          node: principal.node,
          resource,
          conditions: principal.conditions,
          message: `${service} may call the function on behalf of any AWS account: ${unsaid(resource)} says for whom`,
          path: 'Principal',
          fix: () => accountFix(policy, identity.name),
        });
        continue;
      }
      if (identity.name !== 's3.amazonaws.com' || !statement.complete) continue;
      const source = statement.conditions.find((clause) => clause.key.toLowerCase() === 'aws:sourcearn');
      const account = statement.conditions.some((clause) => /^aws:source(account|orgid|orgpaths)$/i.test(clause.key));
      if (!source || account) continue;
      // A bucket of this very template cannot go to someone else while the stack lives.
      const own = source.values.some(({ value }) => refersToResource(value));
      reporter.report({
        node: source.keyNode,
        resource,
        conditions: source.conditions,
        variant: 'bucket',
        severity: own ? 'info' : undefined,
        path: 'SourceAccount',
        fix: () => accountFix(policy, identity.name),
      });
    }
  }
}

function refersToResource(value: Found['value']): boolean {
  if (value.kind === 'reference') return value.to === 'resource';
  return (
    value.kind === 'text' &&
    value.parts.some((part) => typeof part !== 'string' && part.kind === 'reference' && part.to === 'resource')
  );
}

/** Adds the own account as the source, where the service tells it and the template can name it. */
function accountFix(policy: PolicyDocument, service: string | undefined) {
  const { resource } = policy;
  const account = ownAccount(policy);
  if (policy.form !== 'flat' || service === undefined || !TELLS_ACCOUNT.has(service) || account === undefined)
    return undefined;
  const name = resource.type.startsWith('AWS::') ? 'SourceAccount' : 'source_account';
  const [found] = select(resource, name);
  const edits = found && setEdits(found, account);
  return edits && { title: `Set ${name} to this account (if the source is in it)`, safe: false, edits };
}

/** Whether an ARN of an API names less than every stage, method and path of it. */
const namesPart = textThat((text) => !text.endsWith('/*/*') && !/(?:^|:)[^:/]+\/\*$/.test(text));

function isForApi(permission: Resource): boolean | undefined {
  const principal = known(permission, permission.type === PERMISSION ? 'Principal' : 'principal');
  return principal === undefined ? undefined : principal === 'apigateway.amazonaws.com';
}

export const LAMBDA_PERMISSION_RULES: readonly Rule[] = [
  merge(
    publicPolicyRule({
      ...FUNCTIONS,
      id: 'lambda-permission-public',
      title: 'Everyone may call the function',
      description:
        'The function’s resource policy lets in every AWS account, or through a URL without authentication everyone on the internet, and no condition narrows that. Name the account, role or service, or narrow it with `PrincipalOrgID`, `SourceArn` or `SourceAccount`.',
      aliases: PUBLIC_ALIASES,
    }),
    publicPolicyRule({
      ...FUNCTIONS,
      id: 'lambda-permission-public',
      title: 'Everyone may use the layer version',
      thing: 'layer version',
      carriers: ['AWS::Lambda::LayerVersionPermission', 'aws_lambda_layer_version_permission'],
      aliases: PUBLIC_ALIASES,
    }),
  ),
  {
    id: 'lambda-permission-no-source',
    title: 'Service may call the function for anyone',
    category: 'iam',
    severity: 'high',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS passes on for which resource and account a service calls; checking that is what the conditions of your policy are for.',
    },
    description:
      'A service acts for every AWS customer: without `SourceArn` or `SourceAccount` someone else’s bucket, topic or rule can make it call your function with their input. Name the source; for S3 the account too, because a bucket’s ARN names none.',
    aliases: ['checkov:CKV_AWS_364', 'trivy:AVD-AWS-0067', 'guard:LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED'],
    variants: {
      bucket: {
        severity: 'low',
        message:
          'A bucket’s ARN names no account: if the bucket is deleted, whoever takes its name may call the function. Add SourceAccount',
        aliases: [],
      },
    },
    references: [SERVICES, DEPUTY],
    checks: [{ kind: 'policy', check: checkSource }],
  },
  {
    id: 'lambda-permission-api-wildcard',
    title: 'Every method and path of the API may call the function',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS lets the API call the function as far as the ARN reaches; how far it reaches is your setting.',
    },
    description:
      'The permission covers all stages, methods and paths of the API, those that someone adds later without authorisation included. End the ARN with the method and path that the function serves.',
    aliases: ['kics:Public Lambda via API Gateway'],
    references: [
      aws(
        'Invoking a Lambda function using an Amazon API Gateway endpoint',
        'lambda/latest/dg/services-apigateway.html',
      ),
    ],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: PERMISSION, path: 'SourceArn', where: isForApi },
          { type: TF_PERMISSION, path: 'source_arn', where: isForApi },
        ],
        must: namesPart,
        absent: true,
        fix: narrowToRoute,
      },
    ],
  },
  {
    id: 'lambda-permission-action',
    title: 'Permission goes beyond calling the function',
    category: 'iam',
    severity: 'low',
    tier: 'core',
    owner: {
      side: 'customer',
      why: 'AWS grants the action that you name; whoever calls a function needs no right but to invoke it.',
    },
    description:
      'Those who call a function need `lambda:InvokeFunction`, for its URL `lambda:InvokeFunctionUrl`. Other actions let them read or change it, and `lambda:*` lets them do everything.',
    aliases: ['cfn_nag:W24', 'guard:LAMBDA_PERMISSION_INVOKE_FUNCTION_ACTION', 'kics:Lambda Permission Misconfigured'],
    references: [RESOURCE_POLICIES],
    checks: [
      {
        kind: 'property',
        targets: [
          { type: PERMISSION, path: 'Action' },
          { type: TF_PERMISSION, path: 'action' },
        ],
        must: oneOf('lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'),
        absent: true,
        message: (found) =>
          `Permission allows ${found.value.kind === 'known' ? found.value.value : 'more'}, not only calling the function`,
        fix: set('lambda:InvokeFunction', { safe: false, note: 'other actions are then refused' }),
      },
    ],
  },
];
