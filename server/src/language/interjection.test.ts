import { describe, expect, it } from 'vitest';
import { judgeInterjection, judgePartialInterjection, type Interjection } from './interjection.ts';

const utterances = (table: string) =>
  table
    .split(/[\n|]/)
    .map((utterance) => utterance.trim())
    .filter((utterance) => utterance !== '');

type Table = Readonly<Record<Interjection, readonly string[]>>;

const KOREAN: Table = {
  none: ['', ' ', '...', '…', '?!', '(웃음)', '[음악]', '*기침*', '♪'],
  backchannel: utterances(`
    네 | 네. | 네? | 네네 | 네 네 | 네, 네, 네. | 네에에 | 넵 | 예 | 예예 | 응 | 응응 | 으응 | 어 | 어어 | 어어어어
    음 | 음… | 으음 | 흠 | 아 | 아! | 오 | 오오 | 오~ | 와 | 와아 | 우와 | 아하 | 헐 | 에이 | 그쵸 | 그쵸 그쵸
    그렇죠 | 그렇지 | 그치 | 그래 | 그래요 | 그래? | 그래요? | 그렇구나 | 그렇군요 | 그러게요 | 맞아 | 맞아요 | 맞아 맞아
    맞습니다 | 진짜 | 진짜요? | 정말? | 정말요 | 아 네 | 아네 | 아, 그렇구나 | 아 진짜? | 오 진짜 | 와 대박 | 어 맞아
    네 맞아요 | 네맞아요 | 응응 그치 | 네 알겠습니다 | 알겠어요 | 당연하죠 | 오케이 | 하하 | 하하하하 | 하하하 네 | ㅋㅋㅋ | ㅎㅎ
    히히 | 아 네 그쵸 | 아아 네 | yeah | okay 네
  `),
  stop: utterances(`
    잠깐 | 잠깐만 | 잠깐만요 | 잠깐만요. | 잠시만 | 잠시만요 | 저기 잠깐만 | 아 잠깐만 | 야 잠깐 | 잠깐만 내 말 좀 들어 봐
    잠깐만요그게아니라 | 그만 | 그만! | 그만해 | 그만해 줘 | 그만 좀 해 | 그만하자 | 이제 그만 | 말 좀 그만해 | 그만 됐어 | 아니
    아니. | 아니야 | 아니요 | 아니에요 | 아니오 | 아뇨 | 아냐 | 아니 근데 | 아니근데 | 아니 그게 | 아니 내 말은 | 어 아니
    어, 아니요 | 음 아니 | 네 아니요 그거 말고 | 아니 아니 | 아니아니 | 그게 아니라 | 그게 아니고 | 내 말은 그게 아니라
    그런 게 아니라 | 스톱 | 스탑 | 멈춰 | 멈춰 줘 | 멈춰 주세요 | 됐어 | 됐어요 | 됐고 | 이제 됐어 | 네 됐습니다 | 조용
    조용히 해 | 조용히 좀 해 줘 | 기다려 | 기다려 봐 | 기다려 주세요 | 좀 기다려 | 취소 | 취소해 | 취소해 주세요 | 주문 취소
    시끄러워 | 노노 | stop | wait 잠깐
  `),
  words: utterances(`
    아니스 | 아니스 하나 | 아니면 콜라 | 아니메 좋아해 | 그만큼 | 그만큼만 주세요 | 그만두고 싶어 | 예약 | 예약할게요 | 예쁘다 | 네이버
    네 개 | 네 개 주세요 | 네비게이션 | 어디 | 어디야 | 어제 | 오늘 | 오늘 뭐 해 | 오렌지 | 응급실 | 음악 틀어 줘 | 음료수
    와이파이 | 와플 하나 | 아이스 | 아아 | 아아 두 잔 | 아예 | 오네 | 아마 | 그래서 | 그래서 어떻게 됐어 | 그런데 | 맞춰 줘
    진짜 재미있는 영화 추천해 줘 | 정말 그런지 모르겠어 | 다 됐어요? | 준비 됐어 | 내가 잠깐 나갔다 왔거든 | 콜라 하나
    네 그리고 콜라 하나 | 네 근데 그게 뭐예요 | 어 그럼 나도 갈래 | 취소선 | 조용한 음악 | 조용필 | 기다려야 해요 | 많이 기다려? | 노래
    노트북 | 헐크 | 하하 그거 웃기다 | 왜 | 뭐 | 저기요 | 여보세요 | 예를 들면 | 스톱워치 켜 줘 | 불고기버거 | 2 | 흠집이 났어
  `),
};

