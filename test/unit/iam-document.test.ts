import assert from 'node:assert/strict';
import test from 'node:test';
import { isKnown, isWildcard, parseOperator, type Statement } from '../../server/src/iam/document.ts';
import { policyTemplate } from '../../server/src/iam/policy-file.ts';
import { coversAction, coversActionsOf, grantsAction } from '../../server/src/iam/queries.ts';
import { looksLikePolicy } from '../../server/src/iam/recognise.ts';
import { policiesOf } from '../../server/src/iam/sites.ts';
import { parseJson } from '../../server/src/syntax/json.ts';
import { parseYaml } from '../../server/src/syntax/yaml.ts';
import { cloudFormation, onlyPolicy, onlyStatement, terraform, textOf, texts } from './iam-support.ts';

/** The statements of a policy on a role, as CloudFormation has it. */
function statementsOf(statement: unknown, rest: object = {}) {
  const template = cloudFormation(
    {
      P: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: { Version: '2012-10-17', Statement: statement } },
      },
    },
    rest,
  );
  return onlyPolicy(template);
}

function statementOf(statement: unknown, rest: object = {}): Statement {
  const [first] = statementsOf(statement, rest).statements;
  assert.ok(first);
  return first;
}

test('operators are taken apart in any case', () => {
  assert.deepEqual(parseOperator('ForAnyValue:StringLikeIfExists'), {
    base: 'StringLike',
    name: 'StringLike',
    qualifier: 'ForAnyValue',
    ifExists: true,
    negated: false,
  });
  assert.equal(parseOperator('stringnotequalsIFEXISTS').name, 'StringNotEquals');
  assert.equal(parseOperator('stringnotequals').negated, true);
  assert.equal(parseOperator('NotIpAddress').negated, true);
  assert.equal(parseOperator('StringMatches').name, undefined);
  assert.equal(parseOperator('ForSomeValue:StringLike').name, undefined);
  assert.equal(parseOperator('IfExists').name, undefined);
});

test('scalars and lists read alike, a single statement like a list of one', () => {
  const one = statementOf({ Sid: 'A', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
  assert.deepEqual(texts(one.actions), ['s3:GetObject']);
  assert.equal(one.sid?.text, 'A');
  assert.equal(one.effect, 'Allow');
  assert.ok(isWildcard(one.resources[0]!));
  const many = statementsOf([
    { Effect: 'Deny', NotAction: ['a:*', 'b:*'], NotResource: ['x'] },
    { Effect: 'Allow', Action: [], Resource: [] },
  ]).statements;
  assert.deepEqual(
    many.map((statement) => statement.index),
    [0, 1],
  );
  assert.deepEqual(texts(many[0]!.notActions), ['a:*', 'b:*']);
  assert.deepEqual(texts(many[0]!.notResources), ['x']);
  assert.deepEqual(many[1]!.actions, []);
  assert.ok(many[1]!.elements.Action);
  assert.ok(many[1]!.complete);
});

test('misspelt names and effects are kept and not read', () => {
  const statement = statementOf({ effect: 'Allow', Effect: 'allow', action: '*', Action: 's3:*', Resource: '*' });
  assert.equal(statement.effect, undefined);
  assert.equal(textOf(statement.effectNode), '"allow"');
  assert.deepEqual(
    statement.unknownElements.map((element) => element.name),
    ['effect', 'action'],
  );
  assert.deepEqual(texts(statement.actions), ['s3:*']);
  assert.equal(statementOf({ Action: '*', Resource: '*' }).effect, undefined);
});

test('principals of every form', () => {
  const principals = (principal: unknown) =>
    statementOf({ Effect: 'Allow', Principal: principal, Action: '*' }).principals.map(
      ({ type, text }) => `${type}|${text}`,
    );
  assert.deepEqual(principals('*'), ['*|*']);
  assert.deepEqual(principals({ AWS: '*' }), ['AWS|*']);
  assert.deepEqual(principals({ AWS: ['1', '2'], Service: 's' }), ['AWS|1', 'AWS|2', 'Service|s']);
  assert.deepEqual(principals(['*']), ['|*']);
  assert.deepEqual(principals('arn:x'), ['|arn:x']);
  assert.deepEqual(principals({ '*': '*' }), ['*|*']);
  assert.deepEqual(principals({}), []);
  assert.deepEqual(principals({ Ref: 'Unknown' }), ['\u0000|\u0000']);
});

test('conditions: one clause for each operator and key, keys and values with their nodes', () => {
  const statement = statementOf({
    Effect: 'Allow',
    Action: '*',
    Condition: {
      StringEquals: { 'aws:SourceAccount': ['1', '2'], 'aws:PrincipalOrgID': 'o-1' },
      Bool: { 'aws:SecureTransport': true },
    },
  });
  assert.equal(statement.hasCondition, true);
  assert.deepEqual(
    statement.conditions.map((clause) => [clause.operatorText, clause.key, ...texts(clause.values)]),
    [
      ['StringEquals', 'aws:SourceAccount', '1', '2'],
      ['StringEquals', 'aws:PrincipalOrgID', 'o-1'],
      ['Bool', 'aws:SecureTransport', 'true'],
    ],
  );
  assert.equal(textOf(statement.conditions[1]?.keyNode), '"aws:PrincipalOrgID"');
  assert.equal(textOf(statement.conditions[2]?.operatorNode), '"Bool"');
  assert.equal(statementOf({ Effect: 'Allow', Action: '*', Condition: {} }).hasCondition, false);
  assert.equal(statementOf({ Effect: 'Allow', Action: '*' }).hasCondition, false);
  assert.equal(statementOf({ Effect: 'Allow', Action: '*', Condition: { Ref: 'Unknown' } }).hasCondition, 'unknown');
});

const PROD = { Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } } };
const when = (yes: unknown, no: unknown) => ({ 'Fn::If': ['IsProd', yes, no] });
const NO_VALUE = { Ref: 'AWS::NoValue' };

