/**
 * What a process and its children use. CPU time is read from Linux's scheduler, in nanoseconds: other tools count ticks of 10 ms,
 * which is longer than a keystroke takes. On other systems it is not measured; memory then is the resident set that `ps` tells.
 */

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const LINUX = process.platform === 'linux';
const KIB_PER_MIB = 1024;

/** A process and its descendants as they are now. */
export function processTree(pid: number): number[] {
  if (!LINUX) return [pid];
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    // The name in parentheses may hold anything; the parent is the second word behind it.
    const parent = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [pid];
  for (let i = 0; i < tree.length; i++) tree.push(...(children.get(tree[i] as number) ?? []));
  return tree;
}

/** Milliseconds of CPU time that the processes' threads have used since they began; undefined where it cannot be known. */
export function cpuTime(pids: readonly number[]): number | undefined {
  if (!LINUX) return undefined;
  let nanoseconds = 0;
  for (const pid of pids) {
    for (const thread of list(`/proc/${pid}/task`))
      nanoseconds += Number(read(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0);
  }
  return nanoseconds / 1e6;
}

/** Resident memory of the processes, MiB; `peak`: the most there was at any time, where the system tells. */
export function memory(pids: readonly number[]): { resident?: number; peak?: number } {
  if (LINUX) {
    let [resident, peak] = [0, 0];
    for (const pid of pids) {
      const status = read(`/proc/${pid}/status`) ?? '';
      resident += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / KIB_PER_MIB;
      peak += Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / KIB_PER_MIB;
    }
    return { resident, peak };
  }
  try {
    const told = execFileSync('ps', ['-o', 'rss=', '-p', pids.join(',')], { encoding: 'utf8' });
    return { resident: told.split('\n').reduce((sum, line) => sum + Number(line.trim() || 0), 0) / KIB_PER_MIB };
  } catch {
    return {};
  }
}

/** Processes and threads end while they are looked at. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
