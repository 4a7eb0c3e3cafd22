import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';

const ENCODERS = ' V..... libx264  x\n A..... aac  x\n A..... libopus  x';

/** A program that answers as that version of ffmpeg. */
const program = (version: string, encoders = ENCODERS): string =>
  `#!/bin/sh\necho 'ffmpeg version ${version} Copyright' >&2\ncat <<'END'\n${encoders}\nEND\n`;

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
  await t.rejects(findFfmpeg({ env: { PATH, ENGINE_FFMPEG: '/nonexistent' } }), { code: 'E_FFMPEG_MISSING' });
});
