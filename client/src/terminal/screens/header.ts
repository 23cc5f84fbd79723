import type { KioskState } from '../kiosk-state.ts';
import { fitLine, lineOf, span, spreadLine, type Line } from '../styled-line.ts';
import { cutText, widthOf } from '../text-width.ts';
import { wordsOf } from '../words-of.ts';

const dots = { connecting: '○', online: '●', offline: '✕' } as const;

/** The bar at the top: which kiosk, which server, which language, and whether it is connected. */
export function headerLine(state: KioskState, width: number): Line {
  const words = wordsOf(state.language);
  const left = ` ${words.title}${state.kioskId === null ? '' : ` · ${state.kioskId}`}`;
  const kept = state.kept > 0 ? ` +${state.kept}` : '';
  const speaking = state.voice === 'speaking' ? '♪ ' : '';
  const connection = `${dots[state.connection]} ${words[state.connection]}${kept}`;
  const full = `${speaking}${state.server} · ${words.languageName} · ${connection} `;
  const short = `${speaking}${words.languageName} · ${connection} `;
  const right = widthOf(left) + widthOf(full) + 2 <= width ? full : short;
  if (widthOf(left) + widthOf(right) + 1 > width) {
    return fitLine(lineOf(span(cutText(` ${connection}`, width), 'bar')), width, 'bar');
  }
  return spreadLine([span(left, 'bar')], [span(right, 'bar')], width, 'bar');
}
