/** Syllables that the given names of today and of two generations ago begin with. */
const FIRST = new Set(
  '지민서하수윤예유은현준도시주소채다나가영정성승동재상진태경연선미혜희보세아이인원우기건규철종병광호한해찬창용완슬송새봄별라효형훈혁명범순옥숙복금길덕춘남석로라',
);
/** And those that they end with. */
const LAST = new Set(
  '우민준서윤아은현수진영호훈원연지희나린인율유하빈경미주정선혜숙자순옥철석식섭택환규태혁재찬성승용국기일웅후온람솔별슬라리래이안애예완욱운언엽휘형헌한필창중종조제임구관권균근남늘름봄오',
);
const SURNAMES = new Set(
  '김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구라민류나진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용',
);
const DOUBLE_SURNAMES: readonly string[] = ['남궁', '황보', '제갈', '선우', '독고', '사공'];

/** What people say that they are, or where they are from, and what else only sounds like a name. */
const KOREAN_NOUNS = new Set(
  `학생 대학생 고등학생 중학생 초등학생 유학생 취준생 선생 선생님 교사 교수 강사 의사 간호사 약사 변호사 판사 검사 기사 요리사 미용사
  회사원 직장인 사원 직원 회원 의원 공무원 사장 사장님 대표 주부 가수 배우 선수 기자 작가 화가 감독 시인 군인 상인 주인 성인 노인 미인
  하인 지인 연인 애인 현지인 연예인 한국인 미국인 외국인 시민 서민 주민 국민 농민 이용자 노동자 사용자 남자 여자 소년 소녀 미녀 미남 숙녀
  신사 아이 아기 어른 어린이 청소년 엄마 아빠 아들 딸 언니 오빠 누나 형 동생 막내 외동 장남 장녀 할머니 할아버지 이모 고모 삼촌 친구 혼자
  부자 천재 영재 수재 바보 백수 고수 하수 초보 신입 재수 정상 이상 이하 지하 찬성 반대 정답 인정 예정 진정 수정 가정 사정 진심 진지 유지
  이유 인기 경기 감기 동감 서울 부산 대구 인천 광주 대전 울산 수원 성남 하남 원주 여수 경주 제주 한국 영국 미국 태국 중국 일본 병원 소원
  강아지 경제 경영 도서관 지하철 재택 보수 기권 세종 용인 창원 상주 원인 주임 형수 동서 동창 동기 인형 범인 변호인 현재 소아 유아 영아
  소인 동정 정정 재정 연필 나이 원주민 이재민
  기독교 불교 천주교 여기 거기 저기 우리 오늘 내일 지금 이거 그거 처음 다음 최고 사람 로봇 손님 비밀 그냥 아무 누구 뭐 무엇 아직 정말 진짜`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Words that end as verbs do: `배고파`, `피곤해요`. */
const KOREAN_VERB =
  /(?:[가-힣](?:요|죠|니다|네|다|까|해|파|퍼|워|려|져|겠|싶어|없어|있어|몰라|볼래|할래)|래|래요)$/;

/** True for a Korean name, with or without a surname, by the syllables that names are made of. */
export function isKoreanName(word: string): boolean {
  if (KOREAN_NOUNS.has(word)) return false;
  if (isGiven(word)) return true;
  const surname = DOUBLE_SURNAMES.find((each) => word.startsWith(each)) ?? word.slice(0, 1);
  return (surname.length > 1 || SURNAMES.has(surname)) && isGiven(word.slice(surname.length));
}

/** True for what may be a name where a name was asked for. */
export function mayBeKoreanName(word: string): boolean {
  return isKoreanName(word) || !(KOREAN_NOUNS.has(word) || KOREAN_VERB.test(word));
}

function isGiven(word: string): boolean {
  return word.length === 2 && FIRST.has(word[0]!) && LAST.has(word[1]!);
}

/** Given names that ears without capitals are believed. */
const ENGLISH_NAMES = new Set(
  `adam alan albert alex alice amanda amy andrea andrew angela anna anne anthony arthur barbara ben benjamin betty bob brian bruce carl carol
  caroline catherine charles charlie charlotte chris christina daniel dave david deborah dennis diana donald donna dorothy edward eleanor
  elizabeth ella emily emma eric eva evelyn frank fred gary george gloria grace greg hannah harry heather helen henry isabella jack jacob james
  jane janet jason jean jeff jennifer jenny jeremy jessica jim joan joe john jonathan joseph joshua judith judy julia julie justin karen kate
  kathleen keith kelly ken kevin kyle larry laura lauren leo liam linda lisa louis louise lucas lucy luke maria marie martha martin mary matt
  matthew megan melissa michael michelle mike mia minsu minji nancy nathan nicholas nicole noah nora oliver olivia pamela patricia patrick paul
  peter philip rachel ralph ray rebecca richard robert roger ronald rose roy russell ruth ryan sally sam samantha samuel sandra sarah scott sean
  sharon simon sofia sophia sophie stella stephanie stephen steve susan teresa theresa thomas tim timothy tina tom tony tyler victoria vincent
  walter wayne wendy william zoe`.split(/\s+/),
);
const NOT_ENGLISH_NAMES = new Set(
  `a an the in on at so very too just not no yes ok okay fine good great well alright all right bad better best hungry thirsty tired sad happy
  glad bored lonely angry mad scared afraid cold hot sick ill busy free sorry sure here there back home ready late early new old young single
  married alone awake sleepy excited nervous worried lost done student teacher doctor nurse engineer lawyer korean american british english
  irish scottish chinese japanese french german canadian spanish italian indian russian vietnamese thai mexican australian dutch european asian
  muslim buddhist catholic jewish god nobody nothing somebody someone whatever anything later maybe when if tomorrow your you my it secret
  none private nice long short beautiful unknown why thanks hello hi never`.split(/\s+/),
);

/** True for a name as English writes it, or one of the most common ones. */
export function isEnglishName(words: string): boolean {
  const [first = '', ...others] = words.split(' ');
  if (NOT_ENGLISH_NAMES.has(first.toLowerCase())) return false;
  const isWritten = (word: string) => /^\p{Lu}[\p{Ll}.'-]/u.test(word);
  return (isWritten(first) && others.every(isWritten)) || ENGLISH_NAMES.has(words.toLowerCase());
}

/** True for what may be a name where a name was asked for or announced. */
export function mayBeEnglishName(words: string): boolean {
  const first = words.split(' ')[0]!;
  return isEnglishName(words) || !(NOT_ENGLISH_NAMES.has(first.toLowerCase()) || /(?:ing|ed)$/.test(words));
}
