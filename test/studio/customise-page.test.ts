/// <reference lib="dom" />
import type { Locator, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import type { LayerList } from '../../src/config/api/layers-handle.js';
import { fakeRoom } from '../control/fake-room.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { axe, keep } from '../kit/desk-page.js';
import { until } from '../kit/until.js';
import { startStudio } from '../server/studio-rig.js';

type Entry = LayerList['layers'][number];
type Room = ReturnType<typeof fakeRoom>;

const can = { resize: true, turn: true, hide: true, remove: true };
const shape = (id: string, box: NonNullable<Entry['box']>): Entry => ({
  id,
  layer: { type: 'shape', fill: '#ff00ff', ...box } as Entry['layer'],
  box,
  can,
});

/** Layers that are where they were put. */
function withLayers(room: Room, layers: Entry[]): Map<string, Entry> {
  const kept = new Map(layers.map((one) => [one.id, one]));
  room.layers.list = () => ({ canvas: { width: 720, height: 1280 }, shot: 'hero', layers: [...kept.values()] });
  room.layers.patch = async (id, patch, options) => {
    room.calls.push(`gesture ${options?.gesture}`);
    const before = kept.get(id)!;
    const layer = { ...(before.layer as object), ...(patch as object) } as Entry['layer'];
    const { x, y, width, height } = { ...before.box!, ...(patch as Partial<NonNullable<Entry['box']>>) };
    const box = { x, y, width, height };
    kept.set(id, { ...before, layer, box });
    return { id, atFrame: 7, box };
  };
  return kept;
}

interface Point {
  readonly x: number;
  readonly y: number;
}
/** Fingers on the page, as Chromium gets them from a screen. */
async function fingersOn(page: Page) {
  const session = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: readonly Point[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: touchPoints.map((one, id) => ({ ...one, id })) });
  /** All of them from where they are to where they go, in ten steps. */
  const drag = async (...ways: readonly { readonly from: Point; readonly to: Point }[]): Promise<void> => {
    const at = (share: number): Point[] =>
      ways.map(({ from, to }) => ({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }));
    for (let i = 1; i <= ways.length; i += 1) await send('touchStart', at(0).slice(0, i));
    for (let i = 1; i <= 10; i += 1) {
      await send('touchMove', at(i / 10));
      await page.waitForTimeout(16);
    }
    await send('touchEnd', []);
  };
  return {
    session,
    drag,
    tap: async (at: Point): Promise<void> => {
      await send('touchStart', [at]);
      await send('touchEnd', []);
    },
  };
}

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const SMALL = { x: 260, y: 520, width: 160, height: 160 };
const LARGE = { x: 60, y: 700, width: 600, height: 560 };

/** Where a layer's box is on the page. */
async function placeOn(page: Page) {
  const frame = (await page.locator('.frame').boundingBox())!;
  const scale = frame.width / 720;
  const middle = ({ x, y, width, height }: NonNullable<Entry['box']>): Point => ({
    x: frame.x + (x + width / 2) * scale,
    y: frame.y + (y + height / 2) * scale,
  });
  return { frame, scale, middle };
}

async function openPage(
  t: Test,
  room: Room,
  options: Parameters<Awaited<ReturnType<typeof launchChromium>>['newContext']>[0],
) {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const engine = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'secret', log: silentLog });
  t.teardown(() => engine.close());
  rig.host.engine = { url: engine.url, token: 'secret' };
  const { id } = await rig.room();
  await rig.owner.post(`/api/rooms/${id}/start`, {});
  const browser = await launchChromium(t);
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const [name, ...value] = rig.owner.cookie.split('=');
  await context.addCookies([{ name: name!, value: value.join('='), url: rig.server.url }]);
  const page = await context.newPage();
  await page.goto(`${rig.server.url}/rooms/${id}/customise`, { waitUntil: 'domcontentloaded' });
  await page.locator('.frame').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Leo', exact: true }).waitFor({ timeout: 60_000 });
  return { page, context };
}

