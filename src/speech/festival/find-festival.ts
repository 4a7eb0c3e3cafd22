import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface FoundFestival {
  readonly program: string;
  /** Folder of the Russian voice. */
  readonly voice: string;
}

const VOICE = 'russian/msu_ru_nsh_clunits';
const FOLDERS = ['/usr/share/festival/voices', '/usr/local/share/festival/voices', '/usr/lib/festival/voices'];

/**
 * The Festival of this machine with its Russian voice (Debian: festival and festvox-ru); undefined where either is not
 * installed, and with `ENGINE_FESTIVAL=off`. `ENGINE_FESTIVAL` may name another program.
 */
export function findFestival(
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  folders: readonly string[] = FOLDERS,
): FoundFestival | undefined {
  const wanted = env['ENGINE_FESTIVAL'] ?? '';
  if (wanted === 'off') return undefined;
  const voice = folders.map((folder) => join(folder, VOICE)).find((folder) => existsSync(folder));
  if (voice === undefined) return undefined;
  const programs =
    wanted === '' ? (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'festival')) : [wanted];
  const program = programs.find(isProgram);
  return program === undefined ? undefined : { program, voice };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
