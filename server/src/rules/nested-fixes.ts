/** Fixes of properties whose whole block may be left out by a condition. */

import type { Data } from '../syntax/edit.ts';
import { type FixOptions, set } from './fixes.ts';
import type { FixMaker } from './rule.ts';

/**
 * As `set`, for a property in a block of its own. Where an alternative of that block is nothing (`AWS::NoValue`), the block
 * takes its place, with the property and with `others` in it.
 */
export function setInBlock(
  data: Data,
  options: FixOptions = {},
  others: Readonly<Record<string, Data>> = {},
): FixMaker {
  return (found) => {
    const { value, key } = found;
    const [name, ...deeper] = value.kind === 'absent' ? value.missing : [];
    if (value.kind !== 'absent' || !value.written || name === undefined || key?.value === name) {
      return set(data, options)(found);
    }
    if (deeper.length || found.via.length) return undefined;
    const title = options.title ?? `Set ${name} to ${String(data)}`;
    return {
      title: options.note ? `${title} (${options.note})` : title,
      safe: options.safe ?? true,
      edits: [{ kind: 'replace', node: value.written, data: { [name]: data, ...others } }],
    };
  };
}
