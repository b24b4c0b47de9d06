import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { isRetired, nearest } from '../../server/src/iam/action-names.ts';
import {
  accessLevels,
  actionsOf,
  expandActionPattern,
  findAction,
  matchesPattern,
  matchingActions,
  patternCovers,
  serviceExists,
  services,
  supportsResourceControlPolicies,
  supportsResourceLevel,
} from '../../server/src/iam/actions.ts';
import { conditionKeysOf, findConditionKey, supportsConditionKey } from '../../server/src/iam/condition-keys.ts';
import { ACCESS_LEVELS, setActionDataSource } from '../../server/src/iam/reference.ts';
import { matchesWildcard, wildcardCovers } from '../../server/src/syntax/text.ts';

const text = readFileSync(join(process.cwd(), 'server/src/data/iam.generated.json'), 'utf8');
const names = (pattern: string): string[] => expandActionPattern(pattern).map((action) => action.full);

describe('IAM actions', () => {
  beforeEach(() => setActionDataSource(() => text));
  after(() => setActionDataSource(() => text));

  it('knows services in any case', () => {
    assert.equal(serviceExists('s3'), true);
    assert.equal(serviceExists('S3'), true);
    assert.equal(serviceExists('s33'), false);
    assert.equal(serviceExists('constructor'), false);
    assert.ok(services().length > 400);
  });

  it('finds an action in any case and says all about it', () => {
    const action = findAction('S3:getobject');
    assert.ok(action);
    assert.equal(action.full, 's3:GetObject');
    assert.equal(action.service, 's3');
    assert.equal(action.name, 'GetObject');
    assert.equal(action.accessLevel, 'Read');
    assert.deepEqual(
      action.resourceTypes.find((type) => type.name === 'object'),
      { name: 'object', required: false, arnPattern: 'arn:${Partition}:s3:::${BucketName}/${ObjectName}' },
    );
    assert.ok(action.conditionKeys.includes('s3:ExistingObjectTag/${TagKey}'));
    const queue = findAction('sqs:SendMessage')?.resourceTypes[0];
    assert.deepEqual(queue, {
      name: 'queue',
      required: true,
      arnPattern: 'arn:${Partition}:sqs:${Region}:${Account}:${QueueName}',
    });
    for (const none of ['s3:Nothing', 'nothing:Get', 's3', '', ':', 's3:', '*', 's3:*']) {
      assert.equal(findAction(none), undefined, none);
    }
  });

  it('reduces combined access levels to one', () => {
    assert.equal(findAction('iam:PutRolePolicy')?.accessLevel, 'Permissions management');
    assert.equal(findAction('ec2:CreateTags')?.accessLevel, 'Tagging');
    assert.equal(findAction('s3:ListAllMyBuckets')?.accessLevel, 'List');
    assert.deepEqual(accessLevels('*'), ACCESS_LEVELS);
    assert.deepEqual(accessLevels('s3:PutObject'), ['Write']);
    assert.deepEqual(accessLevels('nothing:*'), []);
  });

  it('decodes every service without loss', () => {
    const packed = JSON.parse(text) as { services: Record<string, string> };
    let count = 0;
    for (const service of services()) {
      const actions = actionsOf(service);
      count += actions.length;
      const keys = new Set(conditionKeysOf(service).map((key) => key.name));
      assert.ok(actions.length > 0 || packed.services[service]?.startsWith('|'), service);
      assert.deepEqual(
        actions.map((action) => action.name),
        actions.map((action) => action.name).sort(),
      );
      for (const action of actions) {
        assert.match(action.name, /^[A-Za-z0-9_-]+$/);
        assert.ok(ACCESS_LEVELS.includes(action.accessLevel));
        for (const type of action.resourceTypes) assert.match(type.arnPattern, /^arn:\$\{Partition\}:[^@~|]+$/);
        for (const key of action.conditionKeys) assert.ok(keys.has(key));
      }
    }
    assert.ok(count > 20_000, String(count));
    assert.equal(expandActionPattern('*').length, count);
    assert.equal(expandActionPattern('*:*').length, count);
  });

  it('expands patterns', () => {
    assert.deepEqual(names('S3:getOBJECT'), ['s3:GetObject']);
    assert.deepEqual(names('sqs:*Message'), ['sqs:DeleteMessage', 'sqs:ReceiveMessage', 'sqs:SendMessage']);
    assert.deepEqual(names('sqs:?endMessage'), ['sqs:SendMessage']);
    assert.equal(names('s3:*').length, actionsOf('s3').length);
    assert.deepEqual(names('s3:Describe*').length > 0, true);
    for (const none of ['', 's3', 's3*', ':', 's3:', ':Get*', 'x:*', `s3:${'a'.repeat(10_000)}*`]) {
      assert.deepEqual(names(none), [], none.slice(0, 20));
    }
    assert.equal(expandActionPattern('s3:Get*'), expandActionPattern('S3:GET*'), 'cached');
  });

  it('stays bounded under many patterns', () => {
    for (let i = 0; i < 3_000; i++) expandActionPattern(`sqs:*${i}`);
    for (const c of 'abcdefghijklmnop') expandActionPattern(`*:*${c}*`);
    assert.deepEqual(names('sqs:SendMessage'), ['sqs:SendMessage']);
  });

  it('yields matching actions one by one', () => {
    const [first] = matchingActions('*');
    assert.equal(first?.service, services()[0]);
    assert.deepEqual([...matchingActions('nothing:*')], []);
  });

  it('knows what can be limited to a resource', () => {
    assert.equal(supportsResourceLevel('s3:GetObject'), true);
    assert.equal(supportsResourceLevel('s3:ListAllMyBuckets'), false);
    assert.equal(supportsResourceLevel('ecr:GetAuthorizationToken'), false);
    assert.equal(supportsResourceLevel('unknown:Action'), false);
  });

  it('knows condition keys, templates and case aside', () => {
    assert.deepEqual(findConditionKey('S3:PREFIX'), { name: 's3:prefix', type: 'String' });
    assert.equal(findConditionKey('s3:ExistingObjectTag/team')?.name, 's3:ExistingObjectTag/${TagKey}');
    assert.equal(findConditionKey('aws:RequestTag/team', 's3')?.name, 'aws:RequestTag/${TagKey}');
    assert.equal(findConditionKey('aws:RequestTag/', 's3'), undefined);
    assert.equal(findConditionKey('s3:nothing'), undefined);
    assert.equal(findConditionKey('nothing'), undefined);
    assert.equal(supportsConditionKey('s3:ListBucket', 's3:prefix'), true);
    assert.equal(supportsConditionKey('s3:GetObject', 's3:prefix'), false);
    assert.equal(supportsConditionKey('s3:Nothing', 's3:prefix'), undefined);
    for (const service of services()) {
      for (const { name, type } of conditionKeysOf(service)) {
        assert.ok(type, name);
        assert.doesNotMatch(name, /<|[Tt]ag\/(tag-key)?$/);
      }
    }
    assert.equal(supportsResourceControlPolicies('S3'), true);
    assert.equal(supportsResourceControlPolicies('ec2'), false);
  });

  it('suggests what was meant', () => {
    const cases: [string, string][] = [
      ['s3:GetObjcet', 's3:GetObject'],
      ['s3:GetObjects', 's3:GetObject'],
      ['s3:ListBuckets', 's3:ListAllMyBuckets'],
      ['s3:HeadObject', 's3:GetObject'],
      ['lambda:Invoke', 'lambda:InvokeFunction'],
      ['lamda:InvokeFunction', 'lambda:InvokeFunction'],
      ['elb:DescribeLoadBalancers', 'elasticloadbalancing:DescribeLoadBalancers'],
      ['dynamo-db:GetItem', 'dynamodb:GetItem'],
      ['dynamdb:*', 'dynamodb:*'],
      ['s33', 's3'],
      ['IAM:passroles', 'iam:PassRole'],
    ];
    for (const [written, meant] of cases)
      assert.ok(nearest(written).includes(meant), `${written}: ${nearest(written)}`);
    for (const none of [
      's3:GetObject',
      's3',
      's3:Get*',
      'foo:Bar',
      'completely-unknown',
      '',
      ':',
      's3:Xyzzy',
      'x'.repeat(9_999),
    ]) {
      assert.deepEqual(nearest(none), [], none.slice(0, 20));
    }
    for (const suggestion of ['s3:ListBuckets', 's3:CopyObject', 'kms:ReEncrypt', 'dynamodb:ExecuteStatement']) {
      for (const meant of nearest(suggestion)) assert.ok(findAction(meant), meant);
      assert.ok(nearest(suggestion).length > 0, suggestion);
    }
  });

  it('knows what AWS retired', () => {
    assert.equal(isRetired('deeplens'), true);
    assert.equal(isRetired('DeepLens:CreateProject'), true);
    assert.equal(isRetired('deeplens:*'), true);
    assert.equal(isRetired('one:DeleteUser'), true);
    assert.equal(isRetired('one'), false);
    assert.equal(isRetired('s3:GetObject'), false);
    const retired = JSON.parse(readFileSync(join(process.cwd(), 'server/src/data/retired-iam-names.json'), 'utf8')) as {
      services: string[];
      actions: string[];
    };
    for (const service of retired.services) assert.equal(serviceExists(service), false, service);
    for (const action of retired.actions) assert.equal(findAction(action), undefined, action);
  });
});

