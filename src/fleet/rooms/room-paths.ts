/** Where a room's records lie below its folder on a worker. */
export const RECORDS = 'records';
export const LEDGER = `${RECORDS}/ledger.jsonl`;
export const RESUME = `${RECORDS}/ledger.resume.json`;
export const RISK = `${RECORDS}/ledger.risk.json`;
export const EVIDENCE = `${RECORDS}/ledger-evidence`;
