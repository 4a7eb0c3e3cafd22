/** Viewers' questions in any language, and the canonical attributes of goods with their sentences. */
export * from './meaning-tables.js';
export { AttributeNames, foldName, nameWithUnit } from './attribute-names.js';
export {
  isAffirmed,
  isDenied,
  SpokenAttributes,
  withoutAnswer,
  type ListedAttribute,
  type SpokenOptions,
} from './spoken-attribute.js';
export { spokenMeasure } from './spoken-measure.js';
export {
  type ExampleRow,
  exampleRows,
  labelsOf,
  likeness,
  packVector,
  readVectors,
  writeVectors,
  ODDS_SIZE,
  VECTOR_SIZE,
} from './example-vectors.js';
export { centred, labelOdds, middleOf } from './label-odds.js';
export { MeaningIndex } from './meaning-index.js';
export { isNoQuestion, takeApart, understand, type Hints, type Understood } from './understand.js';
