import { parseRoom } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { silentLog } from '../../src/core/log.js';
import { DrawList, i420Size, RectList, type PresenterPainter } from '../../src/core/media/picture.js';
import { frameIndex } from '../../src/core/time.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { PictureProcess } from '../../src/scene/drawing/picture-process.js';
import { SceneCompiler, type SceneDeps } from '../../src/scene/scene-compiler.js';
import { SceneRuntime, type OpenReader } from '../../src/scene/scene-runtime.js';

export const kernels = loadKernels();
export const { draw, page } = new PictureProcess({ log: silentLog });
export const nobody: PresenterPainter = { paint: () => undefined };

export interface RoomParts {
  /** Pack of a second person; needs a layer of type "assistant". */
  assistant?: string;
  layers?: object[];
  products?: object[];
  product?: string;
  language?: string;
  width?: number;
  height?: number;
  background?: string;
}

/** A small room in a folder, as its file would give it. */
export function roomOf(dir: string, parts: RoomParts = {}): RoomConfig {
  const { width = 320, height = 240, background = '#204060', language = 'en' } = parts;
  return parseRoom(
    JSON.stringify({
      name: 'test',
      title: 'Test room',
      language,
      video: { width, height, background },
      presenter: { pack: '/nobody' },
      ...(parts.assistant === undefined ? {} : { assistant: { pack: parts.assistant } }),
      products: parts.products ?? [],
      layers: [{ id: 'who', type: 'presenter', anchor: 'bottom' }, ...(parts.layers ?? [])],
      script: { segments: [{ product: parts.product, lines: [{ text: 'Hello' }] }] },
    }),
    `${dir}/room.json`,
  );
}

export const compilerOf = (room: RoomConfig, admit: SceneDeps['admit'] = async () => undefined): SceneCompiler =>
  new SceneCompiler(room, { kernels, log: silentLog, admit, draw });

/** A simulated loop: draws frames one by one on a persistent canvas. */
export class Stage {
  readonly runtime: SceneRuntime;
  readonly canvas: Uint8Array;
  readonly list = new DrawList();
  readonly damage = new RectList(32);
  private readonly width: number;
  private readonly height: number;

  constructor(
    room: RoomConfig,
    reader?: OpenReader,
    private readonly using = kernels,
  ) {
    this.width = room.video.width;
    this.height = room.video.height;
    this.runtime = new SceneRuntime(this.width, this.height, room.rate, using, reader);
    this.canvas = new Uint8Array(i420Size(this.width, this.height));
  }

  draw(n: number, presenter: PresenterPainter = nobody): void {
    this.runtime.draw(frameIndex(n), presenter, this.list);
    this.runtime.damage(this.damage);
    this.using.compose(this.canvas, this.width, this.height, this.damage, this.list, this.runtime.bitmaps);
  }

  /** The whole last list on an empty canvas. */
  whole(): Uint8Array {
    const canvas = new Uint8Array(this.canvas.length);
    const all = new RectList(1);
    all.push(0, 0, this.width, this.height);
    kernels.compose(canvas, this.width, this.height, all, this.list, this.runtime.bitmaps);
    return canvas;
  }

  rgba(): Uint8Array {
    const out = new Uint8Array(this.width * this.height * 4);
    kernels.i420ToRgba(this.canvas, this.width, this.height, out);
    return out;
  }

  /** Red, green, blue of a pixel. */
  pixel(x: number, y: number): [number, number, number] {
    const rgba = this.rgba();
    const at = (y * this.width + x) * 4;
    return [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
  }

  damagedArea(): number {
    let sum = 0;
    for (let i = 0; i < this.damage.count; i += 1) sum += this.damage.items[i * 4 + 2]! * this.damage.items[i * 4 + 3]!;
    return sum;
  }
}

export const near = (a: readonly number[], b: readonly number[], tolerance: number): boolean =>
  a.every((v, i) => Math.abs(v - b[i]!) <= tolerance);

export const square = (colour: string, size = 40): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><rect width="${size}" height="${size}" fill="${colour}"/></svg>`;
