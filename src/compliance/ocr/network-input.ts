import type { TurnedRect } from './turned-rect.js';

/** A picture in the networks' format: three planes (blue, green, red, as in training) of floats. */
export interface NetworkInput {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Means and deviations of ImageNet, used to normalise the detector's training pictures. */
const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];
const STEP = 32;
/** The recogniser's line height in pixels, and the maximum line length. */
const LINE_HEIGHT = 48;
const MAX_LINE_LENGTH = 2560;

interface Rgba {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A part of a picture for the detector: rows `top` to `bottom` of a picture shrunk by `scale`. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

/** A picture at the detector's size: `scale` is picture pixels per pixel, `margin` the extended edge. */
export interface DetectorSize {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly margin: number;
}

/** Size of a picture for the detector, its longer side at most `longSide` and the margin. */
export function detectorSize(picture: Rgba, longSide: number, margin = 0): DetectorSize {
  const scale = Math.max(1, Math.max(picture.width, picture.height) / longSide);
  const width = Math.max(1, Math.round(picture.width / scale)) + 2 * margin;
  const height = Math.max(1, Math.round(picture.height / scale)) + 2 * margin;
  return { width, height, scale, margin };
}

/**
 * A band of the shrunk picture for the detector, with grey to the right and below up to multiples of 32. A margin
 * repeats the pixels at the picture's edge.
 */
export function detectorInput(
  picture: Rgba,
  size: Pick<DetectorSize, 'width' | 'scale' | 'margin'>,
  band: Band,
): NetworkInput {
  const innerHeight = band.bottom - band.top;
  const width = Math.ceil(size.width / STEP) * STEP;
  const height = Math.ceil(innerHeight / STEP) * STEP;
  const data = new Float32Array(3 * width * height);
  const rect = {
    cx: (size.width / 2 - size.margin) * size.scale,
    cy: ((band.top + band.bottom) / 2 - size.margin) * size.scale,
    ux: 1,
    uy: 0,
    length: size.width * size.scale,
    height: innerHeight * size.scale,
  };
  sampleRect(picture, rect, size.width, innerHeight, (x, y, channel, value) => {
    data[channel * width * height + y * width + x] = (value / 255 - MEAN[channel]!) / DEVIATION[channel]!;
  });
  return { data, width, height };
}

/** One line, straightened, for the recogniser. */
export function lineInput(picture: Rgba, rect: TurnedRect): NetworkInput {
  const width = Math.min(MAX_LINE_LENGTH, Math.max(16, Math.round((LINE_HEIGHT * rect.length) / rect.height)));
  const plane = width * LINE_HEIGHT;
  const data = new Float32Array(3 * plane);
  sampleRect(picture, rect, width, LINE_HEIGHT, (x, y, channel, value) => {
    data[channel * plane + y * width + x] = value / 127.5 - 1;
  });
  return { data, width, height: LINE_HEIGHT };
}

/**
 * Samples a rectangle of the picture: bilinear, and when shrinking, the mean of a grid of samples, so that thin strokes
 * are not skipped. Channels are blue, green, red.
 */
function sampleRect(
  picture: Rgba,
  rect: TurnedRect,
  width: number,
  height: number,
  put: (x: number, y: number, channel: number, value: number) => void,
): void {
  const { rgba } = picture;
  const stepU = rect.length / width;
  const stepV = rect.height / height;
  const gridU = Math.max(1, Math.round(stepU));
  const gridV = Math.max(1, Math.round(stepV));
  const share = 1 / (gridU * gridV);
  const maxX = picture.width - 1;
  const maxY = picture.height - 1;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      let [red, green, blue] = [0, 0, 0];
      for (let i = 0; i < gridV; i += 1) {
        const v = (row + (i + 0.5) / gridV) * stepV - rect.height / 2;
        for (let j = 0; j < gridU; j += 1) {
          const u = (column + (j + 0.5) / gridU) * stepU - rect.length / 2;
          const px = Math.min(maxX, Math.max(0, rect.cx + u * rect.ux - v * rect.uy - 0.5));
          const py = Math.min(maxY, Math.max(0, rect.cy + u * rect.uy + v * rect.ux - 0.5));
          const x0 = Math.floor(px);
          const y0 = Math.floor(py);
          const fx = px - x0;
          const fy = py - y0;
          const a = 4 * (y0 * picture.width + x0);
          const b = x0 < maxX ? a + 4 : a;
          const down = y0 < maxY ? 4 * picture.width : 0;
          const wa = (1 - fx) * (1 - fy);
          const wb = fx * (1 - fy);
          const wc = (1 - fx) * fy;
          const wd = fx * fy;
          red += rgba[a]! * wa + rgba[b]! * wb + rgba[a + down]! * wc + rgba[b + down]! * wd;
          green += rgba[a + 1]! * wa + rgba[b + 1]! * wb + rgba[a + down + 1]! * wc + rgba[b + down + 1]! * wd;
          blue += rgba[a + 2]! * wa + rgba[b + 2]! * wb + rgba[a + down + 2]! * wc + rgba[b + down + 2]! * wd;
        }
      }
      put(column, row, 0, blue * share);
      put(column, row, 1, green * share);
      put(column, row, 2, red * share);
    }
  }
}
