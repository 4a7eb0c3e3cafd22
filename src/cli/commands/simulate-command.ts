import { Command } from 'commander';
import type { EventRecord, PreviewedAnswer } from '../../config/api/events-handle.js';
import { EngineError } from '../../core/errors.js';
import { type HeldAnswer, heldFetch } from '../../core/net/held-fetch.js';
import { languageTag, numberBetween, perMinute } from '../options.js';
import { LinePrinter, onOneLine } from '../print-lines.js';

interface AskOptions {
  room: string;
  product?: string;
  lang?: string;
  json?: boolean;
}

export function askCommand(): Command {
  return new Command('ask')
    .description('Says what the host of a room would answer, and why. 试问主播：会怎样回答，依据是什么。')
    .argument('[text]', 'a comment; without it, one comment a line on standard input')
    .requiredOption('--room <file>', 'room file: its products, language, rules and words apply')
    .option('--product <id>', 'the product on screen; default: the first')
    .option('--lang <language>', 'answer in this language alone; default: the comment’s', languageTag)
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      `
Nothing goes on air. An answer comes from the room's rules, from the listing, or is a line without a fact ("evasive"); "silent" says
nothing, "hostile" is never answered. "margin" is the distance to the second meaning: where it is small nobody answers.
观众的问题由房间规则、商品页回答；拿不准就给一句不含事实的话，或者不回答。

Examples:
  engine ask --room my-room.json "how heavy is it"
  engine ask --room my-room.json --lang es "cuanto pesa"
  engine ask --room my-room.json --json < comments.txt`,
    )
    .action(ask);
}

async function ask(text: string | undefined, { room: file, product, lang, json }: AskOptions): Promise<void> {
  const [{ openPreview }, { readRoomWithoutKeys }, { splitLines }] = await Promise.all([
    import('../../room/open/open-answers.js'),
    import('../../config/read-room-without-keys.js'),
    import('../../admission/texts/judge-lines.js'),
  ]);
  const read = readRoomWithoutKeys(file);
  const room = lang === undefined ? read : { ...read, replies: { ...read.replies, languages: [lang] }, language: lang };
  const preview = openPreview(room, product);
  const out = new LinePrinter();
  const answer = async (comment: string): Promise<void> => {
    const found = await preview.of(comment);
    await out.print(json === true ? JSON.stringify(found) : inWords(found));
  };
  try {
    // The model and its tables are loaded by the first comment of a show; the times below are those of the others.
    await preview.of('hello');
    if (text !== undefined) return await answer(text);
    if (process.stdin.isTTY === true) process.stderr.write('Type comments; Ctrl-D ends. 每行一条评论，Ctrl-D 结束。\n');
    for await (const line of splitLines(process.stdin)) {
      await answer(line.text);
      if (out.closed) break;
    }
    process.stdin.destroy();
  } finally {
    await preview.close();
  }
}

function inWords({ comment, outcome, answer, meaning, by, margin, source, reason, tookMs }: PreviewedAnswer): string {
  const why = [
    `${by}: ${meaning ?? 'nothing understood'}`,
    ...(margin === undefined ? [] : [`margin ${margin}`]),
    ...(source === null ? [] : [source]),
    ...(reason === undefined ? [] : [reason]),
    `${tookMs} ms`,
  ];
  return `${onOneLine(comment)}\n  ${outcome.padEnd(9)} ${answer === undefined ? '' : onOneLine(answer, 300)}\n  (${why.join('; ')})`;
}

interface SimulateOptions {
  room?: string;
  url?: string;
  token?: string;
  rate: number;
  seconds?: number;
  seed: number;
}

/** Answers that come after the last comment are still printed. */
const LINGER_MS = 8000;
const OPEN_MS = 3000;

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Plays viewers of a room on air: questions in three languages, likes, orders. 模拟观众互动。')
    .option('--room <file>', 'room file: the address of its engine on this machine')
    .option('--url <url>', 'address of the engine, such as http://127.0.0.1:8080')
    .option('--token <token>', 'the token printed at start; default: ENGINE_TOKEN')
    .option('--rate <rate>', 'events, such as 20/min', perMinute, 20)
    .option('--seconds <n>', 'how long; default: until Ctrl-C', numberBetween(1, 86_400, 'seconds'))
    .option('--seed <n>', 'the same seed plays the same events', numberBetween(0, 0xffff_ffff, 'a number', true), 1)
    .addHelpText(
      'after',
      `
A few comments are hostile or hold contacts: they must stay without an answer.

Examples:
  engine simulate --room my-room/room.json --token TOKEN --rate 20/min
  ENGINE_TOKEN=… engine simulate --url http://127.0.0.1:8080 --rate 60/min --seconds 120 --seed 7`,
    )
    .action(simulate);
}

