const $ = (id) => document.getElementById(id);
const WORDS = {
  en: {
    other: '中文',
    title: 'Token',
    note: 'The description needs the token that the engine printed at its start.',
    enter: 'Show',
    wrong: 'This token is not accepted.',
    failed: 'The engine does not answer.',
  },
  zh: {
    other: 'English',
    title: '令牌',
    note: '查看接口文档需要引擎启动时打印的令牌。',
    enter: '查看',
    wrong: '令牌不正确。',
    failed: '引擎没有应答。',
  },
};
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
let language = navigator.language.startsWith('zh') ? 'zh' : 'en';
let token = new URLSearchParams(location.hash.slice(1)).get('token') ?? sessionStorage.getItem('token') ?? '';
let api;
let shown;

/** The description with its summaries in the reader's language. */
function inLanguage() {
  const copy = structuredClone(api);
  copy.servers = [{ url: location.origin }];
  for (const tag of copy.tags) tag['x-displayName'] = language === 'en' ? tag.description : tag['x-description-zh'];
  for (const tag of copy.tags) delete tag.description;
  if (language === 'en') return copy;
  copy.info.description = '单个直播间的 HTTP 接口。所有播出的文字和画面都先审核、后使用。';
  for (const path of Object.values(copy.paths))
    for (const method of METHODS) if (path[method] !== undefined) path[method].summary = path[method]['x-summary-zh'];
  return copy;
}

function draw() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = WORDS[language][node.dataset.t];
  $('language').textContent = WORDS[language].other;
  if (api === undefined) return;
  shown?.destroy?.();
  $('reference').replaceChildren();
  shown = window.Scalar.createApiReference('#reference', {
    content: inLanguage(),
    authentication: { preferredSecurityScheme: 'token', securitySchemes: { token: { token } } },
    theme: 'none',
    // Nothing is loaded from elsewhere, and requests go to this engine alone.
    withDefaultFonts: false,
    telemetry: false,
    agent: { disabled: true },
    mcp: { disabled: true },
    hideClientButton: true,
    showDeveloperTools: 'never',
    documentDownloadType: 'json',
    defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  });
}

async function load() {
  if (token === '') return ask('');
  let reply;
  try {
    reply = await fetch('/openapi.json', { headers: { authorization: `Bearer ${token}` } });
  } catch {
    return ask(WORDS[language].failed);
  }
  if (!reply.ok) return ask(reply.status === 401 ? WORDS[language].wrong : WORDS[language].failed);
  sessionStorage.setItem('token', token);
  $('token-form').hidden = true;
  api = await reply.json();
  draw();
}

function ask(fault) {
  $('fault').textContent = fault;
  $('token-form').hidden = false;
  $('token').focus();
}

$('language').addEventListener('click', () => {
  language = language === 'en' ? 'zh' : 'en';
  draw();
});
$('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  token = $('token').value.trim();
  void load();
});
// The token leaves the address bar.
if (location.hash !== '') history.replaceState(null, '', location.pathname);
draw();
await load();