t.test('a chosen presenter is marked at once, with progress', { skip: noChromium, timeout: 120_000 }, async (t) => {
  const room = fakeRoom();
  const layers = [shape('box', { x: 60, y: 700, width: 600, height: 400 })];
  room.layers.list = () => ({ canvas: { width: 720, height: 1280 }, shot: 'hero', layers });
  const { state, put } = room.presenter;
  let begun = false;
  let finish: () => void = () => undefined;
  // A busy engine says nothing at all until it is done.
  const done = new Promise<void>((resolve) => (finish = resolve));
  room.presenter.put = async (...all) => {
    begun = true;
    await done;
    return put(...all);
  };
  room.presenter.state = async () => {
    if (begun) await done;
    return state();
  };
  const { page } = await openPage(t, room, { viewport: { width: 1440, height: 900 } });
  const leo = page.getByRole('button', { name: 'Leo', exact: true });
  await leo.click();
  await page.getByRole('progressbar', { name: /^Takes over/ }).waitFor({ timeout: 1000 });
  t.equal(await leo.getAttribute('aria-pressed'), 'true', 'marked before the engine answers');
  t.equal(await leo.getAttribute('aria-busy'), 'true');
  await keep(page, 'presenter-comes');
  await page.getByText(/^0:1\d so far$/).waitFor({ timeout: 20_000 });
  finish();
  await page.getByRole('progressbar').waitFor({ state: 'detached', timeout: 20_000 });
});

