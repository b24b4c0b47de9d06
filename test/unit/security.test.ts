/** The rest of SECURITY.md's table: what is shown, what a workspace may set, what the code may do; and that the table names tests that exist. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { withoutLinks } from '../../client/src/links.ts';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { mergeSettings, parseConfiguration } from '../../server/src/analysis/configuration.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { codeActions } from '../../server/src/lsp/code-actions.ts';
import { Completer } from '../../server/src/lsp/completion.ts';
import { configurationDiagnostics, diagnosticsOf } from '../../server/src/lsp/diagnostics.ts';
import { mapOf } from '../../server/src/lsp/map.ts';
import { loadIamData } from '../support/iam-data.ts';
import { demarc, folder } from './cli-support.ts';
import { documents, HOSTILE } from './injection-texts.ts';

loadIamData();

/** Characters that steer a terminal, turn a text round or are not seen. */
const DECEIVING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** A variable of snippets, such as the clipboard: a stop has a number. */
const SNIPPET_VARIABLE = /(?<!\\)(?:\\\\)*\$(?:[A-Z_]|\{[A-Za-z_])/;

/** All strings in a value, with the way to each. */
function* strings(value: unknown, way = ''): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [way, value];
  else if (value && typeof value === 'object')
    for (const [key, one] of Object.entries(value)) yield* strings(one, `${way}/${key}`);
}

