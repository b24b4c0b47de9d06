/** Thousands of edits in one server, as in a long day: does its heap grow? */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Range } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Client } from '../lsp/client.ts';
import { template, yamlOf } from './cloudformation-documents.ts';
import { type Heap, HeapProbe } from './heap-probe.ts';
import { modulePart, VARIABLES } from './terraform-documents.ts';

export interface SoakOptions {
  readonly edits: number;
  /** The heap is measured every so many edits. */
  readonly every: number;
  /** Resources of the templates, files of the module. */
  readonly resources: number;
  readonly seed?: number;
  /** Where heap snapshots go: one after the warm-up, one at the end. */
  readonly snapshots?: string;
  readonly onPoint?: (point: Point) => void;
}

export interface Point extends Heap {
  readonly edits: number;
}

export interface Soak {
  readonly points: readonly Point[];
  /** How often what was asked for. */
  readonly requests: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** Milliseconds without a message, after which nothing is under way in the server any more. */
const REST = 400;

/** A generator of numbers from 0 to 1 that gives the same ones again for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An open document and the text that it returns to. */
interface Edited {
  readonly uri: string;
  readonly languageId: string;
  readonly text: string;
  /** What one edit puts in the place of what; `n` makes it a text that never was before. */
  readonly edits: readonly ((n: number) => readonly [wanted: RegExp, text: string])[];
}

const EDITS: Edited['edits'] = [
  (n) => [/-bucket-\d+/g, `-bucket-${n}`],
  (n) => [/value-[\w-]+/g, `value-${n}-x`],
  // So few that what is kept of them is complete after the warm-up.
  (n) => [/s3:\w+/g, n % 2 ? 's3:GetObject' : `s3:Get${n % 60}`],
  () => [/\btrue\b/g, 'false'],
  () => [/\bfalse\b/g, 'true'],
  (n) => [/10\.0\.0\.0\/8|0\.0\.0\.0\/0|172\.\d+\.0\.0\/16/g, n % 3 ? `172.${n % 256}.0.0/16` : '0.0.0.0/0'],
  // Half typed: a bracket that is not closed, a quote too many. The text is whole again some edits later.
  (n) => [/-queue-\d+/g, `-queue-${n}[`],
  (n) => [/-role-\d+/g, `-role-${n}"`],
  (n) => [/\n/g, `\n# demarc-ignore ${n % 2 ? 's3-versioning' : `unknown-${n}`}: edit ${n}\n`],
];

/** After so many edits a document is as it was at first. */
const RESET = 40;

class Session {
  readonly requests: Record<string, number> = {};
  private readonly next: () => number;
  private readonly counts = new Map<string, number>();
  private edits = 0;

  constructor(
    private readonly client: Client,
    private readonly folder: string,
    private readonly documents: readonly Edited[],
    seed: number,
  ) {
    this.next = random(seed);
  }

  async open(): Promise<void> {
    for (const { uri, text, languageId } of this.documents) {
      await this.client.open(uri, text, languageId);
      await this.pull(uri);
    }
  }

  /** One edit, its diagnostics, and now and then what else a person does. */
  async edit(): Promise<void> {
    const n = ++this.edits;
    const document = this.documents[n % this.documents.length] as Edited;
    const { uri } = document;
    const count = (this.counts.get(uri) ?? 0) + 1;
    this.counts.set(uri, count);
    if (count % RESET === 0) await this.change(uri, this.whole(uri), document.text);
    else await this.editSomewhere(document, n);
    await this.pull(uri);
    if (n % 5 === 0) await this.at('textDocument/hover', uri);
    if (n % 7 === 0) await this.actions(uri);
    if (n % 11 === 0) await this.at('textDocument/completion', uri);
    if (n % 13 === 0) await this.ask('demarc/map', { uris: [uri] });
    if (n % 17 === 0) await this.ask('demarc/status', { uri });
    if (n % 50 === 0) await this.visit(n);
    if (n % 100 === 0) await this.reopen(document);
    if (n % 150 === 0) await this.configure(n);
    if (n % 170 === 0) await this.touch(n);
  }

  private whole(uri: string): Range {
    const document = this.client.document(uri);
    return { start: document.positionAt(0), end: document.positionAt(document.getText().length) };
  }

  private async editSomewhere({ uri, edits }: Edited, n: number): Promise<void> {
    const document = this.client.document(uri);
    const make = edits[Math.floor(this.next() * edits.length)] as Edited['edits'][number];
    const [wanted, text] = make(n);
    const found = [...document.getText().matchAll(wanted)];
    const one = found[Math.floor(this.next() * found.length)];
    if (!one) return;
    const range = { start: document.positionAt(one.index), end: document.positionAt(one.index + one[0].length) };
    await this.change(uri, range, text);
  }

