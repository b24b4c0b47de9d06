import type { Form, Json, PolicyFixture } from './fixture.ts';

/** Key of iam-checks.tsv → `rule/variant`. */
export const ACCESS_CHECKS: Readonly<Record<string, string>> = {
  // Access. A broader finding on a statement absorbs the narrower ones: server/src/rules/iam-access-findings.ts.
  'full-admin': 'iam-admin-star',
  'action-star': 'iam-wildcard-action',
  // `s3:*` on every bucket is s3-presigned-post-full-access, which carries the concern of the wildcard.
  'service-wildcard': 'iam-service-wildcard',
  'resource-star-restrictable': 'iam-wildcard-resource',
  'resource-effectively-star': 'iam-wildcard-resource/in-effect',
  'write-on-star': 'iam-write-without-constraint',
  'permissions-mgmt-on-star': 'iam-permissions-management',
  'tagging-on-star': 'iam-wildcard-resource/tagging',
  'data-exfil-on-star': 'iam-data-exfiltration',
  'creds-on-star': 'iam-credentials-exposure',
  'allow-notaction': 'iam-not-action',
  'allow-notresource': 'iam-not-resource',
  'passrole-star-in-resource': 'iam-passrole-star',
  // A pattern that stands for hardly more than PassRole. A wider one is a path to more rights, or an administrator.
  'passrole-star-in-action-and-resource': 'iam-passrole-star',
  // NotAction or NotResource is the cause, and its finding carries the id of Access Analyzer's check.
  'passrole-star-in-resource-and-not-action': 'iam-not-action',
  'passrole-not-resource': 'iam-not-resource',
  'passrole-star-in-action-and-not-resource': 'iam-not-resource',
  'passrole-not-action-and-not-resource': 'iam-not-action',
  'slr-star-in-resource': 'iam-create-service-linked-role-star',
  'slr-star-in-action-and-resource': 'iam-create-service-linked-role-star',
  'slr-star-in-resource-and-not-action': 'iam-not-action',
  'slr-not-resource': 'iam-not-resource',
  'slr-star-in-action-and-not-resource': 'iam-not-resource',
  'slr-not-action-and-not-resource': 'iam-not-action',
  'privesc-combo': 'iam-privilege-escalation',
  'privesc-single-self': 'iam-privilege-escalation',
  'privesc-existing-compute': 'iam-privilege-escalation/existing-role',
  'bucket-policy-privesc': 'iam-resource-policy-privesc',
  'sts-assumerole-star': 'iam-assumerole-star',
};

type Fields = { readonly [name: string]: Json };

const policy = (...statements: readonly Fields[]): Json => ({
  Version: '2012-10-17',
  Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
});
const allow = (action: Json, resource: Json, more: Fields = {}): Json =>
  policy({ Action: action, Resource: resource, ...more });

/**
 * An ARN with a name to fill in, as fixes write it: `lambda:@:function:FUNCTION_NAME`, where `@` stands for the Region and
 * the account. CloudFormation has words for these.
 */
const named =
  (rest: string) =>
  (form: Form): Json => {
    const own = `arn:\${AWS::Partition}:${rest.replace('@', '${AWS::Region}:${AWS::AccountId}').replace('iam::*', 'iam::${AWS::AccountId}')}`;
    if (form === 'cfn-json') return { 'Fn::Sub': own };
    return form === 'cfn-yaml' ? own : `arn:aws:${rest.replace('@', '*:*')}`;
  };
const EVERYWHERE = { StringEquals: { 'aws:ResourceTag/Team': 'web' } };
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:jobs';
const ROLE = 'arn:aws:iam::111122223333:role/worker';
const READS_QUEUE = ['sqs:Get*', 'sqs:List*', 'sqs:ReceiveMessage'];
/** Escalations are judged on what is certain: several actions make one. */
const CERTAIN = 'an action under a condition of the template may not be there together with the others';
const inAction = ['Statement', 0, 'Action'] as const;
const inResource = ['Statement', 0, 'Resource'] as const;

const guarded = (operator: string, key: string, value: Json): Fields => ({
  Condition: { [operator]: { [key]: value } },
});

