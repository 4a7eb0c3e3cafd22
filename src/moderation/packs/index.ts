/** The rules: their table, their packs of words, and the action taken for each. */
export * from './rule-actions.js';
export * from './rule-packs.js';
export * from './rule-table.js';
export * from './doable-actions.js';
export * from './rule-pack.js';
export * from './rule-pack-schema.js';
export { packFiles } from './checked-packs.js';
