// Walks through the responsibility map in a real VS Code as a person would: totals, a click and the keyboard to the source,
// filters, an edit that changes the totals; takes pictures in three themes at two widths. A step that does not work fails.
//   node test/ui/map.mjs             everything
//   node test/ui/map.mjs --quick     the walk, one theme, no narrow pictures
//   --theme high-contrast   only this one
//   --out DIR (out/shots/map)   DEMARC_HOST=min   the oldest VS Code that the extension supports
import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from '../host/chromium.mjs';
import { startServer } from '../host/server.mjs';
import { opened, placeOf } from './steps.mjs';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
const { values: options } = parseArgs({
  options: { out: { type: 'string', default: 'out/shots/map' }, quick: { type: 'boolean' }, theme: { type: 'string' } },
});
const FILE = 'cloudformation/orders.yaml';
const THEMES = options.quick
  ? { dark: 'Default Dark Modern' }
  : {
      dark: 'Default Dark Modern',
      light: 'Default Light Modern',
      'high-contrast': 'Default High Contrast',
      'high-contrast-light': 'Default High Contrast Light',
    };
const SIZES = { 1400: 900, 700: 900 };
const PATIENCE = 30_000;

mkdirSync(options.out, { recursive: true });
const started = Date.now();
const say = (text) => console.log(`[${((Date.now() - started) / 1000).toFixed(1)} s] ${text}`);
const browser = await launch();
try {
  for (const [name, theme] of Object.entries(THEMES))
    if (!options.theme || options.theme === name) await inTheme(name, theme);
} finally {
  await browser.close();
}
say('passed');

async function inTheme(name, theme) {
  const server = await startServer({
    settings: {
      'breadcrumbs.enabled': false,
      'editor.minimap.enabled': false,
      'editor.stickyScroll.enabled': false,
      'workbench.colorTheme': theme,
    },
  });
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    colorScheme: /Light/.test(theme) ? 'light' : 'dark',
    // The setting alone brings no high contrast: the editor asks the system.
    forcedColors: /High Contrast/.test(theme) ? 'active' : 'none',
  });
  const page = await context.newPage();
  const shot = (what) =>
    page.screenshot({ path: path.join(options.out, `${name}-${what}.png`), animations: 'disabled' });
  if (process.env.DEMARC_HOST_VERBOSE) page.on('console', (message) => say(`[page] ${message.text()}`));
  try {
    const folder = path.join(server.root, 'samples');
    cpSync(path.join(root, 'samples'), folder, { recursive: true });
    await page.goto(server.address({ folder, extension: root, open: path.join(folder, FILE) }));
    await opened(page, path.basename(FILE));
    const map = await openMap(page);
    say(`${name}: ${await map.locator('.totals').innerText()}`);
    await shot('1400');
    if (name === 'dark') await walk({ page, map, file: path.join(folder, FILE), shot });
    await page.setViewportSize({ width: 1400, height: 900 });
    await alone(page, map, name);
    await folderMap(page, map, shot);
  } catch (error) {
    await shot('failed');
    throw error;
  } finally {
    await context.close();
    await server.stop();
  }
}

/** Runs a command by its title. */
async function command(page, title) {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-box input').first();
  await input.waitFor({ timeout: PATIENCE });
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor({ timeout: PATIENCE });
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden', timeout: PATIENCE });
}

/** The page inside the webview's two frames, once it shows totals. */
async function openMap(page) {
  await page.locator('.view-line', { hasText: 'AWSTemplateFormatVersion' }).first().waitFor({ timeout: PATIENCE });
  // Before the extension has started there is no such command.
  await page
    .locator('.squiggly-error, .squiggly-warning')
    .first()
    .waitFor({ timeout: 2 * PATIENCE });
  await command(page, 'Demarc: Show Responsibility Map');
  const map = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await map.locator('.totals').waitFor({ timeout: 2 * PATIENCE });
  return map;
}

/** "yours 3 · shared 1 · AWS does 4" as numbers by name. */
async function totals(map) {
  const text = await map.locator('.totals').innerText();
  const read = (pattern) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return { yours: read(/yours (\d+)/), shared: read(/shared (\d+)/), does: read(/AWS does (\d+)/) };
}

/** Waits until something that is read holds. */
async function holds(what, read) {
  let last;
  for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((wake) => setTimeout(wake, 100))) {
    last = await read();
    if (last === true) return;
  }
  throw new Error(`waited in vain: ${what} (${JSON.stringify(last)})`);
}

/** "Ln 12, Col 5 (10 selected)" of the status bar. */
function position(page) {
  return page.locator('#status\\.editor\\.selection').innerText();
}

async function selects(page, file, token) {
  const { line } = placeOf(file, token);
  await holds(`the editor selects ${token}`, async () => {
    const text = await position(page);
    return (text.includes(`Ln ${line},`) && /selected/.test(text)) || text;
  });
}

