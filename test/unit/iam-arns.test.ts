/** ARNs taken apart and compared, and the overlap of wildcard patterns they stand on. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Arn,
  canBe,
  mayBeAccount,
  mayBeRegion,
  mayExist,
  REGIONS,
  readArn,
  splitArn,
  typeArns,
  typeArnsOf,
  withoutVariables,
} from '../../server/src/iam/arns.ts';
import { HOLE } from '../../server/src/iam/document.ts';
import { matchesWildcard, wildcardsOverlap } from '../../server/src/syntax/text.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();

const fields = (text: string) => {
  const arn = readArn(text);
  return arn && [arn.partition, arn.service, arn.region, arn.account, arn.resource];
};

describe('wildcardsOverlap', () => {
  it('agrees with trying every text', () => {
    const texts = [''];
    for (let i = 0; i < texts.length && texts.length < 341; i++) {
      for (const c of 'abc/') texts.push(`${texts[i]}${c}`);
    }
    const patterns = [
      '',
      'a',
      '?',
      '*',
      'a*',
      '*a',
      'a*b',
      '?*',
      '*?',
      '*/*',
      'a?c',
      '??',
      '*b*',
      'ab',
      'a/*',
      'b*a',
      '*a*b',
    ];
    for (const a of patterns) {
      for (const b of patterns) {
        const wanted = texts.some((text) => matchesWildcard(a, text) && matchesWildcard(b, text));
        assert.equal(wildcardsOverlap(a, b), wanted, `${a} and ${b}`);
      }
    }
  });

  it('needs texts longer than those tried', () => {
    assert.ok(wildcardsOverlap('abc*', '*def'));
    assert.ok(wildcardsOverlap('*aaaa*', '*bbbb*cccc*'));
    assert.ok(!wildcardsOverlap('abc*xyz', 'abd*xyz'));
    assert.ok(!wildcardsOverlap('abc*xyz', 'abc*xya'));
    assert.ok(!wildcardsOverlap('arn:aws:s3:::reports', 'arn:*:s3:::*/*'));
  });

  it('stays quick on long patterns', () => {
    const start = performance.now();
    wildcardsOverlap(`${'*a'.repeat(20_000)}b`, `${'a*'.repeat(20_000)}c`);
    wildcardsOverlap(`${'*a'.repeat(1_000)}b`, `${'a'.repeat(4_000)}c`);
    assert.ok(performance.now() - start < 1_000);
  });
});

describe('splitArn', () => {
  it('takes six fields, the last with its colons', () => {
    assert.deepEqual(splitArn('arn:aws:logs:eu-west-1:111122223333:log-group:a:*'), [
      'arn',
      'aws',
      'logs',
      'eu-west-1',
      '111122223333',
      'log-group:a:*',
    ]);
  });

  it('leaves variables whole', () => {
    assert.deepEqual(splitArn('arn:aws:s3:::${aws:username}/x'), ['arn', 'aws', 's3', '', '', '${aws:username}/x']);
    assert.deepEqual(splitArn('arn:aws:sqs:${AWS::Region}:1'), ['arn', 'aws', 'sqs', '${AWS::Region}', '1']);
    assert.deepEqual(splitArn('arn:${'), ['arn', '${']);
  });
});

describe('withoutVariables', () => {
  it('has a hole for each variable, and one character for those that stand for one', () => {
    assert.equal(withoutVariables('a/${aws:username}/b${*}'), `a/${HOLE}/b?`);
    assert.equal(withoutVariables('a/${'), 'a/${');
  });
});

