import type { KioskTurn } from './kiosk-turn.ts';
import { hasOptions } from './order-acts.ts';
import type { OrderLine } from './order.ts';
import type { Reference } from './understanding/words/references.ts';

/**
 * The lines of the order that were pointed at, in order; the one last touched where nothing was. `counted`: ids of the lines as
 * the customer saw them, by which positions are counted though some are gone by now.
 */
export function linesMeant(
  turn: KioskTurn,
  reference: Reference | null,
  counted: readonly number[],
): readonly OrderLine[] {
  const { lines } = turn.state.order;
  const last = turn.lastLine();
  switch (reference?.type) {
    case undefined:
    case 'last':
      return last === undefined ? [] : [last];
    case 'position': {
      // Above the only one there is nothing: it is meant itself.
      const id = counted.at(reference.at) ?? (reference.at < 0 ? counted[0] : undefined);
      const line = id === undefined ? lines.at(reference.at) : turn.line(id);
      return line === undefined ? [] : [line];
    }
    case 'every':
      return reference.categoryId === null
        ? lines
        : lines.filter((line) => isOf(turn, line, reference.categoryId));
    case 'others': {
      const others = lines.filter(({ id }) => id !== last?.id);
      const line = others.findLast(({ itemId }) => itemId === last?.itemId) ?? others.at(-1);
      return line === undefined ? [] : [line];
    }
    case 'having': {
      const among = lines.filter((line) => hasOptions(turn, line, reference.options));
      if (reference.every === true) return among;
      const line = among.find(({ id }) => id === last?.id) ?? among.at(-1);
      return line === undefined ? [] : [line];
    }
    case 'category': {
      const among = lines.filter((line) => isOf(turn, line, reference.categoryId));
      const line = among.find(({ id }) => id === last?.id) ?? among.at(-1);
      return line === undefined ? [] : [line];
    }
  }
}

/** The item on the screen that was pointed at, where a list was just shown; null when none was. */
export function itemMeant({ asked, state }: KioskTurn, reference: Reference | null): string | null {
  const shown = asked?.type === 'which' && asked.nearest.length > 1 ? asked.nearest : (state.shown ?? []);
  // 매운 버거 있나요? 그거 하나 주세요: the only one that was shown.
  if (reference?.type === 'last' && shown.length === 1 && state.order.lines.length === 0) return shown[0]!;
  if (shown.length === 0 || reference?.type !== 'position') return null;
  return shown.at(reference.at) ?? null;
}

function isOf({ menu }: KioskTurn, { itemId }: OrderLine, categoryId: string | null): boolean {
  return menu.itemsById.get(itemId)?.category === categoryId;
}
