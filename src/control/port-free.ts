import { createServer } from 'node:net';
import { EngineError } from '../core/errors.js';

export const portInUse = (host: string, port: number, cause: unknown): EngineError =>
  new EngineError('E_PORT_IN_USE', {
    where: `control.port ${port} on ${host}`,
    expected: 'a free port',
    found: 'another program listening there',
    todo: 'choose another with --port, or 0 for any free port',
    cause,
  });

/** Listens for a moment. Throws E_PORT_IN_USE before the room has loaded for seconds and begun its ledger. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      // Other faults, such as an unknown host name, are reported by the real listen.
      cause.code === 'EADDRINUSE' ? reject(portInUse(host, port, cause)) : resolve(),
    );
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
