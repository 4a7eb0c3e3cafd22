import { armArt, type ArmArt, foreArm, upperArm } from './body/limbs.js';
import { allHands } from './body/hands.js';
import { neckline, torsoOutline } from './body/torso.js';
import { tone } from './draw/colours.js';
import { svg } from './draw/light.js';
import { allBrows, allEyes, beard, features } from './face/features.js';
import { earrings, glasses } from './face/earrings.js';
import { allMouths } from './face/mouth.js';
import { skull } from './face/skull.js';
import { HAIR_STYLES } from './hair/hair-styles.js';
import { HEADWEAR } from './headwear/headwear-table.js';
import type { Headwear } from './headwear/hats.js';
import { OUTFITS } from './outfit/outfits.js';
import type { OutfitPlan } from './outfit/outfit.js';
import { headTransform, TURN, type Person } from './person.js';
import type { CastLook, WardrobeLook } from './presenter-spec.js';

export type CastPartName =
  | 'hairBack'
  | 'body'
  | 'head'
  | 'features'
  | 'hairFront'
  | 'hairRight'
  | 'eyewear'
  | 'eyes'
  | 'brows'
  | 'mouths'
  | 'upperArm'
  | 'forearm'
  | 'hands';

const large = (content: string): string => svg(`<g transform="${headTransform}">${content}</g>`);
/** What lies on the face, which looks to the viewer's right. */
const onFace = (content: string): string =>
  content === '' ? '' : `<g transform="translate(${TURN.face} 0)">${content}</g>`;
/** An SVG file of groups, each shown alone. */
const grouped = (content: string): string =>
  svg(
    content.replace(/<g id="([a-zA-Z0-9-]+)">/g, `<g id="$1" transform="${headTransform} translate(${TURN.face} 0)">`),
  );

const LIMB_BOX = '-100 -100 200 500';

export interface CastDrawings {
  readonly parts: Readonly<Record<CastPartName, string>>;
  readonly arm: ArmArt;
}

/** All drawings of a presenter as SVG files, in the clothes of `change` where it is given. */
export function castParts(p: Person, look: CastLook, change?: WardrobeLook): CastDrawings {
  const dressed: CastLook = change === undefined ? look : { ...look, ...change };
  const plan: OutfitPlan = OUTFITS[dressed.outfit.kind];
  const outfit = plan.wear(p, {
    main: tone(dressed.outfit.colour ?? plan.colour),
    accent: tone(dressed.outfit.accent ?? plan.accent),
  });
  const worn = headwearOf(p, dressed);
  const hair = HAIR_STYLES[look.hair.style]({ tone: p.hair, face: p.face, t: p.face.temple, top: p.face.topY });
  const shows = worn?.hair ?? 'all';
  const [front, right] = shows === 'all' ? [hair.front, hair.right] : ['', ''];
  const ears = worn === null ? hair.ears : worn.ears && (hair.ears || shows === 'none');
  const beards = beard(p, dressed.beard, p.hair);
  const rings =
    ears && dressed.earrings !== undefined ? earrings(p, dressed.earrings.kind, dressed.earrings.colour) : '';
  const parts: Record<CastPartName, string> = {
    hairBack: large((worn?.back ?? '') + (shows === 'none' ? '' : hair.back)),
    body: svg(outfit.torso),
    head: large(
      beards.below +
        skull(p, {
          ears,
          cast: `${shows === 'all' ? hair.cast : ''} ${worn?.cast ?? ''}`.trim(),
          over: (shows === 'none' ? '' : hair.over) + onFace(beards.on),
        }) +
        rings,
    ),
    features: large(onFace(features(p))),
    hairFront: large(front),
    hairRight: large(right),
    eyewear: large(
      (worn?.front ?? '') +
        onFace(dressed.glasses === undefined ? '' : glasses(p, dressed.glasses.kind, dressed.glasses.colour)),
    ),
    eyes: grouped(allEyes(p)),
    brows: grouped(allBrows(p)),
    mouths: grouped(allMouths(p)),
    upperArm: svg(upperArm(p, outfit.sleeve), LIMB_BOX),
    forearm: svg(foreArm(p, outfit.sleeve), LIMB_BOX),
    hands: svg(allHands(p), '-100 -50 200 250'),
  };
  return { parts, arm: armArt(p, outfit.sleeve, torsoOutline(p, neckline('high', p))) };
}

function headwearOf(p: Person, look: CastLook): Headwear | null {
  const { headwear } = look;
  if (headwear === undefined) return null;
  const base = headwear.colour ?? look.outfit.colour ?? OUTFITS[look.outfit.kind].colour;
  return HEADWEAR[headwear.kind](
    p.face,
    tone(base),
    tone(headwear.accent ?? headwear.colour ?? OUTFITS[look.outfit.kind].accent),
  );
}
