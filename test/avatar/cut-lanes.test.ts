import t from 'tap';
import { GestureLane } from '../../src/avatar/gesture-lane.js';
import type { GestureData } from '../../src/avatar/presenter-data.js';
import { SpeechLane } from '../../src/avatar/speech-lane.js';
import { frameIndex } from '../../src/core/time.js';
import { rate, steady } from './presenter-rig.js';

const at = (lane: { at(n: ReturnType<typeof frameIndex>): void }, n: number): void => lane.at(frameIndex(n));

t.test('shuts the mouth of a cut line, and goes on with the next', async (t) => {
  const lane = new SpeechLane(rate);
  lane.add(frameIndex(10), steady('aa', 100));
  lane.cut(frameIndex(10), frameIndex(40));
  lane.add(frameIndex(42), steady('O', 20));
  at(lane, 39);
  t.equal(lane.openness, 255);
  at(lane, 40);
  t.equal(lane.openness, 0);
  at(lane, 42);
  t.equal(lane.openness, 255);
  at(lane, 200);
  t.equal(lane.talk, 0);
});

t.test('drops a line that has not begun', async (t) => {
  const lane = new SpeechLane(rate);
  lane.add(frameIndex(10), steady('aa', 20));
  lane.add(frameIndex(40), steady('O', 20));
  lane.cut(frameIndex(40), frameIndex(40));
  at(lane, 45);
  t.equal(lane.openness, 0);
  lane.cut(frameIndex(99), frameIndex(99));
  at(lane, 60);
  t.equal(lane.talk, 0, 'an unknown line changes nothing');
});

const gesture = (name: string): GestureData =>
  ({
    name,
    inMs: 200,
    holdMs: 400,
    outMs: 200,
    beats: 1,
    nods: 0,
    lean: 0,
    gaze: 0,
    brows: 0,
  }) as unknown as GestureData;

t.test('drops the gesture of a line that never comes, but no gesture that has begun', async (t) => {
  const lane = new GestureLane([gesture('wave'), gesture('point')], rate);
  lane.add(frameIndex(10), 'wave');
  lane.add(frameIndex(60), 'point');
  at(lane, 20);
  lane.cancel(frameIndex(10));
  lane.cancel(frameIndex(60));
  at(lane, 21);
  t.equal(lane.current?.name, 'wave', 'the arm does not jump');
  at(lane, 65);
  t.equal(lane.current, null);
  lane.add(frameIndex(70), 'point');
  at(lane, 75);
  t.equal(lane.current?.name, 'point', 'its time is free again');
});
