/** The language server as the extension sees it: started, stopped, restarted, and in which state it is. */
import * as vscode from 'vscode';
import { LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
import { selector } from './documents';
import { findProgram, ProgramError, type Program } from './program';

/** What the server is doing. */
export type ServerState =
  | { readonly kind: 'off' | 'starting' | 'stopped' }
  | { readonly kind: 'running'; readonly program: Program }
  | { readonly kind: 'failed'; readonly message: string };

/** One language server for all folders of the window. */
export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private program: Program | undefined;
  private current: ServerState = { kind: 'off' };
  /** Starts and stops happen one after the other. */
  private queue: Promise<void> = Promise.resolve();
  private readonly changes = new vscode.EventEmitter<ServerState>();
  /** Fires on every change of `state`. */
  readonly onDidChangeState = this.changes.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
  ) {}

  get state(): ServerState {
    return this.current;
  }

  /** Starts the server if it does not run. A failure becomes the state, not an exception. */
  start(): Promise<void> {
    return this.inTurn(() => this.startNow());
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.stopNow());
  }

  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.stopNow();
      await this.startNow();
    });
  }

  /** The running client. */
  get running(): LanguageClient | undefined {
    return this.current.kind === 'running' ? this.client : undefined;
  }

  dispose(): void {
    this.changes.dispose();
  }

  private inTurn(action: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(action);
    return this.queue;
  }

  private async startNow(): Promise<void> {
    if (this.client !== undefined) {
      return;
    }
    this.setState({ kind: 'starting' });
    try {
      this.program = await findProgram(this.context);
      this.log.info(`starting ${this.program.version}: ${this.program.path} (from ${this.program.origin})`);
      this.client = this.createClient(this.program);
      await this.client.start();
    } catch (error) {
      const message = error instanceof ProgramError ? error.message : this.cannotServe(error);
      this.log.error(message);
      await this.discardClient();
      this.setState({ kind: 'failed', message });
    }
  }

  private cannotServe(error: unknown): string {
    this.log.error(String(error));
    const program = this.program;
    return `promolint does not run: ${program?.path} (${program?.version}) cannot be started as a language server; see the log.`;
  }

  private async stopNow(): Promise<void> {
    await this.discardClient();
    this.setState({ kind: 'off' });
  }

  private async discardClient(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // A server that is gone already, or never came, cannot be told to stop.
      this.log.debug(String(error));
    }
  }

  private createClient(program: Program): LanguageClient {
    const server = { command: program.path, args: ['lsp'], transport: TransportKind.stdio };
    const client = new LanguageClient('promolint', 'promolint', server, {
      documentSelector: selector,
      outputChannel: this.log,
      initializationOptions: vscode.workspace.getConfiguration('promolint'),
      synchronize: { configurationSection: 'promolint' },
    });
    client.onDidChangeState(({ newState }) => {
      // A client that was replaced has nothing to say any more.
      if (client !== this.client) {
        return;
      }
      const states = { [State.Running]: { kind: 'running', program }, [State.Stopped]: { kind: 'stopped' } } as const;
      this.setState(newState === State.Running || newState === State.Stopped ? states[newState] : { kind: 'starting' });
    });
    return client;
  }

  private setState(state: ServerState): void {
    this.current = state;
    this.changes.fire(state);
  }
}
