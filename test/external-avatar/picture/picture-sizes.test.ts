import t from 'tap';
import { avcConfigBody, FLV_VIDEO, flvTag } from '../../../src/core/media/flv-tags.js';
import { avcConfigOf, configOfPictures } from '../../../src/external-avatar/picture/picture-sizes.js';
import { filmTags, inBandOf } from './film.js';

const wide = await filmTags(0.6);
const tall = await filmTags(0.6, { width: 180, height: 320 });
const config = avcConfigOf(wide[0]!)!;
const other = avcConfigOf(tall[0]!)!;

/** A key frame's tag of these NAL units. */
const keyTag = (...nals: readonly Uint8Array[]): Buffer => {
  const units = nals.flatMap((nal) => [Buffer.from([0, 0, nal.length >> 8, nal.length & 255]), nal]);
  return flvTag(FLV_VIDEO, 70_000, Buffer.concat([Buffer.from([0x17, 1, 0, 0, 0]), ...units]));
};
const slice = Buffer.from([0x65, 1, 2, 3]);

t.test('pictures with the parameter sets of the configuration go on with it', (t) => {
  for (const tag of [...wide.slice(1), ...inBandOf(wide)]) t.equal(configOfPictures(tag, config), config);
  t.end();
});

t.test('another parameter set is another configuration, whatever the kind of picture', (t) => {
  const found = configOfPictures(inBandOf(tall)[0]!, config)!;
  t.same(found.sps, other.sps);
  t.same(avcConfigOf(found.tag)!.pps, other.pps, 'and a tag that a decoder can begin with');
  t.same(
    configOfPictures(keyTag(other.sps, slice), config)!.pps,
    config.pps,
    'without a picture parameter set of its own',
  );
  const late = keyTag(slice, other.sps);
  late[11] = 0x27;
  t.same(configOfPictures(late, config)!.sps, other.sps, 'behind a slice');
  t.same(configOfPictures(late, config)!.tag.subarray(4, 8), late.subarray(4, 8), 'at the same time');
  t.end();
});

t.test('takes no tag in which another parameter set may hide', (t) => {
  t.equal(configOfPictures(keyTag(config.sps, other.sps, slice), config), undefined, 'two at once');
  const hidden = Buffer.concat([Buffer.from([6, 5, 9, 0, 0, 1]), other.sps]);
  t.equal(configOfPictures(keyTag(hidden, slice), config), undefined, 'behind a start code');
  const short = keyTag(slice);
  short.writeUInt32BE(400, 16);
  t.equal(configOfPictures(short, config), undefined, 'a length beyond the tag');
  t.equal(configOfPictures(keyTag(Buffer.alloc(256 + 0x67, 0x41), slice), config), config, 'a length is no start code');
  const two = avcConfigBody(config.sps, config.pps);
  two[10] = 0xe2;
  t.equal(avcConfigOf(flvTag(FLV_VIDEO, 0, two)), undefined, 'a configuration with two');
  t.equal(avcConfigOf(flvTag(FLV_VIDEO, 0, two.subarray(0, 12))), undefined, 'half a configuration');
  t.end();
});
