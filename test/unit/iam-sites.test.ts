import assert from 'node:assert/strict';
import test from 'node:test';
import { cloudFormationTemplate } from '../../server/src/cloudformation/template.ts';
import { attachedPolicies } from '../../server/src/iam/attached.ts';
import { FLAT_SITES, LOOK_ALIKES, POLICY_SITES } from '../../server/src/iam/policy-sites.ts';
import { policiesOf, policySite } from '../../server/src/iam/sites.ts';
import { parseJson } from '../../server/src/syntax/json.ts';
import { parseYaml } from '../../server/src/syntax/yaml.ts';
import type { Template } from '../../server/src/template/template.ts';
import { terraformPlan } from '../../server/src/terraform/plan.ts';
import { cloudFormation, onlyPolicy, onlyStatement, terraform, textOf, texts } from './iam-support.ts';

const DOCUMENT = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };

/** Puts a value at a path such as `Policies[].PolicyDocument` or `Events{}.Properties`. */
function put(path: string, value: unknown): Record<string, unknown> {
  const names = path.replaceAll('[]', '.[]').replaceAll('{}', '.{}').split('.').filter(Boolean);
  const inner = names.reduceRight((held: unknown, name) => {
    if (name === '[]') return [held];
    return name === '{}' ? { Any: held } : { [name]: held };
  }, value);
  return inner as Record<string, unknown>;
}

function withProperty(type: string, properties: object): Template {
  return type.startsWith('AWS::')
    ? cloudFormation({ R: { Type: type, Properties: properties } }, { Transform: 'AWS::Serverless-2016-10-31' })
    : terraform({ resource: { [type]: { r: properties } } });
}

test('every property of the table is read as the kind and service that it says', () => {
  for (const site of POLICY_SITES) {
    const value = site.statements
      ? DOCUMENT.Statement
      : site.type.startsWith('AWS::')
        ? DOCUMENT
        : JSON.stringify(DOCUMENT);
    const properties = put(site.path, value);
    if (site.kind === 'organization')
      Object.assign(properties, { Type: 'SERVICE_CONTROL_POLICY', type: 'SERVICE_CONTROL_POLICY' });
    const policy = onlyPolicy(withProperty(site.type, properties));
    const name = `${site.type} ${site.path}`;
    assert.equal(policy.kind, site.kind === 'organization' ? 'scp' : site.kind, name);
    assert.equal(policy.service, site.service, name);
    assert.equal(policy.form, site.statements ? 'statements' : 'document', name);
    assert.deepEqual(
      policy.statements.map((statement) => texts(statement.actions)),
      [['s3:GetObject']],
      name,
    );
  }
});

test('properties that look alike are left alone', () => {
  for (const [type, path] of LOOK_ALIKES) {
    for (const value of [DOCUMENT, JSON.stringify(DOCUMENT)]) {
      assert.deepEqual(policiesOf(withProperty(type, put(path, value))), [], `${type} ${path}`);
    }
    assert.equal(policySite(type, path), undefined);
  }
});

test('permission resources read as one statement', () => {
  for (const site of FLAT_SITES) {
    const properties = { [site.principal]: '123456789012', [site.action]: 'lambda:InvokeFunction' };
    const policy = onlyPolicy(withProperty(site.type, properties));
    assert.equal(policy.form, 'flat', site.type);
    assert.equal(policy.service, site.service, site.type);
    assert.deepEqual(
      policy.statements.map((statement) => [statement.effect, texts(statement.principals), texts(statement.actions)]),
      [['Allow', ['123456789012'], ['lambda:InvokeFunction']]],
    );
  }
});

