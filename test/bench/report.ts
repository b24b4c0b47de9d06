/** The bench's figures as Markdown: what is printed, and `docs/performance.md`. */

import { bars, figure } from './bars.ts';
import type { CommandRow, Target } from './commands.ts';
import { FIRST, type Results, type TypingRow } from './results.ts';
import type { Summary } from './statistics.ts';

type Cell = string | number | undefined;

const EMPTY = 'empty server';
const DEMARC = 'Demarc';

/** A table of Markdown whose columns line up in a terminal as well; all but the first are of numbers. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], words = 1): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? figure(cell) : (cell ?? '–'))));
  const widths = head.map((name, i) => Math.max(3, name.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (i < words ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i < words ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...cells.map(line)].join('\n');
}

const median = (summary: Summary | undefined) => summary?.median;
const p95 = (summary: Summary | undefined) => summary?.p95;

/** How many times one is the other. */
function ratio(value: number | undefined, base: number | undefined): string | undefined {
  return value === undefined || !base ? undefined : `${figure(value / base)} ×`;
}

function section(title: string, ...parts: readonly (string | undefined)[]): string {
  return [`## ${title}`, ...parts.filter((part) => part !== undefined)].join('\n\n');
}

function machineSection({ machine, date, quick, load, notes, missing }: Results): string {
  const items = [
    `- ${machine.processor}, ${machine.cores} cores, ${machine.memory} GiB; ${machine.system}; Node ${machine.node}`,
    `- ${date}${quick ? '; a quick run: one round of fewer documents' : ''}`,
    `- Other work wanted the machine meanwhile: load ${figure(load[0])} before, ${figure(load[1])} behind. It lengthens wall time much, CPU time less.`,
    ...notes.map(({ name, note }) => `- **${name}**${note ? `: ${note}` : ''}`),
    ...missing.map((what) => `- ${what}: left out`),
  ];
  return section('The machine and what was measured', items.join('\n'));
}

function barSection(results: Results): string | undefined {
  const rows = bars(results);
  if (!rows.length) return undefined;
  const met = (one: boolean | undefined) => (one === undefined ? 'not measured' : one ? 'met' : '**not met**');
  return section(
    'The bars',
    table(
      ['what', 'bar', 'measured', ''],
      rows.map((row) => [row.what, row.bar, row.measured, met(row.met)]),
      2,
    ),
  );
}

function startSection({ start }: Results): string | undefined {
  if (!start) return undefined;
  const empty = start.find((row) => row.server === EMPTY);
  return section(
    'Start',
    'From before the process begins until `initialize` is answered; the servers in turn. ms.',
    table(
      ['server', 'wall, median', 'wall, p95', 'CPU, median', 'wall, × empty', 'CPU, × empty', 'runs'],
      start.map(({ server, wall, cpu }) => [
        server,
        median(wall),
        p95(wall),
        median(cpu),
        ratio(median(wall), median(empty?.wall)),
        ratio(median(cpu), median(empty?.cpu)),
        wall ? String(wall.count) : undefined,
      ]),
    ),
  );
}

/** One table over all documents and servers. */
function typingTable(
  { documents, typing }: Results,
  head: readonly string[],
  cells: (row: TypingRow, empty: TypingRow | undefined) => readonly Cell[],
  wanted: (row: TypingRow) => boolean = () => true,
): string {
  const rows = (documents ?? []).flatMap((document) => {
    const own = (typing ?? []).filter((row) => row.document === document.id);
    const empty = own.find((row) => row.server === EMPTY);
    return own
      .filter(wanted)
      .map((row, i) => [i ? '' : document.title, row.server, ...cells(row, empty)] satisfies Cell[]);
  });
  return table(['document', 'server', ...head], rows, 2);
}

