import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';

const ENCODERS = ' V..... libx264  x\n A..... aac  x\n A..... libopus  x';
const DECODERS = ['h264', 'hevc', 'vp9', 'aac', 'mp3', 'opus', 'vorbis', 'flac']
  .map((name) => ` V....D ${name}  x`)
  .join('\n');

/** A program that answers as that version of ffmpeg. */
const program = (version: string, encoders = ENCODERS, decoders = DECODERS): string =>
  `#!/bin/sh\necho 'ffmpeg version ${version} Copyright' >&2\ncase $1 in -decoders) cat <<'END'\n${decoders}\nEND\n;; *) cat <<'END'\n${encoders}\nEND\nesac\n`;

function folders(t: Test, programs: Readonly<Record<string, string>>): string {
  const dir = t.testdir(Object.fromEntries(Object.entries(programs).map(([name, text]) => [name, { ffmpeg: text }])));
  const paths = Object.keys(programs).map((name) => join(dir, name));
  for (const path of paths) chmodSync(join(path, 'ffmpeg'), 0o755);
  return paths.join(':');
}

t.test('takes the newest program on PATH, and the packaged one of 2018 only where none there will do', async (t) => {
  const PATH = folders(t, { old: program('4.4.2'), new: program('7.1.1'), bare: program('8.0', ' A..... aac  x') });
  t.match(await findFfmpeg({ env: { PATH } }), { major: 7, source: 'path', path: /new\/ffmpeg$/ });
  t.match(await findFfmpeg({ env: { PATH: folders(t, { bare: program('8.0', '') }) } }), { source: 'package' });
  const newer = { old: program('4.4.2'), bare: program('9.0', '', ' V....D vp9  x'), decodes: program('8.0', '') };
  const found = await findFfmpeg({ env: { PATH: folders(t, newer) } });
  t.match(found, { major: 4, decoder: { major: 8, path: /decodes\/ffmpeg$/ } }, 'strangers’ files go to the newest');
  const alone = await findFfmpeg({ env: { PATH: folders(t, { decodes: newer.decodes }) } });
  t.match(alone, { source: 'package', decoder: { version: '8.0' } }, 'and not to the packaged one of 2018');
  const named = { PATH: folders(t, newer), ENGINE_FFMPEG: folders(t, { named: program('5.1') }) + '/ffmpeg' };
  t.match(await findFfmpeg({ env: named }), { major: 5, decoder: { version: '5.1' } }, 'a named one does everything');
  await t.rejects(findFfmpeg({ env: { PATH, ENGINE_FFMPEG: '/nonexistent' } }), { code: 'E_FFMPEG_MISSING' });
});
