/** Diagnostics for clients that cannot pull them: of the newest text, with its version, and never of a document that is closed. */

import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

export interface PublisherHost {
  document(uri: string): TextDocument | undefined;
  /** The diagnostics of the newest text. */
  diagnostics(uri: string): Promise<readonly Diagnostic[]>;
  send(params: PublishDiagnosticsParams): Promise<void>;
  failed(error: unknown): void;
}

export class Publisher {
  /** Documents whose diagnostics are being found, and whether they have to be found once more. */
  private readonly underWay = new Map<string, { again: boolean }>();

  constructor(private readonly host: PublisherHost) {}

  /** At once; where that is under way, once more after it: a burst of keys costs two analyses at most. */
  publish(uri: string): void {
    const known = this.underWay.get(uri);
    if (known) {
      known.again = true;
      return;
    }
    const state = { again: false };
    this.underWay.set(uri, state);
    void this.send(uri, state);
  }

  /** Never fails. */
  private async send(uri: string, state: { again: boolean }): Promise<void> {
    do {
      state.again = false;
      try {
        const found = await this.host.diagnostics(uri);
        const document = this.host.document(uri);
        // What is found is of the newest text: nothing was waited for since.
        if (document) await this.host.send({ uri, version: document.version, diagnostics: [...found] });
      } catch (error) {
        this.host.failed(error);
      }
    } while (state.again);
    this.underWay.delete(uri);
  }

  /** The document was closed. */
  close(uri: string): void {
    this.host.send({ uri, diagnostics: [] }).catch((error) => this.host.failed(error));
  }
}
