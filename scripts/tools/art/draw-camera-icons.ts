import { join } from 'node:path';
import sharp from 'sharp';
import { packageRoot } from '../../../src/core/files/paths.js';

/** Draws the icons of the browser camera: `npm run tool -- draw-camera-icons`. They are committed. */
const folder = join(packageRoot(), 'src', 'browser', 'static', 'icons');

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128">
<rect x="4" y="4" width="120" height="120" rx="28" fill="#e8453c"/>
<rect x="24" y="40" width="56" height="48" rx="12" fill="#fff"/>
<path d="M86 60 104 47q5-3 5 3v28q0 6-5 3L86 68z" fill="#fff"/>
<circle cx="52" cy="64" r="11" fill="#e8453c"/>
</svg>`;
for (const size of [16, 32, 48, 128]) {
  await sharp(Buffer.from(icon), { density: (72 * size) / 32 })
    .resize(size, size)
    .png({ compressionLevel: 9, palette: size > 16 })
    .toFile(join(folder, `${size}.png`));
}