describe('hostile text in the editor', () => {
  it('deceives nobody in problems, lightbulbs and the map', () => {
    let seen = 0;
    for (const hostile of HOSTILE)
      for (const { name, text } of documents(hostile)) {
        const uri = `file:///${name}`;
        const analysis = analyze([{ uri, text }], DEFAULT_SETTINGS);
        assert.ok(analysis);
        const diagnostics = diagnosticsOf(analysis, uri);
        const shown = [
          ...diagnostics.flatMap(({ message, relatedInformation = [] }) => [
            message,
            ...relatedInformation.map((one) => one.message),
          ]),
          ...mapOf(analysis, uri).resources.flatMap(({ findings }) =>
            findings.flatMap(({ message, condition = '' }) => [message, condition]),
          ),
          ...diagnostics.slice(0, 10).flatMap(({ range }) => {
            const params = { textDocument: { uri }, range, context: { diagnostics: [] } };
            return codeActions(analysis, params, () => 1).map(({ title }) => title);
          }),
        ];
        for (const one of shown.map(String)) assert.doesNotMatch(one, DECEIVING, `${name} ${JSON.stringify(hostile)}`);
        seen += shown.length;
      }
    assert.ok(seen > 5000, `${seen} texts`);
    for (const hostile of HOSTILE)
      for (const { message } of configurationDiagnostics(
        'file:///.demarc.json',
        JSON.stringify({ [hostile]: hostile }),
      ))
        assert.doesNotMatch(String(message), DECEIVING);
  });

  it('is no link in notifications and status items', () => {
    // As VS Code finds links there, and runs the commands that they name.
    const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
    const own = [
      '[a](command:workbench.action.terminal.sendSequence?x).tf',
      '[a](https://evil.example)',
      '[a]\u200b(file:x)',
    ];
    for (const text of [...HOSTILE, ...own]) assert.doesNotMatch(withoutLinks(text), link);
    assert.match(own[0] ?? '', link);
    assert.equal(withoutLinks('main.tf'), 'main.tf');
    // What is shown there is our own words, and what went through it: names in messages are counted.
    const shown = [
      'map.ts',
      'supervisor.ts',
      'commands.ts',
      'review-links.ts',
      'branch-view.ts',
      'start.ts',
      'status.ts',
    ];
    const files = sources('client/src').filter((file) =>
      /\bshow(?:Information|Warning|Error)Message\(|createLanguageStatusItem\(/.test(readFileSync(file, 'utf8')),
    );
    for (const file of files)
      assert.ok(shown.includes(file.replace('client/src/', '')), `${file}: judge what it shows`);
    assert.match(readFileSync('client/src/map.ts', 'utf8'), /cannot be opened\.', withoutLinks\(/);
    assert.match(readFileSync('client/src/supervisor.ts', 'utf8'), /const why = withoutLinks\(/);
    // The library's own notifications repeat the texts of errors.
    assert.match(readFileSync('client/src/start.ts', 'utf8'), /revealOutputChannelOn: RevealOutputChannelOn\.Never/);
  });

  it('is no variable of a snippet', () => {
    const abilities = { snippets: true, markdown: true, descriptions: true, asksAgain: true };
    let seen = 0;
    for (const hostile of ['$CLIPBOARD', '${CLIPBOARD}', '\\$CLIPBOARD', '${1|$CLIPBOARD|}', '}${TM_SELECTED_TEXT'])
      for (const { name, text } of documents(hostile)) {
        const document = TextDocument.create(`file:///${name}`, name.endsWith('yaml') ? 'yaml' : 'json', 1, text);
        for (const { index, 0: found } of text.matchAll(/"?(?:Resource|Principal|Condition)"?: ?\[?\s*"?-? ?"?/g)) {
          const position = document.positionAt(index + found.length);
          const list = new Completer().complete(document, { position }, abilities, (error) =>
            assert.fail(String(error)),
          );
          for (const { textEdit, insertTextFormat } of list?.items ?? []) {
            if (insertTextFormat !== 2) continue;
            assert.doesNotMatch(textEdit?.newText ?? '', SNIPPET_VARIABLE, `${name} ${hostile}`);
            seen++;
          }
        }
      }
    assert.ok(seen > 20, `${seen} snippets`);
    for (const one of ['$CLIPBOARD', 'a${CLIPBOARD}', '\\\\$TM']) assert.match(one, SNIPPET_VARIABLE);
    for (const one of ['\\$CLIPBOARD', '${1:x}', '$0']) assert.doesNotMatch(one, SNIPPET_VARIABLE);
  });
});

describe('names that mean something to JavaScript', () => {
  const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf', '__defineGetter__'];

  it('are names like others in configurations', () => {
    for (const name of NAMES)
      for (const text of [`{"${name}": {"polluted": true}}`, `{"rules": {"${name}": "off", "s3-cmk": "off"}}`]) {
        const { settings, problems } = parseConfiguration('file:///.demarc.json', text);
        assert.ok(problems.length, text);
        const merged = mergeSettings(DEFAULT_SETTINGS, settings);
        assert.deepEqual(Object.keys(merged.rules), text.includes('s3-cmk') ? ['s3-cmk'] : [], text);
        mergeSettings(DEFAULT_SETTINGS, JSON.parse(text));
        assert.equal(({} as Record<string, unknown>).polluted, undefined);
      }
  });

  it('are names like others in templates', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).length;
    for (const name of NAMES) {
      const properties = `{"${name}": {"polluted": true}, "SqsManagedSseEnabled": {"Fn::FindInMap": ["${name}", "${name}", "${name}"]}, "QueueName": {"Ref": "${name}"}}`;
      const template = `{"AWSTemplateFormatVersion": "2010-09-09", "Mappings": {"${name}": {"${name}": {"${name}": false}}}, "Parameters": {"p": {"Type": "${name}"}}, "Conditions": {"${name}": {"${name}": []}}, "Resources": {"${name}": {"Type": "AWS::SQS::Queue", "Condition": "${name}", "Properties": ${properties}}, "Other": {"Type": "${name}", "Properties": {}}}}`;
      const configuration = `{"variable": {"${name}": {"default": {"${name}": false}}}, "locals": {"${name}": "\${${name}()}"}, "resource": {"${name}": {"${name}": {}}, "aws_sqs_queue": {"${name}": {"sqs_managed_sse_enabled": "\${var.${name}.${name}}", "name": "\${local.${name}}"}}}}`;
      const policy = `{"Version": "2012-10-17", "Statement": [{"Effect": "${name}", "Principal": {"${name}": "*"}, "Action": ["${name}:*", "s3:${name}"], "Resource": "*", "Condition": {"${name}": {"${name}": "${name}"}}}]}`;
      for (const [file, text] of [
        ['t.json', template],
        ['main.tf.json', configuration],
        ['policy.json', policy],
      ] as const) {
        const failed: string[] = [];
        const analysis = analyze([{ uri: `file:///${file}`, text }], DEFAULT_SETTINGS, {
          onError: (rule, error) => failed.push(`${rule}: ${error}`),
        });
        assert.ok(analysis, `${file} ${name}`);
        assert.deepEqual(failed, [], `${file} ${name}`);
        // An inherited function is nobody's value.
        for (const [way, one] of strings(analysis.findings.map(({ finding }) => finding.message)))
          assert.doesNotMatch(one, /native code|\[object /, `${file} ${name} ${way}`);
      }
    }
    assert.equal(Object.getOwnPropertyNames(Object.prototype).length, before);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });
});

describe('secrets', () => {
  it('are not repeated by reports for machines, nor by comments', () => {
    const secret = 'Zx9-correcthorse-4711';
    const cwd = folder({
      'a.yaml': `Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUsername: admin\n      MasterUserPassword: ${secret}\n`,
      'tf/main.tf':
        'variable "password" {\n  type = string\n}\n\nresource "aws_db_instance" "db" {\n  username = "root"\n  password = var.password\n}\n',
      'tf/secret.auto.tfvars': `password = "${secret}"\n`,
    });
    for (const format of ['json', 'sarif', 'markdown', 'github']) {
      const { stdout, stderr } = demarc(cwd, ['lint', '.', '--tier', 'all', '--format', format]);
      assert.match(stdout, /rds-master-password-literal/, format);
      assert.ok(!(stdout + stderr).includes(secret), format);
    }
  });
});

interface Manifest {
  readonly main: string;
  readonly dependencies?: object;
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: boolean } };
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
    readonly [point: string]: unknown;
  };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

function sources(root: string): string[] {
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    const path = `${root}/${entry.name}`;
    return entry.isDirectory() ? sources(path) : /\.ts$/.test(path) ? [path] : [];
  });
}

