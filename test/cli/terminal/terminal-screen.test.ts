import t from 'tap';
import { TerminalScreen } from '../../../src/cli/terminal/status-line.js';

/** A minimal terminal: erasing, moving up and wrapping. */
class Emulator {
  readonly rows: string[][] = [[]];
  x = 0;
  y = 0;
  constructor(public columns: number) {}
  write(text: string): void {
    // oxlint-disable-next-line no-control-regex
    for (const [part, , count, order] of text.matchAll(/(\u001b\[(\d*)([AJKm]))|[\s\S]/gu)) {
      const row = () => (this.rows[this.y] ??= []);
      if (order === 'K') this.rows[this.y] = [];
      else if (order === 'J') this.rows.length = this.y + 1 - (this.x === 0 ? 1 : 0);
      else if (order === 'A') this.y -= Number(count);
      else if (order === 'm') continue;
      else if (part === '\r') this.x = 0;
      else if (part === '\n') [this.x, this.y] = [0, this.y + 1];
      else {
        if (this.x >= this.columns) [this.x, this.y] = [0, this.y + 1];
        row()[this.x] = part;
        this.x += 1;
      }
      row();
    }
  }
  /** Narrower: long rows wrap, as in tmux and most terminals. */
  resize(columns: number): void {
    this.columns = columns;
    const rows = this.rows.flatMap((row) => {
      const parts: string[][] = [];
      for (let i = 0; i < Math.max(1, row.length); i += columns) parts.push(row.slice(i, i + columns));
      return parts;
    });
    this.rows.splice(0, this.rows.length, ...rows);
    this.y = this.rows.length - 1;
    this.x = this.rows[this.y]!.length;
  }
  get text(): string[] {
    return this.rows.map((row) => row.join(''));
  }
}

t.test('prints lines above the status line, which is never torn', (t) => {
  const terminal = new Emulator(40);
  const screen = new TerminalScreen(terminal);
  screen.print('on air');
  screen.show('● 00:00:01 local live');
  screen.print('12:00:00 ! a warning');
  screen.show('● 00:00:02 local live');
  screen.print('12:00:01 ! another');
  t.same(terminal.text, ['on air', '12:00:00 ! a warning', '12:00:01 ! another', '● 00:00:02 local live']);
  screen.show('');
  t.same(terminal.text.at(-1), '');
  t.end();
});

t.test('leaves no rest of the status line on a narrowed terminal', (t) => {
  const terminal = new Emulator(40);
  const screen = new TerminalScreen(terminal);
  screen.print('on air');
  screen.show('● 00:00:02 local live · whep live · x');
  terminal.resize(20);
  screen.show('● 00:00:02 2 live');
  t.same(terminal.text, ['on air', '● 00:00:02 2 live']);
  t.equal(screen.columns, 17);
  t.end();
});

t.test('prints other output above the status line too, in whole lines', (t) => {
  const terminal = new Emulator(40);
  const screen = new TerminalScreen(terminal);
  const stream = { write: () => true } as unknown as NodeJS.WriteStream;
  const write: unknown = Reflect.get(stream, 'write');
  const unguard = screen.guard(stream);
  screen.show('● status');
  stream.write('(node:1) Warn');
  stream.write(Buffer.from('ing: x\nnext'));
  t.same(terminal.text, ['(node:1) Warning: x', '● status']);
  unguard();
  t.same(terminal.text, ['(node:1) Warning: x', 'next', '● status']);
  t.equal(Reflect.get(stream, 'write'), write);
  screen.leave();
  screen.print('nothing');
  screen.show('nothing');
  t.equal(terminal.text.length, 3, 'nothing is written to a closed terminal');
  t.end();
});
