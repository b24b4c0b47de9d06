/** Parameters, outputs and providers as what a finding lies in, for rules on what is no resource. */

import type { Resource, Section, Template } from '../template/template.ts';
import { oncePer } from '../template/tracking.ts';
import type { ObjectValue } from '../template/value.ts';

type SectionKind = 'parameter' | 'output' | 'provider';

/** How each is called in an address: in CloudFormation by its section, in Terraform by its block. */
const ADDRESS: Readonly<Record<SectionKind, readonly [cloudFormation: string, terraform: string]>> = {
  parameter: ['Parameters', 'variable'],
  output: ['Outputs', 'output'],
  provider: ['Providers', 'provider'],
};

/**
 * A declaration that is no resource, dressed as one: `Parameters.Password`, `output.key`, `provider.aws`, and in a plan the
 * name under which it lists its providers. Its body is the whole document: it has no room for a suppression of its own.
 */
export function sectionResource(template: Template, kind: SectionKind, section: Section): Resource {
  return dressed(section, template.lineage)(kind);
}

/** Sections outlive the version of the template that they were first seen in. */
const dressed = oncePer((section: Section, lineage: Template['lineage']) => {
  const made = new Map<SectionKind, Resource>();
  return (kind: SectionKind) => {
    const known = made.get(kind) ?? dress(lineage, kind, section);
    made.set(kind, known);
    return known;
  };
});

function dress(lineage: Template['lineage'], kind: SectionKind, { key, name, value }: Section): Resource {
  const { template } = lineage;
  const [cloudFormation, terraform] = ADDRESS[kind];
  const nothing: ObjectValue = { kind: 'object', node: key, names: [], get: () => undefined };
  return {
    address:
      template.dialect === 'terraform-plan'
        ? String(key.value ?? name)
        : `${template.dialect === 'cloudformation' ? cloudFormation : terraform}.${name}`,
    type: kind,
    types: [kind],
    key,
    get body() {
      return key.document.roots[0] ?? key;
    },
    properties: value.kind === 'object' ? value : nothing,
    attributes: nothing,
    conditions: [],
    get document() {
      return key.document;
    },
    isData: false,
    get template() {
      return lineage.template;
    },
  };
}