describe('names', () => {
  it('of a ref are given to Git where they can be no option', () => {
    // The function itself needs an editor: its expression is read.
    const [, pattern = ''] =
      /return \/(\^.*\$)\/\.test\(name\) && !name\.includes\('\.\.'\)/.exec(
        readFileSync('client/src/git.ts', 'utf8'),
      ) ?? [];
    const isRef = new RegExp(pattern);
    for (const good of ['main', 'origin/main', 'feature/a-b', 'v1.0']) assert.ok(isRef.test(good), good);
    for (const bad of ['', '-x', '--output=x', 'a b', 'a\n', 'a:b', 'HEAD^{/x*}', 'a\u0000b', 'x'.repeat(300)])
      assert.ok(!isRef.test(bad), bad);
  });
});

describe('the extension', () => {
  it('has no setting that names a program, a path to read or an address', () => {
    // A workspace may set each of these: a new one is judged in SECURITY.md first.
    assert.deepEqual(Object.keys(manifest.contributes.configuration.properties).sort(), [
      'demarc.codeLens.enable',
      'demarc.enable',
      'demarc.exclude',
      'demarc.review.baseBranch',
      'demarc.review.schemes',
      'demarc.rules',
      'demarc.tier',
      'demarc.trace.server',
    ]);
    for (const point of [
      'debuggers',
      'taskDefinitions',
      'terminal',
      'authentication',
      'customEditors',
      'mcpServerDefinitionProviders',
    ])
      assert.equal(manifest.contributes[point], undefined, point);
  });

  it('opens no connection, starts no program but git for --since, and runs no text but the name of V8’s collector', () => {
    const wanted: Readonly<Record<string, RegExp>> = {
      'server/src/cli/git.ts': /child_process/,
      'server/src/heap.ts': /node:vm/,
    };
    const risky =
      /\bfrom '(?:node:)?(?:https?|http2|net|tls|dns|dgram|vm|inspector|child_process)(?:\/\w+)?'|\beval\(|\bnew Function\b|\bXMLHttpRequest\(|\bnew WebSocket\(|(?<![.\w] ?)fetch\(['"`\w]|\bopenExternal\(|\bcreateTerminal\(|\bShellExecution\b|\binnerHTML\b/g;
    const files = [...sources('server/src'), ...sources('client/src')];
    assert.ok(files.length > 300);
    for (const file of files) {
      // Types are gone when it runs.
      const text = readFileSync(file, 'utf8').replace(/^import type .*$/gm, '');
      for (const [found] of text.matchAll(risky)) assert.match(found, wanted[file] ?? /^$/, file);
    }
    assert.match(readFileSync('server/src/cli/git.ts', 'utf8'), risky);
    const heap = readFileSync('server/src/heap.ts', 'utf8');
    assert.deepEqual(heap.match(/^import .*node:vm.*$/gm), ["import { runInNewContext } from 'node:vm';"]);
    assert.deepEqual(heap.match(/runInNewContext\(.*?\)/g), ["runInNewContext('gc')"]);
  });

  it('runs its server in its own folder, not in that of the workspace', () => {
    const text = readFileSync('client/src/extension.ts', 'utf8');
    assert.match(text, /const cwd = context\.extensionPath;/);
    const launches = text.match(/\bmodule, transport: .*/g) ?? [];
    assert.equal(launches.length, 2);
    for (const launch of launches) assert.match(launch, /options: \{ cwd\b/);
  });

  it('has regular expressions of its own only', () => {
    for (const file of [...sources('server/src'), ...sources('client/src')])
      for (const [found] of readFileSync(file, 'utf8').matchAll(/\bRegExp\(.*/g))
        assert.match(found, /^RegExp\(`\^\$\{AREA\}-\$\{DIRECTION\}-\[1-9\]\$`\);$/, file);
  });

  it('lets the page of the map load its script and its style, and nothing else', () => {
    const text = sources('client/src')
      .map((file) => readFileSync(file, 'utf8'))
      .filter((one) => one.includes('<!DOCTYPE'));
    assert.equal(text.length, 1, 'there is one page');
    const [page = ''] = text;
    assert.match(page, /`default-src 'none'; style-src \$\{webview\.cspSource\}; script-src 'nonce-\$\{nonce\}'`/);
    assert.match(page, /<meta http-equiv="Content-Security-Policy" content="\$\{policy\}">/);
    assert.match(page, /getRandomValues\(new Uint8Array\(16\)\)/);
    assert.match(page, /localResourceRoots: \[dist\]/);
    // All that is put into the page.
    const html = page.slice(page.indexOf('<!DOCTYPE'), page.indexOf('</html>'));
    assert.deepEqual([...new Set([...html.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1]))].sort(), [
      "file('map.css')",
      "file('map.js')",
      'language',
      'nonce',
      'policy',
    ]);
  });
});

/** Rows of a table of SECURITY.md: the tests in the last column, as `file`: "name". */
function namedTests(markdown: string): { readonly file: string; readonly name: string }[] {
  return [...markdown.matchAll(/`(test\/[\w/.-]+)`: “([^”]+)”/g)].map(([, file = '', name = '']) => ({ file, name }));
}

describe('SECURITY.md', () => {
  const text = readFileSync('SECURITY.md', 'utf8');
  const [, threats = ''] = text.split('\n## Threats, defences, tests\n');
  const [table = ''] = threats.split('\n## ');
  const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| what comes in'));

  it('names a test in every row of the threat table', () => {
    assert.ok(rows.length > 30, `${rows.length} rows`);
    for (const row of rows) {
      assert.equal(row.split(' | ').length, 4, row);
      assert.ok(namedTests(row).length, row);
    }
  });

  it('names tests that exist, and code that exists', () => {
    const named = namedTests(text);
    assert.equal(named.length, text.match(/`test\//g)?.length, 'each test has file and name');
    for (const { file, name } of named) {
      const code = readFileSync(join(process.cwd(), file), 'utf8');
      // A name that is made of data has its unchanging part here.
      const quoted = ["'", '"', '`'].some((quote) =>
        new RegExp(`\\b(?:it|test|describe)\\(${quote}${escaped(name)}`).test(code),
      );
      assert.ok(quoted, `${file}: ${name}`);
    }
    for (const [, file = ''] of text.matchAll(/`((?:server|client|scripts)\/[\w/.-]+)`/g)) readFileSync(file);
  });

  it('is in the package, and linked from the README', () => {
    assert.match(readFileSync('.vscodeignore', 'utf8'), /^!SECURITY\.md$/m);
    assert.match(readFileSync('README.md', 'utf8'), /\]\(SECURITY\.md\)/);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