describe('readArn', () => {
  it('reads six fields', () => {
    assert.deepEqual(fields('arn:aws:s3:::reports/a:b'), ['aws', 's3', '', '', 'reports/a:b']);
    assert.deepEqual(fields(`arn:aws:sqs:${HOLE}:${HOLE}:jobs`), ['aws', 'sqs', HOLE, HOLE, 'jobs']);
  });

  it('lets a wildcard at the end of a field stand for fields behind it', () => {
    assert.deepEqual(fields('arn:aws:s3:*'), ['aws', 's3', '*', '*', '*']);
    assert.deepEqual(fields('arn:aws:sqs:*:jobs'), ['aws', 'sqs', '*', '*', 'jobs']);
    assert.deepEqual(fields('arn:aws:logs:*:log-group:a:*'), ['aws', 'logs', '*', '*', 'log-group:a:*']);
    assert.deepEqual(fields('arn:*'), ['*', '*', '*', '*', '*']);
  });

  it('refuses what is none', () => {
    for (const text of [
      '',
      '*',
      'arn',
      's3:::reports',
      'arn:aws:s3:reports',
      'arn:aws:s3:reports/*',
      'ARN:aws:s3:::a',
    ]) {
      assert.equal(readArn(text), undefined, text);
    }
    assert.equal(readArn(`arn:aws:s3:::${'a'.repeat(10_000)}`), undefined);
  });
});

describe('regions and accounts', () => {
  it('knows the names', () => {
    for (const region of REGIONS) assert.ok(mayBeRegion(region), region);
    assert.ok(mayBeRegion('ap-southeast-9'));
    for (const text of ['eu-wst-1', 'eu-west-1a', 'ireland', 'eu-west', '']) assert.ok(!mayBeRegion(text), text);
    for (const text of ['', '111122223333', 'aws', '*', '1111*', HOLE]) assert.ok(mayBeAccount(text), text);
    for (const text of ['1111-2222-3333', '11112222333', 'mine']) assert.ok(!mayBeAccount(text), text);
  });
});

describe('resource types', () => {
  const read = (text: string): Arn => {
    const arn = readArn(text);
    assert.ok(arn, text);
    return arn;
  };

  it('are found by the service of the ARN, whichever service names them', () => {
    assert.ok(typeArnsOf('catalog')?.some(({ head }) => head === 'portfolio/'));
    assert.equal(typeArnsOf('frobnicator'), undefined);
  });

  it('may be several in one pattern', () => {
    const found = typeArns(
      'arn:${Partition}:lex:${Region}:${Account}:a/${Id}, arn:${Partition}:lex:${Region}::b:${Id}:${X}',
    );
    assert.deepEqual(
      found.map(({ resource, head, account }) => [resource, head, account]),
      [
        ['a/*', 'a/', '*'],
        ['b:*:*', 'b:', ''],
      ],
    );
  });

  it('tell buckets from objects', () => {
    const [bucket] = typeArns('arn:${Partition}:s3:::${BucketName}');
    const [object] = typeArns('arn:${Partition}:s3:::${BucketName}/${ObjectName}');
    assert.ok(bucket && object);
    for (const [text, isBucket, isObject] of [
      ['arn:aws:s3:::reports', true, false],
      ['arn:aws:s3:::reports/*', false, true],
      ['arn:aws:s3:::reports*', true, true],
      ['arn:aws:s3:::*', true, true],
      [`arn:aws:s3:::${HOLE}`, true, true],
      ['arn:aws:sqs:::reports', false, false],
    ] as const) {
      assert.deepEqual([canBe(read(text), bucket), canBe(read(text), object)], [isBucket, isObject], text);
    }
  });

  it('exist or not', () => {
    for (const text of [
      'arn:aws:iam::111122223333:role/a',
      'arn:aws:iam::111122223333:r*',
      'arn:aws:grafana:*:*:/workspaces',
      'arn:aws:lambda:*:*:function:a:live',
      'arn:aws:frobnicator:*:*:thing/*',
      'arn:aws:s3:::reports',
    ]) {
      assert.ok(mayExist(read(text)), text);
    }
    for (const text of ['arn:aws:iam::111122223333:roles/a', 'arn:aws:lambda:*:*:function/a', 'arn:aws:s3:::']) {
      assert.ok(!mayExist(read(text)), text);
    }
  });
});
