/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { TextReader } from '../../src/compliance/ocr/text-reader.js';
import { keep } from '../kit/desk-page.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { decodeLuma, decodeSound, record, until } from '../kit/on-air.js';
import {
  addSavedPage,
  chooseTemplate,
  createOwner,
  goOnAir,
  Person,
  startReceiver,
  startStudio,
} from '../kit/studio-walk.js';

const MAX_CLICKS = 25;
const MAX_SECONDS = 180;

t.test('a saved page is on air in five steps', { skip: noChromium, timeout: 420_000 }, async (t) => {
  const studio = await startStudio();
  t.teardown(() => studio.close());
  const receiver = await startReceiver();
  t.teardown(() => receiver.close());
  const folder = mkdtempSync(join(tmpdir(), 'showroom-walk-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));

  const browser = await launchChromium(t);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  const person = new Person(page);
  const axe = (place: string): Promise<void> => person.axe(place);

  await createOwner(person, studio.setUp, axe);
  const room = await chooseTemplate(person, 'Kitchen', axe);
  await addSavedPage(person, undefined, axe);
  await person.click(page.getByRole('link', { name: 'Next: Customise' }));
  await page.waitForURL(/\/customise/);
  await goOnAir(person, receiver.server, 'walk', axe);

  await until('the receiver gets the show', async () => {
    const { outputs } = (await (
      await page.request.get(`${studio.url}/api/rooms/${room}/engine/api/outputs`)
    ).json()) as {
      outputs: { kind: string; state: string }[];
    };
    return outputs.some(({ kind, state }) => kind === 'rtmp' && state === 'live');
  });
  const { clicks, seconds } = person;
  t.comment(`${clicks} clicks, ${seconds.toFixed(0)} s from the set-up link to on air`);
  t.ok(clicks <= MAX_CLICKS, `${clicks} clicks, at most ${MAX_CLICKS}`);
  t.ok(seconds <= MAX_SECONDS, `${seconds.toFixed(0)} s, at most ${MAX_SECONDS}`);

  const file = join(folder, 'show.flv');
  await record(`${receiver.server}/walk`, 8, file);
  const pictures = await decodeLuma(file, 720, 1280, 60);
  t.ok(pictures.length >= 30, `${pictures.length} decoded pictures`);
  t.ok(spread(pictures[0]!) > 40, 'a picture, not a plain field');
  t.ok(
    pictures.some((one) => !same(one, pictures[0]!)),
    'it moves',
  );
  const sound = await decodeSound(file);
  t.ok(Math.max(...sound.filter((_, i) => i % 10 === 0).map(Math.abs)) > 0.02, 'with sound');

  // A viewer asks; the answer is written at the desk and read on the decoded picture.
  await page.request.post(`${studio.url}/api/rooms/${room}/engine/api/events`, {
    headers: { origin: studio.url },
    data: { id: 'v1', platform: 'youtube', kind: 'comment', user: 'Diego', text: 'Will there be more colours soon?' },
  });
  const asked = page.locator('.com li', { hasText: 'more colours' });
  await asked.locator('.head').click();
  await asked.locator('textarea').fill('Two new colours come next month.');
  await asked.locator('textarea').press('Enter');
  const reader = new TextReader({ log: silentLog });
  t.teardown(() => reader.close());
  const found: string[] = [];
  await until(
    'the answer on the decoded picture',
    async () => {
      const piece = join(folder, 'answer.flv');
      await record(`${receiver.server}/walk`, 3, piece);
      const luma = (await decodeLuma(piece, 720, 1280)).at(-1);
      if (luma === undefined) return false;
      const rgba = new Uint8Array(luma.length * 4);
      for (let i = 0; i < luma.length; i += 1) rgba.set([luma[i]!, luma[i]!, luma[i]!, 255], i * 4);
      const lines = await reader.read(rgba, 720, 1280);
      found.push(lines.map(({ text }) => text).join(' | '));
      return /colours.{0,6}come|next.{0,3}month/i.test(found.at(-1)!);
    },
    60_000,
  ).catch((error: unknown) => t.fail(`${String(error)}\n${found.join('\n')}`));
  await asked.locator('.st.ok').waitFor();
  await person.axe('desk');
  await keep(page, 'desk-answered');
  await page.getByRole('link', { name: 'Report' }).click();
  await page.getByRole('table').first().waitFor();
  await person.axe('report');
  await keep(page, 'report-on-air');
  await page.goto(studio.url);
  await page.locator('.tile .band.ok', { hasText: 'ON AIR' }).waitFor();
  await person.axe('wall');
  await keep(page, 'wall-on-air');

  // Pointed at, a template moves, by a film that is rendered when it is first wanted.
  await page.goto(`${studio.url}/templates`);
  const tile = page.getByRole('button', { name: /^Home textiles|^Furniture|^Beauty/ }).first();
  await tile.hover();
  await tile.locator('video.isReady').waitFor({ timeout: 90_000 });
  t.ok(await tile.locator('video').evaluate((node) => (node as HTMLVideoElement).videoWidth >= 200), 'a film plays');

  for (const [place, path] of Object.entries({ people: '/people', account: '/account', audit: '/audit' })) {
    await page.goto(`${studio.url}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await person.axe(place);
  }
  t.same(person.findings, [], 'axe finds nothing');
  t.same(problems, [], 'no script error, nothing against the policy');
});

function spread(luma: Uint8Array): number {
  let [least, most] = [255, 0];
  for (const value of luma) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(Buffer.from(b));
