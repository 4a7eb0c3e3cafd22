import t from 'tap';
import { ActingLane } from '../../src/avatar/acting/acting-lane.js';
import { lineActing } from '../../src/avatar/acting/line-acting.js';
import type { Acting, WordTiming } from '../../src/core/speech.js';
import { frameIndex } from '../../src/core/time.js';
import { rate } from '../avatar/presenter-rig.js';

/** Words of half a second each, as loud as named. */
function spoken(levels: readonly number[]): { pcm: Float32Array; words: WordTiming[] } {
  const pcm = new Float32Array(levels.length * 24_000);
  const words = levels.map((level, i): WordTiming => {
    for (let k = 0; k < 24_000; k += 1) pcm[i * 24_000 + k] = level * Math.sin(k / 20);
    return { text: 'word', startChar: 0, endChar: 4, startSample: i * 24_000, endSample: (i + 1) * 24_000 };
  });
  return { pcm, words };
}
const acting = (over: Partial<Acting>): Acting => ({
  nods: new Uint16Array(0),
  smileFrames: 0,
  listenFrames: 0,
  readFrames: 0,
  ...over,
});

t.test('nods on words that stand out, far enough apart, and not at the edges', async (t) => {
  const levels = [0.9, 0.2, 0.2, 0.9, 0.2, 0.8, 0.2, 0.2, 0.2, 0.2, 0.9, 0.2, 0.9];
  const { nods } = lineActing({ text: 'So.', isAnswer: false, ...spoken(levels) }, rate);
  t.same([...nods], [45, 150], 'words 3 and 10; word 5 follows too soon, the first and last are at the edge');
  const even = lineActing({ text: 'So.', isAnswer: false, ...spoken(levels.map(() => 0.3)) }, rate);
  t.equal(even.nods.length, 0, 'an even line has none');
  const long = lineActing(
    { text: 'So.', isAnswer: false, ...spoken(Array.from({ length: 90 }, (_, i) => (i % 6 === 3 ? 0.9 : 0.2))) },
    rate,
  );
  t.equal(long.nods.length, 6);
});

t.test('smiles after questions in any script and listens before answers', async (t) => {
  const line = (text: string, isAnswer = false): Acting => lineActing({ text, isAnswer, ...spoken([0.3, 0.3]) }, rate);
  for (const text of ['Do you like it?', '喜欢吗？', '“好吗？”', 'هل يعجبك؟']) t.ok(line(text).smileFrames > 0, text);
  for (const text of ['It is good.', 'What? No.']) t.equal(line(text).smileFrames, 0, text);
  t.equal(line('Yes.').listenFrames, 0);
  t.ok(line('Yes.', true).listenFrames > 0 && line('Yes.', true).readFrames > 0);
});

t.test('centres the head before a nod and lets it go after', async (t) => {
  const lane = new ActingLane(rate);
  lane.add(frameIndex(100), 60, acting({ nods: Uint16Array.of(30) }));
  const at = (n: number): { nod: number; calm: number } => {
    lane.at(frameIndex(n));
    return { nod: lane.nod, calm: lane.calm };
  };
  t.same(at(110), { nod: 0, calm: 0 });
  t.ok(at(127).calm > 0.3, 'calms down');
  t.equal(at(127).nod, 0);
  t.ok(at(135).nod > 0.4 && at(135).calm > 0.9, 'nods');
  t.same(at(155), { nod: 0, calm: 0 });
});

t.test('listens until the answer begins, reads the comment, and forgets a line that never comes', async (t) => {
  const lane = new ActingLane(rate);
  lane.add(frameIndex(100), 60, acting({ listenFrames: 45, readFrames: 30, smileFrames: 40 }));
  const at = (n: number): ActingLane => {
    lane.at(frameIndex(n));
    return lane;
  };
  t.equal(at(50).listen, 0);
  t.ok(at(75).listen > 0.9);
  t.equal(at(101).listen, 0);
  t.ok(at(101).reads);
  t.notOk(at(131).reads);
  t.equal(at(165).smile, 2);
  t.equal(at(201).smile, 0);
  lane.add(frameIndex(300), 60, acting({ listenFrames: 45 }));
  lane.cut(frameIndex(300), frameIndex(280));
  t.equal(at(290).listen, 0);
});