test('Fn::If around an item: the item is there under its condition', () => {
  const statement = statementOf(
    { Effect: 'Allow', Action: ['s3:GetObject', when('s3:*', NO_VALUE)], Resource: '*' },
    PROD,
  );
  assert.deepEqual(
    statement.actions.map((item) => [item.text, item.conditions.length]),
    [
      ['s3:GetObject', 0],
      ['s3:*', 1],
    ],
  );
  assert.equal(statement.actions[1]?.conditions[0]?.id, 'IsProd');
});

test('Fn::If around a list of actions, a statement, a document', () => {
  const lists = statementOf({ Effect: 'Allow', Action: when(['a:b', 'c:d'], 'e:f'), Resource: '*' }, PROD);
  assert.deepEqual(
    lists.actions.map((item) => [item.text, item.conditions[0]?.value]),
    [
      ['a:b', true],
      ['c:d', true],
      ['e:f', false],
    ],
  );
  const [first, second] = statementsOf(
    [when({ Effect: 'Allow', Action: 'a:b' }, NO_VALUE), { Effect: 'Deny', Action: '*' }],
    PROD,
  ).statements;
  assert.equal(first?.templateConditions.length, 1);
  assert.equal(second?.templateConditions.length, 0);
  const template = cloudFormation(
    {
      P: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          PolicyDocument: when({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }, { Statement: [] }),
        },
      },
    },
    PROD,
  );
  assert.deepEqual(
    policiesOf(template).map((policy) => [policy.statements.length, policy.conditions[0]?.value]),
    [
      [1, true],
      [0, false],
    ],
  );
});

test('a choice of Effect or Condition makes one statement an alternative, under contradicting conditions', () => {
  const effects = statementsOf({ Effect: when('Allow', 'Deny'), Action: '*', Resource: '*' }, PROD).statements;
  assert.deepEqual(
    effects.map((statement) => [statement.effect, statement.templateConditions[0]?.value]),
    [
      ['Allow', true],
      ['Deny', false],
    ],
  );
  assert.equal(effects[0]?.node, effects[1]?.node);
  const guarded = statementsOf(
    {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: when({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }, NO_VALUE),
    },
    PROD,
  ).statements;
  assert.deepEqual(
    guarded.map((statement) => statement.hasCondition),
    [true, false],
  );
  // Both choices hang on the same condition: there are two alternatives, not four.
  const both = statementsOf(
    { Effect: when('Allow', 'Deny'), Action: '*', Condition: when({ Bool: { a: 'true' } }, {}) },
    PROD,
  ).statements;
  assert.deepEqual(
    both.map((statement) => [statement.effect, statement.hasCondition]),
    [
      ['Allow', true],
      ['Deny', false],
    ],
  );
  const inner = statementOf(
    { Effect: 'Allow', Action: '*', Condition: { StringEquals: when({ k: 'v' }, NO_VALUE) } },
    PROD,
  );
  assert.equal(inner.hasCondition, 'unknown');
});

