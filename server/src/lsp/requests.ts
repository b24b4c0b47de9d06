/** How requests are answered: in their order of life, cancelled ones as the protocol says, and with words for what is wrong. */

import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  LSPErrorCodes,
  type Position,
  ResponseError,
} from 'vscode-languageserver';

/** The answer to a request that the client cancelled. */
export const cancelled = () => new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled');

/**
 * The answer to a request for diagnostics of a text that has become another one meanwhile. Clients ask again by themselves, but VS
 * Code's forgets that it wanted to where it is told that it need not.
 */
export const overtaken = () =>
  new ResponseError(LSPErrorCodes.ServerCancelled, 'The document was changed meanwhile', { retriggerRequest: true });

export const invalid = (message: string) => new ResponseError(ErrorCodes.InvalidParams, message);

/** Before `initialize`, between it and `shutdown`, and after. */
type Phase = 'new' | 'running' | 'ended';

export class Requests {
  private phase: Phase = 'new';
  /** Messages that were dealt with. */
  count = 0;

  constructor(private readonly connection: Connection) {}

  /** `initialize` comes, and comes once. */
  begin(): void {
    if (this.phase !== 'new') throw new ResponseError(ErrorCodes.InvalidRequest, 'The server is initialized already');
    this.phase = 'running';
  }

  end(): void {
    this.phase = 'ended';
  }

  get isRunning(): boolean {
    return this.phase === 'running';
  }

  /**
   * A handler of a request: refused where the server does not run, `RequestCancelled` where the client no longer wants it, and
   * told to the log where it fails.
   */
  answering<P, R>(
    handler: (params: P, token: CancellationToken) => R | Promise<R>,
  ): (params: P, token: CancellationToken) => Promise<R> {
    return async (params, token) => {
      this.count++;
      if (this.phase === 'new') throw new ResponseError(ErrorCodes.ServerNotInitialized, 'initialize comes first');
      if (this.phase === 'ended') throw new ResponseError(ErrorCodes.InvalidRequest, 'The server is shut down');
      if (token.isCancellationRequested) throw cancelled();
      let answer: R;
      try {
        answer = await handler(params, token);
      } catch (error) {
        if (!(error instanceof ResponseError))
          this.connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        throw error;
      }
      if (token.isCancellationRequested) throw cancelled();
      return answer;
    };
  }

  /** A handler of a notification: left out where the server does not run. */
  noting<P>(handler: (params: P) => void): (params: P) => void {
    return (params) => {
      this.count++;
      if (this.phase === 'running') handler(params);
    };
  }
}

/** The URI of the document that a request is about. @throws ResponseError where it names none */
export function uriOf(params: { readonly textDocument: { readonly uri: string } } | null | undefined): string {
  const uri: unknown = params?.textDocument?.uri;
  if (typeof uri !== 'string') throw invalid('textDocument.uri is missing');
  return uri;
}

/** A position with whole numbers, wherever it lies. @throws ResponseError where it is none */
export function positionOf(position: Position | null | undefined): Position {
  const { line, character } = position ?? {};
  if (!Number.isSafeInteger(line) || !Number.isSafeInteger(character)) throw invalid('position is missing');
  return { line: line as number, character: character as number };
}

/** A parameter that is a text. @throws ResponseError where it is none */
export function stringOf<K extends string>(params: Readonly<Record<K, unknown>> | null | undefined, name: K): string {
  const value = params?.[name];
  if (typeof value !== 'string') throw invalid(`${name} is missing`);
  return value;
}
