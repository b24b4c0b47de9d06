/** What a hover shows is data: nothing in it becomes markup, and nothing in it is endless. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { codeSpan, escapeMarkdown } from '../../server/src/analysis/markdown.ts';
import { shortDiff } from '../../server/src/analysis/present.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { codeActions } from '../../server/src/lsp/code-actions.ts';
import { hoverAt } from '../../server/src/lsp/hover.ts';
import { renderHover } from '../../server/src/lsp/hover-markdown.ts';
import type { HoverModel } from '../../server/src/lsp/protocol.ts';

const EVIL = '[x](command:evil) <img src=x> $(flame) https://evil.example me@evil.example\r# head\r\n- item\n```';

function model(text: string): HoverModel {
  return {
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
    findings: [
      {
        ruleId: 'a-rule',
        title: text,
        message: text,
        severity: 'low',
        side: 'shared',
        why: text,
        condition: text,
        description: 'Fixed words.',
        aws: [{ text, terraform: text, since: text, source: text }],
        fix: { title: text, safe: false, diff: `-${text}\n+\`\`\`\`` },
        frameworks: [text],
        references: [],
        resource: text,
        suppressed: text,
      },
    ],
    subject: { title: text, lines: [text], rules: [], aws: [{ text, terraform: text, since: text, source: text }] },
  };
}

describe('hover Markdown', () => {
  it('makes links, HTML, icons, addresses and new lines inert', () => {
    const escaped = escapeMarkdown(EVIL);
    assert.doesNotMatch(escaped, /[\r\n]/);
    assert.doesNotMatch(escaped, /(?<!\\)[[\](<>$:@`#*_]/);
  });

  it('tells three findings at one place briefly, each with its side and fix', () => {
    const { range, findings } = model('said');
    const long = renderHover({ range, findings: [...findings, ...findings] }, { icons: false });
    const brief = renderHover({ range, findings: [...findings, ...findings, ...findings] }, { icons: false });
    assert.match(long, /Fixed words\./);
    assert.doesNotMatch(brief, /Fixed words\.|Related/);
    assert.equal(brief.match(/\*\*Shared\*\*/g)?.length, 3);
    assert.equal(brief.match(/\*\*Fix:\*\*/g)?.length, 3);
  });

  it('keeps any text within its code span', () => {
    for (const text of ['a`b', '``', '`', 'a\r`b', EVIL]) {
      const span = codeSpan(text);
      assert.doesNotMatch(span, /[\r\n]/);
      const [fence = ''] = /^`+/.exec(span) ?? [];
      const inner = span.slice(fence.length, -fence.length);
      assert.ok(span.endsWith(fence) && !inner.split(/[^`]/).includes(fence), span);
    }
  });

  it('renders hostile text as text, in both renderings', () => {
    for (const icons of [true, false]) {
      const text = renderHover(model(EVIL), { icons, explainLink: icons ? (id) => `command:x?${id}` : undefined });
      // Code is shown as it is; what is left must hold no markup of the text.
      const rest = text
        .replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '')
        .replace(/(?<!\\|`)(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
      assert.doesNotMatch(rest, /(?<!\\)\]\(command:evil|(?<!\\)<img|(?<!\\)\$\(flame|https:\/\/evil|^# head|^- item/m);
    }
  });

  it('is the same text without marks where an editor shows plain text', () => {
    const of = (text: string) => renderHover(model(text), { icons: false, plain: true });
    const said = of('x').replace('+````', '+');
    assert.doesNotMatch(said, /[*`\\]|\]\(|&\w+;/);
    const words = (text: string) =>
      text
        .replace(/[^\p{L}\p{N}\s]/gu, '')
        .split(/\s+/)
        .filter(Boolean);
    const marked = renderHover(model('x'), { icons: false }).replace(/^`+(?:diff)?$/gm, '');
    assert.deepEqual(words(said), words(marked));
    assert.doesNotMatch(of('a\u001b[2Jb\u202ec\r\nd'), /[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('fences the diff with more backticks than it holds', () => {
    assert.match(renderHover(model('x'), { icons: false }), /\n`{5}diff\n-x\n\+`{4}\n`{5}\n/);
  });
});

describe('short diffs', () => {
  it('cut long lines around what changed', () => {
    const line = (value: string) => `${'a'.repeat(5000)}${value}${'b'.repeat(5000)}`;
    const [minus = '', plus = ''] = shortDiff(`-${line('false')}\n+${line('true')}`).split('\n');
    assert.match(minus, /^-…a+falseb+…$/);
    assert.match(plus, /^\+…a+trueb+…$/);
    assert.ok(minus.length < 200 && plus.length < 200);
  });

  it('end early, and leave what is short as it is', () => {
    assert.equal(shortDiff(' a\n-b\n+c'), ' a\n-b\n+c');
    const long = shortDiff(Array.from({ length: 500 }, (_, i) => `+${i}`).join('\n'));
    assert.equal(long.split('\n').length, 61);
    assert.ok(long.endsWith('@@ …'));
  });
});

describe('a rule whose fix fails', () => {
  it('costs neither the hover nor the other actions', () => {
    const uri = 'file:///a.yaml';
    const text = 'Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: false\n';
    const sound = analyze([{ uri, text }], DEFAULT_SETTINGS);
    assert.ok(sound?.findings.length);
    const fixes = () => {
      throw new Error('a mistake in a rule');
    };
    const analysis = {
      ...sound,
      findings: sound.findings.map(({ finding, severity }) => ({ severity, finding: { ...finding, fixes } })),
    };
    const at = text.indexOf('false');
    const hover = hoverAt(analysis, uri, at);
    assert.equal(hover?.findings[0]?.ruleId, 'sqs-encryption-disabled');
    assert.equal(hover.findings[0].fix, undefined);
    const actions = codeActions(
      analysis,
      { textDocument: { uri }, range: hover.range, context: { diagnostics: [] } },
      () => 1,
    );
    assert.deepEqual(
      actions.map((action) => action.title.split(' ')[0]),
      ['Suppress', 'Suppress'],
    );
  });
});
