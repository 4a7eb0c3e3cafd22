import { Admission } from '../admission/admission.js';
import { admittedPictures, openKnownWords } from '../admission/admitted-pictures.js';
import { type CheckFault, checkRights } from '../admission/check-rights.js';
import { pictureKey } from '../admission/picture-memory.js';
import { filledTexts, shownTexts, slateOf } from '../admission/texts/layer-texts.js';
import { forbids, forbidsShown } from '../admission/texts/refuse-texts.js';
import { checkActions, ownWords } from '../admission/texts/room-rule-actions.js';
import { togetherHits } from '../admission/texts/shown-together.js';
import { loadMusic } from '../audio/load-music.js';
import { loadPresenter } from '../avatar/load-presenter.js';
import type { PresenterData } from '../avatar/presenter-data.js';
import { readPackVoices } from '../avatar/presenter-pack.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Layer } from '../config/sections/layer.js';
import { wordingsOf } from '../config/sections/script.js';
import { CloseStack } from '../core/close-stack.js';
import { toEngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { frameIndex } from '../core/time.js';
import type { Surface, TextHit } from '../core/verdict.js';
import { findFfmpeg } from '../encoder/process/find-ffmpeg.js';
import { checkPrices } from '../intake/check-prices.js';
import { baseLanguage, findDrawnCode, judgeAcross, type OwnWords, recentText, TextJudge } from '../moderation/index.js';
import { RuleActions } from '../moderation/packs/index.js';
import { loadKernels } from '../native/load-kernels.js';
import { PictureProcess } from '../scene/drawing/picture-process.js';
import { readGlyphs } from '../scene/fonts/glyph-set.js';
import type { Admit } from '../scene/picture-store.js';
import { SceneCompiler, type SceneDeps } from '../scene/scene-compiler.js';
import { presenterBox } from '../scene/place-box.js';
import { judgeSpoken } from '../show/judge-spoken.js';
import { lineVoice, voiceLanguage } from '../show/line-voice.js';
import { Listings } from '../show/listings.js';
import { SpeechService } from '../speech/speech-service.js';
import { clipDeps, loadAssistant, lookOf } from '../stage/room-assets.js';
import { checkEvents } from '../viewers/events/event-intake.js';
import { cleanValue, namesProduct } from '../writer/spoken-name.js';
import { listingLanguage } from '../writer/listing-language.js';
import { checkComposed } from './check-composed.js';
import { checkCover } from './check-cover.js';
import { checkGlyphs, lintLayout } from './layout/lint-layout.js';
import { checkLedger } from './check-ledger.js';
import { checkLikeness } from './check-likeness.js';
import { checkOutputs } from './check-outputs.js';
import type { CheckTools } from './check-tools.js';

/** A segment of fewer lines may be a bridge or a remark. */
const MIN_LINES = 3;

/** Segments that present a product and never say what it is: viewers who come in later do not know what is sold. */
export function checkNames(room: RoomConfig): CheckFault[] {
  const roomLanguage = baseLanguage(room.language);
  return room.script.segments.flatMap(({ product: id, lines }, i) => {
    const product = room.products.find((one) => one.id === id);
    if (product === undefined) return [];
    const listing = listingLanguage(product, roomLanguage);
    const languageOf = (line: { readonly language?: string | undefined }): string =>
      baseLanguage(line.language ?? room.language);
    return [...new Set(lines.map(languageOf))].flatMap((language) => {
      const said = lines.filter((line) => languageOf(line) === language);
      const names = said.some((line) =>
        wordingsOf(line).some((text) => namesProduct(text, product, language, listing)),
      );
      if (said.length < MIN_LINES || names) return [];
      return [
        {
          severity: 'fault' as const,
          where: `script.segments[${i}]`,
          expected: `a line in "${language}" that says what "${product.id}" is`,
          found: `${said.length} lines, none of which names it`,
          todo: `name it in a line, or give products "${product.id}" a name.${language} and run engine script`,
        },
      ];
    });
  });
}

export interface CheckReport {
  readonly room: string;
  readonly faults: readonly CheckFault[];
  readonly checked: { readonly lines: number; readonly assets: number; readonly products: number };
}

export interface CheckOptions {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Processes of the caller's, who closes them; by default the check starts its own. */
  readonly tools?: CheckTools;
  /** Called before each of `of` steps. */
  readonly onStep?: (step: number, of: number, what: string) => void;
}

/** Steps of every room; each layer and product, and a cover, is a further step. */
const FIXED_STEPS = 10;

/** Speech and singing in music are not judged, so a person must have listened. */
export function checkMusicWords({ audio: { music } }: RoomConfig): CheckFault[] {
  if (music === undefined || music.instrumental) return [];
  return [
    {
      severity: 'warning',
      where: 'audio.music.instrumental',
      expected: '`true`, by someone who has listened: words in music are not judged',
      found: '`instrumental` is not set',
    },
  ];
}

/**
 * Caches admission by pixels. Each scene opened during the check judges the pictures of all products: without the
 * cache ten products would cost a hundred hard scans.
 */
export function admitOnce(admit: Admit): Admit {
  const judged = new Map<string, Promise<void>>();
  return (picture) => {
    const key = pictureKey(picture) + JSON.stringify(picture.texts ?? []);
    const verdict = judged.get(key) ?? admit(picture);
    judged.set(key, verdict);
    return verdict;
  };
}

/** The room's own words. With a fault in them the other texts are judged without them. */
export function checkOwnWords(room: RoomConfig): { own: OwnWords | undefined; faults: readonly CheckFault[] } {
  try {
    return { own: ownWords(room), faults: [] };
  } catch (cause) {
    const { where, expected = 'known rules', found, message, todo } = toEngineError(cause, 'compliance.words');
    const place = where?.replace(`${room.file}: `, '') ?? 'compliance.words';
    const fault = { where: place, expected, found: found ?? message, ...(todo === undefined ? {} : { todo }) };
    return { own: undefined, faults: [{ severity: 'fault', ...fault }] };
  }
}

/** Checks the whole room without going on air: judges every text, loads and scans every asset, tries the voices. */
export async function checkRoom(room: RoomConfig, { log, signal, tools, onStep }: CheckOptions): Promise<CheckReport> {
  const own = room.layers.length - 1 + room.products.length + (room.cover === undefined ? 0 : 1);
  let step = 0;
  const report = (what: string): void => onStep?.((step += 1), FIXED_STEPS + own, what);
  report('texts');
  const actions = new RuleActions(room.compliance.actions);
  const { own: roomWords, faults: wordFaults } = checkOwnWords(room);
  const judge = new TextJudge({ actions, own: roomWords });
  const stack = new CloseStack(log);
  const shared = tools?.speechFor(room.presenter.voice);
  const { speech, fault: voiceFault } = shared === undefined ? openVoices(room, log) : { speech: shared, fault: [] };
  if (speech !== shared) stack.add(speech);
  const faults = [
    ...checkActions(actions),
    ...wordFaults,
    ...checkRights(room),
    ...checkPrices(room),
    ...checkOutputs(room),
    ...checkEvents(room),
    ...checkMusicWords(room),
    ...checkNames(room),
    ...checkTexts(room, judge, speech),
    ...voiceFault,
  ];
  const guard = async (where: string, task: () => Promise<unknown>): Promise<void> => {
    report(where);
    try {
      await task();
    } catch (cause) {
      const e = toEngineError(cause, where);
      const fault = {
        where: placeInRoom(room, e.where, where),
        expected: e.expected ?? 'no error',
        found: e.found ?? e.message,
      };
      // A broken package concerns all pictures alike.
      const isSame = (f: CheckFault): boolean =>
        f.found === fault.found && (f.where === fault.where || e.code === 'E_PACKAGE');
      if (!faults.some(isSame)) {
        faults.push({ severity: 'fault', ...fault });
      }
    }
  };
  try {
    const kernels = loadKernels();
    const remembered = { admitted: admittedPictures(room, log), known: openKnownWords(log) };
    const admission = stack.add(
      new Admission({
        kernels,
        log,
        ledger: () => undefined,
        judge,
        room,
        shared: tools?.judgesFor(room),
        ...remembered,
      }),
    );
    admission.readsText = true;
    const ffmpeg = findFfmpeg();
    const clips = await ffmpeg.then(
      (found) => clipDeps({ ffmpeg: found, log, signal }, admission),
      () => undefined, // the fault is the music's
    );
    const admit = admitOnce(admission.admit);
    const { draw, page } = tools?.pictures ?? stack.add(new PictureProcess({ log }));
    const deps: SceneDeps = { kernels, log, admit, draw, ...(clips === undefined ? {} : { clips }) };
    await guard('compliance.ledger', async () => void faults.push(...(await checkLedger(room.ledgerFile))));
    await guard('voice', async () => (voiceFault.length === 0 ? checkVoices(room, speech) : undefined));
    await guard('fonts', async () => void faults.push(...checkGlyphs(room, await readGlyphs())));
    await guard('music', async () => checkMusic(room, (await ffmpeg).decoder.path, signal));
    let presenter: PresenterData | undefined;
    await guard('presenter', async () => {
      const box = presenterBox(room);
      const ffmpegPath = async (): Promise<string> => (await ffmpeg).decoder.path;
      presenter = await loadPresenter(room.presenter.pack, {
        box,
        kernels,
        log,
        ffmpegPath,
        ...lookOf(room.presenter),
      });
    });
    let assistant: PresenterData | undefined;
    await guard('assistant', async () => {
      const ffmpegPath = async (): Promise<string> => (await ffmpeg).decoder.path;
      assistant = await loadAssistant(room, { kernels, log, ffmpegPath });
    });
    for (const layer of room.layers) {
      if (layer.type !== 'presenter' && layer.type !== 'assistant')
        await guard(`layer "${layer.id}"`, () => sceneWith(room, [layer], deps).open());
    }
    for (const product of room.products) {
      await guard(`product "${product.id}"`, async () => {
        // One at a time: together, the first failure would hide the others.
        const segments = room.script.segments.map((segment) => ({ ...segment, product: product.id }));
        const alone = { ...room, products: [product], script: { ...room.script, segments } };
        const scene = sceneWith(alone, [PRODUCT_PICTURE], deps);
        await scene.open();
        await scene.product(product.id, frameIndex(0));
      });
    }
    await guard('slate', () => new SceneCompiler(room, deps).slate(slateOf(room)));
    const { cover } = room;
    if (cover !== undefined) {
      await guard('cover', async () => void faults.push(...(await checkCover(cover, admission, page))));
    }
    await guard('pictures', async () => void faults.push(...(await checkLikeness(room, draw))));
    await guard('composed picture', async () => {
      faults.push(...(await checkComposed(room, { kernels, draw, presenter, assistant, admission, clips })));
    });
    admission.remember();
    if (room.compliance.ocr.pictures !== 'never' && !(await admission.canRead())) {
      const found = 'the reader does not run on this machine';
      faults.push({ severity: 'warning', where: 'pictures', expected: 'words in pictures that are read', found });
    }
    // Every picture and clip was judged above; the layout only measures them.
    const unjudged = async (): Promise<void> => undefined;
    const measured = clips && { ...clips, admit: unjudged };
    await guard('layout', async () => {
      faults.push(...(await lintLayout(room, { kernels, draw, admit: unjudged, presenter, clips: measured })));
    });
  } finally {
    await stack.close();
  }
  return { room: room.name, faults, checked: counts(room) };
}

const PRODUCT_PICTURE: Layer = {
  type: 'image',
  id: 'product-picture',
  src: 'product',
  fit: 'contain',
  radius: 0,
  z: 0,
  anchor: 'center',
  x: 0,
  y: 0,
  opacity: 1,
};

/** Maps a scene's own layer index to the place in the room file. */
function placeInRoom(room: RoomConfig, where: string, guarded: string): string {
  return where.replace(/^layers\[\d+\] "([^"]+)"(\.src)?/, (own, id: string, source = '') => {
    const product = room.products.findIndex((p) => guarded === `product "${p.id}"`);
    if (id === PRODUCT_PICTURE.id && product >= 0) return `products[${product}].image`;
    const index = room.layers.findIndex((l) => l.id === id);
    return index < 0 ? own : `layers[${index}] "${id}"${source}`;
  });
}