function typingSections(results: Results): (string | undefined)[] {
  const { documents, typing } = results;
  if (!documents?.length || !typing?.length) return [];
  const troubled = typing.filter((row) => row.died || row.failures);
  return [
    section(
      'The documents',
      'Written by the bench, the same every time; "the bar\'s" are those that the bars were set with.',
      table(
        ['document', 'lines', 'KB', 'resources'],
        documents.map((one) => [
          one.title,
          one.lines.toLocaleString('en'),
          figure(one.bytes / 1000),
          String(one.resources),
        ]),
      ),
    ),
    section(
      'A keystroke',
      'One letter in → diagnostics, at a human pace (30 to 50 ms between letters). CPU: all that the server uses until the next ' +
        'letter. Words are typed and taken back in a value, a parameter, a policy, a reference and as a key that is not one yet: ' +
        `a hundred keystrokes a run, half as many in a quick one; "first ${FIRST}" are a server's first. ms.`,
      typingTable(
        results,
        ['CPU, median', 'CPU, p95', `CPU, first ${FIRST}`, 'wall, median', 'wall, p95', 'CPU, × empty', 'keys'],
        (row, empty) => [
          median(row.keyCpu),
          p95(row.keyCpu),
          median(row.firstCpu),
          median(row.keyWall),
          p95(row.keyWall),
          ratio(median(row.keyCpu), median(empty?.keyCpu)),
          row.keyWall ? String(row.keyWall.count) : undefined,
        ],
      ),
      `Where is typed, ${DEMARC}:`,
      table(
        ['document', 'place', 'CPU, median', 'CPU, p95', 'wall, median', 'wall, p95'],
        typing
          .filter((row) => row.server === DEMARC)
          .flatMap((row) =>
            row.places.map((place, i) => [
              i ? '' : documents.find((one) => one.id === row.document)?.title,
              place.name,
              median(place.cpu),
              p95(place.cpu),
              median(place.wall),
              p95(place.wall),
            ]),
          ),
        2,
      ),
    ),
    section(
      'Stalls',
      'Letters typed on without waiting for answers, a hover behind each: how long until it is answered (p95 and longest), and how ' +
        'long after the last letter its diagnostics are there. Not tried where a letter takes more than a second by itself. ms.',
      typingTable(results, ['hover, median', 'hover, p95', 'hover, longest', 'last letter → diagnostics'], (row) => [
        median(row.stall),
        p95(row.stall),
        row.stall?.max,
        median(row.burst),
      ]),
    ),
    section(
      'Opening',
      'didOpen → diagnostics; "hover": one sent straight behind; "behind": CPU in the second after, before anything is typed. ms.',
      typingTable(results, ['wall', 'CPU', 'hover', 'behind, CPU', 'diagnostics', 'wall, × empty'], (row, empty) => [
        median(row.openWall),
        median(row.openCpu),
        median(row.openReply),
        median(row.afterOpenCpu),
        row.diagnostics === undefined ? undefined : String(row.diagnostics),
        ratio(median(row.openWall), median(empty?.openWall)),
      ]),
    ),
    section(
      'Hover and completion',
      'At twenty spots all over the document, on an idle server; "said": where there was something to say. ms.',
      typingTable(
        results,
        ['hover, median', 'hover, p95', 'said', 'completion, median', 'completion, p95', 'said'],
        (row) => [
          median(row.hover),
          p95(row.hover),
          row.hover ? String(row.hoversSaid) : undefined,
          median(row.completion),
          p95(row.completion),
          row.completion ? String(row.completionsSaid) : undefined,
        ],
      ),
    ),
    section(
      'Memory',
      'Resident, MiB: after the start, after the opening, after 100 edits, after 1,000 (or as many as were made in the time), and the most.',
      typingTable(results, ['start', 'open', '100 edits', '1,000 edits', 'edits', 'most'], (row) => [
        row.memoryStart,
        row.memoryOpen,
        row.memory100,
        row.memory1000,
        String(row.edits),
        row.memoryPeak,
      ]),
    ),
    troubled.length
      ? section(
          'What went wrong',
          troubled
            .map(
              (row) =>
                `- ${row.server}, ${row.document}: ${row.failures} requests refused or unanswered${row.died ? '; the process ended' : ''}`,
            )
            .join('\n'),
        )
      : undefined,
  ];
}

const TARGETS: readonly Target[] = ['template', 'templates', 'tree'];

