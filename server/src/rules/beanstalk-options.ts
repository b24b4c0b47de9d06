/** Options of Elastic Beanstalk environments: a list of blocks with a namespace, a name and a value. */

import type { Data, Edit } from '../syntax/edit.ts';
import { below, type Found, select } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { asString } from '../template/value.ts';
import { appendTo } from './fixes.ts';

interface Names {
  readonly list: string;
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

const CLOUDFORMATION: Names = {
  list: 'OptionSettings',
  namespace: 'Namespace',
  name: 'OptionName',
  value: 'Value',
};
const TERRAFORM: Names = { list: 'setting', namespace: 'namespace', name: 'name', value: 'value' };

function namesOf(resource: Resource): Names {
  return resource.type.startsWith('AWS::') ? CLOUDFORMATION : TERRAFORM;
}

/** An option by its full name: `aws:ec2:vpc/VPCId`. */
export type OptionName = `${string}/${string}`;

/** What is set in a list of options. */
export interface Options {
  /** The values written for an option, in every alternative. */
  values(option: OptionName): readonly Found[];
  /** More options may be set than can be read. */
  readonly open: boolean;
}

/** The options that an environment or a configuration template sets itself. */
export function optionsOf(resource: Resource): Options {
  const names = namesOf(resource);
  const byName = new Map<string, Found[]>();
  let open = false;
  for (const block of select(resource, `${names.list}[]`)) {
    if (block.value.kind === 'absent') continue;
    const namespace = block.value.kind === 'object' ? only(block, names.namespace) : undefined;
    const name = block.value.kind === 'object' ? only(block, names.name) : undefined;
    if (namespace === undefined || name === undefined) {
      open = true;
      continue;
    }
    const key = `${namespace}/${name}`.toLowerCase();
    const values = below(block, names.value).filter(({ value }) => value.kind !== 'absent');
    byName.set(key, [...(byName.get(key) ?? []), ...values]);
  }
  return { open, values: (option) => byName.get(option.toLowerCase()) ?? [] };
}

/** A text that is the same in every alternative. */
function only(block: Found, path: string): string | undefined {
  const texts = new Set(below(block, path).map(({ value }) => asString(value)));
  const [text] = texts;
  return texts.size === 1 ? text : undefined;
}

/** Where an environment lists its options: what to report for those that it leaves out. */
export function optionsKey(resource: Resource): Found['node'] {
  return resource.properties.get(namesOf(resource).list)?.key ?? resource.key;
}

/** Edits that add options; undefined where the list is not written in one place. */
export function addOptions(
  resource: Resource,
  options: Readonly<Record<OptionName, string>>,
): readonly Edit[] | undefined {
  const names = namesOf(resource);
  const blocks = Object.entries(options).map(([option, value]): Data => {
    const slash = option.lastIndexOf('/');
    return { [names.namespace]: option.slice(0, slash), [names.name]: option.slice(slash + 1), [names.value]: value };
  });
  return appendTo(resource, names.list, blocks);
}
