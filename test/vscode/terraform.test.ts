// Terraform as people write it: HCL, with our own grammar only, and whatever language the editor takes it for.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  action,
  apply,
  at,
  change,
  closeAll,
  codeActions,
  EBS,
  finding,
  findings,
  gone,
  hoverText,
  open,
  SQS,
  until,
} from './support';

const SUPPRESS = /ignore|suppress/i;
const VALUE = 'sqs_managed_sse_enabled = |false';
const SIDE = /\bside\b|\bshared\b/i;

/** The finding on the value of the queue, exactly. */
async function onTheValue(document: vscode.TextDocument): Promise<vscode.Diagnostic> {
  const found = await finding(document, SQS);
  const start = at(document, VALUE);
  assert.deepEqual(found.range, new vscode.Range(start, start.translate(0, 'false'.length)));
  assert.equal(findings(document, SQS).length, 1);
  return found;
}

describe('terraform in HCL', () => {
  afterEach(closeAll);

  it('is a language with comments and brackets where no other extension gives it one', async () => {
    const document = await open('hcl/main.tf');
    assert.equal(document.languageId, 'terraform');
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    const place = at(document, '|name                    =');
    editor.selection = new vscode.Selection(place, place);
    // What a comment is comes from a file of its own, which the editor reads when it first meets the language.
    await until('a comment', async () => {
      await vscode.commands.executeCommand('editor.action.commentLine');
      return document.lineAt(place.line).text === '  # name                    = "orders"';
    });
  });

  it('has its findings on the exact value', async () => {
    await onTheValue(await open('hcl/main.tf'));
  });

  for (const language of ['plaintext', 'opentofu']) {
    it(`is read for what it is when the editor takes it for ${language}`, async () => {
      const opened = await open('hcl/main.tf');
      await finding(opened, SQS);
      const document = await vscode.languages.setTextDocumentLanguage(opened, language);
      await onTheValue(document);
      assert.match(await hoverText(document, 'sqs_managed_sse_enabled = f|alse', /encrypt/i), SIDE);
      await vscode.languages.setTextDocumentLanguage(document, 'terraform');
    });
  }

  it('has hovers on a value with the fix as a diff, on a header and on an attribute', async () => {
    const document = await open('hcl/main.tf');
    await finding(document, SQS);
    const text = await hoverText(document, 'sqs_managed_sse_enabled = f|alse', /encrypt/i);
    assert.match(text, SIDE);
    const diff = /```diff\n([\s\S]*?)```/.exec(text)?.[1];
    assert.ok(diff, text);
    assert.match(diff, /^-.*sqs_managed_sse_enabled = false/m);
    assert.match(diff, /^\+.*sqs_managed_sse_enabled = true/m);
    assert.match(await hoverText(document, 'resource "aws_sqs|_queue" "orders"', /SQS/), SIDE);
    assert.match(await hoverText(document, 'sqs_managed|_sse_enabled'), SIDE);
  });

  it('is mended by the quick fix, and nothing else changes', async () => {
    const document = await open('hcl/main.tf');
    const text = document.getText();
    const { range } = await onTheValue(document);
    const fixes = (await codeActions(document, range)).filter(({ isPreferred }) => isPreferred);
    assert.equal(fixes.length, 1);
    await apply(fixes[0]!);
    assert.equal(document.getText(), text.replace('sse_enabled = false', 'sse_enabled = true'));
    await gone(document, SQS);
  });

  it('is suppressed by a comment', async () => {
    const document = await open('hcl/main.tf');
    const { range } = await onTheValue(document);
    await apply(await action(document, range, SUPPRESS));
    assert.match(document.getText(), /(?:#|\/\/) demarc-ignore sqs-encryption-disabled: /);
    assert.match(document.getText(), /sqs_managed_sse_enabled = false/);
    await gone(document, SQS);
  });

  it('follows the other files of its module, saved or not', async () => {
    const document = await open('hcl/main.tf');
    await finding(document, SQS);
    assert.deepEqual(findings(document, EBS), []);
    const variables = await open('hcl/variables.tf');
    await change(variables, 'default = true', 'default = false');
    const { range, relatedInformation } = await finding(document, EBS);
    assert.equal(document.getText(range), 'var.encrypt');
    assert.deepEqual(
      relatedInformation?.map(({ location: { uri } }) => uri.toString()),
      [variables.uri.toString()],
    );
    await change(variables, 'default = false', 'default = true');
    await gone(document, EBS);
  });

  it('has a map', async () => {
    await finding(await open('hcl/main.tf'), SQS);
    await vscode.commands.executeCommand('demarc.showMap');
    await until('a map of main.tf', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(({ input, label }) => input instanceof vscode.TabInputWebview && label.includes('main.tf')),
    );
  });
});

describe('values of variables', () => {
  /** One for each test: what happens in a folder that is deleted and made again at once, watchers may not tell. */
  let name = '';
  let count = 0;
  beforeEach(() => {
    name = `values${++count}`;
  });
  const folder = () => {
    const [first] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(first);
    return vscode.Uri.joinPath(first.uri, name);
  };
  const write = (file: string, text: string) =>
    vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder(), file), new TextEncoder().encode(text));

  afterEach(async () => {
    await closeAll();
    await vscode.workspace.fs.delete(folder(), { recursive: true }).then(undefined, () => {});
  });

  it('in an open terraform.tfvars count as they are typed', async () => {
    await write('terraform.tfvars', 'encrypt = true\n');
    await write(
      'main.tf',
      'variable "encrypt" {}\n\nresource "aws_sqs_queue" "q" {\n  sqs_managed_sse_enabled = var.encrypt\n}\n',
    );
    const main = await open(`${name}/main.tf`);
    const values = await open(`${name}/terraform.tfvars`);
    assert.equal(values.languageId, 'terraform-vars');
    await change(values, 'true', 'false');
    await finding(main, SQS);
    await change(values, 'false', 'true');
    await gone(main, SQS);
  });

  it('count that nobody has opened', async () => {
    await write('terraform.tfvars', 'encrypt = false\n');
    await write(
      'main.tf',
      'variable "encrypt" {}\n\nresource "aws_sqs_queue" "q" {\n  sqs_managed_sse_enabled = var.encrypt\n}\n',
    );
    const { relatedInformation } = await finding(await open(`${name}/main.tf`), SQS);
    assert.deepEqual(
      relatedInformation?.map(({ location: { uri } }) => uri.path.split('/').pop()),
      ['terraform.tfvars'],
    );
  });
});
