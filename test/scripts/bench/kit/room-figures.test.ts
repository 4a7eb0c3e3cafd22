import t from 'tap';
import { roleOf } from '../../../../scripts/bench/kit/process-roles.js';
import {
  isFaultless,
  largestFaultless,
  roomFigures,
  type RoomReadings,
} from '../../../../scripts/bench/kit/room-figures.js';

const counters = (rendered: number, unjudged: number, late = 0): RoomReadings['began'] => ({
  frames: { rendered, released: rendered - unjudged - 20, replaced: unjudged, inWindow: 20, releasedUnjudged: 0 },
  replacedBy: { unjudged, violation: 0 },
  lateTicks: { total: late, render: 0, scan: late, encode: 0, stall: 0 },
});

const figures = (began: RoomReadings['began'], ended: RoomReadings['began']) =>
  roomFigures({
    room: 1,
    startMs: 2100.4,
    began,
    ended,
    cpuSeconds: 18,
    memory: { peak: { engine: 250.4, 'video encoder': 60.4 }, meanMiB: 290.6 },
  });

t.test('counts faults from the first frame on, CPU over the time with all rooms', (t) => {
  t.strictSame(figures(counters(200, 6), counters(2000, 9, 1)), {
    room: 1,
    startMs: 2100,
    frames: 2000,
    releasedUnjudged: 0,
    lateTicks: 1,
    lateBy: { scan: 1 },
    replaced: 9,
    replacedBy: { unjudged: 9 },
    replacedWhileStarting: 6,
    cpuMsPerFrame: 10,
    memoryMeanMiB: 291,
    memoryPeakMiB: 311,
    memoryAtPeak: { engine: 250, 'video encoder': 60 },
  });
  t.end();
});

t.test('finds the largest number of rooms without a late tick or a replaced frame', async (t) => {
  const clean = figures(counters(200, 0), counters(2000, 0));
  const replaced = figures(counters(200, 1), counters(2000, 1));
  const late = figures(counters(200, 0), counters(2000, 0, 1));
  t.ok(isFaultless([clean, clean]));
  t.notOk(isFaultless([clean, replaced]));
  t.notOk(isFaultless([late]));
  const tried: number[] = [];
  const run = async (rooms: number) => {
    tried.push(rooms);
    return rooms < 3 ? Array.from({ length: rooms }, () => clean) : [clean, replaced, clean];
  };
  t.equal(await largestFaultless(8, run), 2);
  t.strictSame(tried, [1, 2, 3]);
  t.equal(await largestFaultless(2, run), 2);
});

t.test('names the processes of a room by their command lines', (t) => {
  t.equal(roleOf('ffmpeg -f rawvideo -pix_fmt yuv420p -i pipe:3 -c:v libx264'), 'video encoder');
  t.equal(roleOf('ffmpeg -f f32le -ar 48000 -i pipe:3 -c:a aac'), 'audio encoder');
  t.equal(roleOf('node dist/compliance/ocr/ocr-process.js 19'), 'reader of words');
  t.equal(roleOf('node dist/scene/drawing/picture-child.js 5'), 'drawing');
  t.equal(roleOf('node dist/speech/espeak/espeak-child.js'), 'voice');
  t.equal(roleOf('sleep 1'), 'other');
  t.end();
});
