/** Pictures and sounds of the galleries. */
import { readFile } from 'node:fs/promises';
import { monoWav } from '../../audio/mono-wav.js';
import { fitInto } from '../../avatar/load-presenter.js';
import { listCast, type CastCard } from '../../avatar/list-cast.js';
import { readPresenterPack } from '../../avatar/presenter-pack.js';
import { stillSvg } from '../../avatar/presenter-still.js';
import { listSpeakers } from '../../admission/texts/list-speakers.js';
import { sayText } from '../../admission/texts/say-text.js';
import { templatePath } from '../../core/files/paths.js';
import { isKokoro } from '../../speech/kokoro/human-voices.js';
import { loadSharp } from '../../scene/sharp.js';

const GROUND = '#dfe9ef';

export const castOf = (): Promise<CastCard[]> => listCast();

/** A portrait: head and shoulders. */
export async function presenterStill(name: string, width: number): Promise<Buffer> {
  const sharp = await loadSharp();
  const pack = await readPresenterPack(templatePath('presenters', name));
  const size = { width: width * 2, height: Math.round(width * 2.4) };
  const fit = fitInto(pack.manifest, { x: 0, y: 0, ...size });
  return sharp(stillSvg(pack, fit, size))
    .flatten({ background: GROUND })
    .extract({
      left: Math.round(size.width * 0.22),
      top: 0,
      width: Math.round(size.width * 0.56),
      height: Math.round(size.width * 0.63),
    })
    .resize(width)
    .webp({ quality: 84 })
    .toBuffer();
}

export async function backgroundThumb(file: string, width: number): Promise<Buffer> {
  const sharp = await loadSharp();
  return sharp(await readFile(file))
    .resize(width)
    .webp({ quality: 78 })
    .toBuffer();
}

export interface VoiceCard {
  readonly name: string;
  readonly provider: string;
  readonly kind: 'native' | 'accented' | 'robot';
  readonly installed: boolean;
}

/** The voices that speak a language, human ones first. */
export function voicesOf(language: string): VoiceCard[] {
  const seen = new Set<string>();
  return listSpeakers(language).flatMap(({ kind, voices, installed }) =>
    voices.flatMap((name): VoiceCard[] => {
      if (seen.has(name)) return [];
      seen.add(name);
      const provider = kind === 'robot' ? 'espeak' : isKokoro(name) ? 'kokoro' : 'heart';
      return [{ name, provider, kind, installed }];
    }),
  );
}

const SAMPLES: Readonly<Record<string, string>> = {
  en: 'Welcome! This bottle is four dollars eighty, from five hundred pieces.',
  zh: '欢迎来到直播间！这款保温杯四块八，五百个起订。',
  es: '¡Bienvenidos! Esta botella cuesta cuatro dólares con ochenta.',
  fr: 'Bienvenue ! Cette bouteille coûte quatre dollars quatre-vingts.',
  de: 'Willkommen! Diese Flasche kostet vier Dollar achtzig.',
  pt: 'Bem-vindos! Esta garrafa custa quatro dólares e oitenta.',
  it: 'Benvenuti! Questa bottiglia costa quattro dollari e ottanta.',
  ru: 'Добро пожаловать! Эта бутылка стоит четыре доллара восемьдесят.',
  ja: 'ようこそ。このボトルは四ドル八十セントです。',
  ko: '어서 오세요! 이 보틀은 4달러 80센트입니다.',
  ar: 'أهلا وسهلا! سعر هذه الزجاجة أربعة دولارات وثمانون سنتا.',
  hi: 'स्वागत है! इस बोतल की कीमत चार डॉलर अस्सी सेंट है।',
  id: 'Selamat datang! Botol ini harganya empat dolar delapan puluh sen.',
  vi: 'Chào mừng! Chiếc bình này giá bốn đô la tám mươi xu.',
  th: 'ยินดีต้อนรับ ขวดนี้ราคาสี่ดอลลาร์แปดสิบเซนต์',
  tr: 'Hoş geldiniz! Bu şişe dört dolar seksen sent.',
};

/** A sentence of a show in one voice, as WAV. */
export async function voiceSample(voice: string, language: string): Promise<Buffer> {
  const text = SAMPLES[language.split('-')[0]!] ?? SAMPLES['en']!;
  const { pcm } = await sayText(text, { language, voice, seed: undefined });
  return Buffer.from(monoWav(pcm, 48_000));
}
