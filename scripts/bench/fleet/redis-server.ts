import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { endWithUs } from '../kit/end-with-us.js';

const PROGRAMS = ['/usr/bin/valkey-server', '/usr/bin/redis-server', '/usr/local/bin/redis-server'];

/** Undefined where neither Valkey nor Redis is installed. */
export const redisProgram = (): string | undefined => PROGRAMS.find((path) => existsSync(path));

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A Redis or Valkey of our own on loopback, that writes its data down as one in earnest does. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(folder: string): Promise<RedisServer> {
    mkdirSync(folder, { recursive: true });
    const server = new RedisServer(folder, await freePort());
    await server.begin();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  /** Starts it again with its data, or without. */
  async begin({ empty = false }: { empty?: boolean } = {}): Promise<void> {
    const program = redisProgram();
    if (program === undefined) throw new Error('valkey-server or redis-server is needed: apt install redis-server');
    const file = empty ? `empty-${Date.now()}` : 'data';
    const options = [
      '--port',
      String(this.port),
      '--bind',
      '127.0.0.1',
      '--dir',
      this.folder,
      '--dbfilename',
      `${file}.rdb`,
    ];
    const kept = [
      '--appendonly',
      'yes',
      '--appenddirname',
      file,
      '--appendfsync',
      'everysec',
      '--save',
      '',
      '--loglevel',
      'warning',
    ];
    const child = spawn(program, [...options, ...kept], { stdio: 'ignore' });
    endWithUs(child);
    this.child = child;
    for (let i = 0; i < 200; i += 1) {
      if (await this.answers()) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('Redis does not answer');
  }

  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
    await gone;
  }

  private answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write('PING\r\n'));
      const end = (is: boolean): void => {
        socket.destroy();
        resolve(is);
      };
      socket.once('data', (data) => end(data.toString().startsWith('+PONG')));
      socket.once('error', () => end(false));
      setTimeout(() => end(false), 500);
    });
  }
}
