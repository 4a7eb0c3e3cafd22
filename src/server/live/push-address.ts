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

/** @throws EngineError E_BAD_REQUEST for any other host */
export function refusePrivate(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isKnown = SERVICES.some((host) => url?.hostname === host || url?.hostname.endsWith(`.${host}`) === true);
  if (url?.protocol === 'https:' && isKnown) return;
  throw new EngineError('E_BAD_REQUEST', {
    where: 'subscription.endpoint',
    expected: 'a push service of a browser',
    found: url?.hostname.slice(0, 80) ?? 'no address',
  });
}
