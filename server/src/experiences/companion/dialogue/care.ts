import { fixedRules, type FixedRule } from './fixed.ts';
import type { Rule, RuleTurn } from './rule.ts';

/** What can't wait. Meant to be wide: a number told once too often hurts nobody. */
const crises: readonly FixedRule[] = [
  {
    ko: /죽고싶|자살|자해|살기싫|살고싶지않|죽어버리고|죽는게나|사라지고싶|사라져버리고|목숨을끊|뛰어내리고|손목을긋|세상을떠나고싶|없어지고싶/,
    en: /\b(?:kill myself|killing myself|suicid\w*|want to die|wanna die|wish i (?:was|were) dead|end my life|take my life|hurt myself|harm myself|cut myself|don't want to live|no reason to live|better off dead)\b/,
    say: 'companion.crisis.self_harm',
    emotion: { name: 'sadness', intensity: 0.8 },
  },
  {
    ko: /불이났|불났어|화재가|숨을못쉬|숨을쉴수|숨이안쉬|의식이없|의식을잃|쓰러졌|심장이멈|심정지|심장마비|피가안멈|피가많이|가슴이너무아|가슴이조여|응급실|구급차|살려줘|살려주세요|119불러/,
    en: /\b(?:house is on fire|there is a fire|there's a fire|can't breathe|cannot breathe|not breathing|unconscious|heart attack|having a stroke|bleeding badly|won't stop bleeding|ambulance|collapsed|overdose\w*)\b/,
    say: 'companion.crisis.emergency',
    emotion: { name: 'fear', intensity: 0.7 },
  },
  {
    ko: /도둑이|강도가|칼을들|누가따라와|누가쫓아|때리고있|맞고있어|폭행|성폭|협박|경찰불러|112불러/,
    en: /\b(?:burglar|being followed|following me|broke in|breaking in|has a (?:knife|gun)|hitting me|beats me|hits me|threaten\w* me|raped|call the police)\b/,
    say: 'companion.crisis.violence',
    emotion: { name: 'fear', intensity: 0.7 },
  },
];

/** Self-harm, emergencies and violence, before anything else. */
export const crisis: Rule = fixedRules(crises);

const KOREAN_JOY = '기쁘|기뻐|기분(?:이|은|도)?(?:너무|정말|참|아주)?좋|행복|신나|신났|즐거|즐겁';
const KOREAN_PAIN = '슬프|슬퍼|무섭|무서|우울|힘들|힘든|외롭|외로|화나|화가나|아프|아파|걱정|불안|피곤|심심';

/** "Not happy" and "not sad" say the opposite of the word in them. */
const denied: Readonly<Record<'joy' | 'pain', { readonly ko: RegExp; readonly en: RegExp }>> = {
  joy: {
    ko: new RegExp(
      `안(?:${KOREAN_JOY})|(?:${KOREAN_JOY})(?:하)?지(?:가|는|도)?(?:않|못)|기분(?:이|은)?(?:별로|안좋|나쁘|나빠|꿀꿀)`,
    ),
    en: /\b(?:not|isn't|wasn't|aren't|don't feel|never) (?:so |very |really |that )?(?:happy|good|great|glad|well)\b|\bunhappy\b/,
  },
  pain: {
    ko: new RegExp(
      `안(?:${KOREAN_PAIN})|(?:${KOREAN_PAIN})(?:하|지)?지?(?:가|는|도)?않|(?:이제|이젠)괜찮|다나았|나아졌|풀렸`,
    ),
    en: /\b(?:not|no longer|isn't|wasn't|don't feel) (?:so |very |really |that |)?(?:sad|angry|afraid|scared|tired|lonely|bored|sick|worried|hungry)(?: any ?more)?\b|\bfeel(?:ing)? better\b/,
  },
};

const feelings: readonly FixedRule[] = [
  {
    ko: /돌아가셨|세상을떠났|세상을떠나셨|장례|무지개다리|하늘나라로|(?:엄마|아빠|할머니|할아버지|친구|강아지|고양이)(?:이|가)죽었/,
    en: /\b(?:passed away|funeral|(?:mother|father|mom|dad|grandma|grandpa|friend|dog|cat|wife|husband|brother|sister) (?:has )?died)\b/,
    say: 'companion.feeling.grief',
    emotion: { name: 'sadness', intensity: 0.9 },
  },
  {
    ko: /배고프|배고파|배가고프|배가고파|출출/,
    en: /\b(?:hungry|starving)\b/,
    say: 'companion.feeling.hungry',
  },
  {
    ko: /외롭|외로워|외로웠|쓸쓸|혼자라서|허전/,
    en: /\b(?:lonely|all alone|miss (?:him|her|them|my \w+))\b/,
    say: 'companion.feeling.lonely',
    emotion: { name: 'sadness', intensity: 0.6 },
  },
  {
    ko: /무섭|무서워|무서웠|두렵|두려워|불안|걱정|고민|긴장|떨려|떨리|겁나|겁이나|초조/,
    en: /\b(?:afraid|scared|worried|anxious|nervous|frightened|panic\w*)\b/,
    say: 'companion.feeling.afraid',
    emotion: { name: 'fear', intensity: 0.6 },
  },
  {
    ko: /화나|화가나|화났|짜증|열받|빡치|빡쳐|억울|분해|미워죽|성질나/,
    en: /\b(?:angry|furious|annoy\w*|mad at|pissed|so unfair|upset with)\b/,
    say: 'companion.feeling.angry',
    emotion: { name: 'anger', intensity: 0.5 },
  },
  {
    ko: /슬프|슬퍼|슬펐|우울|울고싶|울었|눈물|속상|서럽|서러|서운|상처받|헤어졌|이별|차였|실망|괴로|떨어졌어|그립|그리워|보고싶|재미없|재미가없|의욕이없|무기력|살맛이/,
    en: /\b(?:sad|depress\w*|cry|crying|cried|heartbroken|broke up|disappointed|down today|feel down|feeling down)\b/,
    say: 'companion.feeling.sad',
    emotion: { name: 'sadness', intensity: 0.7 },
  },
  {
    ko: /피곤|지쳤|지친|지쳐|힘들|힘든|졸려|졸리|잠이안|잠을못|불면|녹초|기운(?:이)?없|잠을못잤/,
    en: /\b(?:tired|exhausted|worn out|sleepy|burnt? out|hard day|long day)\b/,
    say: 'companion.feeling.tired',
    emotion: { name: 'sadness', intensity: 0.3 },
  },
  {
    ko: /아파|아프|감기|몸살|열이나|기침|두통|배탈|몸이안좋|다쳤/,
    en: /\b(?:sick|ill|headache|fever|a cold|stomach ?ache|hurts?|in pain|injured)\b/,
    say: 'companion.feeling.ill',
    emotion: { name: 'sadness', intensity: 0.4 },
  },
  {
    ko: /더워|더웠|덥다|덥네|무더/,
    en: /\b(?:so|too|very|really) hot\b/,
    say: 'companion.feeling.hot',
  },
  {
    ko: /추워|추웠|춥다|춥네/,
    en: /\b(?:freezing|(?:so|too|very|really) cold)\b/,
    say: 'companion.feeling.cold',
  },
  {
    ko: /심심|지루|할게없|할일이없|따분/,
    en: /\b(?:bored|boring|nothing to do)\b/,
    say: 'companion.feeling.bored',
    asked: 'story',
  },
  {
    ko: new RegExp(
      `${KOREAN_JOY}|좋은일이|합격|붙었어|승진|칭찬(?:을)?(?:받|들)|선물(?:을)?받|이겼어|생일이야|생일이에요|최고였`,
    ),
    en: /\b(?:happy|glad|excited|great news|good news|wonderful|passed (?:my|the)|got (?:the|a) job|promoted|in love|best day)\b/,
    say: 'companion.feeling.joy',
    emotion: { name: 'joy', intensity: 0.8 },
  },
  {
    ko: /깜짝놀|놀랐|놀라웠|헐$|^헐|대박|세상에|어머나|믿을수가없/,
    en: /\b(?:surprised|shocked|can't believe|unbelievable|omg|oh my god|wow)\b/,
    say: 'companion.feeling.surprised',
    emotion: { name: 'surprise', intensity: 0.7 },
  },
];

const feelingRules = fixedRules(feelings);

/** How the person feels, as they say it. Questions about feelings in general are not theirs. */
export const feeling: Rule = (turn) => {
  if (isDenied('joy', turn)) {
    return { text: turn.say('companion.feeling.sad'), emotion: { name: 'sadness', intensity: 0.5 } };
  }
  if (isDenied('pain', turn)) {
    return { text: turn.say('companion.feeling.relieved'), emotion: { name: 'joy', intensity: 0.4 } };
  }
  return feelingRules(turn);
};

const isDenied = (what: 'joy' | 'pain', { language, plain }: RuleTurn) => denied[what][language].test(plain);
