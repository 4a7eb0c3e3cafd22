/**
 * Insults that speakers apply to themselves: "the moron in this story is me", 我这个笨蛋, "der Trottel bin ich".
 *
 * Problem: the word is the same as for a viewer.
 * Rule: "I am a" right before it, or "is me" right after it, with at most an article between. Where "I" may also speak
 * of others ("I serve no fools"), a word between is required.
 */

const edge = (words: string): string => `(?<![\\p{L}\\p{M}])(?:${words})`;

/** Ends where the insult begins. */
const BEFORE = new RegExp(
  `(?:${[
    edge(
      "(?:i am|i['’]?m|i was|(?:i )?felt like|(?:i )?looked like|i feel like|silly me,?) (?:(?:such|quite|just|really|a|an|the|total|bit of) ){0,3}",
    ),
    edge('(?:ich bin|bin ich|ich war|war ich) (?:(?:so|ein|eine|der|die|echt|ja|halt|mal|wieder|vielleicht) ){0,3}'),
    edge('(?:soy|fui) (?:(?:yo|un|una|el|la|tan|muy|más) ){0,2}'),
    edge("(?:je suis|suis-je|j['’]étais) (?:(?:un|une|le|la|trop|vraiment|bien|moi) ){0,3}"),
    edge('(?:sono|ero) (?:(?:io|un|uno|una|proprio|il|la|che) ){1,2}'),
    edge('(?:eu sou|sou|fui) (?:(?:eu|um|uma|o|a|tão|mesmo) ){0,2}'),
    edge("(?:ik ben|ben ik|ik was) (?:(?:een|zo['’]n|de|echt|ook) ){0,3}"),
    edge('(?:jestem|byłem|byłam) (?:(?:ja|taki|taka|taką|takim|niezły) ){0,2}'),
    edge('я (?:(?:и|такой|такая|же|ещё|просто|тут|полный|полная|тот|ещё|как|сам|сама) ){1,3}'),
    edge('ben (?:(?:bir|tam|ne|de) ){1,2}'),
    edge('(?:أنا|انا) (?:ال)?'),
    edge('मैं (?:(?:ही|भी|कितना|कितनी|बड़ा|बड़ी|तो|एक) ){1,2}'),
    edge('(?:tôi|mình|em|tui) (?:(?:đúng|thật|là|đúng là|đồ|thằng|con|hơi) ){1,3}'),
    edge('(?:saya|aku) (?:(?:ini|memang|yang|si) ){1,2}'),
    '我(?:这个|真是个?|就是个|是个)',
    '(?:私|僕|俺)(?:って|は|が|も)?(?:ほんと|本当に?|ただの)',
    '(?:제가|내가|저는|나는) ?(?:참|정말|진짜|바로) ?',
    '(?:ฉัน|ผม|หนู|แม่ค้า|เรา)(?:นี่|มัน|เอง|นี่มัน)',
  ].join('|')})$`,
  'iu',
);
/** Begins where the insult ends. */
const AFTER = new RegExp(
  `^(?:${[
    "(?: (?:in|of) (?:this|the) (?:story|room)| here| today)?(?:,? that['’]?s| is| was) me",
    '(?: hier| heute)?,? (?:das )?(?:bin|war) ich',
    '(?: de la historia| aquí)?,? (?:soy|fui) yo',
    "(?: de l['’]histoire| ici)?,? c['’](?:est|était) moi",
    '(?: della storia| qui)?,? sono io',
    '(?: da história| aqui)?,? (?:sou|fui) eu',
    '(?: hier)?,? (?:dat )?(?:ben|was) ik',
    ',? (?:to|tu) ja',
    '(?: тут| здесь)?(?: —|,| это)? ?(?:это )?я',
    ' ben(?:im|dim)',
    ' (?:هو |هنا )?(?:أنا|انا)',
    ' (?:तो )?मैं',
    '(?:就)?是我',
    '(?:は|なのは)(?:私|僕|俺)',
    '(?:는|은)? ?(?:바로 )?(?:저|나)(?:예요|입니다|야)',
  ].join('|')})(?![\\p{L}\\p{M}])`,
  'iu',
);
/** Scripts without blanks have no word boundary. */
const AFTER_LOOSE = /^(?:(?:就)?是我|(?:は|なのは)(?:私|僕|俺))/u;
const REACH = 40;

/** Whether the insult at [start, end) of the text refers to the speaker. */
export function isSelfMockery(text: string, start: number, end: number): boolean {
  const behind = text.slice(end, end + REACH);
  return BEFORE.test(text.slice(Math.max(0, start - REACH), start)) || AFTER.test(behind) || AFTER_LOOSE.test(behind);
}
