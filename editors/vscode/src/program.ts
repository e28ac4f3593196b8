/** Finds the `promolint` program and runs it. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';

/** A program that was found and says its version. */
export interface Program {
  readonly path: string;
  /** As in `promolint 0.1.0`. */
  readonly version: string;
  readonly origin: 'setting' | 'extension' | 'PATH';
}

/** The program could not be found or run; the message is for people. */
export class ProgramError extends Error {}

const executable = process.platform === 'win32' ? 'promolint.exe' : 'promolint';

/** The program of the setting, else the one inside the extension, else the one on the `PATH`. */
export async function findProgram(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<Program> {
  const setting = vscode.workspace.getConfiguration('promolint').get<string>('server.path', '').trim();
  if (setting !== '') {
    const file = resolve(setting);
    if (!(await isExecutable(file))) {
      throw new ProgramError(`promolint does not run: the setting promolint.server.path names ${file}, which is no executable file.`);
    }
    return { path: file, version: await versionOf(file), origin: 'setting' };
  }
  const bundled = context.asAbsolutePath(path.join('server', executable));
  let broken: unknown;
  if (await isExecutable(bundled)) {
    try {
      return { path: bundled, version: await versionOf(bundled), origin: 'extension' };
    } catch (error) {
      // Made for another system than the one this window is connected to; the system may have its own.
      log.warn(String(error));
      broken = error;
    }
  }
  for (const directory of (process.env['PATH'] ?? '').split(path.delimiter).filter((entry) => path.isAbsolute(entry))) {
    const file = path.join(directory, executable);
    if (await isExecutable(file)) {
      return { path: file, version: await versionOf(file), origin: 'PATH' };
    }
  }
  throw broken ?? new ProgramError('promolint does not run: there is no promolint on the PATH; install it or set promolint.server.path.');
}

/** What the program prints. */
export async function run(program: Program, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program.path, args, { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 });
  return stdout;
}

function resolve(setting: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
  const expanded = setting.replace(/^~(?=$|[\\/])/, () => homedir()).replaceAll('${workspaceFolder}', () => folder);
  return path.resolve(folder, expanded);
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

async function versionOf(file: string): Promise<string> {
  let reason = '';
  try {
    const { stdout } = await promisify(execFile)(file, ['--version'], { timeout: 10_000 });
    if (/^promolint \S+/.test(stdout)) {
      return stdout.trim();
    }
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    reason = ` (${(stderr?.trim() || message).slice(0, 300)})`;
  }
  throw new ProgramError(`promolint does not run: ${file} does not answer to --version as promolint does${reason}.`);
}
