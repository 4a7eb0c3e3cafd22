import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, totalmem } from 'node:os';
import { control } from '../config/sections/control.js';
import { toEngineError } from '../core/errors.js';
import { findFfmpeg } from '../encoder/process/find-ffmpeg.js';
import { missingAddon } from '../native/load-addon.js';
import { loadKernels } from '../native/load-kernels.js';
import { listVideoDevices } from '../outputs/v4l2/video-devices.js';
import { languageTable } from '../config/languages/language-table.js';
import { readGlyphs } from '../scene/fonts/glyph-set.js';
import { bytesOf, CATALOGUE, isInstalled } from '../weights/index.js';
import { listProviders, listVoices } from './list-voices.js';

export interface Finding {
  readonly what: string;
  /** `fair`: a room runs, but not as well as it could. `bad`: it does not run. */
  readonly state: 'good' | 'fair' | 'bad';
  readonly found: string;
  readonly todo?: string;
}

type Check = () => Promise<Omit<Finding, 'what'>>;

/** Checks everything a room needs; each check fails by itself. */
export async function runDoctor(): Promise<Finding[]> {
  const checks: Record<string, Check> = {
    node: async () => ({ state: 'good', found: `${process.version} on ${process.platform} ${process.arch}` }),
    cores: checkCores,
    ffmpeg: checkFfmpeg,
    kernels: checkKernels,
    fonts: checkFonts,
    voices: checkVoices,
    models: checkModels,
    services: checkServices,
    ports: checkPorts,
    camera: checkCamera,
  };
  const findings: Finding[] = [];
  for (const [what, check] of Object.entries(checks)) {
    try {
      findings.push({ what, ...(await check()) });
    } catch (cause) {
      const error = toEngineError(cause, what);
      findings.push({
        what,
        state: 'bad',
        found: error.message,
        ...(error.todo === undefined ? {} : { todo: error.todo }),
      });
    }
  }
  return findings;
}

async function checkCores(): Promise<Omit<Finding, 'what'>> {
  const cores = availableParallelism();
  const found = `${cores}, ${Math.round(totalmem() / 2 ** 30)} GiB of memory`;
  return cores >= 2
    ? { state: 'good', found }
    : { state: 'fair', found, todo: 'a 720p room at 30 fps wants two cores' };
}

async function checkFfmpeg(): Promise<Omit<Finding, 'what'>> {
  const { version, path, source, major, decoder } = await findFfmpeg();
  const other = decoder.path === path ? '' : `; files of others are decoded by ${decoder.version} (${decoder.path})`;
  const found = `${version} (${source === 'package' ? 'from the npm package' : path})${other}`;
  if (source !== 'package' && major >= 5) return { state: 'good', found };
  return {
    state: 'fair',
    found,
    todo:
      major < 5
        ? "works; a current one takes a third less CPU for the picture, a tenth of a room's: install your system's ffmpeg, or set ENGINE_FFMPEG"
        : "works; install your system's ffmpeg, or set ENGINE_FFMPEG, to have it updated",
  };
}

async function checkKernels(): Promise<Omit<Finding, 'what'>> {
  const { name, variant } = loadKernels();
  if (name === 'native') return { state: 'good', found: `native, ${variant}` };
  const reason = missingAddon();
  return {
    state: 'fair',
    found: `TypeScript: the same pictures, about ten times the time${reason === undefined ? '' : ` (native kernels ${reason})`}`,
    todo: 'install a C++ compiler, make and python3, then run `npm run build` in a checkout, or install the package again',
  };
}

/** Scripts whose letters have glyphs in the fonts of this machine; a missing one is drawn as empty boxes. */
async function checkFonts(): Promise<Omit<Finding, 'what'>> {
  const glyphs = await readGlyphs();
  const scripts = Object.values(languageTable().scripts);
  const isDrawn = ({ sample }: { sample: string }): boolean => glyphs.missing(sample).length === 0;
  const broken = scripts.filter((script) => script.font === undefined && !isDrawn(script));
  if (broken.length > 0)
    return {
      state: 'bad',
      found: `no glyphs for ${broken.map(({ name }) => name).join(', ')}`,
      todo: 'run `npm install` again: the fonts come with it',
    };
  const drawn = scripts.filter(isDrawn).map(({ name }) => name);
  const absent = scripts.filter((script) => !isDrawn(script)).map(({ name }) => name);
  const others = absent.length === 0 ? '' : `; not installed: ${absent.join(', ')} (docs/languages.md)`;
  return { state: 'good', found: `${drawn.join(', ')}${others}` };
}

async function checkVoices(): Promise<Omit<Finding, 'what'>> {
  const voices = await listVoices();
  const { languages } = languageTable();
  const faulty = languages
    .filter(({ fault, voice }) => fault !== undefined && voice !== null)
    .map(({ english }) => english);
  return {
    state: 'good',
    found: `${voices.length} embedded voices for ${languages.filter(({ voice }) => voice !== null).length} languages; known faults in ${faulty.join(', ')} (engine doctor --voices)`,
  };
}

/** Models beside the package; a room runs without them. */
function checkModels(): Promise<Omit<Finding, 'what'>> {
  const missing = CATALOGUE.filter(({ id }) => !isInstalled(id));
  const found = CATALOGUE.map(({ id, use }) => `${id}${isInstalled(id) ? '' : ' not installed'} (${use.en})`).join(
    '; ',
  );
  if (missing.length === 0) return Promise.resolve({ state: 'good', found });
  const todo = missing.map((one) => `engine model install ${one.id} (${Math.round(bytesOf(one) / 1e6)} MB)`).join(', ');
  return Promise.resolve({ state: 'fair', found, todo });
}

/** Keys under their usual names; a room may name others. */
async function checkServices(): Promise<Omit<Finding, 'what'>> {
  const services = listProviders(process.env).filter(({ variable }) => variable !== undefined);
  const ready = services.filter(({ state }) => state === 'ready').map(({ id }) => id);
  const found =
    ready.length === 0
      ? `no key of a speech service is set (${services.map(({ variable }) => variable).join(', ')})`
      : `keys are set for ${ready.join(', ')}`;
  return { state: 'good', found };
}

async function checkPorts(): Promise<Omit<Finding, 'what'>> {
  const { port, rtmpPort, flvPort } = control.parse({});
  const taken: number[] = [];
  for (const p of [port, rtmpPort, flvPort]) if (!(await isFree(p))) taken.push(p);
  if (taken.length === 0)
    return { state: 'good', found: `${port} (HTTP), ${rtmpPort} (RTMP) and ${flvPort} (HTTP-FLV) are free` };
  return {
    state: 'fair',
    found: `${taken.join(', ')} in use`,
    todo: 'set others under "control" in the room file, or --port',
  };
}

/** A room needs no such device: browsers get the camera from `engine camera` without one. */
async function checkCamera(): Promise<Omit<Finding, 'what'>> {
  const devices = (await listVideoDevices()).filter(({ loopback }) => loopback);
  if (devices.length === 0) {
    return { state: 'good', found: 'for browsers (engine camera); no v4l2loopback device for other programs' };
  }
  const unwritable: string[] = [];
  for (const { device } of devices) {
    await access(device, constants.W_OK).catch(() => unwritable.push(device));
  }
  const found = devices.map(({ device, name }) => `${device} (${name})`).join(', ');
  if (unwritable.length === 0) return { state: 'good', found };
  return {
    state: 'fair',
    found,
    todo: `this user may not write ${unwritable.join(', ')}: add it to the group "video"`,
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
