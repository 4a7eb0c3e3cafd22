import t from 'tap';
import { minHash, shinglesOf, SIGNATURE_LENGTH, similarity } from '../../../src/compliance/watch/min-hash.js';
import { UtteranceMemory } from '../../../src/compliance/watch/utterance-memory.js';
import { duplicateWatch } from '../../../src/config/sections/compliance.js';
import { seededRandom } from '../../../src/core/random.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const memory = (thresholds: object = {}): UtteranceMemory => new UtteranceMemory(duplicateWatch.parse(thresholds));

const BOTTLE = 'This insulated steel bottle keeps your drinks hot for twelve hours and cold for a whole day.';
const BOARDS = 'Three bamboo boards stand in one rack, and each of them has a groove that catches the juice.';
const ZH = '这款保温杯采用双层真空不锈钢内胆,热水可以保温十二个小时,冷饮可以保冷一整天。';
const ZH_OTHER = '竹制砧板一套三件,配有支架,小板带导汁槽,每一块都经过食品级矿物油处理。';

t.test('recognises the same line in any case, width and punctuation', async (t) => {
  const m = memory();
  t.equal(m.seen(BOTTLE, 0), undefined);
  const again = m.seen(BOTTLE.toUpperCase().replace('.', '!!!'), 5000)!;
  t.equal(again.similarity, 1);
  t.equal(again.agoMs, 5000);
  t.equal(again.timesInHour, 2);
  t.notOk(again.tooOften);
});

t.test('a line with another word or number is a near-duplicate, a different line is not', async (t) => {
  for (const [line, near, other] of [
    [BOTTLE, BOTTLE.replace('twelve', 'eleven'), BOARDS],
    [ZH, ZH.replace('十二', '十'), ZH_OTHER],
  ] as const) {
    const m = memory();
    m.seen(line, 0);
    const found = m.seen(near, 1000);
    t.ok(found !== undefined && found.similarity >= 0.7, `${found?.similarity}`);
    t.equal(m.seen(other, 2000), undefined);
  }
});

t.test('a loop repeats by design; too often begins above the room’s number in an hour', async (t) => {
  const m = memory({ repeatsPerHour: 5 });
  const often = Array.from({ length: 8 }, (_, i) => m.seen(BOTTLE, i * MINUTE)?.tooOften ?? false);
  t.same(often, [false, false, false, false, false, true, true, true]);
  const later = m.seen(BOTTLE, 7 * MINUTE + HOUR)!;
  t.equal(later.timesInHour, 2, 'only the last hour counts');
  t.notOk(later.tooOften);
});

t.test('greetings are not content', async (t) => {
  const m = memory();
  for (const greeting of ['Hello all!', '欢迎光临', '']) {
    m.seen(greeting, 0);
    t.equal(m.seen(greeting, 1), undefined, greeting);
  }
});

t.test('forgets utterances older than the memory, or pushed out of the ring', async (t) => {
  const old = memory({ memoryHours: 1 });
  old.seen(BOTTLE, 0);
  t.equal(old.seen(BOTTLE, HOUR + 1), undefined);
  const random = seededRandom(4);
  const noise = (): string =>
    Array.from({ length: 40 }, () => String.fromCharCode(0x4e00 + Math.floor(random() * 8000))).join('');
  const full = memory({ memoryHours: 1 });
  full.seen(BOTTLE, 0);
  for (let i = 0; i < 1200; i += 1) full.seen(noise(), i);
  t.equal(full.seen(BOTTLE, 5000), undefined);
});

t.test('reports a repetition all day by the whole memory, not by a single hour', async (t) => {
  const times = (memoryHours: number): number => {
    const m = memory({ memoryHours, repeatsPerHour: 20, repeatsInMemory: 50 });
    let tooOften = 0;
    // Every five minutes for eight hours.
    for (let i = 0; i < 96; i += 1) if (m.seen(BOTTLE, i * 5 * MINUTE)?.tooOften === true) tooOften += 1;
    return tooOften;
  };
  t.equal(times(1), 0);
  t.equal(times(8), 46);
});

t.test('remembers a line every three seconds for as long as configured', async (t) => {
  const m = memory({ memoryHours: 1 });
  m.seen(BOTTLE, 0);
  for (let i = 1; i < 1190; i += 1) m.seen(`${BOARDS} ${i}`, i * 3000);
  t.match(m.seen(BOTTLE, 1190 * 3000), { similarity: 1, timesInMemory: 2 });
});

t.test('property: the estimate is near the true share of common shingles', async (t) => {
  const random = seededRandom(21);
  let errors = 0;
  const rounds = 300;
  for (let round = 0; round < rounds; round += 1) {
    const common = Math.floor(random() * 100);
    const a = new Set<string>();
    const b = new Set<string>();
    for (let i = 0; i < 100; i += 1) {
      a.add(i < common ? `c${round}-${i}` : `a${round}-${i}`);
      b.add(i < common ? `c${round}-${i}` : `b${round}-${i}`);
    }
    const signatures = new Uint32Array(2 * SIGNATURE_LENGTH);
    minHash(a, signatures, 0);
    minHash(b, signatures, SIGNATURE_LENGTH);
    const estimate = similarity(signatures, 0, signatures, SIGNATURE_LENGTH);
    const truth = common / (200 - common);
    if (Math.abs(estimate - truth) > 0.25) t.fail(`${estimate} for ${truth}`);
    errors += estimate - truth;
  }
  t.ok(Math.abs(errors / rounds) < 0.015, `no bias: ${errors / rounds}`);
});

t.test('shingles are two characters of Chinese and five of letters', async (t) => {
  t.same([...shinglesOf('保温杯')], ['保温', '温杯']);
  t.same([...shinglesOf('bottle')], ['bottl', 'ottle']);
});

t.test('compares a line with a full memory in about a millisecond', async (t) => {
  const m = memory({ repeatsPerHour: 1000 });
  for (let i = 0; i < 4096; i += 1) m.seen(`${BOTTLE} ${i * 7919}`, i);
  const times = Array.from({ length: 60 }, (_, i) => {
    const began = performance.now();
    m.seen(BOARDS, 5000 + i);
    return performance.now() - began;
  }).sort((a, b) => a - b);
  t.comment(`median ${times[30]!.toFixed(2)} ms`);
  t.ok(times[30]! < 5);
});
