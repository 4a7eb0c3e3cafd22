/** Laughter that stands behind a sentence with or without a space: "真人吗哈哈", "realwww", "คนจริงไหม555". */
const LAUGHTER = /(?:[wｗ]{2,}|k{2,}|5{3,}|2?3{3,}|[哈呵嘿嘻]+|[笑草]+|[ㅋㅎㅠㅜ]+|ه{3,}|[)）]{2,})$/u;
/** Words of chats that carry no meaning, each behind a space or a sign. */
const WORD = new RegExp(
  `(?<![\\p{L}\\p{M}\\p{N}])(?:${[
    // Laughter.
    'l+o+l+(?:o*l+)*z?s?|lm+f?a+o+|rofl|x+d+|mdr+|ptdr+|h{2,}|(?:rs)+|(?:s?js?){3,}|w|k',
    '(?:a?[hj][aeiou]){2,}[hj]?|a?(?:ha)+h?|(?:ah){2,}a?|(?:wk)+w?|(?:хах|ахах|ха|хе|хи|ах)+а*х*|лол|кек|لول|هه+|อิ+อิ+|แหะๆ?|ฮ่า+|เอ้า',
    // How viewers call the host, and what fills a sentence.
    'bro+|bruh|dude|man|girl|guys?|sis|buddy|mate|omg|wtf|fr|ngl|tho|though|pls|please|seriously|honestly|just asking|no offen[cs]e',
    'amig[oa]|tí[oa]|wey|güey|mano|cara|menin[ao]|frère|meuf|wesh|alter|digga|raga|oddio|stary|kurde|abi|abla|kanka|ya|yaar|bhai|yar|kak|kakak|bang|vậy|thế|бро|блин|чел',
    '老铁|亲|宝子?|姐妹|主播|啊+|呀+|呢|吧|嘛|라고|언니|ねえ|まじ|ครับ|ค่ะ|คะ|จ้า|นะ',
  ].join('|')})$`,
  'iu',
);
/** Emoji, smileys, signs and spaces. */
const SIGNS = /(?:[\s\p{P}\p{S}\p{M}\p{Extended_Pictographic}]|\u200d|\ufe0f|(?<=[:;=])[dpо)(3])+$/iu;

/** A comment without the laughter and the filling words at its end: "are you real lol haha 😂" is "are you real". */
export function withoutTail(comment: string): string {
  let text = comment.normalize('NFC');
  for (;;) {
    const shorter = text.replace(SIGNS, '').replace(LAUGHTER, '').replace(WORD, '');
    if (shorter === text) return text;
    if (shorter.trim() === '') return text;
    text = shorter;
  }
}
