// The language server in a browser: what happens when its worker fails. A worker that is ended from outside tells nobody; one that
// fails, or does not load, does.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { change, closeAll, finding, gone, open, SQS, until } from './support';

interface Worker {
  dispatchEvent(event: unknown): boolean;
}
type WorkerClass = new (...args: unknown[]) => Worker;
const scope = globalThis as unknown as { Worker: WorkerClass; ErrorEvent: new (type: string, init: object) => unknown };

describe('a language server in a worker', () => {
  const workers: Worker[] = [];
  const told: string[] = [];
  const { Worker } = scope;

  before(() => {
    scope.Worker = class extends Worker {
      constructor(...args: unknown[]) {
        super(...args);
        workers.push(this);
      }
    };
    vscode.window.showErrorMessage = ((message: string) => {
      told.push(message);
      return Promise.resolve(undefined);
    }) as never;
  });
  after(() => {
    scope.Worker = Worker;
  });
  beforeEach(async () => {
    await open('template.yaml');
    await vscode.commands.executeCommand('demarc.restartServer');
    workers.splice(0, workers.length - 1);
    told.length = 0;
  });
  afterEach(closeAll);

  const fail = () => workers.at(-1)?.dispatchEvent(new scope.ErrorEvent('error', { message: 'out of memory' }));

  it('is started again when it fails', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    assert.equal(workers.length, 1);
    fail();
    await until('another worker', () => workers.length === 2);
    await finding(document, SQS);
    await change(document, 'SqsManagedSseEnabled: false', 'SqsManagedSseEnabled: true');
    await gone(document, SQS);
    assert.deepEqual(told, []);
  });

  it('is given up after five times in a row, until a person starts it', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    for (let count = 1; count < 5; count++) {
      fail();
      await until('another worker', () => workers.length === count + 1);
      // One that is ended while it loads is an error that nobody can catch.
      await finding(document, SQS);
    }
    fail();
    await until('a notification', () => told.length);
    assert.match(told.join(), /keeps ending \(error out of memory\)/);
    assert.equal(workers.length, 5);
    await vscode.commands.executeCommand('demarc.restartServer');
    await finding(document, SQS);
    assert.equal(workers.length, 6);
  });
});
