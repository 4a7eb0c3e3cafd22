import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRoom } from '../../../../src/config/load-room.js';
import { createLog } from '../../../../src/core/log.js';
import { renderRoom } from '../../../../src/render/render-room.js';

const FPS = 10;

/** Renders the frame of a room at a second of the show, as a viewer would see it; returns the PNG's path to `use`. */
export async function oneFrame<T>(roomFile: string, second: number, use: (png: string) => Promise<T>): Promise<T> {
  const loaded = loadRoom(roomFile);
  // A still needs few frames before it, and pictures of the project's own need no reader.
  const room = {
    ...loaded,
    rate: { num: FPS, den: 1 },
    compliance: { ...loaded.compliance, ocr: { ...loaded.compliance.ocr, pictures: 'never' as const } },
  };
  const out = mkdtempSync(join(tmpdir(), 'frame-'));
  try {
    await renderRoom(room, {
      fromSeconds: second,
      toSeconds: second + room.rate.den / room.rate.num,
      out,
      log: createLog('error'),
      signal: new AbortController().signal,
      fastStart: true,
    });
    const png = readdirSync(out).find((name) => name.endsWith('.png'));
    if (png === undefined) throw new Error(`no frame at ${second} s of ${roomFile}`);
    return await use(join(out, png));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
