/** Fixes of policies that are offered beside the preferred one: other choices, statements taken apart, conditions. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse as parseYaml } from 'yaml';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import type { Settings } from '../../server/src/analysis/settings.ts';
import { policiesOf } from '../../server/src/iam/sites.ts';
import type { Fix } from '../../server/src/rules/fix.ts';
import { splitStatement } from '../../server/src/rules/policy-split.ts';
import { applyTextEdits, renderEdits } from '../../server/src/syntax/edit.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();
const SETTINGS: Settings = { enable: true, tier: 'core', rules: {}, exclude: [] };

function run(uri: string, text: string): Analysis {
  const analysis = analyze([{ uri, text }], SETTINGS, {
    onError: (id, error) => assert.fail(`${id}: ${(error as Error).stack}`),
  });
  assert.ok(analysis);
  return analysis;
}

function applied(analysis: Analysis, fix: Fix | undefined): string {
  const [document] = analysis.documents;
  assert.ok(fix && document);
  const edits = renderEdits(fix.edits)?.get(document);
  assert.ok(edits?.length, fix.title);
  return applyTextEdits(document.text, edits);
}

type Statement = Readonly<Record<string, unknown>>;

const file = (...statements: readonly Statement[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements }, undefined, 2);
const allow = (actions: unknown, resources: unknown = '*', more: Statement = {}) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
  ...more,
});

/** The fixes of the only finding of a rule on a policy file. */
function fixesOn(ruleId: string, ...statements: readonly Statement[]): { titles: string[]; left: Statement[][] } {
  const analysis = run('policy.json', file(...statements));
  const found = analysis.findings.map(({ finding }) => finding).filter((finding) => finding.rule.id === ruleId);
  assert.equal(found.length, 1, ruleId);
  const fixes = found.flatMap((finding) => finding.fixes());
  return {
    titles: fixes.map(({ title }) => title),
    left: fixes.map((fix) => (JSON.parse(applied(analysis, fix)) as { Statement: Statement[] }).Statement),
  };
}

/** The statements after the split of the first one of a policy file; undefined where none is offered. */
function split(...statements: readonly Statement[]): Statement[] | undefined {
  const analysis = run('policy.json', file(...statements));
  const [statement] = policiesOf(analysis.template)[0]?.statements ?? [];
  const fix = statement && splitStatement(statement);
  return fix && (JSON.parse(applied(analysis, fix)) as { Statement: Statement[] }).Statement;
}

describe('a misspelt action', () => {
  it('is corrected, or taken out where the list has what is meant', () => {
    const one = fixesOn('iam-policy-invalid', allow(['s3:GetObjekt', 's3:PutObject'], 'arn:aws:s3:::a/*'));
    assert.deepEqual(one.titles, ['Change to s3:GetObject']);
    assert.deepEqual(one.left[0]?.[0]?.Action, ['s3:GetObject', 's3:PutObject']);
    const two = fixesOn('iam-policy-invalid', allow(['s3:GetObjekt', 'S3:getobject'], 'arn:aws:s3:::a/*'));
    assert.deepEqual(two.titles, ['Remove it: s3:GetObject is there already']);
    assert.deepEqual(two.left[0]?.[0]?.Action, ['S3:getobject']);
  });
});

