/** Chains on which the incremental analysis once went wrong, or is likely to. */

import { DEFAULT_SETTINGS } from '../../../server/src/analysis/settings.ts';
import type { Step } from './chain.ts';
import type { Look } from './told.ts';
import { ALL_RULES } from './wander.ts';
import { WRITTEN } from './written.ts';
import { ANCHORS_YAML, BROKEN_YAML } from './written-cloudformation.ts';
import { BROKEN_TF, SMALL_TF } from './written-terraform.ts';

const LOOK: Look = { fixes: true, hovers: true, map: true, values: true, seed: 39 };

function chain(uri: string, texts: readonly string[], more: Partial<Step> = {}): Step[] {
  return texts.map((text) => ({ sources: [{ uri, text }], settings: ALL_RULES, look: LOOK, ...more }));
}

/** There and back, with other settings on the way. */
function withSettings(steps: readonly Step[]): Step[] {
  return steps.map((step, i) => (i % 2 ? { ...step, settings: DEFAULT_SETTINGS } : step));
}

const MODULE = Object.entries(WRITTEN['module hcl'] ?? {}).map(([uri, text]) => ({
  uri,
  text,
  ...(uri.includes('/') ? { folder: 'queue' } : {}),
}));

const there = (text: string, from: string, to: string) => [text, text.replace(from, to), text];
const OUTPUTS = 'output "a" {\n  value = 1\n}\n';
const OTHERS = 'output "b" {\n  value = 2\n}\n';

export const TRAPS: Readonly<Record<string, readonly Step[]>> = {
  'blocks that change places': chain('main.tf', [OUTPUTS + OTHERS, OTHERS + OUTPUTS]),
  'the first of two blocks of one name': chain('main.tf', [
    OUTPUTS + OUTPUTS,
    OUTPUTS.replace('1', '12') + OUTPUTS,
    OTHERS + OUTPUTS,
  ]),
  'a variable in two files': ['true', 'null'].map((value) => ({
    sources: [
      { uri: 'a.tf', text: `variable "x" {\n  default = ${value}\n}\n` },
      { uri: 'b.tf', text: 'variable "x" {\n}\n' },
    ],
    settings: ALL_RULES,
    look: LOOK,
  })),
  'secrets that are used in another file than the one at hand': [
    { sources: MODULE, settings: ALL_RULES, look: LOOK },
    { sources: MODULE, settings: ALL_RULES, look: LOOK },
    { sources: MODULE, settings: ALL_RULES, look: LOOK, givesUp: true },
    { sources: MODULE, settings: ALL_RULES, look: LOOK },
  ],
  'findings that several resources share': chain('t.yaml', [ANCHORS_YAML, ANCHORS_YAML], { givesUp: true }),
  'problems of a policy that moves': chain('t.yaml', there(BROKEN_YAML, 'Value: x', 'Value: xyz')),
  'problems of a policy that moves, judged by other rules': withSettings(
    chain('t.yaml', there(BROKEN_YAML, 'Value: x', 'Value: xyz')),
  ),
  'problems of a policy that moves in HCL': withSettings(chain('main.tf', there(BROKEN_TF, '"x"', '"xyz"'))),
  'a default that all else hangs on': chain('main.tf', there(SMALL_TF, 'default = true', 'default = false')),
};
