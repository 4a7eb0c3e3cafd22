import { languageRow, languageTable } from '../../config/languages/language-table.js';
import { humanLanguage, kokoroVoices } from '../../speech/kokoro/human-voices.js';
import { isInstalled } from '../../weights/index.js';

/** Voices and models that speak a language. */
export interface ListedSpeaker {
  readonly language: string;
  readonly name: string;
  readonly kind: 'native' | 'accented' | 'robot';
  /** Names for presenter.voice.name, the usual ones first. */
  readonly voices: readonly string[];
  /** False: its model is fetched by `engine model install`. */
  readonly installed: boolean;
}

/** Who speaks each language, or one: human voices first. */
export function listSpeakers(language?: string, env: NodeJS.ProcessEnv = process.env): ListedSpeaker[] {
  const { languages } = languageTable();
  const rows =
    language === undefined ? languages : [languageRow(language) ?? { tag: language, english: language, voice: null }];
  const installed = isInstalled('kokoro', env);
  return rows.flatMap(({ tag, english, voice }) => {
    const about = { language: tag, name: english };
    const speakers: ListedSpeaker[] = [];
    if (/^en\b/.test(tag)) speakers.push({ ...about, kind: 'native', voices: ['heart'], installed: true });
    const human = humanLanguage(tag);
    const named = kokoroVoices().filter(({ languages: own }) => own[0]!.split('-')[0] === tag.split('-')[0]);
    const voices = [
      ...new Set([...(human === undefined ? [] : [...human.women, ...human.men]), ...named.map(({ name }) => name)]),
    ];
    if (voices.length > 0 && (human !== undefined || /^en\b/.test(tag)))
      speakers.push({ ...about, kind: human?.kind ?? 'native', voices, installed });
    if (voice !== null && voice !== undefined)
      speakers.push({ ...about, kind: 'robot', voices: [voice], installed: true });
    return speakers;
  });
}
