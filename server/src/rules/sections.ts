/** Parameters, outputs and providers as what a finding lies in, for rules on what is no resource. */

import type { Resource, Section, Template } from '../template/template.ts';
import type { ObjectValue } from '../template/value.ts';

type SectionKind = 'parameter' | 'output' | 'provider';

/** How each is called in an address: in CloudFormation by its section, in Terraform by its block. */
const ADDRESS: Readonly<Record<SectionKind, readonly [cloudFormation: string, terraform: string]>> = {
  parameter: ['Parameters', 'variable'],
  output: ['Outputs', 'output'],
  provider: ['Providers', 'provider'],
};

const known = new WeakMap<Section, Resource>();

/**
 * A declaration that is no resource, dressed as one: `Parameters.Password`, `output.key`, `provider.aws`, and in a plan the
 * name under which it lists its providers. Its body is the whole document: it has no room for a suppression of its own.
 */
export function sectionResource(template: Template, kind: SectionKind, section: Section): Resource {
  const before = known.get(section);
  if (before) return before;
  const { key, name, value } = section;
  const { document } = key;
  const [cloudFormation, terraform] = ADDRESS[kind];
  const nothing: ObjectValue = { kind: 'object', node: key, names: [], get: () => undefined };
  const resource: Resource = {
    address:
      template.dialect === 'terraform-plan'
        ? String(key.value ?? name)
        : `${template.dialect === 'cloudformation' ? cloudFormation : terraform}.${name}`,
    type: kind,
    types: [kind],
    key,
    body: document.roots[0] ?? key,
    properties: value.kind === 'object' ? value : nothing,
    attributes: nothing,
    conditions: [],
    document,
    isData: false,
    template,
  };
  known.set(section, resource);
  return resource;
}
