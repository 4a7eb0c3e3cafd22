/** Judges a file that somebody has uploaded, as it will be judged when it is put on a picture. */
import { extname } from 'node:path';
import type { RoomConfig } from '../../config/room-config.js';
import { Admission } from '../../admission/admission.js';
import { loadMusic } from '../../audio/load-music.js';
import { ownWords, ruleActions } from '../../admission/texts/room-rule-actions.js';
import { CloseStack } from '../../core/close-stack.js';
import { EngineError } from '../../core/errors.js';
import { silentLog, type Log } from '../../core/log.js';
import { findFfmpeg } from '../../encoder/process/find-ffmpeg.js';
import { TextJudge } from '../../moderation/index.js';
import { loadKernels } from '../../native/load-kernels.js';
import { ClipStore } from '../../scene/clips/clip-store.js';
import { sniffClip } from '../../scene/clips/probe-clip.js';
import { PictureProcess } from '../../scene/drawing/picture-process.js';
import { PictureStore } from '../../scene/picture-store.js';
import { clipDeps } from '../../stage/room-assets.js';

export type MediumKind = 'picture' | 'clip' | 'sound';
type OnProgress = (done: number, of: number, what: string) => void;

/** Judges a picture or every frame of a clip, at the size of the whole picture. Throws the refusal. */
export async function admitMedium(room: RoomConfig, file: string, onProgress: OnProgress): Promise<MediumKind> {
  const stack = new CloseStack(silentLog);
  const stop = new AbortController();
  try {
    const kernels = loadKernels();
    const log = reporting(onProgress);
    const own = ownWords(room);
    const judge = new TextJudge({ actions: ruleActions(room, silentLog), ...(own === undefined ? {} : { own }) });
    const admission = stack.add(new Admission({ kernels, log, judge, room, ledger: () => undefined }));
    admission.readsText = room.compliance.ocr.pictures !== 'never';
    const { width, height } = room.video;
    const where = 'the file';
    const request = { src: file, where, width: undefined, height: undefined, maxWidth: width, maxHeight: height };
    const shown = { ...request, fit: 'contain', radius: 0 } as const;
    if ((await sniffClip(file, where)) !== undefined) {
      const deps = clipDeps({ ffmpeg: await findFfmpeg(), log, signal: stop.signal }, admission);
      await new ClipStore(kernels, room.rate, deps).load(shown);
      return 'clip';
    }
    onProgress(0, 1, 'scanning the picture');
    const drawing = stack.add(new PictureProcess({ log: silentLog, gentle: true }));
    await new PictureStore(drawing.draw, admission.admit).load(shown);
    return 'picture';
  } finally {
    stop.abort();
    await stack.close();
  }
}

/** Reads a track to its end. */
export async function admitMusic(file: string): Promise<MediumKind> {
  const { decoder } = await findFfmpeg();
  await loadMusic(file, { ffmpegPath: decoder.path, signal: new AbortController().signal });
  return 'sound';
}

/** A film of a person is judged when a presenter is made from it. */
export async function admitFilm(file: string): Promise<MediumKind> {
  if ((await sniffClip(file, 'the film')) !== undefined) return 'clip';
  throw new EngineError('E_ASSET_INVALID', {
    where: 'the film',
    expected: 'a clip: MP4, MOV, WebM or MKV',
    found: extname(file) === '' ? 'a file of another kind' : `a ${extname(file).slice(1)} file of another kind`,
  });
}

/** The admission reports in its log how far it is. */
function reporting(onProgress: OnProgress): Log {
  const info = (fields: unknown, what?: string): void => {
    const { done, of } = (fields ?? {}) as { done?: unknown; of?: unknown };
    if (typeof done === 'number' && typeof of === 'number') onProgress(done, of, what ?? '');
  };
  const log: Log = Object.assign(Object.create(silentLog) as Log, { info, child: () => log });
  return log;
}
