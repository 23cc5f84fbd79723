import type { VisemeFrame } from '@malbeot/protocol';
import { useEffect, useRef } from 'react';
import { lastReply, type TalkState } from './talk-state.ts';

/** How far a mouth opens and how wide it is, both of 1, by what it says. */
const mouths = {
  A: { open: 1, wide: 1 },
  E: { open: 0.6, wide: 1.1 },
  I: { open: 0.35, wide: 1.15 },
  O: { open: 0.8, wide: 0.75 },
  U: { open: 0.5, wide: 0.6 },
  closed: { open: 0, wide: 0.85 },
  rest: { open: 0, wide: 1 },
} as const satisfies Record<VisemeFrame['viseme'], { readonly open: number; readonly wide: number }>;

/** How much of the way to the next shape the mouth goes in one picture. */
const HASTE = 0.45;
const SMILE = mouthPath(mouths.rest);

/** The product's mark, whose mouth moves with what is said; it rests where less motion is asked for. */
export function TalkFace({ state }: { readonly state: TalkState }) {
  const mouth = useRef<SVGPathElement>(null);
  const latest = useRef(state);
  useEffect(() => {
    latest.current = state;
  }, [state]);
  const isMoving = state.playing !== null;
  useEffect(() => {
    if (!isMoving || globalThis.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const path = mouth.current;
    const shape = { open: 0, wide: 1 };
    let picture = requestAnimationFrame(draw);
    function draw(): void {
      const wanted = mouths[visemeNow(latest.current, performance.now())];
      shape.open += (wanted.open - shape.open) * HASTE;
      shape.wide += (wanted.wide - shape.wide) * HASTE;
      path?.setAttribute('d', mouthPath(shape));
      picture = requestAnimationFrame(draw);
    }
    return () => {
      cancelAnimationFrame(picture);
      path?.setAttribute('d', SMILE);
    };
  }, [isMoving]);
  return (
    <svg className="talk-face" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path
        className="talk-face-back"
        d="M29 8h6a11 11 0 0 1 11 11v3a11 11 0 0 1-7 10.2V40l-7-6.8h-3A11 11 0 0 1 18 22v-3A11 11 0 0 1 29 8z"
      />
      <path
        className="talk-face-front"
        d="M13 4h10a11 11 0 0 1 11 11v4a11 11 0 0 1-11 11h-5l-8 7v-7.6A11 11 0 0 1 2 19v-4A11 11 0 0 1 13 4z"
      />
      <path ref={mouth} className="talk-face-mouth" d={SMILE} />
    </svg>
  );
}

/** The shape of the mouth at this moment of the page's clock. */
function visemeNow({ playing, captions }: TalkState, nowMs: number): VisemeFrame['viseme'] {
  if (playing === null) return 'rest';
  const sound = lastReply(captions)?.sounds.find(({ audioId }) => audioId === playing.audioId);
  // Told ten times a second: the moments between are reckoned.
  const atMs = playing.ms + (nowMs - playing.atMs);
  return sound?.visemes.findLast((frame) => frame.at_ms <= atMs)?.viseme ?? 'rest';
}

/** Two lips: one line when closed. */
function mouthPath({ open, wide }: { readonly open: number; readonly wide: number }): string {
  const half = 6.5 * wide;
  const left = (18 - half).toFixed(2);
  const right = (18 + half).toFixed(2);
  const upper = (22 - 9 * open).toFixed(2);
  const lower = (22 + 5 * open).toFixed(2);
  return `M${left} 15.5Q18 ${lower} ${right} 15.5Q18 ${upper} ${left} 15.5z`;
}
