// Steps of the Playwright scripts: what a person does in the window. Selectors checked on VS Code 1.99 and 1.139.
import { readFileSync } from 'node:fs';

const PATIENCE = 30_000;
export const AWAY = [200, 8]; // the title bar, left of its search field: nothing there answers to the mouse

export const editorOf = (page, name) => page.locator(`.monaco-editor[data-uri$="/${encodeURI(name)}"]`).first();

/** The editor of a file that the address of the page opens. */
export async function opened(page, name) {
  const editor = editorOf(page, name);
  await editor
    .locator('.view-line')
    .first()
    .waitFor({ timeout: 2 * PATIENCE });
  return editor;
}

/** Runs a command by its title. The list holds what was known when it opened, so it may have to be opened again. */
export async function runCommand(page, title) {
  const input = page.locator('.quick-input-box input').first();
  const rows = page.locator('.quick-input-list .monaco-list-row');
  const row = rows.and(page.locator(`[aria-label="${title}"], [aria-label^="${title},"]`)).first();
  for (let attempt = 0; attempt < 6; attempt++) {
    await page.keyboard.press('F1');
    await input.waitFor({ timeout: PATIENCE });
    await input.fill(`>${title}`);
    if (await appears(row, 4000)) {
      await row.click();
      await input.waitFor({ state: 'hidden', timeout: PATIENCE });
      return;
    }
    await page.keyboard.press('Escape');
  }
  throw new Error(`no command "${title}"`);
}

/** Opens a file at the top of the explorer, where the address of the page cannot. */
export async function openFromExplorer(page, name) {
  const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  await row.dblclick({ timeout: 2 * PATIENCE });
  return opened(page, name);
}

/** Line and column (from 1) of `token` in a file; `|` in it is the place, else its middle: `Encrypted: |false`. */
export function placeOf(file, token) {
  const text = readFileSync(file, 'utf8');
  const plain = token.replace('|', '');
  const start = text.indexOf(plain);
  if (start < 0) throw new Error(`"${plain}" is not in ${file}`);
  const offset = start + (token.includes('|') ? token.indexOf('|') : Math.floor(plain.length / 2));
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before[before.length - 1].length + 1 };
}

/** Puts the cursor there and scrolls it into view. */
export async function goTo(page, editor, { line, column }) {
  await page.keyboard.press('Escape');
  await editor
    .locator('.view-line')
    .first()
    .click({ position: { x: 1, y: 1 } });
  await page.keyboard.press('Control+KeyG');
  const input = page.locator('.quick-input-box input').first();
  await input.waitFor({ timeout: PATIENCE });
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden', timeout: PATIENCE });
}

/** Shows or hides the Problems panel and gives it back. */
export async function problems(page, visible = true) {
  const panel = page.locator('.markers-panel');
  if ((await panel.isVisible()) !== visible) {
    await page.keyboard.press('Control+Shift+KeyM');
    // hidden and never focused, it first gets the focus: the second press hides it
    if (!visible && (await panel.isVisible())) await page.keyboard.press('Control+Shift+KeyM');
    await panel.waitFor({ state: visible ? 'visible' : 'hidden', timeout: PATIENCE });
  }
  return panel;
}

/** The rows of our findings in the open Problems panel, as soon as they are there and others than `before`. */
export async function findings(page, before = []) {
  const rows = (await problems(page)).locator('.monaco-list-row', { hasText: 'Demarc' });
  let last;
  for (const end = Date.now() + PATIENCE; Date.now() < end; await page.waitForTimeout(300)) {
    const now = (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    const settled = now.join('\n') === last?.join('\n'); // a list that is being drawn shows anything
    if (settled && now.join('\n') !== before.join('\n')) return now;
    last = now;
  }
  throw new Error(before.length ? 'the findings did not change' : 'there is no finding');
}

/** The text of the hover at the cursor, with what we say among it. One that was asked for before the server answers stays empty: away and back. */
export async function hover(page, editor, wanted = /\b(side|shared)\b/i) {
  for (let attempt = 0; attempt < 6; attempt++) {
    await page.mouse.move(...AWAY);
    const cursor = await editor.locator('.cursors-layer .cursor').first().boundingBox();
    if (!cursor) throw new Error('the editor shows no cursor');
    await page.mouse.move(cursor.x + 5, cursor.y + cursor.height / 2, { steps: 3 });
    const shown = page.locator('.monaco-hover:not(.hidden) .hover-row', { hasText: wanted }).first();
    if (await appears(shown, 4000)) {
      await page
        .locator('.monaco-hover:not(.hidden)', { hasText: /Loading\.\.\.|Checking for/ })
        .waitFor({ state: 'detached', timeout: 5000 })
        .catch(() => {}); // further down a long hover VS Code may still look for quick fixes
      const rows = await page.locator('.monaco-hover:not(.hidden) .hover-row').allInnerTexts();
      return rows.map((text) => text.trim()).join('\n---\n');
    }
  }
  throw new Error(`no hover that matches ${wanted}`);
}

/** Opens the quick-fix menu at the cursor and gives its titles. A late update closes the menu, so the key may be needed again. */
export async function quickFixMenu(page, title = '') {
  await page.mouse.move(...AWAY);
  const entries = page.locator('.action-widget .monaco-list-row.action');
  for (let attempt = 0; attempt < 10; attempt++) {
    await page.keyboard.press('Control+Period');
    if (await appears(entries.filter({ hasText: title }).first(), 2000)) return titles(entries);
    await page.keyboard.press('Escape');
  }
  throw new Error(`no quick fix "${title}"`);
}

/** Chooses an entry of the open menu by keyboard: in some versions a click meets a pointer block. */
export async function choose(page, title) {
  const entry = page.locator('.action-widget .monaco-list-row.action', { hasText: title }).first();
  for (let step = 0; step < 30; step++) {
    if (/\bfocused\b/.test((await entry.getAttribute('class')) ?? '')) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await entry.waitFor({ state: 'hidden', timeout: PATIENCE });
}

/** Types at the cursor and gives the labels of the suggestions that appear; asks for them where they do not come by themselves. */
export async function suggestions(page, text) {
  await page.keyboard.type(text, { delay: 60 });
  const rows = page.locator('.suggest-widget.visible .monaco-list-row');
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await appears(rows.first(), 3000))
      return (await rows.allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
    await page.keyboard.press('Control+Space');
  }
  throw new Error(`no suggestions after "${text}"`);
}

/** Saves the active editor once it has an edit to save. */
export async function save(page) {
  const dirty = page.locator('.tab.active.dirty');
  await dirty.waitFor({ timeout: PATIENCE });
  await page.keyboard.press('Control+KeyS');
  await dirty.waitFor({ state: 'detached', timeout: PATIENCE });
}

export const appears = (locator, timeout) =>
  locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );

const titles = async (entries) => (await entries.allInnerTexts()).map((text) => text.trim());
