/** As much of the editor as the map of a folder needs: events, addresses, and files that a test lays out. */

type Listener<T> = (value: T) => void;

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export class Uri {
  private constructor(readonly path: string) {}
  static parse(text: string): Uri {
    return new Uri(new URL(text).pathname);
  }
  static joinPath(uri: Uri, name: string): Uri {
    return Uri.parse(new URL(name === '..' ? '.' : name, `file://${uri.path}`).href.replace(/\/$/, ''));
  }
  toString(): string {
    return `file://${this.path}`;
  }
}

export class RelativePattern {}
export const Disposable = {
  from: (...all: { dispose(): void }[]) => ({
    dispose: () => {
      for (const one of all) one.dispose();
    },
  }),
};
export const ProgressLocation = { Notification: 15 };
export const l10n = { t: (text: string) => text };
export const window = {};

/** What a test lays out, and what happens on its disk. */
export const stub = { files: [] as Uri[], deleted: new EventEmitter<Uri>() };
const never = () => ({ dispose: () => {} });
export const workspace = {
  findFiles: async () => stub.files,
  createFileSystemWatcher: () => ({
    onDidCreate: never,
    onDidChange: never,
    onDidDelete: stub.deleted.event,
    dispose: () => {},
  }),
  fs: { stat: () => Promise.reject(new Error('gone')) },
  textDocuments: [],
};
