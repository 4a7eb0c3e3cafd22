import { parseArgs } from 'node:util';
import { loadRoom } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { llmAhead } from '../../src/config/sections/services/llm.js';
import { script as scriptSchema, type Script } from '../../src/config/sections/script.js';
import { silentLog } from '../../src/core/log.js';
import { templatePath } from '../../src/core/files/paths.js';
import { Rundown } from '../../src/show/rundown.js';
import { FreshWordings } from '../../src/writer/fresh/kept-wordings.js';
import { PlanWriter } from '../../src/writer/fresh/plan-writer.js';
import { FreshWriter } from '../../src/writer/fresh/fresh-writer.js';
import { ChatClient } from '../../src/writer/llm/chat-client.js';
import { playRepetition, type Repetition } from '../../src/writer/repetition.js';
import { writeScript } from '../../src/writer/write-script.js';
import { TextJudge } from '../../src/moderation/index.js';
import { inventive } from '../../test/kit/inventive-server.js';
import { chatServer } from '../../test/kit/chat-server.js';

/**
 * How often a show repeats itself: plays a day of a room's rundown by estimated speaking times, without sound, and counts the
 * sentences that were said within the two hours before. `npm run bench -- repetition [--room FILE] [--hours 24]`
 *
 * The script of the room file, and one of sentence plans as `engine script` writes it without a model, each as they are and with the
 * wordings that the plans add on air; then the room file's script with a language model on air: a server on loopback that
 * speaks the protocol and always has other wordings.
 */
const { values } = parseArgs({
  options: {
    room: { type: 'string', default: templatePath('rooms', 'demo-portrait', 'room.json') },
    hours: { type: 'string', default: '24' },
    minutes: { type: 'string', default: '6' },
  },
});
const room = loadRoom(values.room, { withoutKeys: true });
const seconds = Number(values.hours) * 3600;
const judge = new TextJudge();
let isFirst = true;

const written = await writeScript({
  products: room.products,
  languages: [room.language],
  roomLanguage: room.language,
  minutes: Number(values.minutes),
  style: 'warm',
  judge,
  gapMs: room.script.gapMs,
});
const planned = scriptSchema.parse({ gapMs: room.script.gapMs, segments: written.segments });

const day = (script: Script): Promise<Repetition> => playRepetition(new Rundown(script), seconds, room.language);

print('the room file’s wordings alone', room.script, await day(room.script));
print('sentence plans, as written', planned, await day(planned));
print('room file, plans on air', room.script, await withPlans(room, room.script));
print('sentence plans, plans on air', planned, await withPlans(room, planned));
const fresh = await withModel(room, room.script);
print('room file, language model on air', room.script, fresh.result);
const { written: kept, refused, requests, characters } = fresh;
process.stdout.write(
  `\nLanguage model: ${requests} requests, ${Math.round(characters / 1000)} thousand characters, ${kept} wordings kept, ${refused} refused.\n`,
);

function print(
  mode: string,
  script: Script,
  { spoken, repeatedShare, mean, p95, maximum, shortestGapS }: Repetition,
): void {
  if (isFirst)
    process.stdout.write(
      '| mode | lines | wordings | spoken in a day | said within the 2 h before | times a sentence is said in 2 h: mean, p95, maximum | first repeat after |\n' +
        '| --- | --- | --- | --- | --- | --- | --- |\n',
    );
  isFirst = false;
  const lines = script.segments.flatMap((one) => one.lines);
  const wordings = lines.reduce((sum, one) => sum + 1 + one.variants.length, 0);
  const gap = Number.isFinite(shortestGapS) ? `${Math.round(shortestGapS / 60)} min` : 'never';
  process.stdout.write(
    `| ${mode} | ${lines.length} | ${wordings} | ${spoken} | ${(100 * repeatedShare).toFixed(1)} % | ${mean.toFixed(1)}, ${p95}, ${maximum} | ${gap} |\n`,
  );
}

/** The same day with the plans' writer beside it, in the time of the show. */
async function withPlans({ products, language }: RoomConfig, script: Script): Promise<Repetition> {
  const rundown = new Rundown(script);
  const pool = new FreshWordings();
  rundown.wordings.added = pool;
  const writer = new PlanWriter({
    ...{ judge, pool, language, hours: 2, products: () => products, signal: new AbortController().signal },
    content: () => rundown.script.content,
    speaks: () => true,
  });
  return playRepetition(rundown, seconds, language, () => writer.step());
}

/** The same day with a language model beside it. */
async function withModel(
  { products, language }: RoomConfig,
  script: Script,
): Promise<{ result: Repetition; written: number; refused: number; requests: number; characters: number }> {
  const server = await chatServer(inventive());
  const rundown = new Rundown(script);
  const pool = new FreshWordings();
  rundown.wordings.added = pool;
  const clock = { ms: 0 };
  const writer = new FreshWriter({
    client: new ChatClient({ baseUrl: server.baseUrl, model: 'local', timeoutMs: 10_000 }),
    judge,
    config: llmAhead.parse({}),
    pool,
    products: () => products,
    language,
    content: () => rundown.script.content,
    nextSegment: () => rundown.position().segment,
    speaks: () => true,
    nowMs: () => clock.ms,
    unixMs: () => clock.ms,
    log: silentLog,
    signal: new AbortController().signal,
  });
  let [requests, characters] = [0, 0];
  const result = await playRepetition(rundown, seconds, language, async (atS) => {
    clock.ms = atS * 1000;
    await writer.step();
    const { requestsToday, charactersToday } = writer.snapshot();
    requests = Math.max(requests, requestsToday);
    characters = Math.max(characters, charactersToday);
  });
  await server.close();
  const { written: kept, refused } = writer.snapshot();
  return { result, written: kept, refused, requests, characters };
}
