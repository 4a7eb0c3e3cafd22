/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import t from 'tap';
import { axe, keep } from '../kit/desk-page.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { until } from '../kit/until.js';
import { startStudio, type Client } from '../server/studio-rig.js';

const WITHIN_MS = 1000;

async function typeOver(page: Page, line: number, text: string): Promise<void> {
  const row = page.locator('.line').nth(line);
  await row.locator('.text').dblclick();
  await row.locator('textarea').fill(text);
}

t.test(
  'the second editor sees the first one’s change at once, and what both wrote is a question',
  { skip: noChromium, timeout: 120_000 },
  async (t) => {
    const rig = await startStudio();
    t.teardown(() => rig.close());
    const { id } = await rig.room();
    const { room, version } = (await rig.owner.get(`/api/rooms/${id}/file`)).body;
    const lines = ['One.', 'Two.', 'Three.'].map((text) => ({ text }));
    const segments = [{ ...room.script.segments[0], lines }];
    await rig.owner.call('PATCH', `/api/rooms/${id}/file`, {
      ...{ base: version, changes: [{ path: '/script/segments', value: segments }] },
    });
    const budi = await rig.invite('editor', 'Budi');
    const browser = await launchChromium(t);
    const open = async (who: Client): Promise<Page> => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
      const [name, ...value] = who.cookie.split('=');
      await context.addCookies([{ name: name!, value: value.join('='), url: rig.server.url }]);
      const page = await context.newPage();
      await page.goto(`${rig.server.url}/rooms/${id}/products`);
      await page.getByText('Three.').first().waitFor();
      return page;
    };
    const first = await open(rig.owner);
    const second = await open(budi);
    await first.getByRole('img', { name: /^Budi is here too/ }).waitFor();

    await typeOver(first, 0, 'First of all, welcome.');
    await first.keyboard.press('Enter');
    const from = performance.now();
    await second.getByText('First of all, welcome.').waitFor();
    const tookMs = performance.now() - from;
    t.comment(`seen after ${tookMs.toFixed(0)} ms`);
    t.ok(tookMs < WITHIN_MS, `${tookMs.toFixed(0)} ms from the key to the other page`);

    // Both type; different lines merge, one line is a question.
    await typeOver(second, 1, 'Budi writes the second.');
    await typeOver(first, 1, 'Ona writes the second.');
    await first.keyboard.press('Enter');
    const linesNow = async () =>
      (await rig.owner.get(`/api/rooms/${id}/file`)).body.room.script.segments[0].lines as {
        text: string;
        variants?: string[];
      }[];
    await until('the first one’s line', async () => (await linesNow())[1]!.text === 'Ona writes the second.');
    await second.keyboard.press('Enter');
    const note = second.getByRole('alert').filter({ hasText: 'Ona' });
    await note.waitFor();
    t.match(await note.textContent(), /Ona writes the second.*Budi writes the second/s, 'both texts are shown');
    t.equal((await linesNow())[1]!.text, 'Ona writes the second.', 'nothing is lost meanwhile');
    t.same(await axe(second), []);
    await keep(second, 'conflict');
    await note.getByRole('button', { name: /both/i }).click();
    await until('both are kept', async () => (await linesNow())[1]!.text === 'Budi writes the second.');
    t.same((await linesNow())[1]!.variants, ['Ona writes the second.']);

    await typeOver(second, 2, 'Budi writes the third.');
    await typeOver(first, 0, 'Ona writes the first again.');
    await first.keyboard.press('Enter');
    await until('hers', async () => (await linesNow())[0]!.text === 'Ona writes the first again.');
    await second.keyboard.press('Enter');
    await until('his beside it', async () => (await linesNow())[2]!.text === 'Budi writes the third.');
    t.equal((await linesNow())[0]!.text, 'Ona writes the first again.', 'different lines merge by themselves');
    t.equal(await second.locator('.err').count(), 0, 'no question');
    const { versions } = (await rig.owner.get(`/api/rooms/${id}/versions`)).body;
    t.ok(versions.length >= 6, 'every change is a version');
  },
);
