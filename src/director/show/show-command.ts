import type { MouthTrack, MuteSpan } from '../../core/speech.js';
import type { TextVerdict } from '../../core/verdict.js';
import type { FrameIndex, SampleIndex } from '../../core/time.js';
import type { Gesture } from '../../config/sections/script.js';
import type { SceneUpdate } from '../../scene/scene-update.js';

/**
 * What the main thread tells the loop about the show. Everything is plain data on shared memory; each
 * is taken in between two ticks and says itself from which frame it holds.
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
