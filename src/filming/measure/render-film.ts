import { FilmReader } from '../../avatar/filmed/film-data.js';
import { loadPresenter } from '../../avatar/load-presenter.js';
import type { PresenterData } from '../../avatar/presenter-data.js';
import { PresenterRuntime } from '../../avatar/presenter-runtime.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import { BitmapTable, DrawList, i420Size, RectList } from '../../core/media/picture.js';
import type { MouthTrack } from '../../core/speech.js';
import { frameIndex, type FrameRate } from '../../core/time.js';
import type { Rgb } from '../footage/open-footage.js';

export const RATE: FrameRate = { num: 30, den: 1 };
const SEED = 7;

export interface StageOptions {
  readonly width: number;
  readonly height: number;
  readonly kernels: Kernels;
  readonly log: Log;
  readonly ffmpegPath: string;
}

/** A presenter alone before black, drawn as on air. */
export class FilmStage {
  private readonly table = new BitmapTable();
  private readonly list = new DrawList(64);
  private readonly whole = new RectList(1);
  private readonly canvas: Uint8Array;
  private readonly rgba: Uint8Array;
  private readonly runtime: PresenterRuntime;
  /** Stands for the thread that reads ahead on air. */
  private readonly reader: FilmReader | undefined;
  /** Milliseconds that painting took, one a frame. */
  readonly paintMs: number[] = [];

  private constructor(
    readonly data: PresenterData,
    private readonly options: StageOptions,
  ) {
    const { width, height, kernels } = options;
    this.canvas = new Uint8Array(i420Size(width, height));
    this.rgba = new Uint8Array(width * height * 4);
    this.whole.push(0, 0, width, height);
    this.runtime = new PresenterRuntime(data, RATE, SEED, 0, { kernels });
    this.reader = data.film === undefined ? undefined : new FilmReader(data.film);
    this.runtime.registerBitmaps(this.table);
  }

  static async open(pack: string, options: StageOptions): Promise<FilmStage> {
    const { width, height, kernels, log, ffmpegPath } = options;
    const box = { x: 0, y: 0, width, height };
    return new FilmStage(await loadPresenter(pack, { box, kernels, log, ffmpegPath: async () => ffmpegPath }), options);
  }

  speak(startFrame: number, track: MouthTrack): void {
    this.runtime.speak(frameIndex(startFrame), track);
  }

  gesture(atFrame: number, name: Parameters<PresenterRuntime['gesture']>[1]): void {
    this.runtime.gesture(frameIndex(atFrame), name);
  }

  /** Frame n as RGB; frames are asked for in order. */
  frame(n: number): Rgb {
    const { width, height, kernels } = this.options;
    while (this.reader?.step() === true);
    this.list.clear();
    const began = performance.now();
    this.runtime.paint(frameIndex(n), this.list);
    this.paintMs.push(performance.now() - began);
    kernels.compose(this.canvas, width, height, this.whole, this.list, this.table);
    kernels.i420ToRgba(this.canvas, width, height, this.rgba);
    const data = new Uint8Array(width * height * 3);
    for (let i = 0; i < width * height; i += 1) {
      data[i * 3] = this.rgba[i * 4]!;
      data[i * 3 + 1] = this.rgba[i * 4 + 1]!;
      data[i * 3 + 2] = this.rgba[i * 4 + 2]!;
    }
    return { data, width, height };
  }

  close(): void {
    this.runtime.close();
    this.reader?.close();
  }
}
