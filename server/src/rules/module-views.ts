/**
 * Calls of registry modules, seen as the resources that the module makes of their arguments. A rule on `aws_db_instance` then judges
 * `publicly_accessible` of a module call as well: one rule, its messages, its severities, its fix at the call.
 *
 * What a module does of itself is not in sight: an attribute that no argument stands for is unknown in a view, never absent.
 */

import type { Found } from '../template/select.ts';
import type { Resource } from '../template/template.ts';
import { oncePer } from '../template/tracking.ts';
import type { Absent, ObjectValue, Property, Value } from '../template/value.ts';
import {
  type Check,
  type FixMaker,
  type PropertyCheck,
  type Report,
  type Reporter,
  type Rule,
  type Target,
  typesOf,
  type Verdict,
} from './rule.ts';
import { all } from './shared.ts';

/** The argument of a module that stands for an attribute of a resource. */
export interface Argument {
  /** Its names, the newest version's first: the first that is written counts. */
  readonly argument: string | readonly string[];
  /**
   * What it means that the call leaves it out: `same` as on the resource, because the module then hands over what the provider and AWS
   * do by themselves, or a verdict of the module's own default. Left out: not judged, the default differs between versions.
   */
  readonly absent?: 'same' | Verdict;
  /** The variant of a violation, where a module only ever uses it in one way. */
  readonly variant?: string;
  /** Only where this holds for the call. */
  readonly where?: (call: Resource) => boolean | undefined;
}

/** A resource that a module makes. */
export interface ModuleView {
  /** `module:` types whose calls make it. */
  readonly modules: readonly string[];
  /** Its Terraform type. */
  readonly as: string;
  /** Attribute path of the resource → the argument of the call; a text is an argument whose absence is not judged. */
  readonly attributes: Readonly<Record<string, string | Argument>>;
  /** Attributes that are put together from several arguments. */
  readonly made?: Readonly<Record<string, (call: Resource) => Value | undefined>>;
  /** Coded rules that read nothing but these attributes. */
  readonly rules?: readonly string[];
  /** Whether the call makes the resource at all; undefined where that is not known, and taken for yes. */
  readonly exists?: (call: Resource) => boolean | undefined;
  /** What becomes of a report of a coded rule, whose fix is made for the resource. Undefined: there is no report. */
  readonly adapt?: (report: Report, call: Resource, ruleId: string) => Report | undefined;
}

const BY_MODULE = 'what the call leaves out is decided by the module';

function argumentOf(entry: string | Argument): Argument {
  return typeof entry === 'string' ? { argument: entry } : entry;
}

/** The property of a call that an argument is written as. */
function written(call: Resource, { argument }: Argument): Property | undefined {
  for (const name of [argument].flat()) {
    const property = call.properties.get(name);
    if (property && property.value.kind !== 'absent') return property;
  }
  return undefined;
}

/** Absence of an argument: reported on the call, and set in it by its own name. */
function notWritten(call: Resource, { argument }: Argument): Absent {
  const [name = ''] = [argument].flat();
  return { kind: 'absent', node: call.key, container: call.properties, missing: [name] };
}

/** The attributes below a path (`''` for the resource itself), as a block of the resource. */
function blockOf(view: ModuleView, call: Resource, prefix: string): ObjectValue {
  const { attributes, made = {} } = view;
  const get = (name: string): Property | undefined => {
    const path = prefix + name;
    const make = made[path];
    const value = make?.(call);
    if (value) return { name, key: call.key, value };
    const entry = attributes[path];
    if (entry !== undefined) {
      const argument = argumentOf(entry);
      const property = written(call, argument);
      if (property) return { name, key: property.key, value: property.value };
      return argument.absent === 'same' ? { name, key: call.key, value: notWritten(call, argument) } : undefined;
    }
    if (!Object.keys(attributes).some((other) => other.startsWith(`${path}.`))) return undefined;
    return { name, key: call.key, value: blockOf(view, call, `${path}.`) };
  };
  const names = new Set(
    [...Object.keys(attributes), ...Object.keys(made)]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length).split('.', 1)[0] ?? ''),
  );
  return {
    kind: 'object',
    node: call.properties.node,
    names: [...names].filter((name) => get(name) !== undefined),
    get,
    open: BY_MODULE,
  };
}

/** A call as the resource that it makes. The same object for the same call: what is found of it is kept by resource. */
const seenOf = oncePer((call: Resource, view: ModuleView): Resource => {
  let properties: ObjectValue | undefined;
  return Object.create(call, {
    type: { value: view.as },
    types: { value: [view.as] },
    properties: {
      get: () => {
        properties ??= blockOf(view, call, '');
        return properties;
      },
    },
  });
});

function seenAs(view: ModuleView, call: Resource): Resource {
  return seenOf(call, view);
}

