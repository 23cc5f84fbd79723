import { describe, expect, it } from 'vitest';
import { shippedMenu, startConversation } from './testing.ts';

const menu = shippedMenu();

/** Two colas read back, and what the order is after the customer's next words. */
async function afterReadBack(words: string) {
  const isKorean = /[가-힣]/.test(words);
  const talk = startConversation(menu, isKorean ? 'ko' : 'en');
  await talk.say(isKorean ? '콜라 두 잔 라지로 주세요' : 'two large cokes please');
  const { order } = await talk.say(isKorean ? '주문할게요' : "that's all");
  expect(order.status).toBe('confirming');
  return (await talk.say(words)).order;
}

describe('the answer to the read-back', () => {
  it.each([
    '네',
    '예',
    '응',
    '네네',
    '아 네',
    '음 네',
    '네 맞아요',
    '맞습니다',
    '좋아요',
    '오케이',
    '그래요',
    '응 그래',
    '네 감사합니다',
    '네 부탁드려요',
    '네 다 맞아요',
    '그걸로 해 주세요',
    '네 그대로 해주세요',
    '이대로 주세요',
    '네 그렇게 해 주세요',
    '예 그렇게 해주시면 돼요',
    '네 그러면 될 것 같아요',
    '예 맞아요 그대로 주세요',
    '네 주문해 주세요',
    '주문할게요',
    '이대로 주문할게요',
    '맞아요 주문해주세요',
    '네 주문 완료',
    '네 포장이요',
    '결제할게요',
    '카드로 결제할게요',
    '네 카드로 할게요',
    '네 결제요',
    'yes',
    'yep',
    'sure',
    'okay',
    'perfect',
    'yes please',
    'sounds good',
    'go ahead',
    'that is right',
    'that’s correct',
    'yes place the order',
    'yes I’ll pay by card',
    'yes that is everything',
  ])('%j places the order', async (words) => {
    expect(await afterReadBack(words)).toMatchObject({ status: 'confirmed', items: [{ quantity: 2 }] });
  });

  it.each([
    // Parts of words that sound like a yes.
    '그게 뭐였더라 이름이 생각이 안 나네',
    '뭐더라 생각이 안 나네',
    '여기 사람이 많네',
    '비싸네',
    '맛있겠네요',
    '콜라네',
    '결제가 안 되네',
    '얘가 뭐 먹는대',
    // Half understood.
    '아 그거 결제해 줘야지 뭐 어쩌고저쩌고',
    '어 여보세요',
    '네 여보세요 지금 주문하고 있어요',
    '응 나 지금 햄버거집',
    '엄마 이거 주문할까',
    '네 피자도요',
    // Hesitates or asks.
    '네 근데 잠깐만요',
    '네 아니 잠깐만',
    '주문이 왜 안 돼',
    '카드 어디에 넣어요',
    '맞나',
    '맞아?',
    '이게 맞아요?',
    '그래서 얼마라고',
    '네?',
    '이거 주문하면 돼',
    '좋은데 좀 비싸다',
    '주문 확인해 주세요',
    'yes but wait',
    'I think so maybe',
    'okay hold on',
    'yes?',
    'sure in a moment where do I pay',
    // Wants something else.
    '아니요',
    '그거 아니고요',
    '네 취소해 주세요',
    'yeah no',
    'sure but change the coke',
  ])('%j places nothing', async (words) => {
    expect(['confirming', 'draft', 'cancelled']).toContain((await afterReadBack(words)).status);
  });

  it('asks again after words that were only half understood', async () => {
    expect((await afterReadBack('네 여보세요 지금 통화하고 있어요')).status).toBe('confirming');
  });
});
