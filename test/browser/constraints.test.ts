import t from 'tap';
import { settleAudio, settleVideo, type ConstraintSet } from '../../src/browser/constraints.js';
import { fromLegacy, isForeign } from '../../src/browser/install-camera.js';

const room = { frameRate: 30, deviceId: 'cam', groupId: 'group' };
const landscape = { ...room, width: 1280, height: 720 };
const portrait = { ...room, width: 720, height: 1280 };

/** `1280x720@30`, or the constraint that cannot be met. */
function settled(set: ConstraintSet, limits = landscape): string {
  const result = settleVideo(set, limits);
  if (!result.ok) return result.constraint;
  const { width, height, frameRate, resizeMode } = result.settings;
  return `${width}x${height}@${frameRate}${resizeMode === 'none' ? '' : ' scaled'}`;
}

t.test('without conditions a page gets the room as it is', async (t) => {
  for (const set of [{}, { width: 1920, height: 1080 }, { frameRate: 60 }, { facingMode: 'environment' }, { foo: 1 }]) {
    t.equal(settled(set), '1280x720@30', JSON.stringify(set));
  }
  t.equal(settled({ width: { ideal: 1280 }, height: { ideal: 720 } }, portrait), '720x1280@30');
});

t.test('wishes choose the smallest size in the room’s shape that covers them', async (t) => {
  t.equal(settled({ width: 640 }), '640x360@30 scaled');
  t.equal(settled({ width: 640, height: 480 }), '854x480@30 scaled');
  t.equal(settled({ height: { ideal: 240 }, frameRate: { ideal: 15 } }), '426x240@15 scaled');
  t.equal(settled({ width: 360 }, portrait), '360x640@30 scaled');
});

t.test('conditions hold, and both sides may be set', async (t) => {
  t.equal(settled({ width: { exact: 640 } }), '640x360@30 scaled');
  t.equal(settled({ width: { exact: 640 }, height: { exact: 480 } }), '640x480@30 scaled');
  t.equal(settled({ width: { max: 960 }, frameRate: { max: 24 } }), '960x540@24 scaled');
  t.equal(settled({ width: { min: 800, ideal: 640 } }), '800x450@30 scaled');
  t.equal(settled({ aspectRatio: { exact: 1 } }), '720x720@30 scaled');
  t.equal(settled({ width: { exact: 333 } }), '333x188@30 scaled', 'odd when it is asked for');
  t.equal(settled({ resizeMode: { exact: 'none' } }), '1280x720@30');
});

t.test('the condition that cannot be met is named', async (t) => {
  const cases: [ConstraintSet, string][] = [
    [{ width: { exact: 1281 } }, 'width'],
    [{ height: { min: 721 } }, 'height'],
    [{ width: { min: 500, max: 400 } }, 'width'],
    [{ frameRate: { min: 31 } }, 'frameRate'],
    [{ frameRate: { max: 0.5 } }, 'frameRate'],
    [{ facingMode: { exact: 'environment' } }, 'facingMode'],
    [{ deviceId: { exact: ['a', 'b'] } }, 'deviceId'],
    [{ groupId: { exact: 'a' } }, 'groupId'],
    [{ resizeMode: { exact: 'none' }, width: { exact: 640 } }, 'width'],
    [{ width: { exact: 640 }, height: { exact: 360 }, aspectRatio: { exact: 1 } }, 'aspectRatio'],
    [{ zoom: { exact: 2 } }, 'zoom'],
  ];
  for (const [set, constraint] of cases) t.equal(settled(set), constraint, JSON.stringify(set));
  t.equal(settled({ deviceId: { exact: ['a', 'cam'] }, facingMode: { exact: ['user'] } }), '1280x720@30');
});

t.test('of advanced sets those that can be met are, in their order', async (t) => {
  t.equal(settled({ advanced: [{ width: 4000 }, { width: 640 }, { width: 320 }] }), '640x360@30 scaled');
  t.equal(settled({ width: { exact: 320 }, advanced: [{ width: 640 }, { frameRate: 10 }] }), '320x180@10 scaled');
});

t.test('the microphone is stereo at 48 kHz, or mono for who wants it', async (t) => {
  const ids = { deviceId: 'mic', groupId: 'group' };
  t.match(settleAudio({}, ids), {
    ok: true,
    settings: { channelCount: 2, echoCancellation: true, sampleRate: 48_000 },
  });
  t.match(settleAudio({ channelCount: { exact: 1 }, echoCancellation: false }, ids), {
    settings: { channelCount: 1, echoCancellation: false, noiseSuppression: true },
  });
  t.match(settleAudio({ sampleRate: 44_100 }, ids), { ok: true }, 'a wish');
  t.same(settleAudio({ sampleRate: { exact: 44_100 } }, ids), { ok: false, constraint: 'sampleRate' });
  t.same(settleAudio({ channelCount: { min: 6 } }, ids), { ok: false, constraint: 'channelCount' });
});

t.test('constraints of old pages are read, and screens left to the browser', async (t) => {
  const old = { mandatory: { minWidth: 640, maxWidth: 640, maxFrameRate: 15 }, optional: [{ sourceId: 'cam' }] };
  t.same(fromLegacy(old), { width: { min: 640, max: 640 }, frameRate: { max: 15 }, deviceId: { ideal: 'cam' } });
  t.equal(settled(fromLegacy(old)), '640x360@15 scaled');
  t.notOk(isForeign(old));
  t.ok(isForeign({ mandatory: { chromeMediaSource: 'desktop' } }));
  t.notOk(isForeign(true));
});
