/**
 * Nothing that a template says is more than text, wherever it is shown: what is rendered is read by a real Markdown parser (CommonMark,
 * GitHub's tables and bare links), and holds no link, image, HTML, heading or fence but our own.
 */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { commandLink } from '../../client/src/links.ts';
import { modelOf, NO_FILTERS } from '../../client/src/map/model.ts';
import { cleanKey, factsKey, render } from '../../client/src/map/render.ts';
import type { VNode } from '../../client/src/map/vnode.ts';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import {
  codeBlock,
  codeSpan,
  commentText,
  escapeLine,
  escapeMarkdown,
  harmless,
} from '../../server/src/analysis/markdown.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { Configurations } from '../../server/src/cli/config.ts';
import { lint } from '../../server/src/cli/lint.ts';
import { githubReport } from '../../server/src/cli/report/github.ts';
import { jsonReport } from '../../server/src/cli/report/json.ts';
import { markdownReport } from '../../server/src/cli/report/markdown.ts';
import { prettyReport } from '../../server/src/cli/report/pretty.ts';
import { sarifReport } from '../../server/src/cli/report/sarif.ts';
import type { Result } from '../../server/src/cli/result.ts';
import { Completer } from '../../server/src/lsp/completion.ts';
import { explain } from '../../server/src/lsp/explain.ts';
import { hoverAt } from '../../server/src/lsp/hover.ts';
import { type RenderOptions, renderHover } from '../../server/src/lsp/hover-markdown.ts';
import { mapOf } from '../../server/src/lsp/map.ts';
import { SERVICES } from '../../server/src/responsibility/services.ts';
import { RULES, ruleById } from '../../server/src/rules/index.ts';
import { loadIamData } from '../support/iam-data.ts';
import { documents, HOSTILE, MARK } from './injection-texts.ts';
import { STRINGS } from './map-support.ts';

loadIamData();

interface Token {
  readonly type: string;
  readonly content: string;
  readonly info: string;
  readonly markup: string;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
}
interface Parser {
  parse(text: string, env: object): readonly Token[];
}
const load = createRequire(join(process.cwd(), 'package.json'));
const parser: Parser = new (load('markdown-it') as new (options: object) => Parser)({ html: true, linkify: true });

/** Addresses of our own. */
const PAGES = new Set(RULES.flatMap((rule) => rule.references.map(({ url }) => url)));
/** What the report writes as HTML: each block whole. */
const REPORT_HTML =
  /^(?:<details>\n<summary>(?:[A-Za-z][A-Za-z ]*|Fix \([a-z ]+\)|[A-Za-z ]+ \(\d+\))<\/summary>|<\/details>)$/;
const REPORT_HEADINGS = [
  'Introduced by this change',
  'The line moved',
  'Fixed by this change',
  'Could not be read whole',
];

interface Allowed {
  readonly html?: RegExp;
  readonly headings?: readonly string[];
  readonly fences: readonly string[];
  readonly link: (href: string) => boolean;
}

