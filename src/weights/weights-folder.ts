import { statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../core/files/own-folder.js';
import { weightsOf, type WeightsId } from './catalogue.js';

/** Moves the folder that holds one folder for each installed model. */
export const WEIGHTS_VARIABLE = 'ENGINE_MODELS';

/**
 * Where installed models lie: ENGINE_MODELS, else the user's data folder, since a download of minutes is no cache; a
 * user without a home has the lasting cache.
 */
export function weightsRoot(env: NodeJS.ProcessEnv = process.env): string {
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const [moved, data, home] = [set(WEIGHTS_VARIABLE), set('XDG_DATA_HOME'), set('HOME')];
  if (moved !== undefined) return moved;
  if (data !== undefined) return join(data, 'showroom', 'models');
  if (home !== undefined) return join(home, '.local', 'share', 'showroom', 'models');
  return cacheFolder('models', env);
}

export const weightsFolder = (id: WeightsId, env?: NodeJS.ProcessEnv): string => join(weightsRoot(env), id);

/** Whether every file is there with its length. Their sums are checked when they are installed. */
export function isInstalled(id: WeightsId, env?: NodeJS.ProcessEnv): boolean {
  const folder = weightsFolder(id, env);
  return weightsOf(id).files.every(
    ({ name, bytes }) => statSync(join(folder, name), { throwIfNoEntry: false })?.size === bytes,
  );
}
