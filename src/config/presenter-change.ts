import { z } from 'zod';
import { presenter } from './sections/presenter.js';

/** Another presenter, on air. */
export const presenterChange = z.strictObject({ pack: presenter.shape.pack });
