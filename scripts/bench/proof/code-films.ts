import { writeFilm } from '../../../test/kit/clip-films.js';
import { rasterise, type CodeLook, type Piece, type Raster } from './code-pictures.js';

const QUIET_FRAMES = 12;
const MOVING_FRAMES = 8;

/** Film of a light wall that shows a whole code for some frames. */
export async function codeFilm(file: string, look: CodeLook, shownFrames: number): Promise<void> {
  const raster = await rasterise(look);
  await write(file, raster, QUIET_FRAMES * 2 + shownFrames, (n, rgb) => {
    const shown = n >= QUIET_FRAMES && n < QUIET_FRAMES + shownFrames;
    if (shown) rgb.set(raster.pixels);
    else wall(rgb, look);
  });
}

/** Film of one part of a code: it slides into position from below, rests for `restFrames`, and moves on. */
export async function pieceFilm(file: string, piece: Piece, look: CodeLook, restFrames: number): Promise<void> {
  const { width, height, pixels } = piece;
  await write(file, piece, MOVING_FRAMES * 2 + restFrames, (n, rgb) => {
    wall(rgb, look);
    const early = Math.max(0, MOVING_FRAMES - n);
    const late = Math.max(0, n - MOVING_FRAMES - restFrames + 1);
    const shift = Math.round(((early - late) * height) / MOVING_FRAMES);
    for (let y = Math.max(0, shift); y < Math.min(height, height + shift); y += 1) {
      rgb.set(pixels.subarray((y - shift) * width * 3, (y - shift + 1) * width * 3), y * width * 3);
    }
  });
}

/** H.264 has even sides: the last column and row are cropped. */
function write(
  file: string,
  { width, height }: Pick<Raster, 'width' | 'height'>,
  frames: number,
  paint: (n: number, rgb: Buffer) => void,
): Promise<void> {
  const even = { width: width & ~1, height: height & ~1 };
  const whole = Buffer.alloc(width * height * 3);
  return writeFilm(file, {
    ...even,
    frames,
    paint(n, rgb) {
      paint(n, whole);
      for (let y = 0; y < even.height; y += 1) {
        rgb.set(whole.subarray(y * width * 3, (y * width + even.width) * 3), y * even.width * 3);
      }
    },
  });
}

function wall(rgb: Buffer, { light: [r, g, b] }: CodeLook): void {
  for (let i = 0; i < rgb.length; i += 3) {
    rgb[i] = r;
    rgb[i + 1] = g;
    rgb[i + 2] = b;
  }
}
