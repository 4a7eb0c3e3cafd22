import type { Match } from '../match.js';

/**
 * "VX-2046", "WX-300": letters, a hyphen and too few figures for an account are a model, unless the listener is asked
 * to add it.
 */
const MODEL_HEAD = /\d[a-z\d]*-$/i;
const MODEL_TAIL = /^-\d{2,4}(?![\w-])/;
const ADD_BEFORE = /(?:[加+＋搜]|add|my|me on|id|at)[\s:：]{0,2}$/i;
/** 转，转: a doubled sign with a comma in it is two words. */
const PARTED_DOUBLE = /^(\p{Script=Han})[，。；、！？]\s?\1$/u;

export function isModelName(f: Match, text: string): boolean {
  const name = text.slice(f.start, f.end);
  if (PARTED_DOUBLE.test(name)) return true;
  if (!/^[vw]x$/i.test(name)) return false;
  if (MODEL_HEAD.test(text.slice(0, f.start)) && /^\d{2,4}(?!\w)/.test(text.slice(f.end, f.end + 6))) return true;
  return (
    MODEL_TAIL.test(text.slice(f.end, f.end + 8)) && !ADD_BEFORE.test(text.slice(Math.max(0, f.start - 8), f.start))
  );
}
