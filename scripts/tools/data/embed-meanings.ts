/** Writes templates/meaning/vectors.bin: the examples of the meaning tables as the sentence model sees them. */
import { meaningRows } from '../../../src/viewers/replies/meaning/meaning-rows.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { packVector, VECTOR_SIZE, writeVectors } from '../../../src/meaning/index.js';
import { MAX_TEXTS, ModelProcess } from '../../../src/models/index.js';

const rows = meaningRows();
const packed = new Int8Array(rows.length * VECTOR_SIZE);
const models = new ModelProcess({ timeoutMs: 120_000 });
for (let at = 0; at < rows.length; at += MAX_TEXTS) {
  const texts = rows.slice(at, at + MAX_TEXTS).map(({ text }) => text);
  const { vectors } = await models.run('meaning', { texts });
  for (let i = 0; i < texts.length; i += 1)
    packVector(vectors.subarray(i * VECTOR_SIZE, (i + 1) * VECTOR_SIZE), packed, (at + i) * VECTOR_SIZE);
}
await models.close();
writeVectors(templatePath('meaning', 'vectors.bin'), rows, packed);
console.log(`${rows.length} examples`);
