// Words for the names in the ledger, English and Chinese; an unknown name is shown as it is.

/** Titles of the rules by id, as in the rule table. */
export const RULE_WORDS = {
  1.1: ['Sensitive information', '敏感信息'],
  1.2: ['Obscene information', '淫秽色情信息'],
  1.3: ['Illegal or banned goods', '违禁商品'],
  2.1: ['False, exaggerated or absolute claims', '虚假夸大宣传'],
  2.2: ['Posing as the platform', '冒充平台官方'],
  2.3: ['Spam', '垃圾信息'],
  3.1: ['Offline transactions', '引导线下交易'],
  3.2: ['External sites, apps and contacts', '站外信息与联系方式'],
  3.3: ['Codes to scan', '二维码'],
  4.1: ['Counterfeit goods', '假冒商品'],
  4.2: ['Charging privately', '私自收费'],
  5.1: ['Broken promises', '违背承诺'],
  5.2: ['Disrupting order, insults', '扰乱秩序、辱骂'],
  5.3: ["Other people's information", '泄露他人信息'],
  5.4: ["Other people's rights", '不当使用他人权利'],
  5.5: ['Broadcast differs from the listing', '直播与商品信息不符'],
  5.6: ['Wrong language', '直播语种错误'],
  5.7: ['Duplicate content', '重复内容'],
  5.8: ['No effective content', '无有效内容'],
  5.9: ['Cover', '封面违规'],
  '5.10': ['Low quality', '低质直播'],
  5.11: ['A mere background picture', '仅有背景图'],
  5.12: ['Minors', '未成年人直播'],
  5.13: ['Broadcast of events', '赛事活动转播'],
  P: ['Penalties', '处罚'],
};

/** Faults of picture and sound. */
export const FAULT_WORDS = {
  silent: ['silence', '没有声音'],
  clipped: ['clipped sound', '声音削波'],
  'dead-air': ['nobody speaks', '没有人说话'],
  black: ['black picture', '画面全黑'],
  frozen: ['presenter stands still', '主播静止'],
  blurred: ['blurred picture', '画面模糊'],
  blocky: ['blocky picture', '画面有方块'],
  'low-fps': ['low frame rate', '帧率过低'],
  still: ['hardly anything moves', '画面变化太少'],
  'presenter-small': ['presenter too small', '主播过小'],
  'presenter-absent': ['no presenter in sight', '画面中没有主播'],
  'black-margin': ['black edge', '画面边缘为黑色'],
  letterbox: ['black bars', '画面有黑边'],
  'repeated-picture': ['picture hardly changes', '画面重复'],
  repeated: ['same words too often', '话术重复过多'],
};