describe('what takes the place of a wildcard', () => {
  it('is offered by what it lets its holder do, the narrowest first', () => {
    const { titles, left } = fixesOn('iam-service-wildcard', allow('sqs:*'));
    assert.deepEqual(
      titles.map((title) => title.replace(/: .*/, '').replace(/\d+/, 'N')),
      [
        'Allow reading only (List, Read)',
        'Allow all but permissions management (List, Read, Write, Tagging)',
        'Spell out all N actions that can be used here',
      ],
    );
    const actions = left.map(([statement]) => statement?.Action as string[]);
    assert.deepEqual(actions[0], ['sqs:Get*', 'sqs:List*', 'sqs:ReceiveMessage']);
    assert.ok(actions[1]?.includes('sqs:SendMessage') && !actions[1].includes('sqs:AddPermission'));
    assert.ok(titles[2]?.includes(` ${actions[2]?.length} `));
    assert.ok(actions[2]?.includes('sqs:AddPermission') && !actions[2].some((one) => /[*?]/.test(one)));
  });

  it('is what the resources take', () => {
    const { left } = fixesOn('iam-service-wildcard', allow('s3:*', 'arn:aws:s3:::reports/*'));
    assert.deepEqual(left[0]?.[0]?.Action, ['s3:Get*', 's3:List*']);
    const all = left.flatMap(([statement]) => statement?.Action as string[]);
    assert.ok(all.includes('s3:PutObject') && !all.includes('s3:CreateBucket'));
  });

  it('says nothing twice', () => {
    const { left } = fixesOn('iam-service-wildcard', allow(['sqs:ListQueues', 'sqs:*', 'sqs:G*', 'sqs:SendMessage']));
    assert.deepEqual(left[0]?.[0]?.Action, ['sqs:List*', 'sqs:ReceiveMessage', 'sqs:G*', 'sqs:SendMessage']);
  });

  it('is no list that nobody would read, nor one that IAM would not take', () => {
    // Some 700 actions.
    assert.deepEqual(fixesOn('iam-service-wildcard', allow('ec2:*')).titles.length < 3, true);
    const full = { Sid: 'Full', ...allow('sqs:SendMessage', `arn:aws:sqs:eu-west-1:111122223333:${'a'.repeat(5900)}`) };
    assert.deepEqual(
      fixesOn('iam-service-wildcard', full, allow('sqs:*')).titles.map((title) => title.replace(/ .*/, '')),
      ['Allow'],
    );
  });

  it('is never a change of all permissions where the service is about nothing else', () => {
    const { titles } = fixesOn('iam-full-iam', allow('iam:*'));
    assert.deepEqual(
      titles.filter((title) => !title.startsWith('Allow reading only')),
      [],
    );
  });

  it('leaves out what gives data or credentials away', () => {
    const data = fixesOn('iam-data-exfiltration', allow('ssm:GetP*'));
    assert.match(data.titles.at(-1) ?? '', /^Leave out /);
    const left = data.left.at(-1)?.[0]?.Action;
    assert.ok(left && !JSON.stringify(left).includes('GetParameter'), JSON.stringify(left));
    // Two that give it away: leaving one out would not be enough.
    const two = fixesOn('iam-data-exfiltration', allow(['ssm:GetP*', 'secretsmanager:GetSecretValue']));
    assert.deepEqual(
      two.titles.filter((title) => title.startsWith('Leave out')),
      [],
    );
  });
});

