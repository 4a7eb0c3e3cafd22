import type { TextLine } from './ocr-messages.js';

/** Draws straight RGBA over a grey ground (0–255) as opaque RGBA. An opaque picture is returned as a copy. */
export function flattenRgba(rgba: Uint8Array, ground: number): Uint8Array {
  const out = new Uint8Array(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3];
    for (let c = 0; c < 3; c += 1) out[i + c] = Math.round((rgba[i + c] * alpha + ground * (255 - alpha)) / 255);
    out[i + 3] = 255;
  }
  return out;
}

/**
 * Merges the readings of one picture over several grounds, with scaled boxes; of two lines in the same position the
 * more confident one is kept.
 */
export function mergeReadings(readings: readonly (readonly TextLine[])[], scaleX: number, scaleY: number): TextLine[] {
  const kept: TextLine[] = [];
  for (const line of readings.flat()) {
    const twin = kept.findIndex((k) => overlap(k, line) > 0.5);
    if (twin < 0) kept.push(line);
    else if (kept[twin].confidence < line.confidence) kept[twin] = line;
  }
  return kept.map(({ text, confidence, box }) => ({
    text,
    confidence,
    box: {
      x: Math.floor(box.x * scaleX),
      y: Math.floor(box.y * scaleY),
      width: Math.ceil(box.width * scaleX),
      height: Math.ceil(box.height * scaleY),
    },
  }));
}

/** The common area of two boxes as a share of their union. */
function overlap(a: TextLine, b: TextLine): number {
  const width = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
  const height = Math.min(a.box.y + a.box.height, b.box.y + b.box.height) - Math.max(a.box.y, b.box.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.box.width * a.box.height + b.box.width * b.box.height - shared);
}
