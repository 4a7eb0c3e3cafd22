/// <reference lib="dom" />
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { noChromium } from '../kit/chromium.js';
import { openCustomise, START_MS } from '../kit/customise-page.js';
import { decodeSound } from '../kit/on-air.js';
import { until } from '../kit/until.js';

const UPLOAD_BYTES = 256 * 1024 * 1024;
/** The piece at which the connection is cut. */
const CUT_AT = 5;

interface SavedRoom {
  readonly presenter: { readonly voice?: { readonly name?: string } };
  readonly layers: readonly { readonly id: string; readonly type: string; readonly src?: string }[];
  readonly audio: { readonly chimes?: boolean; readonly music?: { readonly src: string; readonly gainDb?: number } };
}

t.test('walks the galleries of a room in preview', { skip: noChromium, timeout: 590_000 }, async (t) => {
  const { page, call: api, room, engine, list, saved: read } = await openCustomise(t);
  const saved = () => read<SavedRoom>();
  const folder = mkdtempSync(join(tmpdir(), 'galleries-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const panel = page.getByRole('tabpanel');
  const impatient: string[] = [];
  page.on('request', (one) => {
    if (one.method() === 'GET' || !one.url().includes('/engine/api/')) return;
    if (one.headers()['prefer'] !== 'wait=60') impatient.push(`${one.method()} ${one.url()}`);
  });
  const open = (name: string): Promise<void> => page.getByRole('tab', { name, exact: true }).click();

  await t.test('a voice is heard before it is chosen', async (t) => {
    await page.evaluate(
      '(() => { const Real = window.Audio; window.heard = []; window.Audio = function (src) { const made = new Real(src); window.heard.push(made); return made; }; })()',
    );
    await page.getByRole('button', { name: 'Voice', exact: true }).click();
    const sample = page.waitForResponse((reply) => reply.url().includes('/voice-sample'), { timeout: START_MS });
    await page
      .getByRole('button', { name: /^Hear / })
      .first()
      .click({ timeout: START_MS });
    const file = join(folder, 'sample');
    writeFileSync(file, Buffer.from(await (await fetch((await sample).url())).arrayBuffer()));
    const peak = (await decodeSound(file)).reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    t.ok(peak > 0.05, `a voice, not silence: ${peak.toFixed(2)}`);
    await until('it is played in the page', () =>
      page.evaluate(() => {
        const [first] = (window as unknown as { heard: HTMLAudioElement[] }).heard;
        return first !== undefined && first.currentTime > 0.2 && first.error === null;
      }),
    );
    const row = panel.locator('li', { has: page.getByRole('button', { name: /^Hear / }) }).last();
    const name = (await row.locator('.name').textContent())!.trim();
    await row.locator('.name').click();
    await until(`${name} in the room file`, () => saved().presenter.voice?.name === name, START_MS);
    await row.locator('.name[aria-pressed=true]').waitFor();
    const spoken = async () => (await api<{ speaking: { text: string } | null }>('GET', `${engine}/room`)).speaking;
    await until('the host goes on speaking', async () => (await spoken()) !== null, START_MS);
  });

  await t.test('a scene, a bubble and a card come on the picture and into the file', async () => {
    await open('Scene');
    const before = saved().layers.find(({ id }) => id === 'background')?.src;
    await panel.locator('button:has(img)').last().click();
    await until('the scene', () => saved().layers.find(({ id }) => id === 'background')?.src !== before, START_MS);
    for (const [gallery, name, type] of [
      ['Bubbles', /Dark bubble/, 'bubble'],
      ['Cards', /Price by quantity/, 'ladder'],
    ] as const) {
      const ids = new Set((await list()).layers.map(({ id }) => id));
      const isNew = ({ id, layer }: { readonly id: string; readonly layer: { readonly type: string } }): boolean =>
        layer.type === type && !ids.has(id);
      await open(gallery);
      await panel.getByRole('button', { name }).click();
      await until(`the ${type}`, async () => (await list()).layers.some(isNew), START_MS);
      const { id } = (await list()).layers.find(isNew)!;
      await until(`the ${type} in the room file`, () => saved().layers.some((one) => one.id === id), START_MS);
    }
  });

  t.strictSame(impatient, [], 'an edit waits for its judges on a busy machine');

  await t.test('music has its level', async () => {
    await open('Music');
    const track = panel.locator('li button.name').last();
    await track.click();
    await until('the track in the room file', () => saved().audio.music !== undefined, START_MS);
    const level = panel.getByLabel('Level');
    await level.focus();
    const before = saved().audio.music?.gainDb;
    for (let i = 0; i < 4; i += 1) await level.press('ArrowLeft');
    await until('the level in the room file', () => saved().audio.music?.gainDb !== before, START_MS);
  });

  await t.test('chimes are switched off and on again', async () => {
    await open('Music');
    const chimes = panel.getByRole('switch', { name: 'Chimes', exact: true });
    for (const on of [false, true]) {
      await chimes.click();
      await until(`chimes ${on} in the room file`, () => (saved().audio.chimes ?? true) === on, START_MS);
    }
  });

  await t.test('an upload of 256 MB goes on where its connection was cut, and is judged', async (t) => {
    const file = join(folder, 'large.mp4');
    writeFileSync(file, '');
    truncateSync(file, UPLOAD_BYTES);
    await open('Media');
    const offsets: number[] = [];
    let wasCut = false;
    let asked = 0;
    await page.route(`**/api/rooms/${room}/uploads/**`, async (route) => {
      const request = route.request();
      if (request.method() === 'HEAD') asked += 1;
      if (request.method() === 'PATCH') {
        if (offsets.length === CUT_AT && !wasCut) {
          wasCut = true;
          return route.abort('connectionreset');
        }
        offsets.push(Number(request.headers()['upload-offset']));
      }
      return route.continue();
    });
    await page.locator('input[type=file]').first().setInputFiles(file);
    const refusal = panel.getByRole('alert');
    await refusal.waitFor({ timeout: START_MS });
    t.ok(wasCut && asked > 0, 'the page asks how far it was');
    const piece = offsets[1]! - offsets[0]!;
    t.same(
      offsets,
      offsets.map((_, i) => i * piece),
      'no piece is sent twice, and none is left out',
    );
    t.equal(offsets.length, Math.ceil(UPLOAD_BYTES / piece), 'all of it was sent');
    t.match(await refusal.textContent(), /\w/, 'what is no clip is refused, with the reason');
  });
});