test('text with holes', () => {
  const statement = statementOf({
    Effect: 'Allow',
    Action: { 'Fn::Sub': '${Service}:*' },
    Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:s3:::${Bucket}/*' }],
  });
  assert.deepEqual(texts(statement.actions), ['?:*']);
  assert.deepEqual(texts(statement.resources), ['arn:?:s3:::?/*']);
  assert.equal(isKnown(statement.actions[0]!), false);
});

test('a parameter that may be a list leaves its element open', () => {
  const statement = statementOf(
    { Effect: 'Allow', Action: { Ref: 'Actions' }, Resource: '*' },
    {
      Parameters: { Actions: { Type: 'CommaDelimitedList' } },
    },
  );
  assert.deepEqual([...statement.openElements], ['Action']);
  assert.equal(statement.complete, false);
  assert.equal(coversAction(statement, 's3:GetObject'), undefined);
});

test('statements that are none are told apart from unknown ones', () => {
  assert.deepEqual(
    statementsOf(['Allow', 3]).malformed.map((leaf) => textOf(leaf.node)),
    ['"Allow"', '3'],
  );
  const open = statementsOf([{ Effect: 'Allow', Action: '*' }, { Ref: 'More' }], {
    Parameters: { More: { Type: 'String' } },
  });
  assert.equal(open.statements.length, 1);
  assert.ok(open.open);
});

test('which actions a statement covers and grants', () => {
  const grants = (statement: object, action = 'iam:PassRole') =>
    grantsAction(statementOf({ Resource: '*', ...statement }), action);
  assert.equal(grants({ Effect: 'Allow', Action: 'iam:*' }), true);
  assert.equal(grants({ Effect: 'Allow', Action: ['s3:*', 'IAM:passrole'] }), true);
  assert.equal(grants({ Effect: 'Allow', Action: 's3:*' }), false);
  assert.equal(grants({ Effect: 'Deny', Action: '*' }), false);
  assert.equal(grants({ Effect: 'Allow', NotAction: 's3:*' }), true);
  assert.equal(grants({ Effect: 'Allow', NotAction: 'iam:*' }), false);
  assert.equal(grants({ Effect: 'Allow', Action: { 'Fn::Sub': 'iam:${X}' } }), undefined);
  assert.equal(grants({ Effect: 'Allow', Action: { 'Fn::Sub': 's3:${X}' } }), false);
  assert.equal(grants({ Action: '*' }), undefined);
  const covers = (a: object, b: object) => coversActionsOf(statementOf(a), statementOf(b));
  assert.equal(covers({ Action: 's3:*' }, { Action: ['s3:GetObject', 's3:Put*'] }), true);
  assert.equal(covers({ Action: '*' }, { NotAction: 's3:*' }), true);
  assert.equal(covers({ Action: 's3:*' }, { NotAction: 'iam:*' }), false);
  assert.equal(covers({ Action: 's3:Get*' }, { Action: ['s3:GetObject', 's3:PutObject'] }), false);
});

test('the blocks of a data source: default effect, escapes, types of principals', () => {
  const statement = onlyStatement(
    terraform({
      data: {
        aws_iam_policy_document: {
          d: {
            statement: {
              actions: ['s3:GetObject'],
              resources: ['arn:aws:s3:::b/&{aws:username}/*', 'arn:aws:s3:::b/$${aws:userid}'],
              principals: [
                { type: 'AWS', identifiers: ['1', '2'] },
                { type: '*', identifiers: ['*'] },
              ],
              condition: { test: 'StringLike', variable: 's3:prefix', values: ['a', '&{aws:username}'] },
              wrong: 1,
            },
          },
        },
      },
    }),
  );
  assert.equal(statement.effect, 'Allow');
  assert.equal(statement.effectNode, undefined);
  assert.deepEqual(texts(statement.resources), ['arn:aws:s3:::b/${aws:username}/*', 'arn:aws:s3:::b/${aws:userid}']);
  assert.deepEqual(
    statement.principals.map(({ type, text }) => `${type}|${text}`),
    ['AWS|1', 'AWS|2', '*|*'],
  );
  assert.deepEqual(
    statement.conditions.map((clause) => [clause.operator.name, clause.key, ...texts(clause.values)]),
    [['StringLike', 's3:prefix', 'a', '${aws:username}']],
  );
  assert.deepEqual(
    statement.unknownElements.map((element) => element.name),
    ['wrong'],
  );
  assert.equal(textOf(statement.elements.Action?.key), '"actions"');
});

test('a dynamic block leaves the element open', () => {
  const statement = onlyStatement(
    terraform({
      variable: { conditions: {} },
      data: {
        aws_iam_policy_document: {
          d: {
            statement: {
              actions: ['s3:GetObject'],
              resources: ['*'],
              dynamic: {
                condition: {
                  for_each: '${var.conditions}',
                  content: { test: 'StringEquals', variable: '${condition.value}', values: ['x'] },
                },
              },
            },
          },
        },
      },
    }),
  );
  assert.equal(statement.hasCondition, 'unknown');
});

test('policy files are told from all other files', () => {
  const yes = (text: string, language = 'json', uri = 'x.json') =>
    assert.equal(looksLikePolicy(text, language, uri), true, text);
  const no = (text: string, language = 'json', uri = 'x.json') =>
    assert.equal(looksLikePolicy(text, language, uri), false, text);
  yes('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}');
  yes('{"Statement":{"Effect":"Allow"}}');
  yes('{"Version": "2012-10-17", "Statement": [');
  yes('{\n  "Version": "2012-10-17"\n}');
  yes('Version: "2012-10-17"\nId: begun\n', 'yaml', 'x.yaml');
  no('{"Version": "2012-10-17", "Rules": []}');
  no('{"Version": "1.0"}');
  no('{"data": {"Version": "2012-10-17"}}');
  yes('{ // c\n "Statement": [{ "Effect": "Al');
  yes('[{"Version":"2012-10-17","Statement":[]}]');
  yes('Version: 2012-10-17\nStatement:\n  - Effect: Allow\n    Action: "*"\n', 'yaml', 'x.yaml');
  yes('{"Statement":[{"Effect":"Deny"}]}', '', 'a/b/policy.json');
  no('{"Statement":[{"Effect":"Deny"}]}', '', 'a/b/policy.txt');
  no('{"Statement":[{"Effect":"Deny"}]}', 'typescript');
  no('{"Resources":{"P":{"Properties":{"PolicyDocument":{"Statement":[{"Effect":"Allow"}]}}}}}');
  no('{"openapi":"3.0.0","Statement":[{"Effect":"Allow"}]}');
  no('{"x":{"Statement":[{"Effect":"Allow"}]}}');
  no('{"Version":"2012-10-17","Statements":[]}');
  no('{"name":"package","version":"1.0.0"}');
  no('{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}');
  no('{"Name":"p","Version":"2021-06-01","Statement":[{"DataIdentifier":[],"Operation":{"Deidentify":{}}}]}');
  no(
    'service: x\nprovider:\n  iam:\n    role:\n      statements:\n        - Effect: Allow\nStatement: 1\n',
    'yaml',
    'serverless.yml',
  );
  no('a:\n  Statement:\n    - Effect: Allow\n', 'yaml', 'x.yaml');
});

test('policy files become templates of one pseudo resource a document', () => {
  const one = policyTemplate(
    parseJson('p.json', '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'),
  );
  assert.equal(one?.dialect, 'policy');
  assert.deepEqual(
    one.resources.map((resource) => [resource.address, resource.type]),
    [['*', '*']],
  );
  const policy = onlyPolicy(one);
  assert.equal(policy.kind, 'identity');
  assert.equal(policy.statements[0]?.effect, 'Allow');

  const stream = parseYaml(
    'p.yaml',
    'Statement: {Effect: Allow, Action: "*"}\n---\nStatement:\n  - Effect: Deny\n    Action: a:b\n',
  );
  assert.deepEqual(
    policiesOf(policyTemplate(stream)!).map((document) => document.statements[0]?.effect),
    ['Allow', 'Deny'],
  );
  const list = parseJson('p.json', '[{"Statement":[{"Effect":"Allow"}]}, {"x": 1}]');
  assert.equal(policiesOf(policyTemplate(list)!).length, 1);
  assert.equal(policyTemplate(parseJson('p.json', '{"x":1}')), undefined);
});

test('a policy file is of the kind that its content shows', () => {
  const kind = (statement: object) =>
    onlyPolicy(policyTemplate(parseJson('p.json', JSON.stringify({ Statement: [statement] })))!).kind;
  assert.equal(kind({ Effect: 'Allow', Action: 's3:*', Resource: '*' }), 'identity');
  assert.equal(kind({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }), 'resource');
  assert.equal(kind({ Effect: 'Allow', Principal: { Service: 'x' }, Action: 'sts:AssumeRole' }), 'trust');
});

test('account ids of a YAML policy keep their zero, half-typed text reads as far as it goes', () => {
  const document = parseYaml(
    'p.yaml',
    'Statement:\n  - Effect: Allow\n    Principal:\n      AWS: 012345678901\n    Action:\n',
  );
  const [statement] = onlyPolicy(policyTemplate(document)!).statements;
  assert.deepEqual(texts(statement!.principals), ['012345678901']);
  const half = policyTemplate(
    parseJson('p.json', '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get'),
  );
  assert.equal(onlyPolicy(half!).statements[0]?.effect, 'Allow');
});

test('hostile input neither throws nor hangs', () => {
  const deep = `{"Statement":${'['.repeat(5000)}`;
  assert.doesNotThrow(() => policiesOf(policyTemplate(parseJson('p.json', deep)) ?? cloudFormation({})));
  const wide = JSON.stringify({
    Statement: [{ Effect: 'Allow', Action: Array.from({ length: 50_000 }, (_, i) => `s3:A${i}`) }],
  });
  const started = performance.now();
  const policy = onlyPolicy(policyTemplate(parseJson('p.json', wide))!);
  assert.ok(policy.statements[0]!.actions.length >= 5000);
  assert.deepEqual([...policy.statements[0]!.openElements], ['Action']);
  assert.ok(performance.now() - started < 2000);
});
