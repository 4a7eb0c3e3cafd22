import type { Kernels } from '../../core/kernels.js';
import { PlaneSampler } from '../../core/media/plane-sampler.js';

/** See `Kernels.turnPlane`. */
export const turnPlane: Kernels['turnPlane'] = (from, width, height, cos, sin, scale, to, w, h) => {
  const sampler = new PlaneSampler(from, width, height);
  const [right, down] = [cos / scale, sin / scale];
  for (let row = 0; row < h; row += 1) {
    const v = row + 0.5 - h / 2;
    for (let column = 0; column < w; column += 1) {
      const u = column + 0.5 - w / 2;
      const [x, y] = [width / 2 + u * right - v * down, height / 2 + u * down + v * right];
      to[row * w + column] = scale === 1 ? sampler.at(x, y) : sampler.sharp(x, y);
    }
  }
};
