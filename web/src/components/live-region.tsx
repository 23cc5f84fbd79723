import { useEffect, useState } from 'react';

const QUIET_MS = 50;

/**
 * Words for screen readers, said politely. The same words twice are said twice: `turn` tells one time from the next.
 */
export function LiveRegion({ text, turn = 0 }: { readonly text: string; readonly turn?: number }) {
  const [said, setSaid] = useState({ text: '', turn: 0 });
  useEffect(() => {
    const timer = setTimeout(() => setSaid({ text, turn }), QUIET_MS);
    return () => clearTimeout(timer);
  }, [text, turn]);
  // A region must change to be read: it is empty until the new words have settled.
  return <output className="visually-hidden">{said.text === text && said.turn === turn ? text : ''}</output>;
}
