import t from 'tap';
import { encoder } from '../../src/config/sections/encoder.js';
import { x264Args } from '../../src/encoder/x264-ladder.js';

const RATE = { num: 30, den: 1 };
const value = (args: readonly string[], name: string): string | undefined =>
  args.includes(name) ? args[args.indexOf(name) + 1] : undefined;

t.test('keeps a quality below the bitrate by default', async (t) => {
  const args = x264Args(encoder.parse({ videoKbps: 1800 }), RATE, 7);
  t.match(value(args, '-crf'), /^\d+$/);
  t.equal(value(args, '-maxrate'), '1800k');
  t.equal(value(args, '-b:v'), undefined);
});

t.test('spends a constant rate where it is asked for', async (t) => {
  const args = x264Args(encoder.parse({ videoKbps: 1800, rateControl: 'cbr' }), RATE, 7);
  t.equal(value(args, '-b:v'), '1800k');
  t.equal(value(args, '-crf'), undefined);
});

t.test('takes the cheaper entropy coding of the ffmpeg that is there', async (t) => {
  const coded = (major: number, settings: object = {}): string =>
    value(x264Args(encoder.parse({ videoKbps: 1800, ...settings }), RATE, major), '-x264-params') ?? '';
  t.match(coded(4), /:cabac=1:/, 'the x264 of 2018');
  t.notMatch(coded(5), /cabac=1/);
  t.notMatch(coded(7), /cabac=1/);
  // The last one counts: constrained baseline has no CABAC.
  t.match(coded(4, { latency: 'low' }), /cabac=1.*cabac=0/);
});
