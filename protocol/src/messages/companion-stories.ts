import type { Messages } from './message-table.ts';

/** What the companion tells: stories, jokes and proverbs. */
export const companionStoryMessages = {
  'companion.story.lamp': {
    ko: '네, 하나 해 드릴게요. 옛날 어느 바닷가 마을에 등대를 지키는 할아버지가 살았어요. 할아버지는 저녁마다 계단 백 개를 올라가 불을 켰어요. 어느 날 밤, 폭풍이 와서 등대의 불이 꺼지고 말았어요. 할아버지는 포기하지 않고 작은 등불 하나를 들고 창가에 섰어요. 팔이 아팠지만 해가 뜰 때까지 등불을 흔들었어요. 아침이 되자 작은 고깃배 한 척이 무사히 들어왔어요. 배에 탄 소년이 말했어요. 그 작은 불빛이 없었으면 집을 못 찾았을 거예요. 그 뒤로 소년은 저녁마다 할아버지와 함께 계단을 올랐답니다.',
    en: 'Sure, here is one. Once, in a village by the sea, an old man kept the lighthouse. Every evening he climbed a hundred steps and lit the lamp. One night a storm came and the great lamp went out. He did not give up, but stood at the window with a small lantern in his hand. His arm hurt, yet he waved the light until the sun came up. In the morning one little fishing boat came home safely. The boy in it said that he would never have found the way without that small light. From then on the boy climbed the steps with the old man every evening.',
  },
  'companion.story.persimmon': {
    ko: '좋아요, 들어 보세요. 옛날 산골에 욕심 많은 형과 마음씨 고운 동생이 살았어요. 마당에는 큰 감나무가 한 그루 있었어요. 형은 가을이면 감을 전부 따서 장에 내다 팔았어요. 동생은 높은 가지의 감 세 개를 꼭 남겨 두자고 했어요. 겨울에 배고픈 까치가 먹을 거라고요. 어느 해 봄, 벌레가 생겨서 마을 감나무가 모두 시들었어요. 그런데 이 집 감나무에는 까치들이 날아와 벌레를 다 잡아 주었어요. 그해 가을 온 마을에서 감이 열린 나무는 한 그루뿐이었어요. 형은 그제야 웃으면서, 올해는 열 개를 남기자고 했답니다.',
    en: 'All right, listen. Long ago a greedy brother and a kind brother lived in the mountains. A big persimmon tree stood in their yard. Every autumn the elder one picked all the fruit and sold it. The younger one asked him to leave three on the highest branch. They were for the magpies, who are hungry in winter. One spring, insects came and all the trees of the village withered. But to this tree the magpies came flying and ate every insect. That autumn it was the only tree that bore fruit. Then the elder brother laughed, and said that this year they would leave ten.',
  },
  'companion.story.star': {
    ko: '네, 짧은 이야기가 있어요. 밤하늘에 아주 작은 별 하나가 있었어요. 다른 별들이 너무 밝아서 아무도 작은 별을 보지 못했어요. 작은 별은 자기가 왜 빛나는지 알 수 없었어요. 그러던 어느 날, 잠이 안 오는 아이가 창문을 열었어요. 아이는 하늘 끝에서 조용히 반짝이는 작은 별을 찾아냈어요. 그리고 그 별에 자기만 아는 이름을 지어 주었어요. 그날부터 아이는 자기 전에 꼭 별에게 인사했어요. 작은 별은 이제 알아요. 단 한 사람이 봐 주어도 빛날 이유는 충분하다는 걸요.',
    en: 'Yes, I know a short one. There was a very small star in the night sky. The others were so bright that nobody ever saw it. The small star did not know why it shone at all. Then one night a child who could not sleep opened the window. Far down in the sky, the child found the small star, blinking quietly. And the child gave it a name that nobody else knew. From that day on the child said good night to the star before going to bed. Now the small star knows. If one person looks at you, that is reason enough to shine.',
  },
  'companion.joke.one': {
    ko: '이거 어때요? 세상에서 제일 뜨거운 바다가 어디일까요? 열바다예요. 웃으셨어요?',
    en: 'How about this? What do you call a bear without teeth? A gummy bear. Did you smile?',
  },
  'companion.joke.two': {
    ko: '하나 할게요. 소금의 유통기한은 언제까지일까요? 천일염이니까 천 일이에요. 좀 짰나요?',
    en: 'Here is one. Why did the scarecrow win a prize? He was outstanding in his field. Was it too old?',
  },
  'companion.joke.three': {
    ko: '음, 들어 보세요. 왕이 넘어지면 뭐라고 할까요? 킹콩이에요. 죄송해요, 이게 제일 좋은 거예요.',
    en: 'Well, listen. What do you call a fish with no eyes? A fsh. Sorry, that is my best one.',
  },
  'companion.joke.four': {
    ko: '준비됐어요? 딸기가 직장을 잃으면 뭐가 될까요? 딸기 시럽이에요. 하나 더 할까요?',
    en: 'Ready? Why can a bicycle not stand by itself? It is two tired. One more?',
  },
  'companion.proverb.one': {
    ko: '이런 말이 있어요. 천 리 길도 한 걸음부터. 큰일도 작은 시작에서 온다는 뜻이에요.',
    en: 'There is a saying. A journey of a thousand miles begins with a single step. Great things begin small.',
  },
  'companion.proverb.two': {
    ko: '이 말이 좋아요. 가는 말이 고와야 오는 말이 곱다. 먼저 곱게 말하면 고운 말이 돌아온다는 뜻이에요.',
    en: 'I like this one. If the words that go are kind, the words that come are kind. It is a Korean saying.',
  },
  'companion.proverb.three': {
    ko: '하나 들려드릴게요. 고생 끝에 낙이 온다. 힘든 날이 지나면 좋은 날이 온다는 뜻이에요.',
    en: 'Here is one. After hardship comes joy. Better days follow the hard ones.',
  },
} satisfies Messages;
