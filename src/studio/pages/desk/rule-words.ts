interface Both {
  readonly en: string;
  readonly zh: string;
}

const words = (en: string, zh: string): Both => ({ en, zh });

/** Titles of the rules by id, as in the rule table. */
export const RULES: Readonly<Record<string, Both>> = {
  '1.1': words('Sensitive information', '敏感信息'),
  '1.2': words('Obscene information', '淫秽色情信息'),
  '1.3': words('Illegal or banned goods', '违禁商品'),
  '2.1': words('False or absolute claim', '虚假夸大宣传'),
  '2.2': words('Posing as the platform', '冒充平台官方'),
  '2.3': words('Spam', '垃圾信息'),
  '3.1': words('Trade outside the platform', '引导线下交易'),
  '3.2': words('Outside contact', '站外信息与联系方式'),
  '3.3': words('Code to scan', '二维码'),
  '4.1': words('Counterfeit goods', '假冒商品'),
  '4.2': words('Charging privately', '私自收费'),
  '5.1': words('Broken promise', '违背承诺'),
  '5.2': words('Insult, disorder', '扰乱秩序、辱骂'),
  '5.3': words("Other people's information", '泄露他人信息'),
  '5.4': words("Other people's rights", '不当使用他人权利'),
  '5.5': words('Unlike the listing', '与商品信息不符'),
  '5.6': words('Wrong language', '直播语种错误'),
  '5.7': words('Duplicate content', '重复内容'),
  '5.8': words('No effective content', '无有效内容'),
  '5.9': words('Cover', '封面违规'),
  '5.10': words('Low quality', '低质直播'),
  '5.11': words('A mere background picture', '仅有背景图'),
  '5.12': words('Minors', '未成年人直播'),
  '5.13': words('Broadcast of an event', '赛事活动转播'),
  P: words('Penalty notice', '处罚通知'),
};

/** What was done, in the ledger's names. */
export const ACTIONS: Readonly<Record<string, Both>> = {
  blank: words('picture held', '画面已遮挡'),
  blur: words('blurred', '已模糊'),
  pixelate: words('pixelated', '已打码'),
  hold: words('last picture held', '保持上一画面'),
  mute: words('words silent', '违规词静音'),
  tone: words('words bleeped', '违规词消音'),
  skip: words('not spoken', '未播出'),
  'drop-caption': words('no caption', '不显示字幕'),
  refuse: words('refused', '已拒绝'),
  warn: words('warning', '提醒'),
  review: words('look at it', '请复核'),
  stop: words('show stopped', '已停播'),
  'risk-slate': words('show held', '节目暂停'),
  'risk-cleared': words('risk score cleared', '风险分清零'),
  'show-stalled': words('next line is late', '下一句未就绪'),
  'show-slate': words('nothing to say', '节目停滞'),
  unspoken: words('not spoken', '未能播报'),
};

/** Where it was. */
export const SURFACES: Readonly<Record<string, Both>> = {
  speech: words('Words', '口播'),
  caption: words('Caption', '字幕'),
  reply: words('Answer', '回复'),
  cover: words('Cover', '封面'),
  entry: words('Listing', '商品信息'),
  frame: words('Picture', '画面'),
  text: words('Words', '文字'),
  audio: words('Sound', '声音'),
  admission: words('New picture', '新素材'),
  room: words('Show', '直播间'),
};

/** What a person does about it, by rule; the rest is told to look at the words or the picture. */
export const REMEDIES: Readonly<Record<string, Both>> = {
  '1.1': words(
    'Change the line in the script, or skip it. It stays silent until then.',
    '修改脚本中的这句，或跳过。修改前不会播出。',
  ),
  '2.1': words(
    'Say what the listing states: no “best”, no “only”. Change the line in the script.',
    '只说商品页写明的内容，不用“最好”“唯一”。请修改脚本。',
  ),
  '3.1': words(
    'Name the product page as the place to order. Change the line in the script.',
    '请引导到商品页下单，并修改脚本。',
  ),
  '3.2': words(
    'Say “Ask on the product page”. Change the line, or hide the layer with the contact.',
    '改为“请在商品页询价”。修改台词，或隐藏含联系方式的图层。',
  ),
  '3.3': words(
    'Hide the layer with the code, then resume. Put a picture without a code in its place.',
    '隐藏带码的图层后恢复，换成不带码的图片。',
  ),
  '5.5': words('Correct the product or the line: they say different things.', '商品信息与台词不一致，请更正其一。'),
  '5.7': words('Give the script more wordings, or let a person take over.', '为脚本增加说法，或人工接管。'),
  '5.8': words('Resume the script, or take over and say something.', '恢复脚本，或人工接管说几句。'),
  P: words('The show has ended. Read the notice, then start it again.', '直播已结束。请先阅读通知，再重新开播。'),
};
export const REMEDY_ELSE = words(
  'Look at the evidence. Change the line or hide the layer that shows it, then resume.',
  '查看证据，修改台词或隐藏相应图层，然后恢复。',
);