/** A coded check of the resource, run on calls; findings are the call's. */
function onCalls(view: ModuleView, ruleId: string, check: (resource: Resource, reporter: Reporter) => void): Check {
  return {
    kind: 'resource',
    types: view.modules,
    check: (call, reporter) => {
      if (view.exists?.(call) === false) return;
      const seen = seenAs(view, call);
      const ofCall = (report: Report): Report => ({
        ...report,
        resource: report.resource === seen ? call : report.resource,
        related: report.related?.map((one) => (one.resource === seen ? { ...one, resource: call } : one)),
      });
      const adapted: Reporter = {
        report(report) {
          const own = view.adapt ? view.adapt(ofCall(report), call, ruleId) : ofCall(report);
          if (own) reporter.report(own);
        },
        reportFound(found, more = {}) {
          const own = { ...found, resource: found.resource === seen ? call : found.resource };
          const report = ofCall({ node: own.node, resource: own.resource, ...more });
          const made = view.adapt ? view.adapt(report, call, ruleId) : report;
          if (made) reporter.reportFound(own, { ...made, conditions: more.conditions ?? own.conditions });
        },
      };
      check(seen, adapted);
    },
  };
}

/** The entry that a path of the resource falls under, and what follows it. */
function entryFor(view: ModuleView, path: string): { readonly entry: Argument; readonly rest: string } | undefined {
  const plain = path.replaceAll('[]', '');
  for (const [attribute, entry] of Object.entries(view.attributes)) {
    if (plain === attribute) return { entry: argumentOf(entry), rest: path.endsWith('[]') ? '[]' : '' };
    if (plain.startsWith(`${attribute}.`)) return { entry: argumentOf(entry), rest: plain.slice(attribute.length) };
  }
  return undefined;
}

/** A target of a declared check, for the calls of a view's modules; undefined where no argument stands for what it judges. */
function targetOn(view: ModuleView, check: PropertyCheck, target: Target): Target | undefined {
  const paths = [target.path].flat();
  if (target.within || ![target.type].flat().includes(view.as)) return undefined;
  const [found, ...others] = paths.flatMap((path) => (path.startsWith('@') ? [] : (entryFor(view, path) ?? [])));
  if (!found || others.length || paths.length > 1) return undefined;
  const { entry, rest } = found;
  const asResource = 'absent' in target ? target.absent : check.absent;
  return {
    type: view.modules,
    path: [entry.argument].flat().map((name) => name + rest),
    where: (call, scope) => {
      if (view.exists?.(call) === false) return false;
      return all(
        entry.where?.(call) ?? (entry.where ? undefined : true),
        target.where?.(seenAs(view, call), scope) ?? (target.where ? undefined : true),
      );
    },
    absent: entry.absent === 'same' ? asResource : entry.absent,
    fix: fixOn(view, target.fix ?? check.fix),
  };
}

/** A leaf of a call as a leaf of the resource. */
function onView(view: ModuleView, found: Found): Found {
  return { ...found, resource: seenAs(view, found.resource) };
}

function fixOn(view: ModuleView, fix: FixMaker | undefined): FixMaker | undefined {
  return fix && ((found) => fix(onView(view, found)));
}

/** What a declared check says of calls: one check for each target, since arguments differ in how they are judged. */
function propertyChecks(view: ModuleView, check: PropertyCheck): Check[] {
  return check.targets.flatMap((target): Check[] => {
    const own = targetOn(view, check, target);
    if (!own) return [];
    const variant = entryFor(view, [target.path].flat()[0] ?? '')?.entry.variant;
    const { message } = check;
    return [
      {
        ...check,
        targets: [own],
        fix: undefined,
        must: (value, found) => {
          const verdict = check.must(value, onView(view, found));
          return verdict === false && variant !== undefined ? variant : verdict;
        },
        message: typeof message === 'function' ? (found) => message(onView(view, found)) : message,
      },
    ];
  });
}

/** The checks of a rule on the calls of a view's modules. */
function checksOn(view: ModuleView, rule: Rule): readonly Check[] {
  return rule.checks.flatMap((check): readonly Check[] => {
    if (check.kind === 'property') return propertyChecks(view, check);
    const applies = check.kind === 'resource' && check.types.includes(view.as) && view.rules?.includes(rule.id);
    return applies ? [onCalls(view, rule.id, check.check)] : [];
  });
}

/**
 * The rules with checks on module calls added: those that views lead to, and further ones by rule id.
 * @param further checks on calls that no attribute of a resource stands for
 */
export function withModuleCalls(
  rules: readonly Rule[],
  modules: readonly ModuleView[],
  further: Readonly<Record<string, readonly Check[]>>,
): readonly Rule[] {
  return rules.map((rule) => {
    const types = new Set(rule.checks.flatMap(typesOf));
    const views = modules.filter(({ as }) => types.has(as));
    const added = [...views.flatMap((view) => checksOn(view, rule)), ...(further[rule.id] ?? [])];
    return added.length ? { ...rule, checks: [...rule.checks, ...added] } : rule;
  });
}
