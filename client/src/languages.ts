/** Which documents the extension looks at. What they are is decided by their content, in the server. */

import type { DocumentFilter } from 'vscode-languageclient/node';

/**
 * VS Code's own ids, and the ids that other extensions give to CloudFormation and Terraform: AWS Toolkit and CloudFormation Lens
 * (`cloudformation`, `template`), CloudFormation IDE Tooling (`cloudFormation`, `yamlCloudFormation`; ids are case-sensitive).
 */
const LANGUAGES = [
  'json',
  'jsonc',
  'yaml',
  'terraform',
  'cloudformation',
  'cloudFormation',
  'yamlCloudFormation',
  'template',
];
/** `git` is the other side of a diff: hovers only, see diagnostics middleware. */
const SCHEMES = ['file', 'untitled', 'vscode-remote', 'vscode-vfs', 'git'];

export const SELECTOR: DocumentFilter[] = LANGUAGES.flatMap((language) =>
  SCHEMES.map((scheme) => ({ language, scheme })),
);

/** The server's own file-independent schemes: documents that a person edits, rather than looks at. */
export function isEditable(scheme: string): boolean {
  return scheme !== 'git';
}
