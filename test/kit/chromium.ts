import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import tap, { type Test } from 'tap';
import { CHROMIUM, QUIET_FLAGS } from './chromium-flags.js';

export { CHROMIUM, QUIET_FLAGS };
/** The reason why a test that needs Chromium is skipped here; false where there is one. */
export const noChromium = existsSync(CHROMIUM) ? false : `${CHROMIUM} is not installed`;

let shared: Promise<Browser> | undefined;

/**
 * A browser without a window, whose pages are closed when the test ends. Tests of a process share one, which takes
 * seconds to start, unless they need flags.
 */
export async function launchChromium(t: Test, flags: readonly string[] = []): Promise<Browser> {
  if (flags.length > 0) {
    const own = await launch(flags);
    t.teardown(() => own.close());
    return own;
  }
  if (shared === undefined) {
    shared = launch([]);
    (await shared).once('disconnected', () => (shared = undefined));
    tap.teardown(async () => (await shared)?.close());
  }
  const browser = await shared;
  t.teardown(() => Promise.all(browser.contexts().map((one) => one.close())));
  return browser;
}

async function launch(flags: readonly string[]): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: CHROMIUM, args: [...QUIET_FLAGS, ...flags] });
}
