// Reviews with a real repository (test/host/repository.mjs): both sides of diffs, and what the branch introduces.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { compareBranch } from '../../client/src/branch';
import { MOST_FILES } from '../../client/src/branch-changes';
import { BranchTree } from '../../client/src/branch-tree';
import { defaultBase, type GitApi, type GitRepository, gitApi } from '../../client/src/git';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings';
import { compareTexts } from '../../server/src/lsp/compare';
import type { CompareParams } from '../../server/src/lsp/protocol';
import { at, closeAll, finding, findings, gone, hoverText, open, SQS, until } from './support';

const SIDE = /\*\*(introduced here|fixed here|was there before)\*\*|removes this protection/;
let git: GitApi;
let repository: GitRepository;

function file(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'this window has no folder');
  return vscode.Uri.joinPath(folder.uri, name);
}

const documentOf = (uri: vscode.Uri) =>
  until(`${uri} to be open`, () => vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString()));

/** The diff that is in front, with its documents. */
async function diffInFront() {
  const input = await until('a diff in front', () => {
    const found = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return found instanceof vscode.TabInputTextDiff && found;
  });
  return { base: await documentOf(input.original), head: await documentOf(input.modified) };
}

async function diff(name: string, ref: string) {
  await vscode.commands.executeCommand('vscode.diff', git.toGitUri(file(name), ref), file(name), name);
  return diffInFront();
}

/** Diagnostics are made in the background: gives those of the other documents time to appear, too. */
const settled = () => new Promise((wake) => setTimeout(wake, 1500));

/** The command links of a hover with a label. */
function links(markdown: string, label: string): readonly { command: string; parameters: unknown[] }[] {
  return [...markdown.matchAll(/\[([^\]]+)\]\(command:([\w.]+)\?([^)]+)\)/g)]
    .filter(([, name]) => name === label)
    .map(([, , command, encoded]) => ({
      command: String(command),
      parameters: JSON.parse(decodeURIComponent(String(encoded))) as unknown[],
    }));
}

async function run(markdown: string, label: string): Promise<void> {
  const [link] = links(markdown, label);
  assert.ok(link, `no link "${label}" in ${markdown}`);
  await vscode.commands.executeCommand(link.command, ...link.parameters);
}

before(async () => {
  const api = await gitApi();
  assert.ok(typeof api === 'object', `no Git extension: ${api}`);
  git = api;
  repository = await until('the repository', () => git.repositories[0]);
  await until('its changes', () => repository.state.workingTreeChanges.length >= 2);
});
afterEach(closeAll);

describe('a diff of two commits of a file', () => {
  it('says on the new side what the change introduces and what was there before', async () => {
    const { head } = await diff('stack.yaml', 'main');
    const introduced = await hoverText(head, 'Encrypted: fal|se # disk', SIDE);
    assert.match(introduced, /\*\*introduced here\*\*/);
    const before = await hoverText(head, 'SqsManagedSseEnabled: fal|se # events', SIDE);
    assert.match(before, /\*\*was there before\*\*/);
    assert.doesNotMatch(before, /introduced/);
  });

  it('says on the old side what the change fixes, and which protection it removes', async () => {
    const { base } = await diff('stack.yaml', 'main');
    const fixed = await hoverText(base, 'SqsManagedSseEnabled: fal|se # orders', SIDE);
    assert.match(fixed, /\*\*fixed here\*\*/);
    const removed = await hoverText(base, 'Encrypt|ed: true # files', SIDE);
    assert.match(removed, /This change removes this protection/);
    assert.match(removed, /File system is not encrypted/);
    assert.match(await hoverText(base, 'Encrypt|ed: true # disk', SIDE), /Volume is not encrypted/);
  });

  it('has no problems on the old side, and each of the new side once', async () => {
    const { base, head } = await diff('stack.yaml', 'main');
    await finding(head, SQS);
    await settled();
    assert.deepEqual(findings(base), []);
    assert.equal(findings(head, SQS).length, 1);
    await closeAll();
    await until('all problems to be gone', () => vscode.languages.getDiagnostics().every(([, list]) => !list.length));
  });

  it('is a diff in a tab of many, too', async () => {
    const original = git.toGitUri(file('stack.yaml'), 'main');
    const pairs = [[file('stack.yaml'), original, file('stack.yaml')]];
    await vscode.commands.executeCommand('vscode.changes', 'Branch', pairs);
    const [base, head] = [await documentOf(original), await documentOf(file('stack.yaml'))];
    assert.match(await hoverText(head, 'Encrypted: fal|se # disk', SIDE), /introduced here/);
    assert.match(await hoverText(base, 'SqsManagedSseEnabled: fal|se # orders', SIDE), /fixed here/);
  });

  it('sees a Terraform module as a whole on both sides', async () => {
    const { base, head } = await diff('infra/main.tf.json', 'main');
    assert.equal(base.getText(), head.getText());
    assert.match(await hoverText(head, '"sqs_managed_sse_enabled": "${var|.encrypt}"', SIDE), /introduced here/);
    const { head: variables } = await diff('infra/variables.tf.json', 'main');
    assert.match(variables.getText(), /"default": false/);
    await closeAll();
    await vscode.commands.executeCommand(
      'vscode.diff',
      git.toGitUri(file('infra/main.tf.json'), 'feature'),
      file('infra/main.tf.json'),
    );
    const { head: same } = await diffInFront();
    assert.match(await hoverText(same, '"sqs_managed_sse_enabled": "${var|.encrypt}"', SIDE), /was there before/);
  });

  it('sees a module in HCL as a whole on both sides', async () => {
    const { base, head } = await diff('hcl/main.tf', 'main');
    assert.equal(base.getText(), head.getText());
    assert.match(await hoverText(head, 'sqs_managed_sse_enabled = var|.encrypt', SIDE), /introduced here/);
  });

  it('is forgotten when the file is looked at without it', async () => {
    const { head } = await diff('stack.yaml', 'main');
    await hoverText(head, 'Encrypted: fal|se # disk', SIDE);
    await closeAll();
    const document = await open('stack.yaml');
    await finding(document, SQS);
    assert.doesNotMatch(await hoverText(document, 'Encrypted: fal|se # disk', /not encrypted/), SIDE);
  });
});

