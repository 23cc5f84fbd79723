import type { RoleWords } from './roles.ts';

/** English words by what they do in an order. Every one is taken only as a whole word. */
export const englishWords: RoleWords = {
  want: "please, i'd like, i would like, i want, i'll have, i will have, i'll take, i will take, can i get, can i have, could i get, could i have, may i have, can we get, can we have, give me, get me, let me get, let me have, i need, we'd like, we want, like to order, i'd like to order, i want to order, order me",
  add: 'add, extra, put in, plus extra, with extra',
  remove: 'remove, take off, take out the, delete, drop, get rid of, leave out, leave off',
  without: 'without, no, hold the, hold, minus',
  change: 'change, switch, make it, make that, make them, swap',
  instead: 'instead of, rather than, not',
  cancel: 'cancel, forget, scratch, scrap',
  all: 'all, everything, the whole order, my order, the order, it all, whole order',
  restart: 'start over, start again, restart, from the beginning, begin again, reset, new order',
  more: 'more, another, one more, again, additional',
  each: 'each, apiece',
  that: 'that, it, that one, this, this one, the last one, last one, the last item, them, those',
  same: 'same, the same, same thing, same again',
  and: 'and, also, plus, along with, as well as, together with, then',
  to: 'to, into, as',
  particle:
    'the, of, with, for, on, in, at, size, sized, my, me, us, some of, is, are, be, do, i, we, a bit, one with',
  yes: "yes, yeah, yep, yup, ok, okay, sure, correct, right, that's right, that is right, exactly, sounds good, that's correct, looks good, fine, go ahead, of course, absolutely, alright, yes please, confirm",
  no: 'no, nope, nah, no thanks, no thank you, wrong, incorrect, not that, never mind, nevermind, no no',
  order: 'order, place the order, place order, place my order',
  finish:
    "that's all, that is all, that's it, that is it, that'll be all, that will be all, done, i'm done, i am done, finished, check out, checkout, pay, pay now, i'd like to pay, complete order, that's everything, nothing else, finish, ready to pay",
  enough: "i'm good, i'm fine, all good, no more, nothing, none",
  review:
    "what's in my order, what did i order, read my order, my cart, cart, review, so far, what do i have",
  staff:
    'staff, employee, human, a person, real person, someone, cashier, manager, attendant, waiter, a human, help from a person',
  call: 'call, talk to, speak to, speak with, talk with, get',
  repeat:
    'repeat, say that again, say it again, pardon, what did you say, come again, repeat that, excuse me what',
  help: 'help, help me, how does this work, how do i order, what can i say, instructions',
  price: 'how much, how much is, how much are, price, total, cost, what does it cost, how much does, costs',
  what: "what do you have, what have you got, what's there, what is there, what kind of, which, menu, the menu, show me, what are, what kinds of, options, what",
  have: 'do you have, have you got, is there, are there, do you sell, available, got any',
  popular:
    "popular, what's popular, what is popular, recommend, recommendation, recommendations, what do you recommend, best seller, best sellers, best, what's good, what is good, suggest, favorite",
  contents: "what's in, what is in, ingredients, contain, contains, made of, in it",
  allergy: 'allergy, allergies, allergen, allergens, allergic',
  spicy: 'spicy, hot and spicy, how spicy',
  'dine-in':
    'for here, eat in, dine in, eating here, eat here, having it here, here please, stay in, to stay',
  'dine-out':
    'to go, takeaway, take away, takeout, take out, carry out, take it away, for takeaway, for takeout',
  slower: 'slower, slow down, speak slower, more slowly, slowly, too fast',
  faster: 'faster, speed up, speak faster, too slow, more quickly',
  louder: 'louder, speak up, volume up, turn up, turn it up, turn up the volume, too quiet',
  quieter: 'quieter, softer, volume down, turn down, turn it down, turn down the volume, too loud',
  english: 'english, in english, english please, speak english',
  korean: 'korean, in korean, korean please, speak korean',
  card: 'card, by card, credit card, debit card, with card',
  cash: 'cash, with cash, in cash',
  'mobile-pay': 'kakao pay, naver pay, samsung pay, apple pay, google pay, coupon, voucher, gift card',
  greeting: 'hello, hi, hey, good morning, good afternoon, good evening',
  thanks: 'thanks, thank you, thank you very much, cheers',
  degree: 'lots, lots of, little, light, a little, a lot, a lot of, plenty, plenty of, half and half, less',
  vague:
    'some, few, a few, several, couple, a couple, couple of, a couple of, one or two, two or three, a bunch of, many',
  filler:
    'um, uh, er, well, so, just, actually, maybe, then please, sorry, excuse me, umm, uhh, oh, today, now, let me see, let me think, think, would, could, can, you, your, i think, like, there, here, too, either, kind, by, or, if, but, ma am, sir, have, want',
};

/** English numbers up to twenty, with the articles that mean one. */
export const englishNumbers: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  hundred: 100,
  'twenty one': 21,
  'twenty two': 22,
  'twenty five': 25,
};
