import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { SpeechService } from '../../src/speech/speech-service.js';

t.test('knows the spoken text in advance, with the origin of each character', async (t) => {
  const service = new SpeechService({ log: silentLog });
  t.teardown(() => service.close());
  // More than one piece is given to the synthesiser.
  const text = `${'A plain sentence. '.repeat(30)}Only $29.99 😀 [now].`;
  const { text: spoken, offsets } = service.spoken(text, 'en');
  t.match(spoken, /Only 29\.99 dollars {3} now \.$/);
  t.equal(offsets.length, spoken.length);
  t.equal(text[offsets[spoken.indexOf('now')]!], 'n');
  t.equal(text[offsets[spoken.indexOf(' dollars')]!], '9', 'the name counts for the amount');
  for (let i = 1; i < offsets.length; i += 1) if (offsets[i]! < offsets[i - 1]!) t.fail(`offset ${i} runs back`);
});

t.test('treats a voice without this knowledge as speaking the text unchanged', async (t) => {
  const provider = { id: 'other', start: async () => undefined, close: async () => undefined } as never;
  const service = new SpeechService({ log: silentLog, provider });
  t.strictSame(service.spoken('$5', 'en'), { text: '$5', offsets: Int32Array.of(0, 1) });
});