test('the conditions of a Lambda permission', () => {
  const permission = (properties: object) =>
    onlyStatement(
      withProperty('AWS::Lambda::Permission', { FunctionName: 'f', Action: 'lambda:InvokeFunction', ...properties }),
    );
  const service = permission({
    Principal: 's3.amazonaws.com',
    SourceArn: 'arn:aws:s3:::b',
    SourceAccount: { Ref: 'AWS::AccountId' },
  });
  assert.equal(service.principals[0]?.type, 'Service');
  assert.deepEqual(
    service.conditions.map((clause) => [clause.operator.name, clause.key, textOf(clause.keyNode)]),
    [
      ['ArnLike', 'aws:SourceArn', '"SourceArn"'],
      ['StringEquals', 'aws:SourceAccount', '"SourceAccount"'],
    ],
  );
  assert.equal(permission({ Principal: '*' }).principals[0]?.type, '*');
  assert.equal(permission({ Principal: 'arn:aws:iam::123456789012:root' }).principals[0]?.type, 'AWS');
  const bus = onlyStatement(
    terraform({
      resource: {
        aws_cloudwatch_event_permission: {
          p: {
            principal: '*',
            statement_id: 'x',
            condition: { key: 'aws:PrincipalOrgID', type: 'StringEquals', value: 'o-1' },
          },
        },
      },
    }),
  );
  assert.deepEqual(texts(bus.actions), ['events:PutEvents']);
  assert.deepEqual(
    bus.conditions.map((clause) => [clause.operator.name, clause.key, ...texts(clause.values)]),
    [['StringEquals', 'aws:PrincipalOrgID', 'o-1']],
  );
});

test('an organizations policy is what its type says', () => {
  const kinds = (type: string, name: string, value?: string) =>
    policiesOf(
      withProperty(type, {
        [type.startsWith('AWS') ? 'Content' : 'content']: type.startsWith('AWS') ? DOCUMENT : JSON.stringify(DOCUMENT),
        ...(value ? { [name]: value } : {}),
      }),
    ).map((policy) => policy.kind);
  assert.deepEqual(kinds('AWS::Organizations::Policy', 'Type', 'RESOURCE_CONTROL_POLICY'), ['rcp']);
  assert.deepEqual(kinds('AWS::Organizations::Policy', 'Type', 'TAG_POLICY'), []);
  assert.deepEqual(kinds('AWS::Organizations::Policy', 'Type'), []);
  assert.deepEqual(kinds('aws_organizations_policy', 'type'), ['scp']);
  assert.deepEqual(kinds('aws_organizations_policy', 'type', 'BACKUP_POLICY'), []);
});

test('of the policies of a SAM function only documents count', () => {
  const template = withProperty('AWS::Serverless::Function', {
    Policies: [
      'AWSLambdaExecute',
      { S3ReadPolicy: { BucketName: 'b' } },
      { Statement: { Effect: 'Allow', Action: 'a:b' } },
    ],
  });
  assert.equal(onlyPolicy(template).site, 'Policies.2');
});

test('the service of an endpoint comes from its name', () => {
  const service = (name: unknown) =>
    onlyPolicy(withProperty('AWS::EC2::VPCEndpoint', { ServiceName: name, PolicyDocument: DOCUMENT })).service;
  assert.equal(service('com.amazonaws.us-east-1.s3'), 's3');
  assert.equal(service({ 'Fn::Sub': 'com.amazonaws.${AWS::Region}.dynamodb' }), 'dynamodb');
});

// JSON in strings

test('JSON in a string: nodes lie in the text, where it is broken is told', () => {
  const text = '{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}';
  const policy = onlyPolicy(withProperty('AWS::XRay::ResourcePolicy', { PolicyDocument: text }));
  assert.equal(textOf(policy.statements[0]?.actions[0]?.node), '\\"s3:*\\"');
  assert.equal(textOf(policy.host), JSON.stringify(text));
  assert.deepEqual(policy.problems, []);
  const broken = onlyPolicy(withProperty('AWS::XRay::ResourcePolicy', { PolicyDocument: text.slice(0, -3) }));
  assert.ok(broken.problems.length > 0);
  assert.equal(broken.statements.length, 1);
  const none = onlyPolicy(withProperty('AWS::XRay::ResourcePolicy', { PolicyDocument: 'not JSON' }));
  assert.equal(none.problems.length, 1);
  assert.ok(none.open);
  assert.deepEqual(policiesOf(withProperty('AWS::XRay::ResourcePolicy', { PolicyDocument: '' })), []);
});

