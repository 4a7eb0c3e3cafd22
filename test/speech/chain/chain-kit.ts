import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { voice, type Voice } from '../../../src/config/sections/voice.js';
import type { Log } from '../../../src/core/log.js';
import { openChain } from '../../../src/speech/chain/open-chain.js';
import { EmbeddedProvider } from '../../../src/speech/embedded-provider.js';
import { SpeechService } from '../../../src/speech/speech-service.js';

export const KEY = 'sk-secret-0123456789';
export const never = new AbortController().signal;

/** Everything that was logged, as one text. */
export function keptLog(): { log: Log; text: () => string } {
  const lines: string[] = [];
  const keep = (fields: object, message: string): void => void lines.push(`${JSON.stringify(fields)} ${message}`);
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep, child: () => log };
  return { log, text: () => lines.join('\n') };
}

export const settingOf = (raw: object): Voice => voice.parse(raw);

export interface OpenedService {
  readonly service: SpeechService;
  readonly logged: () => string;
  /** Moves the clock by which voices rest and days change. */
  readonly pass: (ms: number) => void;
  readonly say: (text: string, more?: object) => ReturnType<SpeechService['speak']>;
}

/** One synthesiser for all tests of a file: each would take seconds to start. The last one that uses it closes it. */
const shared = new EmbeddedProvider({ log: keptLog().log, processes: 1, timeoutMs: 60_000 });
export const closeShared = (): Promise<void> => shared.close();
const lent = Object.create(shared, { close: { value: () => Promise.resolve() } }) as EmbeddedProvider;

/** A speech service with one configured voice and a clock of its own. */
export function openService(
  t: Test,
  setting: Voice,
  more: { cacheDir?: string; countFile?: string } = {},
): OpenedService {
  const { log, text } = keptLog();
  let nowMs = Date.UTC(2026, 0, 1, 12);
  const own = mkdtempSync(join(tmpdir(), 'showroom-voices-'));
  const provider = openChain({
    voices: [setting],
    env: { VOICE_KEY: KEY },
    embedded: lent,
    cacheDir: more.cacheDir ?? join(own, 'clips'),
    countFile: more.countFile,
    log,
    nowMs: () => nowMs,
  });
  const service = new SpeechService({ log, provider });
  t.teardown(async () => {
    await service.close();
    rmSync(own, { recursive: true, force: true });
  });
  return {
    service,
    logged: text,
    pass: (ms) => void (nowMs += ms),
    say: (line, options = {}) =>
      service.speak(
        { id: 'x', text: line, language: 'en', provider: setting.provider!, voice: setting.name!, ...options },
        never,
      ),
  };
}

export const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
