import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import t from 'tap';
import { noChromium } from '../kit/chromium.js';
import { openCustomise, START_MS, type Box } from '../kit/customise-page.js';
import { makeCode } from '../kit/draw-code.js';
import { until } from '../kit/until.js';

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

t.test('edits a room in preview by hand', { skip: noChromium, timeout: 590_000 }, async (t) => {
  const { page, call: api, room, engine, list, saved: read } = await openCustomise(t);
  const boxOf = async (id: string): Promise<Box> => (await list()).layers.find((one) => one.id === id)!.box!;
  const saved = () =>
    read<{ layers: { id: string; type: string; src?: string; x?: number }[]; presenter: { pack?: string } }>();
  const { canvas, layers } = await list();

  // Two captions of two shots are told apart by their ids.
  await api('PUT', `${engine}/layers/second-caption`, {
    ...layers.find(({ layer }) => layer.type === 'caption')!.layer,
  });
  await page.getByRole('button', { name: 'Second caption · Caption', exact: true }).waitFor();
  await api('DELETE', `${engine}/layers/second-caption`);

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

  await t.test('resizes and turns by a handle, aligns, orders, hides and locks', async (t) => {
    const pull = async (handle: string, dx: number, dy: number): Promise<void> => {
      const at = (await page.locator(handle).first().boundingBox())!;
      const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
      await page.keyboard.down('Alt');
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let i = 1; i <= 8; i += 1) await page.mouse.move(x + (dx * i) / 8, y + (dy * i) / 8);
      await page.mouse.up();
      await page.keyboard.up('Alt');
    };
    const layerOf = async () => (await list()).layers.find(({ id }) => id === 'box')!.layer;
    const start = await boxOf('box');
    await pull('.handles .moveable-se', 60 * scale, 40 * scale);
    await until('wider by the handle', async () => Math.abs((await boxOf('box')).width - 180) <= 2, 10_000);
    t.match(await boxOf('box'), { x: start.x, y: start.y }, 'its other corner stays');
    t.ok(Math.abs((await boxOf('box')).height - 160) <= 2, 'and higher');
    await pull('.handles .moveable-w', -30 * scale, 0);
    await until('wider to the left', async () => Math.abs((await boxOf('box')).width - 210) <= 2, 10_000);
    t.ok(Math.abs((await boxOf('box')).x - (start.x - 30)) <= 2, 'its right edge stays');
    await page.keyboard.press('Control+z');
    await until('one undo for the resize', async () => (await boxOf('box')).x === start.x);
    await pull('.handles .moveable-rotation-control', 90 * scale, 60 * scale);
    await until('turned by the handle', async () => Math.abs((await layerOf()).rotate ?? 0) > 10, 10_000);
    await page.keyboard.press('Control+z');
    await until('one undo for the turn', async () => ((await layerOf()).rotate ?? 0) === 0);

    await page.getByRole('button', { name: 'Align left' }).click();
    await until('at the left margin', async () => (await boxOf('box')).x === Math.round(canvas.width * 0.03));
    await page.getByRole('button', { name: 'Align middle' }).click();
    await until('in the middle', async () => {
      const { x, width } = await boxOf('box');
      return Math.abs(x + width / 2 - canvas.width / 2) <= 1;
    });
    const place = async (): Promise<number> => (await list()).layers.findIndex(({ id }) => id === 'box');
    const front = await place();
    await page.keyboard.press('[');
    await until('one step back', async () => (await place()) === front - 1);
    await page.keyboard.press(']');
    await until('and forward again', async () => (await place()) === front);

    await page.keyboard.press('e');
    await until('hidden', async () => (await layerOf()).hidden === true);
    await page.getByRole('button', { name: 'Show Box' }).click();
    await until('shown', async () => (await layerOf()).hidden !== true);
    await page.getByRole('button', { name: 'Lock Box' }).click();
    await until('locked', async () => (await layerOf()).locked === true);
    await page.getByRole('button', { name: 'Unlock Box' }).waitFor();
    t.equal(await page.locator('.handles').count(), 0, 'without handles');
    const { x } = await boxOf('box');
    await page.getByRole('button', { name: 'Box', exact: true }).click();
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(500);
    t.equal((await boxOf('box')).x, x, 'a locked layer stays');
    await page.keyboard.press('o');
    await until('unlocked', async () => (await layerOf()).locked !== true);

    await page.keyboard.press('Control+d');
    await until('a copy', async () => (await list()).layers.some(({ id }) => id === 'box-2'));
    await page.getByRole('button', { name: 'Box 2', exact: true }).and(page.locator('[aria-pressed=true]')).waitFor();
    await page.keyboard.press('Delete');
    await until('removed', async () => !(await list()).layers.some(({ id }) => id === 'box-2'));
    t.ok(
      (await list()).layers.some(({ id }) => id === 'box'),
      'the other stays',
    );
  });

  await t.test('gives no handles to a layer of another shot, and says where it is', async (t) => {
    await page.getByRole('button', { name: 'Box', exact: true }).click();
    await page.locator('.handles').first().waitFor();
    // A product that stands beside another is what the director shows most seldom.
    const other = (await list()).shot === 'side-by-side' ? 'hero' : 'side-by-side';
    await api('PATCH', `${engine}/layers/box`, { shots: { [other]: {} } });
    await page.locator('.note', { hasText: 'is not in this shot' }).waitFor();
    t.equal(await page.locator('.handles, .target, .still').count(), 0);
    t.equal(await page.locator('.props .nf').count(), 0, 'nor numbers');
    t.equal((await list()).layers.find(({ id }) => id === 'box')!.box, null);
    await api('PATCH', `${engine}/layers/box`, { shots: null });
    await page.locator('.handles').first().waitFor();
  });

  await t.test('moves from where an undo puts the layer, however soon the key comes', async () => {
    await page.getByRole('button', { name: 'Box', exact: true }).click();
    const before = (await boxOf('box')).x;
    await page.keyboard.press('Shift+ArrowLeft');
    await until('ten pixels to the left', async () => (await boxOf('box')).x === before - 10);
    await page.waitForTimeout(300);
    // The answer to the undo is late.
    await page.route('**/engine/api/undo', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    });
    await page.keyboard.press('Control+z');
    await page.keyboard.press('ArrowRight');
    await until('one pixel from there', async () => (await boxOf('box')).x === before + 1, 15_000);
    await page.keyboard.press('Shift+ArrowLeft');
    await until('ten pixels to the left again', async () => (await boxOf('box')).x === before - 9);
    await page.waitForTimeout(300);
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: 'Align left' }).click();
    const margin = Math.round(canvas.width * 0.03);
    await until('at the left margin, whatever the undo moved', async () => (await boxOf('box')).x === margin, 15_000);
    await page.unroute('**/engine/api/undo');
  });

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
    START_MS,
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
