/**
 * Keeps secrets at rest.
 *
 * Problem: a copy of the database, a backup on another disk or a folder in a cloud must not hold stream keys that work.
 * Rule: secrets are sealed with AES-256-GCM under the studio's own key, a file that only its owner reads. The place of a
 * secret is authenticated with it, so that a sealed value does not open in the place of another.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { EngineError } from '../../core/errors.js';
import { makeOwnerOnly } from '../../core/files/own-folder.js';
import { replaceFile } from '../../core/files/replace-file.js';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export class Seal {
  constructor(private readonly key: Buffer) {}

  /** Reads the key, or makes one. Throws E_STORE when the file is no key. */
  static async open(file: string): Promise<Seal> {
    let key: Buffer;
    try {
      key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64');
      await makeOwnerOnly(file);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(file, String(cause), cause);
      key = randomBytes(KEY_BYTES);
      await replaceFile(file, `${key.toString('base64')}\n`);
    }
    if (key.length !== KEY_BYTES) throw unreadable(file, `${key.length} bytes`);
    return new Seal(key);
  }

  seal(text: string, place: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(place));
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** Throws E_STORE for a value of another key or place. */
  open(sealed: Uint8Array, place: string): string {
    const bytes = Buffer.from(sealed);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, IV_BYTES)).setAAD(
        Buffer.from(place),
      );
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      const text = decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new EngineError('E_STORE', {
        where: place,
        expected: 'a secret that was sealed with this studio’s key',
        found: 'a secret of another key',
        todo: 'restore studio.key together with the database, or enter the secret again',
        cause,
      });
    }
  }

  /** A further key for another use. */
  derive(use: string): Buffer {
    return createHmac('sha256', this.key).update(use).digest();
  }
}

const unreadable = (where: string, found: string, cause?: unknown): EngineError =>
  new EngineError('E_STORE', {
    where,
    expected: `a key of ${KEY_BYTES} bytes in Base64`,
    found,
    todo: 'restore the file from a backup; without it no stored key can be read',
    ...(cause === undefined ? {} : { cause }),
  });
