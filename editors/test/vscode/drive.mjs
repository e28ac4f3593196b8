// Opens VS Code in a headless browser and runs a test extension in its extension host: drive.mjs HOST WORKSPACE EXTENSION TESTS
// (NODE_MODULES names the directory with playwright-core, CHROMIUM the browser, PROFILE an empty directory.)
import { createRequire } from 'node:module';

const { chromium } = createRequire(process.env.NODE_MODULES + '/')('playwright-core');
const [host, workspace, extension, tests] = process.argv.slice(2);
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'];
const browser = await chromium.launchPersistentContext(process.env.PROFILE, { executablePath: process.env.CHROMIUM, headless: true, args });
const page = browser.pages()[0];
let exit;
const exited = new Promise((resolve) => (exit = resolve));
// The names by which VS Code's smoke-test driver reports.
await page.exposeFunction('codeAutomationLog', (type, values) => console.log(`[${type}]`, ...values));
await page.exposeFunction('codeAutomationExit', (code) => exit(code));
const payload = [
  ['extensionDevelopmentPath', `vscode-remote://${host}${extension}`],
  ['extensionTestsPath', `vscode-remote://${host}${tests}`],
  ['skipWelcome', 'true'],
];
const query = new URLSearchParams({ workspace, payload: JSON.stringify(payload) });
await page.goto(`http://${host}/?${query}`, { waitUntil: 'domcontentloaded' });
const code = await Promise.race([exited, new Promise((resolve) => setTimeout(() => resolve('timeout'), 150_000))]);
await browser.close();
process.exit(code === 0 ? 0 : 1);
