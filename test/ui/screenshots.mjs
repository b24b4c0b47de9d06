// Walks through the extension in a real VS Code as a person would and takes a picture of each step: problems, hover,
// quick-fix menu, after the fix. A step that does not work fails the run, so this also proves a packaged extension.
//   node test/ui/screenshots.mjs                                       the shots below
//   node test/ui/screenshots.mjs --file a.yaml --hover 'Acl: |Public' --fix 'Set Acl' [--folder DIR]   any template
//   --type TEXT             types it at the place of --hover, in place of fixing, and shows the suggestions
//   --wanted WORDS          part of the hover to wait for (our findings by default)
//   --out DIR (out/shots)   --size 1400x900   --theme 'Default Light Modern'
//   VSIX=demarc.vsix        the packaged extension instead of the unpacked one (DEMARC_EXTENSION_PATH or this repository)
//   DEMARC_HOST=min         the oldest VS Code that the extension supports
// The folder is copied first: nothing is written to it. In tokens, | is where the cursor and the mouse go.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from '../host/chromium.mjs';
import { startServer } from '../host/server.mjs';
import { choose, findings, goTo, hover, opened, placeOf, problems, quickFixMenu, save, suggestions } from './steps.mjs';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');

/** hover: where to hover and to ask for fixes; fix: part of a title, chosen if given. */
const SHOTS = [
  { folder: 'samples', file: 'cloudformation/orders.yaml', hover: 'true, f|alse', fix: 'SqsManagedSseEnabled to true' },
  { folder: 'samples', file: 'terraform/main.tf', hover: 'http_tokens   = "opt|ional"', fix: 'Set http_tokens' },
  { folder: 'samples', file: 'terraform-json/main.tf.json', hover: '"encrypted": f|alse' },
];

const { values: options } = parseArgs({
  options: {
    folder: { type: 'string' },
    file: { type: 'string' },
    hover: { type: 'string' },
    fix: { type: 'string' },
    type: { type: 'string' },
    wanted: { type: 'string' },
    out: { type: 'string', default: 'out/shots' },
    size: { type: 'string', default: '1400x900' },
    theme: { type: 'string' },
  },
});
const shots = options.file
  ? [{ folder: options.folder ?? path.dirname(options.file), ...options, file: relative(options) }]
  : SHOTS.map((shot) => ({ ...shot, folder: options.folder ?? path.join(root, shot.folder) }));

/** A file may be given from here or from the folder. */
function relative({ folder, file }) {
  if (!folder) return path.basename(file);
  return existsSync(path.join(folder, file)) ? file : path.relative(folder, file);
}

const started = Date.now();
const say = (text) => console.log(`[${((Date.now() - started) / 1000).toFixed(1)} s] ${text}`);
const [width, height] = options.size.split('x').map(Number);
mkdirSync(options.out, { recursive: true });

const server = await startServer({
  vsix: process.env.VSIX,
  settings: {
    'breadcrumbs.enabled': false,
    'editor.minimap.enabled': false,
    ...(options.theme && { 'workbench.colorTheme': options.theme }),
  },
});
let browser;
let failed = 0;
try {
  browser = await launch();
  const context = await browser.newContext({ viewport: { width, height } });
  for (const [index, shot] of shots.entries()) {
    const page = await context.newPage();
    const picture = (name) =>
      page.screenshot({
        path: path.join(options.out, `${path.basename(shot.file)}-${name}.png`),
        animations: 'disabled',
      });
    rmSync(path.join(options.out, `${path.basename(shot.file)}-failed.png`), { force: true });
    try {
      await take(page, shot, path.join(server.root, `copy${index}`), picture);
    } catch (error) {
      failed++;
      console.error(`${shot.file}: ${error.stack}`);
      await picture('failed');
    }
    await page.close();
  }
} finally {
  await browser?.close();
  await server.stop();
}
say(`${shots.length - failed} passed, ${failed} failed; pictures in ${options.out}`);
process.exitCode = failed ? 1 : 0;

async function take(page, shot, copies, picture) {
  const folder = path.join(copies, path.basename(path.resolve(shot.folder)));
  const skip = /[\\/](node_modules|\.git)([\\/]|$)/;
  cpSync(shot.folder, folder, { recursive: true, filter: (from) => !skip.test(path.relative(shot.folder, from)) });
  const file = path.join(folder, shot.file);
  const extension = process.env.VSIX ? undefined : process.env.DEMARC_EXTENSION_PATH || root;
  await page.goto(server.address({ folder, extension, open: file }));

  const editor = await opened(page, shot.file);
  const before = await findings(page);
  for (const finding of before) say(`${shot.file}: ${finding}`);
  await picture('1-problems');
  if (!shot.hover) return;

  await problems(page, false);
  await goTo(page, editor, placeOf(file, shot.hover));
  if (shot.type) {
    const labels = await suggestions(page, shot.type);
    say(`suggestions after "${shot.type}":\n    ${labels.join('\n    ')}`);
    await picture('2-suggestions');
    return;
  }
  const wanted = shot.wanted ? new RegExp(shot.wanted) : undefined;
  say(`hover:\n${(await hover(page, editor, wanted)).replace(/^/gm, '    ')}`);
  await picture('2-hover');

  await page.keyboard.press('Escape');
  const titles = await quickFixMenu(page, shot.fix);
  say(`quick fixes: ${titles.join(' · ')}`);
  await picture('3-quick-fix');
  if (!shot.fix) return;

  const text = readFileSync(file, 'utf8');
  await choose(page, shot.fix);
  await save(page);
  if (readFileSync(file, 'utf8') === text) throw new Error('the saved file has not changed');
  const after = await findings(page, before);
  say(`after "${shot.fix}": ${after.length} of ${before.length} findings in view`);
  await picture('4-fixed');
}
