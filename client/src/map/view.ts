/** Runs in the map's webview: shows what the extension sends, follows clicks and keys, keeps its state. */

import { moveFocus } from './keys.ts';
import type { FromView, MapContent, ToView } from './messages.ts';
import { filtersOf, modelOf, NO_FILTERS } from './model.ts';
import { patch } from './patch.ts';
import { type Action, cleanKey, factsKey, PAGE, render, totalsText, type ViewState } from './render.ts';
import type { Strings } from './strings.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromView): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** Things opened up that are remembered. */
const MOST_KEPT = 500;
/** Milliseconds for which a resource that was asked for stands out. */
const FLASH = 1200;

const vscode = acquireVsCodeApi();
const root = document.createElement('div');
root.id = 'map';
const live = document.createElement('div');
live.className = 'spoken';
live.setAttribute('role', 'status');
live.setAttribute('aria-live', 'polite');
document.body.append(root, live);

let strings: Strings | undefined;
let content: MapContent | undefined;
let wanted: { readonly uri: string; readonly address: string } | undefined;
let actions: ReadonlyMap<string, Action> = new Map();
let state: ViewState;
/** Where the page was scrolled to before a reload, until there is a page to scroll. */
let scroll: number | undefined;
/** The `data-id` of the grid's button that Tab reaches. */
let current: string | undefined;

function restore(): void {
  const kept = vscode.getState();
  const { filters, expanded, scrolled } = (typeof kept === 'object' && kept !== null ? kept : {}) as Record<
    string,
    unknown
  >;
  const keys = Array.isArray(expanded) ? expanded.filter((key) => typeof key === 'string') : [];
  state = { filters: filtersOf(filters), expanded: new Set(keys), more: new Map() };
  scroll = typeof scrolled === 'number' ? scrolled : undefined;
}

function keep(): void {
  vscode.setState({
    filters: state.filters,
    expanded: [...state.expanded].slice(-MOST_KEPT),
    scrolled: document.scrollingElement?.scrollTop ?? 0,
    scope: content?.scope,
    uri: content?.uri,
  });
}

function draw(): void {
  if (!strings || !content) return;
  const model = modelOf(content.templates, state.filters);
  const rendered = render(content, model, state, strings);
  actions = rendered.actions;
  const focused = document.activeElement;
  const lost = focused instanceof HTMLElement ? focused.dataset.id : undefined;
  const before = lost === undefined ? -1 : stops().findIndex((stop) => stop.dataset.id === lost);
  patch(root, rendered.nodes);
  rove(lost !== undefined && !actions.has(lost) ? before : -1);
  const said = content.empty ?? totalsText(model.totals, strings);
  if (live.textContent !== said) live.textContent = said;
  if (scroll !== undefined && model.resources) {
    document.scrollingElement?.scrollTo(0, scroll);
    scroll = undefined;
  }
  keep();
}

/** All of the grid that the arrow keys reach. */
function stops(): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[role=grid] [data-row]')];
}

/** Lets Tab reach one button of the grid. `fallen`: the focus was on the one at that index, which is gone. */
function rove(fallen: number): void {
  const all = stops();
  const found = all.find((stop) => stop.dataset.id === current) ?? all[0];
  current = found?.dataset.id;
  for (const stop of all) stop.tabIndex = stop === found ? 0 : -1;
  if (fallen >= 0) all[Math.min(fallen, all.length - 1)]?.focus();
}

function focusStop(stop: HTMLElement | undefined): void {
  if (!stop) return;
  stop.focus();
  stop.scrollIntoView({ block: 'nearest' });
}

function act(action: Action): void {
  switch (action.type) {
    case 'toggle': {
      const expanded = new Set(state.expanded);
      if (!expanded.delete(action.key)) expanded.add(action.key);
      state = { ...state, expanded };
      draw();
      return;
    }
    case 'more': {
      const more = new Map(state.more);
      more.set(action.key, (more.get(action.key) ?? 0) + PAGE);
      state = { ...state, more };
      draw();
      return;
    }
    case 'severity': {
      const { severities } = state.filters;
      const { severity } = action;
      const chosen = severities.includes(severity)
        ? severities.filter((one) => one !== severity)
        : [...severities, severity];
      filter({ severities: chosen });
      return;
    }
    case 'moved':
      filter({ moved: !state.filters.moved });
      return;
    case 'clear':
      filter(NO_FILTERS);
      searchField()?.focus();
      return;
    default:
      vscode.postMessage(action);
  }
}