function commandSection({ commands }: Results): string | undefined {
  if (!commands) return undefined;
  const own = (target: Target) =>
    commands.rows.find((row) => row.target === target && row.tool === DEMARC && row.state === 'cold');
  const lost = commands.rows.filter((row) => row.missing);
  const cells = (row: CommandRow, first: boolean): Cell[] => [
    first ? commands.about[row.target] : '',
    row.tool,
    row.state,
    median(row.wall),
    median(row.cpu),
    row.peak === undefined ? undefined : figure(row.peak),
    ratio(median(row.wall), median(own(row.target)?.wall)),
    ratio(median(row.cpu), median(own(row.target)?.cpu)),
  ];
  return section(
    'The command line',
    "A whole process, its output thrown away. Cold: nothing kept from a run before; `--cache`: with a cache, which a cold run fills and a warm one finds. What the system keeps of files is never emptied. Seconds; MiB; times Demarc's cold run.",
    table(
      ['what', 'tool', '', 'wall', 'CPU', 'memory', 'wall, × Demarc', 'CPU, × Demarc'],
      TARGETS.flatMap((target) =>
        commands.rows.filter((row) => row.target === target && !row.missing).map((row, i) => cells(row, i === 0)),
      ),
      3,
    ),
    lost.length
      ? lost.map((row) => `- ${row.tool}, ${commands.about[row.target]}, ${row.state}: ${row.missing}`).join('\n')
      : undefined,
  );
}

/** Each peer as a multiple of Demarc, where both were measured. */
function peerSection(results: Results): string | undefined {
  const { start, typing, documents, commands } = results;
  const rows: Cell[][] = [];
  const ownStart = start?.find((row) => row.server === DEMARC);
  const peers = (start ?? []).map((row) => row.server).filter((name) => name !== DEMARC && name !== EMPTY);
  for (const peer of peers) {
    const other = start?.find((row) => row.server === peer);
    rows.push([peer, 'start', 'CPU', ratio(median(other?.cpu), median(ownStart?.cpu))]);
  }
  for (const row of typing ?? []) {
    if (row.server === DEMARC || row.server === EMPTY) continue;
    const own = typing?.find((one) => one.document === row.document && one.server === DEMARC);
    const title = documents?.find((one) => one.id === row.document)?.title;
    rows.push(
      [row.server, `keystroke, ${title}`, 'CPU', ratio(median(row.keyCpu), median(own?.keyCpu))],
      [row.server, `keystroke, ${title}`, 'wall', ratio(median(row.keyWall), median(own?.keyWall))],
    );
  }
  for (const row of commands?.rows ?? []) {
    if (row.tool === DEMARC || row.missing) continue;
    const own = commands?.rows.find((one) => one.tool === DEMARC && one.target === row.target && one.state === 'cold');
    const words = { template: 'one template', templates: 'the templates', tree: 'the tree' }[row.target];
    rows.push([row.tool, `command line, ${words}`, 'CPU', ratio(median(row.cpu), median(own?.cpu))]);
  }
  if (!rows.length) return undefined;
  const ordered = [...new Set(rows.map((row) => row[0]))].flatMap((name) => rows.filter((row) => row[0] === name));
  return section(
    'The peers',
    "Medians as multiples of Demarc's. They do not do the same work: see what each was asked for above.",
    table(['peer', 'what', '', '× Demarc'], ordered, 3),
  );
}

function policySection({ policies }: Results): string | undefined {
  if (!policies) return undefined;
  return section(
    'The policy engine',
    `In process; ms. AWS's service authorization reference is ${figure(policies.dataBytes / 1000)} KB compressed.`,
    table(
      ['what', 'median', 'p95', 'CPU, mean'],
      policies.rows.map((row) => [row.name, row.median, row.p95, row.cpu]),
    ),
  );
}

/** The page: bars first, then each measurement. */
export function page(results: Results): string {
  const parts = [
    '# Performance',
    'Written by `npm run bench`, all of it in one run on one machine. Compare ratios rather than milliseconds.',
    barSection(results),
    machineSection(results),
    peerSection(results),
    startSection(results),
    ...typingSections(results),
    commandSection(results),
    policySection(results),
  ];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}
