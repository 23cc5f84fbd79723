const words = (list: string) => list.trim().split(/\s+/);

/** What Koreans say while they listen. Any number and order of them is still listening. */
export const koreanBackchannels: ReadonlySet<string> = new Set(
  words(`
    네 넵 넹 네에 네네 예 예에 옙 옛 응 응응 엉 웅 어 어어 음 음음 흠 흐음 으음 으응 으흠 아 아아 오 오오 와 와아 우와 에 에에 헐 헉 엥 에이 에휴
    아하 오호 와우 오예 아이고 아이쿠 어이구 어머 어머나 세상에 이야 캬 휴 그쵸 그쳐 그죠 그치 그치요 그렇죠 그렇지 그렇지요 그럼 그럼요
    그렇네 그렇네요 그러네 그러네요 그렇구나 그렇군 그렇군요 그러게 그러게요 그러게나 그니까요 그러니까요 그래 그래요 그랬구나 그랬군요
    맞아 맞아요 맞어 맞네 맞네요 맞습니다 맞죠 맞지 진짜 진짜요 진짜로 정말 정말요 정말로 당연하지 당연하죠 물론 물론이지 물론이죠
    알겠어 알겠어요 알겠습니다 알았어 알았어요 오케이 오키 좋아 좋아요 좋네 좋네요 좋습니다 대박 신기하네 신기하네요 재밌네 재밌네요
    재미있네요 역시 하하 허허 호호 히히 헤헤 흐흐 후후 크크 푸하하 아하하 으하하
  `),
);

/** Look like two of them in a row and are something else: iced americano, "not at all", "it comes". */
export const noKoreanBackchannels: ReadonlySet<string> = new Set(
  words('아아 아예 오네 와네 어에 오에 네오 예에어'),
);

/** Said before the word that counts: "야 잠깐만", "이제 됐어". */
export const koreanLeadIns: ReadonlySet<string> = new Set(
  words('야 저기 저기요 자 이제 이젠 그럼 좀 근데 그런데 뭐 나 난 저 전 저는 나는 말 여기요 제발 그냥 다시'),
);

const STOPS = [
  '잠깐(?:만)?(?:요|이요|있어|있어봐)?',
  '잠시(?:만)?(?:요)?',
  '그만(?:요|좀|해|해요|해라|해줘|해줘요|해주세요|하세요|하시죠|하자|하고|할래|할게|할게요|하라고|하라니까|둬|둬요|말해|말하세요|얘기해|됐어)?',
  '스톱|스탑|정지|중지|중단(?:해|해줘|해주세요)?',
  '멈춰(?:요|라|봐|줘|줘요|주세요)?|멈추세요|멈추라고',
  '조용|조용히|조용히(?:좀)?해|조용히(?:좀)?해(?:요|라|줘|줘요|주세요)|조용히(?:좀)?하세요',
  '기다려(?:요|봐|봐요|줘|줘요|주세요|주실래요)?|기다리세요|기다리라고',
  '취소(?:요|해|해요|해줘|해줘요|해주세요|할게|할게요|할래|할래요|합니다|하자|하고)?',
  '아니(?:요|오|야|에요|예요|지|지요|라고|라니까|거든|거든요|근데|그게|그거|그건|이거|잠깐|잠깐만|됐어|다|고|라|아니|아니야)?|아뇨|아냐|아녀|아녜요|아닌데|아닌데요|노|노노',
  '시끄러|시끄러워|시끄러워요|닥쳐|입다물어|말하지마|말하지마요|말하지마세요',
];

/** At the end of more words they tell that something is ready, or went well. */
const ENOUGH = '됐어|됐어요|됐다|됐고|됐다고|됐다니까|됐습니다|됐거든|됐거든요|됐네요';

/** A word, or some glued together, that wants it to stop. */
export const koreanStop: RegExp = new RegExp(`^(?:${STOPS.join('|')}|${ENOUGH})$`);
/** The same at the end of other words. */
export const koreanStopEnd: RegExp = new RegExp(`^(?:${STOPS.join('|')})$`);
/** The same at the head of an utterance whose spaces the ears lost. */
export const koreanStopHead: RegExp =
  /^(?:잠깐만|잠시만|그게아니|그거아니|아니아니|아니그게|아니그거|아니근데|아니잠깐)/;
/** Stops wherever it stands: it is about what the other one says. */
export const koreanStopAnywhere: RegExp =
  /(?:그게|그거|그건|그런게|그말이|이게|이거|이건)(?:좀)?아니(?:라|고|야|에요|예요|요|지|죠|라고|라니까)/;

/** What people who speak English say while they listen. */
export const englishBackchannels: readonly (readonly string[])[] = words(`
  yeah yea yep yup yes ya aha ah ahh oh ooh uh um huh hm hmm mhm mm mmm mhmm right ok okay k sure really wow cool nice great good true
  exactly totally absolutely definitely indeed interesting gotcha alright ha haha hahaha hehe heh lol whoa gosh i_see got_it of_course
  uh_huh mm_hmm mm_hm no_way oh_my my_god i_know me_too thats_right thats_true thats_great thats_nice sounds_good makes_sense
  fair_enough all_right is_that_so no_kidding i_understand you_dont_say very_good very_nice
`).map((phrase) => phrase.split('_'));

/** Of them, those that people say in other languages too. */
export const internationalBackchannels: readonly (readonly string[])[] = words(
  'ok okay ah oh uh um hm hmm mm mmm mhm wow ha haha hahaha hehe',
).map((phrase) => phrase.split('_'));

export const englishLeadIns: ReadonlySet<string> = new Set(
  words('hey please just but well so now and you can could would will actually sorry like i said'),
);

export const englishStops: readonly (readonly string[])[] = words(`
  stop wait no nope nah enough quiet pause cancel nevermind never_mind hold_on hold_up hold_it hang_on shut_up shush one_second one_sec one_moment
  one_minute a_second a_sec a_moment a_minute be_quiet thats_enough thats_not that_is_enough excuse_me not_that
`).map((phrase) => phrase.split('_'));

export const internationalStops: readonly (readonly string[])[] = [['stop'], ['no']];

/** After "no" it says no "no" at all. */
export const harmlessAfterNo: ReadonlySet<string> = new Set(
  words('problem problems worries worry idea one way doubt matter wonder kidding thing big'),
);