  private async change(uri: string, range: Range, text: string): Promise<void> {
    const document = this.client.document(uri);
    const version = document.version + 1;
    TextDocument.update(document, [{ range, text }], version);
    await this.client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text }],
    });
  }

  private ask<T>(method: string, params: object): Promise<T> {
    this.requests[method] = (this.requests[method] ?? 0) + 1;
    return this.client.connection.sendRequest<T>(method, params);
  }

  private pull(uri: string): Promise<unknown> {
    return this.ask('textDocument/diagnostic', { textDocument: { uri } });
  }

  private at(method: string, uri: string): Promise<unknown> {
    const document = this.client.document(uri);
    const position = document.positionAt(Math.floor(this.next() * document.getText().length));
    return this.ask(method, { textDocument: { uri }, position });
  }

  private async actions(uri: string): Promise<void> {
    const [diagnostic] = await this.client.diagnostics(uri);
    if (!diagnostic) return;
    const { range } = diagnostic;
    await this.ask('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [diagnostic] } });
  }

  /** Opens a file that never was there before, and closes it. */
  async visit(n: number): Promise<void> {
    const terraform = n % 2 === 0;
    const text = terraform ? modulePart(n) : yamlOf(template(8, 1)).replaceAll('bucket', `bucket-${n}`);
    // Of a folder of its own: another module.
    const uri = pathToFileURL(join(this.folder, `visited-${n}`, terraform ? 'main.tf' : 'template.yaml')).href;
    await this.client.open(uri, text, terraform ? 'terraform' : 'yaml');
    await this.pull(uri);
    await this.at('textDocument/hover', uri);
    await this.client.close(uri);
  }

  private async reopen({ uri, text, languageId }: Edited): Promise<void> {
    await this.client.close(uri);
    await this.client.open(uri, text, languageId);
    await this.pull(uri);
  }

  /** Settings that never were before, or those of the beginning. */
  private async configure(n?: number): Promise<void> {
    this.client.settings = n === undefined ? {} : { rules: { [`rule-${n}`]: 'off' } };
    await this.client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  }

  /** A file of the module changes on disk, or is as it was at first. */
  private async touch(n?: number): Promise<void> {
    const file = join(this.folder, 'module', 'part1.tf');
    writeFileSync(file, n === undefined ? modulePart(1) : `${modulePart(1)}\n# ${n}\n`);
    await this.client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: pathToFileURL(file).href, type: 2 }],
    });
  }

  /** All is as it was at first, and the server has nothing to do any more: heaps of such moments can be compared. */
  async rest(): Promise<void> {
    await this.configure();
    await this.touch();
    for (const { uri, text } of this.documents) {
      if (this.client.document(uri).getText() !== text) await this.change(uri, this.whole(uri), text);
      await this.pull(uri);
    }
    await new Promise((wake) => setTimeout(wake, REST));
    for (const { uri } of this.documents) await this.pull(uri);
    this.client.log.length = 0;
  }
}

/** The documents, and the module's files on disk. */
function prepare(folder: string, resources: number): readonly Edited[] {
  rmSync(folder, { recursive: true, force: true });
  const module = join(folder, 'module');
  mkdirSync(module, { recursive: true });
  for (let i = 0; i < Math.max(2, resources / 10); i++) writeFileSync(join(module, `part${i}.tf`), modulePart(i));
  writeFileSync(join(module, 'variables.tf'), VARIABLES);
  const made = template(resources, 2);
  const document = (name: string, languageId: string, text: string): Edited => ({
    uri: pathToFileURL(join(folder, name)).href,
    languageId,
    text,
    // A comment line would break JSON for good.
    edits: languageId === 'json' ? EDITS.slice(0, -1) : EDITS,
  });
  return [
    document('template.yaml', 'yaml', yamlOf(made)),
    document('template.json', 'json', JSON.stringify(made, null, 2)),
    document('module/part0.tf', 'terraform', modulePart(0)),
  ];
}

