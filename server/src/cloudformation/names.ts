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

/** A section's members as written, and by name. */
class Members {
  private written: readonly Entry[];
  private readonly named: Map<string, Entry>;

  constructor(section: Node | undefined) {
    this.written = section?.entries ?? [];
    this.named = new Map(entriesOf(section));
  }

  get byName(): Entries {
    return this.named;
  }

  /**
   * The members that are other ones in the next version, where all have the names that they had, in the same order; undefined where
   * they have not, or where not every member counts. Cheap: most keys are typed in one member of hundreds.
   */
  changedIn(next: Node | undefined): readonly Entry[] | undefined {
    const { written, named } = this;
    const now = next?.entries ?? [];
    if (now.length !== written.length || named.size !== written.length) return undefined;
    const changed: Entry[] = [];
    for (let i = 0; i < now.length; i++) {
      const [entry, before] = [now[i] as Entry, written[i] as Entry];
      if (entry === before) continue;
      if (entry.name !== before.name || entry.merged !== before.merged) return undefined;
      changed.push(entry);
    }
    return changed;
  }

  /** Becomes the next version, of which only these are others. */
  take(next: Node | undefined, changed: readonly Entry[]): void {
    this.written = next?.entries ?? [];
    for (const entry of changed) this.named.set(entry.name, entry);
  }
}

/** Sections whose members have names that others refer to, and the mark of such a name among what was read. */
const SECTIONS = { Parameters: 'parameter', Mappings: 'mapping', Resources: 'resource' } as const;
type SectionName = keyof typeof SECTIONS | 'Conditions';
const SECTION_NAMES: readonly SectionName[] = ['Conditions', 'Parameters', 'Mappings', 'Resources'];
/** Read: any name that SAM's transform makes. */
const GENERATED = 'generated';
/** Read: the section of values that SAM resources inherit. */
const GLOBALS = 'globals';

/** The definitions of a template's newest version. */
export class NameTable {
  private readonly sections: Record<SectionName, Members>;
  private root: Node;
  private readParameters: ReadonlyMap<string, Parameter> | undefined;
  private serverless: readonly string[] | undefined;
  private readonly conditionNames = new NameReads(this);
  readonly conditions: Conditions;

  constructor(root: Node) {
    this.root = root;
    // Not by a function in here: what conditions keep would keep this version of the text.
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
    return this.sections.Resources.byName;
  }

  get globals(): Node | undefined {
    return this.root.get('Globals');
  }

  get parameters(): ReadonlyMap<string, Parameter> {
    this.readParameters ??= readParameters(this.root.get('Parameters'));
    return this.readParameters;
  }

  mapping(name: string): Node | undefined {
    return this.sections.Mappings.byName.get(name)?.value;
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
    const changed = new Set<string>();
    const updates: (() => void)[] = [];
    let { serverless } = this;
    for (const name of SECTION_NAMES) {
      const section = root.get(name);
      const before = this.sections[name];
      const others = before.changedIn(section);
      if (others) {
        updates.push(() => before.take(section, others));
        const isOther = (entry: Entry) => isChanged(before.byName.get(entry.name), entry);
        if (name === 'Conditions' && others.some(isOther)) return undefined;
        if (name === 'Parameters' || name === 'Mappings')
          for (const entry of others) if (isOther(entry)) changed.add(`${SECTIONS[name]} ${entry.name}`);
        if (name !== 'Resources') continue;
        const isAsBefore = (entry: Entry) => isServerless(before.byName.get(entry.name)) === isServerless(entry);
        if (!others.every(isAsBefore)) changed.add(GENERATED);
      } else {
        const now = new Members(section);
        updates.push(() => {
          this.sections[name] = now;
        });
        if (name === 'Conditions') {
          if (!areSame(before.byName, now.byName)) return undefined;
          continue;
        }
        const isOther = name === 'Resources' ? isPresenceChanged : isChanged;
        for (const [key, entry] of now.byName)
          if (isOther(before.byName.get(key), entry)) changed.add(`${SECTIONS[name]} ${key}`);
        for (const key of before.byName.keys()) if (!now.byName.has(key)) changed.add(`${SECTIONS[name]} ${key}`);
        if (name !== 'Resources') continue;
        serverless ??= serverlessIn(before.byName);
        if (serverlessIn(now.byName).join() !== serverless.join()) changed.add(GENERATED);
      }
    }
    if (!areSame(entriesOf(this.globals), entriesOf(root.get('Globals')))) changed.add(GLOBALS);
    if (this.conditionNames.readsAny(changed)) return undefined;
    for (const update of updates) update();
    this.root = root;
    this.readParameters = undefined;
    this.serverless = changed.has(GENERATED) ? undefined : serverless;
    return changed;
  }
}

function sectionsOf(root: Node): Record<SectionName, Members> {
  return {
    Conditions: new Members(root.get('Conditions')),
    Parameters: new Members(root.get('Parameters')),
    Mappings: new Members(root.get('Mappings')),
    Resources: new Members(root.get('Resources')),
  };
}

function isChanged(before: Entry | undefined, now: Entry): boolean {
  return before?.value !== now.value || before.key !== now.key;
}

function isPresenceChanged(before: Entry | undefined): boolean {
  return !before;
}

function isServerless(entry: Entry | undefined): boolean {
  return plainText(entry?.value.get('Type'))?.startsWith('AWS::Serverless::') ?? false;
}

function serverlessIn(declared: Entries): readonly string[] {
  return [...declared.values()].filter(isServerless).map((entry) => entry.name);
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
