/** Worker threads that judge: the same program, started with a mark. */

import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Job, Judgement } from './job.ts';

const MARK = 'demarc-judges';
/** A thread has this much text to do, so that it never waits for the next job, and no more, so that memory stays small. */
const ENOUGH_UNITS = 200_000;
const MOST_UNITS = 8_000_000;
const MOST_JOBS = 32;

/** A thread that ended before it judged; `tooLarge` where the job took all memory and would again. */
export class ThreadError extends Error {
  constructor(
    message: string,
    readonly tooLarge: boolean,
  ) {
    super(message);
  }
}

interface Pending {
  readonly size: number;
  readonly resolve: (judgement: string) => void;
  readonly reject: (error: ThreadError) => void;
}

interface Thread {
  readonly worker: Worker;
  /** What it has to do, in order: the first is what it is at. */
  readonly pending: Map<number, Pending>;
  load: number;
}

type Message = { readonly id: number; readonly job: Job };
type Answer = { readonly id: number; readonly judgement: string };

export class Threads {
  private readonly threads = new Set<Thread>();
  private ids = 0;

  /** @param file the program */
  constructor(file: string, count: number) {
    for (let i = 0; i < count; i++) {
      try {
        this.start(file);
      } catch {
        // Where the system has no more threads, fewer do.
        return;
      }
    }
  }

  /** Whether a job of a size is better given to a thread than done here. */
  takes(size: number): boolean {
    const thread = this.idlest();
    if (!thread) return false;
    const isLarge = size > ENOUGH_UNITS;
    // While a large one is done here nobody gives the threads anything.
    return (
      thread.pending.size < MOST_JOBS && thread.load + (isLarge ? size : 0) < (isLarge ? MOST_UNITS : ENOUGH_UNITS)
    );
  }

  /**
   * Has a job judged.
   * @returns the judgement as JSON
   * @throws ThreadError where the thread ends before
   */
  judge(job: Job, size: number): Promise<string> {
    const thread = this.idlest();
    if (!thread) return Promise.reject(new ThreadError('there is no thread', false));
    const id = this.ids++;
    const message: Message = { id, job };
    return new Promise((resolve, reject) => {
      thread.pending.set(id, { size, resolve, reject });
      thread.load += size;
      thread.worker.postMessage(message);
    });
  }

  async end(): Promise<void> {
    await Promise.all([...this.threads].map(({ worker }) => worker.terminate()));
  }

  private idlest(): Thread | undefined {
    let found: Thread | undefined;
    for (const thread of this.threads) if (!found || thread.load < found.load) found = thread;
    return found;
  }

  private start(file: string): void {
    const worker = new Worker(file, { workerData: MARK, argv: [] });
    const thread: Thread = { worker, pending: new Map(), load: 0 };
    this.threads.add(thread);
    let reason = 'it ended';
    let tooLarge = false;
    worker.on('message', ({ id, judgement }: Answer) => {
      const pending = thread.pending.get(id);
      if (!pending) return;
      thread.pending.delete(id);
      thread.load -= pending.size;
      pending.resolve(judgement);
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      reason = error?.message ?? String(error);
      tooLarge = error?.code === 'ERR_WORKER_OUT_OF_MEMORY';
    });
    worker.on('exit', () => {
      this.threads.delete(thread);
      let isFirst = true;
      for (const { reject } of thread.pending.values()) {
        reject(new ThreadError(reason, tooLarge && isFirst));
        isFirst = false;
      }
      thread.pending.clear();
    });
  }
}

/** Whether this is one of the threads. */
export function isThread(): boolean {
  return parentPort !== null && workerData === MARK;
}

/** Judges what is asked for, one after the other. */
export function serve(judge: (job: Job) => Judgement): void {
  parentPort?.on('message', ({ id, job }: Message) => {
    const answer: Answer = { id, judgement: JSON.stringify(judge(job)) };
    parentPort?.postMessage(answer);
  });
}
