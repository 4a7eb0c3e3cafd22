import type { AvatarKey } from '../../config/sections/presenter.js';
import type { Kernels } from '../../core/kernels.js';
import { ChromaKey } from './chroma-key.js';
import type { FrameKeyer } from './frame-keyer.js';
import { OpaqueFrame } from './opaque-frame.js';
import { PackedAlpha } from './packed-alpha.js';

export function keyerOf(key: AvatarKey, kernels: Pick<Kernels, 'keyChroma'>): FrameKeyer {
  switch (key.kind) {
    case 'chroma':
      return new ChromaKey(key, kernels);
    case 'alpha-right':
    case 'alpha-below':
      return new PackedAlpha(key.kind);
    case 'none':
      return new OpaqueFrame();
  }
}
