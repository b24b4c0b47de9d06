/** Links that run a command: those that are wanted, and those that are not. */

import { harmless } from '../../server/src/analysis/markdown.ts';

/** The href of a link that runs a command. The arguments are encoded, so that nothing in them can end the link. */
export function commandLink(command: string, ...parameters: readonly unknown[]): string {
  const encoded = encodeURIComponent(JSON.stringify(parameters)).replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'));
  return `command:${command}?${encoded}`;
}

/**
 * A text of others for a notification or a status item: there VS Code makes a link of `[title](command:…)`, and runs what it names
 * (`parseLinkedText` in VS Code's src/vs/base/common/linkedText.ts).
 */
export function withoutLinks(text: string): string {
  return harmless(text).replaceAll('](', '] (');
}
