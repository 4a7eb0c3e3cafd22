/**
 * Addresses that a room of the studio may not name.
 *
 * Problem: an engine posts events to any address and asks any service that its file or its API names. With a browser alone
 * an editor could reach what only this machine reaches.
 * Rule: receivers of events have public addresses; a name that leads elsewhere is refused by the engine when it connects.
 * Services, such as a language model of the own network, may be anywhere but at link-local addresses, where machines of a
 * cloud find their credentials.
 */
import { isIP } from 'node:net';
import { EngineError } from '../../core/errors.js';
import { isLoopbackHost, isPublicAddress } from '../../core/net/public-address.js';

const METADATA_NAMES: ReadonlySet<string> = new Set(['metadata', 'metadata.google.internal', 'instance-data']);
/** The metadata services of clouds whose addresses are not link-local. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set(['100.100.100.200', 'fd00:ec2::254', '192.0.0.192']);

/** Throws E_ROOM_REFUSED with the first such address within a section of a room, or within a body for it. */
export function refuseAddresses(value: unknown, where: string, isReceiver = false): void {
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) refuseAddresses(one, `${where}[${i}]`, isReceiver);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const here = where === '' ? key : `${where}.${key}`;
    if (key === 'allowPrivate' && inner === true)
      throw refuse(here, 'a receiver with a public address', 'a private one');
    if (typeof inner !== 'string') refuseAddresses(inner, here, key === 'webhooks' || isReceiver);
    else if (key === 'webhook' || (key === 'url' && isReceiver)) {
      if (!isPublicHost(hostOf(inner)))
        throw refuse(here, 'a receiver with a public address', 'this machine, or one of its network');
    } else if (/url$/i.test(key) && isMetadata(hostOf(inner)))
      throw refuse(
        here,
        'a service of the internet or of the own network',
        'an address for credentials of the machine',
      );
  }
}

/** Spellings of one address are one: 0x7f.1 is 127.0.0.1. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) return '';
  return new URL(url).hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

function isPublicHost(host: string): boolean {
  if (isIP(host) !== 0) return isPublicAddress(host);
  return !isLoopbackHost(host) && !host.endsWith('.localhost') && !METADATA_NAMES.has(host);
}

function isMetadata(host: string): boolean {
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host);
  const address = mapped === null ? host : dotted(Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16));
  return (
    METADATA_NAMES.has(host) ||
    METADATA_ADDRESSES.has(address) ||
    address.startsWith('169.254.') ||
    /^fe[89ab][\da-f]:/.test(address)
  );
}

const dotted = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');

const refuse = (where: string, expected: string, found: string): EngineError =>
  new EngineError('E_ROOM_REFUSED', { where, expected, found });
