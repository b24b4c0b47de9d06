// Walks through a review in a real VS Code as a person would: what the branch introduces, a diff from there, hovers on both
// sides. Takes pictures in dark and light, wide and narrow. A step that does not work fails the run.
//   node test/ui/review.mjs   --out DIR (out/shots/review)   --only dark|light   --width 1400
//   VSIX, DEMARC_EXTENSION_PATH, DEMARC_HOST: as in screenshots.mjs
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from '../host/chromium.mjs';
import { makeRepository } from '../host/repository.mjs';
import { startServer } from '../host/server.mjs';
import { AWAY, appears, runCommand } from './steps.mjs';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
const PATIENCE = 30_000;
const THEMES = { dark: 'Default Dark Modern', light: 'Default Light Modern' };
const WIDTHS = [1400, 900];

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'out/shots/review' },
    only: { type: 'string' },
    width: { type: 'string' },
  },
});
mkdirSync(options.out, { recursive: true });
const started = Date.now();
const say = (text) => console.log(`[${((Date.now() - started) / 1000).toFixed(1)} s] ${text}`);

let failed = 0;
for (const [theme, name] of Object.entries(THEMES)) {
  if (options.only && options.only !== theme) continue;
  const server = await startServer({
    vsix: process.env.VSIX,
    settings: {
      'workbench.colorTheme': name,
      'git.enabled': true,
      'breadcrumbs.enabled': false,
      'editor.minimap.enabled': false,
      'diffEditor.useInlineViewWhenSpaceIsLimited': false, // the old side of an inline diff has no editor
      'diffEditor.codeLens': false,
    },
  });
  let browser;
  try {
    browser = await launch();
    for (const width of WIDTHS) {
      if (options.width && Number(options.width) !== width) continue;
      const folder = path.join(server.root, String(width), 'shop');
      makeRepository(folder);
      const context = await browser.newContext({ viewport: { width, height: 900 } });
      const page = await context.newPage();
      const picture = (step) =>
        page.screenshot({ path: path.join(options.out, `${theme}-${width}-${step}.png`), animations: 'disabled' });
      try {
        await walk(page, server, folder, picture);
      } catch (error) {
        failed++;
        console.error(`${theme} ${width}: ${error.stack}`);
        await picture('failed');
      }
      await context.close();
    }
  } finally {
    await browser?.close();
    await server.stop();
  }
}
say(`${failed ? `${failed} failed` : 'passed'}; pictures in ${options.out}`);
process.exitCode = failed ? 1 : 0;

