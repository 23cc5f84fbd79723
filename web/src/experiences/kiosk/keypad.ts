/** Middles closer than this, in pixels, are level. */
const NUDGE = 4;
/** What it costs, in pixels, to leave the row or column. */
const ASIDE = 240;
const focusable = 'button, a[href], input, [tabindex="0"]';

/**
 * Works the page by a keypad alone: arrows move the focus to what lies there, digits press the numbered choice, `0` talks
 * and `*` calls the staff. Enter, Space and Tab are the browser's own. Gives what stops it.
 */
export function startKeypad(root: HTMLElement, onUsed: () => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target;
    if (target instanceof HTMLInputElement) return;
    const scope = [...root.querySelectorAll<HTMLElement>('dialog[open]')].at(-1) ?? root;
    const pressed = pressedBy(event.key, scope, root);
    if (pressed !== null) {
      event.preventDefault();
      // A key that is held down must not answer the next question too.
      if (event.repeat) return;
      onUsed();
      pressed.focus();
      pressed.click();
      return;
    }
    const towards = neighbour(event.key, scope);
    if (towards === null) return;
    event.preventDefault();
    onUsed();
    towards.focus();
    towards.scrollIntoView({ block: 'nearest' });
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

function pressedBy(key: string, scope: HTMLElement, root: HTMLElement): HTMLElement | null {
  if (/^[1-9]$/.test(key)) return visible(scope, `[data-choice="${key}"]`)[0] ?? null;
  if (key === '0') return visible(scope, '[data-key="talk"]')[0] ?? null;
  if (key === '*')
    return visible(scope, '[data-key="staff"]')[0] ?? visible(root, '[data-key="staff"]')[0] ?? null;
  return null;
}

function visible(scope: HTMLElement, selector: string): readonly HTMLElement[] {
  return [...scope.querySelectorAll<HTMLElement>(selector)].filter(
    (element) => element.getClientRects().length > 0 && !element.hasAttribute('disabled'),
  );
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What lies next in the arrow's direction; the first thing where nothing has the focus. Null for other keys. */
function neighbour(key: string, scope: HTMLElement): HTMLElement | null {
  if (!key.startsWith('Arrow')) return null;
  const all = visible(scope, focusable);
  const from = document.activeElement;
  if (!(from instanceof HTMLElement) || !all.includes(from)) return all[0] ?? null;
  const here = from.getBoundingClientRect();
  let best: HTMLElement | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const element of all) {
    if (element === from) continue;
    const cost = costOf(key, here, element.getBoundingClientRect());
    if (cost >= bestCost) continue;
    best = element;
    bestCost = cost;
  }
  return best ?? from;
}

/**
 * What it costs to go from one box to another by an arrow: the gap ahead, and the gap aside three times, so that what
 * lies straight ahead wins; among equals the nearer middle. Infinite for what does not lie ahead.
 */
export function costOf(key: string, here: Box, there: Box): number {
  const level = key === 'ArrowRight' || key === 'ArrowLeft';
  const onward = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1;
  const dx = (there.left + there.right - here.left - here.right) / 2;
  const dy = (there.top + there.bottom - here.top - here.bottom) / 2;
  if ((level ? dx : dy) * onward <= NUDGE) return Number.POSITIVE_INFINITY;
  const gapX = Math.max(0, there.left - here.right, here.left - there.right);
  const gapY = Math.max(0, there.top - here.bottom, here.top - there.bottom);
  const [ahead, aside] = level ? [gapX, gapY] : [gapY, gapX];
  // Beside each other is not above each other: something must lie ahead, not only its middle.
  if (ahead === 0 && aside > 0) return Number.POSITIVE_INFINITY;
  return ahead + (aside === 0 ? 0 : ASIDE + 3 * aside) + 0.1 * Math.hypot(dx, dy);
}
