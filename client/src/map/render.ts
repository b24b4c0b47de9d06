/** The map as a tree of elements: what is shown for a model, and what each element does. Pure: patch.ts makes it a document. */

import type { FactHover, MapFinding } from '../../../server/src/lsp/protocol.ts';
import type { Severity, Side } from '../../../server/src/rules/rule.ts';
import { type FromView, type MapContent, SCOPES } from './messages.ts';
import {
  type Crossing,
  type Filters,
  type Group,
  isFiltered,
  type MapModel,
  openOf,
  type Row,
  SEVERITIES,
  type Totals,
} from './model.ts';
import { format, type Strings } from './strings.ts';
import { h, spoken, twist, type VNode } from './vnode.ts';

/** What a click on an element does. */
export type Action =
  | FromView
  | { readonly type: 'toggle'; readonly key: string }
  | { readonly type: 'more'; readonly key: string }
  | { readonly type: 'severity'; readonly severity: Severity }
  | { readonly type: 'moved' }
  | { readonly type: 'clear' };

/** What the view remembers besides the map. */
export interface ViewState {
  readonly filters: Filters;
  /** Keys of what is opened up. */
  readonly expanded: ReadonlySet<string>;
  /** How many resources of a group are shown beyond the first {@link PAGE}. */
  readonly more: ReadonlyMap<string, number>;
}

export interface Rendered {
  readonly nodes: readonly VNode[];
  /** By the `data-id` of the element. */
  readonly actions: ReadonlyMap<string, Action>;
}

/** Resources of one group that are shown at once. */
export const PAGE = 100;

const SIDES: readonly Side[] = ['aws', 'shared', 'customer'];

/** Keys of what opens up. */
export const factsKey = (row: Row): string => `facts ${row.key}`;
export const cleanKey = (group: Group): string => `clean ${group.key}`;

/** "yours 3 · shared 1 · AWS does 4"; `brief`: without what there is none of. */
export function totalsText({ open, does }: Totals, strings: Strings, brief = false): string {
  const parts: readonly (readonly [string, number, always: boolean])[] = [
    [strings.yours, open.customer, !brief],
    [strings.shared, open.shared, !brief],
    [strings.awsOpen, open.aws, false],
    [strings.awsDoes, does, !brief],
  ];
  return parts.flatMap(([text, count, always]) => (always || count ? [format(text, count)] : [])).join(' · ');
}

/** Draws one map; keeps what its elements do. */
class Renderer {
  readonly actions = new Map<string, Action>();
  private row = 0;

  constructor(
    private readonly content: MapContent,
    private readonly model: MapModel,
    private readonly state: ViewState,
    private readonly strings: Strings,
  ) {}

  private button(
    id: string,
    action: Action,
    attributes: VNode['attributes'],
    ...children: readonly (VNode | string)[]
  ): VNode {
    this.actions.set(id, action);
    return h('button', { type: 'button', 'data-id': id, key: id, ...attributes }, ...children);
  }

  /** A button of the grid: the arrow keys reach it. */
  private stop(
    id: string,
    column: number,
    action: Action,
    attributes: VNode['attributes'],
    ...children: readonly (VNode | string)[]
  ): VNode {
    const place = { 'data-row': String(this.row), 'data-column': String(column) };
    return this.button(id, action, { ...place, ...attributes }, ...children);
  }

  head(): VNode {
    const { content, model, strings } = this;
    const title = content.name ?? strings.title;
    const [only] = content.templates;
    const what =
      content.scope === 'folder'
        ? format(strings.files, content.templates.length)
        : only && (strings.dialects[only.dialect] ?? only.dialect);
    const scopes = SCOPES.map((scope) =>
      this.button(
        `scope ${scope}`,
        { type: 'scope', scope },
        { class: 'chip', 'aria-pressed': String(content.scope === scope), title: strings.scopeHints[scope] },
        strings.scopes[scope],
      ),
    );
    return h(
      'header',
      { key: 'head' },
      h(
        'div',
        { class: 'title', key: 'title' },
        h('h1', { title: content.uri }, title, ...(what ? [h('span', { class: 'muted' }, what)] : [])),
        h('div', { class: 'chips', role: 'group', 'aria-label': strings.scope }, ...scopes),
      ),
      ...(content.empty === undefined
        ? [h('p', { class: 'totals', key: 'totals' }, totalsText(model.totals, strings)), this.filters()]
        : []),
    );
  }

