/**
 * Tracks the embedded server's connections and drops idle or abusive ones.
 *
 * Problem: idle and flooding connections take file handles, memory and CPU, and the engine must always be able to
 * connect, also to publish again.
 * Rule: a connection is waiting until it plays or publishes. Players have a total limit and a limit per address.
 * Waiting connections have limits too: beyond them the oldest one is dropped, so a newcomer always gets in. Players and
 * publishers are counted separately, so a full house never keeps the publisher out.
 * Numbers: 10 s to play or publish; 128 players, 64 per address; 64 waiting, 32 per address; at most 8 MB unread; at
 * most 256 kB/s from anyone but the publisher (a player sends a few hundred bytes a second).
 */
import type { Socket } from 'node:net';

export const MAX_PLAYERS = 128;
export const MAX_PLAYERS_PER_ADDRESS = 64;
export const MAX_WAITING = 64;
export const MAX_WAITING_PER_ADDRESS = 32;
export const MAX_WAITING_MS = 10_000;
/** A player with more unread data than this has stopped reading. */
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
    private readonly onDrop: (reason: string) => void,
    private readonly nowMs: () => number = performance.now.bind(performance),
  ) {}

  /** Adds a connection; drops the oldest waiting one when there are too many. */
  open(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    this.connections.set(socket, { socket, address, openedMs: this.nowMs(), role: 'waiting', readBytes: 0 });
    socket.on('close', () => this.connections.delete(socket));
    socket.on('error', () => socket.destroy());
    const waiting = this.all('waiting');
    const near = waiting.filter((one) => one.address === address);
    const oldest = near.length > MAX_WAITING_PER_ADDRESS ? near[0] : waiting[MAX_WAITING] && waiting[0];
    if (oldest !== undefined) this.drop(oldest, 'too many idle connections: neither playing nor publishing');
  }

  /** False when the player limit is reached. */
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

  /** Every SWEEP_MS: drops connections that wait too long, do not read, or flood the server. */
  sweep(): void {
    const nowMs = this.nowMs();
    for (const one of this.connections.values()) {
      const sent = one.socket.bytesRead - one.readBytes;
      one.readBytes = one.socket.bytesRead;
      if (one.role === 'waiting' && nowMs - one.openedMs > MAX_WAITING_MS) {
        this.drop(one, `no play or publish command within ${MAX_WAITING_MS / 1000} s`);
      } else if (one.role !== 'publisher' && sent > MAX_SENT_BYTES_PER_SWEEP) {
        this.drop(one, `a non-publisher sent ${Math.round(sent / 1024)} kB in a second`);
      } else if (one.socket.writableLength > MAX_PLAYER_LAG_BYTES) {
        this.drop(one, 'a player stopped reading');
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
    this.onDrop(reason);
    one.socket.destroy();
  }
}
