import type { KioskMenuItem, OrderOptions } from '@malbeot/protocol';
import type { KioskTurn } from './kiosk-turn.ts';
import { applies, fillOptions, mergeOptions } from './options.ts';
import {
  addItem,
  dealOut,
  hasOptions,
  lineForOptions,
  linesOf,
  namesOfChoices,
  removeFromLine,
  sayAdded,
  sayCannot,
  setOptions,
  setQuantity,
  takesOptions,
} from './order-acts.ts';
import { isPlaced, itemOf, missingOf, type OrderLine } from './order.ts';
import { itemMeant, linesMeant } from './references.ts';
import { addSaid, replaceItem, tellAdded, type Added } from './said-items.ts';
import type { SaidItem, SaidLoosely } from './understanding/acts.ts';

/** What was said without naming an item: an answer to the question, or about a line that stands. */
export function answerLoosely(turn: KioskTurn, said: SaidLoosely, added: Added): void {
  if (answersQuestion(turn, said)) return;
  const shown = itemMeant(turn, said.reference);
  if (shown !== null && said.intent === 'add') return addShown(turn, shown, said);
  if (isPlaced(turn.state.order)) return placed(turn, said, added);
  const { options, drops, parts } = said;
  const changes = Object.keys(options).length > 0 || drops.length > 0;
  const meant = linesMeant(turn, said.reference, added.counted);
  // 하나는 라지로 바꾸고 하나는 빼 주세요: another one than the first.
  const lines = said.part ? meant.map((line) => undealt(turn, line, added)) : meant;
  const last = lines.at(-1);
  // 반은 사이다로: how many are half?
  if (said.vague && said.intent === 'change') return turn.say('kiosk.which_item');
  if (said.intent === 'remove') return removeMeant(turn, said, lines);
  if (parts.length > 0) return partsMeant(turn, said, last, added);
  if (changes) return changeMeant(turn, said, lines, added);
  if (said.otherwise.length > 0) return otherwise(turn, said, added);
  if (said.cannot.length > 0) return refuse(turn, said, added);
  if (last === undefined && said.reference?.type === 'category') {
    const { categoryId } = said.reference;
    const nearest = turn.menu.items.filter(({ category, available }) => available && category === categoryId);
    const { quantity, vague } = said;
    const wanted = { quantity, vague, options };
    return turn.ask({
      type: 'which',
      reason: 'category',
      nearest: nearest.map(({ item_id }) => item_id),
      wanted,
    });
  }
  if (last === undefined) return turn.say('kiosk.which_item');
  // 하나는 포장: nothing is said of its amount.
  if (said.part && said.intent === 'add' && said.reference === null) return turn.say('kiosk.which_item');
  if (said.vague) return turn.ask({ type: 'how-many', itemId: last.itemId, options: last.chosen });
  for (const line of lines) changeAmount(turn, line, said);
}

/** A line of the same item that no part was dealt to in this utterance; the line itself where there is none. */
function undealt(turn: KioskTurn, line: OrderLine, { dealt }: Added): OrderLine {
  if (!dealt.has(line.id)) return line;
  return linesOf(turn, line.itemId).findLast(({ id }) => !dealt.has(id)) ?? line;
}

function changeAmount(turn: KioskTurn, line: OrderLine, { quantity, more }: SaidLoosely): void {
  if (quantity !== null) return setQuantity(turn, line, more ? line.quantity + quantity : quantity);
  if (more) return setQuantity(turn, line, line.quantity + 1);
  turn.say('kiosk.which_item');
}

/** A placed order stays as it is: what can begin another one does. */
function placed(turn: KioskTurn, said: SaidLoosely, added: Added): void {
  if (said.otherwise.length > 0) return otherwise(turn, said, added);
  turn.say('kiosk.which_item');
}

/** 첫 번째 거 하나, of what the screen shows. */
function addShown(turn: KioskTurn, itemId: string, said: SaidLoosely): void {
  const quantity = said.quantity ?? 1;
  const line = addItem(turn, itemId, { quantity: said.quantity, vague: said.vague, options: said.options });
  if (line !== null) sayAdded(turn, [{ line, quantity }]);
  sayCannot(turn, itemId, said.cannot);
}

