import type { Detector, Stage } from '../detector.js';
import type { Lexicon } from '../lexicon/lexicon.js';
import { MixedPinyinDetector } from '../normalise/mixed-pinyin.js';
import { cyrillicWords, leetWords, partedSingles, tightWords } from '../normalise/normalise.js';
import { PhoneticDetector } from '../normalise/phonetic.js';
import { PinyinDetector } from '../normalise/pinyin-terms.js';
import { SkeletonDetector } from '../normalise/skeleton.js';
import { originalRange } from '../normalise/text-view.js';
import type { RulePacks } from '../packs/rule-packs.js';
import { searchView } from './lexicon-stage.js';

/** Words of the packs in disguise: digits for letters, letters apart, lookalikes, homophones, pinyin. */
export const disguiseStage = (packs: RulePacks, lexicon: Lexicon): Stage => ({
  name: 'disguises',
  detectors: [
    {
      name: 'parted and replaced letters',
      detect: ({ text, folded, gate }) =>
        [leetWords(folded), tightWords(folded), partedSingles(folded), cyrillicWords(text)].flatMap((view) =>
          view === undefined ? [] : searchView(lexicon, view, gate, text),
        ),
    },
    skeletons(packs, '3.2', 'platform'),
    skeletons(packs, '3.1', 'payment'),
    homophones(packs),
    pinyin(packs),
  ],
});

/** Platforms' and payments' names by the outlines of their letters. */
function skeletons(packs: RulePacks, rule: string, kind: string): Detector {
  const names = packs.flatMap((p) => (p.rule === rule ? (p.say[kind] ?? []) : []));
  const detector = new SkeletonDetector(
    names.map((n) => n.replace('*', '')).filter((n) => /^[a-z]{6,}$/.test(n)),
    rule,
    kind,
  );
  return { name: `outlines of ${kind} names`, detect: ({ folded }) => detector.detect(folded) };
}

/** Chinese words written by their sound; a text with kana is Japanese. */
function homophones(packs: RulePacks): Detector {
  const phonetic = new PhoneticDetector(
    wordsOf(packs, 'phonetic', 'homophone'),
    packs.flatMap((p) => p.sets['phonetic-except'] ?? []),
  );
  const mixed = new MixedPinyinDetector(wordsOf(packs, 'mixed-pinyin', 'homophone'));
  return {
    name: 'homophones',
    detect: ({ words, counts, gate }) =>
      counts.byScript['han'] === undefined || gate.japanese
        ? []
        : [...phonetic.detect(words), ...mixed.detect(words)].map(({ rule, kind, start, end }) => ({
            rule,
            kind,
            ...originalRange(words, start, end),
          })),
  };
}

/** Chinese words in Latin letters, in a text of nothing else. */
function pinyin(packs: RulePacks): Detector {
  const detector = new PinyinDetector(wordsOf(packs, 'in-pinyin', 'pinyin'));
  return {
    name: 'pinyin',
    detect: ({ words, text, counts }) =>
      counts.byScript['latin'] === counts.letters ? detector.detect(words, text) : [],
  };
}

const wordsOf = (packs: RulePacks, set: string, kind: string): { word: string; rule: string; kind: string }[] =>
  packs.flatMap((p) => (p.sets[set] ?? []).map((word) => ({ word, rule: p.rule, kind })));