test('a plain string in CloudFormation has no holes, only policy variables', () => {
  const text = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:username}"}}';
  const statement = onlyStatement(withProperty('AWS::XRay::ResourcePolicy', { PolicyDocument: text }));
  assert.deepEqual(texts(statement.resources), ['arn:aws:s3:::b/${aws:username}']);
});

test('JSON in Fn::Sub, short and long, with policy variables kept', () => {
  const yaml = `
Resources:
  B: { Type: AWS::S3::Bucket }
  P:
    Type: AWS::XRay::ResourcePolicy
    Properties:
      PolicyDocument: !Sub |
        {
          "Statement": [{
            "Effect": "Allow", "Action": "s3:*",
            "Principal": {"AWS": "arn:aws:iam::\${AWS::AccountId}:root"},
            "Resource": ["arn:aws:s3:::\${B}/*", "\${B.Arn}", "x/\${!aws:username}"]
          }]
        }
`;
  const statement = onlyStatement(cloudFormation(yaml));
  assert.deepEqual(texts(statement.resources), ['arn:aws:s3:::?/*', '?', 'x/${aws:username}']);
  assert.equal(statement.resources[1]?.value.kind, 'reference');
  assert.equal(textOf(statement.resources[0]?.node), '"arn:aws:s3:::${B}/*"');
  assert.equal(statement.principals[0]?.value.kind, 'text');
  const long = withProperty('AWS::XRay::ResourcePolicy', {
    PolicyDocument: {
      'Fn::Sub': ['{"Statement": {"Effect": "${E}", "Action": "*", "Resource": "${R}"}}', { E: 'Deny', R: 'arn' }],
    },
  });
  assert.equal(onlyStatement(long).effect, 'Deny');
  assert.deepEqual(texts(onlyStatement(long).resources), ['arn']);
});

test('a parameter default holds the document', () => {
  const text = '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}';
  const template = cloudFormation(
    { P: { Type: 'AWS::XRay::ResourcePolicy', Properties: { PolicyDocument: { Ref: 'Doc' } } } },
    { Parameters: { Doc: { Type: 'String', Default: text } } },
  );
  const policy = onlyPolicy(template);
  assert.equal(policy.via[0]?.name, 'Doc');
  assert.equal(policy.statements[0]?.effect, 'Allow');
});

test('Terraform: text with holes inside and outside of JSON strings, and jsonencode', () => {
  const one = (policy: string, rest: object = {}) =>
    onlyStatement(
      terraform({
        resource: { aws_s3_bucket_policy: { p: { bucket: 'b', policy } }, aws_s3_bucket: { b: {} } },
        ...rest,
      }),
    );
  const heredoc = one(
    '{\n "Statement": [{\n "Effect": "Allow", "Action": ${jsonencode(local.actions)}, "Resource": "${aws_s3_bucket.b.arn}/*",\n' +
      ' "Principal": {"AWS": "${var.accounts["main"]}"}, "Condition": {"StringLike": {"s3:prefix": "$${aws:username}"}}\n }]\n}\n',
    { locals: { actions: ['s3:GetObject', 's3:PutObject'] }, variable: { accounts: {} } },
  );
  assert.deepEqual(texts(heredoc.actions), ['s3:GetObject', 's3:PutObject']);
  assert.deepEqual(texts(heredoc.resources), ['?/*']);
  assert.deepEqual(texts(heredoc.principals), ['?']);
  assert.deepEqual(texts(heredoc.conditions[0]!.values), ['${aws:username}']);
  assert.equal(textOf(heredoc.resources[0]?.node), '\\"${aws_s3_bucket.b.arn}/*\\"');

  const encoded = one(
    '${jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = [aws_s3_bucket.b.arn, "*"] }] })}',
  );
  assert.deepEqual(texts(encoded.resources), ['?', '*']);
  assert.equal(textOf(encoded.actions[0]?.node), '\\"s3:*\\"');

  const loop = onlyPolicy(
    terraform({
      resource: {
        aws_s3_bucket_policy: { p: { policy: '{"Statement": [%{ for x in var.l }{"Effect": "Allow"},%{ endfor }]}' } },
      },
    }),
  );
  assert.ok(loop.open);
  const list = one('{"Statement": {"Effect": "Allow", "Action": ["s3:A", ${join(",", var.more)}], "Resource": "*"}}', {
    variable: { more: {} },
  });
  assert.deepEqual(texts(list.actions), ['s3:A', '?']);
  assert.ok(list.openElements.has('Action'));
});

