/** Looks into the heap of a server's process from outside. What answers is loaded by Node before the server and is no part of it. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Bytes, after a collection of all garbage. */
export interface Heap {
  readonly heapUsed: number;
  readonly external: number;
  readonly rss: number;
}

/** Milliseconds that the process has to connect, and to answer: a snapshot of a large heap takes some. */
const PATIENCE = 300_000;

/** Runs inside the server's process: connects to us, never keeps the process alive. */
const RESPONDER = (address: string) => `
const v8 = require('node:v8');
v8.setFlagsFromString('--expose-gc');
const gc = require('node:vm').runInNewContext('gc');
const socket = require('node:net').connect(${JSON.stringify(address)}).unref();
socket.on('error', () => {});
socket.on('data', (data) => {
  const [command, file] = String(data).trim().split(' ');
  gc();
  setTimeout(() => {
    gc();
    if (command === 'snapshot') v8.writeHeapSnapshot(file);
    const { heapUsed, external, rss } = process.memoryUsage();
    socket.write(JSON.stringify({ heapUsed, external, rss }) + '\\n');
  }, 20);
});
`;

export class HeapProbe {
  private socket: Socket | undefined;
  private readonly connected: Promise<void>;
  /** For the Node that runs the server. */
  readonly execArgv: readonly string[];
  private readonly server: Server;
  private readonly file: string;

  /** @param name tells several at a time apart */
  constructor(name: string) {
    mkdirSync('out', { recursive: true });
    const own = `demarc-${name}-${process.pid}`;
    const address = process.platform === 'win32' ? `\\\\.\\pipe\\${own}` : join(tmpdir(), `${own}.sock`);
    this.file = resolve(`out/${own}.cjs`);
    writeFileSync(this.file, RESPONDER(address));
    // Machine code that V8 makes of ours lies in the heap, too, and is made for thousands of edits: it is no leak.
    this.execArgv = ['--no-opt', '--no-sparkplug', '--require', this.file];
    this.server = createServer();
    this.connected = new Promise((done) => {
      this.server.once('connection', (socket) => {
        this.socket = socket;
        done();
      });
    });
    this.server.listen(address);
  }

  /** The heap after all garbage is collected. */
  heap(): Promise<Heap> {
    return this.ask('heap');
  }

  /** The same, and a snapshot for the developer tools of a browser. */
  snapshot(file: string): Promise<Heap> {
    return this.ask(`snapshot ${resolve(file)}`);
  }

  close(): void {
    this.socket?.destroy();
    this.server.close();
    rmSync(this.file, { force: true });
  }

  private async ask(command: string): Promise<Heap> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error('the heap of the server cannot be looked into')), PATIENCE);
    });
    return Promise.race([this.answer(command), late]).finally(() => clearTimeout(timer));
  }

  private async answer(command: string): Promise<Heap> {
    await this.connected;
    const { socket } = this;
    return new Promise((done, fail) => {
      if (!socket) return fail(new Error('nothing is connected'));
      let text = '';
      const ended = () => fail(new Error('the server ended'));
      const take = (data: Buffer) => {
        text += data;
        if (!text.endsWith('\n')) return;
        socket.off('data', take).off('close', ended);
        done(JSON.parse(text) as Heap);
      };
      socket.on('data', take).once('close', ended);
      socket.write(`${command}\n`);
    });
  }
}
