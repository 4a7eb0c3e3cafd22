import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SHERPA_MODELS } from '../../config/sections/services/recogniser.js';
import { EngineError } from '../../core/errors.js';

export type SherpaModel = (typeof SHERPA_MODELS)[number];

/** `modelConfig` of a sherpa-onnx OfflineRecognizer. */
export type SherpaModelConfig = Readonly<Record<string, unknown>>;

/** Quantised files are smaller and faster, with hardly more errors. */
const pick = (files: readonly string[], part: RegExp): string | undefined => {
  const found = files.filter((file) => file.endsWith('.onnx') && part.test(file)).toSorted();
  return found.find((file) => file.includes('int8')) ?? found[0];
};

/**
 * Reads the names of a model folder's files. Throws E_RECOGNISER_FAILED for a folder that is not there or lacks a file.
 *
 * @param kind where the names do not say it: a single `model.onnx` is taken for SenseVoice when the folder says so, else
 * for Paraformer
 */
export function sherpaModel(folder: string, kind?: SherpaModel): { kind: SherpaModel; config: SherpaModelConfig } {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch (cause) {
    throw bad(folder, 'a folder with a sherpa-onnx model', (cause as Error).message);
  }
  const tokens = files.find((file) => file.endsWith('tokens.txt'));
  if (tokens === undefined) throw bad(folder, 'a file tokens.txt', list(files));
  const [encoder, decoder, joiner] = [/encoder/, /decoder/, /joiner/].map((part) => pick(files, part));
  const single = pick(files, /^(?!.*(encoder|decoder|joiner))/);
  if (encoder !== undefined && joiner === undefined)
    throw bad(folder, 'a model whose words have times: transducer, Paraformer or SenseVoice', 'Whisper: a text alone');
  const found: SherpaModel =
    kind ?? (joiner !== undefined ? 'transducer' : /sense[-_]?voice/i.test(folder) ? 'sense-voice' : 'paraformer');
  const need = (file: string | undefined, what: string): string => {
    if (file === undefined) throw bad(folder, `${what} of a ${found} model`, list(files));
    return join(folder, file);
  };
  const models: Readonly<Record<SherpaModel, () => SherpaModelConfig>> = {
    transducer: () => ({
      transducer: {
        encoder: need(encoder, 'the encoder'),
        decoder: need(decoder, 'the decoder'),
        joiner: need(joiner, 'the joiner'),
      },
    }),
    'sense-voice': () => ({
      senseVoice: { model: need(single, 'the file model.onnx'), useInverseTextNormalization: 1 },
    }),
    paraformer: () => ({ paraformer: { model: need(single, 'the file model.onnx') } }),
  };
  return { kind: found, config: { ...models[found](), tokens: join(folder, tokens) } };
}

const list = (files: readonly string[]): string => (files.length === 0 ? 'no files' : files.slice(0, 8).join(', '));

const bad = (where: string, expected: string, found: string): EngineError =>
  new EngineError('E_RECOGNISER_FAILED', {
    where: `recogniser.folder ${where}`,
    expected,
    found,
    todo: 'unpack a model of sherpa-onnx there, with its tokens.txt',
  });
