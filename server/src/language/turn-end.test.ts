import { describe, expect, it } from 'vitest';
import { judgeTurnEnd, type TurnEnd } from './turn-end.ts';

const utterances = (table: string) =>
  table
    .split(/[\n|]/)
    .map((utterance) => utterance.trim())
    .filter((utterance) => utterance !== '');

/** As people say them and ears write them down, with a bar between two. */
const KOREAN: Readonly<Record<TurnEnd, readonly string[]>> = {
  complete: utterances(`
    네 | 네. | 넵 | 예 | 응 | 아니요 | 아니. | 아뇨 | 그래 | 네 네 | 맞아 | 맞아요 | 좋아요. | 괜찮아요 | 안녕하세요 | 안녕
    안녕하세요 저는 김민수입니다 | 감사합니다. | 고마워 | 오늘 날씨 어때? | 오늘 날씨 어때요 | 지금 몇 시야 | 지금 몇 시예요
    콜라 하나 주세요 | 콜라 하나 주세요. | 콜라하나주세요 | 콜라 두 개 줘 | 콜라 하나 | 불고기버거 두 개 | 불고기버거 두개
    아이스 아메리카노 세 잔 | 아메리카노 2잔 | 김밥 두 줄 | 김치찌개 2인분 | 떡볶이 하나랑 순대 하나 | 콜라 하나만 | 만두 다섯 개만
    세트로 둘 | 그거 하나 더 | 그게 다예요 | 그게 다야 | 이걸로 할게요 | 이걸로 할게 | 포장해 주세요 | 포장해 줘 | 포장이요
    매장에서 먹고 갈게요 | 카드로 결제할게요 | 얼마예요 | 얼마예요? | 얼마야 | 다 해서 얼마죠 | 그렇죠 | 그렇지 | 나도 그렇게 생각해
    나 배고파 죽겠어 | 어제 영화 봤어 | 어제 영화 봤어요 | 밥 먹었어 | 밥 먹었니 | 뭐 먹을까 | 뭐 먹을까요 | 같이 갈래 | 같이 가자
    이제 그만하자 | 노래 불러 줘 | 노래 불러줘. | 조용히 해 | 빨리 와 | 이리 와 | 천천히 말해 봐 | 한번 해봐 | 잘 모르겠어
    잘 모르겠어요 | 잘 모르겠는데? | 그게 뭔데 | 그게 뭔데? | 지금 어딘데 | 왜 그러는데 | 이거 얼만데? | 할 수 있습니다
    할 수 있습니까 | 내일 비가 온대 | 걔가 그랬대 | 나는 학생이다 | 나는 학생이야 | 아까 밥을 먹었다 | 정말 재미있네 | 정말 재미있네요
    너무 좋구나 | 진짜 맛있더라 | 그럴 수 있지 | 그럴 수 있죠 | 내 말이 맞잖아 | 기분이 좋아 | 물이 너무 많아 | 나는 네가 싫어
    책 좀 읽어 | 여기 앉아 | 이것 좀 봐 | 저것도 주세요 | 불 꺼 줘 | 불 켜 | 알람 맞춰 줘 | 내일 아침 일곱 시에 깨워 줘 | 뭐라고?
    뭐라고 | 처음부터 다시 해 줘 | 처음부터 다시 할게요 | 취소 | 취소해 주세요 | 취소할게요 | 결제 | 끝 | 다음 | 잠깐만 | 잠깐만요
    저요 | 저도요 | 나 이제 갈게 | 나 이제 집에 갈 거야 | 나 먼저 들어가 | 비가 와요 | 사랑해 | 미안해 | 추천해 줘 | 하나 추천해
    제일 잘 나가는 게 뭐예요 | 이름이 뭐야 | 너는 누구냐 | 저는 서울에 살아요 | 거기까지 | 십오 번 | 3번 | 010-1234-5678
    공일공 일이삼사 오육칠팔 | 만 이천 원 | 12,500원 | 두 시간 | 스무 살 | 좋습니다 | 알겠습니다 | 알았어 | 수고하십시오 | 어서 가라
    밥 먹어라 | 사이즈는 라지요 | 핫 초코 있어 | 핫 초코 없어요 | 화장실 어디예요 | 콜라는요? | 너는? | 그래서? | 진짜? | OK 좋아
    음 그럼 콜라 하나 | 어 그거 말고 사이다로 주세요 | 주세여 | 핸드폰 케이스 보여 줘
  `),
  open: utterances(`
    음 | 음… | 음. | 어… | 그 | 저기 | 저기. | 그러니까 | 그러니까. | 그니까 | 그래서 | 그리고 | 그리고. | 그런데 | 근데
    근데요 | 그리고요 | 하지만 | 왜냐하면 | 왜냐면은 | 아니면 | 만약에 | 예를 들어 | 일단 | 있잖아요 | 제가 어제 거기 갔는데
    제가 어제 거기 갔는데. | 제가어제거기갔는데 | 날씨가 좋은데 | 나는 학생인데 | 이게 좀 비싼데 | 가고 싶었는데 | 그랬던데 | 콜라를
    콜라를. | 콜라하고 | 콜라랑 | 햄버거랑 | 햄버거 하나랑 | 버거 세트하고 | 저는 | 저는. | 나는 | 저는요 | 우리가 | 친구가 | 엄마가
    선생님이 | 사람이 | 사람들은 | 오늘은 | 집에 | 학교에서 | 엄마한테 | 친구에게 | 나의 | 서울부터 | 너처럼 | 너와 | 햄과
    밥을 먹고 | 밥을 먹고. | 집에 가고 | 배가 고프고 | 시간이 있으면 | 비가 오면 | 그렇게 하면 | 학생이라면 | 비가 오니까 | 배고프니까
    늦었으니까 | 영화 보려고 | 영화를 보려고 | 먹으러 | 들리도록 | 밥을 먹어서 | 집에 가서 | 비가 와서 | 친구를 만나서 | 늦게 일어나서
    공부해서 | 배가 아파서 | 맛있지만 | 좋긴 하지만 | 맛있기는 하지만 | 걸어가면서 | 밥을 먹다가 | 먹거나 | 가든지 | 비가 와도
    그래도 먹어도 | 가야 | 밥을 먹어야 | 병원에 가기 전에 | 밥을 먹은 다음에 | 내가 어렸을 때 | 배고플 때 | 너 때문에 | 콜라 두
    콜라 한 | 아메리카노 세 | 김밥 스무 | 한두 | 아주 | 너무 | 조금 더 | 좀 | 혹시 | 그냥 | 이런 | 무슨 | 따뜻한 | 시원한 | 큰
    매운 | 예쁜 | 같은 | 먹는 | 내가 먹을 | 내가 좋아하는 | 콜라 하나 그리고 | 콜라 하나 주세요 그리고 | 콜라 하나 주시고
    콜라 하나 주시고요 그리고 | 불고기버거 하나, 콜라 하나, | 네, | 어 그게 | 내가 어 그 | 아니 그게 아니라 | 010 | 010 1234
    공일공 일이삼사 | 제 전화번호는 | 제 번호가 공일공 | 친구를 위해 | 그거에 대해서 | 빠르게 | 맛있게 | 내 생각에는 | 예전부터
    여행 가는 것처럼 | 저는 아이스 아메리카노 한 잔이랑 | 오늘 저녁에 친구들이랑 같이 | 제가 지난주에 샀던 | 만들려고 하면
  `),
  unclear: utterances(`
    콜라 | 아이스 아메리카노 | 불고기버거 세트 | 제가 어제 거기 갔는데요 | 배가 고프거든요 | 비싸니까요 | 비가 와서요 | 콜라 하나 주시고요
    저도 | 포장으로 | 따뜻한 걸로 | 라면 | 냉면 | 고양이 | 떡볶이 | 과자 | 콜라나 사이다 | 한국어 | 어머니 | 동네 | 노래 | 가게
    냉장고 | 회의 | 사과 | 온도 | 휴가 | 내일 | 오후 두 시 | 삼월 | 2 | 다섯 | 서울역 | 김민수 | 어 | 그렇군요... | 필요
  `),
};

