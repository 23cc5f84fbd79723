/**
 * Whether somebody who pauses has finished. `complete`: as people end what they say. `open`: in the middle ("…는데", "그리고", "음").
 * `unclear`: the words alone don't tell.
 */
export type TurnEnd = 'complete' | 'open' | 'unclear';
