/** The rule table, the rule packs and the action for each rule. */
export * from './rule-packs.js';
export * from './rule-table.js';
export { packFiles } from './checked-packs.js';
