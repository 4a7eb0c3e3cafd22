/**
 * The key pair of a fleet.
 *
 * Problem: stream keys must reach whichever worker takes a room, and must not lie readable in Redis, in the store or in
 * a log.
 * Rule: what is secret is put into a sealed box (libsodium's crypto_box_seal) for the fleet's public key, which whoever
 * submits rooms needs; only workers and the studio have the secret key, a file of their own.
 */
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sodium from 'libsodium-wrappers';
import { EngineError } from '../core/errors.js';
import { replaceFile } from '../core/files/replace-file.js';

export interface FleetKey {
  readonly publicKey: string;
  readonly secretKey: string;
}

const KEY = /^[A-Za-z0-9_-]{43}$/;

export async function newFleetKey(): Promise<FleetKey> {
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  return { publicKey: text(publicKey), secretKey: text(privateKey) };
}

export async function writeFleetKey(file: string, { secretKey }: FleetKey): Promise<void> {
  await replaceFile(file, `${secretKey}\n`);
}

/** From a file, or from the variable SHOWROOM_FLEET_KEY. */
export async function readFleetKey(file: string | undefined, env: NodeJS.ProcessEnv): Promise<FleetKey> {
  await sodium.ready;
  const given = env['SHOWROOM_FLEET_KEY'];
  let secretKey: string;
  if (file === undefined && given !== undefined) secretKey = given.trim();
  else if (file === undefined) throw noKey('--key', 'no file, and no SHOWROOM_FLEET_KEY');
  else
    try {
      secretKey = (await readFile(file, 'utf8')).trim();
    } catch (cause) {
      throw noKey(file, (cause as NodeJS.ErrnoException).code ?? String(cause));
    }
  if (!KEY.test(secretKey)) throw noKey(file ?? 'SHOWROOM_FLEET_KEY', 'something else');
  return { secretKey, publicKey: text(sodium.crypto_scalarmult_base(bytes(secretKey))) };
}

/** Only the holder of the secret key reads it. */
export const seal = (plain: string, publicKey: string): Promise<Buffer> => sealBytes(Buffer.from(plain), publicKey);

export async function sealBytes(plain: Uint8Array, publicKey: string): Promise<Buffer> {
  await sodium.ready;
  if (!KEY.test(publicKey)) throw noKey('the public key', 'something else');
  return Buffer.from(sodium.crypto_box_seal(plain, bytes(publicKey)));
}

/** Throws E_SEALED for a box of another fleet, or a changed one. */
export const unseal = async (box: Uint8Array, key: FleetKey, where: string): Promise<string> =>
  (await unsealBytes(box, key, where)).toString('utf8');

/** Throws E_SEALED. */
export async function unsealBytes(box: Uint8Array, { publicKey, secretKey }: FleetKey, where: string): Promise<Buffer> {
  await sodium.ready;
  try {
    return Buffer.from(sodium.crypto_box_seal_open(box, bytes(publicKey), bytes(secretKey)));
  } catch (cause) {
    throw new EngineError('E_SEALED', {
      where,
      expected: 'a box sealed for this fleet’s key',
      found: 'a box of another key, or a damaged one',
      todo: 'give every worker the same key file, and submit the room again',
      cause,
    });
  }
}

/** The token of a room's API: those who have the fleet's key know it, and it is stored nowhere. */
export const roomToken = ({ secretKey }: FleetKey, room: string, fence: number): string =>
  createHmac('sha256', secretKey).update(`api ${room} ${fence}`).digest('base64url');

const text = (key: Uint8Array): string => sodium.to_base64(key, sodium.base64_variants.URLSAFE_NO_PADDING);
const bytes = (key: string): Uint8Array => sodium.from_base64(key, sodium.base64_variants.URLSAFE_NO_PADDING);

const noKey = (where: string, found: string): EngineError =>
  new EngineError('E_SEALED', {
    where,
    expected: 'the key of a fleet (43 characters)',
    found,
    todo: '`engine fleet key --out fleet.key` makes one; every worker and the studio get the same file',
  });
