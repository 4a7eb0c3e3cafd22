import type { MouthTrack, MuteSpan } from '../../core/speech.js';
import type { TextVerdict } from '../../core/verdict.js';
import type { FrameIndex, SampleIndex } from '../../core/time.js';
import type { Gesture } from '../../config/sections/script.js';
import type { SceneUpdate } from '../../scene/scene-update.js';

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
    }
  | { readonly type: 'gesture'; readonly atFrame: FrameIndex; readonly gesture: Gesture };
