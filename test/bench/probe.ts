/**
 * Measures a language server on a document: what a user waits for, and what it costs.
 *
 *   start       the process begins → `initialize` is answered
 *   open        didOpen → diagnostics; a hover sent straight behind says how long the server cannot answer
 *   keystroke   didChange of one letter → diagnostics, the next letter 30 to 50 ms later and never before they are there. CPU is
 *               all that the server uses until the next letter: what is done behind the answer counts
 *   stall       letters at that pace, whether or not the answers are there; behind each a hover, whose reply is timed
 *   hover, completion   at spots all over the document, on an idle server
 *   memory      resident, after the start, the opening, 100 edits and 1,000
 *
 * Words are typed letter by letter and taken back, in turn in a value, a parameter, a policy, a reference and as a new key that
 * is not one yet.
 */

import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import type { BenchDocument, Place } from './documents.ts';
import { EditorClient, type Position, type ServerCommand, sleep } from './editor-client.ts';
import { cpuTime, memory } from './process-usage.ts';
import { summarize } from './statistics.ts';

/** One keystroke; milliseconds. */
export interface Keystroke {
  readonly place: string;
  readonly wall: number;
  readonly cpu?: number;
}

/** Milliseconds and MiB; what is undefined could not be measured, or the server cannot do it. */
export interface Probed {
  readonly startWall?: number;
  readonly startCpu?: number;
  readonly openWall?: number;
  readonly openCpu?: number;
  /** The hover sent straight behind the opening. */
  readonly openReply?: number;
  /** What the server does of its own accord in the second behind. */
  readonly afterOpenCpu?: number;
  readonly diagnostics?: number;
  readonly keystrokes: readonly Keystroke[];
  /** Replies to hovers sent while typing. */
  readonly stalls: readonly number[];
  /** The last letter of a burst → its diagnostics. */
  readonly burstWall?: number;
  readonly hovers: readonly number[];
  readonly hoversSaid: number;
  readonly completions: readonly number[];
  readonly completionsSaid: number;
  readonly memoryStart?: number;
  readonly memoryOpen?: number;
  readonly memory100?: number;
  readonly memory1000?: number;
  /** Edits made by then: fewer than 1,000 where the server was too slow. */
  readonly edits: number;
  readonly memoryPeak?: number;
  readonly failures: number;
  readonly died: boolean;
}

export interface ProbeOptions {
  /** Keystrokes that are timed. */
  readonly keystrokes: number;
  /** Edits in all, for memory; a hundred at least. */
  readonly edits: number;
  /** Milliseconds for the timed keystrokes, again for the edits up to the hundredth, and again for those behind them. */
  readonly budget: number;
}

/** Milliseconds: a user looks before the first letter. */
const LOOK = 1000;
/** No diagnostics pushed for so long: there are no more to come. */
const QUIET = 400;
const SPOTS = 20;
/** Milliseconds a letter: who takes longer is not typed to without waiting. Its queue would be measured, not the server. */
const SLOW = 1000;
/** Milliseconds between letters, not the same each time. */
const pace = (i: number) => 30 + ((i * 7) % 21);

export interface Edit {
  readonly place: Place;
  readonly start: Position;
  readonly end: Position;
  readonly text: string;
}

/** Words typed and taken back, in one place after the other, for ever. */
export function* edits(places: readonly Place[]): Generator<Edit, never> {
  for (let round = 0; ; round++) {
    const place = places[round % places.length] as Place;
    const word = place.words[Math.floor(round / places.length) % place.words.length] ?? [];
    const carets: Position[] = [place];
    for (const text of word) {
      const start = carets.at(-1) as Position;
      const [first = '', second] = text.split('\n');
      carets.push(
        second === undefined
          ? { line: start.line, character: start.character + first.length }
          : { line: start.line + 1, character: second.length },
      );
      yield { place, start, end: start, text };
    }
    for (let i = word.length; i > 0; i--)
      yield { place, start: carets[i - 1] as Position, end: carets[i] as Position, text: '' };
  }
}

const at = ({ line, character }: Position): Position => ({ line, character });

/** Spots spread over a document: the first words of lines, and places behind an action's service for completion. */
function spots(text: string): { hover: Position[]; completion: Position[] } {
  const lines = text.split('\n');
  const spread = (found: Position[]) => {
    const step = Math.max(1, Math.floor(found.length / SPOTS));
    return found.filter((_, i) => i % step === 0).slice(0, SPOTS);
  };
  const matching = (pattern: RegExp, inside: number) =>
    lines.flatMap((line, number) => {
      const found = pattern.exec(line);
      return found ? [{ line: number, character: found.index + inside }] : [];
    });
  return { hover: spread(matching(/[A-Za-z]/, 1)), completion: spread(matching(/\bs3:Get/, 'Get'.length + 3)) };
}