async function walk(page, server, folder, picture) {
  const extension = process.env.VSIX ? undefined : process.env.DEMARC_EXTENSION_PATH || root;
  await page.goto(server.address({ folder, extension, open: path.join(folder, 'stack.yaml') }));
  await page
    .locator('.monaco-editor .view-line')
    .first()
    .waitFor({ timeout: 2 * PATIENCE });

  await runCommand(page, 'Demarc: Show What This Branch Introduces');
  const rows = page.locator('.pane', { hasText: 'Demarc: Branch' }).locator('.monaco-list-row');
  await rows.filter({ hasText: 'File system is not encrypted' }).waitFor({ timeout: PATIENCE });
  await page.mouse.move(...AWAY);
  await page.waitForTimeout(1000);
  for (const pane of ['Graph', 'Changes']) await page.getByRole('button', { name: `${pane} Section` }).click();
  await page.waitForTimeout(500);
  const tree = (await rows.allInnerTexts()).map((text) =>
    text
      .trim()
      .split(/\s*\n\s*/)
      .join(' '),
  );
  say(`tree:\n    ${tree.join('\n    ')}`);
  for (const group of ['Yours', 'Shared', 'Fixed'])
    if (!tree.some((row) => row.startsWith(group))) throw new Error(`"${group}" is not in the tree`);
  await picture('1-tree');

  const row = rows.filter({ hasText: 'Disk: Volume is not encrypted' });
  await row.hover();
  await row.getByRole('button', { name: /Open Changes/ }).click();
  const sides = page.locator('.monaco-diff-editor .monaco-editor');
  await sides.nth(1).locator('.view-line').first().waitFor({ timeout: PATIENCE });
  await page.waitForTimeout(1500);
  await picture('2-diff');
  const mapIcon = page.locator('.editor-actions').getByRole('button', { name: 'Show Responsibility Map' });
  // VS Code has the same icon there, for what is collapsed.
  if (await mapIcon.count()) throw new Error('the map has an icon in the title of a diff');
  // In a narrow window there is no room for three columns.
  const isNarrow = page.viewportSize().width < 1200;
  if (isNarrow) await page.keyboard.press('Control+KeyB');

  for (const [step, side, token, wanted] of [
    ['3-new-side', 'modified', 'false # disk', /introduced here/],
    ['4-new-side-before', 'modified', 'false # events', /was there before/],
    ['5-old-side-fixed', 'original', 'false # orders', /fixed here/],
    ['6-old-side-removed', 'original', 'Encrypted: true # files', /removes this protection/],
  ]) {
    await hoverOn(page, `.editor.${side}`, token, wanted);
    await picture(step);
    await page.keyboard.press('Escape');
    await page.mouse.move(...AWAY);
    await page.waitForTimeout(400);
  }

  // A staged change has a read-only new side: its hover carries the fix.
  if (isNarrow) await page.keyboard.press('Control+KeyB');
  await runCommand(page, 'View: Close All Editors');
  await rows.filter({ hasText: 'staged.yaml' }).click();
  await page.locator('.monaco-editor[data-uri$="/staged.yaml"] .view-line').first().waitFor({ timeout: PATIENCE });
  await runCommand(page, 'Git: Open Changes');
  await sides.nth(1).locator('.view-line').first().waitFor({ timeout: PATIENCE });
  if (isNarrow) await page.keyboard.press('Control+KeyB');
  const text = await hoverOn(page, '.editor.modified', 'false', /Copy fix/);
  say(`hover:\n${text.replace(/^/gm, '    ')}`);
  await picture('7-read-only');

  // Nothing went wrong on the way, and the focus in the log leaves the title of the editor alone.
  await page.keyboard.press('Escape');
  await page.mouse.move(...AWAY);
  await runCommand(page, 'View: Close All Editors');
  if (isNarrow) await page.keyboard.press('Control+KeyB');
  await rows.filter({ hasText: 'staged.yaml' }).click();
  await mapIcon.waitFor({ timeout: PATIENCE });
  await runCommand(page, 'Demarc: Show Output');
  const log = page.locator('.output-view-container, .part.panel').locator('.view-lines').first();
  await log.waitFor({ state: 'attached', timeout: PATIENCE });
  await page.waitForTimeout(1500);
  const lines = (await log.innerText()).trim();
  if (lines) throw new Error(`the log is not empty: ${lines}`);
  if (!(await mapIcon.isVisible())) throw new Error('the icon of the map is gone while the log has the focus');
}

/** Puts the mouse on a text in an editor until a hover says what is wanted, and gives its text. */
async function hoverOn(page, selector, token, wanted) {
  const shown = page.locator('.monaco-hover:not(.hidden)', { hasText: wanted }).first();
  for (let attempt = 0; attempt < 6; attempt++) {
    await page.mouse.move(...AWAY);
    await page.waitForTimeout(200);
    const place = await page.evaluate(
      ([within, wantedText]) => {
        const editor = document.querySelector(`.monaco-diff-editor ${within}`);
        for (const line of editor?.querySelectorAll('.view-line') ?? []) {
          const at = line.textContent.replaceAll('\u00a0', ' ').indexOf(wantedText);
          if (at < 0) continue;
          const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          for (let offset = at + 2, node = walker.nextNode(); node; node = walker.nextNode()) {
            if (offset < node.length) {
              const range = document.createRange();
              range.setStart(node, offset);
              range.setEnd(node, offset + 1);
              const { x, y, width, height } = range.getBoundingClientRect();
              return { x: x + width / 2, y: y + height / 2 };
            }
            offset -= node.length;
          }
        }
        return undefined;
      },
      [selector, token],
    );
    if (!place) throw new Error(`"${token}" is not in ${selector}`);
    await page.mouse.move(place.x, place.y, { steps: 3 });
    if (await appears(shown, 4000)) {
      await page.waitForTimeout(500);
      return (await shown.innerText()).trim();
    }
  }
  throw new Error(`no hover that matches ${wanted} on "${token}"`);
}
