/** Shows the state of the server beside the language of the open document, and failures as a message. */
import * as vscode from 'vscode';
import { selector } from './documents';
import type { Server, ServerState } from './server';

/** The item in the language status; it lives as long as the extension. */
export function showStatus(server: Server): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('promolint.status', selector);
  item.name = 'promolint';
  const update = (state: ServerState): void => {
    // For commands that are the server's own.
    void vscode.commands.executeCommand('setContext', 'promolint.isRunning', state.kind === 'running');
    Object.assign(item, describe(state));
    item.busy = state.kind === 'starting';
    if (state.kind === 'failed') {
      void offerHelp(state.message);
    }
  };
  update(server.state);
  return vscode.Disposable.from(item, server.onDidChangeState(update));
}

const restart = { title: 'Restart', command: 'promolint.restart' };
const showLog = { title: 'Show Log', command: 'promolint.showLog' };

function describe(state: ServerState): Pick<vscode.LanguageStatusItem, 'text' | 'detail' | 'severity' | 'command'> {
  const { Information, Warning, Error } = vscode.LanguageStatusSeverity;
  switch (state.kind) {
    case 'running': {
      const detail = state.program.origin === 'extension' ? 'the one inside the extension' : state.program.path;
      return { text: state.program.version, detail, severity: Information, command: showLog };
    }
    case 'starting':
      return { text: 'promolint is starting', detail: '', severity: Information, command: showLog };
    case 'off':
      return { text: 'promolint is off', detail: '', severity: Information, command: restart };
    case 'stopped':
      return { text: 'promolint has stopped', detail: 'No findings are shown.', severity: Warning, command: restart };
    case 'failed':
      return { text: 'promolint does not run', detail: state.message, severity: Error, command: showLog };
  }
}

async function offerHelp(message: string): Promise<void> {
  const settings = 'Open Settings';
  const choice = await vscode.window.showErrorMessage(message, settings, showLog.title);
  if (choice === settings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'promolint.server.path');
  } else if (choice === showLog.title) {
    await vscode.commands.executeCommand(showLog.command);
  }
}
