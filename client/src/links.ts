/** Command links in Markdown. */

/** The href of a link that runs a command. The arguments are encoded, so that nothing in them can end the link. */
export function commandLink(command: string, ...parameters: readonly unknown[]): string {
  const encoded = encodeURIComponent(JSON.stringify(parameters)).replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'));
  return `command:${command}?${encoded}`;
}
