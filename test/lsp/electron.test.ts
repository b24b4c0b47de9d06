/** The server in Electron, where V8's flags are frozen once the process has begun: setting one ends it. Node can be told to do so, too. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { QUEUE, RULE } from '../support/queue.ts';
import { Client, SERVER } from './client.ts';

const folder = mkdtempSync(join(tmpdir(), 'demarc-electron-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const FROZEN = '--freeze-flags-after-init';
/** As client/src/extension.ts gives them. */
const MEMORY = ['--max-semi-space-size=4', '--expose-gc'];
const COLLECTED = 'collected';

/** Options of a Node that says that it is Electron, and when it collects. */
function electron(...more: readonly string[]): string[] {
  const preload = join(folder, 'electron.cjs');
  writeFileSync(
    preload,
    `Object.defineProperty(process.versions, 'electron', { value: '38.0.0', enumerable: true });
const { gc } = globalThis;
if (gc) globalThis.gc = () => { gc(); process.stderr.write('${COLLECTED}\\n'); };
`,
  );
  return [FROZEN, ...more, '--require', preload];
}

/** So much that it is worth a collection, and twice as much again when it is read anew. */
const LARGE = `Resources:\n${Array.from({ length: 3_000 }, (_, i) => `  Queue${i}:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false\n`).join('')}`;

async function edited(client: Client): Promise<void> {
  const uri = 'untitled:large.yaml';
  await client.open(uri, LARGE);
  assert.equal((await client.diagnostics(uri)).filter(({ code }) => code === RULE).length, 3_000);
  await client.replace(uri, 'Queue7:', 'Queue7b:');
  assert.equal((await client.diagnostics(uri)).filter(({ code }) => code === RULE).length, 3_000);
}

describe('the server in Electron', () => {
  it('collects when a person pauses, and does not end', { timeout: 60_000 }, async () => {
    const client = await Client.start({ execArgv: electron(...MEMORY) });
    try {
      let said = '';
      const collected = new Promise<void>((resolve) => {
        client.process.stderr?.on('data', (data) => {
          said += data;
          if (said.includes(COLLECTED)) resolve();
        });
      });
      await edited(client);
      await collected;
      await client.open('untitled:a.yaml', QUEUE);
      assert.deepEqual(await client.findings('untitled:a.yaml'), [`${RULE} on "false"`]);
      assert.equal(client.process.exitCode, null);
      assert.equal(said.replaceAll(`${COLLECTED}\n`, ''), '', 'nothing else is said there');
    } finally {
      await client.stop();
    }
  });

  it('does without, where nobody gave it a collector', async () => {
    const client = await Client.start({ execArgv: electron() });
    try {
      await edited(client);
      await client.close('untitled:large.yaml');
      await client.open('untitled:a.yaml', QUEUE);
      assert.deepEqual(await client.findings('untitled:a.yaml'), [`${RULE} on "false"`]);
      assert.equal(client.process.exitCode, null);
    } finally {
      await client.stop();
    }
  });

  it('would end at the first flag, as a Node with frozen flags does that does not say what it is', () => {
    const { status, signal } = spawnSync(process.execPath, [FROZEN, SERVER, '--stdio'], { input: '' });
    assert.ok(signal || status, `${status} ${signal}`);
  });
});
