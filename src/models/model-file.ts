import { templatePath } from '../core/files/paths.js';

/** Path of a file of weights or tables that comes with the package. */
export const modelFile = (...parts: string[]): string => templatePath('models', ...parts);
