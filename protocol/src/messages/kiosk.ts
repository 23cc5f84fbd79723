import type { Messages } from './message-table.ts';

/** What the kiosk says and shows, and the friendly words for what goes wrong there. */
export const kioskMessages = {
  'kiosk.welcome': {
    ko: '어서 오세요. 드시고 싶은 메뉴를 말씀해 주세요.',
    en: 'Welcome. Tell me what you would like.',
  },
  'kiosk.greeting': { ko: '안녕하세요! 무엇을 드릴까요?', en: 'Hello! What would you like?' },
  'kiosk.thanks': { ko: '저희가 더 감사해요.', en: 'Thank you, too.' },
  'kiosk.what_else': { ko: '무엇을 더 드릴까요?', en: 'What else would you like?' },
  'kiosk.what_would_you_like': { ko: '무엇을 드릴까요?', en: 'What would you like?' },
  'kiosk.anything_else': { ko: '더 필요하신 게 있으세요?', en: 'Anything else?' },
  'kiosk.added': { ko: '{items|을/를} 담았어요.', en: 'I added {items}.' },
  'kiosk.new_order': { ko: '새 주문으로 시작할게요.', en: 'This starts a new order.' },
  'kiosk.removed': { ko: '{items|을/를} 뺐어요.', en: 'I took {items} off.' },
  'kiosk.not_in_order': { ko: '{item|은/는} 담은 메뉴에 없어요.', en: '{item} is not in your order.' },
  'kiosk.quantity_set': { ko: '{item|은/는} {quantity}개로 바꿨어요.', en: 'It is {quantity} {item} now.' },
  'kiosk.options_set': { ko: '{item|으로/로} 준비할게요.', en: 'I will make it {item}.' },
  'kiosk.replaced': { ko: '{from} 대신 {items|을/를} 담았어요.', en: 'I put in {items} instead of {from}.' },
  'kiosk.cannot': {
    ko: '{item}에는 {what} 선택이 없어요.',
    en: '{item} does not come with a choice of {what}.',
  },
  'kiosk.sold_out': { ko: '죄송해요, {item|은/는} 지금 다 떨어졌어요.', en: 'Sorry, {item} is sold out.' },
  'kiosk.alternatives': { ko: '대신 {items|은/는} 어떠세요?', en: 'How about {items} instead?' },
  'kiosk.unknown_item': {
    ko: '말씀하신 {said|은/는} 저희 메뉴에 없어요.',
    en: 'We do not have “{said}” on our menu.',
  },
  'kiosk.did_you_mean': { ko: '{item} 맞으세요?', en: 'Did you mean {item}?' },
  'kiosk.which_of': {
    ko: '{items} 중에 어떤 걸로 드릴까요?',
    en: 'Which one would you like: {items}?',
  },
  'kiosk.which_in_category': {
    ko: '{category} 중에 어떤 걸로 드릴까요?',
    en: 'Which one of our {category} would you like?',
  },
  'kiosk.which_item': { ko: '어떤 메뉴로 드릴까요?', en: 'Which item would you like?' },
  'kiosk.which_line': { ko: '담으신 것 중에 어떤 메뉴요?', en: 'Which item of your order do you mean?' },
  'kiosk.how_many': { ko: '{item|은/는} 몇 개 드릴까요?', en: 'How many {item} would you like?' },
  'kiosk.check_quantity': {
    ko: '{item} {quantity}개 맞으세요?',
    en: 'Is it {quantity} {item}, is that right?',
  },
  'kiosk.ask_option': {
    ko: '{item|은/는} {group|을/를} 골라 주세요. {choices} 중에 말씀해 주세요.',
    en: 'Please choose the {group} for {item}: {choices}?',
  },
  'kiosk.read_back': {
    ko: '주문을 확인할게요. {items}, 모두 {total}원이에요. 이대로 주문할까요?',
    en: 'Let me read that back: {items}. The total is {total} won. Shall I place the order?',
  },
  'kiosk.shall_i_order': { ko: '이대로 주문할까요?', en: 'Shall I place the order?' },
  'kiosk.confirmed': {
    ko: '주문이 들어갔어요. 주문번호는 {number}번이에요. {total}원은 카운터에서 결제해 주세요.',
    en: 'Your order is placed. Your number is {number}. Please pay {total} won at the counter.',
  },
  'kiosk.pay_at_counter': {
    ko: '결제는 카운터에서 하실 수 있어요. 주문번호 {number}번을 말씀해 주세요.',
    en: 'Please pay at the counter and give them your number, {number}.',
  },
  'kiosk.pay_method_refused': {
    ko: '지금은 이 화면에서 {method|으로/로} 결제할 수 없어요. 카운터에서 결제해 주세요.',
    en: 'You can not pay by {method} on this screen. Please pay at the counter.',
  },
  'kiosk.pay_counter_only': {
    ko: '결제는 카운터에서 도와드려요.',
    en: 'You can pay at the counter.',
  },
  'kiosk.pay_first_order': {
    ko: '주문을 먼저 확인해 주시면 결제를 안내해 드릴게요.',
    en: 'Please check and place the order first.',
  },
  'kiosk.payment.placed': {
    ko: '주문이 들어갔어요. 주문번호는 {number}번이에요.',
    en: 'Your order is placed. Your number is {number}.',
  },
  'kiosk.payment.how': {
    ko: '{total}원은 어떻게 결제하시겠어요? {methods} 중에 골라 주세요.',
    en: 'How would you like to pay {total} won: {methods}?',
  },
  'kiosk.payment.methods': {
    ko: '결제는 {methods|으로/로} 하실 수 있어요.',
    en: 'You can pay by {methods}.',
  },
  'kiosk.payment.start_card': {
    ko: '{total}원을 카드로 결제할게요. 카드를 단말기에 꽂거나 대 주세요.',
    en: 'That is {total} won by card. Please insert or tap your card.',
  },
  'kiosk.payment.start_mobile_pay': {
    ko: '{total}원을 모바일로 결제할게요. 휴대폰을 단말기에 대 주세요.',
    en: 'That is {total} won by mobile payment. Please hold your phone to the terminal.',
  },
  'kiosk.payment.start_other': {
    ko: '{total}원을 {method|으로/로} 결제할게요. 단말기의 안내를 따라 주세요.',
    en: 'That is {total} won by {method}. Please follow the terminal.',
  },
  'kiosk.payment.pending': {
    ko: '{total}원 결제를 기다리고 있어요. 그만두시려면 ‘취소’라고 말씀해 주세요.',
    en: 'I am waiting for the payment of {total} won. To stop it, say “cancel”.',
  },
  'kiosk.payment.approved': {
    ko: '{total}원 결제가 끝났어요. 주문번호는 {number}번이에요.',
    en: '{total} won is paid. Your number is {number}.',
  },
  'kiosk.payment.declined': {
    ko: '결제가 승인되지 않았어요. 청구된 금액은 없어요.',
    en: 'The payment was not approved. Nothing was charged.',
  },
  'kiosk.payment.cancelled': {
    ko: '결제를 취소했어요. 청구된 금액은 없어요.',
    en: 'The payment is cancelled. Nothing was charged.',
  },
  'kiosk.payment.timeout': {
    ko: '시간이 지나서 결제를 멈췄어요. 청구된 금액은 없어요.',
    en: 'The payment took too long and was stopped. Nothing was charged.',
  },
  'kiosk.payment.terminal_unavailable': {
    ko: '지금은 단말기를 쓸 수 없어요. 청구된 금액은 없어요.',
    en: 'The terminal can not be used right now. Nothing was charged.',
  },
  'kiosk.payment.answer_lost': {
    ko: '결제 결과를 확인하지 못해서 되돌렸어요. 청구된 금액은 없어요.',
    en: 'I could not see how the payment went, so I took it back. Nothing is charged.',
  },
  'kiosk.payment.cancelling': {
    ko: '결제를 취소하고 있어요. 잠시만 기다려 주세요.',
    en: 'I am cancelling the payment. Please wait a moment.',
  },
  'kiosk.payment.reversing': {
    ko: '결제 결과를 확인하지 못해서 되돌리고 있어요. 끝날 때까지 잠시만 기다려 주세요.',
    en: 'I could not see how the payment went, so I am taking it back. Please wait until that is done.',
  },
  'kiosk.payment.reversing_staff': {
    ko: '결제를 되돌리는 데 시간이 걸려서 직원을 불렀어요. 다른 방법으로 결제하지 말고 잠시만 기다려 주세요.',
    en: 'Taking the payment back takes a while, so I called our staff. Please do not pay another way and wait a moment.',
  },
  'kiosk.payment.not_started': {
    ko: '지금은 결제를 시작하지 못했어요. 청구된 금액은 없어요. 다시 해 주시거나 카운터에서 결제해 주세요.',
    en: 'I could not start the payment. Nothing was charged. Please try again, or pay at the counter.',
  },
  'kiosk.payment.method_refused': {
    ko: '이 화면에서는 {method|으로/로} 결제할 수 없어요.',
    en: 'You can not pay by {method} on this screen.',
  },
  'kiosk.payment.finish_first': {
    ko: '주문번호 {number}번 결제를 먼저 마쳐 주세요.',
    en: 'Please finish paying for number {number} first.',
  },
  'kiosk.payment.simulated': {
    ko: '모의 결제라서 실제로 돈이 나가지는 않아요.',
    en: 'This payment is simulated: no money moves.',
  },
  'kiosk.method.card': { ko: '카드', en: 'card' },
  'kiosk.method.cash': { ko: '현금', en: 'cash' },
  'kiosk.method.mobile_pay': { ko: '모바일 결제', en: 'mobile payment' },
  'kiosk.method.counter': { ko: '카운터 결제', en: 'payment at the counter' },
  'kiosk.method.other': { ko: '그 방법', en: 'that method' },
  'kiosk.empty': {
    ko: '아직 담은 메뉴가 없어요. 무엇을 드릴까요?',
    en: 'There is nothing in your order yet. What would you like?',
  },
  'kiosk.cancel_all_check': {
    ko: '담으신 {count}개를 모두 취소할까요?',
    en: 'Shall I cancel all {count} items?',
  },
  'kiosk.start_over_check': {
    ko: '담으신 {count}개를 비우고 처음부터 다시 할까요?',
    en: 'Shall I clear all {count} items and start over?',
  },
  'kiosk.cancelled': {
    ko: '주문을 모두 취소했어요. 다시 주문하시려면 메뉴를 말씀해 주세요.',
    en: 'The order is cancelled. To order again, just tell me what you would like.',
  },
  'kiosk.cleared': { ko: '담은 메뉴를 모두 비웠어요.', en: 'Your order is empty now.' },
  'kiosk.started_over': {
    ko: '처음부터 다시 시작할게요. 무엇을 드릴까요?',
    en: 'Let us start over. What would you like?',
  },
  'kiosk.kept': { ko: '네, 그대로 둘게요.', en: 'All right, I left it as it is.' },
  'kiosk.not_that': {
    ko: '제가 잘못 들었나 봐요. 메뉴 이름을 다시 한번 말씀해 주시겠어요?',
    en: 'I must have misheard. Could you say the name again?',
  },
  'kiosk.what_to_change': {
    ko: '네, 어떤 걸 바꿔 드릴까요?',
    en: 'All right, what would you like to change?',
  },
  'kiosk.already_placed': {
    ko: '주문은 이미 들어갔어요. 주문번호는 {number}번이에요.',
    en: 'Your order is already placed. Your number is {number}.',
  },
  'kiosk.placed_can_not_change': {
    ko: '주문번호 {number}번은 이미 들어가서 여기서 바꿀 수 없어요. 직원에게 말씀해 주세요.',
    en: 'Order number {number} is already placed and can not be changed here. Please ask our staff.',
  },
  'kiosk.price': { ko: '{item|은/는} {price}원이에요.', en: '{item} is {price} won.' },
  'kiosk.have': {
    ko: '네, {item} 있어요. {price}원이에요.',
    en: 'Yes, we have {item}. It is {price} won.',
  },
  'kiosk.shall_i_add': { ko: '담아 드릴까요?', en: 'Shall I add it?' },
  'kiosk.order_total': {
    ko: '지금까지 {items}, 모두 {total}원이에요.',
    en: 'So far: {items}. That is {total} won.',
  },
  'kiosk.menu_categories': {
    ko: '{categories} 메뉴가 있어요. 어떤 걸 보여 드릴까요?',
    en: 'We have {categories}. Which would you like to see?',
  },
  'kiosk.menu_category': {
    ko: '{category}에는 {items|이/가} 있어요.',
    en: 'Our {category}: {items}.',
  },
  'kiosk.menu_title': { ko: '메뉴', en: 'Menu' },
  'kiosk.popular': {
    ko: '{items|이/가} 인기가 많아요. 어떤 걸로 드릴까요?',
    en: '{items} are popular. Which would you like?',
  },
  'kiosk.popular_title': { ko: '인기 메뉴', en: 'Popular' },
  'kiosk.alternatives_title': { ko: '이런 메뉴는 어떠세요?', en: 'How about these?' },
  'kiosk.did_you_mean_title': { ko: '혹시 이 메뉴인가요?', en: 'Did you mean one of these?' },
  'kiosk.spicy': { ko: '{item|은/는} 매운 메뉴예요.', en: '{item} is spicy.' },
  'kiosk.not_spicy': { ko: '{item|은/는} 맵지 않아요.', en: '{item} is not spicy.' },
  'kiosk.spicy_items': { ko: '매운 메뉴로는 {items|이/가} 있어요.', en: 'Our spicy items: {items}.' },
  'kiosk.no_spicy_items': { ko: '매운 메뉴는 없어요.', en: 'We have nothing spicy.' },
  'kiosk.allergens': {
    ko: '{item}에는 알레르기를 일으킬 수 있는 {allergens|이/가} 들어가요.',
    en: '{item} contains these allergens: {allergens}.',
  },
  'kiosk.no_allergens': {
    ko: '{item}에는 표시할 알레르기 재료가 없어요. 걱정되시면 직원에게 확인해 주세요.',
    en: '{item} has no allergens on file. If you are worried, please ask our staff.',
  },
  'kiosk.which_for_allergy': {
    ko: '어떤 메뉴의 알레르기 재료를 알려 드릴까요?',
    en: 'Which item would you like the allergens of?',
  },
  'kiosk.dine_in': { ko: '드시고 가시는 걸로 할게요.', en: 'For here, all right.' },
  'kiosk.dine_out': { ko: '포장으로 준비할게요.', en: 'To take away, all right.' },
  'kiosk.staff_called': {
    ko: '직원을 불렀어요. 잠시만 기다려 주세요.',
    en: 'I called our staff. Please wait a moment.',
  },
  'kiosk.help': {
    ko: '메뉴 이름과 개수를 말씀해 주세요. 예를 들어 ‘불고기버거 두 개랑 콜라 하나 주세요’라고 하시면 돼요. 다 고르셨으면 ‘주문할게요’, 사람이 필요하시면 ‘직원 불러 주세요’라고 말씀해 주세요.',
    en: 'Say what you would like and how many, for example “two bulgogi burgers and a cola, please”. When you are done, say “that is all”. For a person, say “call staff”.',
  },
  'kiosk.ask_again': {
    ko: '무슨 말씀인지 잘 모르겠어요. ‘{example} 하나 주세요’처럼 메뉴 이름을 말씀해 주세요.',
    en: 'I did not understand that. Please name something on the menu, for example “one {example}, please”.',
  },
  'kiosk.not_heard': { ko: '다시 한 번 말씀해 주세요', en: 'Please say that again' },
  'kiosk.not_heard.language': {
    ko: '여기서는 아직 한국어 말씀을 알아듣지 못해요. 화면을 누르거나 글자로 주문해 주세요.',
    en: 'I can not understand spoken English here yet. Please order by touching the screen or by typing.',
  },
  'kiosk.slower': { ko: '천천히 말할게요.', en: 'I will speak more slowly.' },
  'kiosk.faster': { ko: '조금 더 빨리 말할게요.', en: 'I will speak a little faster.' },
  'kiosk.louder': { ko: '더 크게 말할게요.', en: 'I will speak louder.' },
  'kiosk.quieter': { ko: '더 작게 말할게요.', en: 'I will speak more quietly.' },
  'kiosk.language_set': {
    ko: '한국어로 안내할게요. 무엇을 드릴까요?',
    en: 'In English, then. What would you like?',
  },
  'kiosk.menu_changed': {
    ko: '메뉴가 바뀌어서 {items|이/가} 주문에서 빠졌어요.',
    en: 'The menu has changed, so {items} had to be taken off your order.',
  },
  'kiosk.no_such_line': {
    ko: '그 메뉴는 이제 주문에 없어요. 화면의 주문을 확인해 주세요.',
    en: 'That line is no longer in your order. Please check the order on the screen.',
  },
  'kiosk.no_such_choice': {
    ko: '고르신 선택은 이 메뉴에 없어요. 화면에서 다시 골라 주세요.',
    en: 'This item does not have that choice. Please choose again on the screen.',
  },
  'kiosk.yes': { ko: '네', en: 'Yes' },
  'kiosk.no': { ko: '아니요', en: 'No' },
  'kiosk.reply.order': { ko: '네, 주문할게요', en: 'Yes, place the order' },
  'kiosk.reply.change': { ko: '더 고를게요', en: 'Keep choosing' },
  'kiosk.reply.cancel': { ko: '네, 모두 취소할게요', en: 'Yes, cancel it all' },
  'kiosk.reply.keep': { ko: '아니요, 그대로 둘게요', en: 'No, keep it' },
  'kiosk.option.remove': { ko: '{choice} 빼고', en: 'no {choice}' },
  'kiosk.option.add': { ko: '{choice} 추가', en: 'extra {choice}' },

  'kiosk.error.server': {
    ko: '지금은 주문을 처리하지 못했어요. 담으신 메뉴는 그대로 있어요. 잠시 뒤에 다시 말씀해 주세요.',
    en: 'I could not handle that just now. Your order is still here. Please try again in a moment.',
  },
  'kiosk.error.ears_off': {
    ko: '지금은 말씀으로 주문을 받지 않아요. 담으신 메뉴는 그대로 있어요. 화면을 누르거나 글자로 주문해 주세요.',
    en: 'I am not listening at the moment. Your order is still here. Please order by touching the screen or by typing.',
  },
  'kiosk.error.timeout': {
    ko: '답이 너무 오래 걸리고 있어요. 담으신 메뉴는 그대로 있어요. 다시 한 번 말씀해 주세요.',
    en: 'That is taking too long. Your order is still here. Please try once more.',
  },
  'kiosk.error.session_expired': {
    ko: '오래 비워 두셔서 주문이 끝났어요. 처음부터 다시 시작해 주세요.',
    en: 'This order was left alone for too long and has ended. Please start again.',
  },
  'kiosk.error.session_unknown': {
    ko: '이 주문을 찾을 수 없어요. 처음부터 다시 시작해 주세요.',
    en: 'This order can not be found. Please start again.',
  },
  'kiosk.error.no_file': {
    ko: '녹음된 소리가 오지 않았어요. 다시 한 번 말씀해 주세요.',
    en: 'No recording arrived. Please say that again.',
  },
  'kiosk.error.bad_request': {
    ko: '요청을 읽을 수 없어요. 다시 한 번 해 주세요.',
    en: 'The request can not be read. Please try again.',
  },
  'kiosk.error.too_large': {
    ko: '말씀이 너무 길어요. 조금 짧게 나눠서 말씀해 주세요.',
    en: 'That was too long. Please say it in shorter pieces.',
  },
  'kiosk.error.not_wav': {
    ko: '알 수 없는 소리 형식이에요. WAV(8, 16, 24, 32비트 PCM, 32비트 실수, A-law, mu-law)로 보내 주세요.',
    en: 'This is not a sound format I know. Please send a WAV (8, 16, 24 or 32-bit PCM, 32-bit float, A-law or mu-law).',
  },
  'kiosk.error.bad_audio': {
    ko: '녹음이 깨졌거나 비어 있어요. 다시 한 번 말씀해 주세요.',
    en: 'The recording is broken or empty. Please say that again.',
  },
  'kiosk.error.too_many': {
    ko: '요청이 너무 많아요. 잠시 기다렸다가 다시 말씀해 주세요.',
    en: 'That is too many requests. Please wait a moment and try again.',
  },
  'kiosk.error.not_allowed': {
    ko: '이 기기는 주문을 받을 수 없게 되어 있어요. 직원을 불러 주세요.',
    en: 'This device may not take orders. Please call our staff.',
  },
  'kiosk.error.conflict': {
    ko: '같은 요청이 아직 처리되고 있어요. 잠시만 기다려 주세요.',
    en: 'The same request is still being handled. Please wait a moment.',
  },
  'kiosk.recovery.say_again': { ko: '다시 한 번 말씀해 주세요', en: 'Say it again' },
  'kiosk.recovery.shorter': { ko: '짧게 말씀해 주세요', en: 'Say it shorter' },
  'kiosk.recovery.touch': { ko: '화면을 눌러서 주문해 주세요', en: 'Order by touching the screen' },
  'kiosk.recovery.type': { ko: '글자로 주문해 주세요', en: 'Order by typing' },
  'kiosk.recovery.closer': {
    ko: '마이크에 조금 더 가까이 말씀해 주세요',
    en: 'Speak a little closer to the microphone',
  },
  'kiosk.recovery.start_over': { ko: '처음부터 다시 시작해 주세요', en: 'Start over' },
  'kiosk.recovery.wait': { ko: '잠시 기다려 주세요', en: 'Wait a moment' },
  'kiosk.recovery.staff': { ko: '직원을 불러 주세요', en: 'Call our staff' },
  'kiosk.recovery.send_wav': { ko: 'WAV 파일로 보내 주세요', en: 'Send a WAV file' },
  'kiosk.recovery.counter': { ko: '카운터에서 결제해 주세요', en: 'Pay at the counter' },
} as const satisfies Messages;
