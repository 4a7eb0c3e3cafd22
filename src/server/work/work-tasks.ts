/** What the work process does. Inputs come from the studio, and strangers' pages in them go to a process of their own. */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadRoom } from '../../config/load-room.js';
import type { RoomConfig } from '../../config/room-config.js';
import { productAsWritten, productFilesIn } from '../../config/resolve-room.js';
import type { Segment } from '../../config/sections/script.js';
import { TEMPLATE_LANGUAGES, type Orientation } from '../../config/templates/template.js';
import type { TemplateOptions } from '../../templates/new-from-template.js';
import type { PreviewedAnswer } from '../../config/api/events-handle.js';
import type { TwoTexts } from '../../core/alarm-kinds.js';
import type { ReportSpan, ShowReport } from '../../config/api/report-handle.js';
import type { ShowSession } from '../../report/show-report.js';
import { EngineError } from '../../core/errors.js';
import { createLog, silentLog } from '../../core/log.js';
import { withoutMarked } from '../../core/secrets.js';
import { spokenSeconds } from '../../writer/repetition.js';
import { withLocalQuantities } from '../../writer/spoken-values.js';
import type { CheckReport } from '../../check/check-room.js';
import type { Capture } from '../../intake/take-capture.js';
import type { Warning } from '../../intake/take-product.js';
import { listTemplates, type ListedTemplate } from '../../templates/list-templates.js';
import type { Listing } from '../../listing/listing.js';
import type { FilmInput } from './film-task.js';
import type { VoiceCard } from './gallery-tasks.js';
import type { MediumKind } from './media-task.js';
import type { TemplateFilmInput } from './template-film-task.js';
import type { PushInput, PushResult } from './push-task.js';
import type { TextHit } from '../../core/verdict.js';

type OnProgress = (done: number, of: number, what: string) => void;

export interface IntakeInput {
  /** Room file that the product is for. */
  readonly room: string;
  /** Folder that gets the product and its pictures. */
  readonly out: string;
  /** A link, a saved file, or a capture. */
  readonly from: { readonly link: string } | { readonly file: string } | { readonly capture: Capture };
  readonly currency?: string | undefined;
}

export interface IntakeResult {
  /** With paths relative to the room's folder. */
  readonly product: Record<string, unknown>;
  readonly warnings: readonly Warning[];
  readonly origins: Listing['origins'];
  readonly link: string | null;
}

export interface CheckInput {
  readonly file: string;
}

export interface CheckResult extends CheckReport {
  readonly missing: readonly {
    readonly model: string;
    readonly bytes: number;
    readonly text: { en: string; zh: string };
  }[];
}

export interface ScriptInput {
  readonly file: string;
  readonly minutes: number;
  readonly style: string;
  readonly languages: readonly string[];
  readonly products?: readonly string[] | undefined;
  readonly wordings: number;
  readonly useModel: boolean;
}

export interface ScriptResult {
  readonly segments: readonly Segment[];
  readonly lines: number;
  readonly seconds: number;
  readonly leftOut: readonly string[];
}

export interface JudgeInput {
  readonly file: string;
  readonly texts: readonly {
    readonly id: string;
    readonly text: string;
    readonly language?: string | undefined;
    readonly product?: string | undefined;
    readonly surface: 'speech' | 'caption' | 'reply';
  }[];
}

export interface JudgedText {
  readonly id: string;
  readonly verdict: 'clean' | 'review' | 'violation';
  readonly hits: readonly (TextHit & { readonly text: TwoTexts })[];
  readonly spokenAs: string;
  /** What may be said instead: the text without the clause that breaks the rule. */
  readonly suggestion: string | null;
  readonly seconds: number;
}

export interface MediumInput {
  /** Room file whose rules hold. */
  readonly room: string;
  readonly file: string;
  readonly use: 'layer' | 'film' | 'music';
}

export interface TemplateInput extends Omit<TemplateOptions, 'onRemark'> {
  readonly folder: string;
}

/** Ledger and records lie in the room's own folder. */
const readRoom = (file: string): RoomConfig => loadRoom(file, { withoutKeys: true, cwd: dirname(file) });

