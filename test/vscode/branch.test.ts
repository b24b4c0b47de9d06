// What the view of the branch's findings makes of texts that try to be more than text.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { BranchTree } from '../../client/src/branch-tree';
import type { GitRepository } from '../../client/src/git';
import type { ComparedFinding } from '../../server/src/lsp/protocol';
import { HOSTILE } from '../unit/injection-texts';

describe('branch tree', () => {
  it('shows hostile text as plain text, and runs no command of it', () => {
    const introduced = HOSTILE.map(
      (text): ComparedFinding => ({
        ruleId: 'some-rule',
        message: text,
        resource: text,
        condition: text,
        severity: 'high',
        category: 'other',
        side: 'customer',
        uri: vscode.Uri.from({ scheme: 'file', path: `/ws/${text}.yaml` }).toString(),
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
      }),
    );
    const tree = new BranchTree('open');
    tree.show({
      repository: { rootUri: vscode.Uri.from({ scheme: 'file', path: '/ws' }) } as GitRepository,
      base: 'main',
      commit: 'c',
      introduced,
      fixed: introduced,
      before: 0,
      changed: 1,
      unread: 0,
      files: new Map(),
    });
    const entries = tree.getChildren().flatMap((group) => tree.getChildren(group));
    assert.equal(entries.length, 2 * HOSTILE.length);
    for (const entry of entries) {
      const { label, description, tooltip, command } = tree.getTreeItem(entry);
      // A MarkdownString would be rendered; a string is not.
      for (const shown of [label, description, tooltip]) {
        assert.equal(typeof shown, 'string');
        assert.doesNotMatch(String(shown), /[^\P{Cc}\n]|\p{Cf}/u);
      }
      assert.equal(command?.command, 'open');
      assert.deepEqual(command.arguments, [entry]);
    }
  });
});