/** A scene of only these layers, so that every fault is found, not just the first. */
function sceneWith(room: RoomConfig, layers: readonly Layer[], deps: SceneDeps): SceneCompiler {
  return new SceneCompiler(
    { ...room, layers: [...room.layers.filter((l) => l.type === 'presenter'), ...layers] },
    deps,
  );
}

function checkTexts(room: RoomConfig, judge: TextJudge, speech: Pick<SpeechService, 'spoken'>): CheckFault[] {
  const faults: CheckFault[] = [];
  const entries = new Listings(room.products);
  const hitsOf = (text: string, surface: Surface, language: string, product?: string): readonly TextHit[] => {
    const context = { surface, language, entry: entries.of(product, text) };
    if (surface !== 'speech') return judge.judge(text, context).hits;
    const spokenIn = voiceLanguage(room, language === room.language ? undefined : language);
    return judgeSpoken(judge, text, speech.spoken(text, spokenIn), context).hits;
  };
  const judgeText = (where: string, text: string, surface: Surface, language: string, product?: string): void => {
    const refuses = surface === 'caption' && !where.startsWith('script.') ? forbidsShown : forbids;
    for (const hit of hitsOf(text, surface, language, product)) {
      const severity = refuses(hit) ? 'fault' : 'warning';
      faults.push({
        severity,
        where,
        expected: 'words that keep the rules',
        found: `"${hit.match.slice(0, 60)}" (${hit.kind})`,
        rule: hit.rule,
      });
    }
  };
  for (const { where, text, product } of filledTexts(shownTexts(room), room)) {
    judgeText(where, text, 'caption', room.language, product);
    const drawn = findDrawnCode(text);
    if (drawn === undefined) continue;
    const expected = 'a text without characters that can draw a code';
    faults.push({ severity: 'fault', where, expected, found: `"${drawn.match}" (${drawn.kind})`, rule: drawn.rule });
  }
  for (const [p, product] of room.products.entries()) {
    for (const [f, text] of product.facts.entries())
      judgeText(`products[${p}].facts[${f}]`, text, 'entry', room.language);
    const own = listingLanguage(product, room.language);
    for (const [f, { answer }] of product.faq.entries()) {
      const hit = hitsOf(cleanValue(answer), 'reply', own, product.id).find((one) => forbids(one));
      if (hit === undefined) continue;
      faults.push({
        severity: 'warning',
        where: `products[${p}].faq[${f}].answer`,
        expected: 'an answer that may be said to viewers',
        found: `"${hit.match.slice(0, 60)}" (${hit.kind}): it is left out, and viewers who ask are sent to the page`,
        rule: hit.rule,
      });
    }
  }
  const across = (where: string, besides: string, hit: TextHit): void => {
    faults.push({
      severity: forbids(hit) ? 'fault' : 'warning',
      where,
      expected: `words that keep the rules beside ${besides}`,
      found: `"${hit.match.slice(0, 60)}" (${hit.kind}), which completes it`,
      rule: hit.rule,
    });
  };
  for (const { where, besides, hit } of togetherHits(judge, room)) across(where, besides, hit);
  let said = { text: '', where: '' };
  room.script.segments.forEach((segment, s) =>
    segment.lines.forEach((line, l) => {
      const where = `script.segments[${s}].lines[${l}]`;
      const language = line.language ?? room.language;
      const { product } = segment;
      judgeText(`${where}.text`, line.text, 'speech', language, product);
      for (const [v, text] of line.variants.entries()) {
        judgeText(`${where}.variants[${v}]`, text, 'speech', language, product);
        if (line.caption !== '') judgeText(`${where}.variants[${v}]`, text, 'caption', language, product);
      }
      for (const hit of judgeAcross(judge, said.text, line.text, language)) across(`${where}.text`, said.where, hit);
      said = { text: recentText(said.text, line.text), where: `${where}.text` };
      if (line.caption !== undefined && line.caption !== '')
        judgeText(`${where}.caption`, line.caption, 'caption', language, product);
    }),
  );
  for (const [f, text] of room.script.fillers.entries()) {
    judgeText(`script.fillers[${f}]`, text, 'speech', room.language);
    judgeText(`script.fillers[${f}]`, text, 'caption', room.language);
  }
  for (const [i, { text, language = room.language }] of room.takeover.quickPhrases.entries()) {
    judgeText(`takeover.quickPhrases[${i}].text`, text, 'speech', language);
    judgeText(`takeover.quickPhrases[${i}].text`, text, 'caption', language);
  }
  return faults;
}

