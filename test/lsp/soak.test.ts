/** Hundreds of edits and files leave nothing in the server's heap. `npm run soak` is the long version. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge, type Point, soak, visits } from '../bench/soak.ts';

const MIB = 2 ** 20;
const point = (edits: number, mebibytes: number): Point => ({
  edits,
  heapUsed: mebibytes * MIB,
  external: 0,
  rss: 0,
});

describe('the heap of the server', () => {
  it('does not grow with edits', { timeout: 240_000 }, async () => {
    const { points, requests } = await soak({ edits: 600, every: 100, resources: 30 });
    const used = points.filter(({ edits }) => edits >= 200).map(({ heapUsed }) => heapUsed);
    const growth = Math.min(...used.slice(-2)) - Math.min(...used.slice(0, 2));
    assert.ok(growth < 4 * MIB, `${(growth / MIB).toFixed(1)} MiB more after 400 edits`);
    for (const method of ['diagnostic', 'hover', 'codeAction', 'completion'])
      assert.ok(requests[`textDocument/${method}`], `${method} was not asked for`);
  });

  it('holds nothing of documents that are closed', { timeout: 240_000 }, async () => {
    const left = await visits(200);
    assert.ok(left < 3 * MIB, `200 documents left ${(left / MIB).toFixed(1)} MiB`);
  });
});

describe('the verdict on a heap', () => {
  const curve = (at: (n: number) => number) => Array.from({ length: 21 }, (_, i) => point(i * 500, at(i)));
  /** Up and down by a quarter of a mebibyte. */
  const noise = (i: number) => ((i * 7) % 5) / 10 - 0.2;

  it('is that nothing leaks where it goes up and down', () => {
    assert.equal(
      judge(
        curve((i) => 40 + noise(i)),
        2000,
      ).leaks,
      false,
    );
  });
  it('is that it leaks where it grows, be it slowly', () => {
    assert.equal(
      judge(
        curve((i) => 40 + i * 0.08 + noise(i) / 4),
        2000,
      ).leaks,
      true,
    );
    assert.equal(
      judge(
        curve((i) => 40 + i * 0.5),
        2000,
      ).leaks,
      true,
    );
  });
  it('does not count the warm-up', () => {
    assert.equal(
      judge(
        curve((i) => (i < 4 ? 20 + 5 * i : 40 + noise(i))),
        2000,
      ).leaks,
      false,
    );
  });
});
