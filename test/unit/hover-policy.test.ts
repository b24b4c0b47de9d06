/** What hovers say of whole policies, and that none ever throws. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { hoverAt } from '../../server/src/lsp/hover.ts';
import { renderHover } from '../../server/src/lsp/hover-markdown.ts';
import type { Host, Json } from '../rules/policies/fixture.ts';
import { FORMS, hosted } from '../rules/policies/fixture.ts';
import {
  ALLOW,
  action,
  CURSOR,
  check,
  condition,
  document,
  everyone,
  hover,
  OBJECTS,
  ORG,
  principal,
} from './hover-policy-support.ts';

describe('hover over the first key of a policy', () => {
  const whole = (name: string, host: Host, statement: Json, title: string, says: RegExp[], never?: RegExp[]) => {
    check(name, { host, statement, key: 'Version', title, says, never, except: host === 'identity' ? [] : ['file'] });
  };
  whole('an administrator', 'identity', action('*'), 'Identity policy', [
    /^1 statement, Allow\./,
    /Administrator: it allows every action on every resource, without a condition/,
  ]);
  whole(
    'one that a Deny limits',
    'identity',
    [action('*'), { Effect: 'Deny', Action: 'iam:*', Resource: '*' }],
    'Identity policy',
    [/2 statements: 1 Allow, 1 Deny/],
    [/Administrator/],
  );
  whole(
    'one that a condition limits',
    'identity',
    action('*', { Condition: ORG }),
    'Identity policy',
    [/None of them on every resource without a condition/],
    [/Administrator/],
  );
  whole('control of IAM', 'identity', action('iam:*'), 'Identity policy', [/every IAM action on every resource/]);
  whole(
    'a way to more rights',
    'identity',
    [action(['lambda:CreateFunction', 'lambda:InvokeFunction']), action('iam:PassRole')],
    'Identity policy',
    [
      /Allows 3 actions of AWS Identity and Access Management \(IAM\), AWS Lambda|Allows 3 actions of AWS Lambda, AWS Identity/,
      /Can raise privileges: .*`iam:PassRole`/,
    ],
  );
  whole(
    'narrow permissions',
    'identity',
    action('s3:GetObject', { Resource: OBJECTS }),
    'Identity policy',
    [/Allows 1 action of Amazon S3: Read\./, /None of them on every resource/],
    [/raise/],
  );
  whole('a public bucket', 'bucket', principal({ AWS: '*' }), 'Resource policy (Amazon S3)', [
    /Lets in everyone, without credentials: its principal is everyone \(statement 1\)\./,
  ]);
  whole(
    'a condition that does not help',
    'bucket',
    condition({ StringLike: { 'aws:Referer': 'https://example.com/*' } }),
    'Resource policy (Amazon S3)',
    [/Lets in everyone.*`aws:Referer` is whatever the caller sends/],
  );
  whole(
    'an organization',
    'bucket',
    condition(ORG),
    'Resource policy (Amazon S3)',
    [/Lets in an organization: `aws:PrincipalOrgID`/],
    [/everyone/],
  );
  whole(
    'every account',
    'key',
    { ...ALLOW, Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*' },
    'Resource policy (AWS Key Management Service)',
    [/Lets in every AWS account/],
  );
  whole(
    'another account',
    'queue',
    { ...ALLOW, Principal: { AWS: '111122223333' }, Action: 'sqs:SendMessage', Resource: '*' },
    'Resource policy (Amazon SQS)',
    [/Lets in other accounts: `111122223333`\./],
  );
  whole(
    'a service for anyone',
    'topic',
    { ...ALLOW, Principal: { Service: 's3.amazonaws.com' }, Action: 'sns:Publish', Resource: '*' },
    'Resource policy (Amazon SNS)',
    [/AWS services on behalf of any account \(`s3.amazonaws.com`\)/],
  );
  whole(
    'a trusted service',
    'trust',
    { ...ALLOW, Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    'Trust policy',
    [/Lets in whom it names: `ec2.amazonaws.com`\./],
  );
  whole(
    'a guardrail',
    'scp',
    [
      action('*'),
      {
        Effect: 'Deny',
        NotAction: 'iam:*',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
      },
    ],
    'Service control policy',
    [
      /It grants nothing: it limits what the principals of member accounts can do/,
      /lets everything pass but what it denies/,
      /Statement 2 denies all actions but those of NotAction, .* where its condition on `aws:RequestedRegion` holds/,
    ],
  );
  whole(
    'an endpoint',
    'endpoint',
    { ...ALLOW, Principal: { AWS: '*' }, Action: '*', Resource: '*' },
    'VPC endpoint policy (Amazon S3)',
    [/limits what passes through the endpoint/, /It lets everything pass\./],
  );

  whole(
    'a Deny under a condition',
    'identity',
    [
      action('sqs:*'),
      { Effect: 'Deny', Action: '*', Resource: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } },
    ],
    'Identity policy',
    [/A Deny statement takes from this, on some resources or under conditions\./],
  );
  whole(
    'a guardrail that only denies',
    'scp',
    { Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' },
    'Service control policy',
    [/It only denies: what passes, another policy beside it must allow/, /Statement 1 denies 1 action \(Write\)\./],
  );
  whole(
    'an endpoint that allows nothing',
    'endpoint',
    { Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:PutObject', Resource: '*' },
    'VPC endpoint policy (Amazon S3)',
    [/It allows nothing: no request passes/],
  );
  whole(
    'resource control',
    'rcp',
    {
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:*',
      Resource: '*',
      Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
    },
    'Resource control policy',
    [
      /limits what can be done to the resources of member accounts/,
      /where its condition on `aws:PrincipalOrgID` holds/,
    ],
  );

  it('stands on the property that holds it, on the data source and on its use', () => {
    const yaml = hosted(document(principal({ AWS: '*' })), 'bucket', 'cfn-yaml');
    assert.ok(yaml);
    const onProperty = hover(yaml.uri, yaml.text.replace('PolicyDocument', 'Policy‸Document'));
    assert.equal(onProperty?.subject?.title, 'Resource policy (Amazon S3)');
    const data = hosted(document(principal({ AWS: '*' })), 'bucket', 'tf-data');
    assert.ok(data);
    const { data: sources, resource } = JSON.parse(data.text);
    const name = Object.keys(sources.aws_iam_policy_document)[0] ?? '';
    const onName = hover(data.uri, data.text.replace(`"${name}"`, `"${CURSOR}${name}"`));
    assert.equal(onName?.subject?.title, 'Resource policy (Amazon S3)');
    assert.ok(resource.aws_s3_bucket_policy);
    const onUse = hover(data.uri, data.text.replace('"policy"', '"pol‸icy"'));
    assert.equal(onUse?.subject?.title, 'Resource policy (Amazon S3)');
  });

  it('says what is not known', () => {
    const text = `Parameters:
  Statements: { Type: String }
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Policy‸Document:
        Version: '2012-10-17'
        Statement:
          - !Ref Statements
          - Effect: Allow
            Action: s3:GetObject
            Resource: '*'
`;
    const lines = hover('file:///a.yaml', text)?.subject?.lines ?? [];
    assert.match(lines.join('\n'), /More statements may exist: /);
    assert.match(lines.join('\n'), /And more that is not known/);
  });
});

describe('a hover of a policy in a template', () => {
  const TEMPLATE = `Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties: {}
  Grant:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: reports
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal:
              AWS:
                - !Sub arn:aws:iam::\${AWS::AccountId}:root
                - !GetAtt Reader.Arn
            Action: s3:GetObject
            Resource: !Sub arn:aws:s3:::\${Bucket}/*
  Bucket:
    Type: AWS::S3::Bucket
  Call:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: report
      Action: lambda:InvokeFunction
      Principal: s3.amazonaws.com
      SourceArn: arn:aws:s3:::reports
`;
  const lines = (at: string, cursor: string): string => {
    assert.ok(TEMPLATE.includes(at));
    return hover('file:///a.yaml', TEMPLATE.replace(at, cursor))?.subject?.lines.join('\n') ?? '';
  };
  it('knows the own account and roles of the template', () => {
    assert.match(lines('AccountId}:root', 'AccountId}:‸root'), /^Your own account as a whole/);
    assert.match(lines('Reader.Arn', 'Rea‸der.Arn'), /^`Reader` \(`AWS::IAM::Role`\) of this template\./);
  });
  it('knows its buckets', () => {
    assert.match(
      lines('${Bucket}/*', '${Buc‸ket}/*'),
      /^Every object of the bucket that the template names, not the bucket itself/,
    );
  });
  it('knows permissions that are properties', () => {
    assert.match(
      lines('Principal: s3.', 'Principal: s3‸.'),
      /Narrowed by `aws:SourceArn` to what it names: `arn:aws:s3:::reports`/,
    );
    assert.match(lines('SourceArn: ', 'Source‸Arn: '), /^The resource for which a service acts/);
  });
});

describe('a hover of other policies', () => {
  it('a boundary', () => {
    const text = `Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: !Ref Limit
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Ver‸sion: '2012-10-17'
        Statement:
          - { Effect: Allow, Action: 's3:Get*', Resource: '*' }
`;
    const subject = hover('file:///a.yaml', text)?.subject;
    assert.equal(subject?.title, 'Permissions boundary');
    assert.match(
      subject?.lines.join('\n') ?? '',
      /It grants nothing.*\nIt leaves \d+ actions of Amazon S3: all Read\./,
    );
  });

  it('a permission of a function', () => {
    const text = `Resources:
  Call:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: report
      Action: lambda:InvokeFunction
      Princi‸pal: '*'
`;
    const subject = hover('file:///a.yaml', text)?.subject;
    assert.equal(subject?.title, 'Permission (AWS Lambda)');
    assert.match(subject?.lines.join('\n') ?? '', /^Lets in every AWS account: its principal is everyone/);
  });

  it('a domain inside a VPC', () => {
    const text = `Resources:
  Search:
    Type: AWS::OpenSearchService::Domain
    Properties:
      VPCOptions: { SubnetIds: [subnet-1] }
      Access‸Policies:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Principal: '*', Action: 'es:*', Resource: '*' }
`;
    assert.match(
      hover('file:///a.yaml', text)?.subject?.lines.join('\n') ?? '',
      /Not open to the internet: it is reached from its VPC only/,
    );
  });

  it('the own account in Terraform', () => {
    const text = JSON.stringify({
      data: {
        aws_caller_identity: { current: {} },
        aws_iam_policy_document: {
          trust: {
            statement: {
              actions: ['sts:AssumeRole'],
              principals: {
                type: 'AWS',
                identifiers: ['arn:aws:iam::${data.aws_caller_identity.current.account_id}:ro‸ot'],
              },
            },
          },
        },
      },
      resource: { aws_iam_role: { r: { assume_role_policy: '${data.aws_iam_policy_document.trust.json}' } } },
    });
    assert.match(hover('file:///main.tf.json', text)?.subject?.lines.join('\n') ?? '', /^Your own account as a whole/);
  });
});

describe('a hover of a finding in a policy', () => {
  it('goes with the part of the policy, in short', () => {
    for (const form of FORMS) {
      const written = hosted(document(everyone()), 'bucket', form);
      if (!written) continue;
      const model = hover(written.uri, written.text, true);
      assert.ok(model?.findings.length, form);
      assert.equal(model.subject?.title, 'Principal *', form);
      assert.ok((model.subject?.lines.length ?? 9) <= 4, form);
      const markdown = renderHover(model, { icons: false });
      assert.ok(markdown.indexOf('Principal *') > markdown.indexOf(model.findings[0]?.ruleId ?? '?'), 'findings first');
    }
  });
});

describe('hovers of hostile and broken policies', () => {
  const TEXTS: readonly (readonly [string, string])[] = [
    [
      'file:///a.json',
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:*","`x`","[a](b)"],"Resource":"arn:aws:s3:::$(alert)*`","Condition":{"StringLike":{"aws:`x`":["${aws:`y`}"," "]}}}]}',
    ],
    [
      'file:///b.json',
      '{"Version":"2012-10-17","Id":"x","Statement":{"Effect":"Deny","NotPrincipal":{"AWS":["*"]},"NotAction":["iam:*",7,null],"NotResource":["*","arn:"],"Condition":{"Null":{"a":[true]},"ForAllValues:":{"b":{}},"IpAddress":{"aws:SourceIp":"1.2.3.4/99"}}}}',
    ],
    [
      'file:///c.yaml',
      'Resources:\n  P:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: !If [A, Allow, Deny]\n            Principal: !Ref X\n            Action: !Split [",", !Ref Y]\n            Resource: !Sub "${Q.Arn}*"\n            Condition:\n              ? StringEquals\n',
    ],
    [
      'file:///d.tf.json',
      '{"resource":{"aws_iam_role":{"r":{"assume_role_policy":"{\\n \\"Statement\\": [{\\"Effect\\":\\"Allow\\",\\"Principal\\":{\\"Federated\\":\\"${x}\\"},\\"Action\\":\\"sts:\\u0041ssumeRole\\",\\"Condition\\":{\\"StringLike\\":{\\"token.actions.githubusercontent.com:sub\\":\\"*\\"}}}]}"}}}}',
    ],
    [
      'file:///e.tf.json',
      '{"data":{"aws_iam_policy_document":{"d":{"source_policy_documents":["${data.aws_iam_policy_document.d.json}"],"statement":[{"actions":["${var.a}","*"],"resources":["${aws_s3_bucket.b.arn}/*"],"principals":[{"type":"AWS","identifiers":["*","${x.y}"]}],"condition":[{"test":"Bool","variable":"aws:SecureTransport","values":["false"]}]}]}}}}',
    ],
    [
      'file:///f.json',
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*", "iam:\n"Resource": "*", "Condition": {"StringEquals"',
    ],
  ];
  it('never throw, stay inside the text and let no template text through as Markdown', () => {
    let shown = 0;
    for (const [uri, text] of TEXTS) {
      const analysis = analyze([{ uri, text }], DEFAULT_SETTINGS);
      assert.ok(analysis, uri);
      const lines = analysis.documents[0]?.lines;
      assert.ok(lines);
      for (let offset = 0; offset <= text.length; offset++) {
        const quiet = hoverAt({ ...analysis, findings: [], suppressed: [] }, uri, offset);
        for (const model of [quiet, hoverAt(analysis, uri, offset)]) {
          if (!model) continue;
          shown++;
          const { start, end } = model.range;
          const last = text.split('\n');
          assert.ok(start.line >= 0 && end.line < last.length, `${uri} ${offset}`);
          assert.ok(end.character <= (last[end.line]?.length ?? 0), `${uri} ${offset}`);
          const markdown = renderHover(model, { icons: false });
          assert.doesNotMatch(
            markdown.replace(/(`+)[\s\S]*?\1/g, ''),
            /\[a\]\(b\)|(?<!\\)\$\(alert/,
            `${uri} ${offset}`,
          );
          assert.doesNotMatch(markdown, /undefined|\[object/, `${uri} ${offset}`);
        }
      }
    }
    assert.ok(shown > 400, String(shown));
  });

  it('never throw at any place of a policy that is being typed', () => {
    const text = TEXTS[0]?.[1] ?? '';
    for (let length = 40; length <= text.length; length += 3) {
      const source = { uri: 'file:///a.json', text: text.slice(0, length) };
      const analysis = analyze([source], DEFAULT_SETTINGS);
      if (!analysis) continue;
      for (const offset of [length, length - 1, length - 7, length >> 1]) hoverAt(analysis, source.uri, offset);
    }
  });
});
