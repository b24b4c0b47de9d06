/** Hosts the hovers: the server says what there is to say, the client shows it with icons and a few allowed commands. */

import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { renderHover } from '../../server/src/lsp/hover-markdown.ts';
import { HOVER_REQUEST, type HoverModel, type HoverParams } from '../../server/src/lsp/protocol.ts';
import { COMMANDS } from './commands.ts';
import { withSelector } from './languages.ts';
import { commandLink } from './links.ts';
import { diffSideOf } from './review.ts';
import { fixLinks, REVIEW_COMMANDS } from './review-links.ts';
import { isLost } from './supervisor.ts';

/** The only commands that a hover's links may run. */
const ALLOWED = [
  COMMANDS.explainRule,
  COMMANDS.explainService,
  REVIEW_COMMANDS.copyFix,
  REVIEW_COMMANDS.openWorkingFile,
];

function hoverMarkdown(model: HoverModel, document: vscode.TextDocument): vscode.MarkdownString {
  const text = renderHover(model, {
    icons: true,
    explainLink: (ruleId) => commandLink(COMMANDS.explainRule, ruleId),
    serviceLink: (serviceId) => commandLink(COMMANDS.explainService, serviceId),
    fixLinks: fixLinks(document, model.range.start.line),
  });
  const markdown = new vscode.MarkdownString(text, true);
  markdown.isTrusted = { enabledCommands: ALLOWED };
  markdown.supportHtml = false;
  return markdown;
}

export function registerHover(client: BaseLanguageClient): vscode.Disposable {
  // The renderer belongs to the server's side, where the editor's own l10n is not to be had.
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const provider: vscode.HoverProvider = {
    async provideHover(document, position, token) {
      if (!client.isRunning()) return undefined;
      const params: HoverParams = {
        ...client.code2ProtocolConverter.asTextDocumentPositionParams(document, position),
        diff: diffSideOf(client, document.uri),
      };
      const model = await client
        .sendRequest<HoverModel | null>(HOVER_REQUEST, params, token)
        .catch((error: unknown) => {
          if (isLost(error) || token.isCancellationRequested) return null;
          throw error;
        });
      return model
        ? new vscode.Hover(hoverMarkdown(model, document), client.protocol2CodeConverter.asRange(model.range))
        : undefined;
    },
  };
  return withSelector((filters) => vscode.languages.registerHoverProvider(filters, provider));
}
