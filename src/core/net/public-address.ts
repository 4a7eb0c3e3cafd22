/**
 * Addresses that a server or a stranger names.
 *
 * Problem: such a name may lead into the local network, also by an answer of the name server that changes between the
 * check and the connection.
 * Rule: the address is looked up once, checked, and connected to.
 */
import { lookup as resolveName } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Whether a `Host` header or a host name is one of this machine: localhost, 127.0.0.0/8, [::1], with or without a port. */
export function isLoopbackHost(host: string): boolean {
  if (host === '::1') return true;
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
  if (name === 'localhost' || name === '[::1]') return true;
  const parts = name.split('.');
  return (
    parts.length === 4 && parts[0] === '127' && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
  );
}

export interface AddressGuard {
  /** Addresses besides the public ones, for servers inside of a company and for tests. */
  readonly allow?: (address: string) => boolean;
  /** Looks a name up; default: as the system does. */
  readonly resolve?: Resolve;
}

export type Resolve = (
  host: string,
  options: { readonly family?: number; readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: readonly { address: string; family: number }[]) => void,
) => void;

/** A name that leads to no public address. */
export class NotPublic extends Error {
  readonly code = 'ENOTPUBLIC';

  constructor(
    readonly host: string,
    readonly found: 'none' | 'one of a private network',
  ) {
    super(`${found === 'none' ? 'no address' : 'an address of a private network'}`);
  }
}

const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv4');
/** Only 2000::/3 is handed out; within it, addresses that wrap IPv4 ones or are for documents. */
const GLOBAL_V6 = new BlockList();
GLOBAL_V6.addSubnet('2000::', 3, 'ipv6');
const WRAPPED_V6 = new BlockList();
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  WRAPPED_V6.addSubnet(net, bits, 'ipv6');

/** Whether an address is on the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !PRIVATE.check(address, 'ipv4');
  if (family !== 6) return false;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isPublicAddress(mapped);
  return GLOBAL_V6.check(address, 'ipv6') && !WRAPPED_V6.check(address, 'ipv6');
}

/** Throws NotPublic for a host that is written as an address and may not be connected to: it is not looked up. */
export function requireAllowed(host: string, { allow }: AddressGuard): void {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !isPublicAddress(bare) && allow?.(bare) !== true)
    throw new NotPublic(bare, 'one of a private network');
}

/** Looks up and checks in one step: the socket gets exactly the checked addresses. */
export function publicLookup({ allow, resolve = resolveName as Resolve }: AddressGuard): LookupFunction {
  const isAllowed = (address: string): boolean => isPublicAddress(address) || allow?.(address) === true;
  return (host, { family, all }, done) => {
    const wanted = typeof family === 'string' ? Number(family.slice(-1)) : family;
    resolve(host, { ...(wanted !== undefined && { family: wanted }), all: true }, (error, addresses) => {
      if (error !== null) return done(error, '', 0);
      const refused = addresses.some((one) => !isAllowed(one.address));
      if (refused || addresses.length === 0)
        return done(new NotPublic(host, refused ? 'one of a private network' : 'none'), '', 0);
      if (all === true) done(null, [...addresses]);
      else done(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
