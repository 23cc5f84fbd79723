import { describe, expect, it } from 'vitest';
import { isEchoOf, isSaidIn } from './echoed-words.ts';

const REPLY = '불고기버거 2개와 콜라 1잔 담았어요. 더 필요하신 게 있으세요?';

describe('Korean', () => {
  it.each([
    ['the whole', '불고기버거 두 개와 콜라 한 잔 담았어요 더 필요하신 게 있으세요'],
    ['a part', '더 필요하신 게'],
    ['from within a word to within another', '버거 두 개와 콜'],
    ['as it is pronounced', '피료하신 게 이쓰세요'],
    ['misheard a little', '불고기 버고 두 게와 골라'],
    ['digits', '불고기버거 2개'],
  ])('takes for an echo: %s', (_, heard) => {
    expect(isEchoOf(heard, REPLY, 'ko-KR')).toBe(true);
  });

  it.each([
    ['another order', '치즈버거 세트로 주세요'],
    ['an answer', '아니요 그게 다예요'],
    ['a request to stop', '잠깐만요 취소할게요'],
    ['the item with other words', '불고기버거 말고 새우버거로 바꿔 주세요'],
    ['a short word that was said', '콜라'],
    ['one syllable', '네'],
    ['nothing', ''],
    ['marks only', '...?!'],
  ])('leaves to a person: %s', (_, heard) => {
    expect(isEchoOf(heard, REPLY, 'ko')).toBe(false);
  });

  it('looks at what was said last only', () => {
    const long = `불고기버거 두 개 담았어요. ${'오늘은 하늘이 맑고 바람이 시원합니다. '.repeat(40)}`;
    expect(isEchoOf('불고기버거 두 개 담았어요', long, 'ko')).toBe(false);
    expect(isEchoOf('바람이 시원합니다', long, 'ko')).toBe(true);
  });

  it('says no when nothing was said', () => {
    expect(isEchoOf('불고기버거 두 개', '', 'ko')).toBe(false);
  });
});

describe('English', () => {
  const reply = "I've added two cheeseburgers to your order. Would you like anything else?";

  it.each(['two cheeseburgers to your order', 'would you like anything', 'would you like any thing els'])(
    'takes for an echo: %s',
    (heard) => {
      expect(isEchoOf(heard, reply, 'en-US')).toBe(true);
    },
  );

  it.each(['no thanks that is all', 'make it three please', 'yes', 'order', 'wait a second'])(
    'leaves to a person: %s',
    (heard) => {
      expect(isEchoOf(heard, reply, 'en')).toBe(false);
    },
  );
});

it('is quick for the longest texts', () => {
  const said = '가나다라마바사아자차카타파하'.repeat(500);
  const heard = '더 필요하신 게 있으세요 '.repeat(500);
  expect(isEchoOf(heard, said, 'ko')).toBe(false);
});

describe('words that were just said', () => {
  const said = '서울에서 부산까지는 기차로 두 시간 반쯤 걸려요. Do you need anything else?';

  it.each(['두', '두 시간', '반쯤 걸려요', 'need', 'Anything else', '두, 시간.'])('%s', (heard) => {
    expect(isSaidIn(heard, said)).toBe(true);
  });

  it.each(['두시', '시간 두', '기차', 'thing', '잠깐만', '', '...'])('not: %s', (heard) => {
    expect(isSaidIn(heard, said)).toBe(false);
  });
});
