/** Where the parts of a card stand, in pixels. Of text in a right-to-left language the mirror image holds. */
export interface Shape {
  width: number
  height: number
  /** What the picture fills; without a picture it is paper. */
  picture: Box
  /** What texts may fill, with a picture and without. */
  text: { beside: Box; alone: Box }
  /** From the largest that fits; the smallest in any case. */
  sloganSizes: readonly number[]
  small: number
  figure: number
}

export interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** `card` is what link previews show (Open Graph); `square` and `story` are for posts and for stories of 9:16. */
export const SHAPES = {
  card: {
    width: 1200,
    height: 630,
    picture: { left: 800, top: 0, width: 400, height: 630 },
    text: {
      beside: { left: 60, top: 52, width: 690, height: 526 },
      alone: { left: 60, top: 52, width: 1080, height: 526 },
    },
    sloganSizes: [68, 62, 56, 50, 45, 40, 36, 32],
    small: 27,
    figure: 60,
  },
  square: {
    width: 1080,
    height: 1080,
    picture: { left: 0, top: 0, width: 1080, height: 430 },
    text: {
      beside: { left: 72, top: 482, width: 936, height: 534 },
      alone: { left: 72, top: 84, width: 936, height: 924 },
    },
    sloganSizes: [92, 82, 74, 66, 60, 54, 48, 43, 38],
    small: 29,
    figure: 72,
  },
  // Apps cover some 250 pixels at the top and the bottom of a story.
  story: {
    width: 1080,
    height: 1920,
    picture: { left: 0, top: 0, width: 1080, height: 840 },
    text: {
      beside: { left: 84, top: 910, width: 912, height: 760 },
      alone: { left: 84, top: 280, width: 912, height: 1340 },
    },
    sloganSizes: [112, 100, 90, 80, 72, 64, 57, 50],
    small: 34,
    figure: 92,
  },
} as const satisfies Record<string, Shape>

export type ShapeName = keyof typeof SHAPES