function removeMeant(turn: KioskTurn, said: SaidLoosely, lines: readonly OrderLine[]): void {
  const { options, quantity } = said;
  if (turn.state.order.lines.length === 0) return turn.say('kiosk.empty');
  if (Object.keys(options).length > 0) {
    // 라지는 빼 주세요: the line that is so.
    const line = turn.state.order.lines.findLast((one) => hasOptions(turn, one, options));
    return line === undefined ? turn.say('kiosk.which_line') : removeFromLine(turn, line, quantity);
  }
  if (said.reference === null && quantity === null) return turn.say('kiosk.which_line');
  // 음료는 됐어요: there is none.
  if (lines.length === 0 && said.reference?.type === 'category') return turn.say('kiosk.kept');
  if (lines.length === 0) return turn.say('kiosk.which_line');
  for (const line of lines) removeFromLine(turn, line, quantity);
}

/** 하나는 핫, 하나는 아이스: the line in question is dealt out; where none can be, the items named are wanted. */
function partsMeant(turn: KioskTurn, said: SaidLoosely, last: OrderLine | undefined, added: Added): void {
  const options = Object.assign({}, ...said.parts.map((part) => part.options)) as OrderOptions;
  const drops = said.parts.flatMap((part) => part.drops);
  const line =
    last !== undefined && takesOptions(turn, last, options, drops)
      ? last
      : lineForOptions(turn, options, drops);
  const sum = said.parts.reduce((total, { quantity }) => total + quantity, 0);
  const isEnough = said.otherwise.length === 0 || (line !== undefined && line.quantity >= sum);
  if (line !== undefined && isEnough) return dealOut(turn, line, said.parts);
  if (dealOverLines(turn, said)) return;
  if (said.otherwise.length > 0) return otherwise(turn, said, added);
  turn.say('kiosk.which_item');
}

/** 음료는 사이다랑 콜라로, of two sets that differ: one for each, in their order. True when they are as many. */
function dealOverLines(turn: KioskTurn, { parts }: SaidLoosely): boolean {
  const able = turn.state.order.lines.filter(
    (line) => line.quantity === 1 && takesOptions(turn, line, parts[0]!.options, parts[0]!.drops),
  );
  if (able.length !== parts.length || parts.some(({ quantity }) => quantity !== 1)) return false;
  for (const [at, { options, drops }] of parts.entries()) setOptions(turn, able[at]!, options, drops);
  return true;
}

function changeMeant(turn: KioskTurn, said: SaidLoosely, lines: readonly OrderLine[], added: Added): void {
  const { options, drops, quantity, more, reference } = said;
  const isEvery = reference?.type === 'every' || (reference?.type === 'having' && reference.every === true);
  const able = lines.filter((line) => takesOptions(turn, line, options, drops));
  if (isEvery && able.length > 0) {
    for (const { id } of able) {
      const line = turn.line(id);
      if (line !== undefined) setOptions(turn, line, options, drops);
    }
    return;
  }
  const such = more && reference === null && drops.length === 0 ? lineWith(turn, options) : undefined;
  // 따뜻한 거 한 잔 더: of the one that is so already.
  if (such !== undefined) return setQuantity(turn, such, such.quantity + (quantity ?? 1));
  const line = able.at(-1) ?? (reference === null ? lineForOptions(turn, options, drops) : undefined);
  if (line === undefined) {
    if (said.otherwise.length > 0) return otherwise(turn, said, added);
    const isOpen =
      reference === null ? quantity !== null || lines.length === 0 : reference.type === 'category';
    const kinds = isOpen ? itemsWith(turn, options) : [];
    if (kinds.length > 0) {
      // 세트 하나요: of what?
      const wanted = { quantity, vague: said.vague, options };
      return turn.ask({ type: 'which', reason: 'category', nearest: kinds, wanted });
    }
    const [only] = lines;
    if (only === undefined) return turn.say('kiosk.which_item');
    return sayCannot(turn, only.itemId, namesOfChoices(turn, options));
  }
  if (more) {
    const wanted = {
      quantity: quantity ?? 1,
      vague: false,
      options: mergeOptions(turn.menu, line.chosen, options),
    };
    const other = addItem(turn, line.itemId, wanted);
    return other === null ? undefined : sayAdded(turn, [{ line: other, quantity: quantity ?? 1 }]);
  }
  if (quantity !== null && quantity < line.quantity) {
    dealOut(turn, line, [{ quantity, options, drops }]);
    const dealt = turn.lastLine();
    if (dealt !== undefined) added.dealt.add(dealt.id);
    return;
  }
  setOptions(turn, line, options, drops);
  const after = turn.lastLine();
  if (quantity !== null && !said.part && after !== undefined && quantity > after.quantity)
    setQuantity(turn, after, quantity);
}

