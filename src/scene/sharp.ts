import type Sharp from 'sharp';
import { prepareFonts } from './fonts/prepare-fonts.js';

let loading: Promise<typeof Sharp> | undefined;

/**
 * sharp with the packaged fonts. The variable must be set before this process draws its first text, because fontconfig
 * reads it once; so everything that draws text imports sharp from here. Main thread only: a worker's `process.env` is a
 * copy that C libraries never see.
 */
export function loadSharp(): Promise<typeof Sharp> {
  loading ??= (async () => {
    process.env['FONTCONFIG_FILE'] = await prepareFonts();
    const { default: sharp } = await import('sharp');
    // One thread per picture and no cache: the frame loop needs the cores, and memory must stay flat.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  })();
  return loading;
}

/**
 * Resolves when a first text is being drawn. Reading the fonts takes a quarter of a second, on another thread, in
 * parallel with the rest of a start.
 */
export async function warmText(): Promise<void> {
  const sharp = await loadSharp();
  const drawing = sharp({ text: { text: 'Aa', rgba: true } })
    .raw()
    .toBuffer();
  drawing.catch(() => undefined); // the next drawing fails the same way and reports it
}