const ENGLISH: Readonly<Record<TurnEnd, readonly string[]>> = {
  complete: utterances(`
    Yes | No. | Okay | Thank you | Two burgers please | I would like a coke.
    What time is it? | What time is it | How are you | Where is the bathroom
    Can you play some music | That's all | I don't know | Yes, I can. | Yes I do
    That is what I am looking for. | Stop! | Good night | Tell me a story. | Hello
    No thanks | Never mind | See you tomorrow
  `),
  open: utterances(`
    And | I went there and | I went there and. | but | Because | um | Uh... | I want to
    I want a | I'd like the | Can I have a | My | The | If | I was thinking that
    I think | You know | Let me see | It's going to | A burger with | Two | I would like
    What about | We should | Well, I | So | When I was in | I need some
    A burger, a coke, | I went to the store… | Tell me | because of | for example
  `),
  unclear: utterances(`
    A coke | I would like two cokes | My name is Kim | I went home | A large burger
    The weather is nice | Chicken nuggets | London | Play jazz music
  `),
};

const cases = (table: Readonly<Record<TurnEnd, readonly string[]>>) =>
  Object.entries(table).flatMap(([expected, said]) =>
    said.map((utterance) => [utterance, expected] as const),
  );

describe('judgeTurnEnd', () => {
  it.each(cases(KOREAN))('%s: %s', (utterance, expected) => {
    expect(judgeTurnEnd(utterance, 'ko')).toBe(expected);
  });

  it.each(cases(ENGLISH))('%s: %s', (utterance, expected) => {
    expect(judgeTurnEnd(utterance, 'en-US')).toBe(expected);
  });

  it('has a table worth the name', () => {
    expect(cases(KOREAN).length).toBeGreaterThanOrEqual(180);
    expect(cases(KOREAN).length + cases(ENGLISH).length).toBeGreaterThanOrEqual(250);
  });

  it('goes by the last words where languages mix, and by the marks where it knows none', () => {
    expect(judgeTurnEnd('cheeseburger 하나 주세요', 'en')).toBe('complete');
    expect(judgeTurnEnd('cheeseburger랑', 'en')).toBe('open');
    expect(judgeTurnEnd('오케이 thank you', 'ko')).toBe('complete');
    expect(judgeTurnEnd('Guten Tag, ich heiße', 'de')).toBe('unclear');
    expect(judgeTurnEnd('Guten Tag.', 'de')).toBe('complete');
    expect(judgeTurnEnd('こんにちは', 'ja')).toBe('unclear');
  });

  it('knows nothing of nothing', () => {
    for (const nothing of ['', ' ', '…', '?', '"']) expect(judgeTurnEnd(nothing, 'ko')).toBe('unclear');
  });

  it('does not mind how the syllables are written, nor quotes around them', () => {
    expect(judgeTurnEnd('갔는데'.normalize('NFD'), 'ko')).toBe('open');
    expect(judgeTurnEnd('“콜라 하나 주세요.” ', 'ko')).toBe('complete');
  });

  it('is quick with long texts', () => {
    const long = '그래서 제가 어제 친구를 만나서 밥을 먹고 '.repeat(500);
    for (let time = 0; time < 20; time++)
      expect(judgeTurnEnd(`${long}${'음'.repeat(time)}`, 'ko')).toBe('open');
  });
});
