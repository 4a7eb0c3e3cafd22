/// <reference lib="dom" />
import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import type { LayerList } from '../../src/config/api/layers-handle.js';
import { fakeRoom } from '../control/fake-room.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { keep } from '../kit/desk-page.js';
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
  await leo.click({ timeout: 60_000 });
  await page.getByRole('progressbar', { name: /^Takes over/ }).waitFor({ timeout: 1000 });
  t.equal(await leo.getAttribute('aria-pressed'), 'true', 'marked before the engine answers');
  t.equal(await leo.getAttribute('aria-busy'), 'true');
  await keep(page, 'presenter-comes');
  await page.getByText(/^0:1\d so far$/).waitFor({ timeout: 20_000 });
  finish();
  await page.getByRole('progressbar').waitFor({ state: 'detached', timeout: 20_000 });
});
