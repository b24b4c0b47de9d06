/** Which documents the extension looks at. What they are is decided by their content, in the server. */

import * as vscode from 'vscode';

/**
 * VS Code's own ids, and the ids that other extensions give to CloudFormation and Terraform: AWS Toolkit and CloudFormation Lens
 * (`cloudformation`, `template`), CloudFormation IDE Tooling (`cloudFormation`, `yamlCloudFormation`; ids are case-sensitive),
 * HashiCorp Terraform (`terraform`, `terraform-vars`), OpenTofu (`opentofu`, `opentofu-vars`).
 */
const LANGUAGES = [
  'json',
  'jsonc',
  'yaml',
  'terraform',
  'terraform-vars',
  'opentofu',
  'opentofu-vars',
  'cloudformation',
  'cloudFormation',
  'yamlCloudFormation',
  'template',
];

/** Terraform's files, whatever language they are taken for: `hcl`, or plain text. */
const TERRAFORM_FILES = '**/*.{tf,tofu,tf.json,tofu.json,tfvars,tfvars.json}';

/** Documents that a person edits, rather than looks at. */
const EDITABLE = ['file', 'untitled', 'vscode-remote', 'vscode-vfs'];

const SETTING = 'demarc.review.schemes';

/** A document that the extension looks at: a language or a name, in a scheme. */
export type Filter =
  | { readonly scheme: string; readonly language: string }
  | { readonly scheme: string; readonly pattern: string };

/** Schemes of documents that are edited where they are shown; a folder of the workspace may be of any. */
function editableSchemes(): readonly string[] {
  return [...EDITABLE, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme)];
}

/** Whether a document of this scheme is edited where it is shown; all others are a side of a review. */
export function isEditable(scheme: string): boolean {
  return editableSchemes().includes(scheme);
}

/** Schemes of documents that are looked at in a review, as the settings have them. */
function reviewSchemes(): readonly string[] {
  const schemes: unknown = vscode.workspace.getConfiguration().get(SETTING);
  if (!Array.isArray(schemes)) return [];
  const named = schemes.filter((one): one is string => typeof one === 'string' && /^[a-z][a-z\d+.-]{0,60}$/i.test(one));
  return [...new Set(named)].filter((scheme) => !isEditable(scheme));
}

/** All documents that the extension looks at, as the settings are now. */
export function selector(): Filter[] {
  const schemes = new Set([...editableSchemes(), ...reviewSchemes()]);
  return [...schemes].flatMap((scheme) => [
    ...LANGUAGES.map((language) => ({ scheme, language })),
    { scheme, pattern: TERRAFORM_FILES },
  ]);
}

/** Calls when {@link selector} gives something new. */
export function onDidChangeSelector(changed: () => void): vscode.Disposable {
  const state = () => JSON.stringify(selector());
  let last = state();
  const look = () => {
    const now = state();
    if (now === last) return;
    last = now;
    changed();
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SETTING)) look();
    }),
    // A folder may be of a scheme that no other is of.
    vscode.workspace.onDidChangeWorkspaceFolders(look),
  );
}

/** Registers something for {@link selector}, and again when that changes. */
export function withSelector(register: (filters: Filter[]) => vscode.Disposable): vscode.Disposable {
  let registered = register(selector());
  const listener = onDidChangeSelector(() => {
    registered.dispose();
    registered = register(selector());
  });
  return { dispose: () => vscode.Disposable.from(listener, registered).dispose() };
}