export const LEDGER_WORDS = {
  'on-air': ['Show began', '开播'],
  'off-air': ['Show ended', '下播'],
  resumed: ['Show goes on where it stopped', '续播'],
  resume: ['Picture is back', '恢复播出'],
  blank: ['Picture replaced', '画面替换'],
  blur: ['Blurred', '模糊'],
  pixelate: ['Pixelated', '马赛克'],
  hold: ['Last picture held', '保持上一画面'],
  mute: ['Words muted', '违规词静音'],
  tone: ['Words bleeped', '违规词消音'],
  skip: ['Line skipped', '跳过该句'],
  'drop-caption': ['Caption left out', '不显示字幕'],
  refuse: ['Refused', '拒绝'],
  warn: ['Warning', '提醒'],
  'warn-over': ['Over', '已恢复'],
  review: ['Please look at it', '请人工复核'],
  stop: ['Show stopped', '停播'],
  dump: ['Dropped by hand', '人工丢弃'],
  unmute: ['Unmuted', '取消静音'],
  unblank: ['Picture shown again', '取消遮屏'],
  'risk-slate': ['Risk limit reached: show held', '风险分到上限，节目暂停'],
  'risk-cleared': ['Risk score cleared', '风险分清零'],
  encoder: ['Encoder replaced', '编码器更换'],
  'bitrate-down': ['Video bitrate lowered', '降低码率'],
  'bitrate-up': ['Video bitrate raised', '提高码率'],
  'avatar-goes-on': ['External avatar on stage', '外部数字人上场'],
  'avatar-stalled': ['External avatar stalls', '外部数字人卡顿'],
  'avatar-stand-in': ['Stand-in for the external avatar', '替补主播上场'],
  'avatar-slate': ['Slate for the external avatar', '外部数字人断流，占位画面'],
  'clip-stalled': ['Clip stalls', '视频素材卡顿'],
  'clip-slate': ['Clip replaced by a still', '视频素材暂以占位图代替'],
  'clip-goes-on': ['Clip goes on', '视频素材恢复'],
  'no-text-reading': ['Text in a picture not read', '未读图中文字'],
  'ledger-torn': ['Last ledger line incomplete', '台账末行不完整'],
  'ledger-lost': ['Ledger lines lost', '台账有记录未能写入'],
  'ledger-restored': ['Ledger file restored', '台账文件被移走，已恢复'],
  'ledger-unlike-head': ['Ledger unlike its head', '台账与其校验头不符'],
  'not-kept': ['Evidence not kept', '证据未能保存'],
  keep: ['Evidence kept', '已保存'],
  room: ['show', '直播间'],
  speech: ['speech', '口播'],
  caption: ['caption', '字幕'],
  reply: ['reply', '回复'],
  frame: ['picture', '画面'],
  cover: ['cover', '封面'],
  entry: ['listing', '商品信息'],
  text: ['text', '文字'],
  audio: ['sound', '声音'],
  admission: ['new picture', '素材审核'],
  operator: ['by hand', '人工操作'],
  words: ['words in the picture', '画面文字'],
  codes: ['code in the picture', '画面中的码'],
  stalled: ['nothing to say', '节目停滞'],
  unspoken: ['Line not spoken', '未能播报'],
  'show-stalled': ['Next line is late', '下一句未就绪'],
  'show-slate': ['Nothing to say: slate', '节目停滞，显示占位画面'],
  'show-goes-on': ['Show goes on', '节目继续'],
  evidence: ['evidence', '证据'],
  violation: ['forbidden content', '违规'],
  unjudged: ['not checked in time', '未及时判定'],
  'hold-time': ['a moment after it', '保持时间'],
  risk: ['risk limit', '风险分'],
  dumped: ['dropped by the operator', '人工丢弃'],
};

/** Names of endings and of stored evidence, which need no attention. */
const NO_NEWS = new Set(['resume', 'warn-over', 'keep', 'on-air', 'show-goes-on', 'clip-goes-on', 'bitrate-up']);
const MAX_ROWS = 12;

/**
 * The newest entries that a person has to look at, equal ones that follow each other as one.
 *
 * @returns {{ at: string, what: string, where: string, count: number }[]}
 */
export function hitRows(verdicts, language) {
  const i = language === 'zh' ? 1 : 0;
  const called = (words, name) => words[name]?.[i] ?? name ?? '';
  const rows = [];
  for (const v of verdicts) {
    if (NO_NEWS.has(v.action) || v.kind === 'evidence') continue;
    const fault = FAULT_WORDS[v.detail?.kind]?.[i];
    const rule = v.rule === undefined ? '' : called(RULE_WORDS, v.rule);
    const what = [called(LEDGER_WORDS, v.action), fault ?? rule].filter(Boolean).join(language === 'zh' ? '：' : ': ');
    const evidence = fault === undefined ? v.evidence : '';
    const number = v.rule === undefined || v.rule === 'P' ? '' : `${language === 'zh' ? '规则' : 'rule'} ${v.rule}`;
    const where = [called(LEDGER_WORDS, v.surface ?? v.kind), evidence, number].filter(Boolean).join(' · ');
    const last = rows.at(-1);
    if (last?.what === what && last.where === where) last.count += 1;
    else if (rows.length === MAX_ROWS) break;
    else rows.push({ at: new Date(v.at).toTimeString().slice(0, 8), what, where, count: 1 });
  }
  return rows;
}
