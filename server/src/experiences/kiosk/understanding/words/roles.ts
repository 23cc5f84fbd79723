/** What a word that is not on the menu does in an order. */
export type Role =
  /** 주세요, 할게요, please: wants what was named. */
  | 'want'
  /** 추가, 넣어: puts an ingredient in, or is the same as wanting. */
  | 'add'
  /** 빼, 없이: leaves an ingredient out, or takes an item off the order. */
  | 'remove'
  /** 뺀, 없는: leaves out of what follows. */
  | 'without'
  /** 바꿔, 변경 */
  | 'change'
  /** 말고, 대신 */
  | 'instead'
  /** 취소 */
  | 'cancel'
  /** 전부, 모두 */
  | 'all'
  /** 처음부터 */
  | 'restart'
  /** 더, another */
  | 'more'
  /** 씩, 각각 */
  | 'each'
  /** 같은 걸로 */
  | 'same'
  /** 랑, 하고, and */
  | 'and'
  /** 로, 으로 */
  | 'to'
  /** 은, 는, 을, 를, 요 */
  | 'particle'
  | 'yes'
  | 'no'
  /** actually, wait: what follows takes the place of what was said; answers nothing. */
  | 'correct'
  /** 잠깐만, 근데, 어디에, wait: whoever says it has not made up their mind, and agrees to nothing yet. */
  | 'hesitates'
  /** 주문할게요: wants what was named; with nothing named, wants to finish. */
  | 'order'
  /** 결제, 그게 다예요: wants to finish. */
  | 'finish'
  /** 됐어요, 없어요: finishes or refuses, by the question just asked. */
  | 'enough'
  /** 확인, 뭐 시켰: wants to hear the order. */
  | 'review'
  | 'staff'
  /** 불러, 호출 */
  | 'call'
  | 'repeat'
  | 'help'
  | 'price'
  /** 뭐 있어, 메뉴 */
  | 'what'
  /** 있어요, 돼요: asks whether it can be had. */
  | 'have'
  | 'popular'
  | 'contents'
  | 'allergy'
  | 'spicy'
  | 'dine-in'
  | 'dine-out'
  /** 소리, 볼륨: talk is of the voice. */
  | 'sound'
  | 'slower'
  | 'faster'
  | 'louder'
  | 'quieter'
  | 'korean'
  | 'english'
  | 'card'
  | 'cash'
  | 'mobile-pay'
  | 'greeting'
  | 'thanks'
  /** 많이, 적게: an amount that nobody can count. */
  | 'degree'
  /** 한두, 몇, some: a number that nobody can count. */
  | 'vague'
  /** 얼음, 샷: of a dish, and said with an amount or a verb; refused in words where the menu has no such choice. */
  | 'unoffered'
  /** 얼마예요, 있어요: ends a question; what follows is another sentence. */
  | 'asks'
  /** 남기고: what was named stays, where everything else goes. */
  | 'keep'
  /** 아니면, or: one of two, and it is not said which. */
  | 'or'
  /** 없으면: what follows is wanted only where what was named can't be had. */
  | 'unless'
  /** except: what follows stays, where everything else goes. */
  | 'except'
  /** 나머지: what no part was said for. */
  | 'rest'
  /** Says nothing of its own. */
  | 'filler';

/** Words by role; in a list, commas part the words and spaces are only for the eye. */
export type RoleWords = Readonly<Partial<Record<Role, string>>>;
