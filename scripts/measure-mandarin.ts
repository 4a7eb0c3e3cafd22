/**
 * Compares Mandarin voices by a recogniser of single syllables: templates are recordings of another person (speaker 3 of
 * gcin-voice, used for this measurement alone), the syllable is the template nearest by dynamic time warping of mel
 * cepstra, the tone the nearest mean contour of pitch. Needs gcin-voice and ffmpeg.
 *
 *     npx tsx scripts/measure-mandarin.ts [--folder DIR] [--syllables 120] [--say FILE.wav]
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pinyin } from 'pinyin-pro';
import { Resampler } from '../src/core/audio/resample.js';
import { silentLog } from '../src/core/log.js';
import { mfcc, MFCC_RATE_HZ, MFCC_VALUES } from '../src/speech/align/mfcc.js';
import { EspeakProvider } from '../src/speech/espeak/espeak-provider.js';
import { MandarinVoice } from '../src/speech/mandarin/mandarin-voice.js';
import { pitchTrack } from '../src/speech/mandarin/pitch-marks.js';
import { findSyllables } from '../src/speech/mandarin/syllable-bank.js';
import { zhuyinOf } from '../src/speech/mandarin/zhuyin.js';

const { values } = parseArgs({
  options: { folder: { type: 'string' }, syllables: { type: 'string', default: '120' }, say: { type: 'string' } },
});
const folder = values.folder ?? findSyllables();
if (folder === undefined) throw new Error('gcin-voice is not installed');
const signal = new AbortController().signal;
const CONTOUR = 5;
const SENTENCE =
  '大家好欢迎来到直播间今天给大家介绍这款台灯灯光可以调节三个亮度电池能用十个小时颜色有白色黑色和绿色喜欢的朋友可以看看商品页面价格写得很清楚我们工厂做了十五年质量稳定包装结实发货需要七天左右有问题请在评论区留言马上回答谢谢支持下次再见水杯毛巾手机充电器衣服鞋子书包桌子椅子窗帘地毯锅碗刀具玩具汽车零件机器工具花园宠物食品茶叶咖啡水果蔬菜牛奶面包苹果西瓜香蕉葡萄橙子草莓';

interface Sound {
  readonly rows: Float32Array;
  readonly count: number;
  readonly contour: Float32Array | undefined;
}

const at16k = (pcm: Float32Array, fromHz: number): Float32Array =>
  fromHz === MFCC_RATE_HZ ? pcm : new Resampler(fromHz, MFCC_RATE_HZ).convert(pcm);

function soundOf(pcm: Float32Array, rateHz: number): Sound {
  const trimmed = trim(at16k(pcm, rateHz));
  return { ...mfcc(trimmed), contour: contourOf(trimmed) };
}

function trim(pcm: Float32Array): Float32Array {
  let [from, to] = [0, pcm.length];
  while (from < to && Math.abs(pcm[from]!) < 0.008) from += 1;
  while (to > from && Math.abs(pcm[to - 1]!) < 0.008) to -= 1;
  return pcm.slice(from, Math.max(to, from + 4000));
}

/** Pitch in semitones at five places of the voiced part. */
function contourOf(pcm: Float32Array): Float32Array | undefined {
  const voiced = [...pitchTrack(pcm, MFCC_RATE_HZ).periods].filter((period) => period > 0);
  if (voiced.length < 8) return undefined;
  return Float32Array.from({ length: CONTOUR }, (_, i) => {
    const at = Math.round((0.08 + (0.84 * i) / (CONTOUR - 1)) * (voiced.length - 1));
    const near = voiced.slice(Math.max(0, at - 2), at + 3).sort((a, b) => a - b);
    return -12 * Math.log2(near[near.length >> 1]!);
  });
}

/** Mean cost of the best path, any start and end within reach. */
function distance(a: Sound, b: Sound): number {
  let above = new Float64Array(b.count).fill(Infinity);
  for (let i = 0; i < a.count; i += 1) {
    const row = new Float64Array(b.count).fill(Infinity);
    for (let j = 0; j < b.count; j += 1) {
      let sum = 0;
      for (let c = 0; c < MFCC_VALUES; c += 1) sum += (a.rows[i * MFCC_VALUES + c]! - b.rows[j * MFCC_VALUES + c]!) ** 2;
      const before = i === 0 && j === 0 ? 0 : Math.min(above[j]!, j > 0 ? above[j - 1]! : Infinity, j > 0 ? row[j - 1]! : Infinity);
      row[j] = before + Math.sqrt(sum);
    }
    above = row;
  }
  return above[b.count - 1]! / (a.count + b.count);
}

function recorded(file: string): Float32Array {
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-ac', '1', '-ar', '16000', '-f', 's16le', '-']);
  return Float32Array.from({ length: raw.length >> 1 }, (_, i) => raw.readInt16LE(2 * i) / 32_768);
}