describe('changes as the Git extension opens them', () => {
  it('not staged: the working file has its problem, the old side none', async () => {
    await vscode.commands.executeCommand('git.openChange', file('work.yaml'));
    const { base, head } = await diffInFront();
    assert.equal(base.uri.scheme, 'git');
    assert.equal(head.uri.scheme, 'file');
    await finding(head, SQS);
    assert.match(await hoverText(head, 'SqsManagedSseEnabled: fal|se', SIDE), /introduced here/);
    assert.match(await hoverText(base, 'SqsManagedSseEna|bled: true', SIDE), /removes this protection/);
    assert.deepEqual(findings(base), []);
  });

  it('staged: the index has the problem, unless the file is open and has it itself', async () => {
    await vscode.commands.executeCommand('git.openChange', file('staged.yaml'));
    const { base, head } = await diffInFront();
    assert.deepEqual([base.uri.scheme, head.uri.scheme], ['git', 'git']);
    await finding(head, SQS);
    assert.match(await hoverText(head, 'SqsManagedSseEnabled: fal|se', SIDE), /introduced here/);
    assert.deepEqual(findings(base), []);
    assert.equal(findings(head, SQS).length, 1);

    const document = await open('staged.yaml');
    await finding(document, SQS);
    await gone(head, SQS);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await finding(head, SQS);
    await closeAll();
    await gone(head, SQS);
    assert.deepEqual(findings(document), []);
  });
});

describe('an editor that is read-only', () => {
  it('has links in its hovers: the fix to paste, and the file at that place', async () => {
    await vscode.commands.executeCommand('git.openChange', file('staged.yaml'));
    const { head } = await diffInFront();
    const hover = await hoverText(head, 'SqsManagedSseEnabled: fal|se', /Copy fix/);
    const [copy] = links(hover, 'Copy fix');
    assert.deepEqual(copy?.parameters, ['      SqsManagedSseEnabled: true']);
    await run(hover, 'Copy fix');
    assert.equal(await vscode.env.clipboard.readText(), '      SqsManagedSseEnabled: true');
    await run(hover, 'Open file');
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), file('staged.yaml').toString());
    assert.equal(editor?.selection.active.line, at(head, '|SqsManagedSseEnabled').line);
  });

  it('leads to the resource where the text has moved', async () => {
    const { base } = await diff('stack.yaml', 'main');
    const hover = await hoverText(base, 'SqsManagedSseEnabled: fal|se # events', /Open file/);
    await run(hover, 'Open file');
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, 'file');
    assert.match(String(editor?.document.lineAt(editor.selection.active.line).text), /# events/);
  });

  it('has none where the lightbulb offers the fix', async () => {
    const { head } = await diff('stack.yaml', 'main');
    assert.doesNotMatch(await hoverText(head, 'Encrypted: fal|se # disk', SIDE), /Copy fix|Open file/);
  });

  it('follows no link that was made up', async () => {
    const document = await open('work.yaml');
    for (const parameters of [[], ['file:///etc/passwd', 0, ''], [document.uri.toString(), -1, ''], [{}, 'x', null]])
      await vscode.commands.executeCommand('demarc.openWorkingFile', ...parameters);
    for (const parameters of [[], [7], ['x'.repeat(10_000)]])
      await vscode.commands.executeCommand('demarc.copyFix', ...parameters);
    assert.equal(vscode.window.activeTextEditor?.document, document);
  });
});

