import { join } from 'node:path';
import { codeFilm } from './code-films.js';
import { EQUAL_LUMA, FORMATS, plainPicture, wholeCode, writtenPicture, type CodeLook } from './code-pictures.js';
import { between, pick, wait, type Injection } from './injection.js';
import type { ProofRoom } from './proof-room.js';

const CONTACTS = [
  'Call 138 1234 5678 today',
  'WeChat: lily8899',
  'Visit www.cheap-cups.example.com',
  'whatsapp +86 138 1234 5678',
  'Mail me: sales at gmail dot com',
  '加微信 lily8899 领优惠',
  '电话 一三八 一二三四 五六七八',
  'V信 同号 13812345678',
  '支付宝转账立减',
];
const WRITTEN = ['WeChat: lily8899', 'Call 13812345678', 'www.cheap-cups.com'];

/** How long wrongly admitted content stays, so receivers can show it. */
const SHOWN_MS = 700;

/** Content that admission must refuse: whole codes, lists with one, and forbidden words. */
export async function injectRefusal(room: ProofRoom, random: () => number, n: number): Promise<Injection> {
  const id = `p${n}`;
  const { way, detail, body } = await make(random, n, room.dir);
  const fromFrame = room.live.snapshot().frame;
  const { status, body: answer } = await room.api('PUT', `/api/layers/${id}`, { z: 500, x: 40, y: 60, ...body });
  const injection: Injection = { way, detail, outcome: 'refused', fromFrame, toFrame: fromFrame };
  if (status === 422) return injection;
  if (status !== 200) {
    injection.outcome = 'failed';
    process.stderr.write(`proof: ${way} (${detail}) answered ${status} ${JSON.stringify(answer)}\n`);
    return injection;
  }
  await wait(SHOWN_MS);
  await room.api('DELETE', `/api/layers/${id}`);
  return { ...injection, outcome: 'admitted', toFrame: room.live.snapshot().frame };
}

type Made = { way: string; detail: string; body: Record<string, unknown> };

async function make(random: () => number, n: number, dir: string): Promise<Made> {
  const look: CodeLook = {
    text: `https://evil.example/pay?n=${1_000_000 + n}`,
    format: random() < 0.5 ? 'QRCode' : pick(random, FORMATS),
    module: between(random, 4, 8),
    light: [255, 255, 255],
    dark: [0, 0, 0],
  };
  const code = (): Promise<string> => wholeCode(look);
  const text = pick(random, CONTACTS);
  switch (n % 12) {
    case 0:
      return { way: 'image layer', detail: look.format, body: { type: 'image', src: await code() } };
    case 1:
      return { way: 'sticker', detail: look.format, body: { type: 'sticker', src: await code() } };
    case 2: {
      const items = [await plainPicture(), await code(), await plainPicture()];
      return {
        way: 'image list',
        detail: look.format,
        body: { type: 'media', items, holdMs: 400, width: 300, height: 300 },
      };
    }
    case 3: {
      const frames = between(random, 1, 6);
      const file = join(dir, `refused-${n}.mp4`);
      await codeFilm(file, look, frames);
      return { way: 'clip', detail: `${look.format} for ${frames} frames`, body: { type: 'media', items: [file] } };
    }
    case 4: {
      const body = { type: 'image', src: await code(), opacity: 0.3 + random() * 0.6 };
      return { way: 'half-transparent image', detail: look.format, body };
    }
    case 5: {
      const src = await wholeCode({ ...look, format: 'QRCode' }, between(random, 5, 85));
      return { way: 'turned image', detail: 'QRCode', body: { type: 'image', src } };
    }
    case 6: {
      const src = await wholeCode({ ...look, format: 'QRCode', light: look.dark, dark: look.light });
      return { way: 'inverted image', detail: 'QRCode', body: { type: 'image', src } };
    }
    case 7: {
      const src = await wholeCode({ ...look, format: 'QRCode', light: EQUAL_LUMA[0], dark: EQUAL_LUMA[1] });
      return { way: 'equal-luma image', detail: 'QRCode', body: { type: 'image', src } };
    }
    case 8:
      return { way: 'text layer', detail: text, body: { type: 'text', text } };
    case 9:
      return { way: 'bubble', detail: text, body: { type: 'bubble', text } };
    case 10:
      return { way: 'ticker', detail: text, body: { type: 'ticker', items: ['Four colours', text, 'Free samples'] } };
    default: {
      const written = pick(random, WRITTEN);
      return { way: 'words in an image', detail: written, body: { type: 'image', src: await writtenPicture(written) } };
    }
  }
}
