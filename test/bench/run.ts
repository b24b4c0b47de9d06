/** Runs the parts of the bench, one after the other, each in processes of its own. */

import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type CommandRow,
  demarcTool,
  emptyFolder,
  findTargets,
  measureCommand,
  type Targets,
  type Tool,
  validateTool,
} from './commands.ts';
import { type BenchDocument, writeDocuments } from './documents.ts';
import { preparePeerTools } from './peer-tools.ts';
import { measurePolicies } from './policies.ts';
import { type Probed, probe, probeStart } from './probe.ts';
import { type Machine, type Results, type StartRow, type TypingRow, together } from './results.ts';
import { type BenchServer, type Bundle, prepareServers, type Servers } from './servers.ts';
import { summarize } from './statistics.ts';

export const PARTS = ['policies', 'start', 'typing', 'commands'] as const;
export type Part = (typeof PARTS)[number];

export interface RunOptions {
  /** Fewer runs, fewer sizes. */
  readonly quick: boolean;
  readonly parts: readonly Part[];
  /** Other linters' command lines, too. */
  readonly peers: boolean;
  /** Only documents whose id holds one of these; all where there are none. */
  readonly documents: readonly string[];
  /** The build that is measured, which nobody changes meanwhile. */
  readonly dist: string;
  /** What that build is, in words. */
  readonly build: string;
  /** Where everything is written. */
  readonly folder: string;
  /** The shared benches and templates, if they are there. */
  readonly shared: string;
  /** The packed service authorization reference, and its compressed size. */
  readonly data: string;
  readonly dataBytes: number;
  readonly packageBytes?: number;
  readonly bundle: Bundle;
  readonly progress: (text: string) => void;
}

