/** Zhuyin (bopomofo) of pinyin syllables without tone, as the recordings are named. */
const INITIALS: Readonly<Record<string, string>> = {
  ...{ b: 'ㄅ', p: 'ㄆ', m: 'ㄇ', f: 'ㄈ', d: 'ㄉ', t: 'ㄊ', n: 'ㄋ', l: 'ㄌ', g: 'ㄍ', k: 'ㄎ', h: 'ㄏ' },
  ...{ j: 'ㄐ', q: 'ㄑ', x: 'ㄒ', zh: 'ㄓ', ch: 'ㄔ', sh: 'ㄕ', r: 'ㄖ', z: 'ㄗ', c: 'ㄘ', s: 'ㄙ' },
};
const FINALS: Readonly<Record<string, string>> = {
  ...{ a: 'ㄚ', o: 'ㄛ', e: 'ㄜ', ai: 'ㄞ', ei: 'ㄟ', ao: 'ㄠ', ou: 'ㄡ', an: 'ㄢ', en: 'ㄣ', ang: 'ㄤ', eng: 'ㄥ' },
  ...{ er: 'ㄦ', i: 'ㄧ', ia: 'ㄧㄚ', io: 'ㄧㄛ', ie: 'ㄧㄝ', iao: 'ㄧㄠ', iou: 'ㄧㄡ', ian: 'ㄧㄢ', in: 'ㄧㄣ' },
  ...{ iang: 'ㄧㄤ', ing: 'ㄧㄥ', u: 'ㄨ', ua: 'ㄨㄚ', uo: 'ㄨㄛ', uai: 'ㄨㄞ', uei: 'ㄨㄟ', uan: 'ㄨㄢ', uen: 'ㄨㄣ' },
  ...{ uang: 'ㄨㄤ', ong: 'ㄨㄥ', ueng: 'ㄨㄥ', ü: 'ㄩ', üe: 'ㄩㄝ', üan: 'ㄩㄢ', ün: 'ㄩㄣ', iong: 'ㄩㄥ' },
};
const SHORTENED: Readonly<Record<string, string>> = { iu: 'iou', ui: 'uei', un: 'uen', ue: 'üe', v: 'ü', ve: 'üe' };
/** A final without an initial is spelled with y or w. */
const ALONE: Readonly<Record<string, string>> = {
  ...{ yi: 'i', ya: 'ia', yo: 'io', ye: 'ie', yao: 'iao', you: 'iou', yan: 'ian', yin: 'in', yang: 'iang' },
  ...{ ying: 'ing', yong: 'iong', yu: 'ü', yue: 'üe', yuan: 'üan', yun: 'ün', wu: 'u', wa: 'ua', wo: 'uo' },
  ...{ wai: 'uai', wei: 'uei', wan: 'uan', wen: 'uen', wang: 'uang', weng: 'ueng' },
};

export interface Zhuyin {
  readonly initial: string;
  readonly final: string;
}

/** @returns undefined for anything else than a syllable of Mandarin */
export function zhuyinOf(pinyin: string): Zhuyin | undefined {
  const syllable = pinyin.toLowerCase();
  const alone = FINALS[ALONE[syllable] ?? syllable];
  if (alone !== undefined) return { initial: '', final: alone };
  const latin = /^(?:[zcs]h|[bpmfdtnlgkhjqxrzcs])/.exec(syllable)?.[0] ?? '';
  const initial = INITIALS[latin];
  if (initial === undefined) return undefined;
  let rest = syllable.slice(latin.length);
  if (rest === 'i' && /^(?:[zcs]h?|r)$/.test(latin)) return { initial, final: '' };
  if (/^[jqx]$/.test(latin)) rest = rest.replace(/^u(?=$|e$|an$|n$)/, 'ü');
  const final = FINALS[SHORTENED[rest] ?? rest];
  return final === undefined ? undefined : { initial, final };
}

/** Sounds of a syllable in IPA, for the mouth. */
const INITIAL_IPA: Readonly<Record<string, string>> = {
  ...{ ㄅ: 'p', ㄆ: 'p', ㄇ: 'm', ㄈ: 'f', ㄉ: 't', ㄊ: 't', ㄋ: 'n', ㄌ: 'l', ㄍ: 'k', ㄎ: 'k', ㄏ: 'x' },
  ...{ ㄐ: 'tɕ', ㄑ: 'tɕ', ㄒ: 'ɕ', ㄓ: 'ʈʂ', ㄔ: 'ʈʂ', ㄕ: 'ʂ', ㄖ: 'ʐ', ㄗ: 'ts', ㄘ: 'ts', ㄙ: 's' },
};
const PART_IPA: Readonly<Record<string, readonly string[]>> = {
  ...{ ㄚ: ['a'], ㄛ: ['o'], ㄜ: ['ɤ'], ㄝ: ['ɛ'], ㄞ: ['a', 'i'], ㄟ: ['e', 'i'], ㄠ: ['a', 'u'], ㄡ: ['o', 'u'] },
  ...{ ㄢ: ['a', 'n'], ㄣ: ['ə', 'n'], ㄤ: ['ɑ', 'ŋ'], ㄥ: ['ə', 'ŋ'], ㄦ: ['ɚ'], ㄧ: ['i'], ㄨ: ['u'], ㄩ: ['y'] },
};

export const zhuyinIpa = ({ initial, final }: Zhuyin): { initial: string; final: readonly string[] } => ({
  initial: INITIAL_IPA[initial] ?? '',
  final: final === '' ? ['ɨ'] : [...final].flatMap((part) => PART_IPA[part] ?? []),
});
