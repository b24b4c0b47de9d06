/** Hostile texts in the editor: the bundled server answers every question about them, says what it left out, and lives on. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HCL, PLANS, TF_JSON } from '../support/hostile-hcl.ts';
import { POLICIES } from '../support/hostile-policies.ts';
import { type Attack, JSON_TEXTS, YAML } from '../support/hostile-texts.ts';
import { Client } from './client.ts';

/** One attack of each kind, by the end of its name, and what is said to be left out. */
const ATTACKS: readonly (readonly [attacks: readonly Attack[], name: string, leftOut?: string])[] = [
  [YAML, 'billion laughs', 'Not read: aliases stand for too much'],
  [YAML, 'anchors that hold themselves'],
  [YAML, '20,000 nested flow brackets', 'Not read: nested deeper than 256 levels'],
  [YAML, '10 MB on one line', 'Not read: larger than 4 MB'],
  [YAML, '100,000 keys', 'Not read from here on: too much for one text'],
  [YAML, 'names of the prototype'],
  [YAML, 'lone surrogates and controls'],
  [JSON_TEXTS, '20,000 nested brackets', 'Not read: nested deeper than 256 levels'],
  [JSON_TEXTS, '1 MB of keys without values'],
  [POLICIES, '4,000 actions with wildcards'],
  [POLICIES, '2,500 statements that allow all', 'Not judged in full: more than 2000 statements in one policy'],
  [HCL, '20,000 templates', 'Not read: nested too deeply'],
  [HCL, 'locals that double by template'],
  [HCL, 'cyclic locals'],
  [HCL, 'jsonencode with all of it', 'Not read: nested too deeply'],
  [TF_JSON, 'names of the prototype'],
  [PLANS, 'references in a ring'],
];

const GOOD = 'Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false\n';

describe('hostile texts over the protocol', () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(async () => {
    await client.stop();
    assert.deepEqual(client.errors, []);
    assert.deepEqual(client.complaints, [], 'an exception would be there');
  });

  ATTACKS.forEach(([attacks, name, leftOut], i) => {
    it(`${name} in ${attacks[0]?.name.split(':')[0]} is answered for`, async () => {
      const attack = attacks.find((one) => one.name.endsWith(`: ${name}`));
      const [source] = attack?.sources() ?? [];
      assert.ok(source, name);
      const uri = `untitled:hostile${i}-${source.uri}`;
      const language = source.uri.endsWith('.tf') ? 'terraform' : source.uri.endsWith('json') ? 'json' : 'yaml';
      await client.open(uri, source.text, language);
      const textDocument = { uri };
      const told = (await client.diagnostics(uri)).filter(({ code }) => code === 'left-out');
      assert.deepEqual(told.filter(({ message }) => message === leftOut).length, leftOut ? 1 : 0);
      for (const position of [
        { line: 0, character: 3 },
        { line: 4, character: 15_000 },
      ]) {
        const range = { start: position, end: position };
        await client.connection.sendRequest('textDocument/hover', { textDocument, position });
        await client.connection.sendRequest('textDocument/completion', { textDocument, position });
        await client.connection.sendRequest('textDocument/codeAction', {
          textDocument,
          range,
          context: { diagnostics: [] },
        });
      }
      await client.close(uri);
    });
  });

  it('is as it was afterwards', async () => {
    await client.open('untitled:good.yaml', GOOD);
    assert.ok((await client.findings('untitled:good.yaml')).length > 0);
  });
});
