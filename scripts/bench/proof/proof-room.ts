import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FrameScanner } from '../../../src/codescan/jobs/frame-scanner.js';
import type { RoomConfig } from '../../../src/config/room-config.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { ControlServer } from '../../../src/control/control-server.js';
import { silentLog } from '../../../src/core/log.js';
import { LiveRoom } from '../../../src/room/live-room.js';
import { templateRoom } from '../../../test/kit/on-air.js';
import { type ScriptFile, withForbiddenLines } from './script-lines.js';
import { ThreadStaller } from './stall-thread.js';

const TOKEN = 'proof';

/** A line of the ledger: the fields used here. */
export interface LedgerLine {
  readonly kind: string;
  readonly action: string;
  readonly frame?: number;
  readonly detail?: { readonly line?: string; readonly replacedFrames?: number };
}

/** The fields of the room file used here. */
interface ProofRoomFile {
  readonly video: { readonly width: number; readonly height: number };
  readonly script: ScriptFile;
}

interface ApiReply {
  readonly status: number;
  readonly body: { readonly id?: string; readonly result?: string } | undefined;
}

export interface ProofRoom {
  readonly live: LiveRoom;
  readonly scanner: FrameScanner;
  readonly staller: ThreadStaller;
  readonly url: string;
  /** Folder of the proof's files. */
  readonly dir: string;
  /** The room as written to its file. */
  readonly room: ProofRoomFile;
  /** The same room as loaded. */
  readonly config: RoomConfig;
  api(method: string, path: string, body?: unknown): Promise<ApiReply>;
  ledger(): LedgerLine[];
  close(): Promise<void>;
}

/**
 * The demo room, on air in this process: its own layers and presenter, its script with forbidden lines in between,
 * without music, so silence can be measured. The score that takes a room off air after some violations is set to its
 * maximum, because here they are intentional.
 */
export async function startProofRoom(dir: string, seed: number, farUrl: string): Promise<ProofRoom> {
  const base = templateRoom('demo-portrait');
  const room = {
    ...base,
    seed,
    script: withForbiddenLines(base['script'], seed),
    audio: { ...base['audio'], music: undefined },
    outputs: [{ id: 'far', kind: 'rtmp', url: farUrl }],
    control: { port: 0, rtmpPort: 0, flvPort: 0 },
    compliance: { ledger: join(dir, 'ledger.jsonl'), risk: { limit: 1000, halfLifeHours: 0.1 } },
  };
  const file = join(dir, 'room.json');
  writeFileSync(file, JSON.stringify(room));
  // The room keeps its scan threads private; to kill one, the proof must be present when they start.
  const open = FrameScanner.open.bind(FrameScanner);
  let scanner: FrameScanner | undefined;
  FrameScanner.open = async (options) => (scanner = await open(options));
  const config = loadRoom(file);
  const live = await LiveRoom.start(config, { log: silentLog, signal: new AbortController().signal }).finally(
    () => (FrameScanner.open = open),
  );
  const control = await ControlServer.start({ room: live, host: '127.0.0.1', port: 0, token: TOKEN, log: silentLog });
  if (scanner === undefined) throw new Error('the room opened no frame scanner');
  const staller = new ThreadStaller();
  return {
    live,
    scanner,
    staller,
    url: control.url,
    dir,
    room: room as unknown as ProofRoomFile,
    config,
    async api(method, path, body) {
      const reply = await fetch(control.url + path, {
        method,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : (JSON.parse(text) as ApiReply['body']) };
    },
    ledger: () =>
      readFileSync(join(dir, 'ledger.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LedgerLine),
    async close() {
      staller.close();
      await control.close();
      await live.close();
    },
  };
}
