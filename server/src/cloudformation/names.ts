/** What names of a template stand for, through its versions; and which of them an evaluation has asked for. */

import type { Entry, Node } from '../syntax/node.ts';
import { addsMembers, plainText } from './call.ts';
import { Conditions } from './conditions.ts';
import { evaluateCall } from './intrinsics.ts';
import { type Parameter, readParameters } from './parameters.ts';
import { isImplicitName } from './sam.ts';
import { Evaluator, type Names } from './scope.ts';

type Entries = ReadonlyMap<string, Entry>;

/** The members of a section by name: later ones win, loops and transforms left out. */
export function entriesOf(section: Node | undefined): Entries {
  const found = new Map<string, Entry>();
  for (const entry of section?.entries ?? []) {
    const before = found.get(entry.name);
    if (!addsMembers(entry.name) && (!before || !entry.merged || before.merged)) found.set(entry.name, entry);
  }
  return found;
}

/** Sections whose members have names that others refer to, and the mark of such a name among what was read. */
const SECTIONS = { Parameters: 'parameter', Mappings: 'mapping', Resources: 'resource' } as const;
/** Read: any name that SAM's transform makes. */
const GENERATED = 'generated';
/** Read: the section of values that SAM resources inherit. */
const GLOBALS = 'globals';

/** The definitions of a template's newest version. */
export class NameTable {
  private sections: Readonly<Record<keyof typeof SECTIONS | 'Conditions', Entries>>;
  private root: Node;
  private readParameters: ReadonlyMap<string, Parameter> | undefined;
  private serverless: readonly string[] | undefined;
  private readonly conditionNames = new NameReads(this);
  readonly conditions: Conditions;

  constructor(root: Node) {
    this.root = root;
    this.sections = sectionsOf(root);
    const { top } = new Evaluator(this.conditionNames, evaluateCall);
    this.conditions = new Conditions(
      root.get('Conditions')?.entries ?? [],
      (name) => this.conditionNames.parameters.get(name)?.domain,
      (node) => {
        const value = top().evaluate(node);
        return value.kind === 'known' ? String(value.value) : undefined;
      },
    );
  }

  /** Members of `Resources`. */
  get declared(): Entries {
    return this.sections.Resources;
  }

  get globals(): Node | undefined {
    return this.root.get('Globals');
  }

  get parameters(): ReadonlyMap<string, Parameter> {
    this.readParameters ??= readParameters(this.root.get('Parameters'));
    return this.readParameters;
  }

  mapping(name: string): Node | undefined {
    return this.sections.Mappings.get(name)?.value;
  }

  isGenerated(name: string): boolean {
    this.serverless ??= serverlessIn(this.declared);
    const { serverless } = this;
    return serverless.length > 0 && (isImplicitName(name) || serverless.some((id) => name.startsWith(id)));
  }

  /**
   * Takes the definitions of the next version.
   * @returns what names stand for something else now, as {@link NameReads} marks them; undefined where conditions are
   *   concerned, on which everything may rest: then this table is as it was
   */
  update(root: Node): ReadonlySet<string> | undefined {
    const sections = sectionsOf(root);
    if (!areSame(this.sections.Conditions, sections.Conditions)) return undefined;
    const changed = new Set<string>();
    for (const [section, mark] of Object.entries(SECTIONS) as [keyof typeof SECTIONS, string][]) {
      const isChanged = (before: Entry | undefined, now: Entry | undefined) =>
        section === 'Resources' ? !before !== !now : before?.value !== now?.value || before?.key !== now?.key;
      const [before, now] = [this.sections[section], sections[section]];
      for (const [name, entry] of now) if (isChanged(before.get(name), entry)) changed.add(`${mark} ${name}`);
      for (const name of before.keys()) if (!now.has(name)) changed.add(`${mark} ${name}`);
    }
    const serverless = serverlessIn(sections.Resources);
    if (serverless.join() !== (this.serverless ?? serverlessIn(this.declared)).join()) changed.add(GENERATED);
    if (!areSame(entriesOf(this.globals), entriesOf(root.get('Globals')))) changed.add(GLOBALS);
    if (this.conditionNames.readsAny(changed)) return undefined;
    this.root = root;
    this.sections = sections;
    this.readParameters = undefined;
    this.serverless = serverless;
    return changed;
  }
}

function sectionsOf(root: Node) {
  return {
    Parameters: entriesOf(root.get('Parameters')),
    Mappings: entriesOf(root.get('Mappings')),
    Resources: entriesOf(root.get('Resources')),
    Conditions: entriesOf(root.get('Conditions')),
  };
}

function serverlessIn(declared: Entries): readonly string[] {
  return [...declared.values()]
    .filter((entry) => plainText(entry.value.get('Type'))?.startsWith('AWS::Serverless::'))
    .map((entry) => entry.name);
}

/** Whether these are the very nodes of the version before. */
export function areSame(before: Entries, now: Entries): boolean {
  if (before.size !== now.size) return false;
  for (const [name, entry] of now) if (before.get(name)?.value !== entry.value) return false;
  return true;
}

/** The names that one resource, say, asks for: it has to be evaluated anew when they stand for something else. */
export class NameReads implements Names {
  private readonly read = new Set<string>();
  readonly parameters: Names['parameters'];

  constructor(private readonly table: NameTable) {
    const { read } = this;
    this.parameters = {
      get: (name) => {
        read.add(`${SECTIONS.Parameters} ${name}`);
        return table.parameters.get(name);
      },
      has: (name) => {
        read.add(`${SECTIONS.Parameters} ${name}`);
        return table.parameters.has(name);
      },
    };
  }

  get conditions(): Conditions {
    return this.table.conditions;
  }

  get globals(): Node | undefined {
    this.read.add(GLOBALS);
    return this.table.globals;
  }

  mapping(name: string): Node | undefined {
    this.read.add(`${SECTIONS.Mappings} ${name}`);
    return this.table.mapping(name);
  }

  isResource(name: string): boolean {
    this.read.add(`${SECTIONS.Resources} ${name}`);
    return this.table.declared.has(name);
  }

  isGenerated(name: string): boolean {
    this.read.add(GENERATED);
    return this.table.isGenerated(name);
  }

  readsAny(changed: ReadonlySet<string>): boolean {
    if (!changed.size) return false;
    for (const name of changed) if (this.read.has(name)) return true;
    return false;
  }
}
