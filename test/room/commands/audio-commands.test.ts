import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { LiveRoomConfig } from '../../../src/config/room-config.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { AudioCommands, type AudioParts } from '../../../src/room/commands/audio-commands.js';
import { EditHistory } from '../../../src/room/commands/edit-history.js';
import type { LoopRequest } from '../../../src/loop/build-frame-loop.js';
import { SpeechService } from '../../../src/speech/speech-service.js';
import { silentLog } from '../../../src/core/log.js';
import { ffmpeg } from '../../kit/on-air.js';

const room = {
  name: 'shop',
  language: 'en',
  presenter: { pack: 'mei' },
  layers: [{ id: 'who', type: 'presenter' }],
  script: { segments: [{ lines: [{ text: 'Hello' }] }] },
};

// One for all tests of the file: its synthesisers take seconds to start.
const speech = new SpeechService({ log: silentLog });
t.teardown(() => speech.close());

function commandsOf(t: Test, more: object = {}) {
  const dir = t.testdir({ 'room.json': JSON.stringify({ ...room, ...more }) });
  const live = new LiveRoomConfig(loadRoom(join(dir, 'room.json')));
  const sent: LoopRequest[] = [];
  const history = new EditHistory();
  const audio = new AudioCommands({
    live,
    history,
    speech,
    ffmpegPath: ffmpeg,
    frame: () => 7,
    signal: new AbortController().signal,
    loop: { send: (message: LoopRequest) => void sent.push(message) },
    ledger: { append: () => undefined },
  } as unknown as AudioParts);
  return { dir, live, sent, history, audio };
}

t.test('plays an embedded track, changes its gain, stops it and brings it back', async (t) => {
  const { live, sent, audio, history } = commandsOf(t);
  const { music, tracks } = await audio.state();
  t.equal(music, null);
  t.equal(tracks.length, 12);
  t.ok(tracks.includes('calm'));
  t.match(await audio.patch({ music: { src: 'calm', gainDb: -20 } }), {
    music: { src: 'calm', gainDb: -20, instrumental: true },
  });
  const [first] = sent;
  t.ok(first?.type === 'audio' && (first.music?.pcm.length ?? 0) > 48_000, 'the loop gets the samples');
  await audio.patch({ music: { gainDb: -12 }, duckDb: -6 });
  t.match(sent[1], { type: 'audio', audio: { duckDb: -6, music: { gainDb: -12 } } });
  t.notOk('music' in sent[1]!, 'the track stays');
  await audio.patch({ music: { on: false } });
  t.match(sent[2], { music: null });
  t.equal(live.room.audio.music, undefined);
  t.match(await audio.patch({ music: { on: true } }), { music: { src: 'calm', gainDb: -12 } });
  t.equal(history.steps().length, 4);
  await history.undo();
  t.match(await audio.state(), { music: null });
  await history.undo();
  t.match(await audio.state(), { music: { src: 'calm', gainDb: -12 }, duckDb: -6 });
});

t.test('refuses music that is unknown, elsewhere, or may have words', async (t) => {
  const { audio, sent, dir, live } = commandsOf(t);
  copyFileSync(templatePath('music', 'calm.flac'), join(dir, 'own.flac'));
  await t.rejects(audio.patch({ music: { on: true } }), { code: 'E_BAD_REQUEST' });
  await t.rejects(audio.patch({ music: { src: 'nothing.flac', instrumental: true } }), { code: 'E_ASSET_MISSING' });
  await t.rejects(audio.patch({ music: { src: '/etc/passwd', instrumental: true } }), { code: 'E_ASSET_MISSING' });
  await t.rejects(audio.patch({ music: { src: 'own.flac' } }), { code: 'E_ROOM_REFUSED' });
  await t.rejects(audio.patch({ music: { src: 'room.json', instrumental: true } }), { code: 'E_ASSET_INVALID' });
  await t.rejects(audio.patch({ music: { gainDb: 90 } }), { code: 'E_BAD_REQUEST', where: /gainDb/ });
  t.same(sent, [], 'nothing changed');
  t.equal(live.room.audio.music, undefined);
  t.match(await audio.patch({ music: { src: 'own.flac', instrumental: true } }), { music: { src: 'own.flac' } });
});

t.test('changes the voice of coming lines', async (t) => {
  const { audio, live } = commandsOf(t);
  const before = live.room.presenter;
  t.match(await audio.patch({ voice: { rate: 1.2, name: null } }), { voice: { rate: 1.2, pitch: 1 } });
  t.not(live.room.presenter, before, 'prepared lines are spoken anew');
  t.equal(live.room.presenter.pack, before.pack);
  await t.rejects(audio.patch({ voice: { name: 'nobody-at-all' } }), { code: 'E_VOICE_UNKNOWN' });
  t.equal(live.room.presenter.voice.rate, 1.2);
  const voice = live.room.presenter;
  await audio.patch({ duckDb: -5 });
  t.equal(live.room.presenter, voice, 'another change leaves the voice alone');
});

t.test('leaves a cloud voice without its settings, and keeps a presenter that changed meanwhile', async (t) => {
  const voice = { provider: 'openai', name: 'alloy', model: 'tts-1', apiKey: '${VOICE_KEY}', fallback: [{}] };
  const { audio, live } = commandsOf(t, { presenter: { pack: 'mei', voice } });
  const change = audio.patch({ voice: { provider: 'heart', name: 'heart' } });
  live.set({ presenter: { ...live.room.presenter, look: 'chef' } as typeof live.room.presenter });
  const now = (await change).voice as Record<string, unknown>;
  t.match(now, { provider: 'heart', name: 'heart' });
  t.notOk('apiKey' in now || 'model' in now || 'fallback' in now);
  t.equal(live.room.presenter.look, 'chef');
  await t.rejects(audio.patch({ voice: { provider: 'azure', name: 'x' } }), { code: 'E_BAD_REQUEST', where: /apiKey/ });
});
