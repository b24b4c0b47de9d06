/** Texts that VS Code shows of the manifest: every key has its English text, every text is used. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const manifest = readFileSync('package.json', 'utf8');
const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const used = new Set([...manifest.matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => String(key)));

describe('the texts of the manifest', () => {
  it('are all there', () => {
    assert.deepEqual(
      [...used].filter((key) => !texts[key]),
      [],
    );
  });

  it('are all used', () => {
    assert.deepEqual(
      Object.keys(texts).filter((key) => !used.has(key)),
      [],
    );
  });

  it('are nowhere written into the manifest itself', () => {
    const written = [...manifest.matchAll(/"(title|description|markdownDescription|contents)": "([^%"][^"]*)"/g)];
    assert.deepEqual(
      written.map(([line]) => line),
      [],
    );
  });
});
