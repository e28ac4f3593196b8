/** The language server as the extension sees it: started, stopped, restarted, and in which state it is. */
import * as vscode from 'vscode';
import { CloseAction, LanguageClient, State, TransportKind, type ErrorHandler } from 'vscode-languageclient/node';
import { selector } from './documents';
import { findProgram, ProgramError, type Program } from './program';

/** What the server is doing. */
export type ServerState =
  | { readonly kind: 'off' | 'starting' | 'stopped' }
  | { readonly kind: 'running'; readonly program: Program }
  | { readonly kind: 'failed'; readonly message: string };

/** In milliseconds; a server that has not answered by then never will. */
const patience = 30_000;

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
    if (this.client !== undefined && this.current.kind !== 'stopped') {
      return;
    }
    await this.discardClient();
    this.setState({ kind: 'starting' });
    try {
      this.program = await findProgram(this.context, this.log);
      this.log.info(`starting ${this.program.version}: ${this.program.path} (from ${this.program.origin})`);
      this.client = this.createClient(this.program);
      await inTime(this.client.start());
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
    let usual: ErrorHandler | undefined;
    const handler = (): ErrorHandler => (usual ??= client.createDefaultErrorHandler());
    const client: LanguageClient = new LanguageClient('promolint', 'promolint', server, {
      documentSelector: selector,
      outputChannel: this.log,
      initializationOptions: settings,
      synchronize: { configurationSection: 'promolint' },
      middleware: {
        workspace: {
          configuration: ({ items }) => items.map(settings),
          didChangeConfiguration: () => client.sendNotification('workspace/didChangeConfiguration', { settings: { promolint: settings() } }),
        },
      },
      errorHandler: {
        error: (...details) => handler().error(...details),
        // One that was given up is not started again.
        closed: () => (client === this.client ? handler().closed() : { action: CloseAction.DoNotRestart, handled: true }),
      },
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

/** What the server is told of the settings. In a workspace that is not trusted it asks no git, which runs what that is configured to. */
function settings(): object {
  return { ...vscode.workspace.getConfiguration('promolint'), git: vscode.workspace.isTrusted };
}

function inTime(start: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server has not answered for ${patience / 1000} seconds`)), patience);
    start.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
