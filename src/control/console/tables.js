// Figures as tiles and lists as rows; everything is set as text, never as markup.
export function tiles(id, word, list) {
  document.getElementById(id).replaceChildren(
    ...list.map(([key, value, mood]) => {
      const box = document.createElement('div');
      const dt = document.createElement('dt');
      const dd = document.createElement('dd');
      dt.textContent = word(key);
      const [number, unit] = String(value).split(' ');
      dd.textContent = number;
      if (unit) {
        const small = document.createElement('small');
        small.textContent = ` ${unit}`;
        dd.append(small);
      }
      if (mood) dd.className = mood;
      box.append(dt, dd);
      return box;
    }),
  );
}

/** A cell is a text, or `{ text, small?, pill?, num? }`; `pill` is a state shown as a badge. */
export function rows(id, list) {
  document.getElementById(id).tBodies[0].replaceChildren(
    ...list.map((cells) => {
      const row = document.createElement('tr');
      for (const cell of cells) {
        const td = document.createElement('td');
        const { text, small, pill, num } = typeof cell === 'object' ? cell : { text: cell };
        if (pill) {
          const mark = document.createElement('span');
          mark.className = 'pill';
          mark.dataset.state = pill;
          mark.textContent = text;
          td.append(mark);
        } else td.textContent = text;
        if (small) {
          const under = document.createElement('small');
          under.textContent = small;
          td.append(under);
        }
        if (num) td.className = 'num';
        row.append(td);
      }
      return row;
    }),
  );
}

/**
 * A list with one element an item, by the item's id. Elements stay while their items do, so that a half-typed answer is kept. `make`
 * builds an element, `fill` sets its words.
 */
export function keyed(id, items, make, fill) {
  const list = document.getElementById(id);
  const focused = document.activeElement;
  const before = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const node = before.get(item.id) ?? make(item);
    node.dataset.key = item.id;
    fill(node, item);
    return node;
  });
  for (const node of before.values()) if (!nodes.includes(node)) node.remove();
  for (const [i, node] of nodes.entries())
    if (list.children[i] !== node) list.insertBefore(node, list.children[i] ?? null);
  // A moved element loses the focus.
  if (focused !== document.activeElement && list.contains(focused)) focused.focus();
}

export const part = (row, selector) => row.querySelector(selector);
