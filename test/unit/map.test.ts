/** The responsibility map: what is counted, grouped, filtered and drawn, and what its view may ask for. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moveFocus, type Place } from '../../client/src/map/keys.ts';
import { fromView, keptScope, knownOf, type MapContent } from '../../client/src/map/messages.ts';
import { crossingsOf, type Filters, filtersOf, modelOf, NO_FILTERS, totalsOf } from '../../client/src/map/model.ts';
import { cleanKey, factsKey, PAGE, render, totalsText } from '../../client/src/map/render.ts';
import { format } from '../../client/src/map/strings.ts';
import type { VNode } from '../../client/src/map/vnode.ts';
import type { MovedHover } from '../../server/src/lsp/protocol.ts';
import { finding, resource, STRINGS, template } from './map-support.ts';

const FACT = { text: 'AWS encrypts it', source: 'A page' };
const MOVE: MovedHover = {
  concern: 'patching',
  from: 'aws',
  to: 'customer',
  text: 'It waits for you.',
  ruleId: 'moves-it',
};
const MOVES = { from: 'aws', to: 'customer' } as const;

const only = (some: Partial<Filters>): Filters => ({ ...NO_FILTERS, ...some });
const addresses = (model: ReturnType<typeof modelOf>) =>
  model.groups.map(({ open, clean }) => [
    open.map((row) => row.resource.address),
    clean.map((row) => row.resource.address),
  ]);

describe('totals of a map', () => {
  it('count findings by side, and facts', () => {
    const totals = totalsOf([
      resource('A', { findings: [finding('a'), finding('b', { side: 'shared' })], aws: [FACT, FACT] }),
      resource('B', { findings: [finding('c'), finding('d', { side: 'aws' })], aws: [FACT] }),
    ]);
    assert.deepEqual(totals, { open: { customer: 2, shared: 1, aws: 1 }, does: 3 });
    assert.equal(
      totalsText(totals, {
        ...STRINGS,
        yours: 'yours {0}',
        shared: 'shared {0}',
        awsOpen: 'AWS {0}',
        awsDoes: 'does {0}',
      }),
      'yours 2 · shared 1 · AWS 1 · does 3',
    );
  });

  it('leave out an AWS side without findings, and in brief all that is none', () => {
    const strings = { ...STRINGS, yours: 'yours {0}', shared: 'shared {0}', awsDoes: 'does {0}' };
    const totals = totalsOf([resource('A', { findings: [finding('a')] })]);
    assert.equal(totalsText(totals, strings), 'yours 1 · shared 0 · does 0');
    assert.equal(totalsText(totals, strings, true), 'yours 1');
  });
});

describe('moved lines', () => {
  const { ruleId: _, ...said } = MOVE;

  it('carry the finding of their rule', () => {
    const about = finding('moves-it', { moves: MOVES });
    const other = finding('other');
    const { crossings, findings } = crossingsOf({ moved: [MOVE], findings: [other, about] });
    assert.deepEqual(crossings, [{ ...said, finding: about }]);
    assert.deepEqual(findings, [other]);
  });

  it('are told apart by their rules where several go the same way', () => {
    const two = [finding('moves-images', { moves: MOVES }), finding('moves-it', { moves: MOVES })];
    const images = { ...MOVE, concern: 'images', ruleId: 'moves-images' };
    const { crossings, findings } = crossingsOf({ moved: [MOVE, images], findings: two });
    assert.deepEqual(
      crossings.map(({ concern, finding: one }) => [concern, one?.ruleId]),
      [
        ['patching', 'moves-it'],
        ['images', 'moves-images'],
      ],
    );
    assert.deepEqual(findings, []);
  });

  it('stand without a finding where no rule reports them, or its finding is gone', () => {
    const other = finding('moves-other', { moves: MOVES });
    for (const ruleId of [undefined, 'moves-it']) {
      const { crossings } = crossingsOf({ moved: [{ ...MOVE, ruleId }], findings: [other] });
      assert.deepEqual(crossings, [said, { ...MOVES, finding: other }]);
    }
  });

  it('are there for a finding that moves the line alone', () => {
    const about = finding('moves-back', { moves: { from: 'customer', to: 'aws' } });
    const { crossings, findings } = crossingsOf({ moved: [MOVE], findings: [about] });
    assert.deepEqual(crossings[1], { from: 'customer', to: 'aws', finding: about });
    assert.equal(findings.length, 0);
  });
});

describe('groups of a map', () => {
  const queue = { id: 'sqs', name: 'Amazon SQS', kind: 'abstracted' } as const;
  const fargate = { id: 'ecs', name: 'Amazon ECS, on Fargate', kind: 'serverless' } as const;

  it('are by service and situation, with what is open first', () => {
    const model = modelOf(
      [
        template([
          resource('Clean', { service: queue }),
          resource('Task', { service: fargate }),
          resource('Open', { service: queue, findings: [finding('a')] }),
          resource('Nobody', { service: undefined, moved: [MOVE] }),
        ]),
      ],
      NO_FILTERS,
    );
    assert.deepEqual(addresses(model), [
      [['Open'], ['Clean']],
      [['Nobody'], []],
      [[], ['Task']],
    ]);
    assert.equal(model.resources, 4);
    assert.deepEqual(model.hidden, { findings: 0, resources: 0 });
  });

  it('put the worst first in a row, and name files where there are several', () => {
    const worst = [finding('a', { severity: 'info' }), finding('b', { severity: 'critical' }), finding('c')];
    const model = modelOf(
      [template([resource('A', { findings: worst })]), template([resource('A')], 'file:///b.yaml')],
      NO_FILTERS,
    );
    const [row] = model.groups[0]!.open;
    assert.deepEqual(
      row!.findings.customer.map(({ ruleId }) => ruleId),
      ['b', 'c', 'a'],
    );
    assert.equal(row!.file, 'a.yaml');
    assert.notEqual(row!.key, model.groups[0]!.clean[0]!.key);
  });

  it('tell resources of one name apart', () => {
    const model = modelOf([template([resource('A'), resource('A'), resource('A')])], NO_FILTERS);
    assert.equal(new Set(model.groups[0]!.clean.map(({ key }) => key)).size, 3);
  });
});

describe('filters of a map', () => {
  const templates = [
    template([
      resource('Bucket', {
        findings: [finding('acl', { severity: 'critical', category: 'public-access' }), finding('log')],
      }),
      resource('Database', {
        moved: [MOVE],
        findings: [finding('moves-it', { moves: MOVES, severity: 'low', message: 'Message of minor' })],
      }),
      resource('Quiet'),
    ]),
  ];

  for (const { name, filters, left, hidden } of [
    { name: 'a severity', filters: only({ severities: ['critical'] }), left: [['Bucket'], []], hidden: [2, 2] },
    {
      name: 'two severities',
      filters: only({ severities: ['critical', 'low'] }),
      left: [['Bucket', 'Database'], []],
      hidden: [1, 1],
    },
    { name: 'a category', filters: only({ category: 'public-access' }), left: [['Bucket'], []], hidden: [2, 2] },
    { name: 'moved lines', filters: only({ moved: true }), left: [['Database'], []], hidden: [2, 2] },
    { name: 'a name, in any case', filters: only({ text: ' quiet ' }), left: [[], ['Quiet']], hidden: [3, 2] },
    { name: 'a message', filters: only({ text: 'of ACL' }), left: [['Bucket'], []], hidden: [2, 2] },
    {
      name: 'a concern has its finding’s words',
      filters: only({ text: 'minor' }),
      left: [['Database'], []],
      hidden: [2, 2],
    },
    { name: 'the service', filters: only({ text: 'some' }), left: [['Bucket', 'Database'], ['Quiet']], hidden: [0, 0] },
  ]) {
    it(`${name}`, () => {
      const model = modelOf(templates, filters);
      assert.deepEqual(addresses(model), [left]);
      assert.deepEqual([model.hidden.findings, model.hidden.resources], hidden);
      assert.deepEqual(model.totals, modelOf(templates, NO_FILTERS).totals);
    });
  }

  it('leave nothing where nothing matches', () => {
    const model = modelOf(templates, only({ text: 'no such thing', moved: true }));
    assert.deepEqual(model.groups, []);
    assert.deepEqual(model.hidden, { findings: 3, resources: 3 });
  });

  it('are read from a kept state, whatever that holds', () => {
    for (const bad of [
      undefined,
      null,
      7,
      'x',
      [],
      { severities: 'critical', category: '__proto__', moved: 1, text: {} },
    ])
      assert.deepEqual(filtersOf(bad), { ...NO_FILTERS });
    const good = { severities: ['low', 'critical', 'evil'], category: 'iam', moved: true, text: 'a'.repeat(500) };
    assert.deepEqual(filtersOf(good), {
      severities: ['critical', 'low'],
      category: 'iam',
      moved: true,
      text: 'a'.repeat(200),
    });
  });
});

/** All elements below, in order. */
function* all(nodes: readonly (VNode | string)[]): Generator<VNode> {
  for (const node of nodes) {
    if (typeof node === 'string') continue;
    yield node;
    yield* all(node.children);
  }
}

