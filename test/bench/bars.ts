/** The bars of the design, and whether what was measured meets them. */

import type { Results } from './results.ts';

export interface Bar {
  readonly what: string;
  readonly bar: string;
  readonly measured: string;
  /** Undefined where it could not be measured. */
  readonly met?: boolean;
}

const EMPTY = 'empty server';
const DEMARC = 'Demarc';

/** About 1,000 lines, and 1 MB: those that the bars speak of. */
const MEDIUM = /-1000$|^shared-medium/;
const BIG = /-1MB$|^shared-big/;

/** A figure with as many digits as mean something. */
export function figure(value: number | undefined, unit = ''): string {
  if (value === undefined) return 'not measured';
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}${unit && ` ${unit}`}`;
}

/** `value` below `limit`, where both are known. */
const below = (value: number | undefined, limit: number) => (value === undefined ? undefined : value < limit);

/** Every bar of which something was measured. */
export function bars(results: Results): Bar[] {
  const list: Bar[] = [];
  const start = (server: string) => results.start?.find((row) => row.server === server);
  const [own, empty] = [start(DEMARC), start(EMPTY)];
  if (own?.wall && empty?.wall) {
    const ratio = own.wall.median / empty.wall.median;
    const cpu = own.cpu && empty.cpu ? `; CPU ${figure(own.cpu.median / empty.cpu.median)} ×` : '';
    list.push({
      what: 'start: process → `initialize` answered',
      bar: '< 1.5 × an empty server',
      measured: `${figure(ratio)} ×${cpu}`,
      met: ratio < 1.5,
    });
  }
  const titles = new Map(results.documents?.map((one) => [one.id, one.title]));
  const rows = (results.typing ?? []).filter((row) => row.server === DEMARC);
  for (const row of rows.filter(({ document }) => MEDIUM.test(document)))
    list.push({
      what: `keystroke, ${titles.get(row.document)}: CPU, median`,
      bar: '< 10 ms',
      measured: figure(row.keyCpu?.median, 'ms'),
      met: below(row.keyCpu?.median, 10),
    });
  for (const row of rows.filter(({ document }) => BIG.test(document))) {
    const { median, p95 } = row.keyCpu ?? {};
    list.push({
      what: `keystroke, ${titles.get(row.document)}: CPU, median and p95`,
      bar: '< 16 ms, < 50 ms',
      measured: `${figure(median)}, ${figure(p95, 'ms')}`,
      met: median === undefined || p95 === undefined ? undefined : median < 16 && p95 < 50,
    });
  }
  for (const row of rows.filter(({ document }) => document === 'module'))
    list.push({
      what: `keystroke, ${titles.get(row.document)}: median`,
      bar: '< 16 ms',
      measured: figure(row.keyWall?.median, 'ms'),
      met: below(row.keyWall?.median, 16),
    });
  for (const [pattern, limit] of [
    [MEDIUM, 100],
    [BIG, 200],
  ] as const) {
    for (const row of rows.filter(({ document }) => pattern.test(document)))
      list.push({
        what: `memory, ${titles.get(row.document)}: resident after 100 edits`,
        bar: `< ${limit} MiB`,
        measured: figure(row.memory100, 'MiB'),
        met: below(row.memory100, limit),
      });
  }
  if (results.packageBytes !== undefined)
    list.push({
      what: 'size of the packaged extension',
      bar: '< 1.5 MB',
      measured: figure(results.packageBytes / 1e6, 'MB'),
      met: results.packageBytes < 1.5e6,
    });
  return list;
}