  private filters(): VNode {
    const { model, strings } = this;
    const { filters } = this.state;
    const severities = SEVERITIES.filter((one) => model.severities[one] || filters.severities.includes(one));
    const categories = strings.categories;
    const options = model.categories.map((one) => h('option', { value: one, key: one }, categories[one]));
    if (filters.category && !model.categories.includes(filters.category))
      options.push(h('option', { value: filters.category, key: filters.category }, categories[filters.category]));
    return h(
      'div',
      { class: 'filters', role: 'search', 'aria-label': strings.filters, key: 'filters' },
      h('input', {
        type: 'search',
        key: 'search',
        'data-id': 'search',
        placeholder: strings.search,
        'aria-label': strings.search,
        'aria-keyshortcuts': '/',
        spellcheck: 'false',
        value: filters.text,
      }),
      h(
        'div',
        { class: 'chips', key: 'severities' },
        ...severities.map((severity) =>
          this.button(
            `severity ${severity}`,
            { type: 'severity', severity },
            {
              class: 'chip',
              'aria-pressed': String(filters.severities.includes(severity)),
              title: strings.severities[severity],
            },
            this.mark(severity),
            String(model.severities[severity]),
          ),
        ),
      ),
      h(
        'select',
        { key: 'category', 'data-id': 'category', 'aria-label': strings.category, value: filters.category ?? '' },
        h('option', { value: '', key: '' }, strings.allCategories),
        ...options,
      ),
      this.button(
        'moved',
        { type: 'moved' },
        { class: 'chip', 'aria-pressed': String(filters.moved) },
        h('span', { 'aria-hidden': 'true' }, '→ '),
        strings.onlyMoved,
      ),
    );
  }

  body(): VNode {
    const { content, model, strings, state } = this;
    const children: VNode[] = content.notes.map((note, at) => h('p', { class: 'note', key: `note ${at}` }, note));
    if (content.empty !== undefined) children.push(h('p', { class: 'empty', key: 'empty' }, content.empty));
    else {
      const sentence = this.sentence();
      if (sentence) children.push(h('p', { class: 'empty', key: 'empty' }, sentence));
      const { findings, resources } = model.hidden;
      if (isFiltered(state.filters)) {
        children.push(
          h(
            'p',
            { class: 'note', key: 'hidden' },
            `${format(strings.hiddenFindings, findings)} · ${format(strings.hiddenResources, resources)} `,
            this.button('clear', { type: 'clear' }, { class: 'link' }, strings.clearFilters),
          ),
        );
      }
      if (model.groups.length) children.push(this.grid());
    }
    return h('main', { key: 'main', 'aria-label': strings.title }, ...children);
  }

  /** What is to be said in words where there is little to see. */
  private sentence(): string | undefined {
    const { model, strings } = this;
    if (!model.resources) return strings.noResources;
    if (!model.groups.length) return strings.noMatch;
    if (openOf(model.totals)) return undefined;
    const { does } = model.totals;
    if (!does) return strings.nothingOpen;
    return does === 1 ? strings.nothingOpenOne : format(strings.nothingOpenMany, does);
  }

  private grid(): VNode {
    const { columns } = this.strings;
    const headers = SIDES.map((side, at) =>
      h(
        'div',
        { role: 'columnheader', 'aria-colindex': String(at + 2), class: `cell ${side}`, key: side },
        columns[side],
      ),
    );
    return h(
      'div',
      { role: 'grid', 'aria-label': this.strings.title, 'aria-colcount': '4', 'aria-readonly': 'true', key: 'grid' },
      h(
        'div',
        { role: 'row', class: 'columns', key: 'columns' },
        h('div', { role: 'columnheader', 'aria-colindex': '1', class: 'spoken', key: 'resource' }, columns.resource),
        ...headers,
      ),
      ...this.model.groups.map((group) => this.group(group)),
    );
  }