const ENGLISH: Table = {
  none: ['', '[laughter]', '(coughs)'],
  backchannel: utterances(`
    yeah | Yeah. | yeah yeah | uh-huh | Uh huh. | mm-hmm | mhm | right | Right, right.
    ok | Okay. | I see | I see. | oh I see | wow | Wow! | really? | Oh really
    that's right | Yes | cool | no way | haha | got it | of course | Hmm...
  `),
  stop: utterances(`
    stop | Stop. | Stop! | stop it | please stop | okay stop | can you stop | wait
    Wait, what? | oh wait | no | No. | No, no. | no I meant the other one | well no
    hold on | Hold on a second | hang on | shut up | enough | that's enough
    okay that's enough | quiet | be quiet please | one second | never mind | cancel
    pause | excuse me
  `),
  words: utterances(`
    no problem | no worries | nobody knows | note that | waiter | waiting for you
    stopped | what time is it | the bus stop is there | okay what about pizza
    yeah but I think so | yesterday | rightly so | play some music | I see a dog
    enoughness | holding | tell me more | a coke please
  `),
};

const cases = (table: Table) =>
  Object.entries(table).flatMap(([expected, said]) => said.map((text) => [text, expected] as const));

describe('judgeInterjection', () => {
  it.each(cases(KOREAN))('%s: %s', (text, expected) => {
    expect(judgeInterjection(text, 'ko')).toBe(expected);
  });

  it.each(cases(ENGLISH))('%s: %s', (text, expected) => {
    expect(judgeInterjection(text, 'en-GB')).toBe(expected);
  });

  it('knows Korean in a session of any language, and only what everybody says of English', () => {
    expect(judgeInterjection('잠깐만', 'en')).toBe('stop');
    expect(judgeInterjection('네 네', 'de')).toBe('backchannel');
    expect(judgeInterjection('stop', 'fr')).toBe('stop');
    expect(judgeInterjection('okay', 'ja')).toBe('backchannel');
    // "So", "right" and "wait" mean something else, or nothing, elsewhere.
    expect(judgeInterjection('am', 'de')).toBe('words');
    expect(judgeInterjection('right', 'de')).toBe('words');
  });

  it('does not mind how the syllables are written', () => {
    expect(judgeInterjection('잠깐만'.normalize('NFD'), 'ko')).toBe('stop');
    expect(judgeInterjection('네'.normalize('NFD'), 'ko')).toBe('backchannel');
  });

  it('is quick with what never ends', () => {
    expect(judgeInterjection('아'.repeat(10_000), 'ko')).toBe('backchannel');
    expect(judgeInterjection(`${'네 '.repeat(10_000)}콜라`, 'ko')).toBe('words');
    expect(judgeInterjection(`${'아오'.repeat(10_000)}콜`, 'ko')).toBe('words');
  });
});

describe('words that are still coming', () => {
  it.each([
    ['그렇', 'none'],
    ['그렇군요', 'backchannel'],
    ['네 알', 'none'],
    ['네 알겠습니다', 'backchannel'],
    ['콜', 'words'],
    ['네 콜라', 'words'],
    ['콜라 그', 'words'],
    ['아니', 'stop'],
    ['i kn', 'words'],
    ['absol', 'none'],
  ])('%s: %s', (text, expected) => {
    expect(judgePartialInterjection(text, 'ko')).toBe(expected);
  });
});