const HOVER: Allowed = {
  fences: ['diff'],
  link: (href) => {
    if (PAGES.has(href)) return true;
    const [, command, parameters = '[]'] = /^command:demarc\.(\w+)\?([^()\s"<>]*)$/.exec(href) ?? [];
    const [first, ...rest] = JSON.parse(decodeURIComponent(parameters)) as unknown[];
    if (command === 'explainRule') return ruleById(String(first)) !== undefined && !rest.length;
    if (command === 'explainService') return Object.hasOwn(SERVICES, String(first)) && !rest.length;
    // What is copied is the fix, whatever it holds.
    return command === 'copyFix' && typeof first === 'string' && !rest.length;
  },
};
const REPORT: Allowed = {
  html: REPORT_HTML,
  headings: REPORT_HEADINGS,
  fences: ['diff'],
  link: (href) => PAGES.has(href),
};
const TEXT: Allowed = { fences: [], link: () => false };

interface Seen {
  /** All that a reader sees. */
  readonly text: string;
  /** Of it, what is neither code nor a link. */
  readonly prose: string;
}

/** Checks that Markdown holds nothing that is not allowed. */
function read(markdown: string, allowed: Allowed, where: string): Seen {
  const tokens = parser.parse(markdown, {});
  const seen: string[] = [];
  const prose: string[] = [];
  let heading = false;
  let link = false;
  let last = '';
  const visit = (token: Token) => {
    const say = `${where}: ${token.type} ${JSON.stringify(token.content || token.attrGet('href'))} in\n${markdown}`;
    switch (token.type) {
      case 'link_open':
        assert.notEqual(token.markup, 'linkify', say);
        assert.notEqual(token.markup, 'autolink', say);
        assert.ok(allowed.link(token.attrGet('href') ?? ''), say);
        link = true;
        return;
      case 'link_close':
        link = false;
        return;
      case 'html_block':
        assert.match(token.content.trim(), allowed.html ?? /^$/, say);
        return;
      case 'heading_open':
        heading = true;
        return;
      case 'heading_close':
        heading = false;
        return;
      case 'inline':
        if (heading) assert.ok(allowed.headings?.includes(token.content), say);
        for (const child of token.children ?? []) {
          visit(child);
          last = child.type;
        }
        seen.push('\n');
        prose.push('\n');
        return;
      case 'fence':
        assert.ok(allowed.fences.includes(token.info), say);
        seen.push(token.content);
        return;
      case 'text':
        // Emphasis around nothing but the mark is none of ours.
        if (/^(?:em|strong)_open$/.test(last)) assert.notEqual(token.content, MARK, say);
        seen.push(token.content);
        if (!link) prose.push(token.content);
        return;
      case 'code_inline':
        seen.push(token.content);
        prose.push(' code ');
        return;
      case 'softbreak':
        seen.push(' ');
        prose.push(' ');
        return;
      default:
        assert.match(
          token.type,
          /^(?:text_special|(?:paragraph|bullet_list|list_item|strong|em)_(?:open|close)|hr)$/,
          say,
        );
    }
  };
  tokens.forEach(visit);
  return { text: seen.join(''), prose: prose.join('') };
}

const ICON = /(\\)?\$\(([a-z0-9-]+(?:~[a-z]+)?)\)/gi;
const OWN_ICONS =
  /^(?:account|organization|cloud|arrow-swap|bell-slash|lightbulb|diff-added|diff-removed|pass|history|shield|book|file|go-to-file|copy)$/;

/** As VS Code does it: it looks for icons in what was rendered, where escapes are gone, entities are not, and code is no exception. */
function checkIcons(markdown: string, where: string): void {
  const inline = markdown.replace(/^ *(`{3,})\w*\n[\s\S]*?\n *\1$/gm, '');
  const rendered = inline.replace(/\\([!-/:-@[-`{-~])/g, '$1');
  for (const [, escaped, name = ''] of rendered.matchAll(ICON))
    if (!escaped) assert.match(name, OWN_ICONS, `${where}\n${markdown}`);
  for (const [, , name = ''] of inline.matchAll(ICON)) assert.match(name, OWN_ICONS, `${where}\n${markdown}`);
}

const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();

const CLIENT: RenderOptions = {
  icons: true,
  explainLink: (ruleId) => commandLink('demarc.explainRule', ruleId),
  serviceLink: (serviceId) => commandLink('demarc.explainService', serviceId),
  fixLinks: ({ fix }) => (fix ? [`[Copy fix](${commandLink('demarc.copyFix', fix.diff)})`] : []),
};

/** Every hover of a document that differs from the others, with how it is rendered. */
function* hovers(analysis: Analysis, uri: string, text: string): Generator<string> {
  const shown = new Set<string>();
  // In each line at its last word, the value; in JSON at its first one, the key, as well.
  const places = [...text.matchAll(/^.*$/gm)].flatMap(({ index, 0: line }) => [
    ...(uri.endsWith('.json') ? [index + line.length - line.trimStart().length + 1] : []),
    index + Math.max(0, line.replace(/["',\]}\s]+$/, '').length - 1),
  ]);
  for (const place of new Set(places)) {
    const model = hoverAt(analysis, uri, place);
    const key = JSON.stringify(model);
    if (!model || shown.has(key)) continue;
    shown.add(key);
    yield renderHover(model, uri.endsWith('d.json') || uri.endsWith('c.tf.json') ? { icons: false } : CLIENT);
  }
}

describe('hostile text', () => {
  for (const [number, hostile] of HOSTILE.entries()) {
    it(`${number}: ${JSON.stringify(hostile).slice(0, 60)}`, async () => {
      let rendered = 0;
      let rows = 0;
      for (const { name, text } of documents(hostile)) {
        const where = `${name} ${JSON.stringify(hostile)}`;
        const uri = `file:///${name}`;
        const analysis = analyze([{ uri, text }], DEFAULT_SETTINGS);
        assert.ok(analysis, where);
        for (const markdown of hovers(analysis, uri, text)) {
          read(markdown, HOVER, where);
          checkIcons(markdown, where);
          rendered++;
        }
        rows += checkMap(analysis, uri, hostile, where);
        checkReports(await resultOf(name, text, hostile), where);
        checkCompletion(name, text, where);
      }
      assert.ok(rendered > 30, `${rendered} hovers`);
      assert.ok(rows > 15, `${rows} rows of the map`);
    });
  }
});

const MAP_TAGS = /^(?:header|div|h1|h2|span|p|button|input|select|option|main|ul|li)$/;
/** What may hold text of a template: names that are compared whole, and what is shown or spoken. */
const MAP_TEXTS = /^(?:data-id|title|aria-label|value)$/;

/**
 * The map, all of it opened up: text is in text, and in attributes that are nothing but text.
 * @returns how many rows of resources it has
 */
function checkMap(analysis: Analysis, uri: string, hostile: string, where: string): number {
  const content = { scope: 'active', uri, name: hostile, notes: [hostile] } as const;
  const templates = [{ ...mapOf(analysis, uri), name: hostile }];
  const model = modelOf(templates, NO_FILTERS);
  const rows = model.groups.flatMap(({ open, clean }) => [...open, ...clean]);
  const expanded = new Set([...model.groups.map(cleanKey), ...rows.map(factsKey)]);
  const state = { filters: NO_FILTERS, expanded, more: new Map() };
  let seen = 0;
  const visit = (node: VNode | string): void => {
    if (typeof node === 'string') return;
    if (node.attributes.class === 'resource') seen++;
    assert.match(node.tag, MAP_TAGS, where);
    for (const [attribute, value = ''] of Object.entries(node.attributes)) {
      assert.doesNotMatch(attribute, /^(?:on|href$|src|style$|id$)/, where);
      if (!MAP_TEXTS.test(attribute)) assert.ok(!value.includes(MARK), `${where}: ${attribute}=${value}`);
    }
    node.children.forEach(visit);
  };
  render({ ...content, templates }, model, state, STRINGS).nodes.forEach(visit);
  assert.equal(seen, rows.length, where);
  return seen;
}

/** What the command line finds in a document that lies in a folder and a file of that name. */
async function resultOf(name: string, text: string, hostile: string): Promise<Result> {
  const cwd = join(tmpdir(), 'none-of-that-name');
  const path = `${cwd}/${hostile}${name}`;
  const options = { cwd, fix: false, review: true, rules: true, today: '2026-01-01' };
  const result = await lint([], { path, text }, new Configurations(cwd, {}), options);
  assert.ok(result.findings.length, name);
  const [first] = result.findings;
  assert.ok(first);
  // As a change: one finding new, one gone, the others as before.
  return {
    ...result,
    findings: result.findings.map((one, at) => ({ ...one, change: at % 2 ? 'before' : 'introduced' })),
    comparison: { base: hostile, fixed: [first], silenced: 1 },
  };
}

function checkReports(result: Result, where: string): void {
  const { prose } = read(markdownReport(result), REPORT, where);
  const alone = { ...result, comparison: undefined, findings: result.findings.map(({ change: _, ...one }) => one) };
  read(markdownReport(alone), REPORT, where);
  // Outside of code a code host finds nothing to link: no mention, number, commit, address, formula, emoji, reference.
  const [linked = ''] =
    /.{0,30}(?:@\w|#\d|\bGH-\d|https?:\/\/|www\.|\$|(?<!:):\w+:(?!:)|\b[0-9a-f]{7,}\b|zqx\.\w|^\s*\/\w).*/im.exec(
      prose,
    ) ?? [];
  assert.equal(linked, '', where);

  for (const color of [false, true]) {
    const pretty = prettyReport(result, { color, quiet: false }).replace(color ? /\u001b\[\d+m/g : /$^/g, '');
    assert.doesNotMatch(pretty, /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/u, where);
    assert.doesNotMatch(pretty, /^\s*::|##\[|##vso\[|##teamcity\[/m, where);
  }

  for (const line of githubReport(result).trimEnd().split('\n')) {
    assert.match(
      line,
      /^(?:::(?:error|warning|notice) file=[^,:]*(?:,(?:line|endLine|col|endColumn)=\d+)*,title=[^,:]*::.*|Demarc: \d+ introduced, 1 fixed, \d+ before, 1 suppressed by this change\.)$/,
      where,
    );
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u, where);
  }

  const json = jsonReport(result, '1.0.0');
  assert.doesNotMatch(json, /^\s*::|##\[|##vso\[|[^\P{Cc}\n]/mu, where);
  const parsed = JSON.parse(json) as { findings: { resource: string }[] };
  assert.deepEqual(
    parsed.findings.map(({ resource }) => resource),
    result.findings.map(({ resource }) => resource),
    'values stay what they are',
  );

  // Rules without a finding are our own words.
  const sarif = sarifReport({ ...result, rules: [] }, '1.0.0', 1);
  assert.doesNotMatch(sarif, /^\s*::|##\[|##vso\[|[^\P{Cc}\n]/mu, where);
  const texts: string[] = [];
  const uris: string[] = [];
  JSON.parse(sarif, (key, value) => {
    if (key === 'message' && typeof value?.text === 'string') texts.push(value.text);
    if (key === 'artifactLocation') uris.push(value.uri);
    return value;
  });
  assert.ok(texts.length && uris.length);
  for (const text of texts) assert.doesNotMatch(text, /\]\(|[\p{Cc}\p{Cf}]/u, where);
  for (const uri of uris) assert.match(uri, /^[\w%.~!*'()/-]+$/, where);
}

const ABILITIES = { snippets: false, markdown: true, descriptions: true, asksAgain: false };

function checkCompletion(name: string, text: string, where: string): void {
  const document = TextDocument.create(`file:///${name}`, name.endsWith('yaml') ? 'yaml' : 'json', 1, text);
  const places = [...text.matchAll(/"?(?:Resource|Action|AWS|StringEquals)"?: ?\[?\s*"?-? ?"?/g)].slice(0, 6);
  for (const { index, 0: found } of places) {
    const completer = new Completer();
    const position = document.positionAt(index + found.length);
    const list = completer.complete(document, { position }, ABILITIES, (error) => assert.fail(String(error)));
    for (const item of (list?.items ?? []).slice(0, 40)) {
      const { documentation } = completer.resolve(item, ABILITIES);
      if (typeof documentation === 'object') read(documentation.value, TEXT, where);
    }
  }
}

describe('what makes text inert', () => {
  it('keeps each text, in each form', () => {
    for (const hostile of HOSTILE) {
      const forms = [escapeMarkdown(hostile), codeSpan(hostile), commentText(hostile, 10_000)];
      const line = escapeLine(hostile);
      assert.equal(squeezed(read(line, TEXT, line).text), squeezed(harmless(hostile)));
      checkIcons(line, line);
      for (const [at, form] of forms.entries()) {
        // At the beginning of a line, in a list, after text, in bold.
        for (const markdown of [form, `- ${form}`, `x ${form} x`, `**${form}**`]) {
          const { text } = read(markdown, TEXT, JSON.stringify(hostile));
          if (at !== 2 && !markdown.startsWith('**'))
            assert.ok(squeezed(text.replaceAll('$ (', '$(')).includes(squeezed(harmless(hostile))), markdown);
          checkIcons(markdown, markdown);
        }
      }
      read(codeBlock('diff', `-${hostile}\n+${hostile}`), { ...TEXT, fences: ['diff'] }, hostile);
    }
  });

  it('leaves prose as it is', () => {
    const prose = 'Anyone can read the bucket: it is public, and "private" would do (see 2 others).';
    assert.equal(commentText(prose), prose);
    assert.equal(
      commentText('Allows s3:Get* on "arn:aws:s3:::x/*", to @all'),
      'Allows `s3:Get*` on "`arn:aws:s3:::x/*`", to `@all`',
    );
    assert.equal(codeSpan(''), '');
    assert.ok(commentText('x '.repeat(500)).length < 1100);
  });

  it('would be missed: the parser does find what is not escaped', () => {
    for (const markdown of [
      '[a](https://evil.example)',
      'https://evil.example',
      '<b>a</b>',
      '# a',
      '![a](b)',
      '```js\n```',
      '| a |\n|---|',
    ])
      assert.throws(() => read(markdown, TEXT, ''), assert.AssertionError, markdown);
    assert.throws(() => checkIcons('\\$\\(trash\\)', ''), assert.AssertionError);
  });
});

describe('a rule’s page', () => {
  it('is our own words, and an unknown name has none', () => {
    for (const hostile of HOSTILE) assert.equal(explain(hostile), undefined);
    for (const rule of RULES) {
      const markdown = explain(rule.id)?.markdown ?? '';
      assert.ok(markdown);
      const inside = parser.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
      for (const token of inside) {
        assert.doesNotMatch(token.type, /^(?:html|image)/, rule.id);
        if (token.type === 'link_open' && token.markup !== 'linkify')
          assert.match(token.attrGet('href') ?? '', /^https:\/\//, rule.id);
      }
    }
  });
});
