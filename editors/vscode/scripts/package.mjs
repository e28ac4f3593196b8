// Packs the extension: npm run package -- [--target linux-x64 [--binary PATH]] [--out FILE]
//
// With a target, the program goes inside (default: target/release/promolint, which must have been built for
// that target); without one, the package holds none and uses the one on the PATH.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const root = path.resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { target: { type: 'string' }, binary: { type: 'string' }, out: { type: 'string' } } });
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const { target } = values;
const out = path.resolve(values.out ?? path.join(root, 'dist', ['promolint', target, version].filter(Boolean).join('-') + '.vsix'));

const server = path.join(root, 'server');
rmSync(server, { recursive: true, force: true });
copyFileSync(path.join(root, '../../LICENSE'), path.join(root, 'LICENSE'));
if (target !== undefined) {
  const extension = target.startsWith('win32') ? '.exe' : '';
  if (values.binary === undefined && target !== `${process.platform}-${process.arch}`) {
    throw new Error(`target/release holds a program for ${process.platform}-${process.arch}; name the one for ${target} with --binary`);
  }
  const binary = path.resolve(values.binary ?? path.join(root, '../../target/release', `promolint${extension}`));
  if (!existsSync(binary)) {
    throw new Error(`${binary} is missing; build it with cargo build --release`);
  }
  mkdirSync(server);
  copyFileSync(binary, path.join(server, `promolint${extension}`));
  chmodSync(path.join(server, `promolint${extension}`), 0o755);
}
mkdirSync(path.dirname(out), { recursive: true });
const arguments_ = ['package', '--no-dependencies', '--out', out, ...(target === undefined ? [] : ['--target', target])];
// By Node itself: what npm puts into .bin is no program on Windows.
execFileSync(process.execPath, [path.join(root, 'node_modules/@vscode/vsce/vsce'), ...arguments_], { cwd: root, stdio: 'inherit' });
// Left behind, the program would be taken for the newest by whoever runs the extension from this folder.
rmSync(server, { recursive: true, force: true });
