/** Hosts the hovers: the server says what there is to say, the client shows it with icons and a few allowed commands. */

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { renderHover } from '../../server/src/lsp/hover-markdown.ts';
import { HOVER_REQUEST, type HoverModel } from '../../server/src/lsp/protocol.ts';
import { COMMANDS } from './commands.ts';
import { SELECTOR } from './languages.ts';

/** The only commands that a hover's links may run. */
const ALLOWED = [COMMANDS.explainRule];

/** A command link for Markdown. The argument is encoded, so that nothing in it can end the link. */
function commandLink(command: string, argument: unknown): string {
  const encoded = encodeURIComponent(JSON.stringify([argument])).replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'));
  return `command:${command}?${encoded}`;
}

function hoverMarkdown(model: HoverModel): vscode.MarkdownString {
  const text = renderHover(model, { icons: true, explainLink: (ruleId) => commandLink(COMMANDS.explainRule, ruleId) });
  const markdown = new vscode.MarkdownString(text, true);
  markdown.isTrusted = { enabledCommands: ALLOWED };
  markdown.supportHtml = false;
  return markdown;
}

export function registerHover(client: LanguageClient): vscode.Disposable {
  return vscode.languages.registerHoverProvider(SELECTOR as vscode.DocumentSelector, {
    async provideHover(document, position, token) {
      if (!client.isRunning()) return undefined;
      const params = client.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
      const model = await client.sendRequest<HoverModel | null>(HOVER_REQUEST, params, token);
      return model
        ? new vscode.Hover(hoverMarkdown(model), client.protocol2CodeConverter.asRange(model.range))
        : undefined;
    },
  });
}
