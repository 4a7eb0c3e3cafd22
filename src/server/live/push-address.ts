import { EngineError } from '../../core/errors.js';

/** The services of the browsers. An endpoint is an address that the server posts to whenever there is an alarm. */
const SERVICES = [
  'fcm.googleapis.com',
  'android.googleapis.com',
  'updates.push.services.mozilla.com',
  'push.services.mozilla.com',
  'web.push.apple.com',
  'notify.windows.com',
];

/**
 * @param own origins of further services, such as one in the own network
 * @throws EngineError E_BAD_REQUEST for any other address
 */
export function refuseStranger(endpoint: string, own: readonly string[]): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isKnown = SERVICES.some((host) => url?.hostname === host || url?.hostname.endsWith(`.${host}`) === true);
  if ((url?.protocol === 'https:' && isKnown) || (url !== undefined && own.includes(url.origin))) return;
  throw new EngineError('E_BAD_REQUEST', {
    where: 'subscription.endpoint',
    expected: 'a push service of a browser',
    found: url?.hostname.slice(0, 80) ?? 'no address',
  });
}
