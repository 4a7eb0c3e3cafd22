export { bytesOf, CATALOGUE, WEIGHTS_IDS, weightsOf, type Weights, type WeightsId } from './catalogue.js';
export { requireSum } from './install-weights.js';
export { addressOf, installWeights, removeWeights, type InstallProgress } from './install-weights.js';
export { isInstalled, weightsFolder, WEIGHTS_VARIABLE, weightsRoot } from './install-weights.js';
export { WeightsInstaller, type WeightsState } from './install-weights.js';