/** The line last touched, else the last one, that is so. */
function lineWith(turn: KioskTurn, options: OrderOptions): OrderLine | undefined {
  const last = turn.lastLine();
  const among = turn.state.order.lines.filter((line) => hasOptions(turn, line, options));
  return among.find(({ id }) => id === last?.id) ?? among.at(-1);
}

/** What can be had with these options, where it is all of one category. */
function itemsWith({ menu }: KioskTurn, options: OrderOptions): readonly string[] {
  const able = menu.items.filter(
    (item) => item.available && fillsWith(menu, item, options) && Object.keys(options).length > 0,
  );
  return new Set(able.map(({ category }) => category)).size === 1 ? able.map(({ item_id }) => item_id) : [];
}

function fillsWith(menu: KioskTurn['menu'], item: KioskMenuItem, options: OrderOptions): boolean {
  const filled = fillOptions(menu, item, options);
  return Object.keys(options).every(
    (groupId) => item.options.includes(groupId) && applies(menu.option_groups[groupId]!, filled),
  );
}

/** 사이다로 주세요, where nothing has a drink to choose: the item itself; with 바꿔, instead of what was pointed at. */
function otherwise(turn: KioskTurn, said: SaidLoosely, added: Added): void {
  for (const item of said.otherwise) {
    if (!replacesLine(turn, said, item) && said.reference !== null) turn.say('kiosk.which_item');
    else if (replacesLine(turn, said, item)) {
      replaceItem(
        turn,
        {
          type: 'replace',
          fromItemId: null,
          fromReference: said.reference,
          fromQuantity: said.quantity,
          fromChoices: [],
          item: { ...item, mayBeChoice: [] },
        },
        added,
      );
    } else addSaid(turn, { ...item, mayBeChoice: [] }, added);
  }
  tellAdded(turn, added);
}

/** True for what takes the place of a line: 바꿔 says so, or the one pointed at is of the same kind. */
function replacesLine(
  turn: KioskTurn,
  { intent, reference, part, quantity }: SaidLoosely,
  item: SaidItem,
): boolean {
  if (intent === 'change') return true;
  if (reference === null && !(part && quantity !== null)) return false;
  const category = turn.menu.itemsById.get(item.itemId)?.category;
  const lines = linesMeant(
    turn,
    reference,
    turn.state.order.lines.map(({ id }) => id),
  );
  const line = lines.at(-1);
  if (line === undefined || lines.length > 1) return false;
  return itemOf(turn.menu, line).category === category && line.quantity >= (quantity ?? 1);
}

function refuse(turn: KioskTurn, { cannot, reference }: SaidLoosely, { counted }: Added): void {
  const line = linesMeant(turn, reference, counted).at(-1);
  if (line !== undefined) sayCannot(turn, line.itemId, cannot);
  else turn.say('kiosk.unknown_item', { said: cannot.join(', ') });
}

