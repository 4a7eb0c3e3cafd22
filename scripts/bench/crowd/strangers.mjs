// Silent connections and endless request bodies, in separate processes, since each process has a limited number of file
// handles. node strangers.mjs PORT IDLE BODIES; answers the message `state` with {open, opened, refused}; ends when its
// parent's channel closes.
import { connect } from 'node:net';

const [port, idle, bodies] = process.argv.slice(2).map(Number);
const AT_ONCE = 100;
const DRIP_MS = 1000;
const HEAD = 'HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100000\r\n';
const SLOW = [
  `POST /whep ${HEAD}content-type: application/sdp\r\n\r\nv=0`,
  `PUT /api/layers/x ${HEAD}content-type: application/json\r\n\r\n{`,
];

let opened = 0;
let refused = 0;
let due = idle + bodies;
const open = new Set();

function next() {
  if (due === 0) return;
  due -= 1;
  const slow = due < bodies ? SLOW[due % SLOW.length] : undefined;
  // Many source addresses: the number of ports between two addresses is limited.
  const localAddress = `127.0.${1 + (due % 200)}.${1 + (process.pid % 200)}`;
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  let counted = false;
  const settle = (ok) => {
    if (counted) return;
    counted = true;
    if (ok) opened += 1;
    else refused += 1;
    next();
  };
  socket.on('connect', () => {
    open.add(socket);
    if (slow !== undefined) {
      socket.write(slow);
      const drip = setInterval(() => socket.write(' '), DRIP_MS);
      socket.on('close', () => clearInterval(drip));
    }
    settle(true);
  });
  socket.on('error', () => settle(false));
  socket.on('close', () => open.delete(socket));
  socket.resume();
}

for (let i = 0; i < AT_ONCE; i += 1) next();
process.on('message', () =>
  process.send({ open: open.size, opened, refused, done: opened + refused === idle + bodies }),
);
process.on('disconnect', () => process.exit(0));
