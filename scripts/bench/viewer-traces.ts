/**
 * Sends names and comments to a room on air and searches everything that the room speaks, captions, draws on panels and
 * puts into its picture for three characters in a row of any of them.
 *
 *     npm run bench -- viewer-traces [--list FILE] [--room room.json] [--seconds 120] [--every MS] [--answers 40] [--json]
 *
 * FILE has "name TAB comment" a line; either may be empty. Without it the list is made by combination. The room is put on
 * air in this process, without its outputs and with its replies as they are, but with no pause between two answers; default:
 * the demo room. The whole list is sent in the seconds; with `--every` a group each so many milliseconds, spread over the list, since
 * a crowd that asks all at once gets few answers. Exit code 1 when a trace was found, or fewer answers than wanted went out.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRoom } from '../../src/config/load-room.js';
import { templatePath } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { LiveRoom } from '../../src/room/live-room.js';
import { recordOutgoing, sendViewers } from '../../test/kit/outgoing-texts.js';
import { typedByViewers, typedInFile } from '../../test/kit/typed-by-viewers.js';
import { ViewerTraces } from '../../test/kit/viewer-traces.js';
import { scriptOptions } from './kit/script-options.js';

const args = scriptOptions(
  import.meta.url,
  {
    list: { type: 'string' },
    room: { type: 'string', default: templatePath('rooms', 'demo-landscape', 'room.json') },
    seconds: { type: 'string', default: '120' },
    every: { type: 'string' },
    answers: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
  ({ seconds, answers }) => {
    if (!(Number(seconds) >= 5)) return `--seconds: expected 5 or more, found ${seconds}`;
    return Number.isInteger(Number(answers)) ? undefined : `--answers: expected a whole number, found ${answers}`;
  },
);
const seconds = Number(args.seconds);
const list = args.list === undefined ? typedByViewers() : typedInFile(readFileSync(args.list, 'utf8'));
const count = args.every === undefined ? list.length : Math.floor((seconds * 1000) / Number(args.every));
const groups = Array.from(
  { length: Math.min(list.length, count) },
  (_, n) => list[Math.floor((n * list.length) / Math.min(list.length, count))]!,
);
const dir = mkdtempSync(join(tmpdir(), 'showroom-traces-'));
const sent = recordOutgoing();
const stop = new AbortController();
const answered = new Set<number>();
try {
  const file = loadRoom(args.room);
  const room = {
    ...file,
    outputs: [],
    replies: { ...file.replies, minGapMs: 0 },
    control: { ...file.control, port: 0, rtmpPort: 0, flvPort: 0 },
    ledgerFile: join(dir, 'ledger.jsonl'),
  };
  const live = await LiveRoom.start(room, { log: silentLog, signal: stop.signal });
  live.events.listen(({ seq, kind, state, outcome }) => {
    if (kind === 'comment' && state === 'answered' && outcome !== undefined) answered.add(seq);
  });
  try {
    await sendViewers(async (events) => live.events.take(events as never), groups, seconds);
    // The last answers are still on their way.
    await new Promise((resolve) => setTimeout(resolve, 15_000));
  } finally {
    await live.close();
  }
  const traces = new ViewerTraces(room.products, [JSON.stringify({ ...room, products: [] })]);
  const found = [...sent.texts].flatMap(([surface, texts]) =>
    traces.find(texts, groups.flat()).map((trace) => ({ surface, ...trace })),
  );
  const counts = Object.fromEntries([...sent.texts].map(([surface, texts]) => [surface, texts.size]));
  if (args.json)
    process.stdout.write(`${JSON.stringify({ groups: groups.length, answered: answered.size, counts, found })}\n`);
  else {
    for (const { surface, sent: text, trace, typed } of found)
      process.stdout.write(
        `${surface}: ${JSON.stringify(text)} holds ${JSON.stringify(trace)} of ${JSON.stringify(typed)}\n`,
      );
    process.stdout.write(
      `${groups.length} groups of viewers, ${answered.size} comments answered; texts by surface ${JSON.stringify(counts)}; traces: ${found.length}\n`,
    );
  }
  process.exitCode = found.length > 0 || answered.size < Number(args.answers) ? 1 : 0;
} finally {
  sent.stop();
  rmSync(dir, { recursive: true, force: true });
}
