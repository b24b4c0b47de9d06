/** Layers point one way: syntax ← template ← {cloudformation, terraform, iam} ← {responsibility, rules} ← analysis ← {lsp, cli} ← client. */
const LAYERS = [
  ['syntax'],
  ['template'],
  ['cloudformation', 'terraform', 'iam'],
  ['responsibility', 'rules'],
  ['analysis'],
  ['lsp', 'cli'],
];
const folder = (names) => `^server/src/(${names.join('|')})/`;

const upward = LAYERS.slice(0, -1).map((names, index) => ({
  name: `${names.join('-')}-looks-down-only`,
  severity: 'error',
  from: { path: folder(names) },
  to: { path: `${folder(LAYERS.slice(index + 1).flat())}|^client/|^server/src/server(\\.web)?\\.ts` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'dialects-know-their-own',
      comment: 'CloudFormation and Terraform know nothing of each other; what both need is in template/ or iam/.',
      severity: 'error',
      from: { path: '^server/src/(cloudformation|terraform)/' },
      to: { path: '^server/src/(cloudformation|terraform)/', pathNot: '^server/src/$1/' },
    },
    {
      name: 'cli-and-lsp-apart',
      severity: 'error',
      from: { path: '^server/src/(lsp|cli)/' },
      to: { path: '^server/src/(lsp|cli)/', pathNot: '^server/src/$1/' },
    },
    {
      name: 'only-client-imports-vscode',
      severity: 'error',
      from: { pathNot: '^(client|test)/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'only-lsp-knows-the-protocol',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '^server/src/(lsp/|(server(\\.web)?|stdio)\\.ts)' },
      to: { path: 'vscode-languageserver' },
    },
    {
      name: 'pure-below-the-edges',
      comment:
        'Strings in, values out: no file or process but in cli/, the Node entry and what only that knows of its machine; lsp/ runs in a browser, too.',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '^server/src/(cli/|(server|heap|stdio|strangers)\\.ts)' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'client-runs-in-a-browser',
      comment: 'What desktop and browser share knows nothing of Node.',
      severity: 'error',
      from: { path: '^client/src/', pathNot: '^client/src/extension\\.ts' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'entries-know-their-host',
      severity: 'error',
      from: { path: '^(client|server)/src/', pathNot: '^(client|server)/src/(extension|server)\\.ts' },
      to: { path: 'vscode-language(client|server)/lib/node/' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
