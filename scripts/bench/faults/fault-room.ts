import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadRoom } from '../../../src/config/load-room.js';
import { silentLog } from '../../../src/core/log.js';
import { templatePath } from '../../../src/core/files/paths.js';
import type { OutputEvent, OutputSnapshot } from '../../../src/config/api/room-handle.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { LiveRoom } from '../../../src/room/live-room.js';
import { preferThisProcess } from '../../../src/native/process-priority.js';
import { endWithUs } from '../kit/end-with-us.js';
import { FlvWatch } from './flv-watch.js';
import { NginxRtmp } from './nginx-rtmp.js';
import { TcpProxy } from './tcp-proxy.js';
import { WhepViewerPage } from './whep-viewer-page.js';

const ROOM_MB = 200;
/** Of the external avatar, which stays away but for the fault that floods its port. */
process.env['FAULTS_AVATAR_KEY'] = 'key-of-an-avatar-without-end';

/** One room with five outputs and a watcher for each of them. */
export class FaultRoom {
  private closers: (() => unknown)[] = [];
  live!: LiveRoom;
  proxy!: TcpProxy;
  shaken!: NginxRtmp;
  rejecting!: NginxRtmp;
  viewer: WhepViewerPage | undefined;
  /** Players of the undisturbed outputs. */
  watches: Record<string, FlvWatch> = {};
  disk = '';
  private flooding: ChildProcess | undefined;

  static async open(): Promise<FaultRoom> {
    const room = new FaultRoom();
    try {
      await room.start();
      return room;
    } catch (e) {
      await room.close();
      throw e;
    }
  }

  private async start(): Promise<void> {
    const later = <T>(value: T, close: (value: T) => unknown): T => {
      this.closers.push(() => close(value));
      return value;
    };
    const ffmpeg = (await findFfmpeg()).path;
    const dir = later(mkdtempSync(join(tmpdir(), 'showroom-faults-')), (path) =>
      rmSync(path, { recursive: true, force: true }),
    );
    this.disk = dir;
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${ROOM_MB}m`, 'tmpfs', dir]);
    this.closers.push(() => execFileSync('umount', ['-l', dir]));
    const steady = later(await NginxRtmp.start(), (one) => one.close());
    this.shaken = later(await NginxRtmp.start(), (one) => one.close());
    this.rejecting = later(await NginxRtmp.start('rejects'), (one) => one.close());
    this.proxy = later(new TcpProxy(this.shaken.port), (one) => one.close());
    await this.proxy.listen();
    const file = join(dir, 'room.json');
    writeFileSync(file, JSON.stringify(this.roomFile(steady, dir)));
    const options = { log: silentLog, signal: new AbortController().signal, fresh: true };
    // Like `engine start`; the endpoints and viewers represent other machines, at the default priority.
    preferThisProcess(process.env['ENGINE_NICE']);
    this.live = later(await LiveRoom.start(loadRoom(file), options), (one) => one.close());
    const nice = getPriority();
    setPriority(0);
    await until('all outputs live', () => this.outputs().every(({ state }) => state === 'live'), 20_000);
    this.watches = {
      steady: later(new FlvWatch(ffmpeg, steady.url('room')), (one) => one.close()),
      local: later(new FlvWatch(ffmpeg, this.live.addresses.flv), (one) => one.close()),
    };
    this.viewer = later(await WhepViewerPage.open(this.live), (one) => one.close());
    await until(
      'all are watched',
      async () => {
        const players = Object.values(this.watches).every(({ packets }) => packets > 100);
        return players && (await this.viewer!.seen()).frames > 60;
      },
      30_000,
    );
    // Permitted, as it was before.
    setPriority(nice);
  }

  /** The minimal template, landscape, with a bitrate that no fault may change. */
  private roomFile(steady: NginxRtmp, dir: string): object {
    const template = templatePath('rooms', 'minimal', 'room.json');
    const text = readFileSync(template, 'utf8').replaceAll(/"(\.\.?\/[^"]+\.\w+)"/g, (_, ref: string) =>
      JSON.stringify(join(dirname(template), ref)),
    );
    const room = JSON.parse(text) as Record<string, any>;
    delete room['$schema'];
    return {
      ...room,
      name: 'faults',
      presenter: { ...room['presenter'], source: 'whip', external: { streamKey: '${FAULTS_AVATAR_KEY}' } },
      encoder: { ...room['encoder'], videoKbps: 1500, minVideoKbps: 1500 },
      control: { port: 0, rtmpPort: 0, flvPort: 0 },
      compliance: { ...room['compliance'], ledger: join(dir, 'ledger.jsonl') },
      outputs: [
        { id: 'steady', kind: 'rtmp', url: steady.url('room') },
        { id: 'shaken', kind: 'rtmp', url: `rtmp://127.0.0.1:${this.proxy.port}/live/room` },
        { id: 'tape', kind: 'recording', dir: join(dir, 'tape'), segmentMinutes: 1 },
      ],
    };
  }

  outputs(): readonly OutputSnapshot[] {
    return this.live.snapshot().outputs.filter(({ id }) => id !== 'whep');
  }
  output(id: string): OutputSnapshot {
    return this.outputs().find((one) => one.id === id)!;
  }
  /** Oldest first. */
  eventsOf(id: string, sinceMs: number): OutputEvent[] {
    return this.live
      .outputEvents(200)
      .filter(({ output, at }) => output === id && Date.parse(at) >= sinceMs)
      .toReversed();
  }

  /** The video encoder's process. */
  videoEncoder(): number {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const parent = Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')[1]);
        if (parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('libx264'))
          return Number(pid);
      } catch {
        continue; // it has just ended
      }
    }
    throw new Error('the room has no video encoder');
  }

  /** Lets an avatar's engine connect and send packets without end. */
  async flood(): Promise<void> {
    const child = fork(fileURLToPath(new URL('avatar-flood.ts', import.meta.url)), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.flooding = child;
    endWithUs(child);
    let isSending = false;
    child.on('message', (message: { offer?: string; sending?: true }) => {
      isSending ||= message.sending === true;
      if (message.offer !== undefined)
        void this.live.avatar.offer(message.offer).then(({ answer }) => child.send(answer));
    });
    await until('the avatar sends', () => isSending, 20_000);
  }
  endFlood(): void {
    this.flooding?.kill('SIGKILL');
    this.flooding = undefined;
  }

  /** Fills the recordings' disk, or frees it. */
  fillDisk(full: boolean): void {
    const used = Number(execFileSync('df', ['--output=used', '-k', this.disk], { encoding: 'utf8' }).split('\n')[1]);
    execFileSync('mount', ['-o', `remount,size=${full ? `${used}k` : `${ROOM_MB}m`}`, this.disk]);
  }

  async close(): Promise<void> {
    this.endFlood();
    for (const close of this.closers.toReversed()) {
      try {
        await close();
      } catch (e) {
        console.error(`could not close: ${String(e)}`);
      }
    }
    this.closers = [];
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not in ${timeoutMs} ms: ${what}`);
    await sleep(50);
  }
}
