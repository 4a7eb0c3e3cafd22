import { accessSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = process.env['KOKORO_FOLDER'] ?? '';

/** Variables with which the installed model is found; undefined where KOKORO_FOLDER names no folder of it. */
export function kokoroEnv(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv | undefined {
  try {
    accessSync(join(folder, 'kokoro-v1.0.int8.onnx'));
    return { ...env, ENGINE_MODELS: dirname(folder) };
  } catch {
    return undefined;
  }
}

export const NO_KOKORO = 'KOKORO_FOLDER does not name a folder with the files of Kokoro';
