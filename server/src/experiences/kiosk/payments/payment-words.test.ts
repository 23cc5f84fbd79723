import { describe, expect, it } from 'vitest';
import { readPaymentWish } from './payment-words.ts';

const wish = (text: string) => {
  const read = readPaymentWish(text);
  return read?.type === 'pay' ? read.method : (read?.type ?? null);
};

describe('what the customer wants of a payment', () => {
  it.each([
    ['카드로 할게요', 'card'],
    ['카드요', 'card'],
    ['네 카드로 결제할게요', 'card'],
    ['신용카드 주세요', 'card'],
    ['카드 여기 있습니다', 'card'],
    ['카드로 하면 됩니다', 'card'],
    ['by card please', 'card'],
    ['Can I pay by card', 'card'],
    ["I'll pay with my credit card", 'card'],
    ['카카오페이로', 'mobile_pay'],
    ['카카오 페이로 할게요', 'mobile_pay'],
    ['애플페이', 'mobile_pay'],
    ['휴대폰으로 결제할게요', 'mobile_pay'],
    ['QR로 할게요', 'mobile_pay'],
    ['samsung pay', 'mobile_pay'],
    ['with my phone', 'mobile_pay'],
    ['현금으로 낼게요', 'cash'],
    ['cash', 'cash'],
    ['카운터에서 낼게요', 'counter'],
    ['계산대에서 할게요', 'counter'],
    ['I will pay at the counter', 'counter'],
    ['카드 말고 현금으로 할게요', 'cash'],
    ['카드로 하지 말고 카카오페이로 해 주세요', 'mobile_pay'],
    ['카드는 안 되니까 현금으로', 'cash'],
    ['카드 대신 삼성페이', 'mobile_pay'],
    ['not by card, cash please', 'cash'],
    ['cash instead of card', 'cash'],
    ['아니 카드 아니고 카운터에서', 'counter'],
  ])('%s: %s', (said, expected) => expect(wish(said)).toBe(expected));

  it.each([
    '카드 돼요?',
    '카드 되나요',
    '카드로 결제 되나요',
    '카드로 할 수 있어요',
    '카드 받나요',
    '카카오페이 있어요',
    '카드만 가능해요',
    'do you take cards',
    'is card possible',
    'card?',
    '카드나 현금으로',
    'card or cash',
    '카드 말고요',
    '카드 없어요',
    'no card',
    '결제할게요',
    '결제됐어요',
    '네',
    '아니요',
    '콜라 하나 더 주세요',
    '쿠폰 쓸게요',
    '오늘 날씨 좋네요',
    '',
  ])('%s: begins nothing', (said) => expect(wish(said)).toBeNull());

  it.each([
    '취소해 주세요',
    '결제 취소',
    '카드 결제 취소할게요',
    '그만할게요',
    '결제 안 할래요',
    '결제하지 마세요',
    '잠깐 멈춰 주세요',
    'cancel the payment',
    'stop',
    'never mind',
  ])('%s: calls it off', (said) => expect(wish(said)).toBe('cancel'));

  it.each(['취소하지 마세요', '취소 안 할게요', 'do not cancel'])('%s: does not', (said) =>
    expect(wish(said)).toBeNull(),
  );
});
