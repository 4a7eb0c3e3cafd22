import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { LlmConfig } from '../../config/sections/services/llm.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Product } from '../../config/sections/product.js';
import { EngineError } from '../../core/errors.js';
import { silentLog } from '../../core/log.js';
import { STYLES, type Style } from '../../writer/plan-schema.js';
import type { ImproveSegment, WrittenScript } from '../../writer/write-script.js';
import { languageTag, numberBetween, requireOptions } from '../options.js';
import { counted, onOneLine } from '../print-lines.js';
import type { ProgressLog } from '../progress-log.js';

interface ScriptOptions {
  room?: string;
  product?: string[];
  lang?: string[];
  minutes: number;
  style: Style;
  wordings: number;
  llm?: string;
  model?: string;
  out: string;
}

const MAX_SHOWN = 8;

export function scriptCommand(): Command {
  return new Command('script')
    .description('Writes what the presenter says from product listings. 根据商品资料生成直播话术。')
    .option(
      '--room <file>',
      'room file: its products, language and rules; with the same file as --out its script is replaced',
    )
    .option('--product <file...>', 'product files, as `products` of a room holds them')
    .option(
      '--lang <languages>',
      'languages, such as zh,en,es; default: the room’s, else the listing’s',
      (text: string) => text.split(',').map((one) => languageTag(one.trim())),
    )
    .option('--minutes <n>', 'length of one round in minutes', numberBetween(1, 600, 'minutes'), 6)
    .addOption(new Option('--style <style>', 'how the presenter speaks').choices(STYLES).default('warm'))
    .option('--wordings <n>', 'wordings a line at most', numberBetween(1, 20, 'a number', true), 20)
    .option('--llm <url>', 'OpenAI-compatible server that rewords the lines; the key is in LLM_KEY')
    .option('--model <name>', 'model of that server')
    .option('--out <file>', 'where the script goes; - for standard output')
    .addHelpText(
      'after',
      `
Every wording is judged against the listing and the rules before it is kept. Lines about prices by quantity, attributes and
variants show the room's layers for them that have \`"shown": "on-cue"\`.

Examples:
  engine script --room my-room/room.json --out my-room/room.json
  engine script --product mug.json cup.json --lang zh,en,es --minutes 6 --out script.json
  LLM_KEY=… engine script --room room.json --llm https://api.openai.com/v1 --model gpt-4.1-mini --out -`,
    )
    .hook('preAction', requireOptions('out'))
    .action(write);
}

