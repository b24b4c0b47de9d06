/** What is remembered beyond a document's life holds on to no document: a cut of a text keeps the whole of it alive. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { matchesGlob } from '../../server/src/analysis/globs.ts';
import { expandActionPattern, matchesAnyAction } from '../../server/src/iam/actions.ts';
import { findConditionKey } from '../../server/src/iam/condition-keys.ts';
import { serviceIdOf } from '../../server/src/responsibility/services.ts';
import { parseCidr } from '../../server/src/rules/cidr.ts';
import { detached } from '../../server/src/syntax/text.ts';
import { loadIamData } from '../support/iam-data.ts';

loadIamData();
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const TEXTS = 200;
const LENGTH = 100_000;
const MIB = 2 ** 20;

/** A long text of its own, and a word cut out of it. */
function cut(word: string): string {
  const text = Array.from({ length: LENGTH / 10 }, () => 'some text ').join('') + word;
  // Joined lazily until somebody looks into it.
  assert.ok(text.lastIndexOf(word) > 0);
  return text.slice(-word.length);
}

/** Bytes that are held after a word out of each of many texts was looked at. */
function held(look: (word: string) => unknown, word: (i: number) => string): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < TEXTS; i++) look(cut(word(i)));
  collect();
  return process.memoryUsage().heapUsed - before;
}

describe('a cut of a text', () => {
  it('keeps the text, if it is not detached', () => {
    const kept: string[] = [];
    const most = held(
      (word) => kept.push(word),
      (i) => `a-word-of-its-own-${i}`,
    );
    assert.ok(most > 0.9 * TEXTS * LENGTH, `${most} bytes: this test would prove nothing`);
    const own: string[] = [];
    const least = held(
      (word) => own.push(detached(word)),
      (i) => `a-word-of-its-own-${i}`,
    );
    assert.ok(least < MIB, `${least} bytes`);
    assert.equal(own[7], 'a-word-of-its-own-7');
    assert.equal(kept.length, TEXTS);
    assert.equal(detached(''), '');
  });

  for (const { name, look, word } of [
    { name: 'address ranges', look: parseCidr, word: (i: number) => `172.16.${100 + (i % 100)}.128/3${i % 2}` },
    { name: 'action patterns', look: expandActionPattern, word: (i: number) => `s3:getobjectversion${i}*` },
    // Only the first action is asked for: the rest of the answer waits, with what it is an answer to. Fewer than are kept.
    {
      name: 'action patterns of all services',
      look: matchesAnyAction,
      word: (i: number) => `*:get${'*'.repeat(10 + (i % 80))}`,
    },
    {
      name: 'globs',
      look: (glob: string) => matchesGlob(glob, 'a/b'),
      word: (i: number) => `folder${i}/**/*-{dev,test}.yaml`,
    },
    { name: 'condition keys', look: findConditionKey, word: (i: number) => `aws:RequestTag/Department${i}` },
    { name: 'resource types', look: serviceIdOf, word: (i: number) => `AWS::S3::BucketOfKind${i}` },
  ])
    it(`is not kept by the memory of ${name}`, () => {
      look(cut(word(TEXTS)));
      const bytes = held(look as (one: string) => unknown, word);
      assert.ok(bytes < 4 * MIB, `${(bytes / MIB).toFixed(1)} MiB are held`);
    });
});
