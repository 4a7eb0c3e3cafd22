import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.js';
import type { SherpaModel } from './sherpa-messages.js';

/**
 * The kind of a model folder by its files, as the releases of sherpa-onnx name them: styles in `voices.bin` make it
 * Kokoro (or Kitten, which says so in its name), a vocoder beside the acoustic model makes it Matcha, and anything else
 * with tokens is VITS. Of several precisions the smaller model is taken.
 *
 * @param where place in the room file
 */
export function readSherpaFolder(folder: string, where: string): SherpaModel {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (cause) {
    throw new EngineError('E_ASSET_MISSING', {
      where: `${where}.model`,
      expected: 'the folder of a sherpa-onnx model',
      found: `no folder ${folder}`,
      cause,
    });
  }
  const isVocoder = (name: string): boolean => /^(vocos|hifigan)/i.test(name);
  const models = names.filter((name) => name.endsWith('.onnx'));
  const acoustic = models.filter((name) => !isVocoder(name));
  const model = acoustic.find((name) => /int8/.test(name)) ?? acoustic[0];
  if (model === undefined || !names.includes('tokens.txt'))
    throw new EngineError('E_ASSET_INVALID', {
      where: `${where}.model`,
      expected: 'a folder with an .onnx model and tokens.txt',
      found: names.length === 0 ? 'an empty folder' : names.slice(0, 8).join(', '),
    });
  const vocoder = models.find(isVocoder);
  const lexicons = names.filter((name) => /^lexicon.*\.txt$/.test(name)).map((name) => join(folder, name));
  const files = {
    tokens: join(folder, 'tokens.txt'),
    ...(names.includes('espeak-ng-data') ? { dataDir: join(folder, 'espeak-ng-data') } : {}),
    ...(lexicons.length === 0 ? {} : { lexicon: lexicons.join(',') }),
  };
  const ruleFsts = names
    .filter((name) => name.endsWith('.fst'))
    .map((name) => join(folder, name))
    .join(',');
  const path = join(folder, model);
  if (names.includes('voices.bin')) {
    const kind = /kitten/i.test(folder) ? 'kitten' : 'kokoro';
    return { model: { [kind]: { model: path, voices: join(folder, 'voices.bin'), ...files } }, ruleFsts };
  }
  if (vocoder !== undefined)
    return { model: { matcha: { acousticModel: path, vocoder: join(folder, vocoder), ...files } }, ruleFsts };
  return { model: { vits: { model: path, ...files } }, ruleFsts };
}
