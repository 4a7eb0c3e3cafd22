import type { Kernels } from '../../core/kernels.js';

/** The kernels that a scan uses. */
export type ScanKernels = Pick<
  Kernels,
  | 'findFinders'
  | 'findTexture'
  | 'outlineKinds'
  | 'findTinyFinders'
  | 'shrinkRect'
  | 'sharpenPlane'
  | 'enlargePlane'
  | 'mixPlanes'
  | 'doublePlane'
  | 'blurPlane'
  | 'turnPlane'
>;
