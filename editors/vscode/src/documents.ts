/**
 * Which documents promolint is about, by their paths.
 *
 * These patterns are wider than what is linted: a file with a wrong name or in a wrong directory is told so,
 * and files like `groups.yaml` decide about findings in others. The server knows exactly and passes over the rest.
 */
import * as vscode from 'vscode';

/** Documents that are sent to the server. */
export const selector: { scheme: string; pattern: string }[] = [
  '**/{images,manifests,filestores}/**/*.{yaml,yml}',
  '**/{images,manifest,promoter-manifest,filepromoter-manifest,image_tags}.{yaml,yml}',
  '**/{OWNERS,OWNERS_ALIASES}',
  '**/groups/**/groups.yaml',
  '**/infra/**/infra.yaml',
  '**/registries.tf',
  '**/promolint.toml',
].map((pattern) => ({ scheme: 'file', pattern }));

/** Documents that nothing but a promotion tree has: one of them is a reason to start the server. */
const signs = '**/{images/*/images.yaml,promoter-manifest.yaml,filepromoter-manifest.yaml,image_tags.yaml,promolint.toml}';

/** Whether this document shows that the window is about promotion. */
export function isSign(document: vscode.TextDocument): boolean {
  return vscode.languages.match({ scheme: 'file', pattern: signs }, document) > 0;
}

/** Whether the workspace holds a promotion tree. */
export async function workspaceHasSigns(): Promise<boolean> {
  return (await vscode.workspace.findFiles(signs, '**/node_modules/**', 1)).length > 0;
}
