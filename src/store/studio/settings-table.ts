import type { Database } from '../store-schema.js';

/** Named settings of the whole studio, as JSON. */
export class SettingsTable {
  constructor(private readonly db: Database) {}

  get<T>(name: string): T | undefined {
    const row = this.db.prepare('SELECT value FROM setting WHERE name = ?').get(name) as { value: string } | undefined;
    return row === undefined || row === null ? undefined : (JSON.parse(row.value) as T);
  }

  put(name: string, value: unknown): void {
    this.db
      .prepare('INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
      .run(name, JSON.stringify(value));
  }

  remove(name: string): void {
    this.db.prepare('DELETE FROM setting WHERE name = ?').run(name);
  }
}
