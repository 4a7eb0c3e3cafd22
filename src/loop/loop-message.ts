import type { Audio } from '../config/sections/audio.js';
import type { PresenterData } from '../avatar/presenter-data.js';
import type { OnCode } from '../compliance/gate/replacement.js';
import type { GateEvent } from '../compliance/gate/gate-event.js';
import type { WatchEvent } from '../compliance/watch/watch-event.js';
import type { ScanHandle } from '../codescan/index.js';
import type { EncoderLink } from '../encoder/process/encoder-link.js';
import type { FrameIndex, FrameRate } from '../core/time.js';
import type { Box, HoldCause } from '../core/verdict.js';
import type { PictureWatchThresholds, SoundWatchThresholds } from '../config/sections/compliance.js';
import type { ExternalSlots } from '../external-avatar/picture/external-ring.js';
import type { SceneUpdate } from '../scene/scene-update.js';
import type { LoopBoardBuffers } from './loop-board.js';
import type { ShowCommand } from '../show/show-command.js';

/** Everything the loop's thread starts with. */
export interface LoopInit {
  readonly width: number;
  readonly height: number;
  readonly rate: FrameRate;
  readonly seed: number;
  readonly scene: SceneUpdate;
  readonly presenter: PresenterData;
  /** A presenter whose pictures come from another engine; undefined offline. */
  readonly external?:
    | { readonly slots: ExternalSlots; readonly standInMs: number; readonly standIn: boolean }
    | undefined;
  /** The second person on stage. */
  readonly assistant?: PresenterData | undefined;
  /** Side of the product, for glances. */
  readonly productSide?: 0 | 1 | 2;
  readonly audio: Audio;
  readonly music: { readonly pcm: Int16Array<SharedArrayBuffer>; readonly loudnessLufs: number } | undefined;
  readonly slate: Uint8Array<SharedArrayBuffer>;
  readonly lookAheadFrames: number;
  /** Frames between drawing and release, when more than the look-ahead. */
  readonly windowFrames?: number;
  /** Frames that the encoder takes before its first packet. */
  readonly encoderFrames?: number;
  readonly onCode: OnCode;
  readonly minimumHoldMs: number;
  readonly scan: ScanHandle;
  /** Withheld frames are handed out as evidence. */
  readonly keepsPictures: boolean;
  /** Undefined offline: nothing is watched. */
  readonly watch?: {
    readonly presenterBox: Box;
    readonly picture: PictureWatchThresholds;
    readonly sound: SoundWatchThresholds;
  };
  readonly board: LoopBoardBuffers;
}

/** Main thread → loop. */
export type LoopRequest =
  | ShowCommand
  | { readonly type: 'encoder'; readonly link: EncoderLink }
  /** The clock starts: slot 0 is due now. */
  | { readonly type: 'go' }
  | {
      readonly type: 'operate';
      readonly muted: boolean;
      readonly blanked: boolean;
      readonly risk: boolean;
      /** Another cause that needs the slate. */
      readonly hold?: HoldCause | undefined;
    }
  /** Music, gain or ducking changes; without `music` the track stays, null ends it. */
  | {
      readonly type: 'audio';
      readonly audio: Audio;
      readonly music?: { readonly pcm: Int16Array<SharedArrayBuffer>; readonly loudnessLufs: number } | null;
    }
  /** Another presenter from a frame on; its bitmaps came with a scene update before. */
  | {
      readonly type: 'presenter';
      /** Who is replaced; default: the host. */
      readonly role?: 'host' | 'assistant';
      readonly presenter: PresenterData;
      readonly atFrame: FrameIndex;
      /** Frames over which the old picture turns into the new one; 0 is a cut. */
      readonly fadeFrames: number;
    }
  /** Answered by `dumped`. */
  | { readonly type: 'dump' }
  | { readonly type: 'still' }
  /** Answered by `canvas`: the picture as it is drawn. */
  | { readonly type: 'canvas' }
  | { readonly type: 'stop' };

/** Loop → main thread; no report is sent per frame. */
export type LoopReport =
  | { readonly type: 'ready' }
  /** `picture`: the withheld frame (I420), at most one a second. */
  | { readonly type: 'gate'; readonly event: GateEvent; readonly picture?: Uint8Array }
  | { readonly type: 'watch'; readonly event: WatchEvent }
  | { readonly type: 'dumped'; readonly fromFrame: FrameIndex; readonly frames: number }
  | { readonly type: 'still'; readonly picture: Uint8Array }
  | { readonly type: 'canvas'; readonly picture: Uint8Array }
  | { readonly type: 'stopped' };
