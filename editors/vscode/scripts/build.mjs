// Bundles the extension into dist/extension.js, and its tests into dist/test.js.
import { context } from 'esbuild';

const shared = { bundle: true, format: 'cjs', platform: 'node', target: 'node20', external: ['vscode'], logLevel: 'warning' };
const builds = await Promise.all([
  context({ ...shared, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', minify: true }),
  context({ ...shared, entryPoints: ['test/index.ts'], outfile: 'dist/test.js' }),
]);
if (process.argv.includes('--watch')) {
  await Promise.all(builds.map((build) => build.watch()));
} else {
  await Promise.all(builds.map((build) => build.rebuild()));
  await Promise.all(builds.map((build) => build.dispose()));
}
