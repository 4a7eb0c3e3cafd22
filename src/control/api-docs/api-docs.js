const $ = (id) => document.getElementById(id);
const WORDS = {
  en: {
    other: '中文',
    tokenTitle: 'Token',
    tokenNote: 'The description needs the token that the engine printed at its start.',
    enter: 'Show',
    wrong: 'This token is not accepted.',
    failed: 'The engine does not answer.',
    filter: 'Find a route',
    parameters: 'Parameters',
    body: 'Body',
    answers: 'Answers',
    noToken: 'no token',
    example: 'Example',
    schemas: 'Objects',
    required: 'required',
    nothing: 'nothing',
    about: 'Send "Authorization: Bearer TOKEN" with each request that is not marked "no token".',
  },
  zh: {
    other: 'English',
    tokenTitle: '令牌',
    tokenNote: '查看接口文档需要引擎启动时打印的令牌。',
    enter: '查看',
    wrong: '令牌不正确。',
    failed: '引擎没有应答。',
    filter: '查找接口',
    parameters: '参数',
    body: '请求体',
    answers: '响应',
    noToken: '无需令牌',
    example: '示例',
    schemas: '对象',
    required: '必填',
    nothing: '无内容',
    about: '除标有“无需令牌”的接口外,每个请求都要带上 "Authorization: Bearer 令牌"。',
  },
};
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'options'];
let language = navigator.language.startsWith('zh') ? 'zh' : 'en';
let token = new URLSearchParams(location.hash.slice(1)).get('token') ?? sessionStorage.getItem('token') ?? '';
let api;
const word = (key) => WORDS[language][key] ?? key;

/** An element with attributes and children; texts are never read as HTML. */
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function translate() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = word(node.dataset.t);
  $('language').textContent = word('other');
  $('filter').placeholder = word('filter');
  $('raw').textContent = 'openapi.json';
  if (api !== undefined) draw();
}

const refName = (schema) => schema?.$ref?.split('/').at(-1);
const resolved = (schema) => (schema?.$ref === undefined ? schema : api.components.schemas[refName(schema)]);

/** A schema's kind in a few words. */
function kindOf(schema) {
  if (schema === undefined) return '';
  if (schema.$ref !== undefined) return refName(schema);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const many = schema.anyOf ?? schema.oneOf;
  if (many !== undefined) return [...new Set(many.map(kindOf))].slice(0, 4).join(' | ');
  if (schema.type === 'array') return `${kindOf(schema.items) || 'any'}[]`;
  const bounds = [schema.minimum ?? schema.minLength, schema.maximum ?? schema.maxLength];
  const far = bounds.every((one) => one !== undefined && Math.abs(one) < 1e15);
  return `${schema.type ?? 'any'}${far ? ` ${bounds.join('–')}` : ''}`;
}

function fields(schema) {
  const whole = resolved(schema) ?? {};
  const { properties, required = [] } = whole;
  if (properties === undefined) return el('p', { class: 'note' }, kindOf(whole) || word('nothing'));
  const table = el('table', { class: 'fields' });
  for (const [name, one] of Object.entries(properties)) {
    const must = required.includes(name) ? ` (${word('required')})` : '';
    table.append(
      el('tr', {}, el('td', {}, name), el('td', {}, kindOf(one) + must), el('td', {}, one.description ?? '')),
    );
  }
  return table;
}

/** Variants of an object, such as the types of layers, each as a table of its own. */
function variants(schema) {
  const whole = resolved(schema);
  const many = whole?.oneOf ?? whole?.anyOf;
  if (many === undefined) return [fields(schema)];
  return many.map((one) =>
    el(
      'details',
      {},
      el(
        'summary',
        {},
        el('span', { class: 'path' }, titleOf(one)),
        el('span', { class: 'what' }, resolved(one).description ?? ''),
      ),
      el('div', { class: 'inside' }, fields(one)),
    ),
  );
}
const titleOf = (schema) => String(resolved(schema).properties?.type?.const ?? kindOf(schema));

