// What happens when the language server's process ends: killed, crashed at start, asked to restart. In a window of its own, because
// nothing else can be tested meanwhile.
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { at, change, closeAll, EBS, finding, findings, gone, hoverText, open, SQS, until } from './support';

/** Processes of the language server below this extension host. */
function servers(): readonly number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return Number(parent) === process.pid && state !== 'Z' && /dist\/server\.js/.test(command);
      } catch {
        return false;
      }
    });
}

const server = () => until('a server', () => servers()[0]);
/** Kills the server that runs, and gives back the next one. */
async function killed(signal: NodeJS.Signals = 'SIGKILL'): Promise<number> {
  const pid = await server();
  process.kill(pid, signal);
  return until('another server', () => servers().find((one) => one !== pid));
}

/** The text of the output channel, as the Output panel shows it. */
async function log(): Promise<string> {
  await vscode.commands.executeCommand('demarc.showOutput');
  return until('the output channel', () =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'output' && /demarc/i.test(uri.path))?.getText(),
  );
}
const logged = (wanted: RegExp) => until(`${wanted} in the log`, async () => wanted.test(await log()));

const restart = () => vscode.commands.executeCommand('demarc.restartServer');

const mapTab = (label: RegExp) =>
  until(`a tab ${label}`, () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find((tab) => tab.input instanceof vscode.TabInputWebview && label.test(tab.label)),
  );

describe('a language server that ends', function () {
  this.timeout(90_000);
  /** The status item; undefined where the extension ran before the tests, as in an old VS Code. */
  let status: vscode.LanguageStatusItem | undefined;
  let wasActive = false;
  /** Every detail that the status item had. */
  const details: string[] = [];
  /** Notifications, and what a person chooses in them. */
  const told: string[] = [];
  let choice: string | undefined;

  before(async () => {
    wasActive = vscode.extensions.getExtension('demarc.demarc')?.isActive === true;
    const { createLanguageStatusItem } = vscode.languages;
    vscode.languages.createLanguageStatusItem = (id, selector) => {
      const item = createLanguageStatusItem(id, selector);
      if (id !== 'demarc') return item;
      status = new Proxy(item, {
        set(target, key, value) {
          if (key === 'detail') details.push(String(value));
          return Reflect.set(target, key, value, target);
        },
        get: (target, key) => Reflect.get(target, key, target),
      });
      return status;
    };
    for (const name of ['showErrorMessage', 'showWarningMessage', 'showInformationMessage'] as const)
      vscode.window[name] = ((message: string, ...rest: unknown[]) => {
        told.push(message);
        return Promise.resolve(rest.includes(choice) ? choice : undefined);
      }) as never;
  });
  beforeEach(async () => {
    // Crashes before this test do not count.
    if (vscode.extensions.getExtension('demarc.demarc')?.isActive) await restart();
    told.length = 0;
    details.length = 0;
  });
  afterEach(closeAll);

  it('keeps what it compiled where only the user writes', async () => {
    await open('template.yaml');
    const environment = fs.readFileSync(`/proc/${await server()}/environ`, 'utf8').split('\0');
    const folder = environment.find((line) => line.startsWith('NODE_COMPILE_CACHE='));
    assert.match(folder ?? '', /\/User\/globalStorage\/demarc\.demarc\/compiled\/\d+\.\d+\.\d+$/);
  });

  it('is started again, with the documents as they are in the editor', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    assert.ok(status || wasActive, 'the status item was not seen: the tests have another vscode than the extension');
    await change(document, 'SqsManagedSseEnabled: false', 'SqsManagedSseEnabled: true');
    await gone(document, SQS);
    await killed();
    await finding(document, EBS);
    await until(
      'problems of the text in the editor',
      () => findings(document).length && !findings(document, SQS).length,
    );
    await change(document, 'SqsManagedSseEnabled: true', 'SqsManagedSseEnabled: false');
    const found = await finding(document, SQS);
    assert.deepEqual(found.range.start, at(document, 'SqsManagedSseEnabled: |false'));
    await hoverText(document, 'SqsManagedSse|Enabled: false', /SQS|queue/i);
    assert.equal(servers().length, 1);
  });

  it('says so in the status item and the log, and in no notification', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    details.length = 0;
    await killed();
    if (!wasActive) {
      await until('the status', () => details.some((one) => one.includes('signal SIGKILL')));
      await until('the status then', () => /CloudFormation.*restarted/.test(status?.detail ?? '') && !status?.busy);
    }
    await logged(/ended by itself after \d+ s: signal SIGKILL/);
    await logged(/The language server runs: process \d+, after \d+ ms/);
    assert.deepEqual(told, []);
  });

  it('ends what it was asked for without an answer, and the log names it', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    const pid = await server();
    process.kill(pid, 'SIGSTOP');
    const hover = vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, at(document, '|Orders:'));
    await new Promise((wake) => setTimeout(wake, 300));
    process.kill(pid, 'SIGKILL');
    assert.deepEqual(await hover, []);
    await finding(document, SQS);
    await logged(/signal SIGKILL\. Requests under way: .*demarc\/hover template\.yaml/);
    assert.deepEqual(told, []);
  });

  it('takes edits made while there is none', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    // The second start waits a second.
    await killed();
    await finding(document, SQS);
    process.kill(await server(), 'SIGKILL');
    await until('no problems', () => !findings(document).length);
    await change(document, 'SqsManagedSseEnabled: false', 'SqsManagedSseEnabled: true');
    await finding(document, EBS);
    assert.equal(findings(document, SQS).length, 0);
    assert.deepEqual(told, []);
  });

  it('leaves the map as it is, which follows afterwards', async () => {
    await finding(await open('template.yaml'), SQS);
    await vscode.commands.executeCommand('demarc.showMap');
    await mapTab(/template\.yaml/);
    await killed();
    await mapTab(/template\.yaml/);
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    await finding(await open('main.tf.json'), SQS);
    await mapTab(/main\.tf\.json/);
  });

  it('gives its lenses back', async () => {
    const settings = vscode.workspace.getConfiguration('demarc');
    await settings.update('codeLens.enable', true, vscode.ConfigurationTarget.Global);
    const document = await open('template.yaml');
    const lenses = () =>
      vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 50);
    try {
      await until('lenses', async () => (await lenses()).length);
      await killed();
      await until('lenses again', async () => (await lenses()).length);
    } finally {
      await settings.update('codeLens.enable', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('is given up after five times in a row, and said so; a person can start it', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    for (let i = 0; i < 4; i++) await killed();
    assert.deepEqual(told, []);
    process.kill(await server(), 'SIGKILL');
    await until('a notification', () => told.length);
    assert.match(told.join(), /keeps ending \(signal SIGKILL\)/);
    assert.equal(told.length, 1);
    if (!wasActive) {
      assert.equal(status?.severity, vscode.LanguageStatusSeverity.Error);
      assert.equal(status?.command?.command, 'demarc.restartServer');
    }
    assert.deepEqual(findings(document), [], 'stale problems are gone');
    await logged(/5 times in a row: it is not started again/);
    await new Promise((wake) => setTimeout(wake, 5000));
    assert.deepEqual(servers(), [], 'nobody starts it again');
    await vscode.commands.executeCommand('demarc.explainRule', SQS);

    await restart();
    await finding(document, SQS);
    if (!wasActive) await until('a calm status', () => status?.severity === vscode.LanguageStatusSeverity.Information);
    await killed();
    await finding(document, SQS);
    assert.equal(told.length, 1, 'the count begins anew');
  });

  it('is started by the button of the notification', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    choice = 'Restart';
    try {
      for (let i = 0; i < 4; i++) await killed();
      await killed();
    } finally {
      choice = undefined;
    }
    await finding(document, SQS);
    assert.equal(told.length, 1);
  });

  it('is restarted although it hangs, however often that is asked for', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    const pid = await server();
    process.kill(pid, 'SIGSTOP');
    await Promise.all([restart(), restart(), restart()]);
    await finding(document, SQS);
    await until('one server', () => servers().length === 1);
    assert.notEqual(servers()[0], pid);
    await logged(/did not end when it was asked to/);
    assert.deepEqual(told, []);
  });

  it('keeps its log over restarts', async () => {
    await finding(await open('template.yaml'), SQS);
    await restart();
    await logged(/^.*Demarc \d+\.\d+\.\d+ in /);
    await logged(/restarted by a command/);
  });
});

