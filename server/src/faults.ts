/** What nobody caught: it goes to the log, and the server goes on where it can be trusted to. */

/** Milliseconds in which the last words get on their way. */
const PATIENCE = 200;
/** Rejections of one kind are told once, and of so many kinds. */
const MOST_TOLD = 50;
const MOST_FRAMES = 20;

/**
 * Where something went wrong, without what the error says: that may repeat the text of a template.
 * @returns the error's name, its code where it has one, and the places in our code
 */
export function traceOf(reason: unknown): string {
  if (!(reason instanceof Error)) return `no error, but of type ${typeof reason}`;
  const { name, message, stack = '' } = reason;
  const { code } = reason as NodeJS.ErrnoException;
  const said = stack.indexOf(message);
  const frames = stack
    .slice(said < 0 ? 0 : said + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MOST_FRAMES);
  return [typeof code === 'string' ? `${name} ${code}` : name, ...frames].join('\n');
}

/** What of a process is listened to. */
interface Faulty {
  on(event: 'unhandledRejection' | 'uncaughtException', listener: (reason: unknown) => void): unknown;
  exit(code: number): void;
  readonly stderr: { write(text: string): unknown };
}

/**
 * Tells of what nobody caught. A rejected promise is the end of one piece of work: the server goes on. An exception may have left
 * anything half done: the server ends, and its client starts a new one with the documents as they are. It ends as well where
 * the log cannot be written to: then nothing else can.
 * @param log takes a message for the client's log; may throw
 */
export function watchFaults(log: (message: string) => void, process: Faulty = globalThis.process): void {
  const told = new Set<string>();
  let isEnding = false;
  const end = () => {
    isEnding = true;
    setTimeout(() => process.exit(1), PATIENCE);
  };
  const say = (message: string) => {
    try {
      log(message);
    } catch {
      // Not the console: what it is given may go to the log as well.
      process.stderr.write(`${message}\n`);
      // Nobody hears what it says any more.
      if (!isEnding) end();
    }
  };
  process.on('unhandledRejection', (reason) => {
    const trace = traceOf(reason);
    if (told.size >= MOST_TOLD || told.has(trace)) return;
    told.add(trace);
    say(`Something failed, and nobody dealt with it: ${trace}`);
  });
  process.on('uncaughtException', (reason) => {
    if (isEnding) return;
    end();
    say(`The server ends, as something failed in the midst of its work: ${traceOf(reason)}`);
  });
}
