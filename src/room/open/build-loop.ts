import type { FrameScanner } from '../../codescan/index.js';
import type { RoomConfig } from '../../config/room-config.js';
import { framesHeld } from '../../encoder/x264-ladder.js';
import type { LoopClient } from '../../loop/loop-client.js';
import type { LoopInit } from '../../loop/loop-message.js';
import type { codeAction } from '../../admission/texts/room-rule-actions.js';
import type { RoomAssets } from '../../stage/room-assets.js';
import { soundThresholds } from '../watches/room-watch.js';
import { presenterBox, productSide } from '../../scene/stage-boxes.js';

export interface BuildLoopOptions {
  readonly room: RoomConfig;
  readonly assets: RoomAssets;
  readonly scan: FrameScanner['handle'];
  readonly onCode: ReturnType<typeof codeAction>['onCode'];
  /** A presenter whose pictures come from another engine. */
  readonly external?: LoopInit['external'];
  /** Frames between drawing and release. */
  readonly windowFrames: number;
}

/** Builds the room in the loop's thread; resolves when it is ready. The clock does not run yet. */
export function buildLoop(
  loop: LoopClient,
  { room, assets, scan, onCode, windowFrames, external }: BuildLoopOptions,
): Promise<void> {
  const { width, height } = room.video;
  const { lookAheadFrames, minimumHoldMs, evidence, watch } = room.compliance;
  const { opening, presenter, assistant, music, slate } = assets;
  return loop.build({
    width,
    height,
    rate: room.rate,
    seed: room.seed,
    scene: opening,
    presenter,
    external,
    assistant,
    productSide: productSide(room),
    audio: room.audio,
    music,
    slate,
    lookAheadFrames,
    windowFrames,
    encoderFrames: framesHeld(room.encoder),
    onCode,
    minimumHoldMs,
    scan,
    keepsPictures: evidence.pictures && evidence.maxMb > 0,
    watch: { presenterBox: presenterBox(room), picture: watch.picture, sound: soundThresholds(room) },
  });
}