/** Runs a server through its day. Ends it also where something fails. */
export async function soak({ edits, every, resources, seed = 7, snapshots, onPoint }: SoakOptions): Promise<Soak> {
  const begun = Date.now();
  const folder = resolve(`out/soak-${process.pid}`);
  const documents = prepare(folder, resources);
  const probe = new HeapProbe('soak');
  const client = await Client.start({ folder: pathToFileURL(folder).href, execArgv: probe.execArgv });
  const points: Point[] = [];
  try {
    const session = new Session(client, folder, documents, seed);
    await session.open();
    for (let n = 0; n <= edits; n++) {
      if (n) await session.edit();
      if (n % every) continue;
      await session.rest();
      const isKept = snapshots !== undefined && (n === warmUp(edits, every) || n === edits);
      const heap = await (isKept ? probe.snapshot(join(snapshots, `soak-${n}.heapsnapshot`)) : probe.heap());
      points.push({ edits: n, ...heap });
      onPoint?.({ edits: n, ...heap });
    }
    if (client.errors.length) throw new Error(client.errors.join('\n'));
    return { points, requests: session.requests, seconds: (Date.now() - begun) / 1000 };
  } finally {
    probe.close();
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What opening and closing so many documents, each seen once, leaves in the heap: bytes, after as many for warming up. */
export async function visits(count: number): Promise<number> {
  const folder = resolve(`out/visits-${process.pid}`);
  const documents = prepare(folder, 10);
  const probe = new HeapProbe('visits');
  const client = await Client.start({ folder: pathToFileURL(folder).href, execArgv: probe.execArgv });
  try {
    const session = new Session(client, folder, documents, 7);
    await session.open();
    const many = async (from: number) => {
      for (let n = from; n < from + count; n++) await session.visit(n);
      await session.rest();
      return (await probe.heap()).heapUsed;
    };
    const before = await many(0);
    return (await many(count)) - before;
  } finally {
    probe.close();
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first fifth is for caches to fill; in edits. */
export function warmUp(edits: number, every: number): number {
  return Math.ceil(edits / 5 / every) * every;
}

export interface Verdict {
  readonly from: number;
  readonly to: number;
  /** Bytes from the first to the last point after the warm-up. */
  readonly growth: number;
  /** Bytes for 1,000 edits, by linear regression, and how many standard errors that is away from 0. */
  readonly slope: number;
  readonly t: number;
  readonly leaks: boolean;
}

/** Growth above this is a leak, whatever its shape; below, one that is as good as sure. Bytes. */
const MOST_GROWTH = 2 * 2 ** 20;
const LEAST_GROWTH = 0.5 * 2 ** 20;

/** Whether the heap grows after the warm-up. */
export function judge(points: readonly Point[], from: number): Verdict {
  const used = points.filter((point) => point.edits >= from);
  const first = used[0];
  const last = used.at(-1);
  if (!first || !last || used.length < 3) throw new Error('too few points after the warm-up');
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const x = used.map(({ edits }) => edits / 1000);
  const y = used.map(({ heapUsed }) => heapUsed);
  const [mx, my] = [mean(x), mean(y)];
  const sxx = x.reduce((sum, one) => sum + (one - mx) ** 2, 0);
  const slope = x.reduce((sum, one, i) => sum + (one - mx) * ((y[i] ?? 0) - my), 0) / sxx;
  const rest = y.reduce((sum, one, i) => sum + (one - my - slope * ((x[i] ?? 0) - mx)) ** 2, 0);
  const t = slope / Math.max(Math.sqrt(rest / (used.length - 2) / sxx), Number.EPSILON);
  const growth = last.heapUsed - first.heapUsed;
  const isSure = t > 4 && slope * ((last.edits - first.edits) / 1000) > LEAST_GROWTH;
  return { from: first.edits, to: last.edits, growth, slope, t, leaks: growth > MOST_GROWTH || isSure };
}

const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);

/** The curve as a Markdown table, and the verdict in a sentence. */
export function soakTable({ points, requests, seconds }: Soak, verdict: Verdict): string {
  const total = Object.values(requests).reduce((sum, one) => sum + one, 0);
  const kilobytes = (bytes: number) => `${bytes < 0 ? '−' : ''}${Math.abs(bytes / 1024).toFixed(0)} KiB`;
  return [
    '| edits | heap after collection, MiB | resident, MiB |',
    '|---:|---:|---:|',
    ...points.map(({ edits, heapUsed, rss }) => `| ${edits.toLocaleString('en')} | ${mib(heapUsed)} | ${mib(rss)} |`),
    '',
    `${total.toLocaleString('en')} requests in ${seconds.toFixed(0)} s. From edit ${verdict.from.toLocaleString('en')} to ` +
      `${verdict.to.toLocaleString('en')} the heap ${verdict.growth < 0 ? 'shrinks' : 'grows'} by ` +
      `${kilobytes(Math.abs(verdict.growth))}; regression: ${kilobytes(verdict.slope)} for 1,000 edits ` +
      `(t = ${verdict.t.toFixed(1)}). ${verdict.leaks ? 'It leaks.' : 'Nothing leaks.'}`,
  ].join('\n');
}
