/** What applying a plan introduces, and where the configuration beside it says so. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Analysis, analyze } from '../../server/src/analysis/analyze.ts';
import { DEFAULT_SETTINGS } from '../../server/src/analysis/settings.ts';
import { hoverAt } from '../../server/src/lsp/hover.ts';
import { renderHover } from '../../server/src/lsp/hover-markdown.ts';
import { at, call, type Files, queue, SQS, sourcesOf, variable } from './modules-support.ts';

type Values = { readonly sqs_managed_sse_enabled: boolean; readonly name?: string };

interface Changed {
  readonly before?: Values | null;
  readonly after?: Values | null;
  readonly actions?: readonly string[];
  readonly previous_address?: string;
  readonly importing?: { readonly id: string };
  /** The address in the prior state; `false`: it is not there. */
  readonly prior?: string | false;
}

const ON = { sqs_managed_sse_enabled: true };
const OFF = { sqs_managed_sse_enabled: false };

function resource(address: string, values: Values): object {
  const parts = address.replace(/\[[^\]]*\]/g, '').split('.');
  return { address, mode: 'managed', type: parts.at(-2), name: parts.at(-1), values };
}

/** Resources as a module and its children have them. */
function inModules(resources: readonly (readonly [address: string, Values])[]): object {
  const own = resources.filter(([address]) => !address.startsWith('module.'));
  const modules = new Map<string, object[]>();
  for (const [address, values] of resources) {
    const module = /^module\.[^.[]+(?:\[[^\]]*\])?/.exec(address)?.[0];
    if (module) modules.set(module, [...(modules.get(module) ?? []), resource(address, values)]);
  }
  return {
    root_module: {
      resources: own.map(([address, values]) => resource(address, values)),
      child_modules: [...modules].map(([address, list]) => ({ address, resources: list })),
    },
  };
}

/** A plan as `terraform show -json` prints it. */
function planOf(changes: Readonly<Record<string, Changed>>): string {
  const all = Object.entries(changes);
  return JSON.stringify(
    {
      format_version: '1.2',
      terraform_version: '1.11.0',
      planned_values: inModules(all.flatMap(([address, { after }]) => (after ? [[address, after] as const] : []))),
      resource_changes: all.map(([address, { before = null, after = null, actions, prior, ...more }]) => ({
        address,
        module_address: /^module\.[^.]+/.exec(address)?.[0],
        mode: 'managed',
        type: 'aws_sqs_queue',
        change: { actions: actions ?? ['update'], before, after, after_unknown: {}, importing: more.importing },
        previous_address: more.previous_address,
      })),
      prior_state: {
        format_version: '1.0',
        values: inModules(
          all.flatMap(([address, { before, prior, previous_address: previous }]) =>
            before && prior !== false ? [[prior ?? previous ?? address, before] as const] : [],
          ),
        ),
      },
    },
    null,
    1,
  );
}

function analysisOf(plan: string, beside: Files = {}): Analysis {
  const analysis = analyze([{ uri: 'plan.json', text: plan }, ...sourcesOf(beside)], DEFAULT_SETTINGS, {
    onError: (rule, error) => assert.fail(`${rule}: ${String(error)}`),
  });
  assert.equal(analysis?.dialect, 'terraform-plan');
  return analysis as Analysis;
}

/** What is told of encryption: how it stands to the plan, and of what. */
function told(changes: Readonly<Record<string, Changed>>): string[] {
  const { planned, findings } = analysisOf(planOf(changes));
  assert.ok(planned);
  const own = findings.filter(({ finding }) => finding.rule.id === SQS);
  const gone = planned.fixed.filter(({ finding }) => finding.rule.id === SQS);
  return [...own, ...gone].map((one) => `${planned.changeOf(one)} ${one.finding.resource.address}`);
}

