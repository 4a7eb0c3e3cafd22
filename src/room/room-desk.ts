import { readFile, statfs } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import type { RoomAlarms } from '../alerts/room-alarms.js';
import { evidenceFolder } from '../compliance/ledger/evidence-store.js';
import type {
  DeskHandle,
  DeskMachine,
  DeskRule,
  HiddenViewer,
  SayResult,
  StoredFile,
} from '../config/api/desk-handle.js';
import type { LiveRoomConfig, RoomConfig } from '../config/room-config.js';
import { type OutputConfig, output as outputSchema } from '../config/sections/output.js';
import { valueFault } from '../config/value-fault.js';
import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { BitmapId } from '../core/media/picture.js';
import type { SceneCompiler } from '../scene/scene-compiler.js';
import { loadSharp } from '../scene/sharp.js';
import type { ReplyRules } from '../viewers/replies/reply-rules.js';
import type { RoomEvents } from '../viewers/replies/room-events.js';
import type { Broadcast } from './open/broadcast.js';
import type { Ground, Records } from './open/ground.js';
import type { Programme } from './open/programme.js';

/** The running parts of a room, as its four stages opened them, each on its close stack. */
export interface RoomParts
  extends
    Pick<Ground, 'kernels' | 'avatar' | 'speech' | 'admission' | 'fastStart'>,
    Records,
    Omit<Programme, 'scene' | 'loading'>,
    Broadcast {
  /** A live view: products, sound and presenter as they are now. */
  readonly room: RoomConfig;
  readonly live: LiveRoomConfig;
  readonly log: Log;
  readonly scene: SceneCompiler;
  /** Bitmaps of the presenter that the show began with; only their ids, so that they can be freed. */
  readonly presenterBitmaps: readonly BitmapId[];
  readonly assistantBitmaps: readonly BitmapId[];
  /** Resolves when the encoders wait for their first frame. */
  readonly encoding: Promise<void>;
}

const EVIDENCE = /^[0-9a-f]{64}\.(webp|wav)$/;
const TYPES: Readonly<Record<string, string>> = { webp: 'image/webp', wav: 'audio/wav' };
const THUMB_PX = 160;
/** Pictures of products kept after they were made. */
const MAX_THUMBS = 32;
const DISK_MS = 30_000;
/** The recording that the desk begins and ends. */
const DESK_RECORDING = 'desk-recording';
/** Outputs that a request may add. A camera device is the machine's business. */
const ADDED_KINDS: ReadonlySet<OutputConfig['kind']> = new Set(['rtmp', 'srt', 'whip', 'hls', 'recording']);

type DeskParts = Pick<RoomParts, 'room' | 'outputs' | 'makeOutputs' | 'lastSeconds' | 'ledger' | 'loop'>;

interface RoomDeskOptions {
  readonly parts: DeskParts;
  /** As the settings are now. */
  readonly rules: () => ReplyRules;
  readonly events: RoomEvents;
  readonly alarms: () => RoomAlarms | undefined;
}

/** The operator's desk of a room on air. */
export class RoomDesk implements DeskHandle {
  private readonly thumbs = new Map<string, Promise<Buffer>>();
  private times = busyTimes();
  private cpu = 0;
  private diskFree: number | null = null;
  private diskMs = -Infinity;

  constructor(private readonly options: RoomDeskOptions) {}

  rules(): readonly DeskRule[] {
    return this.options
      .rules()
      .list()
      .map(({ rule: { id, match, kinds }, on }) => ({ id, match, kinds, on }));
  }

  setRule(id: string, on: boolean): void {
    if (!this.options.rules().switch(id, on))
      throw new EngineError('E_NOT_FOUND', {
        where: `rule "${id}"`,
        found: 'no reply rule of this id',
        todo: 'GET /api/rules lists them',
      });
    this.note(on ? 'rule-on' : 'rule-off', { rule: id });
  }

  answerComment(seq: number, text: string): Promise<SayResult> {
    return this.options.events.answerComment(seq, text);
  }

  showComment(seq: number): Promise<SayResult> {
    return this.options.events.showComment(seq);
  }

  hidden(): readonly HiddenViewer[] {
    return this.options.events.hidden();
  }

  hide(viewer: HiddenViewer): void {
    this.options.events.hide(viewer);
    this.note('viewer-hidden', { platform: viewer.platform });
  }

  unhide(viewer: HiddenViewer): void {
    this.options.events.unhide(viewer);
  }

  async putOutput(id: string, body: unknown): Promise<void> {
    const { parts } = this.options;
    refuseOwn(id);
    const raw = { ...(typeof body === 'object' ? body : {}), id };
    const result = outputSchema.safeParse(raw);
    if (!result.success) {
      const { where, expected, todo } = valueFault(result.error.issues[0]!, raw, outputSchema);
      // Never `found`: it may be an address with its key.
      throw new EngineError('E_OUTPUT_INVALID', {
        where: `output "${id}"${where === '' ? '' : `: ${where}`}`,
        expected,
        ...(todo === undefined ? {} : { todo }),
      });
    }
    const config = result.data;
    if (!ADDED_KINDS.has(config.kind))
      throw new EngineError('E_OUTPUT_INVALID', {
        where: `output "${id}": kind`,
        expected: [...ADDED_KINDS].join(', '),
        found: config.kind,
        todo: 'write it into the room file',
      });
    if (config.kind === 'recording') {
      const dir = resolve(parts.room.dir, config.dir);
      if (!`${dir}${sep}`.startsWith(`${resolve(parts.room.dir)}${sep}`))
        throw new EngineError('E_OUTPUT_INVALID', {
          where: `output "${id}": dir`,
          expected: 'a folder in that of the room',
          found: 'one elsewhere',
        });
      await parts.outputs.put({ id, required: config.required, outputs: parts.makeOutputs({ ...config, dir }) });
      return this.note('output-added', { output: id });
    }
    const { required } = config;
    await parts.outputs.put({ id, required, outputs: parts.makeOutputs(config) });
    this.note('output-added', { output: id });
  }

