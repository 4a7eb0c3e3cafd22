import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { templatePath } from '../../src/core/paths.js';
import { ffmpeg, tool } from '../on-air/kit.js';
import { runEngine } from './run-engine.js';

const minimal = templatePath('rooms', 'minimal', 'room.json');

t.test('render writes PNG frames, and one MP4 with picture and sound', async (t) => {
  const dir = t.testdir();
  const frames = await runEngine([
    'render',
    '--room',
    minimal,
    '--from',
    '1',
    '--to',
    '1.2',
    '--out',
    join(dir, 'frames'),
  ]);
  t.equal(frames.code, 0, frames.stderr);
  t.equal(readdirSync(join(dir, 'frames')).length, 6);
  const first = JSON.parse(frames.stdout);
  const again = await runEngine([
    'render',
    '--room',
    minimal,
    '--from',
    '1',
    '--to',
    '1.2',
    '--out',
    join(dir, 'again'),
  ]);
  t.equal(JSON.parse(again.stdout).videoSha256, first.videoSha256, 'the same seed gives the same frames');
  t.equal(JSON.parse(again.stdout).audioSha256, first.audioSha256, 'and the same sound');
  const twin = await runEngine(
    ['render', '--room', minimal, '--from', '1', '--to', '1.2', '--out', join(dir, 'twin')],
    {
      SHOWROOM_KERNELS: 'twin',
    },
  );
  t.equal(JSON.parse(twin.stdout).videoSha256, first.videoSha256, 'native and twin draw the same bytes');
  const seeded = await runEngine([
    'render',
    '--room',
    minimal,
    '--from',
    '1',
    '--to',
    '4',
    '--out',
    join(dir, 'seeded.mp4'),
    '--seed',
    '7',
  ]);
  t.equal(seeded.code, 0, seeded.stderr);
  const { stderr } = await tool(ffmpeg, ['-hide_banner', '-i', join(dir, 'seeded.mp4')]);
  t.match(stderr, /Duration: 00:00:03\.0/);
  t.match(stderr, /Video: h264/);
  t.match(stderr, /Audio: aac/);
});
