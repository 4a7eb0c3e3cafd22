/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { silentLog } from '../../src/core/log.js';
import { TextReader } from '../../src/compliance/ocr/text-reader.js';
import { keep } from '../kit/desk-page.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { decodeLuma, decodeSound, ffmpeg, record, tool, until } from '../kit/on-air.js';
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
/** An answer waits for the line on air, and for the comment before it. */
const ANSWER_S = 30;
const ANSWER = 'A soft travel pouch comes with each one next month.';

t.test('a saved page is on air in five steps', { skip: noChromium, timeout: 560_000 }, async (t) => {
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
    data: { id: 'v1', platform: 'youtube', kind: 'comment', user: 'Diego', text: 'Does it come with a travel pouch?' },
  });
  const asked = page.locator('.com li', { hasText: 'travel pouch' });
  await asked.locator('.head').click();
  await asked.locator('textarea').fill(ANSWER);
  await asked.locator('textarea').press('Enter');
  const answered = join(folder, 'answer.flv');
  const recording = record(`${receiver.server}/walk`, ANSWER_S, answered);
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
  await tile.locator('video.isReady').waitFor({ timeout: 180_000 });
  t.ok(await tile.locator('video').evaluate((node) => (node as HTMLVideoElement).videoWidth >= 200), 'a film plays');

  // Every page that is not seen in the walk, then all of them in the other colours and the other language.
  const inRoom = `/rooms/${room}`;
  const rest = {
    people: '/people',
    account: '/account',
    audit: '/audit',
    template: `${inRoom}/template`,
    none: '/none',
  };
  const walked = { wall: '/', products: `${inRoom}/products`, live: `${inRoom}/live`, report: `${inRoom}/reports` };
  const look = async (places: Record<string, string>, how: string): Promise<void> => {
    for (const [place, path] of Object.entries(places)) {
      await page.goto(`${studio.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await person.axe(`${place} ${how}`);
    }
  };
  const choose = (theme: string, language: string): Promise<void> =>
    page.evaluate(
      ([one, other]) => {
        localStorage.setItem('theme', one);
        localStorage.setItem('language', other);
      },
      [theme, language] as const,
    );
  await look(rest, 'dark');
  await choose('light', 'zh');
  await look({ ...rest, ...walked, desk: `${inRoom}/desk`, customise: `${inRoom}/customise` }, 'light, zh');
  await choose('dark', 'en');
  await recording;

  await page.goto(`${studio.url}/rooms/${room}/desk`);
  await person.click(person.button(/End show/));
  await person.click(page.getByRole('alertdialog').getByRole('button', { name: 'End the show' }));
  await page.locator('.state b', { hasText: 'OFF AIR' }).waitFor({ timeout: 90_000 });
  const texts = await textsOf(t, answered);
  t.ok(readsWhole(texts), `the whole answer is read on decoded pictures: ${texts.join(' / ').slice(0, 1500)}`);
  t.same(person.findings, [], 'axe finds nothing');
  t.same(problems, [], 'no script error, nothing against the policy');
});

/** Words on the decoded pictures, one picture a second, by the reader that judges uploads. */
async function textsOf(t: Test, file: string): Promise<string[]> {
  const reader = new TextReader({ log: silentLog, timeoutMs: 120_000, nice: 0 });
  t.teardown(() => reader.close());
  const [width, height] = [720, 1280];
  const { stdout } = await tool(ffmpeg, [
    ...['-loglevel', 'error', '-i', file, '-vf', 'fps=1', '-f', 'rawvideo', '-pix_fmt', 'rgba', 'pipe:1'],
  ]);
  const size = width * height * 4;
  const texts: string[] = [];
  for (let at = 0; at + size <= stdout.length; at += size) {
    const lines = await reader.read(stdout.subarray(at, at + size), width, height);
    texts.push(lines.map(({ text }) => text).join(' | '));
    if (readsWhole(texts)) break;
  }
  return texts;
}

/** Whether the words of the answer stood in their order, page after page of the caption. */
function readsWhole(texts: readonly string[]): boolean {
  const wanted: readonly string[] = ANSWER.toLowerCase().match(/[a-z]+/g)!;
  const seen: readonly string[] =
    texts
      .join(' ')
      .toLowerCase()
      .match(/[a-z]+/g) ?? [];
  let at = seen.findIndex((word, i) => word === wanted[0] && seen[i + 1] === wanted[1]);
  if (at < 0) return false;
  for (const word of wanted) {
    at = seen.indexOf(word, at);
    if (at < 0) return false;
    at += 1;
  }
  return true;
}

function spread(luma: Uint8Array): number {
  let [least, most] = [255, 0];
  for (const value of luma) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(Buffer.from(b));