// Data sources

function dataSources(documents: object, resource: object) {
  return policiesOf(terraform({ data: { aws_iam_policy_document: documents }, resource }));
}

const BLOCK = { actions: ['s3:*'], resources: ['*'] };
const OPEN_BLOCK = { ...BLOCK, principals: { type: '*', identifiers: ['*'] } };
const json = (name: string) => `\${data.aws_iam_policy_document.${name}.json}`;

test('a data source is one document; who uses it says what it is', () => {
  const [policy, ...rest] = dataSources(
    { d: { statement: OPEN_BLOCK } },
    { aws_s3_bucket_policy: { p: { policy: json('d') } }, aws_s3_bucket: { b: { policy: json('d') } } },
  );
  assert.deepEqual(rest, []);
  assert.equal(policy?.form, 'data');
  assert.equal(policy?.resource.address, 'data.aws_iam_policy_document.d');
  assert.deepEqual([policy?.kind, policy?.service], ['resource', 's3']);
  assert.deepEqual(
    policy?.consumers.map((consumer) => `${consumer.resource.address}.${consumer.site}`),
    ['aws_s3_bucket_policy.p.policy', 'aws_s3_bucket.b.policy'],
  );
  const kind = (resource: object, block: object = BLOCK) =>
    dataSources({ d: { statement: block } }, resource).map((one) => [one.kind, one.service]);
  assert.deepEqual(kind({ aws_iam_role: { r: { assume_role_policy: json('d') } } }), [['trust', 'sts']]);
  assert.deepEqual(kind({ aws_iam_policy: { r: { policy: json('d') } } }), [['identity', undefined]]);
  assert.deepEqual(kind({ aws_kms_key: { r: { policy: '${data.aws_iam_policy_document.d.minified_json}' } } }), [
    ['resource', 'kms'],
  ]);
  assert.deepEqual(kind({ aws_kms_key: { r: { policy: json('d') } }, aws_sqs_queue: { r: { policy: json('d') } } }), [
    ['resource', undefined],
  ]);
  assert.deepEqual(kind({}), [['identity', undefined]]);
  assert.deepEqual(kind({}, OPEN_BLOCK), [['resource', undefined]]);
});

test('documents that a data source takes in: statements come along, users go up', () => {
  const policies = dataSources(
    {
      base: { statement: BLOCK },
      top: {
        source_policy_documents: [json('base')],
        override_policy_documents: ['{"Statement": {"Effect": "Deny", "Action": "*"}}'],
        statement: OPEN_BLOCK,
      },
    },
    { aws_sns_topic_policy: { p: { policy: json('top') } } },
  );
  const base = policies.find((policy) => policy.resource.address.endsWith('.base'));
  const top = policies.find((policy) => policy.resource.address.endsWith('.top') && policy.form === 'data');
  assert.deepEqual([base?.kind, base?.service], ['resource', 'sns']);
  assert.equal(top?.statements.length, 1);
  assert.deepEqual(
    top?.included.map((statement) => statement.effect),
    ['Deny', 'Allow'],
  );
  assert.equal(top?.open, undefined);
  const taken = policies.find((policy) => policy.form === 'document');
  assert.deepEqual([taken?.kind, taken?.site], ['resource', 'override_policy_documents.0']);
  const [unknown] = dataSources({ d: { source_policy_documents: ['${var.x}'], statement: BLOCK } }, {});
  assert.ok(unknown?.open);
  // A circle of data sources ends.
  assert.equal(
    dataSources({ a: { source_policy_documents: [json('b')] }, b: { source_policy_documents: [json('a')] } }, {})
      .length,
    2,
  );
});

test('a managed policy used as a boundary alone is one', () => {
  const kinds = (more: object) =>
    policiesOf(
      cloudFormation({
        M: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: DOCUMENT } },
        R: { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: { Ref: 'M' }, ...more } },
      }),
    ).map((policy) => policy.kind);
  assert.deepEqual(kinds({}), ['boundary']);
  assert.deepEqual(kinds({ ManagedPolicyArns: [{ Ref: 'M' }] }), ['identity']);
});

