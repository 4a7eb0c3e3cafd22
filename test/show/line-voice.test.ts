import t from 'tap';
import { voice } from '../../src/config/sections/voice.js';
import { lineVoice } from '../../src/show/line-voice.js';

const own = { en: { name: 'heart', rate: 1.1, pitch: 1 }, '*': { name: 'f2', rate: 1, pitch: 1 } };
const roomWith = (setting: object): Parameters<typeof lineVoice>[0] => ({
  language: 'zh',
  presenter: { pack: 'mei', voice: voice.parse(setting) },
});

t.test("speaks every line by a service, with the presenter's own voice to stand in", async (t) => {
  const room = roomWith({ provider: 'cosyvoice', name: 'longanyang', apiKey: '${K}', rate: 1.2 });
  t.same(lineVoice(room, own, undefined), {
    language: 'zh',
    provider: 'cosyvoice',
    voice: 'longanyang',
    rate: 1.2,
    pitch: 1,
    human: { gender: 'female', person: 'mei', rate: 1, pitch: 1 },
    standIn: own['*'],
  });
  t.match(lineVoice(room, own, 'en'), { language: 'en', voice: 'longanyang', standIn: own.en });
  t.equal(lineVoice(room, {}, 'en').standIn, undefined);
});

t.test('names a model that has one voice by its provider', async (t) => {
  t.match(lineVoice(roomWith({ provider: 'piper', model: '/v.onnx' }), own, undefined), {
    provider: 'piper',
    voice: 'piper',
  });
});

t.test('leaves the embedded voices as they are', async (t) => {
  t.same(lineVoice(roomWith({ rate: 1.5 }), own, 'en'), {
    language: 'en',
    voice: 'heart',
    rate: 1.5 * 1.1,
    pitch: 1,
    human: { gender: 'female', person: 'mei', rate: 1.5, pitch: 1 },
  });
  t.match(lineVoice(roomWith({ provider: 'espeak' }), own, 'en'), { provider: 'espeak', voice: 'f2' });
});

t.test('asks for a human voice of the presenter, where the room names no other', async (t) => {
  const man = { '*': { name: 'klatt4', rate: 0.9, pitch: 0.8 } };
  t.match(lineVoice(roomWith({ pitch: 1.1 }), man, undefined).human, { gender: 'male', rate: 1, pitch: 1.1 });
  t.equal(lineVoice(roomWith({ provider: 'espeak' }), own, undefined).human, undefined);
  t.equal(lineVoice(roomWith({ name: 'f4' }), own, undefined).human, undefined, 'a named voice is what it says');
  t.match(lineVoice(roomWith({ provider: 'kokoro' }), own, undefined).human, { gender: 'female' });
});
