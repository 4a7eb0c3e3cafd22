import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { endWithUs } from '../kit/end-with-us.js';
import { silentLog } from '../../../src/core/log.js';
import { EmbeddedServer } from '../../../src/outputs/embedded/embedded-server.js';

const NGINX_RTMP = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

/** A separate server that the room pushes to, like a platform's ingest. */
export interface FarServer {
  readonly kind: 'nginx-rtmp' | 'node-media-server';
  readonly publishUrl: string;
  readonly playUrl: string;
  close(): Promise<void>;
}

/** nginx with its RTMP module if installed, else another embedded server. */
export async function startFarServer(dir: string): Promise<FarServer> {
  if (existsSync(NGINX_RTMP)) return startNginx(dir);
  const server = new EmbeddedServer({ rtmpPort: 0, flvPort: 0, log: silentLog });
  await server.start();
  return {
    kind: 'node-media-server',
    publishUrl: server.publishUrl('far'),
    playUrl: server.rtmpUrl('far'),
    close: () => server.close(),
  };
}

async function startNginx(dir: string): Promise<FarServer> {
  const port = await freePort();
  const file = join(dir, 'nginx.conf');
  writeFileSync(
    file,
    `load_module ${NGINX_RTMP};\ndaemon off;\nmaster_process off;\npid ${dir}/nginx.pid;\n` +
      `error_log ${dir}/nginx.log;\nevents {}\n` +
      `rtmp { server { listen 127.0.0.1:${port}; application live { live on; } } }\n`,
  );
  const child = spawn('nginx', ['-c', file, '-p', dir], { stdio: 'ignore' });
  endWithUs(child);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const url = `rtmp://127.0.0.1:${port}/live/far`;
  return { kind: 'nginx-rtmp', publishUrl: url, playUrl: url, close: () => ended(child, 'SIGKILL') };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

/** Records an RTMP viewer's stream unchanged, until it is stopped. */
export function recordRtmp(ffmpeg: string, url: string, file: string): { stop(): Promise<void> } {
  const child = spawn(
    ffmpeg,
    ['-hide_banner', '-nostdin', '-y', '-loglevel', 'error', '-i', url, '-c', 'copy', '-f', 'flv', file],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  endWithUs(child);
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors = (errors + data.toString()).slice(-2000)));
  return {
    async stop() {
      const early = child.exitCode !== null;
      await ended(child, 'SIGINT');
      if (early) throw new Error(`a recorder ended before its time: ${errors}`);
    },
  };
}