t.test('a finger selects, moves and resizes layers of any size', { skip: noChromium, timeout: 120_000 }, async (t) => {
  const room = fakeRoom();
  const layers = withLayers(room, [shape('large', LARGE), shape('small', SMALL)]);
  const { page } = await openPage(t, room, PHONE);
  const { drag, tap } = await fingersOn(page);
  const { scale, middle } = await placeOn(page);
  const boxOf = (id: string) => layers.get(id)!.box!;
  /** How wide and high a part is to a finger: what is hit around its middle, 1 px apart. */
  const reach = (part: Locator): Promise<{ name: string; width: number; height: number }> =>
    part.evaluate((one) => {
      const own = getComputedStyle(one, '::before');
      const { x, y } = one.getBoundingClientRect();
      const cx = x + parseFloat(own.left) + parseFloat(own.width) / 2;
      const cy = y + parseFloat(own.top) + parseFloat(own.height) / 2;
      const ways = [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const;
      const [right, left, down, up] = ways.map(([dx, dy]) => {
        let n = 0;
        while (n < 60 && document.elementFromPoint(cx + dx * (n + 1), cy + dy * (n + 1)) === one) n += 1;
        return n;
      });
      return { name: one.className, width: left! + right! + 1, height: up! + down! + 1 };
    });

  const frameNow = () => page.locator('.frame').boundingBox();
  const frameFirst = await frameNow();
  for (const id of ['small', 'large']) {
    await tap(middle(boxOf(id)));
    await page.locator('.handles').first().waitFor({ timeout: 20_000 });
    const before = boxOf(id);
    const from = middle(before);
    const [dx, dy] = [-20, -40];
    await drag({ from, to: { x: from.x + dx, y: from.y + dy } });
    // As far as the finger, or to a line near there; the last moves of a drag come after it.
    await until(`${id} has followed the finger`, () => Math.abs(boxOf(id).y - before.y - dy / scale) <= 30);
    await page.waitForTimeout(300);
    const moved = boxOf(id);
    t.same([moved.width, moved.height], [before.width, before.height], `${id}: moved, and not resized`);
    t.ok(Math.abs(moved.y - before.y - dy / scale) <= 30, `${id}: stays there`);
    const parts = page.locator('.handles .moveable-control');
    for (const part of await parts.all()) {
      const { name, width, height } = await reach(part);
      t.ok(width >= 43 && height >= 43, `${id}, ${name}: ${width} × ${height} px to a finger`);
    }
    t.same(await frameNow(), frameFirst, 'the picture stays where it is while a layer is chosen and moved');
    await keep(page, `touch-${id}`);
    const handle = (await page.locator('.handles .moveable-se').boundingBox())!;
    const corner = { x: handle.x + 10, y: handle.y + 10 };
    await drag({ from: corner, to: { x: corner.x - 12, y: corner.y - 15 } });
    await until(`${id} is smaller`, () => boxOf(id).width < moved.width - 20);
    await page.waitForTimeout(300);
    t.ok(boxOf(id).height < moved.height - 20, `${id}: in both directions`);
    t.ok(Math.abs(boxOf(id).x - moved.x) <= 2, `${id}: from its other corner`);
    t.same(await page.evaluate(() => [scrollX, scrollY, visualViewport!.scale]), [0, 0, 1], 'the page has stayed');
  }
  t.same(await axe(page), [], 'axe');
});

t.test('two fingers resize the chosen layer about its middle', { skip: noChromium, timeout: 120_000 }, async (t) => {
  const room = fakeRoom();
  const layers = withLayers(room, [shape('large', LARGE), shape('small', SMALL)]);
  const { page } = await openPage(t, room, PHONE);
  const { drag, tap } = await fingersOn(page);
  const { frame, middle } = await placeOn(page);
  const boxOf = (id: string) => layers.get(id)!.box!;
  const pinch = async (at: Point, apart: number, to: number): Promise<void> => {
    const left = (by: number): Point => ({ x: at.x - by / 2, y: at.y });
    const right = (by: number): Point => ({ x: at.x + by / 2, y: at.y });
    await drag({ from: left(apart), to: left(to) }, { from: right(apart), to: right(to) });
    await page.waitForTimeout(300);
  };
  const center = ({ x, y, width, height }: NonNullable<Entry['box']>): number[] => [x + width / 2, y + height / 2];
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(3, b * 0.03);

  // Nothing is chosen: the layer between the fingers is, and grows.
  await page.locator('.frame video').waitFor();
  await pinch(middle(LARGE), 60, 40);
  await until('the large one is smaller', () => boxOf('large').width < LARGE.width - 100);
  // The first move only chooses.
  t.ok(boxOf('large').width >= LARGE.width * 0.64, `${boxOf('large').width} of ${LARGE.width}`);
  t.same(boxOf('small'), SMALL, 'and no other');

  // The handle that turns the large one is above the small one.
  await tap({ x: frame.x + 10, y: frame.y + 60 });
  await page.locator('.handles').first().waitFor({ state: 'detached' });
  await tap(middle(SMALL));
  await page.locator('.target', { hasText: '160 × 160' }).waitFor();
  // Wider apart than the layer is: both fingers are beside it.
  await pinch(middle(SMALL), 60, 120);
  await until('twice as large', () => isNear(boxOf('small').width, 320));
  t.ok(isNear(boxOf('small').height, 320), 'in both directions');
  center(boxOf('small')).forEach((one, i) => t.ok(isNear(one, center(SMALL)[i]!), 'about its middle'));
  t.equal(new Set(room.calls.filter((one) => one.startsWith('gesture '))).size, 2, 'each time one step to undo');
  // Both on the layer now.
  await pinch(middle(boxOf('small')), 70, 35);
  await until('and small again', () => isNear(boxOf('small').width, 160));
  t.equal(await page.evaluate(() => visualViewport!.scale), 1, 'the page has not zoomed');

  const before = boxOf('small');
  const from = middle(before);
  await drag({ from, to: { x: from.x + 30, y: from.y + 30 } });
  await until('one finger moves it as before', () => boxOf('small').x > before.x + 20);
  t.equal(boxOf('small').width, before.width);
});

t.test('one finger beside the chosen layer scrolls', { skip: noChromium, timeout: 120_000 }, async (t) => {
  const room = fakeRoom();
  const layers = withLayers(room, [shape('small', SMALL)]);
  const { page } = await openPage(t, room, PHONE);
  const { session, drag, tap } = await fingersOn(page);
  const { frame, middle } = await placeOn(page);
  await tap(middle(SMALL));
  await page.locator('.handles').first().waitFor({ timeout: 20_000 });

  const list = page.locator('.gallery:not([hidden]) .scroll').first();
  const { x, y, width, height } = (await list.boundingBox())!;
  const low = { x: x + width / 2, y: y + height - 20 };
  await drag({ from: low, to: { ...low, y: low.y - 90 } });
  await until('the gallery is scrolled', () => list.evaluate((one) => one.scrollTop > 40));

  // Somebody has enlarged the page.
  await session.send('Emulation.setPageScaleFactor', { pageScaleFactor: 2 });
  const top = () => page.evaluate(() => visualViewport!.pageTop);
  const was = await top();
  const beside = { x: frame.x + 20, y: frame.y + 180 };
  await drag({ from: beside, to: { ...beside, y: beside.y - 80 } });
  await until('the page is moved', async () => (await top()) > was + 20);
  t.same(layers.get('small')!.box, SMALL, 'the layer stays');
});

t.test('a press that is over takes hold of nothing', { skip: noChromium, timeout: 120_000 }, async (t) => {
  const room = fakeRoom();
  const layers = withLayers(room, [shape('large', LARGE), shape('small', SMALL)]);
  const { page } = await openPage(t, room, { viewport: { width: 1440, height: 900 } });
  const { middle } = await placeOn(page);
  const at = middle(LARGE);
  await page.mouse.click(at.x, at.y);
  await page.locator('.target', { hasText: '600 × 560' }).waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Small', exact: true }).click();
  await page.locator('.target', { hasText: '160 × 160' }).waitFor();
  await page.mouse.move(at.x - 60, at.y - 60, { steps: 6 });
  await page.waitForTimeout(500);
  t.same([layers.get('large')!.box, layers.get('small')!.box], [LARGE, SMALL], 'both are where they were');
});
