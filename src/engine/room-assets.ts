import { loadMusic } from '../audio/load-music.js';
import { loadPresenter } from '../avatar/load-presenter.js';
import type { PresenterData } from '../avatar/presenter-data.js';
import { AdmissionScanner } from '../compliance/frame/admission-scanner.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import type { LedgerEntry } from '../core/verdict.js';
import type { FfmpegInfo } from '../encoder/find-ffmpeg.js';
import { SceneCompiler, type SceneDeps } from '../scene/scene-compiler.js';
import type { SceneUpdate } from '../scene/scene-update.js';
import { slateText } from './slate-text.js';

export interface RoomAssets {
  readonly scene: SceneCompiler;
  readonly opening: SceneUpdate;
  readonly slate: Uint8Array<SharedArrayBuffer>;
  readonly presenter: PresenterData;
  readonly music: { readonly pcm: Int16Array<SharedArrayBuffer>; readonly loudnessLufs: number } | undefined;
}

export interface AssetDeps {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly ffmpeg: FfmpegInfo;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The hard scan of every picture before it becomes a layer, with its decision in the ledger. */
export class Admission implements Closeable {
  private readonly scanner: AdmissionScanner;

  constructor(
    log: Log,
    private readonly ledger: (entry: LedgerEntry) => void,
  ) {
    this.scanner = new AdmissionScanner({ log });
  }

  readonly admit: SceneDeps['admit'] = async ({ where, rgba, width, height }) => {
    const { verdict, hits } = await this.scanner.scan(rgba, width, height);
    if (verdict === 'clean') return;
    const hit = hits[0];
    const rule = hit?.rule ?? '3.3';
    this.ledger({
      kind: 'admission',
      rule,
      surface: 'frame',
      action: verdict === 'violation' ? 'refuse' : 'review',
      evidence: (hit?.text ?? hit?.kind ?? '').slice(0, 200),
      detail: { where, kind: hit?.kind ?? 'unknown' },
    });
    if (verdict === 'review') return;
    throw new EngineError('E_ASSET_REFUSED', {
      where,
      expected: 'a picture that may be shown',
      found:
        hit === undefined
          ? 'something forbidden'
          : `${hit.kind}${hit.text === undefined ? '' : ` "${hit.text.slice(0, 60)}"`} (rule ${rule})`,
      todo: 'remove it from the picture',
      details: { hits },
    });
  };

  close(): Promise<void> {
    return this.scanner.close();
  }
}

/** Loads everything a room shows and plays. All faults are EngineErrors that name the layer and file. */
export async function loadRoomAssets(deps: AssetDeps, admission: Admission): Promise<RoomAssets> {
  const { room, kernels, ffmpeg, log, signal } = deps;
  const scene = new SceneCompiler(room, { kernels, log, admit: admission.admit });
  const [opening, slate, presenter, music] = await Promise.all([
    scene.open(),
    scene.slate(room.compliance.slateText ?? slateText(room.language)),
    loadPresenter(room.presenter.pack, { box: scene.presenterBox(), kernels, log }),
    room.audio.music === undefined ? undefined : loadMusic(room.audio.music.src, { ffmpegPath: ffmpeg.path, signal }),
  ]);
  return { scene, opening, slate, presenter, music };
}