async function simulate({ room, url, token, rate, seconds, seed }: SimulateOptions): Promise<void> {
  const [{ simulatedViewers }, { default: WebSocket }, { sleep }] = await Promise.all([
    import('../../viewers/simulator/simulated-viewers.js'),
    import('ws'),
    import('../../core/sleep.js'),
  ]);
  const base = await addressOf(room, url);
  const key = token ?? process.env['ENGINE_TOKEN'];
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/api/events`, ['showroom'], { headers: authorization });
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as { type: string; event?: EventRecord };
    if (message.event?.platform === 'simulator') print(message.event);
  });
  socket.on('error', () => undefined);
  const printed = new Map<string, string>();
  const print = (event: EventRecord): void => {
    const text = eventInWords(event);
    if (text === undefined || printed.get(event.id) === text) return;
    printed.delete(event.id);
    printed.set(event.id, text);
    if (printed.size > 1000) printed.delete(printed.keys().next().value!);
    process.stdout.write(`${text}\n`);
  };
  const opened = new Promise<void>((done) => socket.once('open', () => done()).once('close', () => done()));
  try {
    // Without a WebSocket the events are played all the same, unseen.
    await Promise.race([opened, sleep(OPEN_MS, stop.signal).catch(() => undefined)]);
    const untilMs = seconds === undefined ? Infinity : performance.now() + seconds * 1000;
    for (const event of simulatedViewers(seed, Date.now().toString(36))) {
      if (stop.signal.aborted || performance.now() >= untilMs) break;
      await send(base, event, authorization, stop.signal);
      await sleep(60_000 / rate, stop.signal).catch(() => undefined);
    }
    if (!stop.signal.aborted) await sleep(LINGER_MS, stop.signal).catch(() => undefined);
  } finally {
    socket.terminate();
    process.removeListener('SIGINT', end).removeListener('SIGTERM', end);
  }
}

async function addressOf(room: string | undefined, url: string | undefined): Promise<string> {
  if ((room === undefined) === (url === undefined))
    throw new EngineError('E_BAD_REQUEST', {
      where: 'engine simulate',
      expected: 'either --room or --url',
      found: room === undefined ? 'neither' : 'both',
    });
  if (url !== undefined) return url.replace(/\/+$/, '');
  const { readRoomWithoutKeys } = await import('../../config/read-room-without-keys.js');
  return `http://127.0.0.1:${readRoomWithoutKeys(room!).control.port}`;
}

async function send(base: string, event: object, headers: Record<string, string>, signal: AbortSignal): Promise<void> {
  let reply: HeldAnswer;
  try {
    reply = await heldFetch(`${base}/api/events`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(event),
      signal,
    });
  } catch (cause) {
    if (signal.aborted) return;
    throw new EngineError('E_BAD_REQUEST', {
      where: base,
      expected: 'a room on air',
      found: 'no answer',
      todo: 'start it first: engine start --room FILE',
      cause,
    });
  }
  await reply.drop();
  if (reply.ok) return;
  throw new EngineError(reply.status === 401 ? 'E_UNAUTHORIZED' : 'E_BAD_REQUEST', {
    where: `${base}/api/events`,
    expected: 'an event that is taken',
    found: `status ${reply.status}`,
    ...(reply.status === 401 ? { todo: 'give the token that the engine printed at start with --token' } : {}),
  });
}

/** One line an event; undefined for steps between. */
function eventInWords({ kind, user, text, state, answer, reason, path, about }: EventRecord): string | undefined {
  const who = onOneLine(user, 30);
  const asked = kind === 'comment' ? `${who}: ${onOneLine(text ?? '', 100)}` : `${who} (${kind})`;
  const how = path === undefined ? '' : ` [${path}${about === undefined || about === '' ? '' : ` ${about}`}]`;
  switch (state) {
    case 'answered':
      return `✓ ${asked}${answer === undefined ? '' : `\n    → ${onOneLine(answer, 300)}`}${how}`;
    case 'merged':
      return `= ${asked}${how}${reason === undefined ? '' : ` ${reason}`}`;
    case 'unanswered':
      return `? ${asked}\n    no answer: ${onOneLine(reason ?? '', 160)}${how}`;
    case 'hostile':
      return `✗ ${asked}\n    hostile: kept from picture and sound`;
    case 'ignored':
      return `· ${asked} (${reason ?? 'ignored'})`;
    case 'taken':
      return `  ${asked}`;
    case 'answering':
      return undefined;
  }
}
