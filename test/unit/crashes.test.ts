/** When a server that ended is started again. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Crashes, MOST_CRASHES } from '../../client/src/crashes.ts';

const MINUTE = 60_000;

describe('crashes of the server', () => {
  it('are followed by a start at once, then by later ones, then by none', () => {
    const crashes = new Crashes();
    const delays = Array.from({ length: MOST_CRASHES }, () => crashes.record(1000).delay);
    assert.equal(delays[0], 0);
    assert.equal(delays.at(-1), undefined);
    const waits = delays.slice(0, -1).map((delay) => delay ?? Number.NaN);
    assert.deepEqual(
      waits,
      [...waits].sort((a, b) => a - b),
    );
    assert.equal(new Set(waits).size, MOST_CRASHES - 1);
    assert.deepEqual(crashes.record(1000), { count: MOST_CRASHES + 1, delay: undefined });
  });

  it('of a server that never was ready count', () => {
    const crashes = new Crashes();
    for (let i = 1; i < MOST_CRASHES; i++) assert.notEqual(crashes.record(0).delay, undefined);
    assert.equal(crashes.record(0).delay, undefined);
  });

  it('that come slowly, each within the time that makes a server sound, count as well', () => {
    const crashes = new Crashes();
    for (let i = 1; i < MOST_CRASHES; i++) crashes.record(2 * MINUTE);
    assert.equal(crashes.record(2 * MINUTE).delay, undefined);
  });

  it('are forgotten when the server ran for long', () => {
    const crashes = new Crashes();
    for (let i = 0; i < 20; i++) assert.deepEqual(crashes.record(10 * MINUTE), { count: 1, delay: 0 });
    assert.equal(crashes.record(0).count, 2);
  });

  it('are forgotten when a person starts the server', () => {
    const crashes = new Crashes();
    for (let i = 0; i < MOST_CRASHES; i++) crashes.record(0);
    crashes.forget();
    assert.deepEqual(crashes.record(0), { count: 1, delay: 0 });
  });
});
