/** Viewers' questions in any language, and the canonical attributes of goods with their sentences. */
export * from './meaning-tables.js';
export { AttributeNames, foldName, nameWithUnit } from './meaning-tables.js';
export {
  isAffirmed,
  isDenied,
  SpokenAttributes,
  withoutAnswer,
  type ListedAttribute,
  type SpokenOptions,
} from './spoken-attribute.js';
export { spokenMeasure } from './spoken-attribute.js';
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
} from './meaning-tables.js';
export { centred, labelOdds, middleOf } from './meaning-tables.js';
export { MeaningIndex } from './understand.js';
export { isNoQuestion, takeApart, understand, type Hints, type Understood } from './understand.js';
