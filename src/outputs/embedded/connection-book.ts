/**
 * Who is connected to the embedded server, and for how long without a purpose.
 *
 * Problem: connections that say nothing, or too much, take file handles, memory and the thread's time, and the engine
 * has to reach the server at any moment, also to publish again.
 * Rule: a connection is waiting until it plays or publishes. Players have a limit in all and per address. The waiting
 * have one too: beyond it the one that has waited longest goes, so that a newcomer always gets in. Only players count
 * against players, so a full house never keeps the publisher out.
 * Numbers: 10 s to begin; 128 players, 64 of one address; 64 waiting, 32 of one address; 8 MB behind; 256 kB/s sent by
 * anyone but the publisher (a player sends some hundred bytes a second).
 */
import type { Socket } from 'node:net';

export const MAX_PLAYERS = 128;
export const MAX_PLAYERS_PER_ADDRESS = 64;
export const MAX_WAITING = 64;
export const MAX_WAITING_PER_ADDRESS = 32;
export const MAX_WAITING_MS = 10_000;
/** A player this far behind does not read. */
const MAX_PLAYER_LAG_BYTES = 8 << 20;
const MAX_SENT_BYTES_PER_SWEEP = 256 << 10;
export const SWEEP_MS = 1000;

interface Connection {
  readonly socket: Socket;
  readonly address: string;
  readonly openedMs: number;
  role: 'waiting' | 'player' | 'publisher';
  readBytes: number;
}

export class ConnectionBook {
  private readonly connections = new Map<Socket, Connection>();

  constructor(
    private readonly tell: (reason: string) => void,
    private readonly nowMs: () => number = performance.now.bind(performance),
  ) {}

  /** Takes a new connection in, and lets the longest waiting one go when there are too many. */
  open(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    this.connections.set(socket, { socket, address, openedMs: this.nowMs(), role: 'waiting', readBytes: 0 });
    socket.on('close', () => this.connections.delete(socket));
    socket.on('error', () => socket.destroy());
    const waiting = this.all('waiting');
    const near = waiting.filter((one) => one.address === address);
    const oldest = near.length > MAX_WAITING_PER_ADDRESS ? near[0] : waiting[MAX_WAITING] && waiting[0];
    if (oldest !== undefined) this.drop(oldest, 'too many connections that neither play nor publish');
  }

  /** False when there are players enough. */
  play(socket: Socket): boolean {
    const connection = this.connections.get(socket);
    if (connection === undefined) return false;
    const players = this.all('player');
    const near = players.filter((one) => one.address === connection.address);
    if (players.length >= MAX_PLAYERS || near.length >= MAX_PLAYERS_PER_ADDRESS) return false;
    connection.role = 'player';
    return true;
  }

  publish(socket: Socket): void {
    const connection = this.connections.get(socket);
    if (connection !== undefined) connection.role = 'publisher';
  }

  /** Every SWEEP_MS: ends connections that wait too long, do not read, or send what nobody asked for. */
  sweep(): void {
    const nowMs = this.nowMs();
    for (const one of this.connections.values()) {
      const sent = one.socket.bytesRead - one.readBytes;
      one.readBytes = one.socket.bytesRead;
      if (one.role === 'waiting' && nowMs - one.openedMs > MAX_WAITING_MS) {
        this.drop(one, `no play or publish command within ${MAX_WAITING_MS / 1000} s`);
      } else if (one.role !== 'publisher' && sent > MAX_SENT_BYTES_PER_SWEEP) {
        this.drop(one, `a connection that does not publish sent ${Math.round(sent / 1024)} kB in a second`);
      } else if (one.socket.writableLength > MAX_PLAYER_LAG_BYTES) {
        this.drop(one, 'a player that did not read');
      }
    }
  }

  closeAll(): void {
    for (const socket of this.connections.keys()) socket.destroy();
  }

  private all(role: Connection['role']): Connection[] {
    return [...this.connections.values()].filter((one) => one.role === role);
  }

  private drop(one: Connection, reason: string): void {
    this.connections.delete(one.socket);
    this.tell(reason);
    one.socket.destroy();
  }
}
