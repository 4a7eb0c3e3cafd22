import { closeSync, openSync, readSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, isOwnFolder, openOwnFile, writeOwnFile } from '../../core/files/own-folder.js';
import { requireSum, weightsOf } from '../../weights/index.js';

/** The tensor of the symbols' durations, in frames of 25 ms. */
export const DURATIONS = '/encoder/Clip_output_0';
/** The published file ends with the list of operator sets. */
const IMPORTS_BYTES = 170;
const { files } = weightsOf('kokoro');
const MODEL = files.find(({ name }) => name.endsWith('.onnx'))!;
const VOICES = files.find(({ name }) => name.endsWith('.bin'))!;

/**
 * ONNX Runtime 1.16 refuses operator set 20 and sets that it does not know, though the model uses nothing of them: the
 * list is replaced by 19 and com.microsoft. The durations become an output, as a message that repeats is merged.
 */
const TAIL = Buffer.concat([
  Buffer.from([0x42, 0x02, 0x10, 0x13, 0x42, 0x11, 0x0a, 0x0d]),
  Buffer.from('com.microsoft'),
  Buffer.from([0x10, 0x01, 0x3a, 0x1a, 0x62, 0x18, 0x0a, 0x16]),
  Buffer.from(DURATIONS),
]);

/** The path of a model file that the runtime loads: the installed file is checked, changed and kept in the cache. */
export async function prepareModel(folder: string, cache = cacheFolder('kokoro')): Promise<string> {
  const path = join(cache, `kokoro-${MODEL.sha256.slice(0, 16)}-1.onnx`);
  const known = await openOwnFile(path);
  const size = await known?.stat().then((s) => s.size);
  await known?.close();
  if (size === MODEL.bytes - IMPORTS_BYTES + TAIL.length) return path;
  const source = join(folder, MODEL.name);
  await requireSum(source, MODEL, source);
  await writeOwnFile(path, [(await readFile(source)).subarray(0, MODEL.bytes - IMPORTS_BYTES), TAIL]);
  if (!isOwnFolder(cache) || (await stat(path)).size !== MODEL.bytes - IMPORTS_BYTES + TAIL.length)
    throw new Error(`the changed model could not be kept in ${cache}`);
  return path;
}

const STYLE_VALUES = 256;
const STYLE_ROWS = 510;
const STYLE_BYTES = STYLE_VALUES * 4;

/** The styles of the voices: a ZIP of stored arrays, of which only the asked rows are read. */
export class VoiceStyles {
  private readonly file: string;
  private starts: ReadonlyMap<string, number> | undefined;

  constructor(folder: string) {
    this.file = join(folder, VOICES.name);
  }

  /** @throws Error for a voice that is not in the file */
  row(voice: string, symbols: number): Float32Array {
    const fd = openSync(this.file, 'r');
    try {
      this.starts ??= readStarts(fd, VOICES.bytes);
      const start = this.starts.get(voice);
      if (start === undefined) throw new Error(`the voice ${voice} is not in ${VOICES.name}`);
      const bytes = Buffer.alloc(STYLE_BYTES);
      readSync(fd, bytes, 0, STYLE_BYTES, start + Math.min(STYLE_ROWS - 1, Math.max(0, symbols)) * STYLE_BYTES);
      return new Float32Array(bytes.buffer, bytes.byteOffset, STYLE_VALUES);
    } finally {
      closeSync(fd);
    }
  }
}

/** Offsets of the values by name: local headers follow each other, each with an array of one length. */
function readStarts(fd: number, length: number): Map<string, number> {
  const starts = new Map<string, number>();
  const head = Buffer.alloc(512);
  for (let at = 0; at + 30 < length;) {
    const got = readSync(fd, head, 0, head.length, at);
    if (got < 30 || head.readUInt32LE(0) !== 0x04034b50) break;
    const nameBytes = head.readUInt16LE(26);
    const data = at + 30 + nameBytes + head.readUInt16LE(28);
    const name = head.toString('latin1', 30, 30 + nameBytes);
    const array = Buffer.alloc(10);
    readSync(fd, array, 0, array.length, data);
    const values = data + 10 + array.readUInt16LE(8);
    starts.set(name.replace(/\.npy$/, ''), values);
    at = values + STYLE_ROWS * STYLE_BYTES;
  }
  return starts;
}
