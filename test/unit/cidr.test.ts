import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  covers,
  isHost,
  isLoopback,
  isPrivate,
  isWide,
  isWorld,
  overlaps,
  parseCidr,
} from '../../server/src/rules/cidr.ts';

const cidr = (text: string) => {
  const parsed = parseCidr(text);
  assert.ok(parsed, text);
  return parsed;
};

describe('CIDR blocks', () => {
  it('reads both families and clears host bits', () => {
    assert.deepEqual(cidr('10.1.2.3/8'), { version: 4, base: 0x0a000000n, prefix: 8 });
    assert.deepEqual(cidr(' 0000:0000:0000:0000:0000:0000:0000:0000/0 '), { version: 6, base: 0n, prefix: 0 });
    assert.equal(cidr('::ffff:192.0.2.1/128').base, 0xffffc0000201n);
    assert.equal(cidr('2001:DB8::1/128').base, (0x20010db8n << 96n) | 1n);
  });

  it('reads nothing else', () => {
    for (const text of [
      '',
      '10.0.0.0',
      '10.0.0.0/33',
      '10.0.0/8',
      '256.0.0.0/8',
      '::/129',
      '1::2::3/64',
      'pl-1',
      '10.0.0.0/8/8',
      '1:2:3:4:5:6:7:8:9/64',
      '/0',
      'x'.repeat(100_000),
    ])
      assert.equal(parseCidr(text), undefined, text.slice(0, 40));
  });

  it('tells the world from networks', () => {
    for (const text of ['0.0.0.0/0', '192.168.1.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1', '2000::/3', '10.0.0.0/7'])
      assert.ok(isWorld(cidr(text)), text);
    for (const text of ['10.0.0.0/8', '8.0.0.0/8', 'fc00::/7', '224.0.0.0/4', '127.0.0.1/32', '2001::/16'])
      assert.ok(!isWorld(cidr(text)), text);
  });

  it('knows private, loopback, wide and single', () => {
    assert.ok(isPrivate(cidr('172.31.0.0/16')) && !isPrivate(cidr('172.0.0.0/11')) && isPrivate(cidr('fd00::/8')));
    assert.ok(isLoopback(cidr('127.0.0.1/32')) && isLoopback(cidr('::1/128')) && !isLoopback(cidr('0.0.0.0/0')));
    assert.ok(
      isWide(cidr('52.0.0.0/11')) &&
        !isWide(cidr('52.0.0.0/16')) &&
        isWide(cidr('2001:800::/21')) &&
        !isWide(cidr('10.0.0.0/8')),
    );
    assert.ok(isHost(cidr('10.0.0.1/32')) && isHost(cidr('::1/128')) && !isHost(cidr('10.0.0.0/31')));
  });

  it('compares', () => {
    assert.ok(covers(cidr('10.0.0.0/8'), cidr('10.9.0.0/16')) && !covers(cidr('10.9.0.0/16'), cidr('10.0.0.0/8')));
    assert.ok(overlaps(cidr('10.9.0.0/16'), cidr('10.0.0.0/8')) && !overlaps(cidr('10.0.0.0/16'), cidr('10.1.0.0/16')));
    assert.ok(!covers(cidr('0.0.0.0/0'), cidr('::/0')));
  });
});