/** Characters with one reading, one for each syllable and tone. */
const wanted = new Map<string, { char: string; base: string; tone: number }>();
for (const char of new Set(SENTENCE)) {
  const readings = pinyin(char, { multiple: true, toneType: 'none', type: 'array' });
  const tone = Number(pinyin(char, { pattern: 'num' }));
  const zhuyin = zhuyinOf(readings[0]!);
  if (zhuyin === undefined || tone < 1) continue;
  const base = zhuyin.initial + zhuyin.final;
  const name = base + (tone === 1 ? '' : tone);
  if (['3.ogg', '5.ogg'].every((file) => existsSync(join(folder, name, file)))) wanted.set(name, { char, base, tone });
}
const chosen = [...wanted].slice(0, Number(values.syllables));
const templates = chosen.map(([name, { base, tone }]) => ({ base, tone, sound: soundOf(recorded(join(folder, name, '3.ogg')), 16_000) }));

/** Mean contour by tone, less the speaker's mean pitch. */
const middle = (all: readonly { sound: Sound }[]): number => {
  const contours = all.flatMap(({ sound }) => (sound.contour === undefined ? [] : [...sound.contour]));
  return contours.reduce((a, b) => a + b, 0) / contours.length;
};
const centre = middle(templates);
const means = [1, 2, 3, 4].map((tone) => {
  const own = templates.flatMap((one) => (one.tone === tone && one.sound.contour !== undefined ? [one.sound.contour] : []));
  return Float32Array.from({ length: CONTOUR }, (_, i) => own.reduce((sum, c) => sum + c[i]! - centre, 0) / own.length);
});

function report(voice: string, spoken: readonly { base: string; tone: number; sound: Sound }[]): void {
  let [first, five, tones] = [0, 0, 0];
  const own = middle(spoken);
  for (const { base, tone, sound } of spoken) {
    const ranked = templates.map((one) => ({ base: one.base, cost: distance(sound, one.sound) })).sort((a, b) => a.cost - b.cost);
    const bases = [...new Set(ranked.map((one) => one.base))];
    if (bases[0] === base) first += 1;
    if (bases.slice(0, 5).includes(base)) five += 1;
    if (sound.contour === undefined) continue;
    const costs = means.map((mean) => mean.reduce((sum, x, i) => sum + (x - (sound.contour![i]! - own)) ** 2, 0));
    if (costs.indexOf(Math.min(...costs)) + 1 === tone) tones += 1;
  }
  const share = (n: number): string => `${Math.round((100 * n) / spoken.length)} %`;
  console.log(`${voice.padEnd(28)}syllable ${share(first)}, among five ${share(five)}, tone ${share(tones)} (${spoken.length})`);
}

const syllables = new MandarinVoice({ where: 'measure', folder });
const espeak = new EspeakProvider({ log: silentLog, processes: 1, timeoutMs: 20_000 });
try {
  report('speaker 3 (itself)', templates);
  const raw = chosen.map(([name, { base, tone }]) => ({ base, tone, sound: soundOf(recorded(join(folder, name, '5.ogg')), 16_000) }));
  report('speaker 5 as recorded', raw);
  const own: { base: string; tone: number; sound: Sound }[] = [];
  const formant: { base: string; tone: number; sound: Sound }[] = [];
  const voice = { name: 'cmn', title: '', languages: ['zh'], provider: 'espeak' };
  for (const [, { char, base, tone }] of chosen) {
    const request = { text: char, language: 'zh', rate: 1, pitch: 1 };
    const { pcm, rateHz } = await syllables.synthesise(request, signal);
    own.push({ base, tone, sound: soundOf(Float32Array.from(pcm, (x) => x / 32_768), rateHz) });
    for await (const chunk of espeak.speak({ ...request, voice }, signal)) {
      formant.push({ base, tone, sound: soundOf(chunk.pcm, chunk.sampleRateHz) });
      break;
    }
  }
  report('syllables, lowered', own);
  report('eSpeak cmn', formant);
  if (values.say !== undefined) {
    const { pcm, rateHz } = await syllables.synthesise({ text: '大家好，欢迎来到直播间！这款台灯有三个亮度，价格是25元。', language: 'zh', rate: 1, pitch: 1 }, signal);
    const head = Buffer.alloc(44);
    head.write('RIFF', 0);
    head.writeUInt32LE(36 + pcm.byteLength, 4);
    head.write('WAVEfmt ', 8);
    for (const [at, word] of [[16, 16], [24, rateHz], [28, 2 * rateHz], [40, pcm.byteLength]] as const) head.writeUInt32LE(word, at);
    for (const [at, word] of [[20, 1], [22, 1], [32, 2], [34, 16]] as const) head.writeUInt16LE(word, at);
    head.write('data', 36);
    writeFileSync(values.say, Buffer.concat([head, Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)]));
    console.log(`${values.say}: ${(pcm.length / rateHz).toFixed(2)} s`);
  }
} finally {
  await espeak.close();
}
