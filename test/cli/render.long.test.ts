import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { templatePath } from '../../src/core/files/paths.js';
import { ffmpeg, tool } from '../kit/on-air.js';
import { until } from '../encoder/synthetic-room.js';
import { runEngine, startEngine } from './run-engine.js';

const minimal = templatePath('rooms', 'minimal', 'room.json');

/** `engine render` of the minimal room; returns its report. */
async function render(
  t: Test,
  [from, to]: readonly [string, string],
  out: string,
  more: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<{ videoSha256: string; audioSha256: string }> {
  const args = ['render', '--room', minimal, '--from', from, '--to', to, '--out', out, ...more];
  const { code, stdout, stderr } = await runEngine(args, env);
  t.equal(code, 0, stderr);
  return JSON.parse(stdout) as { videoSha256: string; audioSha256: string };
}

t.test('writes PNG frames, and one MP4 with picture and sound', async (t) => {
  const dir = t.testdir();
  const span = ['1', '1.2'] as const;
  const first = await render(t, span, join(dir, 'frames'));
  t.equal(readdirSync(join(dir, 'frames')).length, 6);
  const again = await render(t, span, join(dir, 'again'));
  t.equal(again.videoSha256, first.videoSha256, 'the same seed gives the same frames');
  t.equal(again.audioSha256, first.audioSha256, 'and the same sound');
  const twin = await render(t, span, join(dir, 'twin'), [], { SHOWROOM_KERNELS: 'twin' });
  t.equal(twin.videoSha256, first.videoSha256, 'native kernels and their twins draw the same bytes');
  await render(t, ['1', '4'], join(dir, 'seeded.mp4'), ['--seed', '7']);
  const { stderr } = await tool(ffmpeg, ['-hide_banner', '-i', join(dir, 'seeded.mp4')]);
  t.match(stderr, /Duration: 00:00:03\.0/);
  t.match(stderr, /Video: h264/);
  t.match(stderr, /Audio: aac/);
  const probe = ['-v', 'error', '-show_entries', 'stream=start_time', '-of', 'csv=p=0', join(dir, 'seeded.mp4')];
  const { stdout } = await tool('ffprobe', probe);
  t.same(String(stdout).trim().split('\n').map(Number), [0, 0], 'picture and sound start together');
});

t.test('leaves no partial film after Ctrl-C, and keeps the previous one', async (t) => {
  const dir = t.testdir({ 'preview.mp4': 'previous' });
  const out = join(dir, 'preview.mp4');
  const engine = startEngine(['render', '--room', minimal, '--to', '600', '--out', out]);
  t.ok(await until(() => existsSync(`${out}.part`), 60_000), 'writing has begun');
  engine.child.kill('SIGINT');
  const { code, stderr } = await engine.ended;
  t.equal(code, 130, stderr);
  t.match(stderr, 'engine: stopped before it was done');
  t.same(readdirSync(dir), ['preview.mp4']);
  t.equal(readFileSync(out, 'utf8'), 'previous');
});