  private group(group: Group): VNode {
    const { strings, state } = this;
    const { service } = group;
    this.row++;
    const name = service
      ? this.stop(
          `service ${group.key}`,
          0,
          { type: 'service', serviceId: service.id },
          { class: 'link', title: format(strings.explainService, service.name) },
          service.name,
        )
      : strings.noService;
    const head = h(
      'div',
      { role: 'row', class: 'service', key: 'service' },
      h(
        'div',
        { role: 'rowheader', 'aria-colspan': '4' },
        h('h2', {}, name),
        ...(service ? [h('span', { class: 'muted', key: 'class' }, strings.classes[service.kind])] : []),
        h('span', { class: 'muted sums', key: 'sums' }, totalsText(group.totals, strings, true)),
      ),
    );
    const shown = PAGE + (state.more.get(group.key) ?? 0);
    const rows = group.open.slice(0, shown).flatMap((row) => this.resource(row));
    const rest = group.open.length - shown;
    if (rest > 0)
      rows.push(this.wide(`more ${group.key}`, { type: 'more', key: group.key }, format(strings.showMore, rest)));
    if (group.clean.length) {
      const key = cleanKey(group);
      const expanded = state.expanded.has(key);
      const count = group.clean.length;
      const text = count === 1 ? strings.cleanOne : format(strings.cleanMany, count);
      rows.push(this.wide(key, { type: 'toggle', key }, text, expanded));
      if (expanded) {
        const end = PAGE + (state.more.get(key) ?? 0);
        rows.push(...group.clean.slice(0, end).flatMap((row) => this.resource(row)));
        if (count > end)
          rows.push(this.wide(`more ${key}`, { type: 'more', key }, format(strings.showMore, count - end)));
      }
    }
    return h('div', { role: 'rowgroup', class: 'group', key: `group ${group.key}` }, head, ...rows);
  }

  /** Text of the grid that leads somewhere: unlike a button it breaks over lines. */
  private link(
    id: string,
    column: number,
    action: Action,
    attributes: VNode['attributes'],
    ...children: readonly (VNode | string)[]
  ): VNode {
    this.actions.set(id, action);
    const place = { 'data-row': String(this.row), 'data-column': String(column), 'data-id': id };
    return h('span', { role: 'link', ...place, key: id, ...attributes }, ...children);
  }

  /** A row that is one button. */
  private wide(id: string, action: Action, text: string, expanded?: boolean): VNode {
    this.row++;
    const attributes = { class: 'link', 'aria-expanded': expanded === undefined ? undefined : String(expanded) };
    return h(
      'div',
      { role: 'row', class: 'wide', key: id },
      h(
        'div',
        { role: 'gridcell', 'aria-colspan': '4' },
        this.stop(id, 0, action, attributes, ...(expanded === undefined ? [] : [twist(expanded)]), text),
      ),
    );
  }

  private resource(row: Row): VNode[] {
    const { strings } = this;
    const { address, type, range } = row.resource;
    this.row++;
    const name = this.stop(
      `name ${row.key}`,
      0,
      { type: 'open', uri: row.uri, range },
      { class: 'link name', title: format(strings.goTo, address) },
      address,
    );
    // Terraform's addresses say the type themselves.
    const where = [address.includes(type) ? '' : type, row.file ?? ''].filter(Boolean);
    return [
      h(
        'div',
        { role: 'row', class: 'resource', key: `row ${row.key}` },
        h(
          'div',
          { role: 'rowheader', 'aria-colindex': '1', class: 'head' },
          name,
          ...where.map((one, at) => h('span', { class: 'muted', key: `where ${at}` }, one)),
        ),
        ...SIDES.map((side, at) => this.cell(row, side, at + 1)),
        ...this.done(row),
      ),
      ...row.crossings.map((crossing, at) => this.crossing(row, crossing, at)),
    ];
  }

  private cell(row: Row, side: Side, column: number): VNode {
    const children: VNode[] = [];
    const { aws } = row.resource;
    if (side === 'aws' && aws.length) {
      const key = factsKey(row);
      const expanded = this.state.expanded.has(key);
      const text = format(this.strings.awsDoes, aws.length);
      const attributes = { class: 'link quiet', 'aria-expanded': String(expanded) };
      children.push(this.stop(key, column, { type: 'toggle', key }, attributes, twist(expanded), text));
    }
    const times = new Map<string, number>();
    for (const finding of row.findings[side]) {
      const time = times.get(finding.ruleId) ?? 0;
      times.set(finding.ruleId, time + 1);
      children.push(this.finding(row, finding, column, `${finding.ruleId} ${time} ${row.key}`));
    }
    const label = this.strings.columns[side];
    const state = children.length ? '' : ' nothing';
    return h(
      'div',
      {
        role: 'gridcell',
        'aria-colindex': String(column + 1),
        class: `cell ${side}${state}`,
        'data-label': label,
        key: side,
      },
      ...children,
    );
  }

  /** What AWS does there, where it is opened up. */
  private done(row: Row): readonly VNode[] {
    if (!this.state.expanded.has(factsKey(row)) || !row.resource.aws.length) return [];
    const list = h('ul', { class: 'facts' }, ...row.resource.aws.map((fact) => this.fact(fact)));
    return [h('div', { role: 'gridcell', 'aria-colindex': '2', class: 'cell done', key: 'done' }, list)];
  }

