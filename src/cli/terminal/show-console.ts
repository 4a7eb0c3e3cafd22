import type { Log } from '../../core/log.js';
import type { RoomHandle } from '../../config/api/room-handle.js';
import type { LoadStep } from '../../room/start/preload-threads.js';
import { cutToWidth } from './display-width.js';
import { recordStatus, type StatusLine, TerminalScreen, terminalStatus } from './status-line.js';
import { TerminalLog } from './terminal-log.js';
import type { TerminalLanguage } from './terminal-language.js';

const STEPS: Readonly<Record<LoadStep['step'], readonly [en: string, zh: string]>> = {
  parts: ['Starting threads and encoders', '启动线程和编码器'],
  texts: ['Checking texts', '审核文字'],
  pictures: ['Reading pictures', '审核图片'],
  composed: ['Reading the whole picture', '审核整幅画面'],
  encoder: ['Waiting for the encoders', '等待编码器'],
  speech: ['Speaking the first lines', '合成开场语音'],
};

/** What a loading room does now: "Reading pictures 12 of 40…". */
export function loadStepText({ step, done, of }: LoadStep, language: TerminalLanguage): string {
  const words = STEPS[step];
  const share =
    done === undefined || of === undefined ? '' : language === 'zh' ? ` ${done}/${of}` : ` ${done} of ${of}`;
  return language === 'zh' ? `${words[1]}${share}…` : `${words[0]}${share}…`;
}

/** The output of `engine start`: sentences and a status line on a terminal, JSON lines elsewhere. */
export interface ShowConsole {
  readonly log: Log;
  /** The terminal on standard output; undefined without one. */
  readonly terminal: TerminalLanguage | undefined;
  readonly columns: () => number;
  print(line: string): void;
  /** Shown while the room loads; call the result with each step. */
  preparing(room: string): (step: LoadStep) => void;
  status(room: RoomHandle): StatusLine;
  /** The show is being ended: nothing but the summary is printed from now on. */
  stopping(): void;
  /** The terminal was closed. */
  hungUp(): void;
  close(): Promise<void>;
}

export interface ShowConsoleOptions {
  readonly language: TerminalLanguage;
  /** The level from the environment; undefined: the default of each output. */
  readonly level: (usual: string) => string;
  /** JSON lines on standard error. */
  readonly jsonLog: (level: string) => Log;
}

/** Where standard output is no terminal. */
const MAX_COLUMNS = 10_000;

const WORDS = {
  en: {
    preparing: (room: string, step: string, s: number) => `○ ${room}: ${step} ${s} s`,
    stopping: 'Stopping… (Ctrl-C again ends it at once)',
  },
  zh: {
    preparing: (room: string, step: string, s: number) => `○ ${room}：${step} ${s} 秒`,
    stopping: '正在下播…（再按一次 Ctrl-C 立即结束）',
  },
};

export function showConsole({ language, level, jsonLog }: ShowConsoleOptions): ShowConsole {
  const { stdout, stderr } = process;
  const screen = stdout.isTTY === true ? new TerminalScreen(stdout) : undefined;
  let stopping = false;
  let shownStatus: StatusLine | undefined;
  const print = (line: string): void => {
    if (stopping) return;
    if (screen === undefined) stdout.write(`${line}\n`);
    else screen.print(line);
  };
  // Standard error may be a terminal even when standard output is not.
  const errors = stderr.isTTY === true ? (screen ?? new TerminalScreen(stderr)) : undefined;
  const sentences =
    errors &&
    new TerminalLog({
      print: (line) => errors.print(line),
      columns: () => errors.columns,
      level: level('warn'),
      language,
      colour: !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
    });
  const log = sentences ?? jsonLog(level('info'));
  // Output of Node itself or of a thread must not tear the line.
  const unguard = screen !== undefined && errors === screen ? screen.guard(stderr) : (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    log,
    terminal: screen && language,
    columns: () => screen?.columns ?? MAX_COLUMNS,
    print,
    preparing(room) {
      const beganMs = performance.now();
      let step: LoadStep = { step: 'parts' };
      const draw = (): void => {
        const s = Math.floor((performance.now() - beganMs) / 1000);
        screen?.show(cutToWidth(WORDS[language].preparing(room, loadStepText(step, language), s), screen.columns));
      };
      draw();
      timer = setInterval(draw, 500).unref();
      return (next) => {
        // Without a terminal a line for each step, not for each picture.
        if (next.step !== step.step) log.info({ step: next.step }, 'loading');
        step = next;
      };
    },
    status(room) {
      clearInterval(timer);
      screen?.show('');
      shownStatus = screen === undefined ? recordStatus(room) : terminalStatus(room, screen, language);
      return shownStatus;
    },
    stopping() {
      clearInterval(timer);
      shownStatus?.rest();
      screen?.show('');
      // Changes of parts that are being ended are no news.
      sentences?.silence();
      screen?.print(WORDS[language].stopping);
      stopping = true;
    },
    hungUp() {
      log.warn({}, 'the terminal is gone: the show goes on');
      screen?.leave();
      errors?.leave();
    },
    async close() {
      clearInterval(timer);
      screen?.show('');
      await sentences?.close();
      unguard();
    },
  };
}
