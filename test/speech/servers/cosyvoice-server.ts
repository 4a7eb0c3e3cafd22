import { letterMs, toneFor } from './local-http.js';
import { localSocket, type SocketServer } from './local-socket.js';

export interface CosyServerOptions {
  readonly key: string;
  /** `voice`: a voice without times; `sentence`: times count from each sentence. */
  readonly words?: 'task' | 'sentence' | 'none';
  readonly fails?: { readonly code: string; readonly message: string };
  /** Ends the connection inside the sound. */
  readonly breaksOff?: boolean;
}

interface Command {
  readonly header: { readonly action: string; readonly task_id: string; readonly streaming: string };
  readonly payload: {
    readonly parameters?: Record<string, unknown>;
    readonly input?: { readonly text?: string };
  };
}

/** DashScope's task protocol: a command before its turn fails the task, as the documentation says. */
export function cosyVoiceServer(
  { key, words = 'task', fails, breaksOff = false }: CosyServerOptions,
  seen: Command[] = [],
): Promise<SocketServer> {
  return localSocket(
    (socket) => {
      let task = '';
      let text = '';
      const event = (name: string, payload: object = {}, more: object = {}): void =>
        socket.send(JSON.stringify({ header: { task_id: task, event: name, attributes: {}, ...more }, payload }));
      const fail = (code: string, message: string): void => {
        event('task-failed', {}, { error_code: code, error_message: message });
        socket.close(1000);
      };
      socket.on('message', (data) => {
        const command = JSON.parse(String(data)) as Command;
        seen.push(command);
        const { action, task_id: id, streaming } = command.header;
        if (streaming !== 'duplex') return fail('InvalidParameter', 'streaming');
        if (action === 'run-task') {
          task = id;
          if (fails !== undefined) return fail(fails.code, fails.message);
          return event('task-started');
        }
        if (task === '' || id !== task) return fail('InvalidParameter', 'no such task');
        if (action === 'continue-task') {
          text += command.payload.input?.text ?? '';
          return undefined;
        }
        if (action !== 'finish-task') return fail('InvalidParameter', action);
        let at = 0;
        for (const [index, sentence] of (text.match(/[^.。]+[.。]?/g) ?? []).entries()) {
          const result = (type: string, list: object[]): void =>
            event('result-generated', { output: { type, sentence: { index, words: list } } });
          const from = words === 'sentence' ? 0 : at;
          const timed = [...sentence.matchAll(/\p{Script=Han}|[^\s.。\p{Script=Han}]+/gu)].map((m) => ({
            text: m[0],
            begin_index: m.index,
            end_index: m.index + m[0].length,
            begin_time: letterMs(from + m.index),
            end_time: letterMs(from + m.index + m[0].length),
          }));
          result('sentence-begin', []);
          const pcm = toneFor(sentence, 24_000);
          for (let byte = 0; byte < pcm.length; byte += 8000) {
            result('sentence-synthesis', words === 'none' ? [] : timed.slice(0, 1));
            socket.send(pcm.subarray(byte, byte + 8000), { binary: true });
            if (breaksOff) return socket.terminate();
          }
          result('sentence-end', words === 'none' ? [] : timed);
          at += sentence.length;
        }
        event('task-finished', { output: {}, usage: { characters: text.length } });
        return socket.close(1000);
      });
    },
    ({ authorization }) =>
      authorization === `Bearer ${key}`
        ? undefined
        : { status: 401, body: '{"code":"InvalidApiKey","message":"Invalid API-key provided."}' },
  );
}
