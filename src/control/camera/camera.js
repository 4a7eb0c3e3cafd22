// Explains how to add the camera, in Chinese and English, and tries it.
const WORDS = {
  zh: {
    title: '把直播间变成摄像头',
    lead: '添加一次，之后在阿里国际站、淘宝直播等网页的摄像头列表里就能选到 “Showroom Camera”。画面和声音来自引擎，已先审后播。',
    addTitle: '添加到浏览器（Chrome、Edge 等，119 版以上）',
    download: '下载扩展程序',
    unzip: '解压下载的文件，得到文件夹 showroom-camera，请勿删除它。',
    open: '在地址栏打开',
    openEdge: '（Edge 为 edge://extensions）。',
    developer: '打开右上角的“开发者模式”。',
    load: '点“加载已解压的扩展程序”，选择该文件夹。',
    address: '点工具栏上的扩展图标，填入直播间地址后保存：',
    copy: '复制',
    copied: '已复制',
    scriptTitle: '也可以用油猴脚本',
    scriptText: '已装有 Tampermonkey 或 Violentmonkey 时，点下面的链接安装即可，地址已填好。',
    scriptGet: '安装脚本',
    useTitle: '在直播页面选用',
    useOpen: '打开直播页面（例如国际站商家后台的直播装修页）；已打开的请刷新。',
    usePick: '点“摄像头”，选择 “Showroom Camera”；麦克风选择 “Showroom Microphone”。',
    useLabel: '画面会自动同步。请勿裁切画面：“AI生成 数字人” 标识须始终可见。',
    testTitle: '试一试',
    testText: '本页像直播页面一样向浏览器要一个摄像头。',
    test: '打开摄像头',
    ours: '成功：{label}，{size}',
    other: '浏览器给的是 “{label}”。请检查扩展是否已启用，并刷新本页。',
    none: '没有找到摄像头（{error}）。请检查扩展是否已启用，并刷新本页。',
    language: 'English',
  },
  en: {
    title: 'The room as a camera',
    lead: 'Add it once; from then on “Showroom Camera” is in the list of cameras on Alibaba.com, Taobao Live and other pages. Picture and sound come from the engine, judged before they leave.',
    addTitle: 'Add it to the browser (Chrome, Edge and others, 119 or newer)',
    download: 'Download the extension',
    unzip: 'Unpack the file; keep the folder showroom-camera.',
    open: 'Open',
    openEdge: '(edge://extensions in Edge).',
    developer: 'Turn on “Developer mode”, at the top right.',
    load: 'Click “Load unpacked” and choose that folder.',
    address: 'Click the extension’s icon in the toolbar, enter the room’s address and save:',
    copy: 'Copy',
    copied: 'Copied',
    scriptTitle: 'Or as a userscript',
    scriptText:
      'Where Tampermonkey or Violentmonkey is installed, this link is all it takes; the address is filled in.',
    scriptGet: 'Install the script',
    useTitle: 'Choose it on the live page',
    useOpen:
      'Open the live page, such as the live decoration page of Alibaba.com’s supplier console; reload it if it is open.',
    usePick: 'Click “Camera” and choose “Showroom Camera”; for the microphone, “Showroom Microphone”.',
    useLabel: 'The picture follows by itself. Do not crop it: the label “AI-generated” must stay in view.',
    testTitle: 'Try it',
    testText: 'This page asks the browser for a camera as a live page does.',
    test: 'Open the camera',
    ours: 'It works: {label}, {size}',
    other: 'The browser gave “{label}”. See whether the extension is enabled, and reload this page.',
    none: 'No camera was found ({error}). See whether the extension is enabled, and reload this page.',
    language: '中文',
  },
};

const $ = (id) => document.getElementById(id);
let language = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
let result = () => '';

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

function show() {
  const words = WORDS[language];
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = `${words.title} · Showroom`;
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = words[element.dataset.t];
  $('language').textContent = words.language;
  $('found').textContent = result();
}

$('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  show();
});
$('whep').textContent = `${location.origin}/whep`;
for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', () => void copy(button));
}
$('test').addEventListener('click', () => void tryCamera());

async function copy(button) {
  await navigator.clipboard.writeText($(button.dataset.copy).textContent);
  button.textContent = WORDS[language].copied;
  setTimeout(show, 1500);
}

async function tryCamera() {
  $('found').dataset.state = '';
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    const video = $('video');
    video.srcObject?.getTracks().forEach((track) => track.stop());
    video.srcObject = stream;
    const [track] = stream.getVideoTracks();
    const { width, height, frameRate } = track.getSettings();
    const size = `${width}×${height}, ${Math.round(frameRate ?? 0)} fps`;
    const ours = track.label === 'Showroom Camera';
    $('found').dataset.state = ours ? 'good' : 'bad';
    result = () => fill(WORDS[language][ours ? 'ours' : 'other'], { label: track.label, size });
  } catch (error) {
    $('found').dataset.state = 'bad';
    result = () => fill(WORDS[language].none, { error: error.name });
  }
  show();
}
show();
