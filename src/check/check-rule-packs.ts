import { statSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { packFiles, readPack, rulePack, type RulePack } from '../moderation/packs/index.js';
import { TextJudge } from '../moderation/index.js';
import { jsonFaultOffset } from '../config/json-text.js';
import { valueFault } from '../config/value-fault.js';
import { EngineError } from '../core/errors.js';
import { templatePath } from '../core/files/paths.js';
import { FileFault, readRegularFileSync } from '../core/files/regular-file.js';

const MAX_PACK_BYTES = 16 * 1024 * 1024;

interface PackFault {
  /** `3.2/en.json: near[0].all[1]` */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
}

export interface PackReport {
  readonly packs: number;
  readonly terms: number;
  readonly trip: number;
  readonly pass: number;
  readonly faults: readonly PackFault[];
}

/**
 * Checks the rule packs of a folder. Each pack is judged together with the project's own packs and replaces the one of
 * its rule and language.
 */
export function checkRulePacks(folder: string): PackReport {
  const files = filesIn(folder);
  const faults: PackFault[] = [];
  const packs = new Map<string, RulePack>();
  for (const file of files) {
    const name = relative(folder, file);
    const pack = readChecked(file, name, faults);
    if (pack === undefined) continue;
    const place = `${basename(dirname(file))}/${basename(file)}`;
    if (place !== `${pack.rule}/${pack.language}.json`)
      faults.push({ where: name, expected: `the path ${pack.rule}/${pack.language}.json`, found: place });
    packs.set(name, pack);
  }
  const own = packFiles(templatePath('rules')).map(readPack);
  const replaced = (p: RulePack): boolean =>
    [...packs.values()].some(({ rule, language }) => rule === p.rule && language === p.language);
  const all = [...own.filter((p) => !replaced(p)), ...packs.values()];
  for (const [name, pack] of packs) faults.push(...unknownSets(name, pack, all), ...twice(name, pack));
  faults.push(...wrongLines(packs, new TextJudge({ packs: all })));
  const count = (of: (pack: RulePack) => number): number => [...packs.values()].reduce((n, p) => n + of(p), 0);
  return {
    packs: packs.size,
    terms: count(({ say, sets }) => [...Object.values(say), ...Object.values(sets)].flat().length),
    trip: count(({ trip }) => trip.length),
    pass: count(({ pass }) => pass.length),
    faults,
  };
}

function filesIn(folder: string): string[] {
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  const files = isFolder ? packFiles(folder) : [];
  if (files.length > 0) return files;
  throw new EngineError('E_ASSET_MISSING', {
    where: folder,
    expected: 'a folder with rule packs, <rule>/<language>.json',
    found: isFolder ? 'none' : 'no folder',
    todo: 'name the folder that holds 3.2/en.json and the like',
  });
}

function readChecked(file: string, name: string, faults: PackFault[]): RulePack | undefined {
  let text: string;
  try {
    text = readRegularFileSync(file, MAX_PACK_BYTES).toString('utf8');
  } catch (cause) {
    if (!(cause instanceof FileFault)) throw cause;
    faults.push({ where: name, expected: 'a rule pack', found: cause.found });
    return undefined;
  }
  const at = jsonFaultOffset(text);
  if (at !== undefined) {
    const line = text.slice(0, at).split('\n').length;
    const found = at >= text.length ? 'the end of the file' : JSON.stringify(text.slice(at, at + 20));
    faults.push({ where: `${name}:${line}`, expected: 'JSON', found });
    return undefined;
  }
  const json: unknown = JSON.parse(text);
  const parsed = rulePack.safeParse(json);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const { where, expected, found } = valueFault(issue, json);
    faults.push({ where: where === '' ? name : `${name}: ${where}`, expected, found });
  }
  return undefined;
}

/** Sets that no pack defines: a combination with one never matches. */
function unknownSets(name: string, pack: RulePack, all: readonly RulePack[]): PackFault[] {
  const known = new Set(all.flatMap(({ sets }) => Object.keys(sets)));
  const faults: PackFault[] = [];
  for (const [n, near] of pack.near.entries()) {
    for (const [s, set] of near.all.entries()) {
      if (known.has(set)) continue;
      faults.push({
        where: `${name}: near[${n}].all[${s}]`,
        expected: 'a set of this pack or another',
        found: `"${set}"`,
      });
    }
  }
  return faults;
}

function twice(name: string, pack: RulePack): PackFault[] {
  return [...Object.entries(pack.say), ...Object.entries(pack.sets)].flatMap(([list, terms]) =>
    terms
      .filter((term, at) => terms.indexOf(term) < at)
      .map((term) => ({ where: `${name}: ${list}`, expected: 'each term once', found: `"${term}" twice` })),
  );
}

/**
 * Lines of `trip` without a hit, and lines of `pass` with one. The line model is left out, since it is trained on such
 * lines.
 */
function wrongLines(packs: ReadonlyMap<string, RulePack>, judge: TextJudge): PackFault[] {
  const faults: PackFault[] = [];
  for (const [name, pack] of packs) {
    const hitsOf = (fixture: RulePack['trip'][number]) => {
      const { text, language = pack.language } = typeof fixture === 'string' ? { text: fixture } : fixture;
      return judge.judge(text, { surface: 'speech', language }).hits;
    };
    for (const [n, line] of pack.trip.entries()) {
      const hits = hitsOf(line);
      if (hits.some(({ rule }) => rule === pack.rule)) continue;
      const found = hits.length === 0 ? 'nothing' : hits.map((h) => `${h.rule} "${h.match}"`).join(', ');
      faults.push({ where: `${name}: trip[${n}]`, expected: `a hit of rule ${pack.rule}`, found });
    }
    for (const [n, line] of pack.pass.entries()) {
      const [hit] = hitsOf(line);
      if (hit === undefined) continue;
      faults.push({
        where: `${name}: pass[${n}]`,
        expected: 'no hit',
        found: `${hit.rule} ${hit.kind} "${hit.match}"`,
      });
    }
  }
  return faults;
}
