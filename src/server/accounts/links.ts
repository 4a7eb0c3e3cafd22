import type { FastifyRequest } from 'fastify';
import type { Studio } from '../studio.js';

type Parts = Pick<Studio, 'settings' | 'publicUrl'>;

const SETTING = 'origin';

/**
 * The address that people reach the studio under is kept from requests of owners. A link in a mail is never made from
 * the Host header of a stranger's request.
 */
export function rememberOrigin({ settings, publicUrl }: Parts, request: FastifyRequest): void {
  if (publicUrl !== undefined) return;
  const origin = `${request.protocol}://${request.host}`;
  if (URL.canParse(origin) && settings.get(SETTING) !== origin) settings.put(SETTING, origin);
}

export const originOf = ({ settings, publicUrl }: Parts): string =>
  publicUrl ?? settings.get<string>(SETTING) ?? 'http://127.0.0.1:8070';

/** The code stands behind the #: it reaches no server's log. */
export const linkTo = (studio: Parts, page: 'setup' | 'invite' | 'reset', code: string): string =>
  `${originOf(studio)}/${page}#${code}`;
