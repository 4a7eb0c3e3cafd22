import type { CodeReader } from '../code-reader.js';

export const qrCodeReader: CodeReader = {
  name: 'QR',
  formats: ['QR', 'Micro QR', 'rMQR'],
  method: 'finder patterns in Y, U and V; the code redrawn upright; timing patterns and data between the finders',
  costMs: 1.6,
  gains: [
    { set: 'published', part: 'evidence of unread codes', codes: 1035, found: 986, without: 945 },
    { set: 'published', part: 'compressed tones', codes: 1035, found: 986, without: 981 },
    { set: 'published', part: 'sharpened passes', codes: 1035, found: 986, without: 982 },
  ],
};