/** The voices without their keys; the embedded ones alone where a model cannot be opened. */
function openVoices(room: RoomConfig, log: Log): { speech: SpeechService; fault: CheckFault[] } {
  try {
    return { speech: new SpeechService({ log, voices: [room.presenter.voice] }), fault: [] };
  } catch (cause) {
    const { where, expected = 'a voice', found, message } = toEngineError(cause, 'presenter.voice');
    const fault: CheckFault = { severity: 'fault', where, expected, found: found ?? message };
    return { speech: new SpeechService({ log }), fault: [fault] };
  }
}

async function checkVoices(room: RoomConfig, speech: SpeechService): Promise<void> {
  await speech.start();
  const own = await readPackVoices(room.presenter.pack);
  const second = room.assistant?.pack === undefined ? {} : await readPackVoices(room.assistant.pack);
  const others = new Set(room.script.segments.flatMap((s) => s.lines.flatMap((l) => l.language ?? [])));
  for (const role of ['host', 'assistant'] as const) {
    for (const line of [undefined, ...others]) {
      const { language, voice, provider } = lineVoice(room, own, line, role, second);
      await speech.voiceFor(language, voice, provider);
    }
  }
}

async function checkMusic(room: RoomConfig, ffmpegPath: string, signal: AbortSignal): Promise<void> {
  if (room.audio.music !== undefined) await loadMusic(room.audio.music.src, { ffmpegPath, signal });
}

function counts(room: RoomConfig): CheckReport['checked'] {
  const pictures = room.layers.reduce(
    (sum, l) => sum + (l.type === 'image' || l.type === 'sticker' ? 1 : l.type === 'media' ? l.items.length : 0),
    0,
  );
  return {
    lines: room.script.segments.reduce((sum, s) => sum + s.lines.length, 0),
    assets:
      pictures +
      room.products.length +
      1 +
      (room.cover === undefined ? 0 : 1) +
      (room.audio.music === undefined ? 0 : 1),
    products: room.products.length,
  };
}
