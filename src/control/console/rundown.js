// Buttons of the script, lines on their way, and the products.
import { keyed, part } from '/tables.js';

const MAX_LINES = 8;
let agenda = { paused: false, lines: [] };
let products = [];

/** `tell` shows the result of a button. */
export function rundownPanel(api, word, language, tell) {
  const $ = (id) => document.getElementById(id);
  const element = (name, className = '') => Object.assign(document.createElement(name), { className });

  function draw() {
    const { paused, lines } = agenda;
    $('script-pause').textContent = word(paused ? 'continueScript' : 'pauseScript');
    $('script-pause').title = word(paused ? 'continueTip' : 'pauseTip');
    $('script-pause').dataset.on = String(paused);
    $('script-pause').setAttribute('aria-pressed', String(paused));
    keyed('agenda', lines, newLine, (row, { text, kind }) => {
      part(row, '.who').textContent = word(`line-${kind}`);
      part(row, '.words').textContent = text;
      part(row, 'button').textContent = word('takeBack');
      part(row, 'button').title = word('takeBackTip');
    });
    keyed('products', products, newProduct, (row, { product, pinned, shown }) => {
      const { title, price, stock, id } = product;
      const soldOut = stock === 'sold-out';
      part(row, '.words').textContent = title ?? id;
      part(row, 'small').textContent = [priceText(price), shown ? word('onScreen') : ''].filter(Boolean).join(' · ');
      const [pin, sold] = row.querySelectorAll('button');
      set(pin, word(pinned ? 'unpin' : 'pin'), word('pinTip'), pinned);
      set(sold, word(soldOut ? 'onSale' : 'soldOut'), word('soldOutTip'), soldOut);
    });
  }

  function set(button, text, title, on) {
    Object.assign(button, { textContent: text, title });
    button.dataset.on = String(on);
    button.setAttribute('aria-pressed', String(on));
  }

  function priceText(price) {
    if (!price) return '';
    const style = { style: 'currency', currency: price.currency, currencyDisplay: 'narrowSymbol' };
    const amount = new Intl.NumberFormat(language(), style).format(price.amount);
    return price.unit ? `${amount} / ${price.unit}` : amount;
  }

  function newLine({ id }) {
    const row = element('li');
    const head = element('p', 'line');
    const button = element('button', 'small');
    button.type = 'button';
    button.addEventListener('click', () => void act(`/api/agenda/${encodeURIComponent(id)}`, { method: 'DELETE' }));
    head.append(element('b', 'who'), element('span', 'words'), button);
    row.append(head);
    return row;
  }

  function newProduct({ id }) {
    const row = element('li');
    const head = element('p', 'line');
    const text = element('span', 'product');
    text.append(element('span', 'words'), element('small'));
    head.append(text);
    for (const [on, off] of [
      ['pin', 'unpin'],
      ['sold-out', 'on-sale'],
    ]) {
      const button = element('button', 'small');
      button.type = 'button';
      button.addEventListener('click', () => {
        const command = button.dataset.on === 'true' ? off : on;
        void act(`/api/products/${encodeURIComponent(id)}/${command}`, { method: 'POST' });
      });
      head.append(button);
    }
    row.append(head);
    return row;
  }

  async function act(path, options) {
    const { status, body } = await api(path, options).catch(() => ({ status: 0, body: {} }));
    if (status < 200 || status > 299) tell(() => `${word('failed')}${body.error?.message ?? word('away')}`);
    await poll(true).catch(() => undefined);
  }

  async function poll(withProducts) {
    const [lines, list] = await Promise.all([api('/api/agenda'), withProducts ? api('/api/products') : undefined]);
    if (lines.status === 200) {
      const { paused, scheduled, waiting } = lines.body;
      // The script's own lines come by themselves.
      const others = [...scheduled, ...waiting].filter(({ kind }) => kind !== 'script');
      agenda = { paused, lines: others.slice(0, MAX_LINES) };
    }
    if (list?.status === 200) products = list.body.products;
    draw();
  }

  $('script-pause').addEventListener('click', () =>
    act(`/api/script/${agenda.paused ? 'resume' : 'pause'}`, { method: 'POST' }),
  );
  $('script-skip').addEventListener('click', () => act('/api/script/skip', { method: 'POST', body: '{}' }));

  return { draw, poll };
}
