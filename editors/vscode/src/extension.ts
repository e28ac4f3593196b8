/** Starts the language server where there is something to lint, and registers the commands. */
import * as vscode from 'vscode';
import { isSign, workspaceHasSigns } from './documents';
import { explainRule, registerPages } from './explain';
import { findProgram, ProgramError, type Program } from './program';
import { Server, type ServerState } from './server';
import { showStatus } from './status';

/** What other extensions, and the tests, may ask. */
export interface Promolint {
  readonly state: ServerState;
}

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<Promolint> {
  const log = vscode.window.createOutputChannel('promolint', { log: true });
  const running = (server = new Server(context, log));
  context.subscriptions.push(log, running, showStatus(running), ...commands(context, running));
  const startWhereSigns = async (): Promise<void> => {
    if (running.state.kind === 'off' && isEnabled() && (vscode.workspace.textDocuments.some(isSign) || (await workspaceHasSigns()))) {
      await running.start();
    }
  };
  context.subscriptions.push(
    vscode.workspace.onDidChangeWorkspaceFolders(startWhereSigns),
    vscode.workspace.onDidGrantWorkspaceTrust(async () => {
      if (running.state.kind !== 'off') {
        await running.restart();
      }
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration('promolint.enable') || event.affectsConfiguration('promolint.server.path')) {
        await (isEnabled() ? running.restart() : running.stop());
      }
    }),
    vscode.workspace.onDidOpenTextDocument(async (document) => {
      if (running.state.kind === 'off' && isEnabled() && isSign(document)) {
        await running.start();
      }
    }),
  );
  await startWhereSigns();
  return {
    get state() {
      return running.state;
    },
  };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

function isEnabled(): boolean {
  return vscode.workspace.getConfiguration('promolint').get<boolean>('enable', true);
}

function commands(context: vscode.ExtensionContext, server: Server): vscode.Disposable[] {
  const program = (): Promise<Program> =>
    server.state.kind === 'running' ? Promise.resolve(server.state.program) : findProgram(context, server.log);
  const register = (name: string, action: (...args: unknown[]) => Promise<void> | void): vscode.Disposable =>
    vscode.commands.registerCommand(`promolint.${name}`, async (...args: unknown[]) => {
      try {
        await action(...args);
      } catch (error) {
        server.log.error(String(error));
        void vscode.window.showErrorMessage(error instanceof ProgramError ? error.message : `promolint: ${String(error)}`);
      }
    });
  return [
    registerPages(program),
    register('restart', () => server.restart()),
    register('showLog', () => server.log.show()),
    register('explainRule', async (name) => explainRule(await program(), typeof name === 'string' ? name : undefined)),
    register('lintWorkspace', async () => {
      // A running server judges the whole workspace; the list is all that is missing.
      await server.start();
      await vscode.commands.executeCommand('workbench.actions.view.problems');
    }),
  ];
}
