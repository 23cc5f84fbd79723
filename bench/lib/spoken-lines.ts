const SUBJECTS = [
  '불고기버거',
  '새우버거',
  '치즈버거',
  '감자튀김',
  '어니언링',
  '콜라',
  '사이다',
  '아이스크림',
];
const ENDINGS = [
  '나왔습니다, 맛있게 드세요.',
  '지금은 다 떨어졌어요.',
  '세트로 드릴까요, 단품으로 드릴까요?',
  '두 개 담았어요.',
  '추가했어요, 더 필요하신 게 있으세요?',
];
const ENGLISH = [
  'One cheeseburger and a coke.',
  'Anything else for you today?',
  'Your order is ready at the counter.',
  'We are out of onion rings right now.',
  'Would you like to eat here or take it away?',
];

/** `count` sentences of a kiosk, without digits, which not every model can say. Up to 40 are all different in Korean. */
export function spokenLines(language: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    if (language !== 'ko') return ENGLISH[index % ENGLISH.length]!;
    return `${SUBJECTS[index % SUBJECTS.length]!} ${ENDINGS[(index + Math.floor(index / 8)) % ENDINGS.length]!}`;
  });
}
