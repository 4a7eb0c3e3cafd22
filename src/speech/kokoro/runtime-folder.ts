import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOwnFolder, makeOwnFolder } from '../../core/files/own-folder.js';

/** A socket's path has at most 107 bytes. */
const MAX_PATH_BYTES = 100;

/**
 * The socket of this user's voice process: engines with the same models and the same protocol share one. The folder
 * belongs to this user and nobody else may write to it, so nobody else answers there.
 *
 * @throws Error when no such folder can be had
 */
export async function voiceSocket(modelFolder: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const name = `kokoro-${createHash('sha256').update(`1|${modelFolder}`).digest('hex').slice(0, 12)}.sock`;
  const places = [env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'].filter((place) => place !== undefined && place !== '');
  for (const place of places) {
    const folder = join(place!, `showroom-run-${process.getuid?.() ?? 'user'}`);
    const path = join(folder, name);
    if (Buffer.byteLength(path) > MAX_PATH_BYTES) continue;
    try {
      await makeOwnFolder(folder);
      if (isOwnFolder(folder)) return path;
    } catch {
      continue;
    }
  }
  throw new Error('no folder of this user for the socket of the voice process');
}
