import { readPackVoices } from '../../src/avatar/presenter-pack.js';
import { templatePath } from '../../src/core/files/paths.js';
import { lineVoice } from '../../src/show/line-voice.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { verifyLedger } from '../../src/compliance/ledger/verify-ledger.js';
import { loadSharp } from '../../src/scene/sharp.js';
import { silentLog } from '../../src/core/log.js';
import { muteSpans } from '../../src/speech/mute-spans.js';
import { SpeechService } from '../../src/speech/speech-service.js';
import { makeCode } from '../kit/draw-code.js';
import { codeParts, holdsCode } from './code-parts.js';
import { countCodes } from './count-codes.js';
import {
  decodeLuma,
  decodeSound,
  onAir,
  probePackets,
  recordUntilStopped,
  templateRoom,
  until,
  wait,
} from '../kit/on-air.js';
import { noFfprobe } from '../kit/ffprobe.js';

const WIDTH = 480;
const HEIGHT = 480;
/** Muted from the number to the end of its sentence. */
const SPOKEN = 'Our number is 138 1234 5678, call at any time. Thank you all for watching us today.';
const SILENT = '138 1234 5678, call at any time.';
const PHONE = '138 1234 5678';

t.test(
  'shows the viewer no code, no forbidden caption and no forbidden word',
  { skip: noFfprobe, timeout: 300_000 },
  async (t) => {
    const base = templateRoom('minimal');
    const room = await onAir(t, {
      ...base,
      video: { width: WIDTH, height: HEIGHT, fps: 15 },
      audio: {},
      // The pause is for the refusals before the line with the number.
      script: {
        loop: false,
        segments: [{ lines: [{ text: 'Welcome to the show.', caption: '', pauseMs: 8000 }, { text: SPOKEN }] }],
      },
      layers: [
        ...base['layers'].filter((l: { type: string }) => l.type === 'presenter'),
        { type: 'caption', id: 'words', anchor: 'bottom', y: 20, width: '90%', size: 30, fill: '#ff00ff', z: 20 },
      ],
    });
    const recording = join(room.dir, 'received.flv');
    const stop = recordUntilStopped(t, room.live.addresses.rtmp, recording);
    await until('the viewer is served', () => room.live.snapshot().frame > 30);
    const heard = (): boolean => room.live.snapshot().speaking?.text === SPOKEN;
    // On a busy machine the line may come before the refusals are done.
    let wasHeard = false;
    const listening = setInterval(() => (wasHeard ||= heard()), 100);
    t.teardown(() => clearInterval(listening));

    await t.test('refuses a layer with a code before it is shown', async (t) => {
      const code = await makeCode('https://evil.example/pay');
      const image = await sharp(Buffer.from(code.dark.map((d) => (d ? 0 : 255))), {
        raw: { width: code.width, height: code.height, channels: 1 },
      })
        .resize(code.width * 8, code.height * 8, { kernel: 'nearest' })
        .extend({ top: 32, bottom: 32, left: 32, right: 32, background: '#fff' })
        .png()
        .toBuffer();
      const reply = await room.api('PUT', '/api/layers/promo', {
        type: 'image',
        src: `data:image/png;base64,${image.toString('base64')}`,
      });
      t.equal(reply.status, 422);
      t.match(reply.body.error, { code: 'E_ASSET_REFUSED', found: /qr.*rule 3\.3/ });
    });

    await t.test('reads and refuses a picture with a contact', async (t) => {
      const drawn = await (
        await loadSharp()
      )({
        text: { text: 'WhatsApp +86 138 1234 5678', font: 'Noto Sans', dpi: 220, rgba: true },
      })
        .flatten({ background: '#dfe8ff' })
        .extend({ top: 40, bottom: 40, left: 40, right: 40, background: '#dfe8ff' })
        .png()
        .toBuffer();
      const reply = await room.api('PUT', '/api/layers/flyer', {
        type: 'image',
        src: `data:image/png;base64,${drawn.toString('base64')}`,
      });
      t.equal(reply.status, 422);
      t.match(reply.body.error, { code: 'E_ASSET_REFUSED', found: /rule 3\.2/ });
    });

    await t.test('refuses a caption layer and a bubble with a phone number', async (t) => {
      const reply = await room.api('PUT', '/api/layers/hint', { type: 'bubble', text: `Call ${PHONE}` });
      t.equal(reply.status, 422);
      t.match(reply.body.error, { code: 'E_TEXT_REFUSED' });
    });

    await t.test('replaces harmless parts that form a code together', async (t) => {
      const parts = await codeParts();
      const before = room.live.snapshot().frames.replaced;
      for (const [i, { src, x, y }] of parts.entries()) {
        const place = { x: 40 + x, y: 40 + y, anchor: 'top-left', z: 40 };
        t.equal((await room.api('PUT', `/api/layers/part${i}`, { type: 'image', src, ...place })).status, 200);
      }
      await until('the gate replaces frames', () => room.live.snapshot().frames.replaced > before + 10);
      await wait(700);
      for (const i of parts.keys()) t.equal((await room.api('DELETE', `/api/layers/part${i}`)).status, 204);
      const held = room.live.snapshot().frames.replaced;
      await until('the room returns', () => {
        const s = room.live.snapshot();
        return (
          s.frames.released > 0 && s.frames.replaced < held + 90 && room.ledger().some((e) => e.action === 'resume')
        );
      });
      t.equal(room.live.snapshot().frames.releasedUnjudged, 0);
    });

    await t.test('refuses a typed line with a phone number, in plain words', async (t) => {
      t.match(await room.api('POST', '/api/say', { text: SPOKEN }), {
        status: 422,
        body: { result: 'refused', reason: { en: 'phone number / outside contact' }, hits: [{ match: PHONE }] },
      });
    });

    await until('the line of the script is spoken', () => wasHeard, 30_000);
    clearInterval(listening);
    await until('it has been spoken', () => !heard(), 20_000);
    // The pipeline's delay, plus the frames to examine.
    await wait(1500);
    await until('enough frames were shown', () => room.live.snapshot().frame > 255, 20_000);
    await stop();
    await room.live.close();
    const frames = await decodeLuma(recording, WIDTH, HEIGHT);
    t.ok(frames.length > 200, `${frames.length} frames received`);
    t.equal(await countCodes(frames, WIDTH, HEIGHT), 0, 'no received frame holds a code');

    const entries = room.ledger();
    for (const wanted of [
      { kind: 'admission', rule: '3.3', action: 'refuse' },
      { kind: 'text', rule: '3.2', action: 'refuse' },
      { kind: 'frame', rule: '3.3', action: 'blank' },
      { kind: 'text', rule: '3.2', surface: 'speech', action: 'mute', evidence: PHONE },
      { kind: 'text', rule: '3.2', surface: 'caption', action: 'drop-caption' },
    ]) {
      t.ok(
        entries.some((e) => Object.entries(wanted).every(([key, value]) => e[key] === value)),
        `the ledger names ${JSON.stringify(wanted)}`,
      );
    }

    await t.test('keeps the withheld content beside the ledger, as the ledger names it', async (t) => {
      const picture = entries.find((e) => e.kind === 'evidence' && e.rule === '3.3');
      const words = entries.find((e) => e.action === 'mute' && e.rule === '3.2');
      t.match(picture?.file?.name, /\.webp$/);
      t.match(words?.file?.name, /\.wav$/);
      const luma = await sharp(join(room.dir, picture.file.name)).greyscale().raw().toBuffer();
      t.ok(await holdsCode(luma, WIDTH, HEIGHT), 'the withheld code is in the picture');
      const wav = readFileSync(join(room.dir, words.file.name));
      t.ok(wav.length > 16_000 * 2, `${((wav.length - 44) / 32_000).toFixed(1)} s of sound`);
      t.ok(loudest(wav) > 1000, 'the words, not their silence');
      t.match(await verifyLedger(join(room.dir, 'ledger.jsonl')), { ok: true, evidence: { gone: 0, changed: [] } });
    });

    await t.test('mutes the forbidden words and no others', async (t) => {
      const speech = new SpeechService({ log: silentLog });
      t.teardown(() => speech.close());
      await speech.start();
      const { language = 'en' } = base as { language?: string };
      const utterance = await speech.speak(
        { id: 'x', text: SPOKEN, ...(await voiceOf(base, language)) },
        new AbortController().signal,
      );
      const start = SPOKEN.indexOf(SILENT);
      const [span] = muteSpans(utterance, [{ start, end: start + SILENT.length, rule: '3.2' }]);
      const line = entries.find((e) => e.rule === '3.2' && e.surface === 'speech' && e.action === 'mute');
      const sound = await decodeSound(recording);
      const onset = onsetOf(utterance.pcm, 0);
      // The local viewer's time is the room's; the line's first sound, not its ledger entry, fixes the exact sample.
      const audioStart = (await probePackets(recording)).find((p) => p.kind === 'audio')!.ptsMs / 1000;
      const near = Math.round((line.frame / 15 - audioStart) * 48_000);
      const at = onsetOf(sound.subarray(0, near + 48_000), near - 12_000) - onset;
      t.ok(Math.abs(at - near) < 2400, `the line is where the ledger says, within ${Math.abs(at - near)} samples`);
      const rms = (from: number, to: number) => {
        let sum = 0;
        for (let i = from; i < to; i += 1) sum += sound[at + i]! ** 2;
        return 10 * Math.log10(sum / (to - from) + 1e-12);
      };
      const guard = 480;
      const forbidden = rms(span!.startSample + guard, span!.endSample - guard);
      t.ok(forbidden < -55, `forbidden words at ${forbidden.toFixed(1)} dBFS`);
      t.ok(rms(onset, span!.startSample) > -35, 'the words before are heard');
      t.ok(rms(span!.endSample + guard, span!.endSample + 48_000) > -35, 'the words after are heard');
    });
  },
);

const voiceOf = async (room: Record<string, any>, language: string) => {
  const { pack, voice } = room['presenter'];
  const own = await readPackVoices(pack.includes('/') ? pack : templatePath('presenters', pack));
  return lineVoice({ language, presenter: { pack, voice: { rate: 1, pitch: 1, ...voice } } }, own, undefined);
};

function loudest(wav: Buffer): number {
  let peak = 0;
  for (let at = 44; at + 1 < wav.length; at += 2) peak = Math.max(peak, Math.abs(wav.readInt16LE(at)));
  return peak;
}

function onsetOf(pcm: Float32Array, from: number): number {
  let peak = 0;
  for (const v of pcm) peak = Math.max(peak, Math.abs(v));
  for (let i = from; i < pcm.length; i += 1) if (Math.abs(pcm[i]!) > peak * 0.08) return i;
  return pcm.length;
}
