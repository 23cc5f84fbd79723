/** Words that follow a number, and the kind of numeral each of them wants. */
export interface Counter {
  readonly word: string;
  /** `native`: 두 잔; `sino`: 이 인분. Both are understood everywhere; this is what is said. */
  readonly numerals: 'native' | 'sino';
  /** True where it counts things to order; false for won, numbers on a list and the like. */
  readonly countsThings: boolean;
}

const NATIVE =
  '개 잔 병 컵 조각 그릇 세트 판 줄 팩 봉지 봉 접시 캔 박스 마리 알 쪽 통 묶음 장 스쿱 개입 번째 명 사람 가지 살 식구 시간 시 군데';
const SINO_THINGS = '인분';
const SINO_OTHER = '원 번 퍼센트 층 호 분 초 년 월 일 학년';
const NATIVE_OTHER = new Set(['번째', '명', '사람', '가지', '개입', '살', '식구', '시간', '시', '군데']);

/** Counters that fit what a counter sells, longest first. */
export const counters: readonly Counter[] = [
  ...NATIVE.split(' ').map(
    (word) => ({ word, numerals: 'native', countsThings: !NATIVE_OTHER.has(word) }) as const,
  ),
  ...SINO_THINGS.split(' ').map((word) => ({ word, numerals: 'sino', countsThings: true }) as const),
  ...SINO_OTHER.split(' ').map((word) => ({ word, numerals: 'sino', countsThings: false }) as const),
].sort((one, other) => other.word.length - one.word.length);
