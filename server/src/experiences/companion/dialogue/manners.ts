import { NO, YES } from './answers.ts';
import { fixedRules } from './fixed.ts';
import type { Rule, RuleTurn } from './rule.ts';

/** What the companion is, and what it can and can't do. */
export const about: Rule = fixedRules([
  {
    ko: /(?:뭘|뭐를|뭐|무엇을|어떤걸|무슨일을)(?:할수있|할줄|도와줄수|해줄수|잘해)|사용법|도움말|기능이뭐/,
    en: /\b(?:what can you do|what do you do|how can you help|what are you able|help menu|what should i say)\b/,
    say: 'companion.can',
  },
  {
    ko: /(?:너|넌|당신|네|니)?(?:사람|인간|로봇|기계|ai|인공지능)(?:이야|이니|이에요|이예요|인가요|이세요|이냐|맞아|맞죠|맞지|인가|예요|야|니|세요)/,
    en: /\bare you (?:a |an )?(?:real|human|person|robot|machine|ai|bot|program)\b/,
    say: 'companion.human',
  },
  {
    ko: /(?:너|넌|당신|네|니)?(?:이름이|이름은|이름)(?:뭐|무엇|어떻게)|(?:너|넌|당신)(?:은|는)?(?:누구|뭐야|뭐니|누군)|자기소개|^누구(?:야|세요|예요|니|신가요)/,
    en: /\b(?:who are you|what are you|what(?:'s| is) your name|introduce yourself|your name)\b/,
    say: 'companion.who',
  },
  {
    ko: /몇살|나이가(?:어떻게|몇)|언제(?:태어|만들어)|생일이언제(?:야|니|예요)$/,
    en: /\b(?:how old are you|your age|when were you (?:born|made)|your birthday)\b/,
    say: 'companion.age',
  },
  {
    ko: /(?:어디(?:에)?(?:살|있|사세|사니)|집이어디)/,
    en: /\b(?:where (?:do you live|are you))\b/,
    say: 'companion.where',
  },
  {
    ko: /(?:녹음|저장|기록|비밀|개인정보)(?:해|하|돼|되|을|은|이|지켜|하고|하니|되나|되는|보장)/,
    en: /\b(?:record(?:ing|ed)? (?:me|this|us)|store|privacy|private|do you (?:save|keep)|secret)\b/,
    say: 'companion.privacy',
  },
  {
    ko: /(?:너|넌|당신)(?:은|는)?(?:뭐|무엇|어떤).*좋아|(?:너|넌)(?:도|는)?.*(?:좋아해|먹어봤|먹을수있|볼수있)/,
    en: /\b(?:do you like|what do you like|your favou?rite|do you (?:eat|see|sleep|dream))\b/,
    say: 'companion.taste',
  },
  {
    ko: /(?:너|넌|당신)(?:은|는)?(?:밥|식사|점심|저녁|아침)?(?:은|을)?(?:먹었|드셨)|밥먹었(?:어|니|냐|어요)$/,
    en: /\b(?:have you eaten|did you eat)\b/,
    say: 'companion.eaten',
  },
  {
    ko: /(?:뭐|뭘)(?:해|하니|하고있|하는중|하세요|하시)(?:어|니|요|어요|나요)?$|뭐했(?:어|니)/,
    en: /\b(?:what are you doing|what's up|what have you been)\b/,
    say: 'companion.doing',
  },
  {
    ko: /(?:너|넌|오늘|기분|컨디션|요즘|잘).*(?:어때|어떠니|어떠세요|어떻게지내|지냈|지내)|^잘지(?:내|냈)/,
    en: /\b(?:how are you|how do you feel|how's it going|how have you been|are you (?:ok|okay|well|fine))\b/,
    say: 'companion.how_are_you',
  },
  {
    ko: /(?:영어로|영어하자|영어할)/,
    en: /\b(?:speak english|in english)\b/,
    say: 'companion.speak_english',
  },
  {
    ko: /(?:한국어로|한국말로|우리말로)/,
    en: /\b(?:speak korean|in korean)\b/,
    say: 'companion.speak_korean',
  },
  {
    ko: /(?:일본어|중국어|프랑스어|독일어|스페인어|러시아어|베트남어)/,
    en: /\b(?:speak|know|in) (?:japanese|chinese|french|german|spanish|russian|vietnamese|italian)\b/,
    say: 'companion.cannot.language',
  },
]);

/** What the companion has no way to know or to do. */
export const beyond: Rule = fixedRules([
  {
    ko: /날씨|기온|비(?:가)?(?:와|올까|올지|오나|오니|온대)|눈(?:이)?(?:와|오나|올까|오니)|우산(?:을)?(?:챙|가져|필요)|미세먼지|몇도야|몇도예요/,
    en: /\b(?:weather|temperature|is it (?:raining|snowing|cold|warm)|will it (?:rain|snow)|umbrella|forecast)\b/,
    say: 'companion.cannot.weather',
  },
  {
    ko: /뉴스|새소식|무슨사건|주가|주식|환율|비트코인|경기결과|로또/,
    en: /\b(?:news|headlines|stock|exchange rate|bitcoin|lottery|who won)\b/,
    say: 'companion.cannot.news',
    asked: 'story',
  },
  {
    ko: /(?:노래|음악|라디오|유튜브)(?:를|을|좀|한곡|하나)?(?:틀|불러|들려|재생|켜|추천)/,
    en: /\b(?:play (?:some |a |the )?(?:music|song|radio|video)|sing(?: me)?|play something)\b/,
    say: 'companion.cannot.music',
    asked: 'story',
  },
  {
    ko: /알람|타이머|깨워(?:줘|주)|(?:뒤에|후에|이따가?|나중에)(?:알려|말해|깨워)|(?:전화|문자|메일|카톡)(?:를|을|좀)?(?:걸|해줘|보내|해주)|(?:불|조명|에어컨|티비|tv|보일러)(?:을|를|좀)?(?:켜|꺼)|예약해|주문해|검색해|찾아(?:줘|봐|주)|배달(?:시켜|해)|길(?:을)?(?:알려|찾아)|일정(?:을|에)?(?:추가|등록|알려)/,
    en: /\b(?:set (?:an |a )?(?:alarm|timer|reminder)|remind me|call (?:my|him|her|someone)|send (?:a|an) (?:message|text|email|mail)|turn (?:on|off)|book (?:a|me)|order (?:a|me|some)|search (?:for|the)|look up|google|directions)\b/,
    say: 'companion.cannot.act',
  },
]);

/** Thanks, praise and the like. */
export const manners: Rule = fixedRules([
  {
    ko: /잘자|안녕히주무|굿나잇|(?:자러|잠자러)(?:갈|가)|이만잘|잘게(?:요)?$/,
    en: /\b(?:good ?night|going to (?:bed|sleep)|sleep well|off to bed)\b/,
    say: 'companion.good_night',
  },
  {
    ko: /안녕히(?:계|가)|잘있어|잘가|바이바이|^바이|굿바이|(?:나|저)?이만(?:갈|가|끊|나갈)|끊을게|다음에(?:또)?(?:봐|보자|만나|얘기|이야기)|또(?:봐|보자|만나)요?$|나중에(?:봐|보자|얘기)|들어갈게|갈게요?$|가볼게|가봐야/,
    en: /\b(?:bye|goodbye|see you|talk to you later|i have to go|i must go|gotta go|farewell|take care)\b/,
    say: 'companion.bye',
  },
  {
    ko: /고마워|고맙|감사|땡큐|ㄱㅅ/,
    en: /\b(?:thanks|thank you|thx|appreciate)\b/,
    say: 'companion.thanks',
    emotion: { name: 'joy', intensity: 0.5 },
  },
  {
    ko: /^(?:정말|진짜|너무)?(?:미안|죄송|사과할)/,
    en: /\b(?:i'm sorry|i am sorry|my bad|i apologi[sz]e|sorry about)\b|^sorry$/,
    say: 'companion.sorry',
  },
  {
    ko: /^(?:나는|나|난|저는)?(?:너|널|너를|당신을|말벗을?)?(?:정말|진짜|너무)?사랑해|(?:너|네|니|당신)(?:가|이)(?:정말|너무|참)?좋아(?:요)?$|너를좋아해|널좋아해/,
    en: /\b(?:i (?:really )?(?:love|like) you|love ya)\b/,
    say: 'companion.love',
    emotion: { name: 'love', intensity: 0.7 },
  },
  {
    ko: /바보|멍청|멍충|쓸모없|짜증나게|답답하네|꺼져|못하네|형편없|최악|실망이다|시끄러/,
    en: /\b(?:stupid|dumb|idiot|useless|shut up|you suck|hate you|terrible|worst)\b/,
    say: 'companion.insult',
  },
  {
    ko: /똑똑|잘한다|잘하네|잘했어|대단해|대단하|훌륭|최고야|최고다|최고예요|귀엽|귀여|목소리(?:가)?(?:좋|예쁘)|착하|멋지|멋져|재밌(?:다|네|어)|재미있(?:다|네|어)/,
    en: /\b(?:smart|clever|well done|good job|great job|you(?:'re| are) (?:great|good|nice|cute|kind|funny|the best|awesome|amazing)|nice voice|that was (?:fun|great|nice))\b/,
    say: 'companion.praise',
    emotion: { name: 'joy', intensity: 0.6 },
  },
  {
    ko: /^(?:ㅋ+|ㅎ+|하하+|호호+|크크+|푸하하*|히히+|웃기다|웃겨|웃기네)(?:요|ㅋ+|ㅎ+)?$/,
    en: /^(?:ha(?: ?ha)+|he(?: ?he)+|lol|rofl|so funny|that's funny)$/,
    say: 'companion.laugh',
    emotion: { name: 'joy', intensity: 0.6 },
  },
]);

/** A bare yes, no or perhaps that answers nothing we asked. */
export const yesOrNo: Rule = fixedRules([
  { ko: YES.ko, en: YES.en, say: 'companion.yes' },
  { ko: NO.ko, en: NO.en, say: 'companion.no' },
  {
    ko: /^(?:글쎄|글쎄요|음+|흠+|어+|모르겠어|모르겠어요|잘모르겠어|잘모르겠어요|몰라|몰라요|생각해볼게|생각해볼게요)$/,
    en: /^(?:i don't know|don't know|dunno|not sure|i'm not sure|hm+|um+|uh+|let me think)$/,
    say: 'companion.unsure',
  },
]);

const GREETING = {
  ko: /^(?:(?:야|어|오)?안녕|하이|헬로|헤이|여보세요|반가워|반갑|좋은아침|굿모닝|좋은저녁|말벗아?$|말벗님$|거기있|듣고있|들려)/,
  en: /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings|nice to meet|are you there|howdy|malbeot)\b/,
} as const;

/** Hello, by the time of day; the second hello of a talk is answered as a call. */
export const greeting: Rule = (turn) => {
  const { language, plain, say, state } = turn;
  if (!GREETING[language].test(plain)) return null;
  const hello = say(state.turns === 0 ? greetingAt(turn) : 'companion.greeting.again');
  const text =
    state.name === null || state.turns > 0
      ? hello
      : `${say('companion.called', { name: state.name })} ${hello}`;
  return { text, emotion: { name: 'joy', intensity: 0.4 } };
};

function greetingAt({ now, timeZone }: RuleTurn) {
  const hour = Number(
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(now),
  );
  if (hour >= 5 && hour < 11) return 'companion.greeting.morning';
  if (hour >= 11 && hour < 17) return 'companion.greeting.day';
  return hour >= 17 && hour < 22 ? 'companion.greeting.evening' : 'companion.greeting.night';
}