  async removeOutput(id: string): Promise<void> {
    refuseOwn(id);
    await this.options.parts.outputs.remove(id);
    this.note('output-removed', { output: id });
  }

  reconnectOutput(id: string): void {
    this.options.parts.outputs.reconnect(id);
    this.note('output-reconnect', { output: id });
  }

  async record(on: boolean): Promise<void> {
    const { outputs, makeOutputs, room } = this.options.parts;
    const isOn = outputs.snapshots().some(({ id }) => id === DESK_RECORDING);
    if (on === isOn) return;
    if (!on) return this.removeOutput(DESK_RECORDING);
    const config = outputSchema.parse({ id: DESK_RECORDING, kind: 'recording', dir: join(room.dir, 'recordings') });
    await outputs.put({ id: DESK_RECORDING, required: false, outputs: makeOutputs(config) });
    this.note('output-added', { output: DESK_RECORDING });
  }

  keepClips(on: boolean): void {
    this.options.parts.lastSeconds.keep(on);
  }

  async clip(seconds: number): Promise<Buffer> {
    return this.options.parts.lastSeconds.clip(seconds);
  }

  async evidence(name: string): Promise<StoredFile> {
    const missing = new EngineError('E_NOT_FOUND', {
      where: 'evidence',
      expected: 'the name of a file as the ledger has it',
      found: name.slice(0, 80),
      todo: 'it may have been removed after its retention period',
    });
    const ending = EVIDENCE.exec(name)?.[1];
    if (ending === undefined) throw missing;
    try {
      const body = await readFile(join(evidenceFolder(this.options.parts.room.ledgerFile), name));
      return { contentType: TYPES[ending]!, body };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw missing;
      throw error;
    }
  }

  async productPicture(id: string): Promise<StoredFile> {
    const product = this.options.parts.room.products.find((one) => one.id === id);
    if (product === undefined)
      throw new EngineError('E_NOT_FOUND', {
        where: `product "${id}"`,
        found: 'no product of this id',
        todo: 'GET /api/products lists them',
      });
    const { image } = product;
    let made = this.thumbs.get(image);
    if (made === undefined) {
      made = thumbOf(image);
      this.thumbs.set(image, made);
      if (this.thumbs.size > MAX_THUMBS) this.thumbs.delete(this.thumbs.keys().next().value!);
      // A file that could not be read is tried again.
      made.catch(() => this.thumbs.delete(image));
    }
    return { contentType: 'image/webp', body: await made };
  }

  machine(): DeskMachine {
    const now = busyTimes();
    const total = now.total - this.times.total;
    if (total > 0) this.cpu = (now.busy - this.times.busy) / total;
    this.times = now;
    if (performance.now() - this.diskMs >= DISK_MS) {
      this.diskMs = performance.now();
      statfs(dirname(this.options.parts.room.ledgerFile)).then(
        ({ bavail, bsize }) => (this.diskFree = bavail * bsize),
        () => (this.diskFree = null),
      );
    }
    return { cpu: this.cpu, memoryBytes: process.memoryUsage.rss(), diskFreeBytes: this.diskFree };
  }

  acknowledge(which: Parameters<DeskHandle['acknowledge']>[0], by: string): number {
    const seen = this.options.alarms()?.acknowledge(which, by) ?? 0;
    if (seen > 0) this.note('alarm-seen', { alarms: seen, ...(by === '' ? {} : { by }) });
    return seen;
  }

  private note(action: string, detail: Readonly<Record<string, string | number>>): void {
    const { ledger, loop } = this.options.parts;
    ledger.append({ kind: 'operator', action, frame: loop.board.get('frame'), detail });
  }
}

async function thumbOf(image: string): Promise<Buffer> {
  const sharp = await loadSharp();
  const data = /^data:[^,]*;base64,(.*)$/s.exec(image)?.[1];
  return sharp(data === undefined ? image : Buffer.from(data, 'base64'))
    .resize(THUMB_PX, THUMB_PX, { fit: 'cover', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
}

function busyTimes(): { busy: number; total: number } {
  let [busy, total] = [0, 0];
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    busy += all - times.idle;
    total += all;
  }
  return { busy, total };
}

/** Pages, players of this machine and the camera live on these. */
function refuseOwn(id: string): void {
  if (id !== 'local' && id !== 'whep') return;
  throw new EngineError('E_IN_USE', {
    where: `output "${id}"`,
    expected: 'an output of the show',
    found: 'one that pages and the camera live on',
  });
}
