import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import t, { type Test } from 'tap';
import { LocalRoomHost } from '../../src/fleet/local/local-room-host.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { newToken } from '../../src/control/auth.js';
import { StudioServer } from '../../src/server/studio-server.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { makeCode } from '../kit/draw-code.js';
import { until } from '../kit/until.js';

/** The engine as it is built. */
const command = [process.execPath, join(packageRoot(), 'dist', 'cli', 'main.js')];

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
interface LayerState {
  readonly id: string;
  readonly layer: { readonly type: string; readonly src?: string; readonly x?: number };
  readonly box: Box | null;
}

/** A studio without accounts whose one room is in preview, by the engine itself, and its page. */
async function openPage(t: Test) {
  const data = mkdtempSync(join(tmpdir(), 'customise-'));
  const studio = await StudioServer.start({
    data,
    host: '127.0.0.1',
    port: 0,
    noAuth: true,
    log: silentLog,
    createHost: ({ seal, events }) =>
      new LocalRoomHost({ folder: join(data, 'run'), seal, newToken, log: silentLog, events, command }),
  });
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const reply = await fetch(`${studio.url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 300)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const { id: room } = await call<{ id: string }>('POST', '/api/rooms', {
    name: 'Trial',
    template: 'kitchen',
    language: 'en',
    orientation: 'portrait',
  });
  t.teardown(async () => {
    await call('POST', `/api/rooms/${room}/stop`, {}).catch(() => undefined);
    await studio.close();
    rmSync(data, { recursive: true, force: true });
  });
  const browser = await launchChromium(t);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${studio.url}/rooms/${room}/customise`);
  await page.waitForSelector('.frame video', { timeout: 90_000 });
  const file = join(data, 'rooms', room, 'room.json');
  return { page, call, room, file };
}

/** How magenta a part of the decoded picture is: 255 for all of it, near 0 for what rooms show. */
const magentaAt = (page: Page, box: Box, canvas: { width: number; height: number }): Promise<number> =>
  page.evaluate(
    ([part, size]) => {
      const video = document.querySelector('video')!;
      const drawn = document.createElement('canvas');
      const [sx, sy] = [video.videoWidth / size.width, video.videoHeight / size.height];
      drawn.width = Math.round(part.width * sx);
      drawn.height = Math.round(part.height * sy);
      const context = drawn.getContext('2d')!;
      context.drawImage(video, part.x * sx, part.y * sy, drawn.width, drawn.height, 0, 0, drawn.width, drawn.height);
      const { data: pixels } = context.getImageData(0, 0, drawn.width, drawn.height);
      let sum = 0;
      for (let i = 0; i < pixels.length; i += 4) sum += (pixels[i]! + pixels[i + 2]!) / 2 - pixels[i + 1]!;
      return sum / (pixels.length / 4);
    },
    [box, canvas] as const,
  );

