import { z } from 'zod';
import { presenterFields, presenterLook } from './sections/presenter.js';

/** Another presenter or another look, on air. */
export const presenterChange = z
  .strictObject({
    pack: presenterFields.pack.optional(),
    look: presenterLook.nullable().optional().describe('Another look; null is the presenter’s own'),
  })
  .refine((change) => change.pack !== undefined || change.look !== undefined, 'expected pack, look, or both');
