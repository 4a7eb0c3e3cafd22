import { parentPort, workerData } from 'node:worker_threads';
import { readWithJsQr, ZxingReader } from '../../../src/codescan/decoders/library-readers.js';

export interface SearchJob {
  readonly id: number;
  /** I420. */
  readonly picture: ArrayBuffer;
  readonly jsqr: boolean;
}
export interface SearchReply {
  readonly id: number;
  /** The finds: format and text. */
  readonly found: readonly string[];
  /**
   * Artefacts of textures and flat areas: other symbols with failed error correction, jsQR's empty texts. Only counted.
   */
  readonly doubtful: number;
}

/**
 * Searches received pictures at full effort: every matrix format with errors in luma under both binarisations, the same
 * in both colour planes, and jsQR in both polarities.
 */
const { width, height } = workerData as { width: number; height: number };
const reader = await ZxingReader.open(width * height);
const n = width * height;

parentPort!.on('message', ({ id, picture, jsqr }: SearchJob) => {
  const data = new Uint8Array(picture);
  const found = new Set<string>();
  let doubtful = 0;
  const read = (from: number, w: number, h: number, how: 'local' | 'global'): void => {
    reader.pixels().set(data.subarray(from, from + w * h));
    for (const symbol of reader.read(w, h, 'all', how)) {
      if (symbol.valid || symbol.format === 'QRCode') found.add(`${symbol.format}: ${symbol.text || 'undecoded'}`);
      else doubtful += 1;
    }
  };
  read(0, width, height, 'local');
  read(0, width, height, 'global');
  read(n, width / 2, height / 2, 'local');
  read((n * 5) / 4, width / 2, height / 2, 'local');
  if (jsqr) {
    const symbol = readWithJsQr(data.subarray(0, n), width, height);
    // All-zero codewords pass the error correction: flat areas "decode" to an empty text.
    if (symbol !== undefined && symbol.text === '') doubtful += 1;
    else if (symbol !== undefined) found.add(`jsQR: ${symbol.text}`);
  }
  const reply: SearchReply = { id, found: [...found], doubtful };
  parentPort!.postMessage(reply);
});