async function write(options: ScriptOptions): Promise<void> {
  const [{ TextJudge }, { ownWords }, { ruleActions }, { progressLog }, { writeScript }, { replaceScript }] =
    await Promise.all([
      import('../../moderation/index.js'),
      import('../../admission/texts/room-rule-actions.js'),
      import('../../admission/texts/room-rule-actions.js'),
      import('../progress-log.js'),
      import('../../writer/write-script.js'),
      import('../../writer/replace-script.js'),
    ]);
  const room = await readRoom(options);
  const products = room?.products ?? (await readProducts(options.product ?? []));
  if (products.length === 0)
    throw new EngineError('E_BAD_REQUEST', {
      where: options.room ?? '--product',
      expected: 'a product to write about',
      found: 'no product',
      todo: 'add one to `products` of the room, or name product files with --product',
    });
  const { checkPrices } = await import('../../intake/check-prices.js');
  for (const { where, found, todo } of checkPrices({ products }))
    process.stderr.write(`! ${onOneLine(`${where}: ${found}; ${todo}`, 400)}\n`);
  const languages = options.lang ?? [room?.language ?? (await languageOf(products[0]!))];
  const progress = progressLog();
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort(new Error('interrupted'));
  process.once('SIGINT', onInterrupt);
  try {
    const improve = await improver(options, room?.llm, progress, stop.signal);
    const script = await writeScript({
      products,
      languages,
      roomLanguage: room?.language ?? languages[0]!,
      minutes: options.minutes,
      style: options.style,
      maxWordings: options.wordings,
      judge: new TextJudge(
        room === undefined ? {} : { actions: ruleActions(room, silentLog), ...ownOf(ownWords(room)) },
      ),
      ...(room === undefined ? {} : { gapMs: room.script.gapMs, layers: room.layers }),
      ...(improve === undefined ? {} : { improve }),
    });
    stop.signal.throwIfAborted();
    const sameFile = options.room !== undefined && resolve(options.room) === resolve(options.out);
    await save(options.out, script, sameFile ? replaceScript : undefined);
    progress.clear();
    await report(script, options, sameFile);
    if (room !== undefined) hintLayers(room);
  } catch (error) {
    progress.clear();
    if (!stop.signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
}

const ownOf = <O>(own: O | undefined): { own?: O } => (own === undefined ? {} : { own });

async function readRoom({ room, product }: ScriptOptions): Promise<RoomConfig | undefined> {
  if ((room === undefined) === (product === undefined))
    throw new EngineError('E_BAD_REQUEST', {
      where: 'engine script',
      expected: 'either --room or --product',
      found: room === undefined ? 'neither' : 'both',
    });
  if (room === undefined) return undefined;
  const { readRoomWithoutKeys } = await import('../../config/read-room-without-keys.js');
  return readRoomWithoutKeys(room);
}

async function readProducts(files: readonly string[]): Promise<Product[]> {
  const { readProductFile } = await import('../../writer/read-product-file.js');
  return files.flatMap((file) => readProductFile(file));
}

async function languageOf(product: Product): Promise<string> {
  const [{ listingLanguage }, { sentencePlans }] = await Promise.all([
    import('../../writer/listing-language.js'),
    import('../../writer/plan-schema.js'),
  ]);
  const language = listingLanguage(product, 'en');
  return sentencePlans().has(language) ? language : 'en';
}

async function improver(
  { llm: baseUrl, model, style, wordings }: ScriptOptions,
  configured: LlmConfig | undefined,
  progress: ProgressLog,
  signal: AbortSignal,
): Promise<ImproveSegment | undefined> {
  if (baseUrl === undefined && model === undefined && configured === undefined) return undefined;
  const [{ llm }, { openChatClient }, { improveWith }] = await Promise.all([
    import('../../config/sections/services/llm.js'),
    import('../../writer/llm/chat-client.js'),
    import('../../writer/llm/improve-segment.js'),
  ]);
  const hasKey = (process.env['LLM_KEY'] ?? '') !== '';
  const asked = {
    ...configured,
    // The key of one server is not sent to another.
    ...(baseUrl === undefined ? {} : { baseUrl, apiKey: hasKey ? '${LLM_KEY}' : undefined }),
    ...(model === undefined ? {} : { model }),
  };
  const read = llm.safeParse(asked);
  if (!read.success)
    throw new EngineError('E_BAD_REQUEST', {
      where: asked.baseUrl === undefined ? '--llm' : asked.model === undefined ? '--model' : '--llm, --model',
      expected: 'an address and a model',
      found: read.error.issues[0]!.message,
    });
  const say = (text: string): void => {
    progress.clear();
    process.stderr.write(`! ${onOneLine(text, 400)}\n`);
  };
  return improveWith({
    client: openChatClient(read.data, process.env, {
      onRetry: (reason, delayMs) => progress.step(0, 1, `language model: ${reason}; next try in ${delayMs / 1000} s`),
    }),
    style,
    maxWordings: wordings,
    signal,
    onProgress: (text) => progress.step(0, 1, `language model: ${text}`),
    onWarning: (reason) =>
      say(`The language model was of no help for some lines, which keep their plain wording: ${reason}`),
  });
}

async function save(
  out: string,
  { segments }: WrittenScript,
  inPlace: ((file: string, segments: WrittenScript['segments']) => Promise<void>) | undefined,
): Promise<void> {
  if (inPlace !== undefined) return inPlace(out, segments);
  const text = `${JSON.stringify({ segments }, null, 2)}\n`;
  if (out === '-') process.stdout.write(text);
  else await (await import('../../core/files/replace-file.js')).replaceFile(out, text, { mode: 0o644 });
}

/** A ladder that is spoken and never seen is easily forgotten. */
function hintLayers({ layers, products }: RoomConfig): void {
  const isMissing = (type: 'ladder' | 'attributes', has: boolean): boolean =>
    has && !layers.some((l) => l.type === type);
  const missing = [
    ...(isMissing(
      'ladder',
      products.some(({ priceLadder }) => priceLadder.length > 0),
    )
      ? ['ladder']
      : []),
    ...(isMissing(
      'attributes',
      products.some(({ attributes }) => attributes.length > 0),
    )
      ? ['attributes']
      : []),
  ];
  if (missing.length > 0)
    process.stderr.write(
      `! The room has no layer of type ${missing.join(' and ')}; with "shown": "on-cue" the lines about it show it (docs/make-a-script.md)\n`,
    );
}

async function report(
  { lines, wordings, seconds, leftOut }: WrittenScript,
  options: ScriptOptions,
  sameFile: boolean,
): Promise<void> {
  const { leftOutText } = await import('../../writer/draft.js');
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const length = `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;
  const where =
    options.out === '-' ? '' : ` to ${options.out}${sameFile ? ' (its script replaced, the rest kept)' : ''}`;
  say(
    `✓ Wrote ${counted(lines, 'line')} in ${counted(wordings, 'wording')}, about ${length} min a round,${where || ' to standard output'}`,
  );
  if (seconds < options.minutes * 60 * 0.8)
    say(
      `! The listings give no more than that; --minutes ${options.minutes} needs more attributes, answers or products`,
    );
  for (const line of leftOut.slice(0, MAX_SHOWN)) say(`! ${onOneLine(leftOutText(line), 240)}`);
  if (leftOut.length > MAX_SHOWN) say(`! …and ${leftOut.length - MAX_SHOWN} more lines`);
}
