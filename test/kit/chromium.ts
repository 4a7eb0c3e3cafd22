import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { Test } from 'tap';

export const CHROMIUM = '/usr/bin/chromium';
/** The reason why a test that needs Chromium is skipped here; false where there is one. */
export const noChromium = existsSync(CHROMIUM) ? false : `${CHROMIUM} is not installed`;

/** Without its services of its own, and free to play before anyone has clicked. */
export const QUIET_FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
];

/** Without a window; closed when the test ends. */
export async function launchChromium(t: Test, flags: readonly string[] = []): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...QUIET_FLAGS, ...flags] });
  t.teardown(() => browser.close());
  return browser;
}