describe('IAM actions without data', () => {
  after(() => setActionDataSource(() => text));
  const sources: [string, (() => unknown) | undefined][] = [
    ['none', undefined],
    ['throws', () => assert.fail('no file')],
    ['not JSON', () => '{'],
    ['null', () => null],
    ['a number', () => 3],
    ['no services', () => '{}'],
  ];
  for (const [name, source] of sources) {
    it(`answers "unknown": ${name}`, () => {
      setActionDataSource(source);
      assert.equal(serviceExists('s3'), undefined);
      assert.equal(supportsResourceControlPolicies('s3'), undefined);
      assert.equal(supportsConditionKey('s3:GetObject', 's3:prefix'), undefined);
      assert.deepEqual(services(), []);
      assert.deepEqual(actionsOf('s3'), []);
      assert.equal(findAction('s3:GetObject'), undefined);
      assert.deepEqual(expandActionPattern('*'), []);
      assert.deepEqual(accessLevels('*'), []);
      assert.equal(supportsResourceLevel('s3:GetObject'), false);
      assert.deepEqual(nearest('s3:GetObjcet'), []);
      assert.equal(isRetired('deeplens'), true);
    });
  }

  it('survives damaged services', () => {
    setActionDataSource(() => ({
      services: 'ec2|iam|s3',
      forms: 'Get~,~',
      groups: 'R9.9||W0.0',
      nouns: 'Vpc,Zone||Bucket',
      codes: 'aa,-Z||',
    }));
    assert.deepEqual(actionsOf('s3'), []);
    assert.deepEqual(
      actionsOf('ec2').map(({ name }) => name),
      ['GetVpc'],
    );
    assert.deepEqual(findAction('ec2:GetVpc')?.resourceTypes, []);
    assert.deepEqual(findAction('ec2:GetVpc')?.conditionKeys, []);
    assert.deepEqual(actionsOf('iam'), []);
    setActionDataSource(() => ({ services: { s3: 3 }, nouns: 7 }));
    assert.deepEqual(services(), []);
  });

  it('asks its source once', () => {
    let calls = 0;
    setActionDataSource(() => {
      calls++;
      return undefined;
    });
    assert.equal(calls, 0);
    serviceExists('s3');
    serviceExists('s3');
    assert.equal(calls, 1);
  });
});

