import { spawnSync } from 'node:child_process';

/** The reason why a test that needs ffprobe is skipped here; false where there is one. */
export const noFfprobe =
  spawnSync('ffprobe', ['-version'], { stdio: 'ignore' }).status === 0 ? false : 'ffprobe is not installed';
