import type { Language } from '@malbeot/protocol';

type Kind =
  | 'network'
  | 'timeout'
  | 'busy'
  | 'unauthorised'
  | 'forbidden'
  | 'gone'
  | 'invalid'
  | 'server'
  | 'queue_full'
  | 'queue_broken'
  | 'queue_in_use'
  | 'queued';

/**
 * The words of the client itself. They are kept here and not in the shared table because the published package carries
 * nothing of the server's, and because these must be at hand exactly when no server can be reached.
 */
const texts: Readonly<Record<Kind, Readonly<Record<Language, string>>>> = {
  network: {
    ko: '서버에 연결하지 못했어요. 잠시 후 다시 시도해 주세요.',
    en: 'The server can’t be reached. Please try again in a moment.',
  },
  timeout: {
    ko: '답이 너무 오래 걸리고 있어요. 잠시 후 다시 시도해 주세요.',
    en: 'The answer is taking too long. Please try again in a moment.',
  },
  busy: {
    ko: '지금 요청이 많아요. 잠시만 기다렸다가 다시 시도해 주세요.',
    en: 'There are a lot of requests just now. Please wait a moment and try again.',
  },
  unauthorised: {
    ko: '이 기기나 계정을 확인하지 못했어요. 다시 로그인하거나 직원에게 알려 주세요.',
    en: 'This device or account could not be recognised. Please sign in again or tell the staff.',
  },
  forbidden: {
    ko: '이 일을 할 권한이 없어요.',
    en: 'You are not allowed to do this.',
  },
  gone: {
    ko: '찾는 내용이 없거나 시간이 지나 사라졌어요.',
    en: 'What you are looking for isn’t there, or its time has passed.',
  },
  invalid: {
    ko: '요청을 처리하지 못했어요. 내용을 확인하고 다시 시도해 주세요.',
    en: 'The request could not be handled. Please check it and try again.',
  },
  server: {
    ko: '서버에 문제가 생겼어요. 잠시 후 다시 시도해 주세요.',
    en: 'Something went wrong on the server. Please try again in a moment.',
  },
  queue_full: {
    ko: '지금은 연결이 끊겨 있고, 더 적어 둘 자리가 없어요. 직원에게 주문해 주세요.',
    en: 'The connection is down and no more can be kept. Please order from the staff.',
  },
  queue_broken: {
    ko: '이 기기에 주문을 적어 두지 못했어요. 직원에게 주문해 주세요.',
    en: 'This device could not keep the order. Please order from the staff.',
  },
  queue_in_use: {
    ko: '다른 프로그램이 이 기기의 주문을 다루고 있어요. 그 프로그램을 닫고 다시 시작해 주세요.',
    en: 'Another program is using the orders kept on this device. Please close it and start again.',
  },
  queued: {
    ko: '지금은 연결이 끊겨서 적어 두었어요. 연결되면 차례대로 보낼게요.',
    en: 'The connection is down, so this was kept. It will be sent in order once it is back.',
  },
};

/** What a customer is told when a turn is kept for later. */
export function queuedText(language: Language): string {
  return texts.queued[language];
}

/** What a person is told about an error; says what happened and what to do. */
export function friendlyText(code: string, status: number | null, language: Language): string {
  return texts[kindOf(code, status)][language];
}

function kindOf(code: string, status: number | null): Kind {
  if (code === 'NETWORK') return 'network';
  if (code === 'TIMEOUT' || status === 504) return 'timeout';
  if (code === 'TOO_MANY_WAITING' || status === 429) return 'busy';
  if (code === 'QUEUE_FULL') return 'queue_full';
  if (code === 'QUEUE_BROKEN') return 'queue_broken';
  if (code === 'QUEUE_IN_USE') return 'queue_in_use';
  if (status === 401) return 'unauthorised';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'gone';
  if (status !== null && status >= 400 && status < 500) return 'invalid';
  return 'server';
}
