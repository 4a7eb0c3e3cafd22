import type { LayerOf } from '../../config/sections/layer.js';
import { EngineError } from '../../core/errors.js';
import { fontFamilies } from '../fonts/glyph-set.js';
import { placeBox, sizesOf } from '../place-box.js';
import { drawSvg, inkBox } from '../raster.js';
import { layoutText, type TextFace } from '../text/text-layout.js';
import { svgBlock, svgDocument } from '../text/text-svg.js';
import { aiLabel } from '../words.js';
import type { BuildContext, BuiltLayer } from './build-context.js';

/** Words that mean "made by AI" in any language. */
const AI_MARK =
  /(?<![A-Za-z])AI(?![A-Za-z])|ИИ|ШІ|ΤΝ|[Tt]ekoäly|[Yy]apay zek|人工智[能慧]|ذكاء|هوش مصنوعی|בינה מלאכותית/u;
/** Two letters that mean AI in some languages and anything else in others: a name, a size. */
const LOCAL_MARK = /(?<![A-Za-z])(IA|KI|MI)(?![A-Za-z])/u;
const LOCAL: Readonly<Record<string, string>> = {
  IA: 'fr es it pt ro ca gl',
  KI: 'de no nb nn da sv',
  MI: 'hu',
};
/** Words that accompany them in an AI label, in any language. */
const MADE = /g[eé]n[eé]r|digital|virtual|cr[eé]|erzeugt|erstellt|készít/iu;
/** "No AI", "a real person": denials. */
const DENIES =
  /(?<![\p{L}\p{M}])(?:no|not|non|none|never|without|zero|real|isn['’]?t|ne|pas|sans|aucune?|réele?|sin|ningun|ningún|kein\p{L}{0,2}|nicht|nie|ohne|echte?r?|senza|nessun\p{L}?|sem|não|nao|nenhum\p{L}?|geen|niet|zonder|bez|nem|ei|inte|ikke|ingen|не|нет|без|ні|değil|yok|gerçek|tanpa|bukan|không|बिना|नहीं|بدون|ليس|لا|غير|ללא|לא)(?![\p{L}\p{M}])|真人|[非没沒無无未不]|なし|ない|ではな|없|아닌|아님|진짜|ไม่/iu;
/** "Not a real person" has the same words and is a valid label. */
const NO_PERSON = new RegExp(
  [
    '(?:不代表|不等于|不等於|并非|並非|并不是|並不是|不是|非)(?:任何|真实|真實)?(?:真人|人物|人类|人類)',
    "(?:no|not|isn['’]?t|never)(?: an?)?(?: any)?(?: real| actual| living)? (?:human|person|people|man|woman)(?: being)?s?",
    'kein\\p{L}{0,2}(?: echte\\p{L}?| reale\\p{L}?)? (?:mensch|person)\\p{L}{0,2}',
    "(?:n['’]est )?pas (?:d['’]|une? |de )?(?:vraie? |réelle? )?(?:personne|humain)e?(?: réele?| réelle)?",
    '(?:no es|ninguna?|no)(?: una?)? (?:persona|humano)(?: real)?',
    '(?:non è|nessuna?)(?: una)? persona(?: reale| vera)?',
    '(?:não é|nao e|nenhuma)(?: uma)? pessoa(?: real)?',
    'geen(?: echte?| werkelijke?)? (?:mens|persoon)',
    'nie(?: jest)?(?: prawdziwym| realnym| prawdziwy)? (?:człowiek|człowiekiem|osobą|osoba)',
    'не(?: является)?(?: настоящий| реальный| настоящим| реальным)? человек(?:ом)?',
    'gerçek (?:bir )?(?:insan|kişi) değil(?:dir)?',
    'bukan (?:manusia|orang)(?: asli| sungguhan| nyata)?',
    'không phải(?: là)? (?:người|con người)(?: thật)?',
    'ไม่ใช่(?:คน|มนุษย์)(?:จริง)?ๆ?',
    '(?:実在|本物)の(?:人物|人間|人)(?:では(?:ありません|ない|なく))?',
    '(?:실제|실존) ?(?:사람|인물)(?:이|은)? ?(?:아님|아닙니다|아니에요|아닌)',
    'ليس(?:ت)? (?:شخص[اً]{0,2}|إنسان[اً]{0,2}|انسانا)(?: حقيقي[اً]{0,2})?',
    'असली (?:इंसान|व्यक्ति|मनुष्य) नहीं(?: है)?',
  ].join('|'),
  'giu',
);

/** Whether a text can serve as the AI label of a room in that language (BCP-47). */
export function saysAi(text: string, language: string): boolean {
  if (DENIES.test(text.replace(NO_PERSON, ' '))) return false;
  if (AI_MARK.test(text)) return true;
  const local = LOCAL_MARK.exec(text)?.[1];
  if (local === undefined) return false;
  const base = language.toLowerCase().split(/[-_]/)[0]!;
  return MADE.test(text) || LOCAL[local]!.split(' ').includes(base);
}

/** GB 45438-2025: text of at least 5 % of the frame's shortest side. */
const MIN_SHARE = 0.05;
/** Edge of the frame in which no letters stand, as a share of its width. */
const SAFE_SHARE = 0.02;
/** Letters of a label that is too wide for its place are condensed to this share of their width at most. */
const MIN_STRETCH = 0.72;
/** Fainter edges of letters are not seen. */
const MIN_INK_ALPHA = 61;
/** Pitch and first baseline of scripts without high marks, as shares of the letters' size: two lines read as one label. */
const CLOSE_LINES = { pitch: 1.2, baseline: 1 } as const;
const WITHOUT_HIGH_MARKS =
  /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Common}]*$/u;