function machine(): Machine {
  const [processor] = cpus();
  return {
    processor: processor?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release().split('-')[0]}`,
    node: process.version,
  };
}

/** All the figures that were asked for. */
export async function runBench(options: RunOptions): Promise<Results> {
  const { parts, quick, folder, shared } = options;
  const before = loadavg()[0] ?? 0;
  const policies = parts.includes('policies')
    ? { dataBytes: options.dataBytes, rows: measurePolicies(options.data) }
    : undefined;
  const others = parts.some((part) => part !== 'policies');
  const documents = others ? writeDocuments(join(folder, 'documents'), join(shared, 'bench/docs'), quick) : [];
  if (others) options.progress('installing peers');
  const prepared: Servers = others
    ? await prepareServers(options.dist, options.build, join(folder, 'peers'), options.bundle)
    : { servers: [], missing: [], validateVersion: '' };
  const start = parts.includes('start') ? await starts(prepared.servers, documents, options) : undefined;
  const wanted = documents.filter(
    ({ id }) => !options.documents.length || options.documents.some((part) => id.includes(part)),
  );
  const typing = parts.includes('typing') ? await typings(prepared.servers, wanted, options) : undefined;
  const commands = parts.includes('commands') ? await commandLines(prepared, documents, options) : undefined;
  return {
    date: new Date().toISOString().slice(0, 10),
    quick,
    machine: machine(),
    load: [before, loadavg()[0] ?? 0],
    notes: [...prepared.servers.map(({ name, note }) => ({ name, note })), ...(commands?.notes ?? [])],
    missing: prepared.missing,
    policies,
    packageBytes: options.packageBytes,
    start,
    documents:
      typing && wanted.map(({ id, title, lines, bytes, resources }) => ({ id, title, lines, bytes, resources })),
    typing,
    commands: commands && { rows: commands.rows, about: commands.about },
  };
}

/** Servers in turn, so that a machine that is busy for a while is so for all of them. */
async function starts(
  servers: readonly BenchServer[],
  documents: readonly BenchDocument[],
  { quick, progress }: RunOptions,
): Promise<StartRow[]> {
  const folder = documents[0]?.folder ?? '.';
  const rounds = quick ? 5 : 15;
  const times = new Map<string, { wall?: number; cpu?: number }[]>();
  for (let round = 0; round < rounds; round++) {
    progress(`start ${round + 1} of ${rounds}`);
    for (const server of servers) {
      // Peers that take seconds need not be asked so often.
      if (server.peer && round >= 3) continue;
      times.set(server.name, [...(times.get(server.name) ?? []), await probeStart(server, folder)]);
    }
  }
  return [...times].map(([server, runs]) => ({
    server,
    wall: summarize(runs.map((one) => one.wall)),
    cpu: summarize(runs.map((one) => one.cpu)),
  }));
}

async function typings(
  servers: readonly BenchServer[],
  documents: readonly BenchDocument[],
  { quick, progress }: RunOptions,
): Promise<TypingRow[]> {
  const rows: TypingRow[] = [];
  const rounds = quick ? 1 : 2;
  for (const document of documents) {
    // The documents of the bars are for them.
    const able = servers.filter(
      (server) => server.languages.includes(document.language) && !(server.peer && document.shared),
    );
    const probed = new Map<string, Probed[]>(able.map((server) => [server.name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const server of able) {
        if (server.peer && round > 0) continue;
        progress(`${document.title}: ${server.name}, run ${round + 1} of ${server.peer ? 1 : rounds}`);
        // What grows by edits grows in one run as in two, and in documents of these sizes.
        const edits = round === 0 && !quick && !/-(50|10000)$/.test(document.id) ? 1000 : 0;
        const budget = (server.peer ? 20_000 : 60_000) / (quick ? 2 : 1);
        const keystrokes = quick ? 50 : 100;
        probed.get(server.name)?.push(await probe(server, document, { keystrokes, edits, budget }));
      }
    }
    for (const [name, runs] of probed) rows.push(together(document, name, runs));
  }
  return rows;
}

interface Commands {
  readonly rows: readonly CommandRow[];
  readonly about: NonNullable<Results['commands']>['about'];
  readonly notes: readonly { readonly name: string; readonly note: string }[];
}

async function commandLines(
  servers: Servers,
  documents: readonly BenchDocument[],
  { quick, peers, dist, folder, shared, bundle, progress }: RunOptions,
): Promise<Commands> {
  const template = documents.find((one) => one.id === 'yaml-1000')?.files[0]?.path ?? '';
  const targets: Targets = findTargets(join(shared, 'realworld'), join(folder, 'documents'), template);
  const rows: CommandRow[] = [];
  const add = async (...args: Parameters<typeof measureCommand>) => {
    progress(`${args[0].name}: ${args[1]}, ${args[3]}`);
    const row = await measureCommand(...args);
    if (row) rows.push(row);
  };
  const runs = quick ? 1 : 3;
  // Not in the project: a cache in what belongs to the tree that is linted is refused.
  const cache = mkdtempSync(join(tmpdir(), 'demarc-bench-'));
  const cli = resolve(dist, 'cli.js');
  const cached = demarcTool(cli, ['--cache-location', cache]);
  try {
    for (const target of ['template', 'templates', 'tree'] as const) {
      await add(demarcTool(cli), target, targets, 'cold', runs);
      if (target === 'tree') await add(demarcTool(cli, ['--jobs', '1']), target, targets, 'cold, one thread', runs);
      await add(cached, target, targets, 'cold, --cache', runs, () => emptyFolder(cache));
      await add(cached, target, targets, 'warm, --cache', runs);
    }
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
  const others: Tool[] = [];
  if (servers.validate)
    others.push(
      validateTool(await bundle('validate-files.ts'), servers.validate, resolve(folder), servers.validateVersion),
    );
  if (peers) {
    progress('installing the peers of the command line');
    others.push(...preparePeerTools(join(folder, 'peers')));
  }
  for (const tool of others) {
    for (const target of ['template', 'templates', 'tree'] as const) {
      await add(tool, target, targets, 'cold', 1);
      if (tool.missing) break;
    }
  }
  const kilobytes = Math.round(targets.bytes / 1000).toLocaleString('en');
  return {
    rows,
    about: {
      template: 'one template of 1,000 lines',
      templates: `the ${targets.templates.length} CloudFormation templates of the tree, named one by one`,
      tree: `${targets.about}: ${targets.files} files, ${kilobytes} KB`,
    },
    notes: others.filter((tool) => tool.note).map(({ name, note }) => ({ name: `${name}, command line`, note })),
  };
}