function textOf(node: VNode | string): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('');
}

function draw(
  content: Partial<MapContent>,
  state: { filters?: Filters; expanded?: string[]; more?: [string, number][] } = {},
) {
  const whole: MapContent = { scope: 'active', notes: [], templates: [], ...content };
  const { filters = NO_FILTERS, expanded = [], more = [] } = state;
  const model = modelOf(whole.templates, filters);
  const { nodes, actions } = render(
    whole,
    model,
    { filters, expanded: new Set(expanded), more: new Map(more) },
    STRINGS,
  );
  return { nodes: [...all(nodes)], actions, model };
}

describe('the drawn map', () => {
  const bucket = resource('Bucket', {
    aws: [{ ...FACT, since: '2023', terraform: 'not so' }],
    moved: [MOVE],
    findings: [
      finding('yours', { condition: 'IsProd' }),
      finding('both', { side: 'shared' }),
      finding('theirs', { side: 'aws' }),
      finding('moves-it', { moves: MOVES, message: 'Message of minor' }),
    ],
  });

  it('has each finding on its side, and what a moved line says where it went', () => {
    const { nodes } = draw({ templates: [template([bucket])] });
    const cell = (side: string, row: string) =>
      nodes
        .filter(({ attributes }) => attributes.role === 'row' && attributes.class?.startsWith(row))
        .flatMap((node) => [...all([node])])
        .filter(({ attributes }) => attributes.role === 'gridcell' && attributes.class?.startsWith(`cell ${side}`))
        .map(textOf)
        .join();
    assert.match(cell('customer', 'resource'), /Message of yours when IsProd/);
    assert.match(cell('shared', 'resource'), /Message of both/);
    assert.match(cell('aws', 'resource'), /Message of theirs/);
    assert.doesNotMatch(cell('customer', 'resource'), /minor/);
    assert.match(
      cell('customer', 'crossing'),
      /movedFromTo ends\.aws.*movedTo patching ends\.customer.*Message of minor/,
    );
    assert.equal(cell('aws', 'crossing') + cell('shared', 'crossing'), '');
  });

  it('says the severity by letter, shape and word, and hovers say message, rule and severity', () => {
    const { nodes } = draw({ templates: [template([bucket])] });
    const link = nodes.find(({ key }) => key?.startsWith('finding yours'))!;
    assert.equal(link.attributes.title, 'Message of yours\nyours · severities.medium {0} {1}');
    const mark = [...all([link])].find(({ attributes }) => attributes.class === 'mark medium')!;
    assert.match(textOf(mark), /letters\.medium.*severities\.medium/);
  });

  it('does what was asked for', () => {
    const { nodes, actions } = draw({ templates: [template([bucket])] });
    const ids = nodes.flatMap(({ attributes }) => attributes['data-id'] ?? []);
    assert.equal(new Set(ids).size, ids.length, 'ids are unique');
    assert.deepEqual(
      [...actions.keys()].filter((id) => !ids.includes(id)),
      [],
    );
    const known = knownOf([template([bucket])]);
    for (const action of actions.values()) {
      if (['open', 'rule', 'service', 'scope'].includes(action.type)) assert.deepEqual(fromView(action, known), action);
    }
    const { range } = finding('minor');
    assert.deepEqual([...actions].find(([id]) => id.startsWith('crossing'))?.[1], {
      type: 'open',
      uri: 'file:///a.yaml',
      range,
    });
  });

  it('opens facts, and resources with nothing open, on demand', () => {
    const templates = [template([bucket, resource('Quiet')])];
    const closed = draw({ templates });
    const names = ({ nodes }: typeof closed) =>
      nodes.flatMap((node) => (node.key?.startsWith('name ') ? [textOf(node)] : []));
    assert.deepEqual(names(closed), ['Bucket']);
    assert.ok(!closed.nodes.some((node) => textOf(node).includes(FACT.text)));
    const [group] = closed.model.groups;
    const opened = draw({ templates }, { expanded: [factsKey(group!.open[0]!), cleanKey(group!)] });
    assert.deepEqual(names(opened), ['Bucket', 'Quiet']);
    const fact = opened.nodes.find(({ tag }) => tag === 'li')!;
    assert.match(textOf(fact), /AWS encrypts it inTerraform not so .*since 2023 .*A page/);
  });

  it('draws a page of many at a time', () => {
    const many = Array.from({ length: 250 }, (_, at) => resource(`R${at}`, { findings: [finding('a')] }));
    const count = (nodes: readonly VNode[]) => nodes.filter(({ key }) => key?.startsWith('name ')).length;
    const first = draw({ templates: [template(many)] });
    assert.equal(count(first.nodes), PAGE);
    const [id, action] = [...first.actions].find(([key]) => key.startsWith('more'))!;
    assert.deepEqual(action, { type: 'more', key: first.model.groups[0]!.key });
    assert.ok(id);
    const second = draw({ templates: [template(many)] }, { more: [[first.model.groups[0]!.key, PAGE]] });
    assert.equal(count(second.nodes), 2 * PAGE);
  });

  it('says in words where there is nothing to see', () => {
    const empty = (content: Partial<MapContent>, filters?: Filters) =>
      draw(content, { filters })
        .nodes.filter(({ attributes }) => attributes.class === 'empty')
        .map(textOf)
        .join();
    assert.equal(empty({ empty: 'Open a template.' }), 'Open a template.');
    assert.match(empty({ templates: [template([])] }), /^noResources/);
    assert.match(empty({ templates: [template([resource('A')])] }), /^nothingOpen /);
    assert.match(empty({ templates: [template([resource('A', { aws: [FACT, FACT] })])] }), /^nothingOpenMany 2/);
    assert.match(empty({ templates: [template([bucket])] }, only({ text: 'nowhere' })), /^noMatch/);
    assert.equal(empty({ templates: [template([bucket])] }), '');
  });

  it('takes hostile text as text', () => {
    const evil = '"><img src=x onerror=alert(1)>';
    const bad = resource(evil, {
      type: evil,
      service: { id: evil, name: evil, kind: 'managed' },
      aws: [{ text: evil, source: evil }],
      moved: [{ concern: evil, from: 'aws', to: 'customer', text: evil }],
      findings: [finding(evil, { message: evil, condition: evil })],
    });
    const { nodes } = draw({ templates: [template([bad])], notes: [evil], name: evil });
    const tags = new Set(nodes.map(({ tag }) => tag));
    const known = 'header div h1 h2 span p button input select option main ul li'.split(' ');
    assert.deepEqual(
      [...tags].filter((tag) => !known.includes(tag)),
      [],
    );
    const names = new Set(nodes.flatMap(({ attributes }) => Object.keys(attributes)));
    assert.deepEqual(
      [...names].filter((name) => /^on|^(href|src|style|srcdoc)$/.test(name)),
      [],
    );
    assert.ok(nodes.some((node) => textOf(node).includes(evil)));
  });
});

