// Viewers' comments with their answers, and the questions that wait for an operator. Strangers' words are set as text only.
import { keyed, part } from '/tables.js';

const MAX_COMMENTS = 12;
const MAX_QUESTIONS = 6;
/** Colour of a state, by the states of outputs. */
const COLOURS = { answered: 'live', merged: 'live', unanswered: 'backoff', hostile: 'wedged' };

let comments = [];
let questions = [];
let said = { text: () => '', bad: false };

/** `api` calls the engine, `word` translates. */
export function viewersPanel(api, word, language) {
  const $ = (id) => document.getElementById(id);

  function draw() {
    keyed('questions', questions, newQuestion, (row, { user, text, count }) => {
      part(row, '.who').textContent =
        count > 1 ? word('asked')(user || word('someone'), count) : user || word('someone');
      part(row, '.words').textContent = text;
      part(row, 'input').placeholder = word('answerHint');
      part(row, 'button').textContent = word('answer');
    });
    keyed('comments', comments, newComment, (row, { user, text, state, answer, reason }) => {
      // The words and the name of a hostile comment are repeated nowhere, this page included.
      const hostile = state === 'hostile';
      part(row, '.who').textContent = (!hostile && user) || word('someone');
      part(row, '.words').textContent = hostile ? word('hostileWords') : (text ?? '');
      const pill = part(row, '.pill');
      pill.dataset.state = COLOURS[state] ?? '';
      pill.textContent = word(`comment-${state}`);
      part(row, 'small').textContent = answer ? `→ ${answer}` : state === 'unanswered' ? (reason ?? '') : '';
    });
    $('no-comments').textContent = comments.length === 0 ? word('noComments') : '';
    $('viewer-result').textContent = said.text();
    $('viewer-result').classList.toggle('bad', said.bad);
  }

  const element = (name, className = '') => Object.assign(document.createElement(name), { className });

  function newComment() {
    const row = element('li');
    const head = element('p', 'line');
    head.append(element('b', 'who'), element('span', 'words'), element('span', 'pill'));
    row.append(head, element('small'));
    return row;
  }

  function newQuestion({ id }) {
    const row = element('li', 'open');
    const head = element('p', 'line');
    head.append(element('b', 'who'), element('span', 'words'));
    const form = element('form', 'entry');
    const input = Object.assign(element('input'), { maxLength: 500, autocomplete: 'off' });
    form.append(input, element('button'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void answer(id, input);
    });
    row.append(head, form);
    return row;
  }

  async function answer(id, input) {
    const text = input.value.trim();
    if (text === '') return;
    const path = `/api/questions/${encodeURIComponent(id)}/answer`;
    const { body } = await api(path, { method: 'POST', body: JSON.stringify({ text }) }).catch(() => ({ body: {} }));
    const done = body.result === 'queued';
    said = {
      bad: !done,
      text: () =>
        done
          ? word('queued')
          : body.result === 'refused'
            ? word('refused')(body.reason?.[language()] ?? '')
            : `${word('failed')}${body.error?.message ?? word('away')}`,
    };
    // A refused answer stays in its box, to be corrected.
    if (done) questions = questions.filter((one) => one.id !== id);
    draw();
  }

  async function poll() {
    const [events, open] = await Promise.all([api('/api/events?limit=100'), api('/api/questions')]);
    if (events.status === 200)
      comments = events.body.events
        .filter(({ kind }) => kind === 'comment')
        .slice(0, MAX_COMMENTS)
        .map((one) => ({ ...one, id: String(one.seq) }));
    if (open.status === 200) questions = open.body.questions.slice(0, MAX_QUESTIONS);
    draw();
  }

  return { draw, poll };
}
