import type { Acting, MouthTrack, MuteSpan } from '../core/speech.js';
import type { TextVerdict } from '../core/verdict.js';
import { type FrameIndex, type SampleIndex, millisecondsToFrames, type FrameRate } from '../core/time.js';
import type { Gesture } from '../config/sections/script.js';
import type { SpeakerRole } from './agenda/agenda-line.js';
import type { SceneUpdate } from '../scene/scene-update.js';
import type { Layer } from '../config/sections/layer.js';

/**
 * Commands from the main thread to the loop about the show: plain data on shared memory. The loop takes each between
 * two ticks; each names its first frame.
 */
export type ShowCommand =
  | { readonly type: 'scene'; readonly update: SceneUpdate }
  | {
      readonly type: 'speak';
      readonly id: string;
      readonly startFrame: FrameIndex;
      readonly startSample: SampleIndex;
      readonly pcm: Float32Array<SharedArrayBuffer>;
      readonly loudnessLufs: number;
      readonly mutes: readonly MuteSpan[];
      readonly tone: boolean;
      readonly verdict: TextVerdict['verdict'];
      readonly mouth: MouthTrack;
      readonly acting?: Acting;
      /** Whose mouth moves; default: the host's. */
      readonly role?: SpeakerRole;
    }
  /**
   * Ends a line: its sound fades from a sample on, its mouth shuts at a frame. A line that has not begun by then is never
   * heard or seen, and neither is its gesture.
   */
  | {
      readonly type: 'cut';
      readonly id: string;
      /** First frame of the line as it was sent. */
      readonly startFrame: FrameIndex;
      readonly atFrame: FrameIndex;
      readonly atSample: SampleIndex;
      readonly fadeSamples: number;
    }
  /** A comment comes on the picture: whoever does not speak reads it and listens. */
  | { readonly type: 'listen'; readonly atFrame: FrameIndex; readonly frames: number }
  | {
      readonly type: 'gesture';
      readonly atFrame: FrameIndex;
      readonly gesture: Gesture;
      readonly role?: SpeakerRole;
    };

/** How long somebody listens to a comment: the time of reading it. */
const LISTEN_MS = 2600;

/** People on stage who do not speak listen while a viewer's comment comes on the picture; undefined for other layers. */
export const listenTo = (
  { type }: Pick<Layer, 'type'>,
  atFrame: FrameIndex,
  rate: FrameRate,
): Extract<ShowCommand, { type: 'listen' }> | undefined =>
  type === 'question' ? { type: 'listen', atFrame, frames: millisecondsToFrames(LISTEN_MS, rate) } : undefined;
