import type { Test } from 'tap';
import { loadPresenter } from '../../src/avatar/load-presenter.js';
import type { PresenterData } from '../../src/avatar/presenter-data.js';
import type { PresenterRuntime } from '../../src/avatar/presenter-runtime.js';
import { silentLog } from '../../src/core/log.js';
import { templatePath } from '../../src/core/files/paths.js';
import { DRAW_STRIDE, DrawList } from '../../src/core/media/picture.js';
import { VISEMES, type MouthTrack } from '../../src/core/speech.js';
import { frameIndex, type FrameRate } from '../../src/core/time.js';
import { twinKernels } from '../../src/native/twin/twin-kernels.js';

export const rate: FrameRate = { num: 30, den: 1 };
export const kernels = twinKernels();
export const box = { x: 40, y: 20, width: 240, height: 300 };

/** Loads presenters of the house, drawn once in the test's own folder. */
export function loader(t: Test): (name: string, at?: typeof box) => Promise<PresenterData> {
  const cacheDir = t.testdir();
  return (name, at = box) =>
    loadPresenter(templatePath('presenters', name), { box: at, kernels, log: silentLog, cacheDir });
}

export const frame = (runtime: PresenterRuntime, n: number): number[] => {
  const list = new DrawList();
  runtime.paint(frameIndex(n), list);
  return [...list.items.subarray(0, list.count * DRAW_STRIDE)];
};
export const steady = (viseme: string, frames: number, openness = 255): MouthTrack => ({
  viseme: new Uint8Array(frames).fill(VISEMES.indexOf(viseme as 'aa')),
  openness: new Uint8Array(frames).fill(openness),
});
/** A scene with every kind of event. */
export const script = (r: PresenterRuntime): PresenterRuntime => {
  r.speak(frameIndex(20), steady('aa', 60));
  r.speak(frameIndex(120), steady('PP', 30, 0));
  r.gesture(frameIndex(30), 'wave');
  r.gesture(frameIndex(200), 'nod');
  return r;
};
