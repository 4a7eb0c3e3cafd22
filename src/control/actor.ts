import type { FastifyRequest } from 'fastify';

const MAX_NAME = 80;

/** Who acts, as a program with the token names the person; empty when it names nobody. */
export function actorOf({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const given = headers['x-showroom-actor'];
  if (typeof given !== 'string') return '';
  try {
    return [...decodeURIComponent(given)].slice(0, MAX_NAME).join('').trim();
  } catch {
    return '';
  }
}