test('a plan: text is resolved, its data sources are not read twice', () => {
  const plan = {
    format_version: '1.2',
    terraform_version: '1.9.0',
    planned_values: {
      root_module: {
        resources: [
          {
            address: 'aws_iam_policy.p',
            mode: 'managed',
            type: 'aws_iam_policy',
            name: 'p',
            values: { policy: JSON.stringify(DOCUMENT) },
          },
        ],
      },
    },
    resource_changes: [],
  };
  const template = terraformPlan(parseJson('plan.json', JSON.stringify(plan, null, 1)));
  assert.ok(template);
  const policy = onlyPolicy(template);
  assert.equal(textOf(policy.statements[0]?.actions[0]?.node), '\\"s3:GetObject\\"');
});

test('documents are found once for a template', () => {
  const template = withProperty('AWS::IAM::ManagedPolicy', { PolicyDocument: DOCUMENT });
  assert.equal(policiesOf(template), policiesOf(template));
});

test('half-typed templates do not throw', () => {
  const text =
    'Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Principal: "*"\n            Action: s3:GetObject\n            Resource: "*"\n';
  for (let length = 0; length <= text.length; length++) {
    const template = cloudFormationTemplate(parseYaml('t.yaml', text.slice(0, length)));
    if (template) assert.doesNotThrow(() => policiesOf(template).length);
  }
});

// Attachments

function attached(template: Template): Record<string, { policies: string[]; managed: string[]; boundaries: number }> {
  return Object.fromEntries(
    attachedPolicies(template).map(({ principal, policies, managedArns, boundaries }) => [
      principal.address,
      {
        policies: policies.map((policy) => `${policy.resource.address}${policy.site ? `.${policy.site}` : ''}`),
        managed: managedArns.map((found) => textOf(found.node) ?? ''),
        boundaries: boundaries.length,
      },
    ]),
  );
}

test('CloudFormation: inline, attached by name or reference, managed', () => {
  const policy = (properties: object) => ({
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'p', PolicyDocument: DOCUMENT, ...properties },
  });
  const template = cloudFormation({
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'the-role',
        AssumeRolePolicyDocument: DOCUMENT,
        Policies: [{ PolicyName: 'inline', PolicyDocument: DOCUMENT }],
        ManagedPolicyArns: [{ Ref: 'Managed' }, 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
        PermissionsBoundary: 'arn:aws:iam::1:policy/b',
      },
    },
    User: { Type: 'AWS::IAM::User', Properties: {} },
    Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: DOCUMENT } },
    ByReference: policy({ Roles: [{ Ref: 'Role' }], Users: [{ Ref: 'User' }] }),
    ByName: policy({ Roles: ['the-role'] }),
    Elsewhere: policy({ Roles: ['another-role'] }),
    Own: {
      Type: 'AWS::IAM::RolePolicy',
      Properties: { RoleName: { Ref: 'Role' }, PolicyName: 'x', PolicyDocument: DOCUMENT },
    },
  });
  assert.deepEqual(attached(template), {
    Role: {
      policies: [
        'Role.Policies.0.PolicyDocument',
        'Managed.PolicyDocument',
        'ByReference.PolicyDocument',
        'ByName.PolicyDocument',
        'Own.PolicyDocument',
      ],
      managed: ['"arn:aws:iam::aws:policy/ReadOnlyAccess"'],
      boundaries: 1,
    },
    User: { policies: ['ByReference.PolicyDocument'], managed: [], boundaries: 0 },
  });
});

