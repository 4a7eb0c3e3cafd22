import type { Socket } from 'node:net';

/** How soon a piece is needed: a viewer waits, a line is due, or it is made ahead. */
export const PRIORITIES = ['reply', 'line', 'ahead'] as const;
export type KokoroPriority = (typeof PRIORITIES)[number];

export interface KokoroJob {
  /** Ids of the symbols, without the zeros at both ends. */
  readonly ids: readonly number[];
  /** Voices whose mean style speaks. */
  readonly voices: readonly string[];
  readonly speed: number;
  readonly priority: KokoroPriority;
}

export type KokoroRequest = { readonly id: number } & (
  | ({ readonly kind: 'speak' } & KokoroJob)
  | { readonly kind: 'cancel' }
  | { readonly kind: 'warm' }
);

/** `samples`: of each id, with the zeros at both ends. The sound follows as 16-bit samples. */
export type KokoroReply = { readonly id: number } & (
  | { readonly kind: 'done'; readonly samples: readonly number[] }
  | { readonly kind: 'failed'; readonly message: string; readonly full?: true }
);

export const KOKORO_RATE_HZ = 24_000;
export const MAX_IDS = 510;
/** A message: length of the JSON, length of the sound, both uint32 LE, then both. */
const HEAD_BYTES = 8;
const MAX_MESSAGE_BYTES = 16 << 20;

export function sendMessage(socket: Socket, message: KokoroRequest | KokoroReply, sound?: Int16Array): void {
  const json = Buffer.from(JSON.stringify(message));
  const body = sound === undefined ? Buffer.alloc(0) : Buffer.from(sound.buffer, sound.byteOffset, sound.byteLength);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(body.length, 4);
  socket.write(Buffer.concat([head, json, body]));
}

/** Calls back with each whole message; destroys a socket that sends anything else. */
export function readMessages<T>(socket: Socket, onMessage: (message: T, sound: Int16Array) => void): void {
  let parts: Buffer[] = [];
  let have = 0;
  let need = HEAD_BYTES;
  socket.on('data', (data: Buffer) => {
    parts.push(data);
    have += data.length;
    if (have < need) return;
    let all = Buffer.concat(parts);
    for (;;) {
      if (all.length < HEAD_BYTES) {
        need = HEAD_BYTES;
        break;
      }
      const [json, sound] = [all.readUInt32LE(0), all.readUInt32LE(4)];
      need = HEAD_BYTES + json + sound;
      if (need > MAX_MESSAGE_BYTES || sound % 2 !== 0) {
        socket.destroy();
        return;
      }
      if (all.length < need) break;
      try {
        const message = JSON.parse(all.toString('utf8', HEAD_BYTES, HEAD_BYTES + json)) as T;
        onMessage(message, new Int16Array(new Uint8Array(all.subarray(HEAD_BYTES + json, need)).buffer));
      } catch {
        socket.destroy();
        return;
      }
      all = all.subarray(need);
    }
    parts = all.length === 0 ? [] : [all];
    have = all.length;
  });
}
