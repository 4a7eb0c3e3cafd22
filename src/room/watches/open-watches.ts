import { frameIndex } from '../../core/time.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { SceneCompiler } from '../../scene/scene-compiler.js';
import { ComposedWords, type PresenterOnStage } from '../../admission/composed-words.js';
import type { Admission } from '../../admission/admission.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { LoopClient } from '../../loop/loop-client.js';
import { RoomWatch } from './room-watch.js';
import { PictureSampler, type WordsWatchOptions } from './picture-sampler.js';
import { LearnedDetector } from '../../codescan/admission/index.js';
import type { Closeable } from '../../core/closeable.js';
import type { FrameVerdict } from '../../core/verdict.js';

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

export interface SecondOpinionOptions extends Omit<WordsWatchOptions, 'what' | 'ownTexts' | 'read'> {
  /** Replaces the learned detector in tests. */
  readonly detector?: Closeable & Pick<LearnedDetector, 'scan'>;
}

/** The detector's thread and its 100 MB are released after this time without work. */
const IDLE_MS = 5000;

/**
 * Runs the learned detector on the picture on air, regularly.
 *
 * Problem: it detects a few codes that the gate's readers miss, but takes 100 ms, too long for each frame.
 * Rule: it gets the whole picture at an interval and after layer changes, in a low-priority thread. A code it decodes
 * brings up the slate until a later scan is clean. It reports no position, so it cannot blur.
 */
export class SecondOpinion implements Closeable {
  private readonly watch: PictureSampler;
  private readonly detector: Closeable & Pick<LearnedDetector, 'scan'>;

  constructor({ detector, ...options }: SecondOpinionOptions) {
    this.detector = detector ?? new LearnedDetector({ log: options.log, idleMs: IDLE_MS, gentle: true });
    const read = ({
      rgba,
      width,
      height,
    }: {
      rgba: Uint8Array;
      width: number;
      height: number;
    }): Promise<FrameVerdict> => this.detector.scan(rgba, width, height, 'the picture on air');
    this.watch = new PictureSampler({ ...options, what: 'codes', ownTexts: () => [], read });
  }

  /** The slate is up for a code. */
  get holding(): boolean {
    return this.watch.holding;
  }

  /** Layers were added or removed. */
  changed(): void {
    this.watch.changed();
  }

  /** Scans once. Never rejects. */
  sample(): Promise<void> {
    return this.watch.sample();
  }

  async close(): Promise<void> {
    // Closed first: it ends a scan that waits for it.
    await this.detector.close();
    await this.watch.close();
  }
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
