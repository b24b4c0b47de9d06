/** Forms of the values of conditions. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  dateForm,
  isBase64,
  isNumber,
  isoDate,
  isVpcId,
  matchesLike,
  mayBeKmsKeyArn,
  mayBeRegion,
  networkOf,
  REGIONS,
  withoutVariables,
} from '../../server/src/rules/policy/condition-formats.ts';

describe('values of conditions', () => {
  it('dates', () => {
    for (const text of [
      '2030',
      '2030-02',
      '2028-02-29',
      '2030-01-31T23:59Z',
      '2030-01-31T23:59:59.5+01:00',
      '2030-01-01T00:00:00',
    ])
      assert.equal(dateForm(text), 'iso', text);
    for (const text of ['1900000000', '0', '99999', '1900000000.5']) assert.equal(dateForm(text), 'epoch', text);
    for (const text of [
      '',
      'tomorrow',
      '2030-13',
      '2030-04-31',
      '2030-01-01 00:00:00Z',
      '2030-01-01T25:00Z',
      '2030-1-1',
    ])
      assert.equal(dateForm(text), undefined, text);
    assert.equal(dateForm('1'.repeat(1000)), undefined);
    assert.equal(isoDate('1900000000'), '2030-03-17T17:46:40Z');
    assert.equal(isoDate('1900000000000'), undefined, 'milliseconds are of another time');
  });

  it('numbers and Base64', () => {
    for (const text of ['1', '-1', '+1.5', '.5', '1e3']) assert.ok(isNumber(text), text);
    for (const text of ['', '1h', '1,000', '0x10', '--1', 'Infinity']) assert.ok(!isNumber(text), text);
    assert.ok(isBase64('QQ==') && isBase64('') && !isBase64('QQ=') && !isBase64('a b='));
  });

  it('networks', () => {
    const masked = (text: string) => networkOf(text)?.masked;
    assert.equal(networkOf('203.0.113.7')?.cidr.prefix, 32);
    assert.equal(masked('203.0.113.0/24'), undefined);
    assert.equal(masked('203.0.113.7/24'), '203.0.113.0/24');
    assert.equal(masked('2001:db8:0:1::7/32'), '2001:db8::/32');
    assert.equal(masked('2001:db8:1:2:3:4:5:6/120'), '2001:db8:1:2:3:4:5:0/120');
    assert.equal(masked('::7/64'), '::/64');
    for (const text of ['*', '', '10.0.0.0/33', '10.0.0', '1.2.3.256', 'host', '10.0.0.0/8/8', '/8'])
      assert.equal(networkOf(text), undefined, text);
  });

  it('Regions', () => {
    for (const region of [...REGIONS, 'eu-west-4', 'me-west-1', 'ap-central-1']) assert.ok(mayBeRegion(region), region);
    for (const text of ['eu-wset-1', 'eu-west-1a', 'eu-west', 'useast1', 'EU-WEST-1', 'eu-west-9', '', 'global'])
      assert.ok(!mayBeRegion(text), text);
  });

  it('patterns', () => {
    for (const [pattern, text] of [
      ['*', ''],
      ['eu-*', 'eu-west-1'],
      ['*-1', 'eu-west-1'],
      ['e?-*st-?', 'eu-west-1'],
      ['EU-west-1', 'eu-west-1'],
    ] as const)
      assert.ok(matchesLike(pattern, text), pattern);
    for (const pattern of ['', 'eu', '?', 'eu-*-2', 'eu-west-1?'])
      assert.ok(!matchesLike(pattern, 'eu-west-1'), pattern);
  });

  it('ids and keys', () => {
    assert.ok(isVpcId('vpc-1a2b3c4d', 'vpc') && isVpcId('vpce-0123456789abcdef0', 'vpce'));
    for (const text of ['vpc-', 'vpc-12345', 'vpc-xxxxxxxx', 'vpce-1a2b3c4d', '1a2b3c4d'])
      assert.ok(!isVpcId(text, 'vpc'), text);
    for (const text of [
      '*',
      'arn:aws:kms:eu-west-1:111122223333:key/1',
      'arn:*:kms:*:*:key/*',
      'arn:aws:kms:*',
      'arn:aws:kms:*:*:*',
    ])
      assert.ok(mayBeKmsKeyArn(text), text);
    for (const text of ['alias/a', 'arn:aws:kms:eu-west-1:111122223333:alias/a', '1234', 'arn:aws:s3:::b', ''])
      assert.ok(!mayBeKmsKeyArn(text), text);
  });

  it('without variables', () => {
    assert.equal(withoutVariables('a/${aws:username}/${*}*'), 'a//*');
    assert.equal(withoutVariables('a/${open'), 'a/${open');
  });
});
