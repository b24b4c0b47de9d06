// Walks through the extension in a VS Code that is nothing but a page (as github.dev and vscode.dev are), as a person would, and
// takes a picture of each step: problems, hover, quick-fix menu, after the fix. A step that does not work fails the run.
//   node test/ui/web.mjs
//   --out DIR (out/shots/web)   --size 1400x900   --theme 'Default Light Modern'
//   DEMARC_EXTENSION_PATH=…     another extension folder than this repository
// The folder is a virtual one: what is saved stays in the page.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from '../host/chromium.mjs';
import { startWeb } from '../host/web.mjs';
import {
  choose,
  editorOf,
  findings,
  goTo,
  hover,
  openFromExplorer,
  placeOf,
  problems,
  quickFixMenu,
  save,
} from './steps.mjs';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
const folder = path.join(root, 'test/vscode/fixtures/ws');

/** As in screenshots.mjs. */
const SHOTS = [
  { file: 'template.yaml', hover: 'SqsManagedSseEnabled: f|alse', fix: 'SqsManagedSseEnabled to true' },
  { file: 'main.tf.json', hover: '"sqs_managed_sse_enabled": f|alse', fix: 'sqs_managed_sse_enabled' },
];

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'out/shots/web' },
    size: { type: 'string', default: '1400x900' },
    theme: { type: 'string' },
  },
});
const [width, height] = options.size.split('x').map(Number);
const started = Date.now();
const say = (text) => console.log(`[${((Date.now() - started) / 1000).toFixed(1)} s] ${text}`);
mkdirSync(options.out, { recursive: true });

const web = await startWeb({
  extension: process.env.DEMARC_EXTENSION_PATH || root,
  folder,
  settings: {
    'breadcrumbs.enabled': false,
    'editor.minimap.enabled': false,
    ...(options.theme && { 'workbench.colorTheme': options.theme }),
  },
});
const browser = await launch();
let failed = 0;
for (const shot of SHOTS) {
  const page = await browser.newPage({ viewport: { width, height } });
  const picture = (name) =>
    page.screenshot({ path: path.join(options.out, `${shot.file}-${name}.png`), animations: 'disabled' });
  rmSync(path.join(options.out, `${shot.file}-failed.png`), { force: true });
  try {
    await take(page, shot, picture);
  } catch (error) {
    failed++;
    console.error(`${shot.file}: ${error.stack}`);
    await picture('failed');
  }
  await page.close();
}
await browser.close();
web.stop();
say(`${SHOTS.length - failed} passed, ${failed} failed; pictures in ${options.out}`);
process.exit(failed ? 1 : 0);

async function take(page, shot, picture) {
  await web.show(page);
  await openFromExplorer(page, shot.file);
  const editor = editorOf(page, shot.file);
  const before = await findings(page);
  for (const finding of before) say(`${shot.file}: ${finding}`);
  await problems(page, false);
  await picture('1-squiggle');
  await goTo(page, editor, placeOf(path.join(folder, shot.file), shot.hover));
  say(`hover:\n${(await hover(page, editor)).replace(/^/gm, '    ')}`);
  await picture('2-hover');
  await page.keyboard.press('Escape');
  say(`quick fixes: ${(await quickFixMenu(page, shot.fix)).join(' · ')}`);
  await picture('3-quick-fix');
  await choose(page, shot.fix);
  await save(page);
  const after = await findings(page, before);
  if (after.length !== before.length - 1) throw new Error(`${before.length} findings, then ${after.length}`);
  say(`after "${shot.fix}": ${after.length} of ${before.length} findings`);
  await picture('4-fixed');
}
