import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/core/files/paths.js';
import { FleetClient, type FleetRoom } from '../../../src/fleet/fleet-client.js';
import { newFleetKey, roomToken, writeFleetKey, type FleetKey } from '../../../src/fleet/fleet-key.js';
import { below, endTree } from '../../../src/fleet/lease/end-tree.js';
import { openObjectStore } from '../../../src/fleet/store/open-object-store.js';
import { TcpProxy } from '../faults/tcp-proxy.js';
import { endWithUs } from '../kit/end-with-us.js';
import { PublishWatch } from './publish-watch.js';
import { RedisServer } from './redis-server.js';
import { S3Server } from './s3-server.js';
import { writeSmallRoom } from './small-room.js';

export interface RigWorker {
  readonly name: string;
  /** Between this worker and Redis. */
  readonly proxy: TcpProxy;
  /** Between this worker and the bucket. */
  readonly storeProxy: TcpProxy;
  child: ChildProcess;
  output: string;
}

export interface RigOptions {
  readonly folder: string;
  /** Workers at the start. */
  readonly workers: number;
  /** Of each worker, in reference rooms. */
  readonly capacity?: number;
  /** Folders of workers lie on small disks of their own, which can be filled; where this machine allows mounts. */
  readonly disks?: boolean;
  /** The program of some workers: the `main.js` of another build, as an older or newer version. */
  readonly builds?: Readonly<Record<string, string>>;
}

const STORE = 's3://shows/prod';

/** A fleet on this machine: Redis, workers as processes, each behind a proxy, and an ingest that counts publishers. */
export class FleetRig {
  readonly workers = new Map<string, RigWorker>();
  /** Mounted folders. */
  private disks: string[] = [];

  private constructor(
    private readonly options: RigOptions,
    readonly redis: RedisServer,
    readonly ingest: PublishWatch,
    readonly key: FleetKey,
    readonly keyFile: string,
    readonly s3: S3Server,
    public fleet: FleetClient,
  ) {}

  static async start(options: RigOptions): Promise<FleetRig> {
    const { folder, workers } = options;
    mkdirSync(folder, { recursive: true });
    const redis = await RedisServer.start(join(folder, 'redis'));
    const ingest = await PublishWatch.start(join(folder, 'nginx'));
    const key = await newFleetKey();
    const keyFile = join(folder, 'fleet.key');
    await writeFleetKey(keyFile, key);
    const s3 = await S3Server.start();
    const fleet = await FleetClient.connect(redis.url, openObjectStore(STORE, s3.env), { patient: true });
    const rig = new FleetRig(options, redis, ingest, key, keyFile, s3, fleet);
    if (options.disks === true) rig.mountDisks(Array.from({ length: workers }, (_, i) => `w${i + 1}`));
    await Promise.all(Array.from({ length: workers }, (_, i) => rig.addWorker(`w${i + 1}`)));
    return rig;
  }

