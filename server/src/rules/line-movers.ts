/** Rules that the responsibility model makes: one for each setting that moves the line to the customer and has no rule of its own. */

import type { LineMover, MoverRule, ServiceResponsibility, SettingTest } from '../responsibility/model.ts';
import { holds, passes, SERVICES } from '../responsibility/services.ts';
import { remove, set } from './fixes.ts';
import type { Check, FixMaker, Reference, Rule } from './rule.ts';

/** A setting that decides nothing for certain is no finding. */
function check(test: SettingTest, message: string, fix: FixMaker | undefined): Check {
  const { types, path } = test;
  if (path === undefined) {
    return {
      kind: 'resource',
      types,
      check: (resource, reporter) => {
        if (holds([test], resource)) reporter.report({ node: resource.key, resource, message });
      },
    };
  }
  return {
    kind: 'property',
    targets: [{ type: types, path }],
    must: (_, found) => {
      const moved = passes(test, found);
      return moved === undefined ? undefined : !moved;
    },
    absent: !test.absent,
    message,
    fix,
  };
}

function ruleOf(mover: LineMover, { id, title, message, description, back }: MoverRule): Rule {
  const options = { safe: back?.safe ?? false, note: back?.note };
  const fix = back && (back.set === undefined ? remove(options) : set(back.set, options));
  const references = mover.sources.flatMap<Reference>((source) =>
    source.url ? [{ title: source.title, url: source.url }] : [],
  );
  return {
    id,
    title,
    category: 'responsibility',
    severity: 'info',
    tier: 'core',
    owner: { side: 'shared', why: mover.text, moves: { from: mover.from, to: mover.to } },
    description,
    aliases: [],
    references,
    checks: mover.when.map((test) => check(test, message, fix)),
  };
}

const movers = Object.values<ServiceResponsibility>(SERVICES).flatMap((service) => service.movers ?? []);

export const LINE_MOVER_RULES: readonly Rule[] = movers.flatMap((mover) =>
  typeof mover.rule === 'object' ? [ruleOf(mover, mover.rule)] : [],
);
