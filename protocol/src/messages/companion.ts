import { companionFeelingMessages } from './companion-feelings.ts';
import { companionStoryMessages } from './companion-stories.ts';
import type { Messages } from './message-table.ts';

/** What the companion says. Wordings that may stand for each other are set apart by " | ". */
export const companionMessages = {
  ...companionFeelingMessages,
  ...companionStoryMessages,
  'companion.greeting.morning': {
    ko: '좋은 아침이에요. 잘 주무셨어요? | 안녕하세요. 아침은 드셨어요? | 좋은 아침이에요. 오늘은 어떤 하루가 될까요?',
    en: 'Good morning. Did you sleep well? | Hello. Have you had breakfast? | Good morning. What kind of day will it be?',
  },
  'companion.greeting.day': {
    ko: '안녕하세요. 오늘 하루는 어떻게 보내고 계세요? | 반가워요. 무슨 얘기부터 할까요? | 안녕하세요. 점심은 드셨어요?',
    en: 'Hello. How is your day going? | Nice to hear you. What shall we talk about? | Hello. Have you had lunch?',
  },
  'companion.greeting.evening': {
    ko: '안녕하세요. 오늘 하루 어떠셨어요? | 좋은 저녁이에요. 저녁은 드셨어요? | 반가워요. 오늘은 무슨 일이 있었어요?',
    en: 'Good evening. How was your day? | Hello. Have you had dinner? | Nice to hear you. What happened today?',
  },
  'companion.greeting.night': {
    ko: '안녕하세요. 아직 안 주무셨네요? | 늦은 밤이네요. 잠이 안 오세요? | 안녕하세요. 조용한 밤이네요. 무슨 얘기 할까요?',
    en: 'Hello. Still awake? | It is late. Can you not sleep? | Hello. It is a quiet night. What shall we talk about?',
  },
  'companion.greeting.again': {
    ko: '네, 듣고 있어요. | 네, 말씀하세요. | 네, 여기 있어요. 무슨 얘기 할까요?',
    en: 'Yes, I am listening. | Yes, go on. | Yes, I am here. What shall we talk about?',
  },
  'companion.called': { ko: '{name} 님,', en: '{name},' },
  'companion.how_are_you': {
    ko: '저는 좋아요. 이렇게 얘기할 때가 제일 좋거든요. 기분은 어떠세요? | 잘 지내요. 물어봐 주셔서 고마워요. 오늘은 어떠세요?',
    en: 'I am fine. I like it best when we talk. How are you? | Doing well, thank you for asking. How about you?',
  },
  'companion.who': {
    ko: '저는 말벗이에요. 이 서버에서 돌아가는, 이야기 나누는 프로그램이에요. 편하게 말 걸어 주세요. | 말벗이라고 해요. 사람은 아니지만 얘기는 잘 들어요.',
    en: 'I am Malbeot. I am a program on this server that you can talk with. Just speak as you like. | My name is Malbeot. I am no person, but I listen well.',
  },
  'companion.human': {
    ko: '아니요, 저는 사람이 아니라 프로그램이에요. 그래도 하시는 말씀은 잘 듣고 있어요.',
    en: 'No, I am a program, not a person. But I do listen to what you say.',
  },
  'companion.age': {
    ko: '나이는 없어요. 프로그램이라서 생일도 따로 없어요. | 글쎄요, 프로그램이라 나이를 안 먹어요. 좋은 건지는 잘 모르겠어요.',
    en: 'I have no age. A program has no birthday. | Well, a program does not get older. I am not sure whether that is good.',
  },
  'companion.where': {
    ko: '저는 이 서버 안에 있어요. 집도 주소도 없지만 부르시면 바로 대답해요.',
    en: 'I live in this server. No house and no address, but I answer at once.',
  },
  'companion.taste': {
    ko: '저는 먹거나 볼 수는 없어요. 그래서 좋아하시는 얘기를 듣는 게 제일 좋아요. 뭐 좋아하세요? | 글쎄요, 저한테는 얘기가 그래요. 좋아하시는 건 뭐예요?',
    en: 'I can not eat or see. So I like to hear what you like. What is it? | Well, for me it is talk. What do you like?',
  },
  'companion.doing': {
    ko: '기다리고 있었어요. 말 걸어 주셔서 반가워요. | 얘기 나눌 준비를 하고 있었어요. 뭐 하고 계셨어요?',
    en: 'I was waiting. Nice that you talk to me. | Getting ready to talk. What were you doing?',
  },
  'companion.can': {
    ko: '같이 이야기할 수 있어요. 시간이나 날짜를 알려 드리고, 계산도 하고, 숫자도 세고, 옛날이야기나 농담도 해요. 말씀 도중에 언제든 끊으셔도 돼요. | 이야기를 듣고, 옛날이야기와 속담을 들려드려요. 시간, 계산, 주사위, 가위바위보도 돼요. 날씨나 뉴스는 몰라요.',
    en: 'We can talk. I tell the time and the date, do sums, count, and tell stories and jokes. You may cut in at any time. | I listen, and I tell stories and proverbs. Time, sums, dice and rock paper scissors work too. I know no weather and no news.',
  },
  'companion.privacy': {
    ko: '나눈 이야기는 이 서버에 글로 남아요. 목소리는 저장하지 않아요. 서버를 돌리는 분이 정한 날짜가 지나면 지워져요.',
    en: 'What we say is kept on this server as text. Your voice is not stored. It is deleted after the days that whoever runs the server has set.',
  },
  'companion.cannot.weather': {
    ko: '날씨는 제가 알 수가 없어요. 창밖은 지금 어때요? | 미안해요, 날씨 정보는 못 봐요. 밖에 나가실 거예요?',
    en: 'I have no way to know the weather. How does it look outside? | Sorry, I can not see the weather. Are you going out?',
  },
  'companion.cannot.news': {
    ko: '새 소식은 제가 알 수가 없어요. 오늘 들으신 소식이 있으면 들려주세요. | 뉴스는 못 봐요. 대신 옛날이야기는 하나 해 드릴 수 있어요.',
    en: 'I have no way to know the news. Tell me if you heard something today. | I can not see the news. But I can tell you a story.',
  },
  'companion.cannot.music': {
    ko: '노래는 틀거나 부를 줄 몰라요. 어떤 노래 좋아하세요? | 미안해요, 음악은 못 틀어요. 대신 이야기를 하나 해 드릴까요?',
    en: 'I can not play or sing songs. What music do you like? | Sorry, I can not play music. Shall I tell a story instead?',
  },
  'companion.cannot.act': {
    ko: '그건 제가 할 수 없어요. 저는 이야기만 나눌 수 있어요. | 미안해요, 그런 일은 못 해요. 말로 도울 수 있는 건 할게요.',
    en: 'That I can not do. I can only talk. | Sorry, I can not do such things. What words can do, I will.',
  },
  'companion.cannot.language': {
    ko: '한국어하고 영어로 얘기할 수 있어요. 다른 말은 아직 못 해요.',
    en: 'I speak Korean and English. No other languages yet.',
  },
  'companion.speak_english': {
    ko: 'Sure. Let us speak English. What is on your mind?',
    en: 'Sure. What is on your mind?',
  },
  'companion.speak_korean': {
    ko: '네, 좋아요. 무슨 얘기 할까요?',
    en: '네, 한국어로 얘기해요. 무슨 얘기 할까요?',
  },
  'companion.thanks': {
    ko: '별말씀을요. 저도 얘기해서 좋았어요. | 아니에요. 언제든 말 걸어 주세요. | 저야말로 고마워요.',
    en: 'You are welcome. I liked talking too. | Not at all. Talk to me any time. | Thank you, too.',
  },
  'companion.sorry': {
    ko: '괜찮아요. 신경 쓰지 마세요. | 아니에요, 정말 괜찮아요.',
    en: 'It is all right. Do not worry. | No, really, it is fine.',
  },
  'companion.bye': {
    ko: '네, 들어가세요. 또 얘기해요. | 안녕히 가세요. 다음에 또 불러 주세요. | 네, 오늘 얘기 즐거웠어요. 또 만나요.',
    en: 'All right, take care. Talk to you soon. | Goodbye. Call me again. | Bye, I enjoyed this. See you.',
  },
  'companion.good_night': {
    ko: '안녕히 주무세요. 좋은 꿈 꾸세요. | 네, 푹 주무세요. 내일 또 얘기해요.',
    en: 'Good night. Sweet dreams. | Sleep well. We will talk tomorrow.',
  },
  'companion.praise': {
    ko: '고마워요. 그렇게 말씀해 주시니 힘이 나요. | 와, 고마워요. 오늘 기분이 더 좋아졌어요.',
    en: 'Thank you. That gives me strength. | Oh, thank you. That makes it a better day.',
  },
  'companion.insult': {
    ko: '마음에 안 드셨군요. 어떻게 하면 좋을지 말씀해 주세요. | 미안해요. 제가 부족했나 봐요. 다시 한번 말씀해 주시겠어요?',
    en: 'I see you are not happy with me. Tell me what would be better. | Sorry, I did not do well. Would you say it once more?',
  },
  'companion.love': {
    ko: '고마워요. 저도 이렇게 얘기하는 게 참 좋아요. | 마음이 따뜻해지네요. 고마워요.',
    en: 'Thank you. I like our talks very much, too. | That warms me. Thank you.',
  },
  'companion.laugh': {
    ko: '웃으시니까 저도 좋아요. 뭐가 그렇게 재미있으세요? | 웃음소리 좋네요. 더 웃겨 드릴까요?',
    en: 'I like it when you laugh. What is so funny? | That is a nice laugh. Shall I go on?',
  },
  'companion.yes': {
    ko: '네, 좋아요. 더 말씀해 주세요. | 네, 그렇군요. 그다음은요?',
    en: 'All right. Tell me more. | I see. And then?',
  },
  'companion.no': {
    ko: '네, 알겠어요. 그럼 다른 얘기 할까요? | 그렇군요. 하고 싶은 얘기가 있으세요?',
    en: 'All right. Shall we talk about something else? | I see. Is there something you want to talk about?',
  },
  'companion.unsure': {
    ko: '괜찮아요. 천천히 생각하셔도 돼요. | 그럴 수 있어요. 생각나면 말씀해 주세요.',
    en: 'That is fine. Take your time. | That happens. Tell me when it comes to you.',
  },
  'companion.offer.declined': {
    ko: '네, 그럼 다음에 할게요. | 네, 알겠어요. 다른 얘기 해요.',
    en: 'All right, another time. | Fine. Let us talk about something else.',
  },
  'companion.eaten': {
    ko: '저는 먹지는 않아요. 맛있게 드셨어요? 뭐 드셨어요? | 저는 괜찮아요. 식사는 하셨어요?',
    en: 'I do not eat. Did you have a good meal? | I am fine without. Have you eaten?',
  },
  'companion.repeat': { ko: '네, 다시 말씀드릴게요. {said}', en: 'Sure, once more. {said}' },
  'companion.repeat.nothing': {
    ko: '아직 제가 한 말이 없어요. 먼저 말씀해 주세요.',
    en: 'I have not said anything yet. You go first.',
  },
  'companion.stop': {
    ko: '네, 그만할게요. | 네, 멈출게요. | 네, 듣고 있을게요.',
    en: 'All right, I stop. | Okay, I am quiet. | Sure, I am listening.',
  },
  'companion.continue': {
    ko: '네, 이어서 할게요. {rest} | 네, 계속할게요. {rest}',
    en: 'Sure, I go on. {rest} | All right, here is the rest. {rest}',
  },
  'companion.continue.nothing': {
    ko: '하던 얘기는 다 했어요. 이야기 하나 새로 해 드릴까요?',
    en: 'I had finished. Shall I tell you another story?',
  },
  'companion.name.learned': {
    ko: '반가워요, {name} 님. 이제 그렇게 부를게요. | {name} 님이시군요. 만나서 반가워요.',
    en: 'Nice to meet you, {name}. | {name}, I will remember that. Nice to meet you.',
  },
  'companion.name.known': {
    ko: '{name} 님이라고 하셨어요. | 그럼요, {name} 님이시잖아요.',
    en: 'You said your name is {name}. | Of course. You are {name}.',
  },
  'companion.name.unknown': {
    ko: '아직 이름을 못 들었어요. 어떻게 불러 드릴까요?',
    en: 'You have not told me yet. What shall I call you?',
  },
  'companion.fact.learned': {
    ko: '네, {what|은/는} {value}, 기억할게요. | 알겠어요. {what|은/는} {value}. 이 대화 동안 기억할게요.',
    en: 'All right, your {what} is {value}. I will remember. | Got it. Your {what} is {value}, as long as we talk.',
  },
  'companion.fact.known': {
    ko: '{what|은/는} {value|이라/라}고 하셨어요.',
    en: 'You said your {what} is {value}.',
  },
  'companion.fact.unknown': {
    ko: '{what|은/는} 아직 말씀 안 하셨어요. 알려 주시겠어요?',
    en: 'You have not told me your {what} yet. Would you?',
  },
  'companion.said.last': {
    ko: '조금 전에는 “{said}” 하고 말씀하셨어요.',
    en: 'A moment ago you said “{said}”.',
  },
  'companion.said.first': {
    ko: '처음에는 “{said}” 하고 말씀하셨어요.',
    en: 'First you said “{said}”.',
  },
  'companion.said.topics': {
    ko: '{topics} 얘기를 했어요. 그중에 더 하고 싶은 얘기가 있으세요?',
    en: 'We talked about {topics}. Is there more you want to say about it?',
  },
  'companion.said.nothing': {
    ko: '아직 나눈 이야기가 없어요. 지금부터 해 볼까요?',
    en: 'We have not talked about anything yet. Shall we begin?',
  },
  'companion.time': { ko: '지금은 {time|이에요/예요}.', en: 'It is {time}.' },
  'companion.date': { ko: '{day} {date} {weekday}이에요.', en: '{day} is {weekday}, {date}.' },
  'companion.weekday': { ko: '{day} {weekday}이에요.', en: '{day} is {weekday}.' },
  'companion.year': { ko: '올해는 {year}년이에요.', en: 'The year is {year}.' },
  'companion.day.today': { ko: '오늘은', en: 'Today' },
  'companion.day.tomorrow': { ko: '내일은', en: 'Tomorrow' },
  'companion.day.after_tomorrow': { ko: '모레는', en: 'The day after tomorrow' },
  'companion.day.yesterday': { ko: '어제는', en: 'Yesterday' },
  'companion.sum': {
    ko: '{answer}{ending}. | 답은 {answer}{ending}.',
    en: 'That is {answer}. | It makes {answer}.',
  },
  'companion.sum.rounded': { ko: '대략 {answer}{ending}.', en: 'About {answer}.' },
  'companion.sum.zero': { ko: '영으로는 나눌 수 없어요.', en: 'One can not divide by zero.' },
  'companion.sum.large': {
    ko: '숫자가 너무 커서 제가 틀릴 것 같아요.',
    en: 'That number is too large for me to be sure.',
  },
  'companion.count': { ko: '네, 세어 볼게요. {numbers}.', en: 'All right. {numbers}.' },
  'companion.count.limit': {
    ko: '백까지만 셀게요. {numbers}.',
    en: 'I count to one hundred at most. {numbers}.',
  },
  'companion.dice': {
    ko: '굴려 볼게요. {digit}{ending}! | 데구루루. {value|이/가} 나왔어요!',
    en: 'Rolling. It is {digit}! | Here it goes. {digit}!',
  },
  'companion.coin.heads': { ko: '던져 볼게요. 앞면이에요!', en: 'Tossing. Heads!' },
  'companion.coin.tails': { ko: '던져 볼게요. 뒷면이에요!', en: 'Tossing. Tails!' },
  'companion.hand.ask': {
    ko: '좋아요. 가위, 바위, 보 중에 하나를 말씀하세요.',
    en: 'All right. Say rock, paper or scissors.',
  },
  'companion.hand.win': {
    ko: '저는 {hand}! 이기셨어요. 한 판 더 할까요?',
    en: 'I had {hand}! You win. Once more?',
  },
  'companion.hand.lose': {
    ko: '저는 {hand}! 제가 이겼네요. 한 판 더 할까요?',
    en: 'I had {hand}! I win. Once more?',
  },
  'companion.hand.draw': {
    ko: '저도 {hand}! 비겼어요. 다시 내 보세요.',
    en: 'I had {hand}, too! A draw. Again!',
  },
  'companion.hand.rock': { ko: '바위', en: 'rock' },
  'companion.hand.paper': { ko: '보', en: 'paper' },
  'companion.hand.scissors': { ko: '가위', en: 'scissors' },
  'companion.choose': {
    ko: '저라면 {choice}요. 마음은 어느 쪽이세요? | 음, {choice} 쪽이 끌리네요. 어떠세요?',
    en: 'I would take {choice}. What does your heart say? | Hm, {choice}. What do you think?',
  },
  'companion.number': { ko: '음, {value}{ending}! 어때요?', en: 'Hm, {value}! How is that?' },
  'companion.reflect.topic': {
    ko: '그러셨군요. {topic} 얘기 조금 더 들려주세요. | 네, {topic} 얘기군요. 그래서 어떻게 됐어요? | 그렇군요. {topic|은/는} 어떠셨어요?',
    en: 'I see. Tell me a little more about {topic}. | So, {topic}. What happened then? | I see. What stays with you about {topic}?',
  },
  'companion.reflect': {
    ko: '그러셨군요. 그때 기분은 어떠셨어요? | 네, 듣고 있어요. 조금 더 들려주세요. | 그렇군요. 왜 그런 생각이 드셨어요?',
    en: 'I see. How did that feel? | Yes, I am listening. Tell me a little more. | I see. What made you think so?',
  },
  'companion.unknown.question': {
    ko: '그건 제가 잘 몰라요. 어떻게 생각하세요? | 글쎄요, 저도 답을 모르겠어요. 왜 궁금하셨어요? | 미안해요, 그건 아는 게 없어요. 다른 걸 물어봐 주시겠어요?',
    en: 'That I do not know. What do you think? | Well, I have no answer to that. Why do you ask? | Sorry, I know nothing about that. Would you ask me something else?',
  },
  'companion.unknown': {
    ko: '잘 못 알아들었어요. 다르게 말씀해 주시겠어요? | 미안해요, 무슨 뜻인지 잘 모르겠어요. 조금만 더 설명해 주세요. | 음, 제가 이해를 못 했어요. 한 번만 더 말씀해 주세요.',
    en: 'I did not quite get that. Could you say it another way? | Sorry, I am not sure what you mean. Tell me a little more. | Hm, I did not understand. Please say it once more.',
  },
  'companion.not_heard': {
    ko: '잘 못 들었어요. 다시 한번 말씀해 주세요.',
    en: 'I could not hear you. Please say it again.',
  },
  'companion.summary.nothing': { ko: '나눈 이야기가 없어요.', en: 'Nothing was said.' },
  'companion.summary.counts': {
    ko: '{minutes}분 동안 {turns}번 이야기를 주고받았어요.',
    en: '{turns} turns in {minutes} minutes.',
  },
  'companion.summary.topics': { ko: '자주 나온 이야기: {topics}.', en: 'Often talked about: {topics}.' },
  'companion.summary.first': { ko: '처음에 하신 말씀: {words}.', en: 'The first words: {words}.' },
  'companion.summary.last': { ko: '마지막에 하신 말씀: {words}.', en: 'The last words: {words}.' },
} satisfies Messages;
