import { EngineError } from '../../core/errors.js';
import type { Seal } from '../../store/studio/seal.js';
import type { SettingsTable } from '../../store/studio/links-table.js';

/** A key as people see it. */
export interface SecretView {
  /** As the room file names it: `ROOM_LLM_KEY`. */
  readonly name: string;
  /** Last characters; null for a short one. */
  readonly end: string | null;
}

type Stored = Readonly<Record<string, { readonly sealed: string; readonly end: string | null }>>;

/** Names that a room file may hold as `${NAME}`; everything else would be read from the studio's own environment. */
export const SECRET_NAME = /^ROOM_[A-Z0-9_]{1,40}$/;
const MAX_SECRETS = 20;
const END = 4;
const MIN_FOR_END = 12;

/** Keys of services that a room uses, sealed at rest; its engine gets them in its environment. */
export class RoomSecrets {
  constructor(
    private readonly settings: SettingsTable,
    private readonly seal: Seal,
  ) {}

  list(room: string): SecretView[] {
    return Object.entries(this.stored(room)).map(([name, { end }]) => ({ name, end }));
  }

  /** @throws EngineError E_BAD_REQUEST for another name, or too many */
  put(room: string, name: string, value: string): void {
    const stored = this.stored(room);
    if (!SECRET_NAME.test(name))
      throw new EngineError('E_BAD_REQUEST', {
        where: 'name',
        expected: 'a name such as ROOM_LLM_KEY',
        found: name.slice(0, 60),
      });
    if (stored[name] === undefined && Object.keys(stored).length >= MAX_SECRETS)
      throw new EngineError('E_BAD_REQUEST', { where: 'keys', expected: `at most ${MAX_SECRETS}`, found: 'one more' });
    const sealed = this.seal.seal(value, place(room, name)).toString('base64');
    const end = value.length >= MIN_FOR_END ? value.slice(-END) : null;
    this.settings.put(setting(room), { ...stored, [name]: { sealed, end } });
  }

  remove(room: string, name: string): void {
    const { [name]: _, ...rest } = this.stored(room);
    this.settings.put(setting(room), rest);
  }

  removeAll(room: string): void {
    this.settings.remove(setting(room));
  }

  /** For the room's engine. */
  environment(room: string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.stored(room)).map(([name, { sealed }]) => [
        name,
        this.seal.open(Buffer.from(sealed, 'base64'), place(room, name)),
      ]),
    );
  }

  private stored(room: string): Stored {
    return this.settings.get<Stored>(setting(room)) ?? {};
  }
}

const setting = (room: string): string => `secrets ${room}`;
const place = (room: string, name: string): string => `secret ${room} ${name}`;
