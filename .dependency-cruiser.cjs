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
  to: { path: `${folder(LAYERS.slice(index + 1).flat())}|^client/|^server/src/server\\.ts` },
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
      from: { path: '^server/src/', pathNot: '^server/src/(lsp/|server\\.ts)' },
      to: { path: 'vscode-languageserver' },
    },
    {
      name: 'pure-below-the-edges',
      comment: 'Strings in, values out: no file, process or clock below cli/, lsp/ and the Node entry.',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '^server/src/(cli/|server\\.ts)' },
      to: { dependencyTypes: ['core'] },
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
