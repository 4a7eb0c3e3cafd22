import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithUs } from '../kit/end-with-us.js';

const NGINX = '/usr/sbin/nginx';
const MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** nginx with its RTMP module on loopback: accepts any key in the application `live`, or rejects all. */
export class NginxRtmp {
  private constructor(
    private readonly process: ChildProcess,
    private readonly dir: string,
    readonly port: number,
  ) {}

  /** Throws where it is not installed. */
  static async start(manner: 'takes' | 'rejects' = 'takes'): Promise<NginxRtmp> {
    if (!existsSync(NGINX) || !existsSync(MODULE)) {
      throw new Error('nginx with its RTMP module is needed: apt install nginx libnginx-mod-rtmp');
    }
    const at = await freePort();
    const dir = mkdtempSync(join(tmpdir(), 'showroom-nginx-'));
    const file = join(dir, 'nginx.conf');
    writeFileSync(
      file,
      `load_module ${MODULE};\ndaemon off; master_process off; pid ${dir}/pid; error_log ${dir}/error.log;\n` +
        `events { worker_connections 256; }\nrtmp { server { listen 127.0.0.1:${at}; ` +
        `application live { live on; ${manner === 'rejects' ? 'deny publish all; ' : ''}} } }\n`,
    );
    const child = spawn(NGINX, ['-p', dir, '-c', file, '-e', join(dir, 'error.log')], { stdio: 'ignore' });
    endWithUs(child);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return new NginxRtmp(child, dir, at);
  }

  url(key: string): string {
    return `rtmp://127.0.0.1:${this.port}/live/${key}`;
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    if (this.process.exitCode === null && this.process.kill('SIGKILL')) await gone;
    rmSync(this.dir, { recursive: true, force: true });
  }
}