describe('statements taken apart', () => {
  const BUCKET = 'arn:aws:s3:::reports';
  const OBJECTS = 'arn:aws:s3:::reports/*';
  const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:jobs';

  it('give each action the ARNs that it works on', () => {
    const condition = { Condition: { Bool: { 'aws:SecureTransport': 'true' } } };
    assert.deepEqual(
      split({ Sid: 'Read', ...allow(['s3:ListBucket', 's3:GetObject', 's3:PutObject'], [BUCKET, OBJECTS], condition) }),
      [
        { Sid: 'Read', ...allow(['s3:ListBucket'], [BUCKET], condition) },
        { Sid: 'Read2', ...allow(['s3:GetObject', 's3:PutObject'], OBJECTS, condition) },
      ],
    );
  });

  it('let actions that know no resource have everything', () => {
    assert.deepEqual(split(allow(['sqs:SendMessage', 's3:ListAllMyBuckets', 'ec2:DescribeInstances'], QUEUE)), [
      allow(['sqs:SendMessage'], QUEUE),
      allow(['s3:ListAllMyBuckets', 'ec2:DescribeInstances']),
    ]);
  });

  it('name what has to be put in where no ARN fits', () => {
    assert.deepEqual(split(allow(['sqs:SendMessage', 'sns:Publish'], QUEUE)), [
      allow(['sqs:SendMessage'], QUEUE),
      allow('sns:Publish', 'arn:aws:sns:*:*:TOPIC_NAME'),
    ]);
    assert.deepEqual(split(allow(['s3:GetObject', 's3:ListBucket', 'sqs:SendMessage', 'ec2:DescribeInstances'])), [
      allow(['s3:GetObject'], 'arn:aws:s3:::BUCKET_NAME/*'),
      allow('s3:ListBucket', 'arn:aws:s3:::BUCKET_NAME'),
      allow('sqs:SendMessage', 'arn:aws:sqs:*:*:QUEUE_NAME'),
      allow('ec2:DescribeInstances'),
    ]);
  });

  it('keep Sids apart', () => {
    const left = split(
      { Sid: 'Use', ...allow(['sqs:SendMessage', 'ec2:DescribeInstances'], QUEUE) },
      { Sid: 'Use2', ...allow('sns:Publish', 'arn:aws:sns:eu-west-1:111122223333:alarms') },
    );
    assert.deepEqual(
      left?.map((statement) => statement.Sid),
      ['Use', 'Use2', 'Use3'],
    );
  });

  it('are left alone where everything belongs together, or is not known', () => {
    assert.equal(split(allow(['sqs:SendMessage', 'sqs:ReceiveMessage'], QUEUE)), undefined);
    assert.equal(split(allow(['sqs:SendMessage', '*'], QUEUE)), undefined);
    assert.equal(split(allow('sqs:SendMessage', QUEUE)), undefined);
    assert.equal(split(allow(['sqs:SendMessage', 'sqs:NoSuchThing'], QUEUE)), undefined);
    assert.equal(split({ Effect: 'Allow', NotAction: ['s3:*', 'sqs:*'], Resource: '*' }), undefined);
    // Nothing to put in would be denied.
    assert.equal(split({ ...allow(['sqs:SendMessage', 'sns:Publish'], QUEUE), Effect: 'Deny' }), undefined);
  });

  it('in YAML, with references to resources of the template', () => {
    const text = `Resources:
  Reports:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Sid: Read
            Effect: Allow
            Action: [s3:ListBucket, s3:GetObject]
            Resource:
              - !GetAtt Reports.Arn # the bucket
              - !Sub '\${Reports.Arn}/*'
            Condition:
              StringEquals:
                aws:PrincipalTag/Account: !Ref AWS::AccountId
`;
    const analysis = run('template.yaml', text);
    const [statement] = policiesOf(analysis.template)[0]?.statements ?? [];
    const left = applied(analysis, statement && splitStatement(statement));
    assert.equal(
      left,
      text
        .replace('[s3:ListBucket, s3:GetObject]', '[s3:ListBucket]')
        .replace("              - !Sub '${Reports.Arn}/*'\n", '')
        .concat(`          - Sid: Read2
            Effect: Allow
            Action: s3:GetObject
            Resource: !Sub \${Reports.Arn}/*
            Condition:
              StringEquals:
                aws:PrincipalTag/Account: !Ref AWS::AccountId
`),
    );
  });

  it('in JSON text inside a string of Terraform, with policy variables', () => {
    const condition = { Condition: { StringEquals: { '${var.key}': ['${var.value}', '$${aws:username}'] } } };
    const objects = '${aws_s3_bucket.b.arn}/$${aws:username}/*';
    const statement = allow(['s3:ListBucket', 's3:GetObject'], [BUCKET, objects], condition);
    const resource = {
      aws_s3_bucket: { b: {} },
      aws_iam_policy: { p: { policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) } },
    };
    const analysis = run('main.tf.json', JSON.stringify({ resource }, undefined, 2));
    const [first] = policiesOf(analysis.template)[0]?.statements ?? [];
    const left = JSON.parse(applied(analysis, first && splitStatement(first))) as { resource: typeof resource };
    assert.deepEqual((JSON.parse(left.resource.aws_iam_policy.p.policy) as { Statement: unknown }).Statement, [
      allow(['s3:ListBucket'], [BUCKET], condition),
      allow('s3:GetObject', objects, condition),
    ]);
  });

  it('in a data source', () => {
    const block = (actions: readonly string[], resources: readonly string[]) => ({
      sid: 'Use',
      actions,
      resources,
      condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['true'] }],
    });
    const data = {
      aws_iam_policy_document: {
        d: {
          statement: [block(['s3:ListBucket', 's3:GetObject'], ['${aws_s3_bucket.b.arn}', '${aws_s3_bucket.b.arn}/*'])],
        },
      },
    };
    const text = JSON.stringify({ data, resource: { aws_s3_bucket: { b: {} } } }, undefined, 2);
    const analysis = run('main.tf.json', text);
    const [first] = policiesOf(analysis.template)[0]?.statements ?? [];
    const left = JSON.parse(applied(analysis, first && splitStatement(first))) as { data: typeof data };
    assert.deepEqual(left.data.aws_iam_policy_document.d.statement, [
      block(['s3:ListBucket'], ['${aws_s3_bucket.b.arn}']),
      { ...block(['s3:GetObject'], ['${aws_s3_bucket.b.arn}/*']), sid: 'Use2' },
    ]);
  });

  it('of a bucket, with its principals', () => {
    const text = `Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: reports
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { AWS: 'arn:aws:iam::111122223333:role/reader' }
            Action: [s3:ListBucket, s3:GetObject]
            Resource: ['arn:aws:s3:::reports', 'arn:aws:s3:::reports/*']
`;
    const analysis = run('template.yaml', text);
    const [statement] = policiesOf(analysis.template)[0]?.statements ?? [];
    const left = parseYaml(applied(analysis, statement && splitStatement(statement))) as {
      Resources: { Policy: { Properties: { PolicyDocument: { Statement: Statement[] } } } };
    };
    const principal = { Principal: { AWS: 'arn:aws:iam::111122223333:role/reader' } };
    assert.deepEqual(left.Resources.Policy.Properties.PolicyDocument.Statement, [
      allow(['s3:ListBucket'], [BUCKET], principal),
      allow('s3:GetObject', OBJECTS, principal),
    ]);
  });
});