export const ACCESS_FIXTURES: readonly PolicyFixture[] = [
  {
    check: 'full-admin',
    host: 'identity',
    violates: allow('*', '*'),
    at: inAction,
    satisfies: [
      allow('*', '*', { Condition: EVERYWHERE }),
      policy({ Effect: 'Deny', Action: '*', Resource: '*' }),
      policy({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' }),
    ],
  },
  {
    check: 'full-admin',
    title: 'by two wildcards',
    host: 'identity',
    violates: allow(['*:*'], ['*']),
    at: [...inAction, 0],
    satisfies: [allow('*', QUEUE)],
  },
  {
    check: 'action-star',
    host: 'identity',
    violates: allow('*', QUEUE),
    at: inAction,
    fixed: allow(READS_QUEUE, QUEUE),
    satisfies: [allow('sqs:SendMessage', QUEUE), policy({ Effect: 'Deny', Action: '*', Resource: QUEUE })],
  },
  {
    check: 'service-wildcard',
    host: 'identity',
    violates: allow('sqs:*', '*'),
    at: inAction,
    fixed: allow(READS_QUEUE, '*'),
    satisfies: [allow('sqs:Send*', QUEUE), policy({ Effect: 'Deny', Action: 'sqs:*', Resource: '*' })],
  },
  {
    check: 'resource-star-restrictable',
    host: 'identity',
    violates: allow('lambda:GetFunction', '*'),
    at: inResource,
    fixed: (form) => allow('lambda:GetFunction', named('lambda:@:function:FUNCTION_NAME')(form)),
    satisfies: [
      allow(['s3:ListAllMyBuckets', 'ec2:DescribeInstances', 'cloudwatch:PutMetricData'], '*'),
      allow('lambda:GetFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:worker'),
    ],
  },
  {
    check: 'resource-effectively-star',
    host: 'identity',
    violates: allow('lambda:GetFunction', 'arn:aws:lambda:*:*:function:*'),
    at: inResource,
    fixed: (form) =>
      allow(
        'lambda:GetFunction',
        form === 'cfn-json'
          ? { 'Fn::Sub': 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:FUNCTION_NAME' }
          : form === 'cfn-yaml'
            ? 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:FUNCTION_NAME'
            : 'arn:aws:lambda:*:*:function:FUNCTION_NAME',
      ),
    satisfies: [
      allow('lambda:GetFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:*'),
      allow('lambda:GetFunction', 'arn:aws:lambda:*:*:function:worker-*'),
    ],
  },
  {
    check: 'write-on-star',
    host: 'identity',
    violates: allow('sqs:SendMessage', '*'),
    at: inResource,
    fixed: (form) => allow('sqs:SendMessage', named('sqs:@:QUEUE_NAME')(form)),
    satisfies: [
      allow('sqs:SendMessage', QUEUE),
      allow('ec2:TerminateInstances', '*', { Condition: EVERYWHERE }),
      allow('cloudwatch:PutMetricData', '*'),
    ],
  },
  {
    check: 'permissions-mgmt-on-star',
    host: 'identity',
    violates: allow('ecr:SetRepositoryPolicy', '*'),
    at: inAction,
    fixed: (form) => allow('ecr:SetRepositoryPolicy', named('ecr:@:repository/REPOSITORY_NAME')(form)),
    satisfies: [
      allow('ecr:SetRepositoryPolicy', 'arn:aws:ecr:eu-west-1:111122223333:repository/images'),
      // Called "Permissions management" by the reference: they only look.
      allow(['glue:ListTriggers', 'glue:ListWorkflows'], '*'),
    ],
  },
  {
    check: 'tagging-on-star',
    host: 'identity',
    violates: allow('sqs:TagQueue', '*'),
    at: inResource,
    fixed: (form) => allow('sqs:TagQueue', named('sqs:@:QUEUE_NAME')(form)),
    satisfies: [
      allow('sqs:TagQueue', QUEUE),
      // The write on everything is reported, and mended by the same change.
      allow(['sqs:TagQueue', 'sqs:SendMessage'], '*'),
      allow('sqs:*', '*'),
      allow('ec2:CreateTags', '*', guarded('StringEquals', 'ec2:CreateAction', 'RunInstances')),
    ],
  },
  {
    check: 'data-exfil-on-star',
    host: 'identity',
    violates: allow('secretsmanager:GetSecretValue', '*'),
    at: inAction,
    fixed: (form) => allow('secretsmanager:GetSecretValue', named('secretsmanager:@:secret:SECRET_NAME-??????')(form)),
    satisfies: [
      allow('secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:database-??????'),
      allow('secretsmanager:GetSecretValue', '*', { Condition: EVERYWHERE }),
      allow('s3:GetObject', ['arn:aws:s3:::reports/*']),
    ],
  },
  {
    check: 'creds-on-star',
    host: 'identity',
    violates: allow('redshift-serverless:GetCredentials', '*'),
    at: inAction,
    fixed: (form) =>
      allow('redshift-serverless:GetCredentials', named('redshift-serverless:@:workgroup/WORKGROUP_ID')(form)),
    satisfies: [
      // These know no resource type.
      allow(['ecr:GetAuthorizationToken', 'sts:GetSessionToken'], '*'),
      allow('rds-db:connect', 'arn:aws:rds-db:eu-west-1:111122223333:dbuser:cluster-1/reader'),
    ],
  },
  {
    check: 'allow-notaction',
    host: 'identity',
    violates: policy({ NotAction: ['iam:*', 'organizations:*'], Resource: '*' }),
    at: ['Statement', 0, 'NotAction'],
    onKey: true,
    satisfies: [policy({ Effect: 'Deny', NotAction: ['iam:*', 'sts:*'], Resource: '*' })],
  },
  {
    check: 'allow-notresource',
    host: 'identity',
    violates: policy({ Action: 's3:GetObject', NotResource: 'arn:aws:s3:::payroll/*' }),
    at: ['Statement', 0, 'NotResource'],
    onKey: true,
    fixed: (form) => allow('s3:GetObject', named('s3:::BUCKET_NAME/*')(form)),
    satisfies: [policy({ Effect: 'Deny', Action: 's3:GetObject', NotResource: 'arn:aws:s3:::payroll/*' })],
  },
  {
    check: 'passrole-star-in-resource',
    host: 'identity',
    violates: allow('iam:PassRole', '*'),
    at: inAction,
    fixed: (form) => allow('iam:PassRole', named('iam::*:role/ROLE_NAME')(form)),
    satisfies: [
      allow('iam:PassRole', ROLE),
      allow('iam:PassRole', '*', guarded('StringEquals', 'iam:PassedToService', 'lambda.amazonaws.com')),
      allow(
        'iam:PassRole',
        '*',
        guarded('ArnLike', 'iam:AssociatedResourceArn', 'arn:aws:ec2:eu-west-1:111122223333:instance/*'),
      ),
    ],
  },
  {
    check: 'passrole-star-in-resource',
    title: 'every role by its path, guarded only where the key is there',
    host: 'identity',
    violates: allow(
      'iam:PassRole',
      'arn:aws:iam::111122223333:role/*',
      guarded('StringEqualsIfExists', 'iam:PassedToService', 'lambda.amazonaws.com'),
    ),
    at: inAction,
    fixed: allow(
      'iam:PassRole',
      'arn:aws:iam::111122223333:role/ROLE_NAME',
      guarded('StringEqualsIfExists', 'iam:PassedToService', 'lambda.amazonaws.com'),
    ),
    satisfies: [allow('iam:PassRole', 'arn:aws:iam::111122223333:role/service/*')],
  },
  {
    check: 'passrole-star-in-action-and-resource',
    host: 'identity',
    violates: allow('iam:Pass*', '*'),
    at: inAction,
    fixed: (form) => allow('iam:Pass*', named('iam::*:role/ROLE_NAME')(form)),
    satisfies: [
      allow('iam:Pass*', ROLE),
      allow('iam:Pass*', '*', guarded('StringEquals', 'iam:PassedToService', 'lambda.amazonaws.com')),
    ],
  },
  {
    check: 'passrole-star-in-resource-and-not-action',
    host: 'identity',
    violates: policy({ NotAction: 's3:*', Resource: '*' }),
    at: ['Statement', 0, 'NotAction'],
    onKey: true,
    satisfies: [policy({ Effect: 'Deny', NotAction: 'iam:*', Resource: '*' })],
  },
  {
    check: 'passrole-not-resource',
    host: 'identity',
    violates: policy({ Action: 'iam:PassRole', NotResource: ROLE }),
    at: ['Statement', 0, 'NotResource'],
    onKey: true,
    fixed: (form) => allow('iam:PassRole', named('iam::*:role/ROLE_NAME')(form)),
    satisfies: [policy({ Effect: 'Deny', Action: 'iam:PassRole', NotResource: ROLE })],
  },
  {
    check: 'passrole-star-in-action-and-not-resource',
    host: 'identity',
    violates: policy({ Action: 'iam:Pass*', NotResource: ROLE }),
    at: ['Statement', 0, 'NotResource'],
    onKey: true,
    fixed: (form) => allow('iam:Pass*', named('iam::*:role/ROLE_NAME')(form)),
    satisfies: [allow('iam:Pass*', ROLE)],
  },
  {
    check: 'passrole-not-action-and-not-resource',
    host: 'identity',
    violates: policy({ NotAction: 's3:*', NotResource: ROLE }),
    at: ['Statement', 0, 'NotAction'],
    onKey: true,
    satisfies: [policy({ Effect: 'Deny', NotAction: 's3:*', NotResource: ROLE })],
  },
  {
    check: 'slr-star-in-resource',
    host: 'identity',
    violates: allow('iam:CreateServiceLinkedRole', '*'),
    at: inAction,
    fixed: allow(
      'iam:CreateServiceLinkedRole',
      '*',
      guarded('StringEquals', 'iam:AWSServiceName', 'service-name.amazonaws.com'),
    ),
    satisfies: [
      allow(
        'iam:CreateServiceLinkedRole',
        '*',
        guarded('StringEquals', 'iam:AWSServiceName', ['ecs.amazonaws.com', 'rds.amazonaws.com']),
      ),
      allow('iam:CreateServiceLinkedRole', '*', guarded('StringLike', 'iam:AWSServiceName', 'ecs*.amazonaws.com')),
      allow(
        'iam:CreateServiceLinkedRole',
        'arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
      ),
      policy({ Effect: 'Deny', Action: 'iam:CreateServiceLinkedRole', Resource: '*' }),
    ],
  },
  {
    check: 'slr-star-in-resource',
    title: 'of a service by any name, beside other actions',
    host: 'identity',
    violates: policy({
      Sid: 'Deploy',
      Action: ['ecs:ListClusters', 'iam:CreateServiceLinkedRole'],
      Resource: 'arn:aws:iam::111122223333:role/*',
    }),
    at: [...inAction, 1],
    fixed: policy(
      { Sid: 'Deploy', Action: ['ecs:ListClusters'], Resource: 'arn:aws:iam::111122223333:role/*' },
      {
        Sid: 'Deploy2',
        Action: 'iam:CreateServiceLinkedRole',
        Resource: 'arn:aws:iam::111122223333:role/*',
        ...guarded('StringEquals', 'iam:AWSServiceName', 'service-name.amazonaws.com'),
      },
    ),
    satisfies: [allow('iam:GetRole', 'arn:aws:iam::111122223333:role/*')],
  },
  {
    check: 'slr-star-in-action-and-resource',
    host: 'identity',
    violates: allow(
      'iam:CreateServiceL*',
      '*',
      guarded('StringLike', 'iam:AWSServiceName', ['*.amazonaws.com', 'ecs.amazonaws.com']),
    ),
    at: inAction,
    fixed: (form) =>
      allow(
        'iam:CreateServiceL*',
        named('iam::*:role/ROLE_NAME')(form),
        guarded('StringLike', 'iam:AWSServiceName', ['*.amazonaws.com', 'ecs.amazonaws.com']),
      ),
    satisfies: [
      allow('iam:CreateServiceL*', '*', guarded('StringLike', 'iam:AWSServiceName', 'ecs.*')),
      // A wildcard of all of IAM is reported as that.
      allow('iam:*', '*'),
    ],
  },
  {
    check: 'slr-star-in-resource-and-not-action',
    host: 'identity',
    violates: policy({ NotAction: 'iam:PassRole', Resource: '*' }),
    at: ['Statement', 0, 'NotAction'],
    onKey: true,
    satisfies: [policy({ Effect: 'Deny', NotAction: 'iam:PassRole', Resource: '*' })],
  },
  {
    check: 'slr-not-resource',
    host: 'identity',
    violates: policy({ Action: 'iam:CreateServiceLinkedRole', NotResource: ROLE }),
    at: ['Statement', 0, 'NotResource'],
    onKey: true,
    fixed: (form) => allow('iam:CreateServiceLinkedRole', named('iam::*:role/ROLE_NAME')(form)),
    satisfies: [policy({ Effect: 'Deny', Action: 'iam:CreateServiceLinkedRole', NotResource: ROLE })],
  },
  {
    check: 'slr-star-in-action-and-not-resource',
    host: 'identity',
    violates: policy({ Action: 'iam:CreateServiceL*', NotResource: ROLE }),
    at: ['Statement', 0, 'NotResource'],
    onKey: true,
    fixed: (form) => allow('iam:CreateServiceL*', named('iam::*:role/ROLE_NAME')(form)),
    satisfies: [policy({ Effect: 'Deny', Action: 'iam:Create*', NotResource: ROLE })],
  },
  {
    check: 'slr-not-action-and-not-resource',
    host: 'identity',
    violates: policy({ NotAction: 'iam:PassRole', NotResource: ROLE }),
    at: ['Statement', 0, 'NotAction'],
    onKey: true,
    satisfies: [policy({ Effect: 'Deny', NotAction: 'iam:PassRole', NotResource: ROLE })],
  },
  {
    check: 'privesc-combo',
    host: 'identity',
    violates: allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'], '*'),
    at: [...inAction, 2],
    fixed: (form) =>
      allow(
        ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'],
        [named('iam::*:role/ROLE_NAME')(form), named('lambda:@:function:FUNCTION_NAME')(form)],
      ),
    unconditional: CERTAIN,
    satisfies: [
      policy(
        { Action: 'iam:PassRole', Resource: ROLE },
        { Action: ['lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*' },
      ),
      policy(
        { Action: ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*' },
        { Effect: 'Deny', Action: 'iam:PassRole', Resource: '*' },
      ),
      allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'], '*', { Condition: EVERYWHERE }),
    ],
  },
  {
    check: 'privesc-single-self',
    host: 'identity',
    violates: allow('iam:CreatePolicyVersion', '*'),
    at: inAction,
    fixed: (form) => allow('iam:CreatePolicyVersion', named('iam::*:policy/POLICY_NAME')(form)),
    unconditional: CERTAIN,
    satisfies: [
      allow('iam:CreatePolicyVersion', 'arn:aws:iam::111122223333:policy/reports'),
      allow('iam:CreateAccessKey', 'arn:aws:iam::111122223333:user/${aws:username}'),
      allow(
        'iam:PutRolePolicy',
        '*',
        guarded('StringEquals', 'iam:PermissionsBoundary', 'arn:aws:iam::111122223333:policy/boundary'),
      ),
    ],
  },
  {
    check: 'privesc-existing-compute',
    host: 'identity',
    violates: allow('lambda:UpdateFunctionCode', '*'),
    at: inAction,
    fixed: (form) => allow('lambda:UpdateFunctionCode', named('lambda:@:function:FUNCTION_NAME')(form)),
    unconditional: CERTAIN,
    satisfies: [
      allow('lambda:UpdateFunctionCode', 'arn:aws:lambda:eu-west-1:111122223333:function:worker'),
      allow('ssm:SendCommand', '*', { Condition: EVERYWHERE }),
    ],
  },
  {
    check: 'bucket-policy-privesc',
    host: 'identity',
    violates: allow('s3:PutBucketPolicy', 'arn:aws:s3:::reports'),
    at: inAction,
    unconditional: CERTAIN,
    satisfies: [
      policy(
        { Action: 's3:PutBucketPolicy', Resource: 'arn:aws:s3:::reports' },
        { Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], Resource: 'arn:aws:s3:::reports/*' },
      ),
    ],
  },
  {
    check: 'sts-assumerole-star',
    host: 'identity',
    violates: allow('sts:AssumeRole', '*'),
    at: inAction,
    fixed: (form) => allow('sts:AssumeRole', named('iam::*:role/ROLE_NAME')(form)),
    satisfies: [
      allow('sts:AssumeRole', ROLE),
      allow('sts:AssumeRole', '*', guarded('StringEquals', 'aws:ResourceOrgID', '${aws:PrincipalOrgID}')),
    ],
  },
];