async function walk({ page, map, file, shot }) {
  const before = await totals(map);
  assert.ok(before.yours >= 5 && before.does >= 3, JSON.stringify(before));
  await map.getByRole('columnheader', { name: "AWS's side" }).waitFor();
  await map.getByRole('columnheader', { name: 'Your side' }).waitFor();

  // A click
  await map
    .locator('.customer .goto', { hasText: /0\.0\.0\.0\/0|PostgreSQL|5432/ })
    .first()
    .click();
  await selects(page, file, 'CidrIp: |0.0.0.0/0');
  say('a click on a finding selects its source');
  await map.locator('.crossing .goto').first().click();
  await selects(page, file, 'AutoMinorVersionUpgrade: |false');
  say('a click on a moved line selects its source');
  await map
    .getByRole('button', { name: 'Go to OrderQueue', exact: true })
    .or(map.locator('button.name', { hasText: 'OrderQueue' }))
    .first()
    .click();
  await selects(page, file, '  |OrderQueue:');

  // The keyboard only: into the map, to the search, back to the grid, along it, to the source.
  await command(page, 'Demarc: Show Responsibility Map');
  const active = () =>
    map
      .locator('body')
      .evaluate(() => document.activeElement?.getAttribute('data-id') ?? document.activeElement?.tagName);
  await holds(
    'the map has the focus',
    async () => (await map.locator('body').evaluate(() => document.hasFocus())) || 'no focus',
  );
  await page.keyboard.press('/');
  await holds('/ goes to the search', async () => (await active()) === 'search' || active());
  await page.keyboard.type('queue');
  await holds(
    'the search filters',
    async () =>
      (await map.locator('.resource .name').allInnerTexts()).join() === 'OrderQueue' ||
      (await map.locator('.resource .name').allInnerTexts()),
  );
  assert.deepEqual(await totals(map), before, 'totals are of everything, whatever is hidden');
  await shot('search');
  await page.keyboard.press('Escape');
  await holds('Escape leaves the search', async () => (await active()) !== 'search' || active());
  await page.keyboard.press('Control+Home');
  for (let step = 0; step < 20 && !(await active()).startsWith('finding'); step++)
    await page.keyboard.press(step % 2 ? 'ArrowDown' : 'ArrowRight');
  const id = await active();
  assert.match(id, /^finding sqs-/, 'the arrow keys reach the finding');
  await shot('focus');
  await page.keyboard.press('Enter');
  await selects(
    page,
    file,
    'SqsManagedSseEnabled: |!If [IsProd, true, |false]'.replaceAll('|', '').replace('true, ', 'true, |'),
  );
  say('the keyboard alone goes to the source');
  await map.getByRole('button', { name: 'Clear filters' }).click();

  // Filters
  const all = await map.locator('.goto').count();
  await map.locator('.filters .chip', { hasText: 'Critical' }).click();
  await holds('a severity filters', async () => (await map.locator('.goto').count()) < all || all);
  assert.deepEqual(await map.locator('[role=grid] .mark:not(.critical)').count(), 0);
  const hidden = await map.locator('.note', { hasText: 'hidden by filters' }).innerText();
  assert.match(hidden, /hidden by filters: [1-9]/);
  await map.getByRole('button', { name: 'Clear filters' }).click();
  await map.locator('.filters .chip', { hasText: 'Moved lines only' }).click();
  await holds(
    'only moved lines are left',
    async () => (await map.locator('.goto').count()) === (await map.locator('.crossing .goto').count()),
  );
  await map.getByRole('button', { name: 'Clear filters' }).click();
  await map.locator('.filters select').selectOption({ label: 'Public access' });
  await holds('a category filters', async () => (await map.locator('.goto').count()) < all || all);
  await map.getByRole('button', { name: 'Clear filters' }).click();
  await holds('all is back', async () => (await map.locator('.goto').count()) === all);
  say('filters');

  // Opened up, and an edit
  const facts = map.locator('.aws button[aria-expanded=false]').first();
  await facts.click();
  assert.ok((await map.locator('.facts li').count()) > 0);
  await shot('facts');
  await map.locator('.shared .goto', { hasText: 'Queue encryption' }).click();
  await selects(page, file, 'IsProd, true, |false');
  await page.keyboard.type('true');
  await holds('the totals follow an edit', async () => (await totals(map)).shared === before.shared - 1 || totals(map));
  assert.ok((await map.locator('.facts li').count()) > 0, 'what is opened up stays so');
  say(`after an edit: ${await map.locator('.totals').innerText()}`);
  await page.keyboard.press('Control+KeyZ');
  await holds(
    'the totals follow what undoes it',
    async () => (await totals(map)).shared === before.shared || totals(map),
  );
  assert.deepEqual(await totals(map), before);
}

/** The map by itself, at several widths. */
async function alone(page, map, name) {
  await map.getByRole('button', { name: 'Pinned' }).click();
  // The window hears of a focus inside the page a little later.
  await page.locator('.editor-group-container.active .tab.active', { hasText: 'Map: ' }).waitFor({ timeout: PATIENCE });
  await command(page, 'View: Close Editors in Other Groups');
  await command(page, 'View: Toggle Primary Side Bar Visibility');
  await page.locator('.monaco-editor[data-uri$=".yaml"]').waitFor({ state: 'detached', timeout: PATIENCE });
  await map.locator('.totals').waitFor();
  for (const [width, height] of Object.entries({ ...SIZES, 380: 900 })) {
    await page.setViewportSize({ width: Number(width), height });
    await page.waitForTimeout(300);
    const overflow = await map.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);
    assert.equal(overflow, 0, `nothing is cut off at ${width}`);
    await page.screenshot({ path: path.join(options.out, `${name}-alone-${width}.png`), animations: 'disabled' });
  }
  await page.setViewportSize({ width: 1400, height: 900 });
}

async function folderMap(page, map, shot) {
  await command(page, 'Demarc: Show Responsibility Map of Folder');
  await map.locator('h1', { hasText: 'samples' }).waitFor({ timeout: PATIENCE });
  await map.locator('.resource').first().waitFor({ timeout: PATIENCE });
  say(`folder: ${await map.locator('.totals').innerText()}`);
  await shot('folder');
}
