import type {
  KioskMenu,
  OrderData,
  OrderItem,
  ServerResponse,
  UIAction,
  UIActionData,
} from '@malbeot/protocol';

import { startState, type KioskState } from './kiosk-state.ts';
import { textOf } from './styled-line.ts';
import type { Screen } from './screens/layout.ts';

/** A small menu with everything a board shows: popular, spicy, sold out, a required option. */
export const smallMenu: KioskMenu = {
  version: 1,
  currency: 'KRW',
  categories: [
    { id: 'burger', name: '버거', name_en: 'Burgers' },
    { id: 'coffee', name: '커피', name_en: 'Coffee' },
  ],
  option_groups: {
    temperature: {
      name: '온도',
      name_en: 'Temperature',
      kind: 'one',
      required: true,
      choices: [
        { id: 'hot', name: '따뜻한', name_en: 'Hot', price: 0 },
        { id: 'iced', name: '아이스', name_en: 'Iced', price: 0 },
      ],
    },
  },
  items: [
    item('bulgogi', '불고기버거', 'Bulgogi Burger', 'burger', 4500, { popular: true }),
    item('spicy', '매운치킨버거', 'Spicy Chicken Burger', 'burger', 5700, { spicy: true }),
    item('americano', '아메리카노', 'Americano', 'coffee', 2500, { options: ['temperature'] }),
    item('latte', '카페라떼', 'Caffe Latte', 'coffee', 3500, { available: false }),
  ],
};

function item(
  item_id: string,
  name: string,
  name_en: string,
  category: string,
  price: number,
  rest: Partial<KioskMenu['items'][number]> = {},
): KioskMenu['items'][number] {
  return {
    item_id,
    name,
    name_en,
    aliases: [],
    aliases_en: [],
    category,
    price,
    options: [],
    allergens: [],
    available: true,
    image_url: null,
    ...rest,
  };
}

/** The kiosk with its menu, before anybody said anything. */
export function readyState(changes: Partial<KioskState> = {}): KioskState {
  const start = startState({ language: 'ko', server: 'http://shop.test', kioskId: 'front', voice: false });
  return { ...start, connection: 'online', menu: smallMenu, ...changes };
}

/** A line of an order. */
export function orderItem(name: string, price: number, quantity = 1): OrderItem {
  const line_total = price * quantity;
  return { item_id: name, name, category: 'burger', price, quantity, options: {}, line_total };
}

export function orderOf(items: readonly OrderItem[], status: OrderData['status'] = 'draft'): OrderData {
  return {
    order_id: status === 'confirmed' || status === 'paid' ? 'ord_1' : null,
    items,
    total_amount: items.reduce((sum, { line_total }) => sum + line_total, 0),
    status,
    requires_confirmation: false,
    item_count: items.reduce((sum, { quantity }) => sum + quantity, 0),
    created_at: '2026-11-21T00:00:00.000Z',
    updated_at: '2026-11-21T00:00:00.000Z',
  };
}

/** Something for the screen to do. */
export function show<Type extends UIAction['action_type']>(
  action_type: Type,
  data: UIActionData[Type],
  timeout_seconds: number | null = null,
): UIAction {
  const action = { action_type, data, priority: 50, requires_user_input: true, timeout_seconds };
  return action as unknown as UIAction;
}

/** The order as it stands, for the screen. */
export function updateOrder(order: OrderData, missing: readonly string[] = []): UIAction {
  const lines = order.items.map(({ name }, line) => ({
    line,
    label: name,
    missing: line === order.items.length - 1 ? missing : [],
  }));
  return show('update_order', { order, lines, changed_lines: [], dine: null });
}

export function answerOf(message: string, changes: Partial<ServerResponse> = {}): ServerResponse {
  return {
    success: true,
    message,
    transcript: null,
    tts_audio_url: null,
    order_data: null,
    ui_actions: [],
    error_info: null,
    processing_time: 0.01,
    session_id: 'ses_1',
    timestamp: '2026-11-21T00:00:00.000Z',
    meta: {
      providers: {},
      skipped: [],
      confidence: null,
      stages_ms: {},
      turn_id: 'trn_1',
      request_id: 'req_1',
    },
    ...changes,
  };
}

/** What a screen shows, without looks; blanks at the ends of lines left off. */
export function textOfScreen({ lines }: Screen): string {
  return lines.map((line) => textOf(line).trimEnd()).join('\n');
}
