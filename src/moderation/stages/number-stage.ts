import { detectPersonal } from '../contacts/detect-personal.js';
import { detectTelephones } from '../contacts/detect-phones.js';
import type { Stage } from '../reading.js';
import { type DigitRun, isCued } from '../numbers/digit-runs.js';
import type { Match } from '../match.js';
import { originalRange, type TextView } from '../normalise/text-view.js';

/** Detects bank cards, IBANs and wallets to which money is sent (rule 3.1). */

/** Check digit of ISO/IEC 7812-1. */
function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    let d = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) d = d > 4 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return sum % 10 === 0;
}

/** Check of ISO 13616: the number modulo 97 is 1. */
function isIban(text: string): boolean {
  const s = text.replace(/[\s-]/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(s)) return false;
  let rest = 0;
  for (const c of s.slice(4) + s.slice(0, 4)) {
    const v = c >= 'A' ? c.charCodeAt(0) - 55 : Number(c);
    rest = (rest * (v > 9 ? 100 : 10) + v) % 97;
  }
  return rest === 1;
}

const IBAN = /(?<![a-z0-9])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{1,4}){3,8}(?![a-z0-9])/g;
const WALLET =
  /(?<![A-Za-z0-9])(?:0x[a-fA-F0-9]{40}|bc1[a-z0-9]{25,60}|T[1-9A-HJ-NP-Za-km-z]{33}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|ltc1[a-z0-9]{25,60})(?![A-Za-z0-9])/g;
/** Issuers' leading digits: Visa, Mastercard, American Express, Discover, JCB, UnionPay, Mir, Maestro. */
const ISSUER = /^(?:4|5[0-5]|2[2-7]|3[457]|6|35|220)/;

function detectAccounts(
  original: string,
  folded: TextView,
  runs: readonly DigitRun[],
  cue: (at: number) => boolean,
): Match[] {
  const found: Match[] = [];
  for (const run of runs) {
    const n = run.digits.length;
    if (n < 12 || n > 19) continue;
    const grouped = run.groups.length >= 3 && run.groups.every((g) => g.length >= 3 && g.length <= 7);
    const cued = cue(run.start);
    // UnionPay cards in groups of four are unmistakable, whatever their check digit.
    const fours =
      n >= 16 && run.digits.startsWith('62') && run.groups.length >= 4 && run.groups.every((g) => g.length <= 4);
    const card = fours || ((n <= 16 || n === 19) && ISSUER.test(run.digits) && luhn(run.digits));
    if ((card && n >= 15 && (n >= 16 || cued || grouped)) || (cued && n >= 12)) {
      found.push({ rule: '3.1', kind: 'card', ...originalRange(folded, run.start, run.end) });
    }
  }
  IBAN.lastIndex = 0;
  for (let m = IBAN.exec(folded.text); m !== null; m = IBAN.exec(folded.text)) {
    let text = m[0];
    while (text.length > 14 && !isIban(text)) {
      const cut = text.lastIndexOf(' ');
      if (cut < 0) break;
      text = text.slice(0, cut);
    }
    if (isIban(text))
      found.push({ rule: '3.1', kind: 'iban', ...originalRange(folded, m.index, m.index + text.length) });
  }
  WALLET.lastIndex = 0;
  for (let m = WALLET.exec(original); m !== null; m = WALLET.exec(original)) {
    const mixed = /[a-z]/.test(m[0]) && /\d/.test(m[0]) && (/[A-Z]/.test(m[0]) || /^(?:0x|bc1|ltc1)/.test(m[0]));
    if (mixed) found.push({ rule: '3.1', kind: 'wallet', start: m.index, end: m.index + m[0].length });
  }
  return found;
}

/**
 * A telephone number said in parts: "first three one three eight, then double zero one three, last four…".
 *
 * Problem: each part is too short to be a number.
 * Rule: at least two words such as "first three", "then", 后四位, each followed at once by digits, seven to fifteen digits
 * in total, and no batch or order before them.
 */
const PART_CHARS = 14;
const MIN_DIGITS = 7;
const MAX_DIGITS = 15;
/** Maximum distance of two parts. */
const APART_CHARS = 40;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** `parts`, `labels` and the result are in offsets of the original, `runs` in offsets of the folded view. */
function detectNumberParts(
  folded: TextView,
  runs: readonly DigitRun[],
  parts: readonly Range[],
  labels: readonly Range[],
): Match[] {
  if (parts.length < 2 || runs.length < 2) return [];
  const saidParts: (Range & { digits: number; from: number })[] = [];
  for (const run of runs) {
    const r = originalRange(folded, run.start, run.end);
    const part = parts.find((p) => p.end <= r.start && r.start - p.end <= PART_CHARS);
    // One digit after "then" is an amount.
    if (part !== undefined && run.digits.length >= 2)
      saidParts.push({ ...r, digits: run.digits.length, from: part.start });
  }
  if (saidParts.length < 2) return [];
  const digits = saidParts.reduce((sum, t) => sum + t.digits, 0);
  const start = Math.min(...saidParts.map((t) => t.from));
  const end = saidParts[saidParts.length - 1]!.end;
  if (digits < MIN_DIGITS || digits > MAX_DIGITS) return [];
  if (saidParts.some((t, i) => i > 0 && t.start - saidParts[i - 1]!.end > APART_CHARS)) return [];
  if (labels.some((l) => l.end <= end && start - l.end <= APART_CHARS)) return [];
  return [{ rule: '3.2', kind: 'phone', start, end }];
}

/** Numbers that lead to a person or an account: telephones, cards, wallets, identity numbers, homes. */
export const numberStage: Stage = {
  name: 'numbers',
  detectors: [
    { name: 'telephones', detect: detectTelephones },
    {
      name: 'numbers in parts',
      detect: (reading) =>
        detectNumberParts(reading.folded, reading.singles, reading.ranges('number-part'), [
          ...reading.cues.label,
          ...reading.cues.order,
        ]),
    },
    {
      name: 'accounts',
      detect: ({ text, folded, runs, cues }) =>
        detectAccounts(text, folded, runs, (at) => isCued(cues.account, folded.start[at]!)),
    },
    {
      name: 'personal data',
      detect: ({ text, folded, words, runs, sets, context, found }) =>
        detectPersonal({
          original: text,
          folded,
          words,
          runs,
          sets,
          viewerNames: context.viewerNames ?? [],
          contacts: found.filter((f) => f.kind === 'phone' || f.kind === 'mail'),
        }),
    },
  ],
};