function answersQuestion(turn: KioskTurn, said: SaidLoosely): boolean {
  const { asked } = turn;
  switch (asked?.type) {
    case 'option':
      return answersOption(turn, said, turn.line(asked.lineId), asked.groupId);
    case 'how-many':
    case 'quantity':
      return answersAmount(turn, said, asked);
    case 'which': {
      // 그거 빼 주세요 takes nothing of what is offered.
      if (said.intent === 'remove') return false;
      const named = asked.reason === 'offer' ? [] : said.otherwise;
      const item =
        itemMeant(turn, said.reference) ?? named.find(({ itemId }) => asked.nearest.includes(itemId))?.itemId;
      if (item !== undefined) {
        const { quantity, vague } = said;
        const line = addItem(turn, item, {
          quantity,
          vague,
          options: said.otherwise.length > 0 ? {} : said.options,
        });
        if (line !== null) sayAdded(turn, [{ line, quantity: quantity ?? asked.wanted.quantity ?? 1 }]);
        return true;
      }
      const [only] = asked.nearest;
      const taken = turn.lastLine();
      if (turn.settled && said.quantity !== null && !said.more && taken?.itemId === only) {
        // 네 두 개 주세요: the yes has taken one of it.
        if (said.quantity !== (asked.wanted.quantity ?? 1)) setQuantity(turn, taken!, said.quantity);
        return true;
      }
      if (turn.settled) return false;
      if (said.quantity === null || only === undefined || said.intent !== 'add') return false;
      if (asked.reason === 'offer') {
        if (said.otherwise.length > 0 || said.parts.length > 0 || said.more) return false;
        addShown(turn, only, said);
        return true;
      }
      turn.settle();
      const wanted = { ...asked.wanted, quantity: said.quantity, vague: false };
      if (asked.nearest.length === 1) turn.ask({ type: 'quantity', itemId: only, lineId: null, wanted });
      else turn.ask({ ...asked, wanted });
      return true;
    }
    case 'order':
    case 'cancel-all':
    case 'more':
    case undefined:
      return false;
  }
}

function answersOption(
  turn: KioskTurn,
  said: SaidLoosely,
  line: OrderLine | undefined,
  groupId: string,
): boolean {
  const { quantity, options, drops, parts } = said;
  const given =
    parts.length > 0
      ? parts.every((part) => part.options[groupId] !== undefined)
      : options[groupId] !== undefined;
  if (line === undefined || !given || said.intent === 'remove') return false;
  if (said.reference?.type === 'position') return false;
  turn.settle();
  if (said.reference?.type === 'every') {
    const { lines } = turn.state.order;
    for (const { id } of lines.filter((one) => missingOf(turn.menu, one).includes(groupId))) {
      const missing = turn.line(id);
      if (missing !== undefined) setOptions(turn, missing, options, drops);
    }
  } else if (parts.length > 0) dealOut(turn, line, parts);
  else if (quantity !== null && quantity < line.quantity) dealOut(turn, line, [{ quantity, options, drops }]);
  else setOptions(turn, line, fitting(turn, line, options), drops);
  return true;
}

/** Of what was said, what the line can have. */
function fitting({ menu }: KioskTurn, line: OrderLine, options: OrderOptions): OrderOptions {
  const item = itemOf(menu, line);
  const filled = fillOptions(menu, item, mergeOptions(menu, line.chosen, options));
  return Object.fromEntries(
    Object.entries(options).filter(
      ([groupId]) => item.options.includes(groupId) && applies(menu.option_groups[groupId]!, filled),
    ),
  );
}

function answersAmount(
  turn: KioskTurn,
  { quantity, more, vague, options, reference }: SaidLoosely,
  asked: KioskTurn['asked'] & { readonly type: 'how-many' | 'quantity' },
): boolean {
  if ((quantity === null && !vague) || reference?.type === 'position') return false;
  // 네, 서른 개 맞아요: the yes has taken it already.
  if (turn.settled && asked.type === 'quantity' && asked.wanted.quantity === quantity) return true;
  turn.settle();
  const standing = asked.type === 'quantity' ? asked.wanted.options : asked.options;
  const line = turn.line(asked.type === 'quantity' ? asked.lineId : null);
  if (line !== undefined && quantity !== null) {
    setQuantity(turn, line, more ? line.quantity + quantity : quantity);
    return true;
  }
  const added = addItem(turn, asked.itemId, { quantity, vague, options: { ...standing, ...options } });
  if (added !== null) sayAdded(turn, [{ line: added, quantity: quantity ?? 1 }]);
  return true;
}