/** Starts a server of its own for a document and measures all that is named above. */
export async function probe(command: ServerCommand, document: BenchDocument, options: ProbeOptions): Promise<Probed> {
  const client = new EditorClient(command);
  const [main, ...others] = document.files;
  if (!main) throw new Error(`${document.id} has no files`);
  const { hover: hoverSpots, completion: completionSpots } = spots(main.text);
  try {
    const { wall: startWall, cpu: startCpu } = await client.initialize(document.folder);
    await sleep(300);
    const pids = client.pids;
    const now = () => cpuTime(pids);
    const since = (before: number | undefined) => {
      const after = now();
      return before === undefined || after === undefined ? undefined : after - before;
    };
    const memoryStart = memory(pids).resident;

    const cpuBefore = now();
    const opened = performance.now();
    client.open(main.path, document.language, main.text);
    const shown = client.diagnostics(main.path);
    const openReply = client.time('hover', main.path, hoverSpots[0] ?? { line: 0, character: 0 });
    const shownAt = await shown;
    const openCpu = since(cpuBefore);
    await client.quiet(QUIET);
    const looked = now();
    for (const { path, text } of others.filter(({ path }) => document.places.some((place) => place.path === path))) {
      client.open(path, document.language, text);
      await client.diagnostics(path);
      await client.quiet(QUIET);
    }
    await sleep(LOOK);
    const afterOpenCpu = since(looked);
    const memoryOpen = memory(pids).resident;

    const typed = edits(document.places);
    let made = 0;
    const type = () => {
      const { place, start, end, text } = typed.next().value;
      made++;
      client.change(place.path, at(start), at(end), text);
      return place;
    };
    const keystrokes: Keystroke[] = [];
    for (const end = performance.now() + options.budget; made < options.keystrokes && client.alive; ) {
      const before = now();
      const sent = performance.now();
      const place = type();
      const answered = await client.diagnostics(place.path);
      await sleep(Math.max(1, sent + pace(made) - performance.now()));
      if (answered !== undefined) keystrokes.push({ place: place.name, wall: answered - sent, cpu: since(before) });
      if (performance.now() > end || client.failures > 2) break;
    }
    const typeOn = async (until: number) => {
      let last: Promise<number | undefined> | undefined;
      for (const end = performance.now() + options.budget; made < until && client.alive; ) {
        last = client.diagnostics(type().path);
        // Servers that push wait for a pause; a memory that grows by edits grows all the same.
        await Promise.race([last, sleep(20)]);
        await sleep(2);
        if (performance.now() > end) break;
      }
      await last;
      await client.quiet(QUIET);
      await sleep(LOOK);
    };
    await typeOn(100);
    const memory100 = made < 100 ? undefined : memory(pids).resident;

    const slow = (summarize(keystrokes.map((one) => one.wall))?.median ?? Number.POSITIVE_INFINITY) > SLOW;
    const { stalls, burstWall }: Awaited<ReturnType<typeof burst>> = slow
      ? { stalls: [] }
      : await burst(client, type, hoverSpots);
    const hovers: number[] = [];
    const completions: number[] = [];
    let [hoversSaid, completionsSaid] = [0, 0];
    for (const spot of hoverSpots) {
      const answer = await client.time('hover', main.path, spot);
      if (!answer) break;
      hovers.push(answer.wall);
      if (answer.said) hoversSaid++;
    }
    for (const spot of completionSpots) {
      const answer = await client.time('completion', main.path, spot);
      if (!answer) break;
      completions.push(answer.wall);
      if (answer.said) completionsSaid++;
    }

    const more = made < options.edits;
    if (more) await typeOn(options.edits);
    const { resident, peak } = memory(pids);
    return {
      startWall,
      startCpu,
      openWall: shownAt === undefined ? undefined : shownAt - opened,
      openCpu,
      openReply: (await openReply)?.wall,
      afterOpenCpu,
      diagnostics: [...client.counts.values()][0],
      keystrokes,
      stalls,
      burstWall,
      hovers,
      hoversSaid,
      completions,
      completionsSaid,
      memoryStart,
      memoryOpen,
      memory100,
      memory1000: more ? resident : undefined,
      edits: made,
      memoryPeak: peak,
      failures: client.failures,
      died: !client.alive,
    };
  } finally {
    await client.stop();
  }
}

/** Types on, however late the answers are, and hovers behind every letter. As editors do, the last pull is cancelled by the next. */
async function burst(
  client: EditorClient,
  type: () => Place,
  hoverSpots: readonly Position[],
): Promise<{ stalls: readonly number[]; burstWall?: number }> {
  const replies: Promise<number | undefined>[] = [];
  let cancel: CancellationTokenSource | undefined;
  let last: Promise<number | undefined> | undefined;
  let sent = 0;
  for (let i = 0; i < SPOTS && client.alive; i++) {
    cancel?.cancel();
    cancel = new CancellationTokenSource();
    sent = performance.now();
    const { path } = type();
    last = client.diagnostics(path, cancel);
    const spot = hoverSpots[i % hoverSpots.length];
    if (spot) replies.push(client.time('hover', path, spot).then((answer) => answer?.wall));
    await sleep(pace(i));
  }
  const shown = await last;
  const stalls = (await Promise.all(replies)).filter((one) => one !== undefined);
  await client.quiet(QUIET);
  return { stalls, burstWall: shown === undefined ? undefined : shown - sent };
}

/** Starts a server and stops it; how long until it answers. */
export async function probeStart(command: ServerCommand, folder: string): Promise<{ wall?: number; cpu?: number }> {
  const client = new EditorClient(command);
  try {
    return await client.initialize(folder);
  } finally {
    await client.stop();
  }
}