/** The textbook definition, exponential. */
function naiveMatch(pattern: string, candidate: string): boolean {
  if (pattern === '') return candidate === '';
  const rest = pattern.slice(1);
  if (pattern[0] === '*')
    return naiveMatch(rest, candidate) || (candidate !== '' && naiveMatch(pattern, candidate.slice(1)));
  return (
    candidate !== '' && (pattern[0] === '?' || pattern[0] === candidate[0]) && naiveMatch(rest, candidate.slice(1))
  );
}

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
const word = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });

/** A pattern with text that it matches, made by filling its wildcards. */
const patternAndText = fc
  .tuple(pattern, fc.array(word, { minLength: 8, maxLength: 8 }))
  .map(
    ([p, fill]) =>
      [p, [...p].map((c, i) => (c === '*' ? fill[i] : c === '?' ? (fill[i] || 'a').charAt(0) : c)).join('')] as const,
  );

describe('wildcards', () => {
  it('match as defined', () => {
    fc.assert(
      fc.property(pattern, word, (p, w) => assert.equal(matchesWildcard(p, w), naiveMatch(p, w))),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(patternAndText, ([p, w]) => assert.equal(matchesWildcard(p, w), true)),
      { numRuns: 2_000 },
    );
  });

  it('cover only what they match', () => {
    fc.assert(
      fc.property(pattern, patternAndText, (a, [b, w]) => {
        if (wildcardCovers(a, b)) assert.equal(matchesWildcard(a, w), true, `${a} covers ${b} but does not match ${w}`);
      }),
      { numRuns: 5_000 },
    );
    fc.assert(fc.property(pattern, (p) => assert.equal(wildcardCovers(p, p), true)));
    fc.assert(fc.property(pattern, (p) => assert.equal(wildcardCovers('*', p), true)));
    fc.assert(fc.property(pattern, word, (p, w) => assert.equal(wildcardCovers(p, w), matchesWildcard(p, w))));
  });

  it('cover transitively', () => {
    fc.assert(
      fc.property(pattern, pattern, pattern, (a, b, c) => {
        if (wildcardCovers(a, b) && wildcardCovers(b, c)) assert.equal(wildcardCovers(a, c), true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('match hostile patterns in bounded time', () => {
    const start = performance.now();
    assert.equal(matchesWildcard(`${'*a'.repeat(5_000)}b`, 'a'.repeat(10_000)), false);
    assert.equal(matchesPattern(`s3:${'*a'.repeat(200)}b`, `s3:${'a'.repeat(100_000)}`), false);
    assert.ok(performance.now() - start < 2_000);
  });

  it('match actions, case aside', () => {
    assert.equal(matchesPattern('*', 's3:GetObject'), true);
    assert.equal(matchesPattern('**', 's3:GetObject'), true);
    assert.equal(matchesPattern('*:*', 's3:GetObject'), true);
    assert.equal(matchesPattern('S3:get*', 's3:GetObject'), true);
    assert.equal(matchesPattern('s3:?etObject', 's3:GetObject'), true);
    assert.equal(matchesPattern('s3*', 's3:GetObject'), false, 'no pattern that IAM reads');
    assert.equal(matchesPattern('s3:Put*', 's3:GetObject'), false);
    assert.equal(matchesPattern('s3:*', 's3-outposts:GetObject'), false);
    assert.equal(matchesPattern('*', 's3'), false);
  });

  it('know which action patterns contain others', () => {
    const yes: [string, string][] = [
      ['*', '*'],
      ['*', 's3:*'],
      ['*:*', '*'],
      ['s3:*', 's3:Get*'],
      ['S3:get*', 's3:GetObject*'],
      ['s3:*Object', 's3:Get*Object'],
      ['s3:?*', 's3:*?'],
    ];
    const no: [string, string][] = [
      ['s3:*', '*'],
      ['s3:Get*', 's3:*'],
      ['s3:Get?', 's3:Get*'],
      ['s3', 's3'],
      ['s3:*', 'sqs:*'],
    ];
    for (const [a, b] of yes) assert.equal(patternCovers(a, b), true, `${a} ${b}`);
    for (const [a, b] of no) assert.equal(patternCovers(a, b), false, `${a} ${b}`);
  });
});