/** Vietnamese sets two marks on a letter. */
const TWO_MARKS = /\p{M}{2}/u;

/**
 * The AI label. Its letters' ink is at least 5 % of the shortest side high; wide texts wrap, then they are condensed;
 * wherever the layer puts it, it stays inside the frame.
 */
export async function buildLabel(layer: LayerOf<'label'>, c: BuildContext, where: string): Promise<BuiltLayer> {
  const language = c.room.language;
  const text = (layer.text ?? aiLabel(language)).trim();
  if (!saysAi(text, language)) {
    throw new EngineError('E_LAYER_INVALID', {
      where: `${where}.text`,
      expected: `a text that says the presenter is AI-generated, such as "${aiLabel(language)}"`,
      found: `"${text}"`,
      todo: "leave the text out to get the label in the room's language",
    });
  }
  const { canvas } = c;
  const least = Math.ceil(canvas.shortest * MIN_SHARE);
  const margin = Math.round(canvas.shortest * 0.02);
  const face = await faceFor(text, least, c);
  const padX = Math.round(face.sizePx * 0.42);
  const most = canvas.width - 2 * (margin + padX);
  const wanted = (sizesOf(layer, canvas).width ?? Infinity) - 2 * padX;
  const inner = Math.min(most, wanted);
  const wrapped = (maxWidth: number) => layoutText(text, c.measure, { face, language, maxWidth });
  let laid = await wrapped(inner);
  // In two lines it is read at a glance: a long text is wider than wanted rather than higher.
  for (let wide = inner; laid.lines.length > 2 && wide < most; laid = await wrapped(wide))
    wide = Math.min(most, wide * 1.1);
  // A label with a width of its own stands in two lines in every language, so also a short one.
  const parts = text.split(/\s*[·•|]\s*|\s+/u);
  if (laid.lines.length === 1 && parts.length === 2 && layer.width !== undefined) {
    const widths = await Promise.all(parts.map((part) => c.measure.ink(part, face)));
    const folded = await wrapped(Math.ceil(Math.max(...widths.map(({ width }) => width))) + 2);
    if (folded.lines.length === 2) laid = folded;
  }
  // A mark between its parts is not needed where they stand on lines of their own.
  const lines = laid.lines.map((line, i) => ({
    ...line,
    text: i + 1 < laid.lines.length ? line.text.replace(/\s*[·•|]\s*$/u, '') : line.text,
  }));
  const isLow = WITHOUT_HIGH_MARKS.test(text) && !TWO_MARKS.test(text.normalize('NFD'));
  const padY = Math.round(face.sizePx * (isLow ? 0.12 : 0.06));
  const block = {
    ...laid,
    lines,
    ...(isLow && {
      lineHeight: Math.round(face.sizePx * CLOSE_LINES.pitch),
      baseline: Math.round(face.sizePx * CLOSE_LINES.baseline),
    }),
  };
  const stretch = Math.max(MIN_STRETCH, Math.min(1, wanted / block.width));
  const width = Math.min(canvas.width, Math.ceil(block.width * stretch) + 2 * padX);
  const height = Math.min(canvas.height, block.lines.length * block.lineHeight + 2 * padY);
  const radius = Math.min(height / 2, face.sizePx * 0.45);
  const svg =
    `<rect width="${width}" height="${height}" rx="${radius}" fill="#0b0e14" fill-opacity="0.62"/>` +
    `<g transform="translate(${padX} ${padY}) scale(${stretch} 1)">` +
    svgBlock(block, 0, (width - 2 * padX) / stretch, 0, {
      face,
      colour: '#ffffff',
      align: block.lines.length > 1 ? 'left' : 'center',
    }) +
    '</g>';
  const raster = await drawSvg(c.sharp, svgDocument(width, height, svg), width, height);
  const at = placeBox(layer, width, height, canvas);
  const even = (v: number, room: number): number => Math.max(0, Math.min(v, room)) & ~1;
  const right = canvas.width - width;
  // One that is too wide for its place moves until its letters are in the safe area.
  const x = at.x > right ? right - Math.max(0, Math.ceil(canvas.width * SAFE_SHARE) - padX) : at.x;
  const box = { ...at, x: even(x, right), y: even(at.y, canvas.height - height) };
  return { box, sprites: [{ raster, dx: 0, dy: 0 }], text };
}

/** The smallest face with that ink height for this text, measured on the drawn letters. */
async function faceFor(text: string, leastPx: number, c: BuildContext): Promise<TextFace> {
  const families = fontFamilies('sans', c.room.language);
  let sizePx = Math.ceil(leastPx * 1.02);
  for (;;) {
    const face: TextFace = { families, sizePx, bold: true };
    const width = Math.ceil(sizePx * (text.length + 2));
    const line = svgDocument(
      width,
      sizePx * 2,
      svgBlock(
        {
          lines: [{ text, start: 0, units: [], width: 0 }],
          wantedLines: 1,
          rightToLeft: false,
          width: 0,
          lineHeight: sizePx * 2,
          baseline: Math.round(sizePx * 1.3),
        },
        0,
        width,
        0,
        { face, colour: '#ffffff', align: 'center' },
      ),
    );
    const ink = inkBox(await drawSvg(c.sharp, line, width, sizePx * 2), MIN_INK_ALPHA);
    if (ink === undefined || ink.height >= leastPx) return face;
    sizePx += Math.max(1, Math.floor((leastPx - ink.height) * 0.9));
  }
}
