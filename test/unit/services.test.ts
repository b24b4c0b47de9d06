/** The responsibility model: every type that a rule touches has a service, every row stands on its own, movers name rules that say so. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FLAT_SITES, POLICY_SITES } from '../../server/src/iam/policy-sites.ts';
import { AWS_DEFAULTS } from '../../server/src/responsibility/aws-defaults.ts';
import type { LineMover, ServiceResponsibility, SettingTest } from '../../server/src/responsibility/model.ts';
import { SERVICES, serviceIdOf } from '../../server/src/responsibility/services.ts';
import { RULES, ruleById } from '../../server/src/rules/index.ts';

/** Types of third parties, and what belongs to no service. */
const NO_SERVICE = /^(?!(?:data\.)?aws_|AWS::|module:)|^AWS::CloudFormation::(?:CustomResource|Macro|WaitCondition)/;

function typesOfRules(): readonly string[] {
  const types = new Set<string>([...POLICY_SITES, ...FLAT_SITES].map((site) => site.type));
  for (const fact of Object.values(AWS_DEFAULTS)) for (const type of fact.types) types.add(type);
  for (const check of RULES.flatMap((rule) => rule.checks)) {
    if (check.kind === 'resource') for (const type of check.types) types.add(type);
    if (check.kind === 'property')
      for (const { type } of check.targets) for (const one of [type].flat()) types.add(one);
  }
  return [...types].filter((type) => !NO_SERVICE.test(type)).sort();
}

const services = Object.entries<ServiceResponsibility>(SERVICES);
const movers = services.flatMap(([id, { movers: own = [] }]) => own.map((mover): [string, LineMover] => [id, mover]));

describe('the responsibility model', () => {
  it('knows the service of every type that a rule touches', () => {
    assert.deepEqual(
      typesOfRules().filter((type) => !serviceIdOf(type)),
      [],
    );
  });

  for (const [id, service] of services) {
    it(`${id}: is whole`, () => {
      const { name, types, aws, customer, sources, shared, situations = [] } = service;
      assert.match(name, /^(?:Amazon|AWS|Elastic|EC2|Oracle) /);
      assert.ok(types.length, 'answers for no type');
      for (const text of [aws, customer, ...situations.flatMap((one) => [one.aws ?? 'a.', one.customer ?? 'a.'])])
        assert.match(text, /^[^ ].{0,400}\.$/s, text);
      for (const { aws: theirs, customer: yours } of shared) {
        assert.match(theirs, /^[a-z].*[^.]$/);
        assert.match(yours, /^[a-z].*[^.]$/);
      }
      assert.ok(sources.length, 'names no page');
      for (const { title, url } of sources) {
        assert.ok(title.trim(), 'a page without a title');
        if (url) assert.match(url, /^https:\/\/docs\.aws\.amazon\.com\/[\w./#-]+$/);
      }
    });
  }

  it('has no prefix twice', () => {
    const all = services.flatMap(([, { types }]) => types);
    assert.deepEqual(
      all.filter((type, at) => all.indexOf(type) !== at),
      [],
    );
  });

  it('tests settings of types that belong to the service', () => {
    for (const [id, { situations = [], movers: own = [] }] of services) {
      const tests = [...situations, ...own].flatMap<SettingTest>(({ when }) => [...when]);
      for (const { types, path, values, present, absent } of tests) {
        for (const type of types) assert.equal(serviceIdOf(type), id, `${id} tests ${type}`);
        if (path !== undefined) assert.ok(values || present || absent, `${id}: ${path} decides nothing`);
      }
    }
  });

  for (const [id, mover] of movers) {
    it(`${id}: ${mover.concern} moves for a reason`, () => {
      assert.notEqual(mover.from, mover.to);
      assert.match(mover.text, /^[A-Z].*\.$/);
      assert.ok(mover.sources.length);
      const rule = typeof mover.rule === 'object' ? mover.rule.id : mover.rule;
      if (rule) {
        const { owner, variants = {} } = ruleById(rule) ?? assert.fail(`there is no rule ${rule}`);
        const moves = [owner, ...Object.values(variants).map((variant) => variant.owner)].map((one) => one?.moves);
        assert.ok(
          moves.some((one) => one?.from === mover.from && one.to === mover.to),
          `${rule} does not say that it moves from ${mover.from} to ${mover.to}`,
        );
      } else assert.notEqual(mover.from, 'aws', 'a setting that moves the line away from AWS is a finding');
    });
  }
});