describe('a plan introduces', () => {
  const q = 'aws_sqs_queue.q';

  it('what it creates, and what it sets otherwise', () => {
    assert.deepEqual(told({ [q]: { after: OFF, actions: ['create'] } }), [`introduced ${q}`]);
    assert.deepEqual(told({ [q]: { before: ON, after: OFF } }), [`introduced ${q}`]);
    assert.deepEqual(told({ [q]: { before: OFF, after: ON } }), [`fixed ${q}`]);
    assert.deepEqual(told({ [q]: { before: ON, after: ON } }), []);
  });

  it('nothing where it leaves the setting as it is', () => {
    assert.deepEqual(told({ [q]: { before: OFF, after: OFF, actions: ['no-op'] } }), [`before ${q}`]);
    assert.deepEqual(told({ [q]: { before: { ...OFF, name: 'a' }, after: { ...OFF, name: 'b' } } }), [`before ${q}`]);
    for (const actions of [
      ['delete', 'create'],
      ['create', 'delete'],
    ])
      assert.deepEqual(told({ [q]: { before: OFF, after: OFF, actions } }), [`before ${q}`]);
  });

  it('nothing by moving, be it into a module, nor by swapping names', () => {
    const moved = (address: string, previous: string) => ({
      [address]: { before: OFF, after: OFF, actions: ['no-op'], previous_address: previous },
    });
    assert.deepEqual(told(moved('aws_sqs_queue.new', q)), ['before aws_sqs_queue.new']);
    assert.deepEqual(told(moved('module.m[0].aws_sqs_queue.q', q)), ['before module.m[0].aws_sqs_queue.q']);
    const worse = { 'aws_sqs_queue.new': { before: ON, after: OFF, previous_address: q } };
    assert.deepEqual(told(worse), ['introduced aws_sqs_queue.new']);
    const swapped = {
      'aws_sqs_queue.a': { before: OFF, after: OFF, previous_address: 'aws_sqs_queue.b' },
      'aws_sqs_queue.b': { before: ON, after: ON, previous_address: 'aws_sqs_queue.a' },
    };
    assert.deepEqual(told(swapped), ['before aws_sqs_queue.a']);
  });

  it('nothing by importing what is there', () => {
    const imported = { before: OFF, after: OFF, actions: ['no-op'], importing: { id: 'q' } };
    assert.deepEqual(told({ [q]: imported }), [`before ${q}`]);
    assert.deepEqual(told({ [q]: { ...imported, prior: false } }), [`before ${q}`]);
    assert.deepEqual(told({ [q]: { ...imported, before: ON } }), [`introduced ${q}`]);
  });

  it('nothing by deleting', () => {
    assert.deepEqual(told({ [q]: { before: OFF, actions: ['delete'] } }), [`fixed ${q}`]);
  });

  it('nothing that it tells of where it does not say what was there', () => {
    const { resource_changes: _, ...rest } = JSON.parse(planOf({ [q]: { after: OFF } }));
    assert.equal(analysisOf(JSON.stringify(rest)).planned, undefined);
  });

  it('what its hover says', () => {
    const text = planOf({ [q]: { before: ON, after: OFF }, 'aws_sqs_queue.r': { before: OFF, after: OFF } });
    const analysis = analysisOf(text);
    const { planned } = analysis;
    assert.ok(planned);
    const hovers = analysis.findings.flatMap(({ finding: { rule, node } }) => {
      if (rule.id !== SQS) return [];
      const model = hoverAt(analysis, 'plan.json', node.start, { role: 'head', comparison: planned });
      assert.ok(model);
      return [renderHover(model, { icons: false })];
    });
    assert.equal(hovers.length, 2);
    assert.match(hovers[0] ?? '', /introduced here/);
    assert.doesNotMatch(hovers[0] ?? '', /was there before/);
    assert.match(hovers[1] ?? '', /was there before/);
  });
});

describe('the configuration beside a plan', () => {
  const links = (address: string, beside: Files, values: Values = OFF) => {
    const { findings } = analysisOf(planOf({ [address]: { after: values, actions: ['create'] } }), beside);
    const [own, ...others] = findings.filter(({ finding }) => finding.rule.id === SQS);
    assert.ok(own && !others.length);
    assert.equal(own.finding.node.document.uri, 'plan.json');
    return own.finding.related.map((one) => `${one.message} at ${at(one.node)}`);
  };

  it('is shown at the argument, or at the block where it says nothing', () => {
    const written = { 'main.tf': variable('on') + queue('var.on') };
    assert.deepEqual(links('aws_sqs_queue.q', written), ['Written here in the configuration at main.tf: var.on']);
    const silent = { 'main.tf': 'resource "aws_sqs_queue" "q" {\n}\n' };
    assert.deepEqual(links('aws_sqs_queue.q', silent), [
      'Configuration of aws_sqs_queue.q at main.tf: resource "aws_sqs_queue" "q"',
    ]);
  });

  it('is found through modules and instances', () => {
    const beside = { 'main.tf': call('m', './a', 'count = 2'), 'a/main.tf': queue('false') };
    const written = ['Written here in the configuration at a/main.tf: false'];
    assert.deepEqual(links('module.m[0].aws_sqs_queue.q', beside), written);
    assert.deepEqual(links('module.m["a.b]\\"c"].aws_sqs_queue.q["x"]', beside), written);
    assert.deepEqual(links('module.m.aws_sqs_queue.q[3]', beside), written);
  });

  it('says nothing of what it does not have', () => {
    assert.deepEqual(links('aws_sqs_queue.q', {}), []);
    assert.deepEqual(links('aws_sqs_queue.q', { 'main.tf': queue('false', 'other') }), []);
    assert.deepEqual(links('module.m.aws_sqs_queue.q', { 'main.tf': queue('false') }), []);
    assert.deepEqual(links('aws_sqs_queue.q', { 'main.tf': 'resource "aws_sqs_queue" "q"' }), []);
  });

  it('is not judged itself', () => {
    const beside = { 'main.tf': queue('false', 'other') };
    const { findings, documents } = analysisOf(planOf({ 'aws_sqs_queue.q': { after: ON } }), beside);
    assert.ok(!findings.some(({ finding }) => finding.node.document.uri !== 'plan.json'));
    assert.deepEqual(
      documents.map(({ uri }) => uri),
      ['plan.json'],
    );
  });
});
