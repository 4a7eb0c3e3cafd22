/**
 * Words of spoken accounts in the languages of the rule packs. They are harmless by themselves and count only near a
 * forbidden match.
 */

/** "Dot" of an address. A domain ending must follow. */
export const DOT_WORDS =
  'dot|punto|ponto|punkt|point|punt|kropka|tochka|точка|nokta|titik|chấm|cham|डॉट|نقطة|نقطه|دوت|点|ドット|닷|쩜|점|จุด|ดอท';

/** Spoken names of signs in account names. */
export const SIGN_WORDS =
  'underscore|under score|hyphen|at sign|guion bajo|guión bajo|arroba|tiret bas|arobase|unterstrich|klammeraffe|trattino basso|chiocciola|sublinhado|underline|нижнее подчеркивание|нижнее подчёркивание|собака|alt çizgi|alt tire|garis bawah|gạch dưới|a còng|podkreślnik|podkreślenie|małpa|onderstrepingsteken|laag streepje|apenstaartje|下划线|艾特|小老鼠|アンダーバー|アンダースコア|アットマーク|언더바|밑줄|골뱅이|ขีดล่าง|แอด|अंडरस्कोर|ऐट द रेट|شرطة سفلية|أندرسكور|آت';

/** Beginnings of a short introduction: "We're harbour kettles there." */
export const WHO_WORDS =
  "we are|we['’]re|i am|i['’]m|it is|it['’]s|that is|that['’]s|this is|as|under|soy|somos|es|como|je suis|on est|nous sommes|c['’]est|sous|ich bin|wir sind|es ist|das ist|als|unter|io sono|sono|siamo|è|come|sou|é|ik ben|we zijn|wij zijn|het is|dat is|jestem|jesteśmy|to|jako|я|мы|это|как|biz|ben|bu|kami|saya|ini|sebagai|chúng tôi|mình|là|मैं|हम|यह|أنا|نحن|هو|هي|باسم";

/** Introductions in scripts without blanks. */
export const WHO_SIGNS = '我是|我们是|就是|那是|叫|是|私は|僕は|うちは|それは|저는|저희는|เรา|ฉัน|คือ';

/** Greetings and thanks, which are short but not names. */
export const SMALL_TALK =
  /^(?:谢谢|感谢|欢迎|大家|好的|来看|我们来|接下来|下一|这款|这个|ありがとう|では|次|さて|それでは|감사|그럼|다음|자|ขอบคุณ|สวัสดี)/u;

/** Words between the figures of a range: "7 to 15 days", "30 x 40 cm". */
export const SPAN_WORDS =
  /^\s*(?:-|–|~|～|x|×|\*|to|or|and|by|a|à|à|o|ou|y|e|et|und|bis|mal|oder|tot|en|до|и|или|на|至|到|乘|から|до|hingga|sampai|dan|đến|và|do|i|lub|ถึง|से|إلى|و|ila|ile|에서|~)?\s*$/u;

/** Words that point back: "that's us on Telegram", 微信上搜这个. */
export const BACK_WORDS =
  "that is|that['’]s|this is|it['’]s|es nuestr[oa]|es mi|ese es|esa es|eso es|así|c['’]est|voilà|das ist|das sind|so heißen|è il|è la|questo è|così|é o|é a|esse é|essa é|assim|dat is|zo heten|to nasz[ae]?|to moj[ae]?|tak|это|так|bu bizim|böyle|itu|đó là|यह|هذا|هذه|هكذا";
export const BACK_SIGNS = '这个|这就是|这是|就是我|就这|これ|이게|이걸|นี่|นั่น';
