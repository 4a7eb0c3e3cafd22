/// <reference lib="dom" />
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { recogniser as recogniserSection } from '../../src/config/sections/services/recogniser.js';
import { takeover as takeoverSection } from '../../src/config/sections/takeover.js';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import type { LineRequest } from '../../src/show/agenda/agenda-line.js';
import { TakeoverDesk } from '../../src/takeover/takeover-desk.js';
import { microphoneLink } from '../../src/room/open/open-takeover.js';
import { openRecogniser } from '../../src/speech/recogniser/open-recogniser.js';
import { wavOf } from '../../src/speech/recogniser/http-recogniser.js';
import { firstSound, madeUpVoice } from '../takeover/made-up-voice.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { ffmpeg } from '../kit/on-air.js';
import { transcriptionServer } from '../kit/transcription-server.js';
import { until } from '../kit/until.js';
import { fakeRoom } from './fake-room.js';

/** A second of voice, a second and a half of silence, again and again. */
function fakeMicrophone(t: Test): string {
  const file = join(t.testdir(), 'voice.wav');
  writeFileSync(file, wavOf(madeUpVoice(2500, [[500, 1500]]), 48_000));
  return file;
}

t.test('a microphone of the page becomes judged lines of the agenda', { skip: noChromium }, async (t) => {
  const server = await transcriptionServer(t, ({ pcm, rateHz }) => {
    const at = firstSound(pcm, rateHz);
    return { text: 'Hello', words: [{ word: 'Hello', start: at, end: at + 1 }] };
  });
  const lines: LineRequest[] = [];
  const desk = new TakeoverDesk({
    config: takeoverSection.parse({ delayMs: 5000 }),
    agenda: {
      add: (request) => {
        lines.push(request);
        request.onOutcome?.({ outcome: 'scheduled', startFrame: 0, endFrame: 1 });
        return { id: `takeover-${lines.length}` };
      },
      hold: () => undefined,
      cancel: () => false,
    },
    runner: { pause: async () => undefined, resume: async () => undefined, paused: false },
    say: async () => ({ id: '', result: 'queued', hits: [] }),
    recogniser: openRecogniser(recogniserSection.parse({ kind: 'http', baseUrl: server.baseUrl }), {}),
    noVoice: '',
    language: () => 'en',
    judge: () => [],
    decode: async () => new Float32Array(0),
    link: (events) => microphoneLink(events, { ffmpegPath: ffmpeg, log: silentLog }),
    note: () => undefined,
    operated: () => undefined,
    log: silentLog,
    nowMs: () => performance.now(),
  });
  t.teardown(() => desk.close());
  const usual = fakeRoom();
  const room = { ...usual, takeover: desk, snapshot: () => ({ ...usual.snapshot(), takeover: desk.state() }) };
  const control = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
  t.teardown(() => control.close());
  const browser = await launchChromium(t, [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${fakeMicrophone(t)}`,
  ]);
  const page = await browser.newPage({ locale: 'en-GB' });
  await page.goto(`${control.url}/#token=x`, { waitUntil: 'domcontentloaded' });
  await page.click('#take-microphone');
  await until('the microphone is connected', () => desk.state().voice?.connected === true);
  await until('two lines', () => lines.length >= 2, 30_000);
  const { voice, text, kind, pauseMs } = lines[0]!;
  t.match({ text, kind, pauseMs }, { text: 'Hello', kind: 'takeover', pauseMs: 0 });
  const seconds = voice!.pcm.filter((x) => Math.abs(x) > 0.005).length / 48_000;
  // A busy machine loses parts of the fake microphone's beep.
  t.ok(seconds > 0.1 && seconds < 2, `${seconds.toFixed(2)} s of sound`);
  t.ok(voice!.phonemes.length > 0);
  t.comment(`delay to the schedule: ${desk.state().voice!.lastDelayMs} ms`);
  await page.waitForFunction(() =>
    /by microphone, heard 5 s later/.test(document.querySelector('#take-over-state')!.textContent!),
  );
  await page.click('#give-back');
  await until('it is given back', () => desk.state().on === false && desk.state().voice?.connected === false);
});

t.test('types lines and sends quick phrases', { skip: noChromium }, async (t) => {
  const room = fakeRoom();
  const control = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: 'x', log: silentLog });
  t.teardown(() => control.close());
  const browser = await launchChromium(t);
  for (const [locale, refused, state] of [
    ['en-GB', 'Refused, not said: phone number', 'The script speaks.'],
    ['zh-CN', '已拒绝，未播报：电话号码', '正在播脚本。'],
  ] as const) {
    const page = await browser.newPage({ locale, viewport: { width: 360, height: 740 }, isMobile: true });
    await page.goto(`${control.url}/#token=x`, { waitUntil: 'domcontentloaded' });
    const says = (id: string, text: string) =>
      page.waitForFunction(([one, wanted]) => document.querySelector(one!)!.textContent === wanted, [
        id,
        text,
      ] as const);
    await says('#take-over-state', state);
    t.notOk(await page.isVisible('#take-say'));
    await page.click('#take-text');
    await page.fill('#take-say-text', 'my phone');
    await page.click('#take-say button');
    await says('#take-over-result', refused);
    t.equal(await page.inputValue('#take-say-text'), 'my phone');
    await page.click('#quick-phrases button');
    await until('the phrase is sent', () => room.calls.includes('takeover say {"phrase":"hello"}'));
    t.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, 'nothing overflows the phone');
    if (process.env['SHOTS'] !== undefined) {
      await page.locator('#take-over').scrollIntoViewIfNeeded();
      await page.screenshot({ path: `${process.env['SHOTS']}/take-over-${locale}.png` });
    }
    await page.click('#give-back');
    await says('#take-over-state', state);
    room.calls.length = 0;
  }
});