  private fact({ text, terraform, since, source }: FactHover): VNode {
    const { strings } = this;
    const said = terraform ? `${text} ${format(strings.inTerraform, terraform)}` : text;
    const small = since ? `${format(strings.since, since)} · ${source}` : source;
    return h('li', {}, said, ' ', h('span', { class: 'muted' }, small));
  }

  private finding(row: Row, finding: MapFinding, column: number, id: string): VNode {
    const { strings } = this;
    const { moves } = finding;
    const moved = moves && format(strings.movedFromTo, strings.ends[moves.from], strings.ends[moves.to]);
    return h(
      'div',
      { class: 'finding', key: id },
      this.link(
        `finding ${id}`,
        column,
        { type: 'open', uri: row.uri, range: finding.range },
        { class: 'goto', title: this.hint(finding) },
        this.mark(finding.severity),
        h('span', { class: 'message' }, finding.message, ...this.condition(finding), ...(moved ? [` (${moved})`] : [])),
      ),
      this.ruleLink(finding, column, id),
    );
  }

  private ruleLink({ ruleId }: MapFinding, column: number, id: string): VNode {
    const title = format(this.strings.explainRule, ruleId);
    const attributes = { class: 'link rule', title, 'aria-label': title };
    // A column of its own beside the findings': up and down go from finding to finding.
    return this.link(
      `rule ${id}`,
      column + 0.5,
      { type: 'rule', ruleId },
      attributes,
      h('span', { class: 'long' }, ruleId),
      h('span', { class: 'short' }, this.strings.why),
    );
  }

  private condition({ condition }: MapFinding): readonly VNode[] {
    return condition ? [h('span', { class: 'muted' }, ` ${format(this.strings.when, condition)}`)] : [];
  }

  private hint({ message, ruleId, severity }: MapFinding): string {
    return `${message}\n${ruleId} · ${this.strings.severities[severity]}`;
  }

  /** A severity: colour, shape and letter, and its name for those who hear it. */
  private mark(severity: Severity): VNode {
    const letter = h('span', { 'aria-hidden': 'true' }, this.strings.letters[severity]);
    return h('span', { class: `mark ${severity}` }, letter, spoken(`${this.strings.severities[severity]}: `));
  }

  /** A row of its own, with a bar from the side it came from to the side it went to. What it says stands where it went. */
  private crossing(row: Row, crossing: Crossing, at: number): VNode {
    const { strings } = this;
    const { from, to, concern, text, finding } = crossing;
    this.row++;
    const id = `crossing ${at} ${row.key}`;
    const target = finding?.range ?? row.resource.range;
    const column = SIDES.indexOf(to) + 1;
    const label = concern && format(strings.movedTo, concern, strings.ends[to]);
    const fromTo = format(strings.movedFromTo, strings.ends[from], strings.ends[to]);
    const title = [label, finding ? this.hint(finding) : text].filter(Boolean).join('\n');
    const said = [
      ...(label ? [h('span', { class: 'concern', key: 'concern' }, label)] : []),
      ...(finding
        ? [h('span', { class: 'message', key: 'message' }, finding.message, ...this.condition(finding))]
        : text
          ? [h('span', { class: 'message', key: 'message' }, text)]
          : []),
    ];
    const content = [
      this.link(
        id,
        column,
        { type: 'open', uri: row.uri, range: target },
        { class: 'goto', title },
        ...(finding ? [this.mark(finding.severity)] : []),
        spoken(`${fromTo}. `),
        h('span', { class: 'said' }, ...said),
      ),
      ...(finding ? [this.ruleLink(finding, column, id)] : []),
    ];
    const direction = SIDES.indexOf(from) < SIDES.indexOf(to) ? 'right' : 'left';
    const cells = SIDES.map((side, index) =>
      h(
        'div',
        {
          role: 'gridcell',
          'aria-colindex': String(index + 2),
          class: `cell ${side} ${side === to ? 'end' : side === from ? 'start' : between(side, from, to)}`,
          'data-label': side === to ? fromTo : undefined,
          key: side,
        },
        ...(side === to ? content : []),
      ),
    );
    return h('div', { role: 'row', class: `crossing ${direction}`, key: id }, ...cells);
  }
}

function between(side: Side, from: Side, to: Side): string {
  return side === 'shared' && from !== to ? 'through' : '';
}

/** The whole view. */
export function render(content: MapContent, model: MapModel, state: ViewState, strings: Strings): Rendered {
  const renderer = new Renderer(content, model, state, strings);
  const nodes = [renderer.head(), renderer.body()];
  return { nodes, actions: renderer.actions };
}
