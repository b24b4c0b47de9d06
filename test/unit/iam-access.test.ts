/** What the rules on identity policies absorb, which ids their findings carry, and what they are silent on. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();
const SETTINGS: Settings = { enable: true, tier: 'core', rules: {}, exclude: [] };

interface Seen {
  readonly rule: string;
  readonly at: string;
  readonly message: string;
  readonly resource: string;
  readonly aliases: readonly string[];
}

function findings(uri: string, content: unknown): Seen[] {
  const text = typeof content === 'string' ? content : JSON.stringify(content, undefined, 2);
  const failures: string[] = [];
  const analysis = analyze([{ uri, text }], SETTINGS, {
    onError: (id, error) => failures.push(`${id}: ${(error as Error).stack}`),
  });
  assert.ok(analysis, 'the text is recognised');
  assert.deepEqual(failures, []);
  return analysis.findings
    .map(({ finding }) => finding)
    .filter((finding) => finding.rule.id.startsWith('iam-'))
    .map((finding) => ({
      rule: finding.rule.id,
      at: text.slice(finding.node.start, finding.node.end),
      message: finding.message,
      resource: finding.resource.address,
      aliases: finding.aliases,
    }));
}

type Statement = Readonly<Record<string, unknown>>;

function policy(...statements: readonly Statement[]): Seen[] {
  return findings('policy.json', { Version: '2012-10-17', Statement: statements });
}

function held(type: string, statement: Statement): Seen[] {
  const document = { Version: '2012-10-17', Statement: [statement] };
  const inline = { Policies: [{ PolicyName: 'p', PolicyDocument: document }] };
  const isPrincipal = /::(Role|User|Group)$/.test(type);
  return findings('template.json', {
    Resources: { Holder: { Type: type, Properties: isPrincipal ? inline : { PolicyDocument: document } } },
  });
}

function allow(actions: unknown, resources: unknown = '*', more: Statement = {}): Statement {
  return { Effect: 'Allow', Action: actions, Resource: resources, ...more };
}

function rules(seen: readonly Seen[]): string[] {
  return seen.map((one) => one.rule);
}

function includes(seen: Seen | undefined, ...ids: readonly string[]): void {
  assert.deepEqual(
    ids.filter((id) => !seen?.aliases.includes(id)),
    [],
    `${seen?.rule} lacks ids; it has ${seen?.aliases.join(', ')}`,
  );
}

function excludes(seen: Seen | undefined, ...ids: readonly string[]): void {
  assert.deepEqual(
    ids.filter((id) => seen?.aliases.includes(id)),
    [],
    `${seen?.rule} has ids that are not its own`,
  );
}

describe('one cause, one finding', () => {
  it('makes one finding of an administrator, with the ids of all that it implies', () => {
    const [admin, ...rest] = held('AWS::IAM::Role', allow('*'));
    assert.deepEqual(rest, []);
    assert.equal(admin?.rule, 'iam-admin-star');
    includes(
      admin,
      ...['CKV_AWS_62', 'CKV_AWS_63', 'CKV_AWS_107', 'CKV_AWS_108', 'CKV_AWS_109', 'CKV_AWS_110', 'CKV_AWS_111'].map(
        (id) => `checkov:${id}`,
      ),
      'cfn_nag:F3',
      'cfn_nag:F38',
      'cfn_nag:W11',
      'guard:IAM_ROLE_NO_WILDCARD_ACTIONS_ON_PERMISSIONS',
      'parliament:RESOURCE_STAR',
    );
  });

  it('gives the ids of the type that holds the policy', () => {
    const ofPolicy = held('AWS::IAM::Policy', allow('*'))[0];
    includes(ofPolicy, 'cfn_nag:F4', 'cfn_nag:F39', 'cfn_nag:W12');
    excludes(ofPolicy, 'cfn_nag:F3', 'cfn_nag:F5', 'cfn_nag:W11', 'checkov:CKV_AWS_1', 'checkov:CKV_AWS_286');
    const ofManaged = held('AWS::IAM::ManagedPolicy', allow('*'))[0];
    includes(ofManaged, 'cfn_nag:F5', 'cfn_nag:F40', 'cfn_nag:W13');
    excludes(ofManaged, 'cfn_nag:F3', 'cfn_nag:F4');
    const ofUser = held('AWS::IAM::User', allow('*'))[0];
    excludes(ofUser, 'cfn_nag:F3', 'cfn_nag:F4', 'cfn_nag:F5');
    const terraform = findings('main.tf.json', {
      data: { aws_iam_policy_document: { d: { statement: [{ actions: ['*'], resources: ['*'] }] } } },
      resource: {
        aws_iam_policy: { p: { policy: JSON.stringify({ Version: '2012-10-17', Statement: [allow('*')] }) } },
      },
    });
    const data = terraform.find((one) => one.resource.startsWith('data.'));
    includes(data, ...['1', '49', '107', '108', '109', '110', '111', '356'].map((id) => `checkov:CKV_AWS_${id}`));
    excludes(data, 'checkov:CKV_AWS_62', 'checkov:CKV_AWS_286');
    const resource = terraform.find((one) => one.resource === 'aws_iam_policy.p');
    includes(
      resource,
      ...['62', '63', '286', '287', '288', '289', '290', '355'].map((id) => `checkov:CKV_AWS_${id}`),
      'checkov:CKV2_AWS_40',
    );
    excludes(resource, 'checkov:CKV_AWS_1', 'checkov:CKV_AWS_110');
  });

  it('does not blame what stands beside a wildcard', () => {
    const seen = policy(allow(['*', 's3:GetObject', 'iam:PassRole'])).filter(
      (one) => one.rule !== 'iam-policy-redundant',
    );
    assert.deepEqual(rules(seen), ['iam-admin-star']);
  });

  it('reports an action as the worst that it is', () => {
    const [key, ...rest] = policy(allow(['iam:CreateAccessKey', 's3:ListAllMyBuckets']));
    assert.deepEqual(rest, []);
    assert.equal(key?.rule, 'iam-privilege-escalation');
    assert.equal(key?.at, '"iam:CreateAccessKey"');
    includes(
      key,
      'checkov:CKV_AWS_110',
      'checkov:CKV_AWS_287',
      'parliament:CREDENTIALS_EXPOSURE',
      'parliament:RESOURCE_STAR',
    );
  });

  it('leaves to Resource only what no worse finding is about', () => {
    assert.deepEqual(
      policy(allow(['s3:GetObject', 's3:ListBucket'])).map((one) => [one.rule, one.at]),
      [['iam-data-exfiltration', '"s3:GetObject"']],
    );
    assert.deepEqual(
      policy(allow(['s3:GetObject', 'sqs:SendMessage'])).map((one) => [one.rule, one.at]),
      [
        ['iam-data-exfiltration', '"s3:GetObject"'],
        ['iam-write-without-constraint', '"*"'],
      ],
    );
  });

  it('carries no id of a peer that looks for fewer actions', () => {
    const [decrypt] = policy(allow('kms:Decrypt'));
    assert.equal(decrypt?.rule, 'iam-data-exfiltration');
    excludes(decrypt, 'checkov:CKV_AWS_108', 'checkov:CKV_AWS_288', 'cloudsplaining:DataExfiltration');
  });

  it('tells an escalation once for all principals that have it', () => {
    const run = { Version: '2012-10-17', Statement: [allow('ec2:RunInstances')] };
    const pass = { Version: '2012-10-17', Statement: [allow('iam:PassRole')] };
    const role = { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyName: 'pass', PolicyDocument: pass }] } };
    const seen = findings('template.json', {
      Resources: {
        A: role,
        B: role,
        Run: {
          Type: 'AWS::IAM::Policy',
          Properties: { PolicyName: 'run', Roles: [{ Ref: 'A' }, { Ref: 'B' }], PolicyDocument: run },
        },
      },
    });
    const escalations = seen.filter((one) => one.rule === 'iam-privilege-escalation');
    assert.deepEqual(
      escalations.map((one) => one.resource),
      ['Run'],
    );
    assert.match(escalations[0]?.message ?? '', /^With iam:PassRole, ec2:RunInstances lets its holder /);
  });
});

describe('escalation over all policies of a principal', () => {
  const document = (...actions: readonly string[]) => ({ Version: '2012-10-17', Statement: [allow(actions)] });
  const inline = (...actions: readonly string[]) => [{ PolicyName: 'p', PolicyDocument: document(...actions) }];
  const escalating = (uri: string, content: unknown) =>
    findings(uri, content)
      .filter((one) => one.rule === 'iam-privilege-escalation')
      .map((one) => one.resource);

  it('takes in managed policies that a role, user or group refers to', () => {
    const managed = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document('iam:PassRole') } };
    for (const type of ['Role', 'User', 'Group']) {
      const holder = (arns: unknown) => ({
        Type: `AWS::IAM::${type}`,
        Properties: { Policies: inline('ec2:RunInstances'), ManagedPolicyArns: arns },
      });
      const resources = (arns: unknown) => ({ Resources: { Managed: managed, Holder: holder(arns) } });
      assert.deepEqual(escalating('t.json', resources([{ Ref: 'Managed' }])).length, 1, type);
      assert.deepEqual(escalating('t.json', resources([])), [], type);
    }
  });

  it('takes in what users have from their groups', () => {
    const resources = (groups: unknown) => ({
      Resources: {
        Group: { Type: 'AWS::IAM::Group', Properties: { Policies: inline('iam:PassRole') } },
        User: { Type: 'AWS::IAM::User', Properties: { Policies: inline('ec2:RunInstances'), Groups: groups } },
      },
    });
    assert.equal(escalating('t.json', resources([{ Ref: 'Group' }])).length, 1);
    assert.deepEqual(escalating('t.json', resources([])), []);
  });

  it('takes in what Terraform attaches', () => {
    const resources = (attached: string) => ({
      resource: {
        aws_iam_role: { a: { name: 'a', assume_role_policy: '{}' }, b: { name: 'b', assume_role_policy: '{}' } },
        aws_iam_role_policy: { p: { role: '${aws_iam_role.a.id}', policy: JSON.stringify(document('iam:PassRole')) } },
        aws_iam_policy: { run: { policy: JSON.stringify(document('ec2:RunInstances')) } },
        aws_iam_role_policy_attachment: { p: { role: attached, policy_arn: '${aws_iam_policy.run.arn}' } },
      },
    });
    assert.equal(escalating('main.tf.json', resources('${aws_iam_role.a.name}')).length, 1);
    assert.deepEqual(escalating('main.tf.json', resources('${aws_iam_role.b.name}')), []);
  });

  it('names no more than a path needs', () => {
    const found = policy(allow(['iam:PassRole', 's3:ListAllMyBuckets', 'ec2:DescribeInstances', 'ec2:RunInstances']));
    const seen = found.find((one) => one.rule === 'iam-privilege-escalation');
    assert.match(seen?.message ?? '', /^With iam:PassRole, ec2:RunInstances lets its holder /);
  });
});

describe('ids of Access Analyzer', () => {
  const PASS = 'access-analyzer:PASS_ROLE_WITH_';
  const LINK = 'access-analyzer:CREATE_SLR_WITH_';
  const ROLE = 'arn:aws:iam::111122223333:role/worker';
  const analyzer = (seen: readonly Seen[]) =>
    seen.flatMap(({ rule, aliases }) =>
      aliases.filter((id) => id.startsWith(PASS) || id.startsWith(LINK)).map((id) => `${rule} ${id.slice(16)}`),
    );

  it('say how action and resource are written', () => {
    const cases: readonly (readonly [statement: Statement, ids: readonly string[]])[] = [
      [allow('iam:PassRole'), ['iam-passrole-star PASS_ROLE_WITH_STAR_IN_RESOURCE']],
      [allow('iam:Pass*'), ['iam-passrole-star PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE']],
      [
        { Effect: 'Allow', Action: 'iam:PassRole', NotResource: ROLE },
        ['iam-not-resource PASS_ROLE_WITH_NOT_RESOURCE'],
      ],
      [
        { Effect: 'Allow', Action: 'iam:Pass*', NotResource: ROLE },
        ['iam-not-resource PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE'],
      ],
      [
        { Effect: 'Allow', NotAction: 'iam:CreateServiceLinkedRole', Resource: '*' },
        ['iam-not-action PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION'],
      ],
      [
        { Effect: 'Allow', NotAction: 'iam:PassRole', NotResource: ROLE },
        ['iam-not-action CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE'],
      ],
      [allow('iam:CreateServiceLinkedRole'), ['iam-create-service-linked-role-star CREATE_SLR_WITH_STAR_IN_RESOURCE']],
      [
        allow('iam:CreateServiceL*'),
        ['iam-create-service-linked-role-star CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE'],
      ],
      [
        allow('*'),
        [
          'iam-admin-star PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE',
          'iam-admin-star CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE',
        ],
      ],
      [allow('iam:PassRole', ROLE), []],
      [
        allow('iam:PassRole', '*', { Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } }),
        [],
      ],
    ];
    for (const [statement, ids] of cases) assert.deepEqual(analyzer(policy(statement)), ids, JSON.stringify(statement));
  });
});

describe('what is no identity policy', () => {
  it('is silent on trust, boundaries, guardrails and endpoints', () => {
    const all = { Version: '2012-10-17', Statement: [allow('*')] };
    const open = { Version: '2012-10-17', Statement: [{ ...allow('*'), Principal: '*' }] };
    const seen = findings('template.json', {
      Resources: {
        Endpoint: {
          Type: 'AWS::EC2::VPCEndpoint',
          Properties: { ServiceName: 'x', VpcId: 'vpc-1', PolicyDocument: open },
        },
        Guardrail: { Type: 'AWS::Organizations::Policy', Properties: { Type: 'SERVICE_CONTROL_POLICY', Content: all } },
        User: { Type: 'AWS::IAM::User', Properties: { PermissionsBoundary: { Ref: 'Boundary' } } },
        Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: all } },
      },
    });
    assert.deepEqual(rules(seen), []);
  });
});

describe('hostile policies', () => {
  it('are judged in time', () => {
    const actions = Array.from({ length: 3000 }, (_, index) => `s3:${'*a'.repeat(50)}${index}`);
    // Processor time: the machine may be busy with something else.
    const started = process.cpuUsage();
    policy(
      allow(actions),
      allow(['*'.repeat(5000), 'a'.repeat(100_000), '*:'.repeat(5000)]),
      allow('*', `arn:${'*:'.repeat(10_000)}`),
    );
    assert.ok(process.cpuUsage(started).user < 5_000_000);
  });

  it('of any shape do not make a rule throw', () => {
    for (const statement of [
      null,
      1,
      'x',
      [],
      [[]],
      { Action: {} },
      { Effect: {}, Action: [null, {}, []], Principal: [], Condition: [] },
    ]) {
      findings('policy.json', { Version: {}, Statement: [{ Effect: 'Allow' }, statement] });
    }
  });
});
