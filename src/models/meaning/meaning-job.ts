import type { Tensor } from 'onnxruntime-common';
import { modelFile } from '../model-file.js';
import { integers, openNetwork } from '../onnx.js';
import { MAX_TEXTS, MEANING_SIZE, type MeaningDone, type MeaningJob } from './meaning-messages.js';
import { PieceSplitter, readPieceTable } from './piece-splitter.js';

/** The sentence model: texts in, their meanings as vectors out. One text at a time, since padding costs more than a call. */
export async function loadMeaning(): Promise<(job: MeaningJob) => Promise<MeaningDone>> {
  const network = await openNetwork(modelFile('meaning', 'e5-small.onnx'));
  const splitter = new PieceSplitter(readPieceTable(modelFile('meaning', 'pieces.json')));
  return async ({ texts }) => {
    if (texts.length === 0 || texts.length > MAX_TEXTS)
      throw new RangeError(`expected 1 to ${MAX_TEXTS} texts, found ${texts.length}`);
    const vectors = new Float32Array(texts.length * MEANING_SIZE);
    for (const [i, text] of texts.entries()) {
      const ids = splitter.split(text);
      const { embedding } = await network.run({ ids: integers(ids, [1, ids.length]) });
      vectors.set((embedding as Tensor).data as Float32Array, i * MEANING_SIZE);
    }
    return { vectors };
  };
}