function exampleOf(path, method, operation) {
  const isPublic = operation.security?.length === 0;
  const url = `http://127.0.0.1:8080${path.replace(/\{(\w+)\}/g, (_, name) => name.toUpperCase())}`;
  const json = operation.requestBody?.content?.['application/json'] !== undefined;
  return [
    'curl',
    ...(isPublic ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...(method === 'get' ? [] : [`-X ${method.toUpperCase()}`]),
    ...(json ? [`-H 'content-type: application/json' -d '{…}'`] : []),
    url,
  ].join(' ');
}

function operationOf(path, method, operation) {
  const inside = el('div', { class: 'inside' });
  if (operation.parameters?.length > 0) {
    const table = el('table', { class: 'fields' });
    for (const one of operation.parameters)
      table.append(
        el(
          'tr',
          {},
          el('td', {}, one.name),
          el('td', {}, `${one.in}: ${kindOf(one.schema)}`),
          el('td', {}, one.schema.description ?? ''),
        ),
      );
    inside.append(el('h3', {}, word('parameters')), table);
  }
  for (const [type, { schema }] of Object.entries(operation.requestBody?.content ?? {})) {
    inside.append(el('h3', {}, `${word('body')} · ${refName(schema) ?? type}`));
    inside.append(...(schema.$ref === undefined ? [fields(schema)] : []));
  }
  inside.append(el('h3', {}, word('answers')));
  for (const [status, answer] of Object.entries(operation.responses)) {
    const [type, content] = Object.entries(answer.content ?? {})[0] ?? [];
    inside.append(
      el(
        'p',
        { class: 'note' },
        `${status} ${answer.description}${type === undefined ? '' : ` · ${refName(content.schema) ?? type}`}`,
      ),
    );
    if (status < '300' && content?.schema !== undefined) inside.append(fields(content.schema));
  }
  inside.append(el('h3', {}, word('example')), el('pre', {}, exampleOf(path, method, operation)));
  const isPublic = operation.security?.length === 0;
  const summary = el(
    'summary',
    {},
    el('span', { class: `method ${method}` }, method.toUpperCase()),
    el('span', { class: 'path' }, path),
    el('span', { class: 'what' }, language === 'zh' ? operation['x-summary-zh'] : operation.summary),
    ...(isPublic ? [el('span', { class: 'open' }, word('noToken'))] : []),
  );
  return el(
    'details',
    { 'data-find': `${method} ${path} ${operation.summary} ${operation['x-summary-zh']}`.toLowerCase() },
    summary,
    inside,
  );
}

function draw() {
  $('version').textContent = `${api.info.version} · OpenAPI ${api.openapi}`;
  $('about').textContent = word('about');
  const tags = $('tags');
  tags.replaceChildren();
  for (const tag of api.tags) {
    const list = el('section', {}, el('h2', {}, language === 'zh' ? tag['x-description-zh'] : tag.description));
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const method of METHODS)
        if (methods[method]?.tags.includes(tag.name)) list.append(operationOf(path, method, methods[method]));
    }
    if (list.childElementCount > 1) tags.append(list);
  }
  const schemas = Object.keys(api.components.schemas).map((name) =>
    el(
      'details',
      { id: name },
      el(
        'summary',
        {},
        el('span', { class: 'path' }, name),
        el('span', { class: 'what' }, api.components.schemas[name].description ?? ''),
      ),
      el('div', { class: 'inside' }, ...variants({ $ref: `#/components/schemas/${name}` })),
    ),
  );
  $('schemas').replaceChildren(el('h2', {}, word('schemas')), ...schemas);
  find();
}

function find() {
  const wanted = $('filter').value.trim().toLowerCase();
  for (const node of document.querySelectorAll('#tags details[data-find]'))
    node.hidden = !node.dataset.find.includes(wanted);
  for (const section of document.querySelectorAll('#tags > section'))
    section.hidden = section.querySelector('details:not([hidden])') === null;
}

async function load() {
  if (token === '') return ask('');
  const reply = await fetch('/openapi.json', { headers: { authorization: `Bearer ${token}` } }).catch(() => undefined);
  if (reply === undefined) return ask('failed');
  if (reply.status === 401 || reply.status === 429) return ask('wrong');
  if (!reply.ok) return ask('failed');
  sessionStorage.setItem('token', token);
  api = await reply.json();
  $('token-form').hidden = true;
  $('content').hidden = false;
  $('raw').href = URL.createObjectURL(new Blob([JSON.stringify(api, null, 2)], { type: 'application/json' }));
  $('raw').download = 'openapi.json';
  draw();
}

function ask(fault) {
  $('token-form').hidden = false;
  $('fault').textContent = fault === '' ? '' : word(fault);
  $('token').focus();
}

$('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  translate();
});
$('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  token = $('token').value.trim();
  void load();
});
$('filter').addEventListener('input', find);
if (location.hash.includes('token=')) history.replaceState(null, '', location.pathname);
translate();
void load();
