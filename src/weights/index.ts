export { bytesOf, CATALOGUE, WEIGHTS_IDS, weightsOf, type Weights, type WeightsId } from './catalogue.js';
export { requireSum } from './download.js';
export { addressOf, installWeights, removeWeights, type InstallProgress } from './install-weights.js';
export { isInstalled, weightsFolder, WEIGHTS_VARIABLE, weightsRoot } from './weights-folder.js';
export { WeightsInstaller, type WeightsState } from './weights-installer.js';
