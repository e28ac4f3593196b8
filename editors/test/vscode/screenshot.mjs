// Opens a manifest in VS Code as a user sees it: screenshot.mjs URL PICTURE
// Says `ok` when there are squiggles, and the findings in the Problems panel.
// (NODE_MODULES names the directory with playwright-core, CHROMIUM the browser, PROFILE an empty directory.)
import { createRequire } from 'node:module';

const { chromium } = createRequire(process.env.NODE_MODULES + '/')('playwright-core');
const [url, picture] = process.argv.slice(2);
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'];
const options = { executablePath: process.env.CHROMIUM, headless: true, viewport: { width: 1280, height: 760 }, args };
const browser = await chromium.launchPersistentContext(process.env.PROFILE, options);
const page = browser.pages()[0];
const timeout = 60_000;
try {
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('.monaco-workbench', { timeout });
  await page.keyboard.press('Control+P');
  await page.waitForSelector('.quick-input-widget input', { timeout });
  await page.keyboard.type('k8s-staging-widget/images.yaml', { delay: 20 });
  await page.waitForSelector('.quick-input-list .monaco-list-row[aria-label*="images.yaml"]', { timeout });
  await page.keyboard.press('Enter');
  await page.waitForSelector('.squiggly-error', { timeout });
  console.log('ok the installed package marks errors in the text');
  await page.keyboard.press('Control+Shift+M');
  await page.waitForSelector('.markers-panel .monaco-list-row[aria-label*="63 of 64 hex digits"]', { timeout });
  console.log('ok the findings stand in the Problems panel');
  // No finding under the mouse, no notification, no half-drawn panel in the picture.
  await page.mouse.move(5, 5);
  await page.waitForTimeout(2500);
  await page.screenshot({ path: picture });
  console.log('done');
} catch (problem) {
  console.log(`fail the installed package shows findings: ${String(problem).replaceAll('\n', ' | ').slice(0, 500)}`);
  await page.screenshot({ path: picture });
} finally {
  await browser.close();
}
