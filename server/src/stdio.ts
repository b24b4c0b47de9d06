/**
 * The connection on standard input and output. Of the diagnostics of a large text all but a few are those that were sent before: they
 * are written as JSON once, and sent as the same bytes from then on.
 */

import { Console } from 'node:console';
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  type Message,
  type MessageReader,
  ProposedFeatures,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** The argument with which a client asks for it. */
const ARGUMENT = '--stdio';

/** A connection of the kind that the arguments name. Nothing but the protocol reaches standard output. */
export function connect(options?: ConnectionOptions): Connection {
  if (!process.argv.includes(ARGUMENT)) return createConnection(ProposedFeatures.all, options);
  // Libraries may print.
  globalThis.console = new Console(process.stderr, process.stderr);
  const writer = new StreamMessageWriter(process.stdout, { charset: 'utf-8', contentTypeEncoder });
  // As a stream: the library ends the process with it. Its types know two streams or none, it looks at each by itself.
  return createConnection(ProposedFeatures.all, process.stdin as unknown as MessageReader, writer, options);
}

const contentTypeEncoder = {
  name: 'application/json',
  encode: async (message: Message): Promise<Uint8Array> => encode(message),
};

/** Fewer are not worth the while. */
const MANY = 20;

/**
 * A message as UTF-8, the same bytes as of `JSON.stringify`.
 * @param message diagnostics among its items are not changed once they were part of a message
 */
export function encode(message: Message): Uint8Array {
  const { result } = message as { readonly result?: { readonly items?: unknown } | null };
  const items = result?.items;
  if (!Array.isArray(items) || items.length < MANY || !items.every(isObject))
    return Buffer.from(JSON.stringify(message));
  const around = JSON.stringify({ ...message, result: { ...result, items: [] } });
  if (!around.endsWith(EMPTY)) return Buffer.from(JSON.stringify(message));
  const parts = [Buffer.from(around.slice(0, -END.length)), ...items.map(bytesOf), Buffer.from(END)];
  // The first has no comma before it.
  parts[1] = (parts[1] as Buffer).subarray(1);
  return Buffer.concat(parts);
}

const END = ']}}';
const EMPTY = `"items":[${END}`;

const written = new WeakMap<object, Buffer>();

/** An item behind a comma. */
function bytesOf(item: object): Buffer {
  let bytes = written.get(item);
  if (!bytes) {
    bytes = Buffer.from(`,${JSON.stringify(item)}`);
    written.set(item, bytes);
  }
  return bytes;
}

function isObject(item: unknown): item is object {
  return typeof item === 'object' && item !== null;
}
