/** The command that shows the page of a rule. */
import * as vscode from 'vscode';
import { run, type Program } from './program';

const scheme = 'promolint-rule';

interface Rule {
  readonly name: string;
  readonly category: string;
  readonly summary: string;
}

/** Registers the pages of rules as read-only documents. */
export function registerPages(program: () => Promise<Program>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async (uri) => run(await program(), ['explain', '--format', 'markdown', '--', ruleOf(uri)]),
  });
}

/** Shows the page of a rule: of the one given, else of one that the user picks, those at the cursor first. */
export async function explainRule(program: Program, name?: string): Promise<void> {
  const rule = name ?? (await pickRule(program));
  if (rule !== undefined) {
    await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.from({ scheme, path: `/${rule}.md` }));
  }
}

function ruleOf(uri: vscode.Uri): string {
  return uri.path.slice(1).replace(/\.md$/, '');
}

async function pickRule(program: Program): Promise<string | undefined> {
  const rules = JSON.parse(await run(program, ['rules', '--format', 'json'])) as Rule[];
  const here = rulesAtCursor();
  const item = (rule: Rule): vscode.QuickPickItem => ({ label: rule.name, description: rule.category, detail: rule.summary });
  const found = rules.filter((rule) => here.has(rule.name)).map(item);
  const others = rules.filter((rule) => !here.has(rule.name)).map(item);
  const line = (label: string): vscode.QuickPickItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items = found.length > 0 ? [line('on this line'), ...found, line('all others'), ...others] : others;
  const choice = await vscode.window.showQuickPick(items, { placeHolder: 'Which rule?', matchOnDetail: true });
  return choice?.label;
}

function rulesAtCursor(): Set<string> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    return new Set();
  }
  const line = editor.document.lineAt(editor.selection.active.line).range;
  const diagnostics = vscode.languages.getDiagnostics(editor.document.uri);
  const codes = diagnostics
    .filter((diagnostic) => diagnostic.source === 'promolint' && diagnostic.range.intersection(line) !== undefined)
    .map((diagnostic) => (typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code));
  return new Set(codes.map(String));
}
