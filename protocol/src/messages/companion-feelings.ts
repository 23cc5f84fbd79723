import type { Messages } from './message-table.ts';

/** What the companion says to how a person feels. Wordings that may stand for each other are set apart by " | ". */
export const companionFeelingMessages = {
  'companion.crisis.self_harm': {
    ko: '많이 힘드시군요. 말해 줘서 고마워요. 지금 109번으로 전화하면 스물네 시간 이야기를 들어 줄 사람이 있어요. 위험하다고 느끼면 바로 119에 전화하세요. 가까운 사람에게도 꼭 알려 주세요.',
    en: 'I hear how hard it is. Thank you for telling me. Please call your local emergency number or a crisis line now; in Korea that is 109, day and night. Please tell someone close to you, too.',
  },
  'companion.crisis.emergency': {
    ko: '지금 바로 119에 전화하세요. 저는 전화를 걸 수 없어요. 안전한 곳에서 119 안내를 따라 주세요.',
    en: 'Call your local emergency number right now; in Korea that is 119. I can not make calls. Get to a safe place and follow what they tell you.',
  },
  'companion.crisis.violence': {
    ko: '위험하면 지금 바로 112에 전화하세요. 저는 전화를 걸 수 없어요. 먼저 안전한 곳으로 가세요.',
    en: 'If you are in danger, call the police now; in Korea that is 112. I can not make calls. Get to a safe place first.',
  },
  'companion.feeling.grief': {
    ko: '마음이 많이 아프시겠어요. 어떤 분이었는지, 괜찮으시면 들려주세요. | 얼마나 힘드실까요. 옆에서 듣고 있을게요.',
    en: 'I am so sorry. If you like, tell me about them. | That must hurt so much. I am here to listen.',
  },
  'companion.feeling.sad': {
    ko: '속상하셨겠어요. 무슨 일이 있었는지 들려주실래요? | 그랬군요. 그런 날은 마음이 무겁지요. 천천히 말씀하세요. | 마음이 아프네요. 제가 듣고 있을게요.',
    en: 'That sounds sad. Will you tell me what happened? | I see. Such days are heavy. Take your time. | I am sorry. I am listening.',
  },
  'companion.feeling.lonely': {
    ko: '외로우셨군요. 지금은 저랑 얘기해요. | 그럴 때가 있지요. 보고 싶은 사람이 있으세요?',
    en: 'You felt lonely. Now talk with me. | There are such times. Is there someone you miss?',
  },
  'companion.feeling.tired': {
    ko: '많이 지치셨군요. 오늘은 조금 쉬셔도 괜찮아요. | 고생 많으셨어요. 물 한 잔 드시고 잠깐 눈을 감아 보세요.',
    en: 'You are worn out. It is all right to rest today. | That was a lot. Have a glass of water and close your eyes for a moment.',
  },
  'companion.feeling.angry': {
    ko: '화나실 만해요. 무슨 일이었어요? | 정말 속상하셨겠어요. 여기서는 다 말씀하셔도 돼요.',
    en: 'No wonder you are angry. What happened? | That is really upsetting. Here you can say it all.',
  },
  'companion.feeling.afraid': {
    ko: '불안하셨겠어요. 숨을 천천히 한번 쉬어 볼까요? 뭐가 제일 걱정되세요? | 괜찮아요. 하나씩 얘기해 봐요. 무엇이 걱정되세요?',
    en: 'That is unsettling. Shall we take one slow breath? What worries you most? | It is all right. One thing at a time. What worries you?',
  },
  'companion.feeling.joy': {
    ko: '정말 잘됐네요! 저도 기뻐요. 어떻게 된 거예요? | 와, 좋은 소식이네요! 더 들려주세요. | 듣기만 해도 좋네요. 누구랑 그 기쁨을 나누셨어요?',
    en: 'That is wonderful! I am glad. How did it happen? | Oh, good news! Tell me more. | Lovely to hear. Who did you share it with?',
  },
  'companion.feeling.surprised': {
    ko: '깜짝 놀라셨겠어요. 무슨 일인데요? | 와, 정말요? 어떻게 된 거예요?',
    en: 'That must have been a surprise. What happened? | Oh, really? How come?',
  },
  'companion.feeling.bored': {
    ko: '심심하시군요. 옛날이야기 하나 해 드릴까요? | 그럴 땐 얘기가 최고죠. 이야기 하나 들려드릴까요?',
    en: 'You are bored. Shall I tell you a story? | Then talk is the best thing. Would you like a story?',
  },
  'companion.feeling.ill': {
    ko: '몸이 안 좋으시군요. 푹 쉬시고, 오래가면 병원에 꼭 가 보세요. | 아프시군요. 따뜻하게 하고 쉬세요. 많이 아프면 병원에 가셔야 해요.',
    en: 'You are not well. Please rest, and see a doctor if it stays. | That hurts. Keep warm and rest. If it gets bad, see a doctor.',
  },
  'companion.feeling.hungry': {
    ko: '배고프시군요. 뭐가 제일 드시고 싶으세요? | 밥부터 챙겨 드세요. 오늘은 뭐가 당기세요?',
    en: 'You are hungry. What would you like most? | Eat something first. What do you feel like?',
  },
  'companion.feeling.hot': {
    ko: '많이 더우시군요. 시원한 물 한 잔 드세요. | 덥지요. 그늘에서 잠깐 쉬세요.',
    en: 'That is hot. Have a glass of cool water. | Hot indeed. Rest in the shade for a while.',
  },
  'companion.feeling.cold': {
    ko: '많이 추우시군요. 따뜻한 차 한 잔 어떠세요? | 춥지요. 따뜻하게 입으세요.',
    en: 'That is cold. How about a cup of hot tea? | Cold indeed. Keep warm.',
  },
  'companion.feeling.relieved': {
    ko: '다행이에요. 마음이 좀 놓이네요. | 그렇다니 다행이에요. 계속 그랬으면 좋겠어요.',
    en: 'I am glad. That is a relief. | Good to hear. I hope it stays so.',
  },
} satisfies Messages;