test('Terraform: inline blocks, policies and attachments of their own, data sources', () => {
  const text = JSON.stringify(DOCUMENT);
  const template = terraform({
    data: { aws_iam_policy_document: { d: { statement: BLOCK } } },
    resource: {
      aws_iam_role: {
        r: {
          name: 'role',
          inline_policy: { name: 'i', policy: text },
          managed_policy_arns: ['arn:aws:iam::aws:policy/A'],
        },
      },
      aws_iam_user: { u: { name: 'user' } },
      aws_iam_group: { g: { name: 'group' } },
      aws_iam_policy: { p: { policy: json('d') }, q: { policy: text } },
      aws_iam_role_policy: { rp: { role: '${aws_iam_role.r.id}', policy: text } },
      aws_iam_user_policy: { up: { user: 'user', policy: text } },
      aws_iam_role_policy_attachment: {
        a: { role: '${aws_iam_role.r.name}', policy_arn: '${aws_iam_policy.p.arn}' },
        b: { role: 'role', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      },
      aws_iam_policy_attachment: {
        c: {
          name: 'c',
          users: ['${aws_iam_user.u.name}'],
          groups: ['${aws_iam_group.g.name}'],
          policy_arn: '${aws_iam_policy.q.arn}',
        },
      },
      aws_iam_group_policy_attachments_exclusive: {
        e: { group_name: '${aws_iam_group.g.name}', policy_arns: ['${aws_iam_policy.p.arn}'] },
      },
    },
  });
  assert.deepEqual(attached(template), {
    'aws_iam_role.r': {
      policies: [
        'aws_iam_role.r.inline_policy.policy',
        'aws_iam_role_policy.rp.policy',
        'data.aws_iam_policy_document.d',
      ],
      managed: ['"arn:aws:iam::aws:policy/A"', '"arn:aws:iam::aws:policy/AdministratorAccess"'],
      boundaries: 0,
    },
    'aws_iam_user.u': {
      policies: ['aws_iam_user_policy.up.policy', 'aws_iam_policy.q.policy'],
      managed: [],
      boundaries: 0,
    },
    'aws_iam_group.g': {
      policies: ['aws_iam_policy.q.policy', 'data.aws_iam_policy_document.d'],
      managed: [],
      boundaries: 0,
    },
  });
});

test('users inherit what the groups of the template have', () => {
  const inheritedBy = (template: Template) =>
    Object.fromEntries(
      attachedPolicies(template).map(({ principal, policies, inherited }) => [
        principal.address,
        [policies.length, inherited.map((policy) => policy.resource.address)],
      ]),
    );
  const group = { Type: 'AWS::IAM::Group', Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: DOCUMENT }] } };
  assert.deepEqual(
    inheritedBy(
      cloudFormation({
        A: group,
        B: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'b', ...group.Properties } },
        Listed: { Type: 'AWS::IAM::User', Properties: { Groups: [{ Ref: 'A' }, 'b', 'elsewhere'] } },
        Added: { Type: 'AWS::IAM::User', Properties: { UserName: 'b' } },
        Alone: { Type: 'AWS::IAM::User', Properties: {} },
        Addition: {
          Type: 'AWS::IAM::UserToGroupAddition',
          Properties: { GroupName: { Ref: 'A' }, Users: [{ Ref: 'Added' }] },
        },
      }),
    ),
    { A: [1, []], B: [1, []], Listed: [0, ['A', 'B']], Added: [0, ['A']], Alone: [0, []] },
  );
  assert.deepEqual(
    inheritedBy(
      terraform({
        resource: {
          aws_iam_group: { a: { name: 'a' }, b: { name: 'b' } },
          aws_iam_group_policy: {
            a: { group: '${aws_iam_group.a.name}', policy: JSON.stringify(DOCUMENT) },
            b: { group: 'b', policy: JSON.stringify(DOCUMENT) },
          },
          aws_iam_user: { u: { name: 'u' }, v: { name: 'v' } },
          aws_iam_user_group_membership: {
            m: { user: '${aws_iam_user.u.name}', groups: ['${aws_iam_group.a.name}', 'b'] },
          },
          aws_iam_group_membership: { n: { name: 'n', group: '${aws_iam_group.b.name}', users: ['v'] } },
        },
      }),
    ),
    {
      'aws_iam_group.a': [1, []],
      'aws_iam_group.b': [1, []],
      'aws_iam_user.u': [0, ['aws_iam_group_policy.a', 'aws_iam_group_policy.b']],
      'aws_iam_user.v': [0, ['aws_iam_group_policy.b']],
    },
  );
});
