import t from 'tap';
import { parseRoom, type RoomFault } from '../../src/config/load-room.js';
import { voice, type Voice } from '../../src/config/sections/voice.js';
import { EngineError } from '../../src/core/errors.js';

const roomWith = (setting: unknown): string =>
  JSON.stringify({
    name: 'shop',
    presenter: { pack: 'mei', voice: setting },
    layers: [{ id: 'host', type: 'presenter' }],
    script: { segments: [{ lines: [{ text: 'Hello' }] }] },
  });

function faultsOf(setting: unknown): RoomFault[] {
  try {
    parseRoom(roomWith(setting), '/rooms/shop/room.json', { env: {} });
  } catch (error) {
    if (error instanceof EngineError) return error.details['faults'] as RoomFault[];
    throw error;
  }
  return [];
}
const voiceOf = (setting: unknown): Voice =>
  parseRoom(roomWith(setting), '/rooms/shop/room.json', { env: {} }).presenter.voice;

t.test('takes the voices of before', (t) => {
  t.match(voiceOf({}), { rate: 1, pitch: 1 });
  t.match(voiceOf({ provider: 'espeak', name: 'es+f2', rate: 1.1 }), { provider: 'espeak', name: 'es+f2', rate: 1.1 });
  t.match(voiceOf({ provider: 'heart', pitch: 0.9, language: 'en' }), { provider: 'heart', pitch: 0.9 });
  t.end();
});

t.test('takes a service with a fallback and leaves its key in the environment', (t) => {
  const setting = {
    provider: 'cosyvoice',
    name: 'longanyang',
    apiKey: '${DASHSCOPE_API_KEY}',
    languages: ['zh', 'en'],
    maxCharactersPerDay: 200_000,
    fallback: [
      { provider: 'piper', model: 'voices/zh.onnx' },
      { provider: 'espeak', name: 'f2' },
    ],
  };
  const read = voiceOf(setting);
  t.equal(read.apiKey, '${DASHSCOPE_API_KEY}', 'it is read where it is used');
  t.equal(read.fallback![0]!.model, '/rooms/shop/voices/zh.onnx', 'a model is a file beside the room');
  t.end();
});

t.test('requires the fields that a provider needs and refuses those it ignores', (t) => {
  const found = (setting: object): string[] => faultsOf(setting).map(({ where, expected }) => `${where}: ${expected}`);
  t.match(found({ provider: 'elevenlabs' }), [
    /voice\.name: a value: elevenlabs needs "name"/,
    /voice\.apiKey: a value/,
  ]);
  t.match(found({ provider: 'azure', name: 'v', apiKey: '${K}' }), [/voice\.region: a region, or a baseUrl/]);
  t.match(found({ provider: 'espeak', apiKey: '${K}' }), [/voice\.apiKey: no "apiKey": espeak does not use it/]);
  t.match(found({ model: 'tts-1' }), [/voice\.model: no "model": a voice without a provider/]);
  t.match(found({ provider: 'openai', name: 'v', fallback: [{ provider: 'piper' }] }), [
    /fallback\[0\]\.model: a value/,
  ]);
  t.match(found({ provider: 'espeak', fallback: [{ provider: 'heart' }] }), [/voice\.fallback: no "fallback"/]);
  const plain = { provider: 'openai', name: 'v', apiKey: '${K}' };
  t.match(found({ ...plain, baseUrl: 'http://voices.example.com/v1' }), [/voice\.baseUrl: https or wss/]);
  t.same(found({ ...plain, baseUrl: 'http://192.168.1.7:8880/v1' }), []);
  t.same(found({ provider: 'openai', name: 'v', baseUrl: 'http://voices.example.com/v1' }), []);
  t.end();
});

t.test('shows no key and no password that stands in the file', (t) => {
  for (const setting of [
    { provider: 'openai', name: 'v', apiKey: 'sk-secret' },
    { provider: 'openai', name: 'v', baseUrl: 'https://me:sk-secret@host/v1' },
    { provider: 'openai', name: 'v', fallback: [{ provider: 'openai', name: 'w', apiKey: 'sk-secret' }] },
  ]) {
    const faults = faultsOf(setting);
    t.equal(faults.length, 1);
    t.notMatch(JSON.stringify(faults), 'sk-secret');
  }
  t.end();
});

t.test('refuses names that could leave their place in a request', (t) => {
  for (const name of ['a"b', 'a<b', 'a\nb'])
    t.equal(voice.safeParse({ provider: 'openai', name }).success, false, JSON.stringify(name));
  t.equal(voice.safeParse({ provider: 'openai', name: 'Chinese (Mandarin)_Warm Girl' }).success, true);
  t.end();
});
