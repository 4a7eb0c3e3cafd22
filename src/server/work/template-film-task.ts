/** A short moving preview of a template: the room itself, rendered offline and made small. */
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { loadRoom } from '../../config/load-room.js';
import type { Orientation } from '../../config/templates/template.js';
import { EngineError } from '../../core/errors.js';
import { silentLog } from '../../core/log.js';
import { runChild } from '../../core/processes/child-process.js';
import { findFfmpeg } from '../../encoder/process/find-ffmpeg.js';
import { renderRoom } from '../../render/render-room.js';
import { newFromTemplate } from '../../templates/new-from-template.js';

export interface TemplateFilmInput {
  readonly name: string;
  readonly orientation: Orientation;
  /** File to write; its folder exists. */
  readonly out: string;
}

/** After the presenter has begun to speak. */
const FROM_S = 0.6;
const TO_S = 4.6;
const FPS = 15;
const SHORT_SIDE_PX = 360;
const CRF = '30';
/** Rooms on air come first. */
const NICE = 15;

export async function templateFilm({ name, orientation, out }: TemplateFilmInput): Promise<void> {
  setPriority(0, NICE);
  const folder = await mkdtemp(join(dirname(out), `.${name}-`));
  try {
    const room = join(folder, 'room');
    await newFromTemplate(room, { template: name, language: 'en', orientation, onRemark: () => undefined });
    const file = join(room, 'room.json');
    const document = JSON.parse(await readFile(file, 'utf8')) as { video: object };
    await writeFile(file, JSON.stringify({ ...document, video: { ...document.video, fps: FPS } }));
    const whole = join(folder, 'whole.mp4');
    await renderRoom(loadRoom(file, { withoutKeys: true, cwd: room }), {
      fromSeconds: FROM_S,
      toSeconds: TO_S,
      out: whole,
      log: silentLog,
      signal: new AbortController().signal,
    });
    const { path } = await findFfmpeg();
    const scale = orientation === 'portrait' ? `scale=${SHORT_SIDE_PX}:-2` : `scale=-2:${SHORT_SIDE_PX}`;
    const small = join(folder, 'small.mp4');
    await new Promise<void>((resolve, reject) => {
      const look = ['-vf', scale, '-c:v', 'libx264', '-preset', 'medium', '-crf', CRF, '-pix_fmt', 'yuv420p'];
      const args = ['-v', 'error', '-y', '-i', whole, '-an', ...look, '-movflags', '+faststart', small];
      runChild(path, args, {}, (error, _stdout, stderr) => {
        if (error === null) resolve();
        else
          reject(
            new EngineError('E_INTERNAL', { where: `preview of ${name}`, found: String(stderr).trim().slice(0, 300) }),
          );
      });
    });
    // Whole or not at all: a page may ask meanwhile.
    await rename(small, out);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
