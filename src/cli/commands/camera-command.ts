import { Command } from 'commander';

interface CameraOptions {
  room?: string;
  json?: boolean;
}

export function cameraCommand(): Command {
  return new Command('camera')
    .description('Shows how live pages and tools use the room as a camera. 如何把直播间作为摄像头或拉流地址使用。')
    .option('--room <file>', 'room file with the addresses; default: the default addresses')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  engine camera
  engine camera --room my-room.json
  engine camera --json`,
    )
    .action(camera);
}

async function camera({ room: file, json }: CameraOptions): Promise<void> {
  const [{ cameraPath }, { control }, { readRoomWithoutKeys }, { listVideoDevices }] = await Promise.all([
    import('../../core/files/paths.js'),
    import('../../config/sections/control.js'),
    import('../../config/read-room-without-keys.js'),
    import('../../outputs/v4l2/video-devices.js'),
  ]);
  const room = file === undefined ? undefined : readRoomWithoutKeys(file);
  const { host, port, rtmpPort, flvPort } = room?.control ?? control.parse({});
  const name = room?.name ?? 'ROOM';
  const web = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const ways = {
    extension: cameraPath('extension'),
    userscript: cameraPath('showroom-camera.user.js'),
    page: `${web}/camera`,
    whep: `${web}/whep`,
    rtmp: `rtmp://127.0.0.1:${rtmpPort}/live/${name}`,
    flv: `http://127.0.0.1:${flvPort}/live/${name}.flv`,
    devices: (await listVideoDevices()).filter(({ loopback }) => loopback).map(({ device }) => device),
  };
  process.stdout.write(json === true ? `${JSON.stringify(ways)}\n` : text(ways));
}

interface Ways {
  readonly extension: string;
  readonly userscript: string;
  readonly page: string;
  readonly whep: string;
  readonly rtmp: string;
  readonly flv: string;
  readonly devices: readonly string[];
}

const text = ({ extension, userscript, page, whep, rtmp, flv, devices }: Ways): string => `
1. A camera in the browser (Alibaba.com, Taobao and other live pages)   浏览器里的摄像头
   Open chrome://extensions, turn on Developer mode, click "Load unpacked", choose this folder:
   打开 chrome://extensions，开启“开发者模式”，点“加载已解压的扩展程序”，选择此文件夹：

     ${extension}

   Click its icon and enter the room's address, then pick "Showroom Camera" on the live page:
   点扩展图标填入直播间地址，然后在直播页面的摄像头里选择 “Showroom Camera”：

     ${whep}

   On another computer, the running engine offers the same at   在其他电脑上，从运行中的引擎下载：

     ${page}

   With Tampermonkey or Violentmonkey   用油猴脚本：

     ${userscript}

2. An address to pull (Taobao's PC tool, OBS, players)   拉流地址（淘宝主播工作台等）

     ${rtmp}
     ${flv}

3. A camera of this machine (v4l2loopback)   本机摄像头设备

     ${devices.length > 0 ? devices.join(', ') : 'none here 本机没有: modprobe v4l2loopback exclusive_caps=1 card_label="Showroom Camera"'}

   In the room file: { "id": "cam", "kind": "v4l2", "device": "${devices[0] ?? '/dev/video10'}" }

More: docs/camera.md
`;
