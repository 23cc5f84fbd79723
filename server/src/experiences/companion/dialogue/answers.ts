import type { Language } from '@malbeot/protocol';

type ByLanguage = Readonly<Record<Language, RegExp>>;

/** Nothing but a yes. */
export const YES: ByLanguage = {
  ko: /^(?:응+|네+|예|그래|그래요|그럼|그럼요|좋아|좋아요|좋지|좋죠|어|엉|맞아|맞아요|당연하지|당연하죠|물론|물론이지|물론이죠|오케이|콜|ok|그러자|해줘|해주세요|해봐|부탁해|부탁해요|들려줘|들려주세요|하자)+$/,
  en: /^(?:yes|yeah|yep|yup|sure|ok|okay|of course|please do|go ahead|why not|all right|alright|right|please|tell me|i would|do it|definitely)(?: (?:please|tell me|do|go ahead|sure))*$/,
};

/** Nothing but a no. */
export const NO: ByLanguage = {
  ko: /^(?:아니|아니요|아뇨|아니야|아니에요|싫어|싫어요|됐어|됐어요|괜찮아|괜찮아요|안해|안할래|안할래요|별로|별로야|나중에|노|다음에)+$/,
  en: /^(?:no|nope|nah|no thanks|no thank you|not now|not really|later|i don't think so|maybe later|rather not)$/,
};
