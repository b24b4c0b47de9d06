/** Which Terraform modules are compared together where a branch changes one of them. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ChangedFile, moduleFolders, plan } from '../../client/src/branch-changes.ts';
import { moduleTrees } from '../../client/src/branch-modules.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { compareTexts } from '../../server/src/lsp/compare.ts';

type Files = Readonly<Record<string, string>>;

const call = (source: string, argument = '') => `module "m" {\n  source = "${source}"\n${argument}}\n`;
const QUEUE = `variable "encrypt" {}

resource "aws_sqs_queue" "q" {
  sqs_managed_sse_enabled = var.encrypt
}
`;

/** The trees of the folders in which something changed, over files by their paths. */
function treesOf(changed: readonly ChangedFile[], files: Files) {
  return moduleTrees(moduleFolders(changed), {
    list: async (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1).split('/')[0] as string),
    read: async (path) => files[path],
    holds: (folder) => folder === '/r' || folder.startsWith('/r/'),
  });
}

const edited = (path: string): ChangedFile => ({ before: path, after: path });

/** The texts of the head of each template: path, and the folder of a module that is called. */
async function heads(changed: readonly ChangedFile[], files: Files) {
  const { siblings, tree } = await treesOf(changed, files);
  return plan(changed, siblings, tree).map(({ head }) =>
    head.map(({ path, folder }) => (folder === undefined ? path : `${path} as ${folder}`)),
  );
}

describe('modules of a branch', () => {
  it('are judged with the module that calls them, and with all below that', async () => {
    const files = {
      '/r/main.tf': call('./modules/a'),
      '/r/terraform.tfvars': '',
      '/r/modules/a/main.tf': call('../b'),
      '/r/modules/a/terraform.tfvars': '',
      '/r/modules/b/main.tf': QUEUE,
      '/r/modules/c/main.tf': QUEUE,
    };
    const all = [
      '/r/main.tf',
      '/r/terraform.tfvars',
      '/r/modules/a/main.tf as modules/a',
      '/r/modules/b/main.tf as modules/b',
    ];
    assert.deepEqual(await heads([edited('/r/modules/b/main.tf')], files), [all]);
    assert.deepEqual(await heads([edited('/r/main.tf'), edited('/r/modules/b/main.tf')], files), [all], 'once');
    assert.deepEqual(await heads([edited('/r/modules/c/main.tf')], files), [['/r/modules/c/main.tf']]);
  });

  it('are judged with a caller beside them where that changed, too', async () => {
    const files = { '/r/live/main.tf': call('../modules/a'), '/r/modules/a/main.tf': QUEUE };
    const together = [['/r/live/main.tf', '/r/modules/a/main.tf as ../modules/a']];
    assert.deepEqual(await heads([edited('/r/live/main.tf'), edited('/r/modules/a/main.tf')], files), together);
    assert.deepEqual(await heads([edited('/r/modules/a/main.tf')], files), [['/r/modules/a/main.tf']]);
  });

  it('end where they call each other, lie outside of the repository, or were fetched', async () => {
    const files = {
      '/r/main.tf': `${call('./a')}${call('../../outside')}${call('./.terraform/modules/x')}${call('./missing')}`,
      '/r/a/main.tf': call('../'),
      '/outside/main.tf': QUEUE,
      '/r/.terraform/modules/x/main.tf': QUEUE,
    };
    const [texts, ...others] = await heads([edited('/r/a/main.tf')], files);
    assert.deepEqual([...(texts ?? [])].map((path) => path.replace(/ as .*/, '')).sort(), [
      '/r/a/main.tf',
      '/r/main.tf',
    ]);
    assert.equal(others.length, 0);
  });

  it('leave out what OpenTofu leaves out', async () => {
    const files = { '/r/a.tf': QUEUE, '/r/main.tf': QUEUE, '/r/main.tofu': QUEUE };
    assert.deepEqual(await heads([edited('/r/a.tf')], files), [['/r/a.tf', '/r/main.tofu']]);
  });

  it('tell what an argument of a call introduces in them', async () => {
    const before: Files = {
      '/r/main.tf': call('./modules/a', '  encrypt = true\n'),
      '/r/modules/a/main.tf': QUEUE,
    };
    const after: Files = { ...before, '/r/main.tf': call('./modules/a', '  encrypt = false\n') };
    const changed = [edited('/r/main.tf')];
    const { siblings, tree } = await treesOf(changed, after);
    const templates = plan(changed, siblings, tree).map(({ base, head }) => {
      const read = (texts: typeof head) =>
        texts.map(({ path, version, folder }) => ({
          uri: `file://${path}`,
          text: (version === 'commit' ? before : after)[path] ?? '',
          folder,
        }));
      return { base: read(base), head: read(head) };
    });
    const found = await compareTexts({ templates }, async () => DEFAULT_SETTINGS, {
      today: '2026-01-01',
      cancelled: () => false,
      messages: () => 0,
    });
    assert.deepEqual(
      found.introduced.map(({ ruleId, resource }) => `${ruleId} ${resource}`),
      ['sqs-encryption-disabled module.m.aws_sqs_queue.q'],
    );
  });
});
