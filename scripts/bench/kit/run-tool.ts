import { spawn, type ChildProcess } from 'node:child_process';
import { endWithUs } from './end-with-us.js';

export interface ToolResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; rejects when it cannot be started or fails. */
export function runTool(
  command: string,
  args: readonly string[],
  onSpawn?: (child: ChildProcess) => void,
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    endWithUs(child);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr = (stderr + data.toString()).slice(-200_000)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve({ code, stdout, stderr });
      else reject(new Error(`${command} ended with ${code}: ${stderr.slice(-2000)}`));
    });
    onSpawn?.(child);
  });
}
