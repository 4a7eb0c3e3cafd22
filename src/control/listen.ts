import type { FastifyInstance } from 'fastify';
import { portInUse } from './port-free.js';

export interface Listening {
  readonly url: string;
  /** The chosen port where `port` was 0. */
  readonly port: number;
}

/** Listens, or closes the server and throws E_PORT_IN_USE. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<Listening> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw portInUse(host, port, cause);
  }
  const address = app.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`, port: bound };
}
