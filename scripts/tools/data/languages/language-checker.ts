import type { Closeable } from '../../../../src/core/closeable.js';
import { formatPieces, formatPrice, scriptOf, type Language } from '../../../../src/config/languages/language-table.js';
import { toEngineError } from '../../../../src/core/errors.js';
import { silentLog } from '../../../../src/core/log.js';
import { fontFamilies, type GlyphSet, readGlyphs } from '../../../../src/scene/fonts/glyph-set.js';
import { drawSvg, inkBox, type Raster } from '../../../../src/scene/raster.js';
import { loadSharp } from '../../../../src/scene/sharp.js';
import { layoutText, TextMeasure } from '../../../../src/scene/text/text-layout.js';
import { escapeXml } from '../../../../src/scene/text/escape-xml.js';
import { svgBlock, svgDocument, svgLine, type LineStyle } from '../../../../src/scene/text/text-svg.js';
import { EspeakProvider, isSwitch } from '../../../../src/speech/espeak/espeak-provider.js';
import { SpeechService } from '../../../../src/speech/speech-service.js';
import { wordsOf } from '../../../../src/speech/assemble-utterance.js';

/** Speech of a letter or a syllable sign. */
const MIN_SECONDS_PER_LETTER = 0.03;
const MAX_SECONDS_PER_LETTER = 0.5;
const MIN_LUFS = -40;
/** Share of the 20 ms blocks that are within 30 dB of the loudest one. */
const MIN_VOICED_SHARE = 0.4;
const BLOCK = 960;
const CAPTION = { width: 640, sizePx: 40, maxLines: 4 };
/** Scripts whose letters change with their neighbours: joiners between them must change the picture. */
const SHAPED = /^(?:Arab|Beng|Deva|Gujr|Guru|Khmr|Knda|Mlym|Mymr|Orya|Sinh|Taml|Telu)$/;

/** Difference between the measured and the drawn width of a line beyond which letters were drawn otherwise. */
const MAX_WIDTH_SHARE = 0.05;

export interface LanguageReport {
  readonly row: Language;
  readonly faults: readonly string[];
  /** Letters without a glyph in the fonts of this machine. */
  readonly missing: readonly string[];
  /** Undefined without an embedded voice. */
  readonly speech: { readonly seconds: number; readonly lufs: number } | undefined;
  readonly caption: Raster | undefined;
}

/** Speaks and draws the first line of a language with the parts that a room uses. */
export class LanguageChecker implements Closeable {
  private readonly espeak = new EspeakProvider({ log: silentLog, processes: 1, timeoutMs: 10_000 });
  private readonly speech = new SpeechService({ log: silentLog, provider: this.espeak });
  private readonly measure = new TextMeasure(loadSharp);
  private glyphs: GlyphSet | undefined;

  async check(row: Language): Promise<LanguageReport> {
    const faults: string[] = [];
    const speech = row.voice === null ? await this.unspoken(row, faults) : await this.spoken(row, faults);
    this.glyphs ??= await readGlyphs();
    const texts = [
      row.greeting,
      row.label,
      row.native,
      formatPrice(1234.5, row.currency, row.tag),
      formatPieces(500, row.tag),
    ];
    const missing = this.glyphs.missing(texts.join(' '));
    // Boxes would be drawn: a font is a matter of the machine, and reported by itself.
    const caption = missing.length > 0 ? undefined : await this.drawn(row, faults);
    return { row, faults, missing, speech, caption };
  }

  close(): Promise<void> {
    return this.speech.close();
  }

  private async unspoken({ tag, greeting }: Language, faults: string[]): Promise<undefined> {
    const refused = await this.speech.voiceFor(tag).then(
      ({ name }) => `voice ${name} was found`,
      (error: unknown) => {
        const { code, found = '' } = toEngineError(error, tag);
        return code === 'E_VOICE_UNKNOWN' && found.includes('azure') ? '' : `no provider is named: ${found}`;
      },
    );
    if (refused !== '') faults.push(refused);
    if (wordsOf(greeting, tag).length < 2) faults.push('the line has no words');
  }

