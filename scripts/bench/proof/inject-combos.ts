import { join } from 'node:path';
import { pieceFilm } from './code-films.js';
import { cutCode, EQUAL_LUMA, plainPicture, type Colour, type CodeLook, type Format } from './code-pictures.js';
import { between, pick, wait, type Injection } from './injection.js';
import type { ProofRoom } from './proof-room.js';

const WAYS = [
  'side by side',
  'sliding together',
  'half transparent',
  'clip that plays',
  'one frame long',
  'moving in',
  'list that turns',
];
const FORMATS: readonly Format[] = [
  'QRCode',
  'QRCode',
  'QRCode',
  'QRCode',
  'MicroQRCode',
  'DataMatrix',
  'Aztec',
  'PDF417',
];
const COLOURS: readonly (readonly [Colour, Colour])[] = [
  [
    [255, 255, 255],
    [0, 0, 0],
  ],
  [
    [255, 255, 255],
    [0, 0, 0],
  ],
  [
    [250, 240, 220],
    [120, 20, 30],
  ],
  [
    [0, 0, 0],
    [255, 255, 255],
  ],
  EQUAL_LUMA,
];
/** In colours of equal luma only QR codes are looked for; a show has a PDF417 that is light on dark read once a second. */
const coloursOf = (format: Format): typeof COLOURS => {
  if (format === 'QRCode') return COLOURS;
  return format === 'PDF417' ? COLOURS.slice(0, 3) : COLOURS.slice(0, 4);
};
/** A stall beyond the supervisor's limit for a scan, so the thread is ended. */
const STALL_MS = 1200;
/** Maximum frames a layer has been drawn when its request is answered. */
const SHOWN_BEFORE = 10;

export type Trouble = 'none' | 'killed' | 'stalled';

/**
 * A code that only appears in the composed picture: strips that are harmless one by one, each admitted separately. Only
 * the gate can detect it. With `trouble`, the scan thread dies or stalls as it appears.
 */
export async function injectCombo(
  room: ProofRoom,
  random: () => number,
  n: number,
  trouble: Trouble,
): Promise<Injection> {
  const way = WAYS[n % WAYS.length]!;
  const format = pick(random, FORMATS);
  const [light, dark] = pick(random, coloursOf(format));
  const look: CodeLook = {
    text: `https://evil.example/m${1_000_000 + n}`,
    format,
    module: format === 'PDF417' ? 2 : between(random, 4, 9),
    light,
    dark,
  };
  const pieces = await cutCode(look, between(random, 2, 3), format !== 'PDF417' && random() < 0.5);
  const width = Math.max(...pieces.map((p) => p.dx + p.width));
  const height = Math.max(...pieces.map((p) => p.dy + p.height));
  const x = between(random, 0, Math.max(0, room.room.video.width - width));
  const y = between(random, 120, Math.max(120, room.room.video.height - height));
  const last = pieces.length - 1;
  const opacity = way === 'half transparent' ? 0.45 + random() * 0.45 : 1;
  const blank = way === 'list that turns' ? await plainPicture() : '';
  const film = way === 'clip that plays' ? join(room.dir, `piece-${n}.mp4`) : undefined;
  if (film !== undefined) await pieceFilm(film, pieces[last]!, look, between(random, 6, 24));
  const reply = { refused: false, failed: [] as number[] };
  const note = (status: number): void => {
    reply.refused ||= status === 422;
    if (status !== 200 && status !== 422) reply.failed.push(status);
  };
  const detail = `${format}, ${pieces.length} strips, ${look.module} px a module${trouble === 'none' ? '' : `, thread ${trouble}`}`;
  // An admitted clip appears at once the next time; otherwise the other strips would wait seconds for it.
  if (film !== undefined) {
    const { status } = await room.api('PUT', `/api/layers/c${n}-film`, { type: 'media', items: [film], opacity: 0 });
    note(status);
    await room.api('DELETE', `/api/layers/c${n}-film`);
  }
  const partsFrom = room.live.snapshot().frame;
  const troubledAt: number[] = [];
  const noteTrouble = (): number => troubledAt.push(room.live.snapshot().frame);
  let fromFrame = room.live.snapshot().frame;
  for (const [i, piece] of pieces.entries()) {
    const base = {
      x: x + piece.dx,
      y: y + piece.dy,
      z: 600,
      anchor: 'top-left',
      width: piece.width,
      height: piece.height,
      opacity,
    };
    const moving = way === 'moving in' || i === last;
    const body =
      i === last && film !== undefined
        ? { ...base, width: piece.width & ~1, height: piece.height & ~1, type: 'media', items: [film], fit: 'fill' }
        : i === last && way === 'list that turns'
          ? {
              ...base,
              type: 'media',
              items: [blank, piece.src],
              fit: 'fill',
              holdMs: between(random, 400, 900),
              fadeMs: between(random, 0, 200),
            }
          : {
              ...base,
              type: random() < 0.5 ? 'image' : 'sticker',
              src: piece.src,
              fit: 'fill',
              ...(moving ? motion(way, random, x) : {}),
            };
    if (i === last) {
      fromFrame = room.live.snapshot().frame;
      if (trouble !== 'none') noteTrouble();
      if (trouble === 'stalled') room.staller.stall(room.scanner.threadIds[0] ?? -1, STALL_MS);
      if (trouble === 'killed') void room.scanner.kill(0);
    }
    const { status } = await room.api('PUT', `/api/layers/c${n}-${i}`, body);
    // A clip's frames are scanned before it appears, which takes a while.
    if (i === last && film !== undefined) fromFrame = room.live.snapshot().frame - SHOWN_BEFORE;
    note(status);
  }
  // The second time it dies with the same job: then the frame must be replaced, not passed.
  if (trouble === 'killed') {
    await wait(between(random, 60, 400));
    noteTrouble();
    await room.scanner.kill(0);
  }
  await wait(between(random, 900, 1700));
  const order = pieces.map((_, i) => i);
  for (const i of random() < 0.5 ? order : order.toReversed()) await room.api('DELETE', `/api/layers/c${n}-${i}`);
  const toFrame = room.live.snapshot().frame + 4;
  const failed = reply.failed.length > 0;
  const outcome = failed ? 'failed' : reply.refused ? 'refused' : 'composed';
  const name = trouble === 'none' ? way : `${way}, scan thread ${trouble}`;
  const said = failed ? `${detail}, answered ${reply.failed.join(', ')}` : detail;
  return { way: name, detail: said, outcome, fromFrame, toFrame, partsFrom, troubledAt };
}

/** Keyframes of the last strip (or of all, where they enter together). */
function motion(way: string, random: () => number, x: number): Record<string, unknown> {
  const ms = between(random, 300, 900);
  switch (way) {
    case 'sliding together':
      return {
        motion: {
          keyframes: [
            { atMs: 0, dx: between(random, 80, 400) },
            { atMs: ms, dx: 0 },
          ],
        },
      };
    case 'moving in': {
      // The same for every strip, whatever the order of their requests: it ends long after the last of them.
      const dx = -x - 700;
      return {
        motion: {
          keyframes: [
            { atMs: 0, dx },
            { atMs: 800, dx: 0, easing: 'linear' },
          ],
        },
      };
    }
    case 'one frame long': {
      const key = (atMs: number, opacity: number): Record<string, unknown> => ({ atMs, opacity, easing: 'linear' });
      return { motion: { keyframes: [key(0, 0), key(ms, 0), key(ms + 34, 1), key(ms + 68, 0)] } };
    }
    default:
      return {};
  }
}
