import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { bytesOf, weightsOf } from '../../src/weights/index.js';
import { fakeRoom } from '../control/fake-room.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { keep } from '../kit/desk-page.js';
import { kokoroEnv, NO_KOKORO } from '../kit/kokoro.js';
import { until, wait } from '../kit/until.js';
import { startStudio } from '../server/studio-rig.js';

const kokoro = weightsOf('kokoro');
const [large, small] = kokoro.files;
/** Slow enough that a person sees the bar. */
const BYTES_PER_TURN = 1 << 20;
const TURN_MS = 100;

/** Resolves when more can be written, or nothing any more. */
const roomIn = (reply: ServerResponse): Promise<void> =>
  new Promise((done) => {
    const on = (): void => {
      reply.off('drain', on).off('close', on);
      done();
    };
    reply.on('drain', on).on('close', on);
  });

/** Serves the published files, breaks the first connection off after a third of the large one, and says what it was asked for. */
async function startMirror(t: Test, folder: string) {
  const asked: { readonly name: string; readonly from: number }[] = [];
  const serve: (request: IncomingMessage, reply: ServerResponse) => Promise<void> = async (request, reply) => {
    const file = kokoro.files.find(({ name }) => request.url === `/models/kokoro/${name}`);
    if (file === undefined) return void reply.writeHead(404).end();
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    asked.push({ name: file.name, from });
    const isCut = asked.length === 1;
    reply.writeHead(from === 0 ? 200 : 206, {
      'content-length': file.bytes - from,
      ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${file.bytes - 1}/${file.bytes}` }),
    });
    let at = from;
    for await (const piece of createReadStream(join(folder, file.name), {
      start: from,
      highWaterMark: BYTES_PER_TURN,
    })) {
      if (reply.destroyed) return;
      if (isCut && at > file.bytes / 3) return void reply.destroy();
      at += (piece as Buffer).length;
      if (!reply.write(piece)) await roomIn(reply);
      await wait(TURN_MS);
    }
    reply.end();
  };
  const server = createServer((request, reply) => void serve(request, reply));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/models`, asked };
}

const noModel = kokoroEnv() === undefined ? NO_KOKORO : false;
t.test(
  'a click installs human voices, over a cut and a stop, and they speak',
  {
    skip: noChromium || noModel,
    timeout: 300_000,
  },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'models-'));
    const mirror = await startMirror(t, process.env['KOKORO_FOLDER']!);
    const before = { ...process.env };
    process.env['ENGINE_MODELS'] = folder;
    process.env['ENGINE_MODEL_MIRROR'] = mirror.url;
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
    const engine = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'secret', log: silentLog });
    t.teardown(() => engine.close());
    rig.host.engine = { url: engine.url, token: 'secret' };
    const { id } = await rig.room();
    await rig.owner.post(`/api/rooms/${id}/start`, {});
    const browser = await launchChromium(t);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    const [name, ...value] = rig.owner.cookie.split('=');
    await context.addCookies([{ name: name!, value: value.join('='), url: rig.server.url }]);
    const page = await context.newPage();
    const open = async (): Promise<void> => {
      await page.goto(`${rig.server.url}/rooms/${id}/customise`, { waitUntil: 'domcontentloaded' });
      await page.getByRole('button', { name: 'Voice', exact: true }).click({ timeout: 60_000 });
    };
    await open();

    const entry = page.locator('.models li').filter({ hasText: kokoro.title });
    const voice = page.locator('li').filter({ has: page.getByRole('button', { name: 'af_bella', exact: true }) });
    const bar = entry.getByRole('progressbar');
    const share = async (): Promise<number> => Number(await bar.getAttribute('aria-valuenow'));
    const total = bytesOf(kokoro);
    await voice.getByText('not installed').waitFor({ timeout: 60_000 });
    t.ok(
      await voice.getByRole('button', { name: 'af_bella' }).isDisabled(),
      'a voice that is not here cannot be chosen',
    );
    await entry.getByRole('button', { name: `Install, ${Math.round(total / 1_000_000)} MB` }).click();
    await bar.waitFor();
    const seen: number[] = [];
    await until(
      'the mirror is asked again after the cut',
      async () => {
        seen.push(await share());
        return mirror.asked.length === 2;
      },
      60_000,
    );
    const [, again] = mirror.asked;
    t.equal(again!.name, large!.name);
    t.ok(again!.from >= large!.bytes / 3, `goes on at ${again!.from} of ${large!.bytes} bytes`);
    await until('half of it', async () => (await share()) >= 50, 60_000);
    t.ok(new Set(seen).size >= 3, `the bar moved: ${[...new Set(seen)].join(' ')}`);
    t.equal(await entry.getByRole('alert').count(), 0, 'a cut that heals is no fault');
    await keep(page, 'install-half');

    // Another visit to the page, and then the seller stops it.
    await open();
    await until('the bar again', async () => (await share()) >= 50, 60_000);
    await entry.getByRole('button', { name: 'Stop' }).click();
    await entry.getByRole('button', { name: /^Install/ }).waitFor();
    const part = statSync(join(folder, 'kokoro.partial', `${large!.name}.part`)).size;
    t.ok(part >= large!.bytes / 2, `${part} bytes are kept`);
    await voice.getByText('not installed').waitFor();
    await keep(page, 'install-stopped');

    await entry.getByRole('button', { name: /^Install/ }).click();
    await until('goes on', () => mirror.asked.length >= 3);
    t.same(mirror.asked[2], { name: large!.name, from: part }, 'at the byte where it was stopped');
    await entry.getByText('Installed', { exact: true }).waitFor({ timeout: 120_000 });
    t.same(mirror.asked.slice(3), [{ name: small!.name, from: 0 }], 'nothing was sent twice');
    for (const file of kokoro.files) t.equal(statSync(join(folder, 'kokoro', file.name)).size, file.bytes, file.name);
    t.notOk(existsSync(join(folder, 'kokoro.partial')));

    // What was refused a minute ago.
    const sample = page.waitForResponse(/voice-sample/, { timeout: 120_000 });
    await voice.getByRole('button', { name: 'Hear af_bella' }).click();
    const heard = await sample;
    t.equal(heard.status(), 200);
    // The page keeps its body as a blob, which Chromium does not show to a debugger.
    const base64 = await page.evaluate<string>(
      `fetch(${JSON.stringify(heard.url())}).then((r) => r.arrayBuffer())
        .then((b) => btoa(Array.from(new Uint8Array(b), (c) => String.fromCharCode(c)).join('')))`,
    );
    const wav = Buffer.from(base64, 'base64');
    t.equal(wav.subarray(0, 4).toString(), 'RIFF');
    const pcm = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + 44 + ((wav.length - 44) & ~1)));
    const loud = Math.sqrt(pcm.reduce((sum, one) => sum + one * one, 0) / pcm.length);
    t.ok(pcm.length > 48_000 && loud > 300, `${(pcm.length / 48_000).toFixed(1)} s of speech, ${Math.round(loud)} RMS`);
    await voice.getByRole('button', { name: 'af_bella', exact: true }).click();
    await until('the voice in the room', () =>
      room.calls.includes('audio {"voice":{"provider":null,"name":"af_bella"}}'),
    );
    await keep(page, 'install-done');
  },
);