describe('the trace', function () {
  this.timeout(60_000);
  const trace = (value: string | undefined) =>
    vscode.workspace.getConfiguration('demarc').update('trace.server', value, vscode.ConfigurationTarget.Global);
  afterEach(async () => {
    await trace(undefined);
    await closeAll();
  });

  it('is off, begins and ends with its setting, at once', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    assert.doesNotMatch(await log(), /Sending request/);
    await trace('messages');
    await hoverText(document, 'SqsManagedSse|Enabled: false');
    await logged(/Sending request 'demarc\/hover/);
    assert.doesNotMatch(await log(), /Params: /);
    await trace('verbose');
    await hoverText(document, 'SqsManagedSse|Enabled: false');
    await logged(/Params: /);
    await trace('off');
    // The server, too, is told; what it says meanwhile is traced still.
    await new Promise((wake) => setTimeout(wake, 500));
    const before = (await log()).match(/Sending request 'demarc\/hover/g)?.length;
    await hoverText(document, 'SqsManagedSse|Enabled: false');
    await new Promise((wake) => setTimeout(wake, 500));
    assert.equal((await log()).match(/Sending request 'demarc\/hover/g)?.length, before);
  });

  it('outlives the server', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    await trace('messages');
    await killed();
    await finding(document, SQS);
    const before = (await log()).length;
    await hoverText(document, 'SqsManagedSse|Enabled: false');
    await until('a trace of the new server', async () =>
      /Sending request 'demarc\/hover/.test((await log()).slice(before)),
    );
  });
});

describe('the log', () => {
  afterEach(closeAll);

  it('tells of what a configuration file says that is none', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder, '.demarc.json');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('{ "tier": "everything" }'));
    try {
      await finding(await open('template.yaml'), SQS);
      await logged(/\.demarc\.json: .*tier/);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });
});
