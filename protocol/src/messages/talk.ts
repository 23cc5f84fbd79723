import type { Messages } from './message-table.ts';

/** What a live conversation says of itself. */
export const talkMessages = {
  'talk.apology': {
    ko: '죄송해요, 지금은 답을 드리기 어려워요. 잠시 후에 다시 말씀해 주세요.',
    en: 'Sorry, I can not answer just now. Please try again in a moment.',
  },
  'talk.deaf': {
    ko: '죄송해요, 지금은 잘 들리지 않아요. 글로 써 주시거나 잠시 후에 다시 말씀해 주세요.',
    en: 'Sorry, I can not hear just now. Please type, or try again in a moment.',
  },
  'talk.no_ears': {
    ko: '이 서버에는 듣는 기능이 없어요. 글로 써 주세요.',
    en: 'This server has no ears set up. Please type.',
  },
  'talk.no_voice': {
    ko: '지금은 목소리를 낼 수 없어요. 글로 답할게요.',
    en: 'There is no voice just now. The answer is in writing.',
  },
} as const satisfies Messages;