t.test('edits a room in preview by hand', { skip: noChromium, timeout: 400_000 }, async (t) => {
  const { page, call: api, room, file } = await openPage(t);
  const engine = `/api/rooms/${room}/engine/api`;
  const list = () =>
    api<{ canvas: { width: number; height: number }; layers: LayerState[] }>('GET', `${engine}/layers`);
  const boxOf = async (id: string): Promise<Box> => (await list()).layers.find((one) => one.id === id)!.box!;
  const saved = (): {
    layers: { id: string; type: string; src?: string; x?: number }[];
    presenter: { pack?: string };
  } => JSON.parse(readFileSync(file, 'utf8')) as never;
  await until('a decoded picture', () => page.evaluate(() => (document.querySelector('video')?.videoWidth ?? 0) > 0));
  const { canvas, layers } = await list();

  // A box in a colour that the room has nowhere, above all but the label.
  await api('PUT', `${engine}/layers/box`, {
    type: 'shape',
    fill: '#ff00ff',
    x: 40,
    y: 420,
    width: 120,
    height: 120,
    z: 900,
  });
  const here = { x: 60, y: 440, width: 80, height: 80 };
  await until('the box in the decoded picture', async () => (await magentaAt(page, here, canvas)) > 180);
  await page.getByRole('button', { name: 'Box', exact: true }).click();
  const target = (await page.locator('.target').boundingBox())!;
  const scale = target.width / 120;
  const [fromX, fromY] = [target.x + target.width / 2, target.y + target.height / 2];
  await page.keyboard.down('Alt');
  await page.mouse.move(fromX, fromY);
  await page.mouse.down();
  for (let i = 1; i <= 10; i += 1) await page.mouse.move(fromX + 20 * i * scale, fromY + 30 * i * scale);
  await page.mouse.up();
  await page.keyboard.up('Alt');
  await until('the box where it was dragged', async () => Math.abs((await boxOf('box')).x - 240) <= 1);
  t.ok(Math.abs((await boxOf('box')).y - 720) <= 1, 'moved as far as the hand');
  const there = { ...here, x: here.x + 200, y: here.y + 300 };
  await until('the box there in the picture', async () => (await magentaAt(page, there, canvas)) > 180);
  t.ok((await magentaAt(page, here, canvas)) < 100, 'and no longer where it was');
  await until(
    'the move in the room file',
    () => Math.abs((saved().layers.find(({ id }) => id === 'box')?.x ?? 0) - 240) <= 1,
  );
  const moved = (await boxOf('box')).x;

  await page.keyboard.press('Control+z');
  await until('one undo for the whole drag', async () => (await boxOf('box')).x === 40);
  await page.keyboard.press('Control+Shift+z');
  await until('redo', async () => (await boxOf('box')).x === moved);
  await page.keyboard.press('Shift+ArrowRight');
  await until('ten pixels by the keyboard', async () => (await boxOf('box')).x === moved + 10);

  await page.getByRole('tab', { name: 'Stickers' }).click();
  await page.getByRole('button', { name: 'Crown' }).click();
  await until('the sticker in the room', async () =>
    (await list()).layers.some(({ layer }) => layer.src === 'stickers/crown.svg'),
  );

  await page.getByRole('tab', { name: 'Presenter' }).click();
  await page.getByRole('button', { name: 'Leo', exact: true }).click();
  await until(
    'the other presenter',
    async () => (await api<{ pack: string }>('GET', `${engine}/presenter`)).pack === 'leo',
  );
  await until('the presenter in the room file', () => saved().presenter.pack === 'leo');

  await page.getByRole('tab', { name: 'Media' }).click();
  const plain = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#2f6b4f' } })
    .png()
    .toBuffer();
  await page.locator('input[type=file]').setInputFiles({ name: 'green.png', mimeType: 'image/png', buffer: plain });
  await page.getByRole('button', { name: 'Put green.png on the picture' }).click({ timeout: 60_000 });
  await until('the uploaded picture in the room', async () =>
    (await list()).layers.some(({ layer }) => layer.src === 'media/green.png'),
  );

  const { width, dark } = await makeCode('https://example.com/buy?id=4711');
  const code = await sharp(Buffer.from(dark.map((one) => (one === 1 ? 0 : 255))), {
    raw: { width, height: width, channels: 1 },
  })
    .resize(width * 8, width * 8, { kernel: 'nearest' })
    .extend({ top: 40, bottom: 40, left: 40, right: 40, background: '#ffffff' })
    .png()
    .toBuffer();
  await page.locator('input[type=file]').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: code });
  const refusal = page.getByRole('alert').filter({ hasText: 'rule 3.3' });
  await refusal.waitFor({ timeout: 60_000 });
  t.match(await refusal.textContent(), /3\.3/, 'the refusal names the rule');
  t.equal((await api<{ media: unknown[] }>('GET', `/api/rooms/${room}/media`)).media.length, 1, 'it is not kept');

  const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
  await page.evaluate(axe);
  const faults = await page.evaluate(async () => {
    const { run } = (window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe;
    return (await run()).violations.map(({ id }) => id);
  });
  t.same(faults, []);
  t.ok(layers.length > 5);
});