describe('the schemes of reviews', () => {
  const set = (value: unknown) =>
    vscode.workspace.getConfiguration('demarc').update('review.schemes', value, vscode.ConfigurationTarget.Workspace);
  afterEach(() => set(undefined));

  it('are settings that act at once', async () => {
    const { base } = await diff('stack.yaml', 'main');
    const place = at(base, 'SqsManagedSseEnabled: fal|se # events');
    const hovers = async () =>
      (await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', base.uri, place)).length;
    await until('a hover', async () => (await hovers()) > 0);
    await set(['review']);
    await until('no hover', async () => (await hovers()) === 0);
    await set(undefined);
    await until('a hover again', async () => (await hovers()) > 0);
  });
});

describe('what the branch introduces', () => {
  /** The server without the wire: it takes the requests of the view. */
  const client = {
    code2ProtocolConverter: { asUri: (uri: vscode.Uri) => uri.toString() },
    sendRequest: (_: string, params: CompareParams) =>
      compareTexts(params, async () => DEFAULT_SETTINGS, {
        today: '2026-01-01',
        cancelled: () => false,
        messages: () => 0,
      }),
  } as unknown as Parameters<typeof compareBranch>[0];
  const compared = async () => {
    const commit = await repository.getMergeBase('HEAD', 'main');
    assert.ok(commit);
    const { token } = new vscode.CancellationTokenSource();
    return compareBranch(client, repository, 'main', commit, token);
  };
  const told = (list: readonly { ruleId: string; resource: string; uri: string }[]) =>
    list.map(({ ruleId, resource, uri }) => `${uri.split('/').pop()} ${resource} ${ruleId}`).sort();

  it('is found against the branch it came from', async () => {
    assert.equal(await defaultBase(repository), 'main');
    const { introduced, fixed, before, unread } = await compared();
    assert.deepEqual(told(introduced), [
      `main.tf aws_sqs_queue.mails ${SQS}`,
      `main.tf.json aws_sqs_queue.jobs ${SQS}`,
      `new.yaml New ${SQS}`,
      'stack.yaml Disk ebs-encryption',
      'stack.yaml Files efs-encryption',
      `staged.yaml Mail ${SQS}`,
      `work.yaml Mail ${SQS}`,
    ]);
    assert.deepEqual(told(fixed), [`deleted.yaml Gone ${SQS}`, `stack.yaml Orders ${SQS}`]);
    assert.ok(before >= 2, `${before} before`);
    assert.equal(unread, 0);
  });

  it('counts what is not saved', async () => {
    const document = await open('stack.yaml');
    const edit = new vscode.WorkspaceEdit();
    const start = at(document, 'Encrypted: |false # disk');
    edit.replace(document.uri, new vscode.Range(start, start.translate(0, 5)), 'true');
    await vscode.workspace.applyEdit(edit);
    assert.ok(!told((await compared()).introduced).includes('stack.yaml Disk ebs-encryption'));
  });

  it('is cut where the branch is big', async () => {
    const names = Array.from({ length: MOST_FILES + 5 }, (_, at) => `many/${String(at).padStart(3, '0')}.yaml`);
    const text = await vscode.workspace.fs.readFile(file('new.yaml'));
    try {
      await Promise.all(names.map((name) => vscode.workspace.fs.writeFile(file(name), text)));
      await vscode.commands.executeCommand('git.refresh');
      const untracked = () => repository.state.workingTreeChanges.length > MOST_FILES;
      await until('the files to be seen by Git', untracked);
      const { changed, files, introduced } = await compared();
      assert.ok(changed > MOST_FILES, `${changed} changed`);
      assert.equal(new Set(files.values()).size, MOST_FILES);
      assert.ok(introduced.length >= MOST_FILES - 10, `${introduced.length} introduced`);
    } finally {
      await vscode.workspace.fs.delete(file('many'), { recursive: true });
      await vscode.commands.executeCommand('git.refresh');
    }
  });

  it('is a tree by owner, the severest first, with the place of each', async () => {
    const tree = new BranchTree('open');
    tree.show(await compared());
    const shape = tree.getChildren().map((group) => [
      tree.getTreeItem(group).label,
      tree.getTreeItem(group).description,
      ...tree.getChildren(group).map((entry) => {
        const { label, description, contextValue } = tree.getTreeItem(entry);
        return `${label} | ${description} | ${contextValue}`;
      }),
    ]);
    assert.deepEqual(
      shape.map(([title]) => title),
      ['Yours', 'Shared', 'Fixed'],
    );
    assert.deepEqual(shape[0], [
      'Yours',
      '2',
      'Files: File system is not encrypted | stack.yaml:5 | demarcChanged',
      'Disk: Volume is not encrypted | stack.yaml:24 | demarcChanged',
    ]);
    assert.ok(shape[1]?.includes('New: Queue encryption is switched off | new.yaml:6 | demarcFinding'));
    assert.ok(shape[2]?.includes('Gone: Queue encryption is switched off | deleted.yaml:6 | demarcFinding'));
  });

  it('is shown by a command, which stays quiet', async () => {
    await vscode.commands.executeCommand('demarc.showBranch');
    await vscode.commands.executeCommand('demarc.refreshBranch');
  });
});
