/** Messages as they are written on standard output. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encode } from '../../server/src/stdio.ts';

const item = (i: number) => ({
  range: { start: { line: i, character: 0 } },
  message: `· ${i} "é" \u2028 \ud800`,
  data: {},
});
const items = (count: number) => Array.from({ length: count }, (_, i) => item(i));

/** What is said as JSON, by the library's own way. */
const json = (message: object) => Buffer.from(JSON.stringify(message)).toString('hex');
const hex = (message: object) => Buffer.from(encode(message as never)).toString('hex');

describe('messages on standard output', () => {
  it('are the same bytes as JSON makes of them', () => {
    const messages = [
      { jsonrpc: '2.0', id: 1, result: null },
      { jsonrpc: '2.0', id: 1, result: { kind: 'unchanged', resultId: 'a' } },
      { jsonrpc: '2.0', id: 1, result: { kind: 'full', resultId: 'a', items: [] } },
      { jsonrpc: '2.0', id: 1, result: { kind: 'full', resultId: 'a', items: items(3) } },
      { jsonrpc: '2.0', id: 1, result: { kind: 'full', resultId: 'a', items: items(300) } },
      { jsonrpc: '2.0', id: 'x"items":[]}}', result: { kind: 'full', resultId: '"items":[]}}', items: items(300) } },
      // Not at the end: a list of completions.
      { jsonrpc: '2.0', id: 1, result: { items: items(300), isIncomplete: true } },
      { jsonrpc: '2.0', result: { items: items(300) }, id: 1 },
      { jsonrpc: '2.0', id: 1, result: { items: [...items(300), undefined, 'text', null] } },
      { jsonrpc: '2.0', id: 1, result: { items: [...items(300), [1, undefined]] } },
      { jsonrpc: '2.0', method: 'a/b', params: { items: items(300) } },
    ];
    for (const message of messages) assert.equal(hex(message), json(message));
  });

  it('are the same bytes where items are sent again, among others', () => {
    const kept = items(300);
    const report = (list: readonly object[]) => ({ jsonrpc: '2.0', id: 1, result: { kind: 'full', items: list } });
    for (const list of [kept, [item(7), ...kept], kept.slice(1), [...kept].reverse()])
      assert.equal(hex(report(list)), json(report(list)));
  });
});
