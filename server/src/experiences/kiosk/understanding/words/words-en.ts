import type { RoleWords } from './roles.ts';

/** English words by what they do in an order. Every one is taken only as a whole word. */
export const englishWords: RoleWords = {
  want: "i only need, i only want, i just need, i just want, we only need, we only want, please, i'd like, i would like, i want, i'll have, i will have, i'll take, i will take, can i get, can i have, could i get, could i have, may i have, can we get, can we have, give me, get me, let me get, let me have, i need, we'd like, we want, like to order, i'd like to order, i want to order, order me, gimme, i'll get, i'll go with, we'll have, we'll take, we will have, may i get, could we have, could we get, can we have, could i please have, can i please have, can i please get, could i please get, i wanna, i wanna get, i would love, i'd love, let's have, let's do, let's get, lemme get, lemme have, put me down for, order, ordering, will have, wants, would like, get us, bring me, bring us, i'm going to have, i am going to have, i'm gonna have, make me, do me, go for, i'll try",
  add: 'add, extra, put in, plus extra, with extra, throw in, with an extra, on top, topped with, and add, also add, add on, put',
  remove:
    "remove, take off, take out the, delete, drop, get rid of, leave out, leave off, remove the, take away the, lose, lose the, without any, scratch the, forget the, minus the, no more, get rid of the, i don't want, i don't want the, don't want, don't want the, i do not want, i don't need, i don't need the, don't need, no longer want, take out, take it off, ditch, ditch the, off, off the, skip, skip the, take off the, drop the",
  without:
    'without, no, hold the, hold, minus, hold on the, no more, not any, skip, skip the, leave off, leave out, leave out the, leave off the, easy on the, hold off on',
  change:
    'change, switch, make it, make that, make them, swap, switch it to, change it to, make this, make mine, turn, upgrade, upgrade it, upgrade that, replace, exchange, swap out, change that, change it, switch that, switch it, make the, change the, switch the, swap the, replace the, make, turn it, turn that',
  instead: 'instead of, rather than, not, rather, not the, not a, in place of',
  cancel: 'cancel, forget, scratch, scrap, cancel the, cancel my, forget about, forget about the, call off',
  all: 'all, everything, the whole order, my order, the order, it all, whole order, all of it, whole thing, the whole thing, my whole order, the entire order, entire order, every thing, all my items, all items',
  restart:
    "start over, start again, restart, from the beginning, begin again, reset, new order, start all over, start from scratch, from scratch, let's start over, let me start over, begin anew, start fresh",
  more: 'a second, a third, a fourth, a second one, a third one, more, another, one more, again, additional, one more of, an additional, extra one, an extra one, another one, another one of, one additional',
  each: 'each, apiece, of each, each of, of each one, each please, each one',
  same: 'same, the same, same thing, same again, same one, another of the same, one more of the same, same as before, the same thing, the same again, same order, the usual again, same thing again, the same one',
  and: 'and, also, plus, along with, as well as, together with, then, and then, and also, next, followed by, as well',
  to: 'to, into, as',
  particle:
    "about, the, of, with, for, on, times, x, in, at, size, sized, my, me, us, some of, is, are, be, do, i, we, a bit, by, from, that's, it's, it is, this is, any, an order of, orders of, order of, cups of, cup of, bottle of, bottles of, glass of, glasses of, piece of, pieces of, can of, cans of, portion of, portions of, serving of, servings of, pack of, box of, plate of, side of, sides of, a side of, bag of, he, she, him, her, his, we, they, one's, ones, for me, for us, for him, for her, for my, for the",
  yes: "yes, yeah, yep, yup, ok, okay, sure, correct, right, that's right, that is right, exactly, sounds good, that's correct, looks good, fine, go ahead, of course, absolutely, alright, yes please, confirm, yea, yup please, that works, that's good, that's fine, perfect, great, good, right on, sure thing, uh huh, mm hmm, yes that's right, yes it is, i do, do it, place it, affirmative, correct yes",
  no: "no, nope, nah, no thanks, no thank you, wrong, incorrect, not that, never mind, nevermind, no no, not really, i don't, don't, do not, no way, not yet, no that's wrong, that's wrong, that's not right, that isn't right",
  hesitates:
    "wait, hold on, hang on, but, maybe, not yet, one moment, just a moment, just a second, one second, let me think, let me see, i'm not sure, not sure, where, how, why, when, later",
  order:
    "i'd like to order now, i want to order now, i would like to order now, ready to place my order, put the order in, put it through, send it through, order, place the order, place order, place my order, place the order please, submit, submit the order, i'm ready to order, ready to order, order it, order that, order now, place it now",
  finish:
    "that's all, that is all, that's it, that is it, that'll be all, that will be all, done, i'm done, i am done, finished, check out, checkout, pay, pay now, i'd like to pay, complete order, that's everything, that is everything, nothing else, finish, ready to pay, that's all for me, that's it for me, i'm all set, all set, that'll do, that will do, that'll do it, that should be it, that's the order, that's my order, i'm ready to pay, ready to check out, let's check out, the bill, bill please, pay please, can i pay, i want to pay, pay for it, pay for this, complete the order, finish my order, finish the order, wrap it up, i'm finished, we're done, we are done, nothing more, no that's all, no that's it",
  enough:
    "that's enough, that is enough, i'm good, i'm fine, all good, no more, nothing, none, no more thanks, we're good, not anymore, nothing more thanks",
  review:
    "what's in my order, what did i order, read my order, my cart, cart, review, so far, what do i have, what's on my order, what have i ordered, read it back, read back, read my order back, order so far, what's my order, what is my order, repeat my order",
  staff:
    'staff, employee, human, a person, real person, someone, cashier, manager, attendant, waiter, a human, help from a person, staff member, a staff member, the staff, an employee, crew, somebody, a worker, worker, clerk, server, a server, assistance, the manager, a cashier, a real person',
  call: 'call, talk to, speak to, speak with, talk with, get, bring, can i speak to, can i talk to, i need to talk to, get me, fetch, send',
  repeat:
    "repeat, say that again, say it again, pardon, what did you say, come again, repeat that, excuse me what, can you repeat, could you repeat, what was that, i didn't hear, didn't hear, i didn't catch, didn't catch that, say again, once more please, one more time",
  help: "help, help me, how does this work, how do i order, what can i say, instructions, i need help, can you help, how do i use, i don't understand, i'm confused, how to order",
  price:
    "how much, how much is, how much are, price, total, cost, what does it cost, how much does, costs, what's the price, what is the price, prices, how expensive, what's the total, what is the total, how much is it, how much would",
  what: "what do you have, what have you got, what's there, what is there, what kind of, which, menu, the menu, show me, what are, what kinds of, options, what, what's on the menu, what is on the menu, what sort of, what else, list, what can i get, see the menu, show the menu, show me the menu",
  have: 'do you have, have you got, is there, are there, do you sell, available, got any, have any, do you serve, do you guys have, do you carry, can i see, do you still have, got, are these, is this, do you offer, can you do, could you do, is it possible',
  popular:
    "popular, what's popular, what is popular, recommend, recommendation, recommendations, what do you recommend, best seller, best sellers, best, what's good, what is good, suggest, favorite, most popular, what should i get, what should i have, your best, top seller, bestseller, house special, specials, the special",
  contents:
    "what's in, what is in, ingredients, contain, contains, made of, in it, what does it contain, what comes with, what comes in, what's inside, is there any",
  allergy: 'allergy, allergies, allergen, allergens, allergic, nuts in, gluten, dairy free, lactose',
  spicy:
    'spicy, hot and spicy, how spicy, is it spicy, are they spicy, how hot is, not spicy, something spicy, spicy one, the spicy one',
  'dine-in':
    "for here, eat in, dine in, eating here, eat here, having it here, here please, stay in, to stay, eating in, dining in, we'll eat here, i'll eat here, for dine in, stay here, sit here, having it in",
  'dine-out':
    "to go, takeaway, take away, takeout, take out, carry out, take it away, for takeaway, for takeout, take it with me, takeaway please, it's to go, make it to go, bag it, packed, takeout please, carryout",
  slower:
    'slower, slow down, speak slower, more slowly, slowly, too fast, slow it down, talk slower, speak more slowly, speak slowly, too quickly, can you slow down',
  faster: 'faster, speed up, speak faster, too slow, more quickly',
  louder:
    "louder, speak up, volume up, turn up, turn it up, turn up the volume, too quiet, speak louder, talk louder, i can't hear you, can't hear you, can't hear, increase the volume, raise the volume, a bit louder, more volume",
  quieter:
    'quieter, softer, volume down, turn down, turn it down, turn down the volume, too loud, lower the volume, speak softer, speak quieter, less volume, decrease the volume',
  english: 'english, in english, english please, speak english',
  korean: 'korean, in korean, korean please, speak korean',
  card: 'card, by card, credit card, debit card, with card',
  cash: 'cash, with cash, in cash',
  'mobile-pay': 'kakao pay, naver pay, samsung pay, apple pay, google pay, coupon, voucher, gift card',
  greeting: 'hello, hi, hey, good morning, good afternoon, good evening',
  thanks: 'thanks, thank you, thank you very much, cheers',
  degree:
    'lots, lots of, little, light, a little, a lot, a lot of, plenty, plenty of, half and half, less, loads of, tons of, a ton of, a whole lot of, a good amount of, a bit of, heavy',
  vague:
    'some, few, a few, several, couple, a couple, couple of, a couple of, one or two, two or three, a bunch of, many, some of those, handful, a handful, a handful of, three or four, four or five, couple few, bunch, a number of, one or two, five or six, a pair or so, maybe two or three, couple more',
  filler:
    "enough, um, uh, er, well, i'll, so, just, actually, maybe, then please, sorry, excuse me, umm, uhh, oh, today, now, let me see, let me think, think, would, could, can, you, your, i think, like, there, here, too, either, kind, by, or, if, but, ma am, sir, have, want, we're, party of, a party of, party, for my class, changed my mind, i changed my mind, wife, husband, son, daughter, kid, kids, the kids, friend, boss, class, family, everyone, mother, father, mom, dad, will, would, that would be, let's, let's see, hmm, ah, okay so, alright so, right so, going, gonna, go, lastly, finally, after all, again please, quick, quickly, really, very, nice, good day, well then, also please, burger joint, as is, plain, this time, for now, meanwhile, perhaps, possibly, hungry, only, just only, leave, take, anymore, any longer, should, shall, must, instead, either, neither, both ways, guys, folks, man, mate, dude, buddy, today please, to start, to begin with, start with, to drink, to eat, on second thought, second thought, thought, mind, don't mind, anyway, basically, because, since, was, were, has, had, did, does, it's for, who, when, where, then also, ready, member, the usual, than, all right",
  correct:
    'actually, sorry, no wait, wait, i mean, i meant, sorry i mean, sorry i meant, scratch that, no sorry, correction, oh wait, hold on, make that, on second thought',
  unoffered:
    'ice, extra ice, shot, shots, extra shot, espresso shot, syrup, whipped cream, whip, cream, salt, sugar, pepper, ketchup, mustard, garlic, mushroom, mushrooms, jalapeno, jalapenos, avocado, relish, straw, straws, napkin, napkins, fork, spoon, decaf, soy milk, oat milk, almond milk, skim milk, low fat milk, sugar free, well done, medium rare, rare, extra spicy, less spicy, mild, not too spicy, lemon, honey, cinnamon, gravy, ranch, bbq sauce, hot sauce, dressing, cucumber, cucumbers, olives, ham, gluten free bun, extra hot, half sweet, less sweet, cut in half, toasted, refill, refills, extra large, gluten free',
  or: 'or, or else',
  except: 'except, except for, but, but not, apart from, besides, other than, excluding',
  rest: 'the other, the other one, the others, the rest, other one, rest of them, the rest of them',
  asks: "do you have, have you got, is there, are there, do you sell, how much, how much is, how much are, what's in, what is in, what do you have, available, do you serve, is it spicy, are they spicy, what does it cost",
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
  dozen: 12,
  'a dozen': 12,
  'one dozen': 12,
  'half a dozen': 6,
  'half dozen': 6,
  'a half dozen': 6,
  'two dozen': 24,
  'a single': 1,
  'a pair of': 2,
  pair: 2,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  'a hundred': 100,
  'one hundred': 100,
  'twenty three': 23,
  'twenty four': 24,
  'thirty five': 35,
  'twenty five': 25,
};

/** What recognisers write for a number; taken for one right before a name. */
export const misheardNumbers: Readonly<Record<string, number>> = {
  too: 2,
  to: 2,
  tu: 2,
  won: 1,
  tree: 3,
  for: 4,
  fore: 4,
  ate: 8,
};