describe('messages of the view', () => {
  const known = knownOf([template([resource('A', { findings: [finding('a-rule')] })])]);
  const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 8 } };

  it('are taken where they name what was sent', () => {
    const open = { type: 'open', uri: 'file:///a.yaml', range };
    assert.deepEqual(fromView({ ...open, more: 1, range: { ...range, extra: {} } }, known), open);
    assert.deepEqual(fromView({ type: 'rule', ruleId: 'a-rule' }, known), { type: 'rule', ruleId: 'a-rule' });
    assert.deepEqual(fromView({ type: 'service', serviceId: 'some' }, known), { type: 'service', serviceId: 'some' });
    assert.deepEqual(fromView({ type: 'scope', scope: 'folder' }, known), { type: 'scope', scope: 'folder' });
    assert.deepEqual(fromView({ type: 'ready' }, known), { type: 'ready' });
  });

  for (const message of [
    undefined,
    'ready',
    { type: 'run' },
    { type: 'open', uri: 'file:///etc/passwd', range },
    { type: 'open', uri: 'file:///a.yaml', range: { start: { line: 9, character: 0 }, end: range.end } },
    { type: 'open', uri: 'file:///a.yaml', range: { start: { line: '1', character: 2 }, end: range.end } },
    { type: 'open', uri: 'file:///a.yaml' },
    { type: 'rule', ruleId: 'another-rule' },
    { type: 'rule', ruleId: ['a-rule'] },
    { type: 'service', serviceId: '../some' },
    { type: 'scope', scope: 'everything' },
    { type: 'toggle', key: 'x' },
  ]) {
    it(`are dropped otherwise: ${JSON.stringify(message)}`, () => assert.equal(fromView(message, known), undefined));
  }

  it('have ids of a plain form, though the server sent others', () => {
    const odd = knownOf([template([resource('A', { findings: [finding('a rule(')] })])]);
    assert.equal(fromView({ type: 'rule', ruleId: 'a rule(' }, odd), undefined);
  });

  it('keep which map was shown', () => {
    assert.deepEqual(keptScope({ scope: 'folder', uri: 'file:///x' }), { scope: 'folder', uri: 'file:///x' });
    for (const bad of [undefined, 1, {}, { scope: 'folder' }, { scope: 'pinned', uri: 'x'.repeat(5000) }])
      assert.deepEqual(keptScope(bad), { scope: 'active' });
    assert.deepEqual(keptScope({ scope: 'evil', uri: 'file:///x' }), { scope: 'active', uri: 'file:///x' });
  });
});

