import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { CATALOGUE } from '../../src/weights/catalogue.js';
import { fakeRoom } from '../control/fake-room.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { keep } from '../kit/desk-page.js';
import { until } from '../kit/until.js';
import { startStudio } from '../server/studio-rig.js';

const CHUNK = Buffer.alloc(1 << 20, 7);

t.test('a model comes from a mirror, with progress', { skip: noChromium, timeout: 120_000 }, async (t) => {
  const weights = CATALOGUE[0]!;
  const total = weights.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const folder = mkdtempSync(join(tmpdir(), 'models-'));
  let isHeld = true;
  const asked: string[] = [];
  const mirror = createServer((request, reply) => {
    asked.push(request.url ?? '');
    const file = weights.files.find(({ name }) => request.url?.endsWith(`/${name}`));
    const begin = Number(/bytes=(\d+)/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (file === undefined) return void reply.writeHead(404).end();
    reply.writeHead(begin === 0 ? 200 : 206, {
      'content-length': file.bytes - begin,
      'content-range': `bytes ${begin}-${file.bytes - 1}/${file.bytes}`,
    });
    let left = file.bytes - begin;
    // A third of the file, and the rest when the test says so: bytes of the right length that are not the model.
    const more = (): void => {
      while (left > 0 && (!isHeld || left > (file.bytes * 2) / 3)) {
        const piece = CHUNK.subarray(0, Math.min(left, CHUNK.length));
        left -= piece.length;
        if (!reply.write(piece)) return void reply.once('drain', more);
      }
      if (left === 0) reply.end();
      else if (!reply.destroyed) setTimeout(more, 50);
    };
    more();
  });
  await new Promise<void>((done) => mirror.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    mirror.closeAllConnections();
    mirror.close();
  });
  const before = { ...process.env };
  process.env['ENGINE_MODELS'] = folder;
  process.env['ENGINE_MODEL_MIRROR'] = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/models`;
  t.teardown(() => {
    for (const key of ['ENGINE_MODELS', 'ENGINE_MODEL_MIRROR']) {
      if (before[key] === undefined) delete process.env[key];
      else process.env[key] = before[key];
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const rig = await startStudio();
  t.teardown(() => rig.close());
  const room = fakeRoom();
  const engine = await ControlServer.start({
    room,
    host: '127.0.0.1',
    port: 0,
    token: 'secret',
    log: silentLog,
  });
  t.teardown(() => engine.close());
  rig.host.engine = { url: engine.url, token: 'secret' };
  const { id } = await rig.room();
  await rig.owner.post(`/api/rooms/${id}/start`, {});
  const browser = await launchChromium(t);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const [name, ...value] = rig.owner.cookie.split('=');
  await context.addCookies([{ name: name!, value: value.join('='), url: rig.server.url }]);
  const page = await context.newPage();
  await page.goto(`${rig.server.url}/rooms/${id}/customise`, { waitUntil: 'domcontentloaded' });
  await page.getByRole('button', { name: 'Voice', exact: true }).click({ timeout: 60_000 });

  const entry = page.locator('.models li').filter({ hasText: weights.title });
  // Forty voices that wait for it would hide the button.
  await page.locator('li', { hasText: 'not installed' }).first().waitFor({ timeout: 60_000 });
  const [top, voices] = await Promise.all([
    entry.boundingBox(),
    page.locator('li', { hasText: 'heart' }).first().boundingBox(),
  ]);
  t.ok(top!.y < voices!.y, 'what can be installed stands above the voices');
  // A service that spoke before would take the name for one of its own.
  await page.locator('li', { hasText: 'heart' }).first().getByRole('button', { name: 'heart', exact: true }).click();
  await until('the voice in the room', () => room.calls.includes('audio {"voice":{"provider":null,"name":"heart"}}'));
  await entry.getByRole('button').click();
  const bar = entry.getByRole('progressbar');
  await bar.waitFor();
  const share = async (): Promise<number> => Number(await bar.getAttribute('aria-valuenow'));
  const sent = Math.floor((weights.files[0]!.bytes / 3 / total) * 100);
  await until('a third of the file is shown', async () => (await share()) >= sent - 1, 60_000);
  t.ok((await share()) <= sent + 2, 'and no more than came');
  t.match(await entry.textContent(), new RegExp(`of ${Math.round(total / 1_000_000)} MB`));
  t.ok(asked[0]?.startsWith(`/models/${weights.id}/`), `from the mirror: ${asked[0]}`);
  await keep(page, 'model-progress');

  await entry.getByRole('button', { name: 'Stop' }).click();
  await entry.getByRole('button', { name: /^Install/ }).waitFor();
  t.equal(await bar.count(), 0, 'stopped');

  isHeld = false;
  await entry.getByRole('button', { name: /^Install/ }).click();
  const refusal = entry.getByRole('alert');
  await refusal.waitFor({ timeout: 60_000 });
  t.match(await refusal.textContent(), new RegExp(weights.files[0]!.name), 'a file that is another one is refused');
  t.match(
    (await rig.owner.get('/api/models')).body.models.find((one: { name: string }) => one.name === weights.id),
    { state: 'failed' },
    'and not installed',
  );
  t.ok(await refusal.evaluate((one) => one.scrollWidth <= one.clientWidth), 'its words stay in the panel');
  await keep(page, 'model-refused');
});
