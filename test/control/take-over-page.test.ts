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
import { microphoneLink } from '../../src/room/open/open-desks.js';
import { openRecogniser } from '../../src/speech/recogniser/open-recogniser.js';
import { wavOf } from '../../src/speech/recogniser/http-recogniser.js';
import { firstSound, madeUpVoice } from '../takeover/made-up-voice.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { keep, PHONE, serveDesk } from '../kit/desk-page.js';
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
  await page.locator('.take').getByRole('button', { name: 'Microphone' }).click();
  await page.locator('.take').getByRole('button', { name: 'Speak' }).click();
  await until('the microphone is connected', () => desk.state().voice?.connected === true);
  await until('two lines', () => lines.length >= 2, 30_000);
  const { voice, text, kind, pauseMs } = lines[0]!;
  t.match({ text, kind, pauseMs }, { text: 'Hello', kind: 'takeover', pauseMs: 0 });
  const seconds = voice!.pcm.filter((x) => Math.abs(x) > 0.005).length / 48_000;
  // A busy machine loses parts of the fake microphone's beep.
  t.ok(seconds > 0.1 && seconds < 2, `${seconds.toFixed(2)} s of sound`);
  t.ok(voice!.phonemes.length > 0);
  t.comment(`delay to the schedule: ${desk.state().voice!.lastDelayMs} ms`);
  await page.getByText('You are heard 5 s later, after the judge.').waitFor();
  await page.locator('.take').getByRole('button', { name: 'Give back' }).click();
  await until('it is given back', () => desk.state().on === false && desk.state().voice?.connected === false);
});

t.test('types lines and sends quick phrases', { skip: noChromium }, async (t) => {
  const room = fakeRoom();
  const { open } = await serveDesk(t, room);
  for (const [locale, refused, tab, take, back] of [
    ['en-GB', 'Not spoken. phone number', 'Take over', 'Take over', 'Give back'],
    ['zh-CN', '未播出。电话号码', '接管', '接管', '交还'],
  ] as const) {
    const page = await open({ locale, viewport: PHONE });
    await page.getByRole('tab', { name: tab }).click();
    const panel = page.locator('.take');
    await panel.getByRole('button', { name: take }).click();
    await panel.getByRole('button', { name: back }).waitFor();
    const field = panel.getByRole('textbox');
    await field.fill('my phone');
    await field.press('Enter');
    await panel.getByText(refused).waitFor();
    t.equal(await field.inputValue(), 'my phone', 'it can be mended');
    await panel.locator('.q button').first().click();
    await until('the phrase is sent', () => room.calls.includes('takeover say {"phrase":"hello"}'));
    t.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width, 'nothing overflows');
    await keep(page, `take-over-${locale}`);
    await panel.getByRole('button', { name: back }).click();
    await panel.getByRole('button', { name: take }).waitFor();
    room.calls.length = 0;
    await page.context().close();
  }
});