  async addWorker(name: string): Promise<RigWorker> {
    const before = this.workers.get(name);
    const proxy = before?.proxy ?? new TcpProxy(this.redis.port);
    const storeProxy = before?.storeProxy ?? new TcpProxy(this.s3.port);
    if (before === undefined) await Promise.all([proxy.listen(), storeProxy.listen()]);
    const args = [
      ...['worker', '--name', name, '--redis', `redis://127.0.0.1:${proxy.port}`, '--store', STORE],
      ...[
        '--key',
        this.keyFile,
        '--data',
        join(this.options.folder, name),
        '--capacity',
        String(this.options.capacity ?? 2),
      ],
      ...['--port', '0'],
    ];
    const program = this.options.builds?.[name] ?? join(packageRoot(), 'dist', 'cli', 'main.js');
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...this.s3.env,
        AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${storeProxy.port}`,
        ENGINE_LOG: 'info',
      },
    });
    endWithUs(child);
    const worker: RigWorker = { name, proxy, storeProxy, child, output: '' };
    this.workers.set(name, worker);
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (worker.output = (worker.output + text).slice(-200_000)));
    await this.until(
      `worker ${name} is ready`,
      () => worker.output.includes('"event":"worker"') || child.exitCode !== null,
    );
    if (child.exitCode !== null) throw new Error(`worker ${name} ended: ${worker.output.slice(-2000)}`);
    return worker;
  }

  /** A small room with one output to the ingest. */
  writeRoom(id: string, change: (room: Record<string, unknown>) => void = () => undefined): string {
    return writeSmallRoom(join(this.options.folder, 'made', id), id, (room) => {
      room['outputs'] = [{ id: 'ingest', kind: 'rtmp', url: this.ingest.url('${STREAM_KEY}') }];
      change(room);
    });
  }

  async submit(id: string, more: { owner?: string; show?: string; file?: string } = {}): Promise<void> {
    await this.fleet.submit(more.file ?? this.writeRoom(id), {
      id,
      owner: more.owner ?? 'test',
      show: more.show,
      publicKey: this.key.publicKey,
      env: { STREAM_KEY: `key-${id}` },
    });
  }

  room(id: string): Promise<FleetRoom> {
    return this.fleet.room(id);
  }

  async onAir(id: string, limitMs = 60_000): Promise<FleetRoom> {
    await this.until(
      `${id} publishes`,
      async () => (await this.room(id)).state === 'on-air' && this.ingest.now(`key-${id}`) === 1,
      limitMs,
    );
    return this.room(id);
  }

  worker(name: string): RigWorker {
    const worker = this.workers.get(name);
    if (worker === undefined) throw new Error(`no worker ${name}`);
    return worker;
  }

  get hasDisks(): boolean {
    return this.disks.length > 0;
  }

  private mountDisks(names: readonly string[]): void {
    for (const name of names) {
      const disk = join(this.options.folder, name);
      mkdirSync(disk, { recursive: true });
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1g,mode=700', 'showroom-rig', disk]).status === 0)
        this.disks.push(disk);
    }
  }

  /** Leaves a worker's disk a few pages. */
  fillDisk(name: string): void {
    const { blocks, bfree, bsize } = statfsSync(join(this.options.folder, name));
    this.resizeDisk(name, (blocks - bfree) * bsize + 64 * 1024);
  }

  freeDisk(name: string): void {
    this.resizeDisk(name, 2 ** 30);
  }

  private resizeDisk(name: string, bytes: number): void {
    const { status, stderr } = spawnSync('mount', ['-o', `remount,size=${bytes}`, join(this.options.folder, name)]);
    if (status !== 0) throw new Error(`the disk of ${name} keeps its size: ${stderr.toString()}`);
  }

  /** Processes of a worker: the guard below it, and what the guard runs. */
  treeOf(name: string): number[] {
    return below(this.worker(name).child.pid!);
  }

  async until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 60_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!(await Promise.resolve(holds()).catch(() => false))) {
      if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}\n${this.lastWords()}`);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  /** What the engine of a room says of itself. */
  async ask<T>(id: string, path: string, method = 'GET', body?: unknown): Promise<T> {
    const { url, tokenFence } = await this.room(id);
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${roomToken(this.key, id, tokenFence)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  lastWords(): string {
    return [...this.workers.values()].map(({ name, output }) => `--- ${name}\n${output.slice(-1500)}`).join('\n');
  }

  async close(): Promise<void> {
    await this.fleet.close();
    for (const { child, proxy, storeProxy } of this.workers.values()) {
      const tree = child.pid === undefined ? [] : below(child.pid);
      if (child.pid !== undefined) endTree(child.pid);
      for (const pid of tree) endTree(pid);
      await Promise.all([proxy.close(), storeProxy.close()]);
    }
    for (const pid of engines(this.options.folder)) endTree(pid);
    for (const disk of this.disks) spawnSync('umount', ['--lazy', disk]);
    await this.ingest.close();
    await this.s3.close();
    await this.redis.end();
  }
}

/** Guards and engines that a killed worker left. */
function engines(folder: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const text = readFileSync(`/proc/${name}/cmdline`, 'latin1');
      return text.includes(folder) && /--lease/.test(text) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}
