/** What is judged as one, and the judgement, both plain: they cross from thread to thread, and are kept by content. */

import type { Source } from '../analysis/analyze.ts';
import type { AwsPart, Found, Item, MovedLine, Problem, SuppressedItem } from './result.ts';

/** Everything that a judgement depends on. */
export interface Job {
  /** Files are shown relative to it. */
  readonly cwd: string;
  /** `2026-01-31`. */
  readonly today: string;
  /** Whether the report is for a review: diffs of fixes, lines that moved, what AWS does. */
  readonly review: boolean;
  /** The settings as JSON: of the same text a thread makes one object, which much is remembered by. */
  readonly settings: string;
  /** A file, or a Terraform module with what it calls; the root's own files first. */
  readonly sources: readonly Source[];
  /** Those of them that were asked for: the rest is context. */
  readonly wanted: readonly string[];
  readonly base?: JobBase;
}

/** What a job is compared with. */
export interface JobBase {
  /** The texts of the base; left out where nothing changed. */
  readonly sources?: readonly Source[];
  /** Those of them whose findings count as gone. */
  readonly counted: readonly string[];
}

/** A finding in a module that is called has a mark: of two callers the same is told once. */
export interface Shared {
  readonly shared?: string;
}

export interface Judgement {
  readonly findings: readonly (Item & Shared)[];
  readonly suppressed: readonly (SuppressedItem & Shared)[];
  /** What is told of a wanted file once, however many jobs it belongs to; by path. */
  readonly files: readonly {
    readonly path: string;
    readonly errors: readonly Problem[];
    readonly notes: readonly Problem[];
  }[];
  /** What went wrong in Demarc itself. */
  readonly errors: readonly Problem[];
  /** Whether rules ran: those that the settings leave on. */
  readonly isJudged: boolean;
  /** Findings of the base that are gone. */
  readonly gone: readonly Found[];
  /** How many findings of the base are suppressed now. */
  readonly silenced: number;
  readonly moved: readonly MovedLine[];
  readonly aws: readonly AwsPart[];
  /** The day that it holds for; left out where it holds for every day. */
  readonly day?: string;
}

/** A judgement that says no more than what kept it from being made. */
export function unjudged({ wanted: [first] }: Job, show: (path: string) => string, message: string): Judgement {
  const errors = first === undefined ? [] : [{ file: show(first), message, fatal: true }];
  return {
    findings: [],
    suppressed: [],
    files: [],
    errors,
    isJudged: false,
    gone: [],
    silenced: 0,
    moved: [],
    aws: [],
  };
}
