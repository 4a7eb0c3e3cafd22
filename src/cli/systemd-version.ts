import { runChild } from '../core/processes/child-process.js';

const ASK_TIMEOUT_MS = 5000;

/** The version of systemd on this machine; undefined where there is none. */
export function systemdVersion(program = 'systemctl'): Promise<number | undefined> {
  return new Promise((resolve) => {
    runChild(program, ['--version'], { timeout: ASK_TIMEOUT_MS }, ((_error: unknown, stdout: string) => {
      const version = /^systemd (\d+)/.exec(stdout)?.[1];
      resolve(version === undefined ? undefined : Number(version));
    }) as never);
  });
}