export const TASKS = {
  async templates(): Promise<{ templates: ListedTemplate[]; languages: readonly string[] }> {
    return { templates: listTemplates(), languages: TEMPLATE_LANGUAGES };
  },

  async template({ folder, ...options }: TemplateInput): Promise<{ remarks: string[] }> {
    const { newFromTemplate } = await import('../../templates/new-from-template.js');
    const remarks: string[] = [];
    await newFromTemplate(folder, { ...options, onRemark: (text) => void remarks.push(text) });
    return { remarks };
  },

  async cast(_input: object) {
    return (await import('./gallery-tasks.js')).castOf();
  },

  async presenterStill({ name, width }: { name: string; width: number }): Promise<Buffer> {
    return (await import('./gallery-tasks.js')).presenterStill(name, width);
  },

  async thumb({ file, width }: { file: string; width: number }): Promise<Buffer> {
    return (await import('./gallery-tasks.js')).backgroundThumb(file, width);
  },

  async voices({ language }: { language: string }): Promise<VoiceCard[]> {
    return (await import('./gallery-tasks.js')).voicesOf(language);
  },

  async voiceSample({ voice, language }: { voice: string; language: string }): Promise<Buffer> {
    return (await import('./gallery-tasks.js')).voiceSample(voice, language);
  },

  async filmText({ language }: { language: string }): Promise<string> {
    return (await import('./film-task.js')).readingText(language);
  },

  async film(input: FilmInput, onProgress: OnProgress): Promise<{ warnings: readonly string[] }> {
    return (await import('./film-task.js')).filmFromUploads(input, onProgress);
  },

  /** Judges an uploaded file; throws the refusal. */
  async medium({ room, file, use }: MediumInput, onProgress: OnProgress): Promise<{ kind: MediumKind }> {
    const { admitFilm, admitMedium, admitMusic } = await import('./media-task.js');
    if (use === 'film') return { kind: await admitFilm(file) };
    if (use === 'music') return { kind: await admitMusic(file) };
    return { kind: await admitMedium(readRoom(room), file, onProgress) };
  },

  async push(input: PushInput, onProgress: OnProgress): Promise<PushResult> {
    return (await import('./push-task.js')).pushTest(input, onProgress);
  },

  async rules(): Promise<{ id: string; text: TwoTexts }[]> {
    const { RULES } = await import('../../moderation/packs/index.js');
    return RULES.map(({ id, title }) => ({ id, text: { ...title } }));
  },

  async demo({ folder, from }: { folder: string; from: string }): Promise<void> {
    const { newRoom } = await import('../../templates/new-room.js');
    newRoom(folder, from);
  },

  async templateStill(input: { name: string; orientation: Orientation; width: number }): Promise<Buffer> {
    const { templatePicture } = await import('../../templates/template-picture.js');
    return templatePicture(input.name, input.orientation, { isNight: false, width: input.width });
  },

  async templateFilm(input: TemplateFilmInput): Promise<void> {
    return (await import('./template-film-task.js')).templateFilm(input);
  },

  async intake({ room, out, from, currency }: IntakeInput, onProgress: OnProgress): Promise<IntakeResult> {
    const [{ takeProduct }, { takeCapture }, { withoutDefaults }] = await Promise.all([
      import('../../intake/take-product.js'),
      import('../../intake/take-capture.js'),
      import('../../intake/write-product.js'),
    ]);
    const { language, dir } = readRoom(room);
    const options = {
      language,
      log: createLog('error'),
      onProgress,
      ...(currency === undefined ? {} : { currency }),
    };
    await mkdir(dirname(out), { recursive: true });
    try {
      const taken =
        'capture' in from
          ? await takeCapture(from.capture, { ...options, folder: out })
          : await takeProduct('link' in from ? from.link : from.file, { ...options, out, stdin: nothing() });
      const file = taken.file ?? join(out, 'product.json');
      const product = productAsWritten(productFilesIn(dirname(file), taken.product), dir);
      return {
        product: withoutDefaults(withLocalQuantities(product, language)),
        warnings: taken.warnings,
        origins: taken.listing.origins,
        link: taken.listing.link ?? null,
      };
    } catch (error) {
      await rm(out, { recursive: true, force: true });
      throw error;
    }
  },

  async check({ file }: CheckInput, onProgress: OnProgress): Promise<CheckResult> {
    const [{ checkRoom }, { missingModels }] = await Promise.all([
      import('../../check/check-room.js'),
      import('../../check/missing-models.js'),
    ]);
    const room = readRoom(file);
    const report = await checkRoom(room, {
      log: silentLog,
      signal: new AbortController().signal,
      onStep: onProgress,
    });
    const missing = missingModels(room).map(({ model, bytes, text }) => ({ model, bytes, text }));
    return { ...report, missing };
  },

  async script(input: ScriptInput, onProgress: OnProgress): Promise<ScriptResult> {
    const [{ writeScript }, { TextJudge }, { ownWords }, { ruleActions }, { leftOutText }] = await Promise.all([
      import('../../writer/write-script.js'),
      import('../../moderation/index.js'),
      import('../../admission/texts/room-rule-actions.js'),
      import('../../admission/texts/room-rule-actions.js'),
      import('../../writer/draft.js'),
    ]);
    const room = readRoom(input.file);
    const wanted = input.products;
    const products = wanted === undefined ? room.products : room.products.filter(({ id }) => wanted.includes(id));
    const own = ownWords(room);
    onProgress(1, 2, 'writing the script');
    const written = await writeScript({
      products,
      languages: input.languages.length > 0 ? [...input.languages] : [room.language],
      roomLanguage: room.language,
      minutes: input.minutes,
      style: input.style as never,
      maxWordings: input.wordings,
      judge: new TextJudge({ actions: ruleActions(room, silentLog), ...(own === undefined ? {} : { own }) }),
      gapMs: room.script.gapMs,
      layers: room.layers,
    });
    onProgress(2, 2, 'judging the lines');
    const { segments, lines, seconds, leftOut } = written;
    return { segments, lines, seconds, leftOut: leftOut.map(leftOutText) };
  },

  async judge({ file, texts }: JudgeInput): Promise<JudgedText[]> {
    const [{ LineJudge }, { ownWords }, { ruleActions }, { spokenText }, { RULES }] = await Promise.all([
      import('../../admission/texts/judge-lines.js'),
      import('../../admission/texts/room-rule-actions.js'),
      import('../../admission/texts/room-rule-actions.js'),
      import('../../speech/spoken-text.js'),
      import('../../moderation/packs/index.js'),
    ]);
    const room = readRoom(file);
    const actions = ruleActions(room, silentLog);
    const own = ownWords(room);
    const titleOf = (rule: string): TwoTexts => RULES.find(({ id }) => id === rule)?.title ?? { en: rule, zh: rule };
    return texts.map(({ id, text, language = room.language, product, surface }) => {
      const about = room.products.filter((one) => one.id === product);
      const judge = new LineJudge({
        surface,
        language,
        entry: about.length > 0 ? about : room.products,
        actions,
        ...(own === undefined ? {} : { own }),
      });
      const { verdict, hits } = judge.judgeLine({ text, cut: false });
      const spoken = spokenText(text, language);
      const rest = hits.length === 0 ? null : withoutMarked(text, hits);
      const isFine = rest !== null && judge.judgeLine({ text: rest, cut: false }).verdict === 'clean';
      return {
        id,
        verdict,
        hits: hits.map((one) => ({ ...one, text: titleOf(one.rule) })),
        spokenAs: spoken.text,
        suggestion: isFine ? rest : null,
        seconds: round(spokenSeconds(text, language, room.script.gapMs)),
      };
    });
  },

  async line({ file, segment, line }: { file: string; segment: number; line: number }): Promise<string> {
    return (await import('./line-task.js')).anotherWording(readRoom(file), segment, line);
  },

  async voice({ file, text, language, role }: VoiceInput): Promise<{ wav: Buffer; voice: string }> {
    const [{ SpeechService }, { readPackVoices }, { lineVoice }, { monoWav }] = await Promise.all([
      import('../../speech/speech-service.js'),
      import('../../avatar/presenter-pack.js'),
      import('../../show/line-voice.js'),
      import('../../audio/mono-wav.js'),
    ]);
    const room = readRoom(file);
    const speech = new SpeechService({ log: silentLog, voices: [room.presenter.voice], timeoutMs: 60_000 });
    try {
      await speech.start();
      const own = await readPackVoices(room.presenter.pack);
      const second = room.assistant?.pack === undefined ? {} : await readPackVoices(room.assistant.pack);
      const spoken = lineVoice(room, own, language === room.language ? undefined : language, role, second);
      const said = await speech.speak({ id: 'listen', text, ...spoken }, new AbortController().signal);
      return { wav: Buffer.from(monoWav(said.pcm, 48_000)), voice: said.voice };
    } finally {
      await speech.close();
    }
  },

  async ask({ file, text }: { file: string; text: string }): Promise<PreviewedAnswer> {
    const { openPreview } = await import('../../room/open/open-answers.js');
    const preview = openPreview(readRoom(file));
    try {
      return await preview.of(text);
    } finally {
      await preview.close();
    }
  },

  async report({ file, span }: { file: string; span: ReportSpan }): Promise<ShowReport> {
    const [{ storeFile }, { showReport }] = await Promise.all([
      import('../../store/open-database.js'),
      import('../../report/show-report.js'),
    ]);
    const { ledgerFile, name } = readRoom(file);
    const { atMs, untilMs } = span;
    const store = storeFile(ledgerFile);
    if (!existsSync(store)) throw new EngineError('E_NOT_FOUND', { where: 'the report', found: 'no show yet' });
    return showReport({ file: store, room: name, sinceMs: untilMs - atMs, nowMs: untilMs });
  },

  /** A room that was never on air has none. */
  async sessions({ file, sinceMs }: { file: string; sinceMs: number }): Promise<ShowSession[]> {
    const [{ storeFile }, { showSessions }] = await Promise.all([
      import('../../store/open-database.js'),
      import('../../report/show-report.js'),
    ]);
    const store = storeFile(readRoom(file).ledgerFile);
    return existsSync(store) ? showSessions({ file: store, sinceMs, nowMs: Date.now() }) : [];
  },
};

export interface VoiceInput {
  readonly file: string;
  readonly text: string;
  readonly language?: string | undefined;
  readonly role: 'host' | 'assistant';
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;

async function* nothing(): AsyncGenerator<Uint8Array> {
  // Nothing is read from standard input.
}
