import { frameIndex } from '../../core/time.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { SceneCompiler } from '../../scene/scene-compiler.js';
import { ComposedWords, type PresenterOnStage } from '../../admission/composed-words.js';
import type { Admission } from '../../admission/admission.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { LoopClient } from '../../loop/loop-client.js';
import { RoomWatch } from './room-watch.js';
import { SecondOpinion } from './learned-sampler.js';
import { PictureSampler, type WordsWatchOptions } from './picture-sampler.js';

export interface OpenWatchesOptions extends Pick<
  WordsWatchOptions,
  'kernels' | 'actions' | 'evidence' | 'note' | 'onHold' | 'onStop' | 'log'
> {
  readonly room: RoomConfig;
  readonly loop: LoopClient;
  readonly scene: SceneCompiler;
  readonly admission: Admission;
  readonly presenter: () => PresenterOnStage;
}

/** The watches that sample the show. */
export interface Watches {
  readonly words: PictureSampler;
  readonly secondOpinion: SecondOpinion;
  readonly watch: RoomWatch;
}

/** Starts the watches of the pictures on air that take too long to run on each frame. */
export function openWatches(
  { room, loop, scene, admission, presenter, ...told }: OpenWatchesOptions,
  stack: CloseStack,
): Watches {
  const { width, height } = room.video;
  const { ocr, secondOpinion, watch } = room.compliance;
  const { note, log, actions, onStop } = told;
  const frame = () => frameIndex(loop.board.get('frame'));
  const sampled = { ...told, width, height, canvas: () => loop.canvas(), frame };
  const { onAir, everySeconds } = secondOpinion;
  return {
    words: stack.add(
      new PictureSampler({
        ...sampled,
        enabled: () => admission.willRead,
        everySeconds: ocr.everySeconds,
        ownTexts: () => scene.textBoxes(),
        read: (picture) => admission.wordsOnAir(picture),
        earlier: new ComposedWords({
          admission,
          // Live video has other words at any time.
          still: () => ((room.presenter.source ?? 'pack') === 'pack' ? scene.still() : undefined),
          presenter,
          frame,
        }),
      }),
    ),
    secondOpinion: stack.add(
      new SecondOpinion({ ...sampled, enabled: () => onAir, everySeconds: onAir ? everySeconds : 0 }),
    ),
    watch: stack.add(
      new RoomWatch({
        note,
        log,
        actions,
        onStop,
        width,
        height,
        thresholds: watch.duplicates,
        still: () => loop.still(),
        frame,
      }),
    ),
  };
}