  private async spoken(row: Language, faults: string[]): Promise<LanguageReport['speech']> {
    const { tag, greeting, voice } = row;
    const signal = new AbortController().signal;
    const said = await this.speech.speak({ id: tag, text: greeting, language: tag }, signal);
    const letters = greeting.match(/\p{L}/gu)?.length ?? 1;
    const seconds = said.pcm.length / 48_000;
    if (said.voice !== voice) faults.push(`spoken by ${said.voice}`);
    if (seconds < letters * MIN_SECONDS_PER_LETTER || seconds > letters * MAX_SECONDS_PER_LETTER)
      faults.push(`${seconds.toFixed(2)} s for ${letters} letters`);
    if (said.loudnessLufs < MIN_LUFS) faults.push(`${said.loudnessLufs.toFixed(1)} LUFS`);
    const voiced = voicedShare(said.pcm);
    if (voiced < MIN_VOICED_SHARE) faults.push(`only ${Math.round(100 * voiced)} % of it is heard`);
    if (said.words.length !== wordsOf(greeting, tag).length) faults.push('words without a time');
    return { seconds, lufs: said.loudnessLufs };
  }

  /** Changes to the voice of another language within the line. */
  async switches({ greeting, voice }: Language): Promise<number> {
    if (voice === null) return 0;
    const { name = voice } = (await this.speech.voices()).find((one) => one.name === voice) ?? {};
    const job = { text: greeting.replaceAll('&', '&amp;'), voice: name, rate: 165, pitch: 50 };
    const { events } = await this.espeak.pool.run(job, new AbortController().signal);
    return events.filter(({ type, name: sound }) => type === 'phoneme' && isSwitch(sound)).length;
  }

  private async drawn({ greeting, tag, script, ...row }: Language, faults: string[]): Promise<Raster> {
    const face = { families: fontFamilies('sans', tag), sizePx: CAPTION.sizePx, bold: true };
    const { width, maxLines } = CAPTION;
    const block = await layoutText(greeting, this.measure, { face, language: tag, maxWidth: width, maxLines });
    if (block.wantedLines > maxLines) faults.push(`${block.wantedLines} lines of caption`);
    const { direction } = scriptOf({ ...row, greeting, tag, script });
    if (block.rightToLeft !== (direction === 'rtl')) faults.push('reads in the wrong direction');
    const height = block.lines.length * block.lineHeight;
    const style = { face, colour: '#ffffff', align: 'left', rightToLeft: block.rightToLeft } as const;
    const svg = svgDocument(width, height, svgBlock(block, 0, width, 0, style));
    const raster = await drawSvg(loadSharp, svg, width, height);
    const ink = inkBox(raster);
    if (ink === undefined || ink.width < width / 4) faults.push('the caption has no ink');
    const off: string[] = [];
    for (const { text, width: measured } of block.lines) {
      const wide = await this.widthOnOneLine(text, style);
      if (Math.abs(wide - measured) > measured * MAX_WIDTH_SHARE) off.push(`${wide} px instead of ${measured}`);
    }
    if (off.length > 0 !== (row.misdrawn === true))
      faults.push(`lines are drawn wide: ${off.join(', ') || 'none, as known'}`);
    if (SHAPED.test(script)) {
      const apart = [...greeting].join(NON_JOINER);
      const [joined, separate] = [await this.measure.ink(greeting, face), await this.measure.ink(apart, face)];
      if (joined.width === separate.width) faults.push('the letters are not shaped');
    }
    return raster;
  }

  private async widthOnOneLine(text: string, style: LineStyle): Promise<number> {
    const [width, height] = [2 * CAPTION.width, 3 * CAPTION.sizePx];
    const line = svgLine(escapeXml(text), 20, width - 20, 2 * CAPTION.sizePx, style);
    return inkBox(await drawSvg(loadSharp, svgDocument(width, height, line), width, height))?.width ?? 0;
  }
}

const NON_JOINER = '\u200c';

function voicedShare(pcm: Float32Array): number {
  const powers: number[] = [];
  for (let from = 0; from + BLOCK <= pcm.length; from += BLOCK) {
    let sum = 0;
    for (let i = from; i < from + BLOCK; i += 1) sum += pcm[i]! * pcm[i]!;
    powers.push(sum);
  }
  const loudest = Math.max(0, ...powers);
  return powers.filter((power) => power > loudest / 1000).length / Math.max(1, powers.length);
}
