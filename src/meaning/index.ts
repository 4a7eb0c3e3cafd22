/** Viewers' questions in any language, and the canonical attributes of goods with their sentences. */
export * from './meaning-tables.js';
export { AttributeNames } from './attribute-names.js';
export { foldName, nameWithUnit } from './fold-name.js';
export {
  isAffirmed,
  isDenied,
  SpokenAttributes,
  withoutAnswer,
  type ListedAttribute,
  type SpokenOptions,
} from './spoken-attribute.js';
export { spokenMeasure } from './spoken-measure.js';
export { type ExampleRow, exampleRows, labelsOf } from './example-rows.js';
export { likeness, packVector, readVectors, writeVectors } from './example-vectors.js';
export { centred, labelOdds, middleOf } from './label-odds.js';
export { ODDS_SIZE, VECTOR_SIZE } from './vector-size.js';
export { MeaningIndex } from './meaning-index.js';
export { isNoQuestion, takeApart, understand, type Hints, type Understood } from './understand.js';
