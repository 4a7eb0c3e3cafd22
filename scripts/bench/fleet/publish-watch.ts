import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { endWithUs } from '../kit/end-with-us.js';
import { freePort } from './redis-server.js';

const NGINX = '/usr/sbin/nginx';
const MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

export const hasNginxRtmp = (): boolean => existsSync(NGINX) && existsSync(MODULE);

interface Publishing {
  readonly key: string;
  readonly client: string;
  readonly fromMs: number;
  toMs: number | null;
}

/**
 * nginx-rtmp as the platform's ingest, which reports each beginning and end of a publish. `doubles` are publishes that
 * began while another client published the same key.
 */
export class PublishWatch {
  readonly publishes: Publishing[] = [];
  readonly doubles: string[] = [];

  private constructor(
    private readonly server: Server,
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(folder: string): Promise<PublishWatch> {
    mkdirSync(folder, { recursive: true });
    const [port, hook] = [await freePort(), await freePort()];
    const self: { watch?: PublishWatch } = {};
    const server = createServer((request, reply) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        self.watch?.take(request.url ?? '', new URLSearchParams(body));
        reply.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(hook, '127.0.0.1', resolve));
    const file = join(folder, 'nginx.conf');
    writeFileSync(
      file,
      `load_module ${MODULE};\ndaemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log info;\n` +
        'events { worker_connections 512; }\n' +
        `rtmp { server { listen 127.0.0.1:${port}; ping 60s; application live { live on; ` +
        `on_publish http://127.0.0.1:${hook}/begin; on_publish_done http://127.0.0.1:${hook}/end; } } }\n`,
    );
    const child = spawn(NGINX, ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], { stdio: 'ignore' });
    endWithUs(child);
    await new Promise((resolve) => setTimeout(resolve, 300));
    self.watch = new PublishWatch(server, child, folder, port);
    return self.watch;
  }

  url(key: string): string {
    return `rtmp://127.0.0.1:${this.port}/live/${key}`;
  }

  /** Clients that publish a key now. */
  now(key: string): number {
    return this.publishes.filter((one) => one.key === key && one.toMs === null).length;
  }

  /** Longest time without a publisher of a key, from its first publish to now. */
  longestGapMs(key: string, sinceMs: number): number {
    const own = this.publishes.filter((one) => one.key === key);
    let [longest, untilMs] = [0, sinceMs];
    for (const { fromMs, toMs } of own) {
      longest = Math.max(longest, fromMs - untilMs);
      untilMs = Math.max(untilMs, toMs ?? performance.now());
    }
    return Math.round(Math.max(longest, performance.now() - untilMs));
  }

  /** Publishes that nginx itself refused because the key was taken. */
  refused(): number {
    const text = existsSync(join(this.folder, 'error.log')) ? readFileSync(join(this.folder, 'error.log'), 'utf8') : '';
    return text.split('\n').filter((line) => /already publishing/i.test(line)).length;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.exitCode === null && this.child.kill('SIGKILL')) await gone;
  }

  private take(url: string, fields: URLSearchParams): void {
    const [key, client] = [fields.get('name') ?? '', fields.get('clientid') ?? ''];
    const nowMs = performance.now();
    if (url === '/begin') {
      if (this.now(key) > 0) this.doubles.push(`${key}: client ${client} while another published`);
      this.publishes.push({ key, client, fromMs: nowMs, toMs: null });
      return;
    }
    const one = this.publishes.find((known) => known.key === key && known.client === client && known.toMs === null);
    if (one !== undefined) one.toMs = nowMs;
  }
}
