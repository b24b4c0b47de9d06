// The pages of rules in the editor: from a hover's link or the command, without a network.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, EBS, finding, hoverText, open, SQS, until } from './support';

const page = (path: string) => vscode.Uri.from({ scheme: 'demarc-rule', path });
const text = async (uri: vscode.Uri) => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));

/** The label of the Markdown preview that is open. */
const preview = (label: RegExp) =>
  until(`a preview ${label}`, () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find((tab) => tab.input instanceof vscode.TabInputWebview && label.test(tab.label)),
  );

describe('explain', () => {
  afterEach(closeAll);

  it('opens the page of a rule in a preview', async () => {
    await vscode.commands.executeCommand('demarc.explainRule', EBS);
    await preview(/ebs-encryption/);
  });

  it("opens it by another tool's id", async () => {
    await vscode.commands.executeCommand('demarc.explainRule', 'CKV_AWS_27');
    await preview(/sqs-encryption/);
  });

  it('opens it from the link of a hover', async () => {
    const document = await open('template.yaml');
    await finding(document, SQS);
    const hover = await hoverText(document, 'SqsManagedSseEnabled: f|alse', /: explain\]/);
    const [, command, args] = /\]\(command:([\w.]+)\?([^)]+)\)/.exec(hover) ?? [];
    assert.ok(command && args, hover);
    await vscode.commands.executeCommand(command, ...(JSON.parse(decodeURIComponent(args)) as unknown[]));
    await preview(new RegExp(SQS));
  });

  it('has examples on the page, and links that lead to pages', async () => {
    const uri = page(`/rules/${EBS}.md`);
    const markdown = await text(uri);
    assert.match(markdown, /Encrypted: false # ←/);
    const links = [...markdown.matchAll(/\]\((?!https:)([^)]+)\)/g)].map(([, link]) => String(link));
    assert.deepEqual(links, ['../rules.md']);
    const index = vscode.Uri.joinPath(uri, '..', ...links);
    assert.equal(index.path, '/rules.md');
    const list = await text(index);
    assert.match(list, /\(rules\/ebs-encryption\.md\)/);
    assert.equal((await vscode.workspace.fs.stat(page('/coverage.md'))).type, vscode.FileType.File);
    assert.equal(vscode.workspace.fs.isWritableFileSystem('demarc-rule'), false);
  });

  it('says so of a rule that does not exist', async () => {
    await vscode.commands.executeCommand('demarc.explainRule', 'no-such-rule');
    await preview(/no-such-rule/);
    assert.match(await text(page('/rules/no-such-rule.md')), /There is no rule of this name/);
    await assert.rejects(text(page('/../elsewhere.md')));
  });

  it('explains all rules that an id of another tool stands for', async () => {
    const markdown = await text(page('/rules/CKV_AWS_20.md'));
    assert.match(markdown, /`s3-public-acl`/);
  });
});
