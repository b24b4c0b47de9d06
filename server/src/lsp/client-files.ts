/** Files and data that only the client can reach: a browser has no disk, a virtual workspace none that is ours. */

import type { Connection } from 'vscode-languageserver';
import { setActionDataSource } from '../iam/reference.ts';
import { LIST_FOLDER_REQUEST, READ_DATA_REQUEST, READ_FILE_REQUEST } from './protocol.ts';
import { schemeOf } from './uris.ts';
import type { Files } from './workspace.ts';

/** Files of the scheme `file` from the disk, where there is one; all others from the client, where it offers that. */
export class ClientFiles implements Files {
  /** The client answers the requests. */
  asks = false;
  /** Schemes that were said to be out of reach: each once. */
  private readonly told = new Set<string>();

  constructor(
    private readonly connection: Connection,
    private readonly disk: Files | undefined,
  ) {}

  async list(folderUri: string): Promise<readonly string[]> {
    if (this.disk && schemeOf(folderUri) === 'file') return this.disk.list(folderUri);
    return (await this.ask<readonly string[]>(LIST_FOLDER_REQUEST, folderUri)) ?? [];
  }

  async read(uri: string): Promise<string | undefined> {
    if (this.disk && schemeOf(uri) === 'file') return this.disk.read(uri);
    return (await this.ask<string | null>(READ_FILE_REQUEST, uri)) ?? undefined;
  }

  private async ask<T>(request: string, uri: string): Promise<T | undefined> {
    const scheme = schemeOf(uri);
    if (this.asks) {
      try {
        return await this.connection.sendRequest<T>(request, { uri });
      } catch (error) {
        this.tell(scheme, error instanceof Error ? error.message : String(error));
      }
    } else this.tell(scheme, 'this client does not read files for the server');
    return undefined;
  }

  private tell(scheme: string, why: string): void {
    if (this.told.has(scheme)) return;
    this.told.add(scheme);
    this.connection.console.warn(`Other files of the scheme ${scheme} are not looked at: ${why}`);
  }
}

/**
 * The packed service authorization reference through the client: asked for at the first question, which is answered as unknown, as
 * all others until it is there.
 */
export class ClientData {
  /** While it is on its way. Never fails. */
  coming: Promise<void> | undefined;

  /** @param arrived told once, when the answers have become others */
  constructor(
    private readonly connection: Connection,
    private readonly arrived: () => void,
  ) {
    setActionDataSource(() => {
      this.coming ??= this.fetch();
      return undefined;
    });
  }

  private async fetch(): Promise<void> {
    try {
      const text = await this.connection.sendRequest<string | null>(READ_DATA_REQUEST, { name: 'iam.json' });
      if (text === null) throw new Error('the client cannot read it');
      setActionDataSource(() => text);
      this.arrived();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.connection.console.warn(`Names of IAM actions are not checked: their list is missing (${why})`);
    } finally {
      this.coming = undefined;
    }
  }
}
