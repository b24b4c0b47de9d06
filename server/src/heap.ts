/** The heap of the Node server: how V8 is told to keep it small, and when what is dead is collected. */

import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Memory } from './lsp/memory.ts';

const MiB = 2 ** 20;

/**
 * New objects get a megabyte and no more: what a keystroke leaves behind is dead by the time that is full. V8 would let it grow to
 * 16, which costs more memory than the document.
 */
const FIRST_ROOM = '--semi-space-growth-factor=1';
/** What new objects get where texts are large. Bytes. */
const ROOM = 8 * MiB;
/**
 * Code is optimized when it has run nine times as long as V8 waits for otherwise: a person's keys are few, and the compiler costs
 * more than it saves them. Measured at 1,000 lines: of the first hundred keys the slowest twentieth costs 14 ms and not 34.
 */
const OPTIMIZE_LATER = '--interrupt-budget=600000';
/**
 * How much is added to old objects, at most, before they are collected; V8's own choice is up to three times what is alive. A
 * keystroke in a large text leaves its megabyte there: every twenty-fifth pays for a collection. Bytes, and per cent of what is alive.
 */
const GROWTH = 32 * MiB;
const MOST_GROWTH = 70;

/** Milliseconds without work, after which a heap of up to `SMALL` bytes is collected: 30 ms, and 100 or more where it is larger. */
const IDLE = 1_000;
const LONG_IDLE = 5_000;
const SMALL = 64 * MiB;
/** What has to have been added since. Bytes. */
const WORTH = 8 * MiB;

/**
 * Sets V8's flags and answers who looks after memory from then on. In Electron flags may be frozen, and setting them ends the
 * process: there the client gives the process flags of its own.
 */
export function keepSmall(): Memory {
  const setsFlags = !process.versions.electron;
  if (setsFlags) for (const flag of [FIRST_ROOM, OPTIMIZE_LATER]) setFlagsFromString(flag);
  const collect = collector(setsFlags);
  let left = 0;
  let growth = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    makeRoom() {
      if (!setsFlags) return;
      const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
      setFlagsFromString(`--semi-space-growth-factor=${(young?.space_size ?? ROOM) < ROOM ? 2 : 1}`);
    },
    rest(isIdle = false) {
      clearTimeout(timer);
      const used = getHeapStatistics().used_heap_size;
      const percent = Math.min(MOST_GROWTH, Math.ceil((10 * GROWTH) / used) * 10);
      if (setsFlags && percent !== growth) {
        growth = percent;
        setFlagsFromString(`--heap-growing-percent=${percent}`);
      }
      if (used - left < WORTH) return;
      timer = setTimeout(
        () => {
          collect();
          left = getHeapStatistics().used_heap_size;
        },
        used > SMALL ? LONG_IDLE : isIdle ? 0 : IDLE,
      );
      timer.unref();
    },
  };
}

/** V8's collector. It has no name in a running program unless a flag says so, and then in what begins behind the flag only. */
function collector(setsFlags: boolean): () => void {
  let made: (() => void) | undefined;
  return () => {
    if (!made && setsFlags) {
      setFlagsFromString('--expose-gc');
      made = runInNewContext('gc') as () => void;
    }
    made ??= globalThis.gc ?? (() => {});
    made();
  };
}
