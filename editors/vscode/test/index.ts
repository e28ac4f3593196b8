/**
 * Tests that run in VS Code's extension host, as a user who has installed the extension sees it.
 *
 * `run` is called by VS Code. The workspace has two folders, copies of `testdata/sample` and `testdata/good`;
 * what passes and fails is written into the file that the variable RESULTS names, one line per check.
 */
import * as assert from 'node:assert/strict';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Promolint } from '../src/extension';

const results = process.env['RESULTS'] ?? '';
const trees = process.env['TREES'] ?? '';

const say = (line: string): void => appendFileSync(results, `${line.replaceAll('\n', ' | ')}\n`);

async function check(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
    say(`ok ${name}`);
  } catch (error) {
    say(`fail ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Waits until `actual` gives what is expected; fails with the last difference. */
async function becomes<T>(actual: () => T | Thenable<T>, expected: T, seconds = 15): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await actual();
    try {
      assert.deepEqual(value, expected);
      return;
    } catch (difference) {
      if (Date.now() > end) {
        throw difference;
      }
    }
    await pause(50);
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

async function open(file: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(path.join(trees, file));
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** `line rule` of all findings in a document, in order. */
function findings(document: vscode.TextDocument): string[] {
  const list = vscode.languages.getDiagnostics(document.uri).map(({ range, code }) => {
    return `${range.start.line + 1} ${typeof code === 'object' ? code.value : code}`;
  });
  return list.sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

async function put(document: vscode.TextDocument, line: number, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, document.lineAt(line - 1).range, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

const images = 'sample/registry.k8s.io/images/k8s-staging-widget/images.yaml';
const sampleFindings = ['6 digest-syntax', '10 digest-not-visible', '16 tag-syntax'];

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension<Promolint>('promolint.promolint');
  assert.ok(extension, 'the extension is not installed');
  const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('promolint');

  await check('starts by itself, with the program inside, in a workspace that is not trusted', async () => {
    await becomes(() => extension.isActive, true);
    await becomes(() => extension.exports.state.kind, 'running');
    assert.equal(vscode.workspace.isTrusted, false);
    const { state } = extension.exports;
    assert.equal(state.kind === 'running' && state.program.origin, 'extension');
  });

  const document = await open(images);
  await check('a manifest has its findings', async () => {
    await becomes(() => findings(document), sampleFindings);
    const finding = vscode.languages.getDiagnostics(document.uri).find(({ range }) => range.start.line === 5);
    assert.equal(finding?.source, 'promolint');
    assert.equal(finding?.severity, vscode.DiagnosticSeverity.Error);
    assert.deepEqual(finding?.range, new vscode.Range(5, 4, 5, 76));
    assert.match(String(typeof finding?.code === 'object' && finding.code.target), /digest-syntax/);
  });

  await check('a digest has a hover', async () => {
    const position = new vscode.Position(4, 20);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
    const text = hovers.flatMap((hover) => hover.contents).map((part) => (typeof part === 'string' ? part : part.value));
    assert.match(text.join('\n'), /22 destinations/);
  });

  await check('a quick fix is applied, and its finding goes', async () => {
    const range = document.lineAt(9).range;
    const kind = vscode.CodeActionKind.QuickFix.value;
    const command = 'vscode.executeCodeActionProvider';
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(command, document.uri, range, kind, 20);
    const fix = actions.find((action) => action.isPreferred);
    assert.ok(fix?.edit, `a preferred fix among ${actions.map((action) => action.title).join(', ')}`);
    const edited = document.getText().replace(/^ {4}(sha256:\w+):/m, '    "$1":');
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(document.getText(), edited);
    await becomes(() => findings(document), ['6 digest-syntax', '16 tag-syntax']);
    await vscode.commands.executeCommand('undo');
    await becomes(() => findings(document), sampleFindings);
  });

  await check('an OWNERS file is YAML and has its finding', async () => {
    const owners = await open('sample/registry.k8s.io/images/k8s-staging-widget/OWNERS');
    assert.equal(owners.languageId, 'yaml');
    await becomes(() => findings(owners), ['6 owners-unknown-key']);
  });

  await check('findings appear with an edit in another file, and go with its undo', async () => {
    const owners = await open('good/registry.k8s.io/images/k8s-staging-widget/OWNERS');
    const aliases = await open('good/OWNERS_ALIASES');
    assert.equal(aliases.lineAt(4).text, '  widget-maintainers:');
    await pause(1000);
    assert.deepEqual(findings(owners), []);
    await put(aliases, 5, '  gadget-maintainers:');
    await becomes(() => findings(owners), ['5 owners-unknown-alias']);
    await vscode.commands.executeCommand('undo');
    assert.equal(aliases.lineAt(4).text, '  widget-maintainers:');
    await becomes(() => findings(owners), []);
  });

  await check('ordinary YAML gets nothing', async () => {
    const other = await open('good/deploy/values.yaml');
    await pause(1000);
    assert.deepEqual(findings(other), []);
    const position = new vscode.Position(0, 8);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', other.uri, position);
    assert.deepEqual(hovers, []);
  });

  await check('all commands are there', async () => {
    const all = await vscode.commands.getCommands(true);
    const declared = (extension.packageJSON as { contributes: { commands: { command: string }[] } }).contributes.commands;
    assert.deepEqual(declared.filter(({ command }) => !all.includes(command)), []);
  });

  await check('the restart command gives a new server with the same findings', async () => {
    await vscode.commands.executeCommand('promolint.restart');
    await becomes(() => extension.exports.state.kind, 'running');
    await becomes(() => findings(document), sampleFindings);
  });

  await check('the page of a rule opens', async () => {
    await vscode.commands.executeCommand('promolint.explainRule', 'digest-syntax');
    const page = await vscode.workspace.openTextDocument(vscode.Uri.parse('promolint-rule:/digest-syntax.md'));
    assert.match(page.getText(), /64 lower-case hex digits/);
    const shown = (): boolean => vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => tab.label.includes('digest-syntax')));
    await becomes(shown, true);
  });

  await check('the whole workspace is linted on request', async () => {
    await vscode.commands.executeCommand('promolint.lintWorkspace');
    const all = (): number =>
      vscode.languages
        .getDiagnostics()
        .flatMap(([, list]) => list)
        .filter(({ source }) => source === 'promolint').length;
    await becomes(all, 7);
  });

  await check('a path that leads nowhere gives a clear message, and its end the server back', async () => {
    await configuration().update('server.path', '/no/such/promolint', vscode.ConfigurationTarget.Global);
    await becomes(() => extension.exports.state.kind, 'failed');
    const { state } = extension.exports;
    const expected = 'promolint does not run: the setting promolint.server.path names /no/such/promolint, which is no executable file.';
    assert.equal(state.kind === 'failed' && state.message, expected);
    await becomes(() => findings(document), []);
    await configuration().update('server.path', undefined, vscode.ConfigurationTarget.Global);
    await becomes(() => extension.exports.state.kind, 'running');
    await becomes(() => findings(document), sampleFindings);
  });

  await check('a program that is too old to serve is named', async () => {
    const old = path.join(trees, 'old-promolint');
    writeFileSync(old, '#!/bin/sh\n[ "$1" = --version ] && echo promolint 0.0.1 && exit\nexit 2\n', { mode: 0o755 });
    await configuration().update('server.path', old, vscode.ConfigurationTarget.Global);
    await becomes(() => extension.exports.state.kind, 'failed');
    const { state } = extension.exports;
    assert.match(state.kind === 'failed' ? state.message : '', /old-promolint \(promolint 0\.0\.1\)/);
    await configuration().update('server.path', undefined, vscode.ConfigurationTarget.Global);
    await becomes(() => extension.exports.state.kind, 'running');
    await becomes(() => findings(document), sampleFindings);
  });

  await check('a program inside that cannot run here is told of with what it said', async () => {
    const inside = path.join(extension.extensionPath, 'server/promolint');
    renameSync(inside, `${inside}.good`);
    writeFileSync(inside, '#!/bin/sh\necho no such C library >&2\nexit 1\n', { mode: 0o755 });
    await vscode.commands.executeCommand('promolint.restart');
    const { state } = extension.exports;
    renameSync(`${inside}.good`, inside);
    assert.match(state.kind === 'failed' ? state.message : state.kind, /server\/promolint .*\(no such C library\)/);
    await vscode.commands.executeCommand('promolint.restart');
    await becomes(() => findings(document), sampleFindings);
  });

  await check('git is not to be asked in a workspace that is not trusted', async () => {
    const listener = path.join(trees, 'listening-promolint');
    const inside = path.join(extension.extensionPath, 'server/promolint');
    const heard = path.join(trees, 'heard');
    writeFileSync(listener, `#!/bin/sh\n[ "$1" = lsp ] || exec ${inside} "$@"\ntee -a ${heard} | ${inside} "$@"\n`, { mode: 0o755 });
    writeFileSync(heard, '');
    await configuration().update('server.path', listener, vscode.ConfigurationTarget.Global);
    const times = (): number => readFileSync(heard, 'utf8').split('"git":false').length - 1;
    // At first, and in the answer to the question for the settings.
    await becomes(() => times() >= 2, true);
    const before = times();
    await configuration().update('changedOnly', true, vscode.ConfigurationTarget.Global);
    await becomes(() => times() > before && readFileSync(heard, 'utf8').includes('"changedOnly":true'), true);
    assert.ok(!readFileSync(heard, 'utf8').includes('"git":true'));
    await configuration().update('changedOnly', undefined, vscode.ConfigurationTarget.Global);
    await configuration().update('server.path', undefined, vscode.ConfigurationTarget.Global);
    await becomes(() => findings(document), sampleFindings);
  });

  await check('a server that died too often is started again on request', async () => {
    const dying = path.join(trees, 'dying-promolint');
    const inside = path.join(extension.extensionPath, 'server/promolint');
    writeFileSync(dying, `#!/bin/sh\nexec timeout 1 ${inside} "$@"\n`, { mode: 0o755 });
    await configuration().update('server.path', dying, vscode.ConfigurationTarget.Global);
    await becomes(() => extension.exports.state.kind, 'stopped', 30);
    writeFileSync(dying, `#!/bin/sh\nexec ${inside} "$@"\n`);
    await vscode.commands.executeCommand('promolint.lintWorkspace');
    await becomes(() => extension.exports.state.kind, 'running');
    await configuration().update('server.path', undefined, vscode.ConfigurationTarget.Global);
    await becomes(() => findings(document), sampleFindings);
  });

  await check('the files are read again on request', async () => {
    await vscode.commands.executeCommand('promolint.reload');
    await becomes(() => findings(document), sampleFindings);
  });

  await check('the enable setting stops and starts the server', async () => {
    await configuration().update('enable', false, vscode.ConfigurationTarget.Global);
    await becomes(() => extension.exports.state.kind, 'off');
    await becomes(() => findings(document), []);
    await configuration().update('enable', undefined, vscode.ConfigurationTarget.Global);
    await becomes(() => extension.exports.state.kind, 'running');
    await becomes(() => findings(document), sampleFindings);
  });

  say('done');
}