describe('conditions to fill in', () => {
  it('limit the services that a role is passed to', () => {
    const guard = { Condition: { StringEquals: { 'iam:PassedToService': 'service-name.amazonaws.com' } } };
    const alone = fixesOn('iam-passrole-star', allow('iam:PassRole'));
    assert.deepEqual(alone.left.at(-1), [allow('iam:PassRole', '*', guard)]);
    const beside = fixesOn('iam-passrole-star', allow(['iam:PassRole', 'ec2:DescribeInstances']));
    assert.deepEqual(beside.left.at(-1), [allow(['ec2:DescribeInstances']), allow('iam:PassRole', '*', guard)]);
  });

  it('limit changes to what bears a tag, where every action can be', () => {
    const tagged = { Condition: { StringEquals: { 'aws:ResourceTag/TAG_KEY': 'TAG_VALUE' } } };
    const stop = fixesOn('iam-write-without-constraint', allow(['ec2:StopInstances', 'ec2:StartInstances']));
    assert.deepEqual(stop.left.at(-1), [allow(['ec2:StopInstances', 'ec2:StartInstances'], '*', tagged)]);
    for (const action of ['ec2:RunInstances', 'sqs:SendMessage']) {
      const { titles } = fixesOn('iam-write-without-constraint', allow([action, 'ec2:StopInstances']));
      assert.deepEqual(
        titles.filter((title) => title.includes('tag')),
        [],
        action,
      );
    }
  });
});

describe('a statement whose actions need a resource or know none', () => {
  it('is taken apart by one fix, not by two', () => {
    const { titles, left } = fixesOn('iam-data-exfiltration', allow(['s3:GetObject', 's3:ListAllMyBuckets']));
    assert.equal(titles[0], 'Allow it on named resources only (put in BUCKET_NAME)');
    assert.ok(!titles.some((title) => title.startsWith('Split')), titles.join());
    assert.deepEqual(
      left[0]?.map((statement) => statement.Resource),
      ['arn:aws:s3:::BUCKET_NAME/*', '*'],
    );
  });
});

describe('an ARN of S3 that none of the actions works on', () => {
  it('gives way to the one that is meant', () => {
    const { titles, left } = fixesOn(
      'iam-policy-mismatch',
      allow('s3:GetObject', ['arn:aws:s3:::a', 'arn:aws:s3:::b']),
    );
    assert.deepEqual(titles, ['Change to the ARN of the objects']);
    assert.deepEqual(left[0]?.[0]?.Resource, ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*']);
  });

  it('stays where another action does', () => {
    const { titles, left } = fixesOn('iam-policy-mismatch', allow(['s3:GetObject', 's3:ListBucket'], 'arn:aws:s3:::a'));
    assert.deepEqual(titles, ['Add the ARN of the objects']);
    assert.deepEqual(left[0]?.[0]?.Resource, ['arn:aws:s3:::a', 'arn:aws:s3:::a/*']);
  });
});