function filter(change: Partial<ViewState['filters']>): void {
  state = { ...state, filters: filtersOf({ ...state.filters, ...change }) };
  draw();
}

const searchField = () => root.querySelector<HTMLInputElement>('[data-id=search]');

/** Opens up the resource that was asked for and puts the focus on its name. */
function show(): void {
  if (!wanted || !content?.templates.some(({ uri }) => uri === wanted?.uri)) return;
  const { uri, address } = wanted;
  wanted = undefined;
  const find = (filters: ViewState['filters']) => {
    for (const group of modelOf(content?.templates ?? [], filters).groups) {
      for (const list of [group.open, group.clean]) {
        const at = list.findIndex((row) => row.uri === uri && row.resource.address === address);
        if (at >= 0) return { group, at, row: list[at]!, clean: list === group.clean };
      }
    }
    return undefined;
  };
  let found = find(state.filters);
  if (!found) {
    state = { ...state, filters: NO_FILTERS };
    found = find(NO_FILTERS);
  }
  if (!found) {
    draw();
    return;
  }
  const expanded = new Set(state.expanded).add(factsKey(found.row));
  if (found.clean) expanded.add(cleanKey(found.group));
  const more = new Map(state.more);
  const page = found.clean ? cleanKey(found.group) : found.group.key;
  more.set(page, Math.max(more.get(page) ?? 0, found.at + 1 - PAGE));
  state = { ...state, expanded, more };
  scroll = undefined;
  draw();
  const name = stops().find((stop) => stop.dataset.id === `name ${found.row.key}`);
  name?.focus({ preventScroll: true });
  const row = name?.closest('[role=row]');
  row?.scrollIntoView({ block: 'center' });
  row?.classList.add('flash');
  setTimeout(() => row?.classList.remove('flash'), FLASH);
}

root.addEventListener('click', ({ target }) => {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-id]') : null;
  const action = actions.get(element?.dataset.id ?? '');
  if (action) act(action);
});

root.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement) filter({ text: target.value });
  else if (target instanceof HTMLSelectElement) filter(filtersOf({ ...state.filters, category: target.value }));
});

root.addEventListener('focusin', ({ target }) => {
  if (!(target instanceof HTMLElement) || target.dataset.row === undefined) return;
  current = target.dataset.id;
  rove(-1);
});

document.addEventListener('keydown', (event) => {
  if (event.altKey || event.metaKey || event.isComposing) return;
  const focused = document.activeElement;
  const isField = focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement;
  if (event.key === '/' && !isField && !event.ctrlKey) {
    event.preventDefault();
    searchField()?.focus();
    searchField()?.select();
    return;
  }
  const all = stops();
  if (event.key === 'Escape' && isField) {
    event.preventDefault();
    focusStop(all.find((stop) => stop.dataset.id === current));
    return;
  }
  if (isField) return;
  const from = focused instanceof HTMLElement ? all.indexOf(focused) : -1;
  // With the focus nowhere the first arrow enters the grid.
  if (from < 0) {
    if (focused === document.body && event.key === 'ArrowDown') {
      event.preventDefault();
      focusStop(all.find((stop) => stop.dataset.id === current));
    }
    return;
  }
  if (event.key === 'Enter' && focused instanceof HTMLElement && focused.getAttribute('role') === 'link') {
    event.preventDefault();
    focused.click();
    return;
  }
  const places = all.map(({ dataset }) => ({ row: Number(dataset.row), column: Number(dataset.column) }));
  const next = moveFocus(places, from, event.key, event.ctrlKey);
  if (next === undefined) return;
  event.preventDefault();
  focusStop(all[next]);
});

let scrolling: ReturnType<typeof setTimeout> | undefined;
document.addEventListener(
  'scroll',
  () => {
    clearTimeout(scrolling);
    scrolling = setTimeout(keep, 200);
  },
  { passive: true },
);

// Only the extension can send here: the page frames nothing and is framed by the editor.
window.addEventListener('message', ({ data }: MessageEvent<ToView>) => {
  switch (data.type) {
    case 'setup':
      strings = data.strings;
      draw();
      return;
    case 'map':
      content = data.content;
      draw();
      show();
      return;
    case 'show':
      wanted = data;
      show();
  }
});

restore();
vscode.postMessage({ type: 'ready' });