describe('keys of the map', () => {
  // Two findings beside their rules on your side, then a row without any, then one with a shared one.
  const rows = [
    [0, 1, 3, 3.5, 3, 3.5],
    [0, 1],
    [0, 2, 2.5, 3],
  ];
  const places: Place[] = rows.flatMap((columns, row) => columns.map((column) => ({ row, column })));

  for (const { key, from, to, control = false } of [
    { key: 'ArrowRight', from: 0, to: 1 },
    { key: 'ArrowRight', from: 5, to: 5 },
    { key: 'ArrowLeft', from: 6, to: 6 },
    { key: 'ArrowLeft', from: 3, to: 2 },
    { key: 'ArrowDown', from: 2, to: 4 },
    { key: 'ArrowDown', from: 4, to: 6 },
    { key: 'ArrowDown', from: 1, to: 7 },
    { key: 'ArrowDown', from: 7, to: 8 },
    { key: 'ArrowDown', from: 11, to: 11 },
    { key: 'ArrowUp', from: 4, to: 2 },
    { key: 'ArrowUp', from: 8, to: 6 },
    { key: 'ArrowUp', from: 11, to: 6 },
    { key: 'ArrowUp', from: 0, to: 0 },
    { key: 'Home', from: 4, to: 0 },
    { key: 'End', from: 7, to: 7 },
    { key: 'End', from: 8, to: 11 },
    { key: 'Home', from: 9, to: 0, control: true },
    { key: 'End', from: 0, to: 11, control: true },
  ]) {
    it(`${control ? 'Ctrl+' : ''}${key} from ${from} to ${to}`, () =>
      assert.equal(moveFocus(places, from, key, control), to));
  }

  it('leave other keys alone', () => {
    assert.equal(moveFocus(places, 0, 'a', false), undefined);
    assert.equal(moveFocus([], 0, 'ArrowDown', false), undefined);
  });

  it('reach everything', () => {
    const reached = new Set([0]);
    for (const at of reached)
      for (const key of ['ArrowRight', 'ArrowDown']) reached.add(moveFocus(places, at, key, false)!);
    assert.equal(reached.size, places.length);
  });
});

describe('words with places', () => {
  it('take their values once', () => {
    assert.equal(format('{0} of {1}, {2}', '{1}', 2), '{1} of 2, {2}');
  });
});
